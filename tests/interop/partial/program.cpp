// What is on one side only: the lists of cairn's status, and what TensorFlow says of the same two sides.
#include "interop/case.hpp"

#include <fstream>

using namespace cairn::literals;

namespace {

struct Nothing {};
struct SavedInner {
  std::int64_t both = 0, gone = 0;
  Nothing nothing;
};
struct AB {
  float a = 0, b = 0;
};
struct Gone {
  AB deep;
};
struct Saved {
  cairn::Variable<float, 2> both;
  cairn::Variable<float, 3> only_saved;
  SavedInner inner;
  Gone gone;
  std::vector<cairn::Variable<float>> list;
};

struct LiveInner {
  std::int64_t both = 0, fresh = 0;
};
struct OnlyC {
  float c = 0;
};
struct Fresh {
  OnlyC deep;
};
struct Live {
  cairn::Variable<float, 2> both;
  cairn::Variable<float, 3> unsaved;
  LiveInner inner;
  Fresh fresh;
  Nothing nothing;
  std::array<cairn::Variable<float>, 1> list;
};

std::vector<std::string> lines(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::vector<std::string> read;
  for (std::string line; std::getline(file, line);) read.push_back(line);
  return read;
}
std::vector<std::string> sorted(std::vector<std::string> list) {
  std::sort(list.begin(), list.end());
  return list;
}

}  // namespace

template <>
inline constexpr auto cairn::members<Live> = cairn::describe(cairn::rename<"unsaved">("new"));

void write(const std::filesystem::path& directory) {
  Saved saved;
  fill(saved.both, 1);
  fill(saved.only_saved, 2);
  fill(saved.inner.both, 3);
  fill(saved.inner.gone, 4);
  fill(saved.gone.deep.a, 5);
  fill(saved.gone.deep.b, 6);
  saved.list.resize(3);
  for (std::uint32_t i = 0; i < 3; ++i) fill(saved.list[i], 7 + i);
  cairn::Checkpoint checkpoint{"m"_a = saved};
  checkpoint.save(directory / "ckpt");
}

void read(const std::filesystem::path& directory) {
  const std::string path = (directory / "ckpt-1").string();
  Live live;
  cairn::Checkpoint checkpoint{"m"_a = live};
  const auto status = checkpoint.restore(path);
  CAIRN_EXPECT(sorted(status.only_in_checkpoint()) == lines(directory / "only_in_checkpoint"));
  CAIRN_EXPECT(sorted(status.only_in_program()) == lines(directory / "only_in_program"));
  CAIRN_EXPECT(status.mismatched().empty());
  CAIRN_EXPECT(status.matched().size() == 4);
  CAIRN_EXPECT(is_filled(live.both, 1) && is_filled(live.inner.both, 3) && is_filled(live.list[0], 7));
  CAIRN_EXPECT_THROWS(cairn::ErrorCode::failed_precondition, "m.inner.fresh", status.assert_existing_objects_matched());
  CAIRN_EXPECT_THROWS(cairn::ErrorCode::failed_precondition, "m.gone.deep.a", status.assert_consumed());
  status.assert_nontrivial_match();

  // Late: what comes after the restore takes its value then.
  cairn::Checkpoint late;
  const auto pending = late.restore(path);
  pending.assert_existing_objects_matched();
  Saved saved;
  late.track("m", saved);
  CAIRN_EXPECT(is_filled(saved.gone.deep.b, 6) && is_filled(saved.list.at(2), 9));
  pending.assert_consumed();

  // Other shapes and dtypes are errors at once, and nothing changes then.
  struct {
    cairn::Variable<float, 2> both;
    cairn::Variable<float, 4> only_saved;
  } shape;
  cairn::Checkpoint other{"m"_a = shape};
  CAIRN_EXPECT_THROWS(cairn::ErrorCode::invalid_argument, "float32 [3]", auto status_ = other.restore(path));
  CAIRN_EXPECT(!is_filled(shape.both, 1));
  const auto skipped = other.restore(path, {.on_mismatch = cairn::OnMismatch::skip});
  CAIRN_EXPECT(skipped.mismatched().size() == 1 && skipped.mismatched()[0].path == "m.only_saved");
  CAIRN_EXPECT(is_filled(shape.both, 1));
  struct {
    cairn::Variable<double, 2> both;
  } dtype;
  cairn::Checkpoint third{"m"_a = dtype};
  CAIRN_EXPECT_THROWS(cairn::ErrorCode::invalid_argument, "float64 [2]", auto status_ = third.restore(path));
}
