// A manager whose checkpoints are cereal's archives: the same numbers, retention, publication and promises.
#include <cairn/cereal/format.hpp>

#include <doctest/doctest.h>

#include <cairn/checkpoint/manager.hpp>
#include <cairn/json.hpp>
#include <cairn/testing/faulty_file_system.hpp>

#include "checkpoint/states.hpp"
#include "support/scratch.hpp"

#include <cereal/archives/portable_binary.hpp>
#include <cereal/archives/xml.hpp>
#include <cereal/types/list.hpp>
#include <cereal/types/map.hpp>
#include <cereal/types/memory.hpp>
#include <cereal/types/optional.hpp>
#include <cereal/types/tuple.hpp>
#include <cereal/types/variant.hpp>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <tuple>
#include <variant>

using namespace cairn;
using namespace cairn::test;
using namespace cairn::literals;

namespace {

using Portable = format::Cereal<cereal::PortableBinaryOutputArchive, cereal::PortableBinaryInputArchive>;
using Xml = format::Cereal<cereal::XMLOutputArchive, cereal::XMLInputArchive>;

struct Layer {
  Variable<float, 2, 2> kernel;
  std::vector<double> losses;
};
struct Model {
  std::vector<Layer> layers{Layer{}, Layer{}};
  std::string name = "none";
  std::map<std::string, std::int64_t> counts;
};

// Of plain structs that hold no Variable.
struct Run {
  int epochs = 1;
  double rate = 0.5;
};
struct Journal {
  Run last;
  std::vector<Run> runs;
  std::list<Run> best;
  std::map<std::string, std::vector<Run>> by_name;
  std::map<int, Run> by_number;
  std::unique_ptr<Run> owned;
  std::optional<Run> maybe;
  std::variant<int, Run> either;
  std::tuple<Run, std::string> both;
  half small;
  Variable<bfloat16, 2> smaller;
};
// With a serialize of its author's.
struct Words {
  std::string text;
};
template <class Archive>
void serialize(Archive& archive, Words& words) {
  archive(cereal::make_nvp("words", words.text));
}

// What a Checkpoint shares with a manager, over any files.
class Tracked {
 public:
  Tracked(io::FileSystem& files, Model& model, std::int64_t& step)
      : children_("model"_a = model, "step"_a = step),
        state_(cairn::core::detail::make_shared<cairn::checkpoint::detail::TrackedState>(
            cairn::checkpoint::detail::make_root("model"_a = model, "step"_a = step), files)) {}
  LoadStatus restore(const std::optional<std::string>&, const RestoreOptions&) { return {}; }
  [[nodiscard]] std::int64_t save_counter() { return state_->save_counter(); }

 private:
  friend cairn::checkpoint::detail::CheckpointAccess;

  std::tuple<Named<"model", Model>, Named<"step", std::int64_t>> children_;
  cairn::core::detail::Shared<cairn::checkpoint::detail::TrackedState> state_;
};

struct World {
  explicit World(io::FileSystem& files) : checkpoint(files, model, step) {}
  void become(std::int64_t now) {
    step = now;
    model.layers.assign(static_cast<std::size_t>(now), Layer{});
    for (Layer& layer : model.layers) {
      layer.kernel(1, 0) = static_cast<float>(now);
      layer.losses.assign(3, static_cast<double>(now) / 3);
    }
    model.name = "step " + std::to_string(now);
    model.counts = {{"a", now}, {"b c", -now}};
  }
  [[nodiscard]] bool is(std::int64_t now) const {
    bool right = step == now && model.name == "step " + std::to_string(now) && model.counts.at("b c") == -now &&
                 model.layers.size() == static_cast<std::size_t>(now);
    for (const Layer& layer : model.layers)
      right = right && layer.kernel(1, 0) == static_cast<float>(now) && layer.losses[2] == static_cast<double>(now) / 3;
    return right;
  }
  Model model;
  std::int64_t step = 0;
  Tracked checkpoint;
};

CheckpointManagerOptions two_kept() {
  return {.max_to_keep = 2, .clock = [now = 1.0]() mutable { return now += 1; }};
}

}  // namespace

TEST_CASE_TEMPLATE("the manager numbers, keeps and restores archives as it does bundles", Format, format::Json, Xml,
                   Portable) {
  const std::string end(Format::extension);
  cairn::testing::MemoryFileSystem files;
  {
    World world(files);
    CheckpointManager<Tracked, Format> manager(world.checkpoint, "d", two_kept());
    CHECK(manager.restore_or_initialize() == std::nullopt);
    for (std::int64_t i = 1; i <= 3; ++i) {
      world.become(i);
      CHECK(manager.save({.enable_async = i == 3}) == "d/ckpt-" + std::to_string(i));
    }
    world.become(9);
    manager.sync();
  }
  CHECK(files.list_directory("d") == Names{"checkpoint", "ckpt-2" + end, "ckpt-3" + end});
  World world(files);
  CheckpointManager<Tracked, Format> manager(world.checkpoint, "d", two_kept());
  CHECK(manager.checkpoints() == Names{"d/ckpt-2", "d/ckpt-3"});
  manager.restore().assert_consumed();
  CHECK(world.is(3));
  CHECK(world.checkpoint.save_counter() == 3);
  CHECK(manager.save() == "d/ckpt-4");
  (void)manager.restore("d/ckpt-3");
  CHECK(world.is(3));
  world.become(9);
  (void)manager.restore("d");  // the latest, which has the same values
  CHECK(world.is(3));
  CHECK(code_of([&] { (void)manager.restore("d/ckpt-7"); }) == ErrorCode::not_found);
}

TEST_CASE_TEMPLATE("an archive with any byte changed, cut or added is an Error, and nothing that is tracked changes",
                   Format, format::Json, Xml, Portable) {
  const std::string file = "d/ckpt-1" + std::string(Format::extension);
  cairn::testing::MemoryFileSystem files;
  World world(files);
  CheckpointManager<Tracked, Format> manager(world.checkpoint, "d", two_kept());
  world.become(1);
  manager.save();
  world.become(5);
  const std::string whole = read_file(files, file);
  const auto is_refused = [&](const std::string& text) {
    files.remove(file);
    write_file(files, file, text);
    return code_of([&] { (void)manager.restore(); }) == ErrorCode::data_loss && world.is(5);
  };
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string changed = whole;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    CHECK(is_refused(changed));
    CHECK(is_refused(whole.substr(0, i)));
  }
  CHECK(is_refused(whole + "\n"));
  // With a right checksum, but of something else.
  for (const std::string text : {"", "{", "nonsense", "{\"save_counter\": 1, \"model\": 3}"})
    CHECK(is_refused(text + cairn::checkpoint::detail::archive_seal(text)));
  const std::string half = whole.substr(0, whole.size() / 2);
  CHECK(is_refused(half + cairn::checkpoint::detail::archive_seal(half)));
}

TEST_CASE("an archive's save that is killed or fails at any call keeps what was there, and the next one cleans up") {
  const auto run = [](io::FileSystem& files, std::int64_t first, std::int64_t saves, std::int64_t& returned) {
    World world(files);
    CheckpointManager<Tracked, format::Json> manager(world.checkpoint, "d", {.max_to_keep = 1});
    manager.restore_or_initialize();
    for (std::int64_t i = first; i < first + saves; ++i) {
      world.become(i);
      manager.save();
      returned = i;
    }
  };
  std::int64_t returned = 0;
  cairn::testing::MemoryFileSystem counted;
  run(counted, 1, 1, returned);
  cairn::testing::FaultyFileSystem counting(counted);
  run(counting, 2, 2, returned);
  for (const cairn::testing::Fault kind : {cairn::testing::Fault::stop_before, cairn::testing::Fault::stop_after,
                                           cairn::testing::Fault::stop_torn, cairn::testing::Fault::error})
    for (std::uint64_t at = 1; at <= counting.calls(); ++at) {
      CAPTURE(at);
      cairn::testing::MemoryFileSystem files;
      run(files, 1, 1, returned);
      {
        cairn::testing::FaultyFileSystem faulty(files, {.at = at, .kind = kind, .number = ENOSPC});
        (void)code_of([&] { run(faulty, 2, 2, returned); });
      }
      if (kind != cairn::testing::Fault::error) files.cut_power();
      World world(files);
      CheckpointManager<Tracked, format::Json> manager(world.checkpoint, "d", {.max_to_keep = 1});
      REQUIRE(manager.restore_or_initialize());
      CHECK(world.is(world.step));
      CHECK((world.step == returned || world.step == returned + 1));
      CHECK_NOTHROW(manager.save());
    }
}

TEST_CASE("a Checkpoint of a struct, and fall_back, with archives") {
  const ScratchDirectory scratch;
  const std::string directory = (scratch.path() / "d").string();
  Model model;
  model.name = "first";
  Checkpoint checkpoint{model};
  CheckpointManager<decltype(checkpoint), format::Json> manager{checkpoint, directory, {.fall_back = true}};
  manager.save();
  model.name = "second";
  manager.save();
  std::filesystem::resize_file(directory + "/ckpt-2.json", 20);
  CHECK(manager.restore_or_initialize() == directory + "/ckpt-1");
  CHECK(model.name == "first");
  CHECK(manager.fall_back_report().damaged[0].code == ErrorCode::data_loss);
}

TEST_CASE("a path that is a directory means its latest archive, and one without any is an Error that says so") {
  const ScratchDirectory scratch;
  const std::string directory = (scratch.path() / "d").string(), empty = (scratch.path() / "empty").string();
  std::filesystem::create_directory(empty);
  Model model;
  model.name = "first";
  Checkpoint checkpoint{model};
  CheckpointManager<decltype(checkpoint), format::Json> manager{checkpoint, directory};
  manager.save();
  model.name = "changed";
  const Error error = error_of([&] { return manager.restore(empty); });
  CHECK(error.code() == ErrorCode::not_found);
  CHECK(contains(error.what(), "\"" + empty + "\""));
  CHECK(model.name == "changed");
  manager.restore(directory).expect_partial();
  CHECK(model.name == "first");
}

TEST_CASE_TEMPLATE("plain structs in containers need no Variable and no serialize to be archived", Format, format::Json,
                   Xml, Portable) {
  const ScratchDirectory scratch;
  Journal written;
  written.last = {2, 0.25};
  written.runs = {{3, 0.125}, {4, 1}};
  written.best = {{5, 2}};
  written.by_name["a"] = {{6, 3}, {7, 4}};
  written.by_number[8] = {9, 5};
  written.owned = std::make_unique<Run>(Run{10, 6});
  written.maybe = Run{11, 7};
  written.either = Run{12, 8};
  written.both = {{13, 9}, "words"};
  written.small = half(1.5f);
  written.smaller[1] = bfloat16(-2.5f);
  Checkpoint saved{written};
  CheckpointManager<decltype(saved), Format>{saved, scratch.path()}.save();

  Journal read;
  Checkpoint restored{read};
  CheckpointManager<decltype(restored), Format>{restored, scratch.path()}.restore_or_initialize();
  CHECK(read.last.epochs == 2);
  REQUIRE(read.runs.size() == 2);
  CHECK(read.runs[1].epochs == 4);
  REQUIRE(read.best.size() == 1);
  CHECK(read.best.front().rate == 2);
  REQUIRE(read.by_name["a"].size() == 2);
  CHECK(read.by_name["a"][1].rate == 4);
  CHECK(read.by_number[8].epochs == 9);
  REQUIRE(read.owned != nullptr);
  CHECK(read.owned->epochs == 10);
  REQUIRE(read.maybe.has_value());
  CHECK(read.maybe->rate == 7);
  REQUIRE(read.either.index() == 1);
  CHECK(std::get<1>(read.either).epochs == 12);
  CHECK(std::get<0>(read.both).rate == 9);
  CHECK(std::get<1>(read.both) == "words");
  CHECK(static_cast<float>(read.small) == 1.5f);
  CHECK(static_cast<float>(read.smaller[1]) == -2.5f);
}

TEST_CASE("a plain struct whose author wrote a serialize is archived by that") {
  const ScratchDirectory scratch;
  std::vector<Words> names{{"a word"}};
  Checkpoint checkpoint{"names"_a = names};
  const std::optional<std::string> path =
      CheckpointManager<decltype(checkpoint), format::Json>{checkpoint, scratch.path()}.save();
  std::ifstream file(path.value() + ".json");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  CHECK(text.find("\"words\": \"a word\"") != std::string::npos);
}

TEST_CASE("a directory of another format has a latest checkpoint, which readers of TensorFlow's name as what it is") {
  const ScratchDirectory scratch;
  const std::string directory = (scratch.path() / "d").string();
  World world(io::native());
  {
    CheckpointManager<Tracked, format::Json> manager(world.checkpoint, directory, two_kept());
    CHECK(latest_checkpoint(directory) == std::nullopt);
    world.become(1);
    manager.save();
    world.become(2);
    manager.save();
  }
  const std::string latest = directory + "/ckpt-2";
  CHECK(latest_checkpoint(directory) == latest);
  for (const std::string& path : {directory, latest}) {
    CHECK(sentence_of([&] { (void)bundle::find_checkpoint(path); })
              .starts_with("the checkpoint \"" + latest +
                           ".json\" is of a CheckpointManager with another format than TensorFlow's"));
  }
  std::filesystem::remove(latest + ".json");
  write_file(io::native(), latest + ".txt", "somebody's notes, which are longer than any checksum of blanks");
  CHECK(latest_checkpoint(directory) == std::nullopt);
}
