// A state saved into files and restored: all, part, into another process, over an old checkpoint, from damage.
#include <cairn/cereal.hpp>
#include <cairn/checkpoint/checkpoint.hpp>

#include <doctest/doctest.h>

#include <cairn/bundle/object_graph.hpp>
#include <cairn/bundle/reader.hpp>
#include <cairn/bundle/verify.hpp>
#include <cairn/checkpoint/manager.hpp>
#include <cairn/testing/faulty_file_system.hpp>

#include "checkpoint/states.hpp"
#include "support/scratch.hpp"

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

using namespace cairn;
using namespace cairn::test;
using namespace cairn::literals;

namespace {

// A class with cereal's serialize, among the rest.
class Counter {
 public:
  std::int64_t counts = 0;
  std::vector<std::string> names;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(counts), CEREAL_NVP(names));
  }
};
struct Layer {
  Variable<float, 2> kernel;
  bool trained = false;
};
template <std::int64_t large>
struct Training {
  Variable<float, dynamic> big{Shape{large}};
  std::vector<Layer> layers;
  std::map<std::string, Layer> named;
  std::optional<Layer> maybe;
  std::shared_ptr<Layer> shared, again;
  std::unique_ptr<Layer> unique;
  Counter counter;
  std::vector<bool> bits;
  std::string note;
  std::int64_t last = 0;
};
using Small = Training<4>;
using Large = Training<(std::int64_t{9} << 20) / 4>;

template <class T>
void fill(T& state, float with, std::size_t length) {
  std::fill_n(state.big.data(), state.big.size(), with);
  state.layers.assign(length, {{with, with}, true});
  state.named = {{std::to_string(length), {{with, with}, true}}};
  if (length % 2 == 0) {
    state.maybe = Layer{{with, 1}, false};
    state.shared = state.again = std::make_shared<Layer>();
  } else {
    state.unique = std::make_unique<Layer>();
  }
  state.counter.counts = static_cast<std::int64_t>(length);
  state.counter.names.assign(length, "name");
  state.bits.assign(length, true);
  state.note = std::string(length, 'n');
  state.last = static_cast<std::int64_t>(length);
}
// All that is saved of a state: its checkpoint's data file.
template <class T>
std::string picture(T& state) {
  cairn::testing::MemoryFileSystem files;
  CheckpointIn(files, state).write("p");
  return read_file(files, "p.data-00000-of-00001");
}

template <class T>
void require_unchanged_by(io::FileSystem& files, std::optional<ErrorCode> code, const RestoreOptions& options = {}) {
  T target;
  fill(target, 3, 3);
  const std::string before = picture(target);
  const Layer* const list = target.layers.data();
  const Layer* const unique = target.unique.get();
  CheckpointIn checkpoint(files, target);
  CHECK(code_of([&] { checkpoint.read("p", options).expect_partial(); }) == code);
  CHECK((picture(target) == before));
  CHECK(target.layers.data() == list);
  CHECK(target.unique.get() == unique);
  CHECK(code_of([&] { checkpoint.restore("p", options).expect_partial(); }) == code);
  CHECK((picture(target) == before));
}

}  // namespace

TEST_CASE_TEMPLATE("a state comes back whole, whatever was there before", T, Small, Large) {
  cairn::testing::MemoryFileSystem files;
  T source;
  fill(source, 2, 2);
  const std::string wanted = picture(source);
  const std::string path = CheckpointIn(files, source).save("d/ckpt");
  CHECK(path == "d/ckpt-1");
  for (const std::size_t length : {0u, 1u, 2u, 5u}) {
    T target;
    fill(target, 3, length);
    CheckpointIn checkpoint(files, target);
    for (int twice = 0; twice < 2; ++twice) CHECK_NOTHROW(checkpoint.restore(path).assert_consumed());
    CHECK((picture(target) == wanted));
    CHECK(target.shared == target.again);
    CHECK(target.unique == nullptr);
  }
}

TEST_CASE_TEMPLATE("a flipped byte in the last tensor, a missing or a cut shard change nothing", T, Small, Large) {
  cairn::testing::MemoryFileSystem files;
  T source;
  fill(source, 2, 2);
  CheckpointIn(files, source).write("p");
  const bundle::Reader reader("p", files);
  const auto& last = reader.lookup("last/.ATTRIBUTES/VARIABLE_VALUE");
  const std::string shard = "p.data-00000-of-00001";
  const std::string good = read_file(files, shard);
  change_file(files, shard, [&](std::string& text) { text[last.offset] ^= 1; });
  require_unchanged_by<T>(files, ErrorCode::data_loss);
  change_file(files, shard, [&](std::string& text) { text = good.substr(0, last.offset + 1); });
  require_unchanged_by<T>(files, ErrorCode::data_loss);
  files.remove(shard);
  require_unchanged_by<T>(files, ErrorCode::data_loss);
  write_file(files, shard, good);
  change_file(files, "p.index", [&](std::string& text) { text.resize(text.size() / 2); });
  require_unchanged_by<T>(files, ErrorCode::data_loss);
  files.remove("p.index");
  require_unchanged_by<T>(files, ErrorCode::not_found);
}

TEST_CASE("every byte of a data file that is flipped is found, and nothing changes") {
  cairn::testing::MemoryFileSystem files;
  Small source;
  fill(source, 2, 2);
  CheckpointIn(files, source).write("p");
  const std::string shard = "p.data-00000-of-00001";
  const std::size_t size = read_file(files, shard).size();
  Small target;
  fill(target, 3, 3);
  const std::string before = picture(target);
  for (std::size_t at = 0; at < size; at += 7) {
    CAPTURE(at);
    change_file(files, shard, [&](std::string& text) { text[at] ^= 0x10; });
    CheckpointIn checkpoint(files, target);
    CHECK(code_of([&] { checkpoint.read("p").expect_partial(); }) == ErrorCode::data_loss);
    change_file(files, shard, [&](std::string& text) { text[at] ^= 0x10; });
  }
  CHECK((picture(target) == before));
}

TEST_CASE("another dtype or shape late in the graph changes nothing before it") {
  struct Before {
    std::vector<Layer> layers = std::vector<Layer>(2);
    Counter counter{};
    Variable<float, 2> last;
  };
  struct OtherShape {
    std::vector<Layer> layers;
    Counter counter{};
    Variable<float, 3> last;
  };
  struct OtherDType {
    std::vector<Layer> layers;
    Counter counter{};
    Variable<double, 2> last;
  };
  cairn::testing::MemoryFileSystem files;
  Before source;
  source.counter.counts = 5;
  CheckpointIn(files, source).write("p");
  OtherShape shape;
  CHECK(code_of([&] { CheckpointIn(files, shape).read("p"); }) == ErrorCode::invalid_argument);
  CHECK(shape.layers.empty());
  CHECK(shape.counter.counts == 0);
  OtherDType dtype;
  CHECK(code_of([&] { CheckpointIn(files, dtype).read("p"); }) == ErrorCode::invalid_argument);
  CHECK(dtype.layers.empty());
  CHECK(dtype.counter.counts == 0);
  const auto status = CheckpointIn(files, dtype).read("p", {.on_mismatch = OnMismatch::skip});
  CHECK(status.mismatched().size() == 1);
  CHECK(dtype.layers.size() == 2);
  CHECK(dtype.counter.counts == 5);
}

TEST_CASE("any read that fails during a restore changes nothing") {
  cairn::testing::MemoryFileSystem below;
  Small source;
  fill(source, 2, 2);
  CheckpointIn(below, source).write("p");
  const auto restore = [&](cairn::testing::FaultyFileSystem& files, Small& target) {
    CheckpointIn checkpoint(files, target);
    checkpoint.restore("p").expect_partial();
  };
  Small any;
  cairn::testing::FaultyFileSystem counted(below);
  restore(counted, any);
  for (std::uint64_t at = 1; at <= counted.calls(); ++at) {
    CAPTURE(at);
    Small target;
    fill(target, 3, 3);
    const std::string before = picture(target);
    cairn::testing::FaultyFileSystem failing(below, {.at = at});
    CHECK_THROWS_AS(restore(failing, target), Error);
    CHECK((picture(target) == before));
  }
}

TEST_CASE("the next process, with more members or fewer, restores what both know") {
  struct Old {
    float a = 1;
    Layer b{{2, 3}, true};
  };
  struct New {
    float a = 0;
    std::string added = "new";
  };
  cairn::testing::MemoryFileSystem files;
  Old old;
  CheckpointIn(files, old).save("p");
  New now;
  CheckpointIn checkpoint(files, now);
  const LoadStatus status = checkpoint.restore("p-1");
  CHECK(now.a == 1);
  CHECK(now.added == "new");
  CHECK(status.only_in_checkpoint() == Names{"b.kernel", "b.trained"});
  CHECK(status.only_in_program() == Names{"added"});
}

TEST_CASE("writing over a prefix replaces it") {
  test::ScratchDirectory scratch;
  const bool is_windows = std::filesystem::path::preferred_separator == '\\';  // which has no "*" in names
  const auto prefix = scratch.path() / (is_windows ? "with space [and] {" : "with space [and] *") / "p";
  struct State {
    float value = 1;
    std::vector<float> list{1, 2};
  } state;
  Checkpoint checkpoint{state};
  for (int i = 0; i < 3; ++i) {
    state.value = static_cast<float>(i);
    state.list.assign(static_cast<std::size_t>(i), 5.f);
    CHECK(checkpoint.write(prefix) == prefix.generic_string());
  }
  state = {9, {}};
  checkpoint.read(prefix.generic_string()).assert_consumed();
  CHECK(state.value == 2);
  CHECK(state.list.size() == 2);
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(prefix.parent_path())) ++files;
  CHECK(files == 2);
}

TEST_CASE("named objects are saved in the order of their names, whatever the order of arguments") {
  cairn::testing::MemoryFileSystem files;
  float zeta = 1, alpha = 2;
  CheckpointIn(files, "zeta"_a = zeta, "alpha"_a = alpha).write("p");
  const auto graph = bundle::read_object_graph(bundle::Reader("p", files));
  CHECK(graph[0].children[0].local_name == "alpha");
  CHECK(graph[0].children[1].local_name == "zeta");
}

TEST_CASE("a struct as the root has an edge root to itself, unless a member is called so") {
  struct HasRoot {
    float root = 3;
    float beside = 4;
  };
  cairn::testing::MemoryFileSystem files;
  HasRoot source;
  CheckpointIn(files, source).write("p");
  HasRoot target{0, 0};
  CHECK_NOTHROW(CheckpointIn(files, target).read("p").assert_consumed());
  CHECK(target.root == 3);
  Layer layer;
  CheckpointIn(files, layer).write("q");
  const auto graph = bundle::read_object_graph(bundle::Reader("q", files));
  CHECK(graph[0].children.back() == ObjectReference{0, "root"});
}

TEST_CASE("a named object beside a member of the same name is refused") {
  cairn::testing::MemoryFileSystem files;
  Layer layer;
  float other = 0;
  CHECK(code_of([&] { CheckpointIn(files, cairn::checkpoint::detail::RootOf<Layer>{layer}, "trained"_a = other); }) ==
        ErrorCode::already_exists);
}

TEST_CASE("a class with serialize may be the root: it and what is beside it come back") {
  cairn::testing::MemoryFileSystem files;
  Counter source;
  source.counts = 4;
  float beside = 5;
  CheckpointIn saver(files, cairn::checkpoint::detail::RootOf<Counter>{source}, "beside"_a = beside);
  saver.save("p");
  saver.save("p");
  Counter target;
  beside = 0;
  CheckpointIn checkpoint(files, cairn::checkpoint::detail::RootOf<Counter>{target}, "beside"_a = beside);
  CHECK_NOTHROW(checkpoint.restore("p-2").assert_consumed());
  CHECK(target.counts == 4);
  CHECK(beside == 5);
  CHECK(checkpoint.save_counter() == 2);
}

TEST_CASE("no file stays open after a restore that found everything, nor after many that found part") {
  const auto open_files = [] {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) ++count;
    return count;
  };
  if (!std::filesystem::exists("/proc/self/fd")) return;
  test::ScratchDirectory scratch;
  const std::string prefix = (scratch.path() / "p").generic_string();
  float a = 1, b = 2;
  Checkpoint both{"a"_a = a, "b"_a = b};
  (void)both.write(prefix);
  const std::size_t before = open_files();
  both.read(prefix).assert_consumed();
  CHECK(open_files() == before);
  Checkpoint part{"a"_a = a};
  for (int i = 0; i < 50; ++i) part.read(prefix).expect_partial();
  CHECK(open_files() <= before + 1);
  b = 0;
  part.track("b", b);
  CHECK(b == 2);
  CHECK(open_files() == before);
}

TEST_CASE("what is no checkpoint is refused in a sentence with the way out") {
  test::ScratchDirectory scratch;
  float a = 1;
  Checkpoint checkpoint{"a"_a = a};
  const auto restore = [&](const std::string& path) { checkpoint.restore(path).expect_partial(); };
  CHECK(code_of([&] { restore((scratch.path() / "none-1").generic_string()); }) == ErrorCode::not_found);
  CHECK(code_of([&] { restore(scratch.path().generic_string()); }) == ErrorCode::not_found);
  CHECK(sentence_of([&] {
          restore(scratch.path().generic_string());
        }).find("save one, or give a checkpoint's own path") != std::string::npos);
  CHECK(code_of([&] { restore(""); }) == ErrorCode::not_found);
  const std::string path = checkpoint.save(scratch.path() / "ckpt");
  a = 0;
  restore(path + ".index");  // TensorFlow finds nothing in it; we know what is meant
  CHECK(a == 1);
}

TEST_CASE("a directory means its latest checkpoint, for a restore, a read, a manager, a bundle's reader and verify") {
  test::ScratchDirectory scratch;
  float a = 1;
  Checkpoint checkpoint{"a"_a = a};
  CheckpointManager manager{checkpoint, scratch.path()};
  manager.save();
  a = 2;
  const std::string latest = *manager.save();
  const auto restored = [&](auto restore) {
    a = 0;
    restore().assert_existing_objects_matched();
    return a;
  };
  CHECK(restored([&] { return checkpoint.restore(scratch.path()); }) == 2);
  CHECK(restored([&] { return checkpoint.read(scratch.path().generic_string() + "/"); }) == 2);
  CHECK(restored([&] { return manager.restore(scratch.path()); }) == 2);
  CHECK(bundle::Reader(scratch.path()).prefix() == latest);
  CHECK(verify(scratch.path()).empty());

  bundle::remove_checkpoint(latest);
  CHECK(code_of([&] { checkpoint.restore(scratch.path()).expect_partial(); }) == ErrorCode::not_found);
  const std::string sentence = sentence_of([&] { checkpoint.restore(scratch.path()).expect_partial(); });
  CHECK(sentence.find("names \"ckpt-2\" as the latest checkpoint, which is not there") != std::string::npos);
  checkpoint.write(scratch.path());  // a checkpoint of the directory's own name comes first
  a = 0;
  checkpoint.read(scratch.path()).assert_consumed();
  CHECK(a == 2);
  bundle::remove_checkpoint(scratch.path());
}

TEST_CASE("a path that ends without a name is refused, and nothing is written") {
  cairn::testing::MemoryFileSystem files;
  float a = 1;
  CheckpointIn checkpoint(files, "a"_a = a);
  for (const char* const path : {"", ".", "..", "d/", "d/."}) {
    CAPTURE(path);
    CHECK(code_of([&] { (void)checkpoint.save(path); }) == ErrorCode::invalid_argument);
    CHECK(code_of([&] { (void)checkpoint.write(path); }) == ErrorCode::invalid_argument);
  }
  CHECK(
      sentence_of([&] { (void)checkpoint.save("d/"); })
          .starts_with("the path \"d/\" has no name at its end, which the checkpoint's files could be called by; give "
                       "one, as in \"d/ckpt\""));
  CHECK(files.list_directory(".").empty());
  CHECK(checkpoint.save("d/ckpt") == "d/ckpt-1");
  CHECK(code_of([&] { CheckpointManager<CheckpointIn>{checkpoint, "d", {.checkpoint_name = ""}}; }) ==
        ErrorCode::invalid_argument);
}

namespace {

struct OwnedModel {
  Variable<float, 4> w;
  std::int64_t step = 0;
};
class Trainer {
 public:
  explicit Trainer(const std::string& directory) : manager_(checkpoint_, directory, {.max_to_keep = 2}) {}
  std::optional<std::string> go() {
    ++model_.step;
    return manager_.save();
  }
  void restore() { manager_.restore_or_initialize(); }
  [[nodiscard]] std::int64_t step() const { return model_.step; }

 private:
  OwnedModel model_;
  CheckpointOf<OwnedModel> checkpoint_{model_};
  CheckpointManager<CheckpointOf<OwnedModel>> manager_;
};

}  // namespace

TEST_CASE("a class owns a model, its checkpoint and its manager, and says so when it was moved") {
  const ScratchDirectory scratch;
  const std::string directory = (scratch.path() / "d").generic_string();
  Trainer trainer(directory);
  CHECK(trainer.go() == directory + "/ckpt-1");
  Trainer moved = std::move(trainer);
  CHECK(sentence_of([&] {
          (void)moved.go();
        }).starts_with("the Checkpoint of the CheckpointManager of \"" + directory + "\" has been moved"));
  CHECK(code_of([&] { moved.restore(); }) == ErrorCode::failed_precondition);
}
