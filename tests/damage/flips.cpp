// Every flipped bit and every cut of three small checkpoints that TensorFlow wrote (golden/make.py): an Error, or the
// same contents; and when a restore throws, the program's values are what they were.
#include <cairn/bundle/reader.hpp>
#include <cairn/bundle/verify.hpp>

#include <doctest/doctest.h>

#include <cairn/checkpoint.hpp>
#include <cairn/testing/memory_file_system.hpp>

#include "damage/live.hpp"
#include "io/files.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace cairn;
using namespace cairn::test;

namespace {

struct Model {
  Variable<float, 3, 2> kernel;
  Variable<float, 2> bias;
};
struct State {
  Model model;
  std::vector<Variable<float, 2>> layers{Variable<float, 2>()};
  std::map<std::string, std::int64_t> table{{"three", 3}};
  std::vector<std::string> labels{"old"};
  std::int64_t step = 77;

  // All of it as text, to compare.
  [[nodiscard]] std::string shown() const {
    std::string text = std::to_string(step);
    const auto add = [&](auto span) {
      for (const auto each : span) text += ' ' + std::to_string(each);
      text += ';';
    };
    add(model.kernel.span());
    add(model.bias.span());
    for (const auto& layer : layers) add(layer.span());
    for (const auto& [name, value] : table) text += name + '=' + std::to_string(value) + ',';
    for (const std::string& label : labels) text += '"' + label + '"';
    return text;
  }
};

using Contents = std::vector<std::pair<std::string, AnyTensor>>;

// A golden checkpoint in memory, to be damaged.
class Golden {
 public:
  explicit Golden(const std::string& name) : is_object_based_(name == "object_based") {
    const std::string folder = std::string(CAIRN_SOURCE_ROOT) + "/tests/damage/golden/" + name;
    for (const std::string& file : io::native().list_directory(folder)) {
      names_.push_back(file);
      write_file(files_, file, read_file(io::native(), folder + "/" + file));
    }
    contents_ = read().value();
    restored_ = restore().value_or("");
    REQUIRE(verify("ckpt", files_).empty());
  }

  // damage(good bytes, try this): calls try_this(bad bytes) for every damage of every file.
  template <class Damage>
  void for_each(Damage damage) {
    for (const std::string& name : names_) {
      const std::string good = read_file(files_, name);
      damage(good, [&](const std::string& bad, std::size_t where) {
        put(name, bad);
        const auto found = read();
        if (found && *found != contents_) FAIL_CHECK(name << ", damaged at " << where << ", has other contents");
        if (is_object_based_) {
          const auto restored = restore();
          if (restored && *restored != restored_)
            FAIL_CHECK(name << ", damaged at " << where << ", restores other values: " << *restored);
        }
        if (verify("ckpt", files_).empty()) FAIL_CHECK(name << ", damaged at " << where << ", has no findings");
        ++tried_;
      });
      put(name, good);
    }
  }

  [[nodiscard]] std::size_t tried() const noexcept { return tried_; }

 private:
  void put(const std::string& name, const std::string& content) {
    files_.remove(name);
    write_file(files_, name, content);
  }

  std::optional<Contents> read() {
    try {
      const bundle::Reader reader("ckpt", files_);
      Contents found;
      for (const auto& item : reader.entries()) {
        const bool is_partitioned_text = item.second.dtype == DT_STRING && !item.second.slices.empty();
        if (!is_partitioned_text) found.emplace_back(item.first, reader.read(item.first));
      }
      return found;
    } catch (const Error& error) {
      CHECK_FALSE(error.file().empty());
      return std::nullopt;
    }
  }

  // The state after the restore; nullopt when it throws, and then nothing has changed.
  std::optional<std::string> restore() {
    State state;
    const std::string before = state.shown();
    try {
      Tracked<State>(state, files_).restore("ckpt").assert_consumed();
      return state.shown();
    } catch (const Error& error) {
      CHECK_FALSE(error.file().empty());
      CHECK(state.shown() == before);
      return std::nullopt;
    }
  }

  bool is_object_based_;
  cairn::testing::MemoryFileSystem files_;
  std::vector<std::string> names_;
  Contents contents_;
  std::string restored_;
  std::size_t tried_ = 0;
};

void flip_all(const std::string& name) {
  Golden golden(name);
  golden.for_each([](const std::string& good, auto try_this) {
    for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
      std::string bad = good;
      bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << (bit % 8)));
      try_this(bad, bit / 8);
    }
  });
  CHECK(golden.tried() > 1000);
}

void cut_all(const std::string& name) {
  Golden golden(name);
  golden.for_each([](const std::string& good, auto try_this) {
    for (std::size_t size = 0; size < good.size(); ++size) try_this(good.substr(0, size), size);
    for (std::size_t size = 1; size < good.size(); ++size) try_this(good.substr(size), size);
    try_this(good + '\0', good.size());
    try_this(good + good, good.size());
  });
  CHECK(golden.tried() > 100);
}

}  // namespace

TEST_CASE("no flipped bit of an object-based checkpoint is restored as something else") { flip_all("object_based"); }
TEST_CASE("no flipped bit of a name-based checkpoint with parts is read as something else") { flip_all("name_based"); }
TEST_CASE("no flipped bit of a checkpoint of two shards is read as something else") { flip_all("two_shards"); }
TEST_CASE("no cut or lengthened object-based checkpoint is restored as something else") { cut_all("object_based"); }
TEST_CASE("no cut or lengthened name-based checkpoint with parts is read as something else") { cut_all("name_based"); }
TEST_CASE("no cut or lengthened checkpoint of two shards is read as something else") { cut_all("two_shards"); }
