// The file `checkpoint`, and what is found through it: TensorFlow's rules of names, in real folders.
#include <cairn/checkpoint/detail/directory/state_file.hpp>

#include <doctest/doctest.h>

#include <cairn/checkpoint/manager.hpp>

#include "checkpoint/states.hpp"
#include "support/scratch.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

using namespace cairn;
using namespace cairn::test;
using namespace cairn::literals;

namespace {

std::string text_of_file(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}
void put(const std::filesystem::path& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }
// The working directory, for as long as it lives.
struct WorkingDirectory {
  explicit WorkingDirectory(const std::filesystem::path& path) : before(std::filesystem::current_path()) {
    std::filesystem::current_path(path);
  }
  WorkingDirectory(const WorkingDirectory&) = delete;
  WorkingDirectory& operator=(const WorkingDirectory&) = delete;
  ~WorkingDirectory() { std::filesystem::current_path(before); }
  std::filesystem::path before;
};

}  // namespace

TEST_CASE("Checkpoint::save names one checkpoint, relative to its folder, without timestamps") {
  test::ScratchDirectory scratch;
  float a = 1;
  Checkpoint checkpoint{"a"_a = a};
  CHECK(checkpoint.save(scratch.path() / "x" / "ckpt") == (scratch.path() / "x" / "ckpt-1").generic_string());
  const std::string second = checkpoint.save(scratch.path() / "x" / "ckpt");
  CHECK(text_of_file(scratch.path() / "x" / "checkpoint") ==
        "model_checkpoint_path: \"ckpt-2\"\nall_model_checkpoint_paths: \"ckpt-2\"\n");
  CHECK(latest_checkpoint(scratch.path() / "x") == second);
  CHECK(get_checkpoint_state(scratch.path() / "x")->all_model_checkpoint_paths == std::vector<std::string>{second});
}

TEST_CASE("relative folders: what the manager names restores, also from beside after a move") {
  test::ScratchDirectory scratch;
  const WorkingDirectory inside(scratch.path());
  float a = 1;
  Checkpoint checkpoint{"a"_a = a};
  {
    CheckpointManager manager{checkpoint, "train", {.max_to_keep = 2}};
    CHECK(manager.save() == "train/ckpt-1");
    CHECK(latest_checkpoint("train") == "train/ckpt-1");
    CHECK(latest_checkpoint("./train/") == "./train/ckpt-1");
  }
  std::filesystem::rename("train", "moved");
  a = 0;
  checkpoint.restore(latest_checkpoint("moved")).assert_consumed();
  CHECK(a == 1);
  CheckpointManager manager{checkpoint, "moved", {.max_to_keep = 2}};
  CHECK(manager.checkpoints() == Names{"moved/ckpt-1"});
  CHECK(manager.save() == "moved/ckpt-2");
  CHECK(checkpoint.save("plain") == "plain-3");  // in the working folder itself
  CHECK(latest_checkpoint(".") == "./plain-3");
  CHECK(text_of_file("checkpoint").starts_with("model_checkpoint_path: \"plain-3\""));
}

TEST_CASE("a folder spelled in another way is kept as it is spelled") {
  test::ScratchDirectory scratch;
  const WorkingDirectory inside(scratch.path());
  std::filesystem::create_directory("rel");
  float a = 1;
  Checkpoint checkpoint{"a"_a = a};
  CheckpointManager manager{checkpoint, "./rel/../rel/dir/", {}};
  CHECK(manager.directory() == "./rel/../rel/dir/");
  CHECK(manager.save() == "./rel/../rel/dir/ckpt-1");
  CHECK(text_of_file("rel/dir/checkpoint").starts_with("model_checkpoint_path: \"ckpt-1\"\n"));
  CHECK(latest_checkpoint("rel/dir") == "rel/dir/ckpt-1");
}

TEST_CASE("any valid text is read: absolute, quoted and listed paths") {
  test::ScratchDirectory scratch;
  const auto folder = scratch.path();
  put(folder / "checkpoint",
      "# by hand\nmodel_checkpoint_path: './k'; all_model_checkpoint_paths: [\"/abs/a\", 'sub/' \"b\"]\n");
  const auto state = get_checkpoint_state(folder);
  REQUIRE(state);
  CHECK(state->model_checkpoint_path == folder.generic_string() + "/./k");
  CHECK(state->all_model_checkpoint_paths == std::vector<std::string>{"/abs/a", folder.generic_string() + "/sub/b"});
  CHECK(latest_checkpoint(folder) == std::nullopt);  // there is no such .index
}

TEST_CASE("no folder, no state file and a folder called checkpoint are no checkpoint") {
  test::ScratchDirectory scratch;
  CHECK(latest_checkpoint(scratch.path() / "none") == std::nullopt);
  CHECK(latest_checkpoint(scratch.path()) == std::nullopt);
  std::filesystem::create_directory(scratch.path() / "checkpoint");
  CHECK(get_checkpoint_state(scratch.path()) == std::nullopt);
}

TEST_CASE("a damaged state file is an error that names it") {
  test::ScratchDirectory scratch;
  for (const std::string text :
       {"", "model_checkpoint_path: \"a", "\x00\x01", "model_checkpoint_path: 3", "model_checkpoint_path { }"}) {
    put(scratch.path() / "checkpoint", text);
    CHECK(code_of([&] { (void)latest_checkpoint(scratch.path()); }) == ErrorCode::data_loss);
    CHECK(sentence_of([&] { (void)get_checkpoint_state(scratch.path()); }).find("repair it") != std::string::npos);
  }
}

TEST_CASE("the latest checkpoint counts as there when its .index is, whatever its name holds") {
  test::ScratchDirectory scratch;
  float a = 1;
  Checkpoint checkpoint{"a"_a = a};
  const bool is_windows = std::filesystem::path::preferred_separator == '\\';  // which has no "*" in names
  const std::string path = checkpoint.save(scratch.path() / (is_windows ? "weird [name] {" : "we*ird [name]"));
  CHECK(latest_checkpoint(scratch.path()) == path);
  std::filesystem::remove(path + ".data-00000-of-00001");
  CHECK(latest_checkpoint(scratch.path()) == path);
  std::filesystem::remove(path + ".index");
  CHECK(latest_checkpoint(scratch.path()) == std::nullopt);
}

TEST_CASE("a manager never deletes what its state file names outside of its directory") {
  test::ScratchDirectory scratch;
  float a = 1;
  Checkpoint checkpoint{"a"_a = a};
  const std::string outside = checkpoint.write(scratch.path() / "precious");
  CheckpointManager before{checkpoint, scratch.path() / "train"};
  before.save();
  put(scratch.path() / "train" / "checkpoint",
      "model_checkpoint_path: \"ckpt-1\"\n"
      "all_model_checkpoint_paths: \"../precious\"\nall_model_checkpoint_paths: \"" +
          outside +
          "\"\nall_model_checkpoint_paths: \"ckpt-1\"\n"
          "all_model_checkpoint_timestamps: 10.0\nall_model_checkpoint_timestamps: 11.0\n"
          "all_model_checkpoint_timestamps: 12.0\n");
  CheckpointManager manager{checkpoint, scratch.path() / "train", {.max_to_keep = 1}};
  CHECK(manager.checkpoints() == Names{(scratch.path() / "train" / "ckpt-1").generic_string()});
  manager.save();
  CHECK(manager.checkpoints() == Names{(scratch.path() / "train" / "ckpt-2").generic_string()});
  CHECK(checkpoint.read(outside).matched() == Names{"a"});
}

TEST_CASE("in a directory that was moved the checkpoints beside the file are meant, for every reader") {
  test::ScratchDirectory scratch;
  const std::string directory = (scratch.path() / "after").generic_string();
  float a = 1;
  Checkpoint checkpoint{"a"_a = a};
  CheckpointManager{checkpoint, directory}.save();
  a = 2;
  CheckpointManager{checkpoint, directory}.save();
  const std::string latest = directory + "/ckpt-2";
  for (const std::string before : {"/nowhere/before/", "C:\\\\run\\\\", "before/", "..\\\\before\\\\"}) {
    CAPTURE(before);
    put(directory + "/checkpoint", "model_checkpoint_path: \"" + before + "ckpt-2\"\nall_model_checkpoint_paths: \"" +
                                       before + "ckpt-1\"\nall_model_checkpoint_paths: \"" + before +
                                       "ckpt-2\"\nall_model_checkpoint_timestamps: 5.0\n"
                                       "all_model_checkpoint_timestamps: 6.0\nlast_preserved_timestamp: 1.0\n");
    CHECK(latest_checkpoint(directory) == latest);
    CHECK(get_checkpoint_state(directory)->all_model_checkpoint_paths == Names{directory + "/ckpt-1", latest});
    CHECK(bundle::find_checkpoint(directory) == latest);
    a = 0;
    CheckpointManager manager{checkpoint, directory, {.max_to_keep = 2}};
    CHECK(manager.restore_or_initialize() == latest);
    CHECK(a == 2);
    CHECK(manager.checkpoints() == Names{directory + "/ckpt-1", latest});
  }
  CheckpointManager{checkpoint, directory, {.max_to_keep = 2}}.save();
  CHECK(text_of_file(directory + "/checkpoint")
            .starts_with("model_checkpoint_path: \"ckpt-3\"\n"
                         "all_model_checkpoint_paths: \"ckpt-2\"\n"));
  CHECK_FALSE(std::filesystem::exists(directory + "/ckpt-1.index"));
}

TEST_CASE("a path of the state file that is there, or that nothing beside the file fits, is what it says") {
  test::ScratchDirectory scratch;
  const std::string here = (scratch.path() / "here").generic_string(),
                    there = (scratch.path() / "there").generic_string();
  float a = 1;
  Checkpoint checkpoint{"a"_a = a};
  checkpoint.write(here + "/ckpt-1");
  checkpoint.write(there + "/ckpt-1");
  put(here + "/checkpoint", "model_checkpoint_path: \"" + there + "/ckpt-1\"\n");
  CHECK(latest_checkpoint(here) == there + "/ckpt-1");
  put(here + "/checkpoint", "model_checkpoint_path: \"/nowhere/ckpt-7\"\n");
  CHECK(latest_checkpoint(here) == std::nullopt);
  CheckpointManager manager{checkpoint, here};
  CHECK_THROWS_WITH(manager.restore_or_initialize(),
                    doctest::Contains("checkpoint\" names \"/nowhere/ckpt-7\" as the latest checkpoint, but"));
  CHECK_THROWS_WITH(static_cast<void>(bundle::find_checkpoint(here)), doctest::Contains("names \"/nowhere/ckpt-7\""));
}
