// save, write, restore and read: who counts, and who asks for the counter. The rules are TensorFlow's.
#include "interop/case.hpp"

using namespace cairn::literals;
using V = cairn::Variable<float, 2>;

void write(const std::filesystem::path& directory) {
  V v;
  fill(v, 1);
  cairn::Checkpoint checkpoint{"v"_a = v};
  CAIRN_EXPECT(checkpoint.write(directory / "written") == (directory / "written").string());
  CAIRN_EXPECT(!std::filesystem::exists(directory / "checkpoint"));
  for (const char* name : {"saved-1", "saved-2", "saved-3"})
    CAIRN_EXPECT(checkpoint.save(directory / "saved") == (directory / name).string());
  checkpoint.write(directory / "written_with_counter");
  CAIRN_EXPECT(checkpoint.save_counter() == 3);
}

void read(const std::filesystem::path& directory) {
  const auto in = [&](const char* name) { return (directory / name).string(); };
  const auto failed = cairn::ErrorCode::failed_precondition;
  CAIRN_EXPECT(cairn::latest_checkpoint(directory) == in("saved-3"));
  CAIRN_EXPECT(cairn::get_checkpoint_state(directory)->all_model_checkpoint_paths.size() == 1);
  {
    V v;
    cairn::Checkpoint checkpoint{"v"_a = v};
    checkpoint.read(in("written")).assert_consumed();
    CAIRN_EXPECT(is_filled(v, 1));
  }
  {
    V v;
    cairn::Checkpoint checkpoint{"v"_a = v};
    const auto status = checkpoint.restore(in("written"));
    CAIRN_EXPECT(is_filled(v, 1));
    CAIRN_EXPECT_THROWS(failed, "save_counter", status.assert_consumed());
    CAIRN_EXPECT_THROWS(failed, "save_counter", status.assert_existing_objects_matched());
  }
  {
    V v;
    cairn::Checkpoint checkpoint{"v"_a = v};
    const auto status = checkpoint.read(in("saved-3"));
    CAIRN_EXPECT(is_filled(v, 1));
    CAIRN_EXPECT_THROWS(failed, "save_counter", status.assert_consumed());
    status.assert_existing_objects_matched();
  }
  {
    V v;
    cairn::Checkpoint checkpoint{"v"_a = v};
    const auto nothing = checkpoint.restore(std::nullopt);
    CAIRN_EXPECT_THROWS(failed, "No checkpoint specified", nothing.assert_consumed());
    CAIRN_EXPECT_THROWS(cairn::ErrorCode::not_found, "saved-9", auto s = checkpoint.restore(in("saved-9")));
    CAIRN_EXPECT_THROWS(cairn::ErrorCode::not_found, "saved", auto s = checkpoint.restore(in("saved")));
    checkpoint.restore(in("written_with_counter")).assert_consumed();
    CAIRN_EXPECT(checkpoint.save_counter() == 3);
    checkpoint.restore(in("saved-3")).assert_consumed();
    CAIRN_EXPECT(checkpoint.save(directory / "saved") == in("saved-4"));
  }
}

void resume(const std::filesystem::path& directory) {
  V v;
  cairn::Checkpoint checkpoint{"v"_a = v};
  checkpoint.restore(cairn::latest_checkpoint(directory)).assert_consumed();
  CAIRN_EXPECT(checkpoint.save_counter() == 4);
}
