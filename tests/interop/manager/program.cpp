// A directory with the last three of five checkpoints, saved by one side, continued by the other and then by the first.
#include "interop/case.hpp"

using namespace cairn::literals;

namespace {

struct Process {
  explicit Process(const std::filesystem::path& folder)
      : directory(folder), manager(checkpoint, folder, {.max_to_keep = 3}) {}

  void save(std::uint32_t number) {
    fill(weights, number);
    step = 10 * std::int64_t{number};
    CAIRN_EXPECT(manager.save() == path(number));
  }
  void expect_at(std::uint32_t number) const {
    CAIRN_EXPECT(is_filled(weights, number));
    CAIRN_EXPECT(step == 10 * std::int64_t{number});
  }
  void expect_kept(std::vector<std::uint32_t> numbers) const {
    std::vector<std::string> paths;
    std::size_t files = 1 + std::filesystem::exists(directory / ".cairn-lock");
    for (const std::uint32_t number : numbers) {
      paths.push_back(path(number));
      CAIRN_EXPECT(std::filesystem::exists(paths.back() + ".index"));
      CAIRN_EXPECT(std::filesystem::exists(paths.back() + ".data-00000-of-00001"));
      files += 2;
    }
    CAIRN_EXPECT(manager.checkpoints() == paths);
    CAIRN_EXPECT(manager.latest_checkpoint() == paths.back());
    CAIRN_EXPECT(cairn::latest_checkpoint(directory) == paths.back());
    CAIRN_EXPECT(std::distance(std::filesystem::directory_iterator(directory), {}) ==
                 static_cast<std::ptrdiff_t>(files));
  }
  std::string path(std::uint32_t number) const { return (directory / ("ckpt-" + std::to_string(number))).string(); }

  std::filesystem::path directory;
  cairn::Variable<float, 3, 2> weights;
  std::int64_t step = 0;
  cairn::Checkpoint<cairn::Named<"weights", cairn::Variable<float, 3, 2>>, cairn::Named<"step", std::int64_t>>
      checkpoint{"weights"_a = weights, "step"_a = step};
  cairn::CheckpointManager<decltype(checkpoint)> manager;
};

}  // namespace

void write(const std::filesystem::path& directory) {
  Process process(directory);
  CAIRN_EXPECT(process.manager.restore_or_initialize() == std::nullopt);
  for (std::uint32_t number = 1; number <= 5; ++number) process.save(number);
  process.expect_kept({3, 4, 5});
}

void read(const std::filesystem::path& directory) {
  Process process(directory);
  process.expect_kept({3, 4, 5});
  CAIRN_EXPECT(process.manager.restore_or_initialize() == process.path(5));
  process.expect_at(5);
  CAIRN_EXPECT(process.checkpoint.save_counter() == 5);
  process.save(6);
  process.expect_kept({4, 5, 6});
  // An older one is restored; the next save does not write over what came after it.
  process.manager.restore(process.path(4)).assert_consumed();
  process.expect_at(4);
  CAIRN_EXPECT(process.checkpoint.save_counter() == 4);
  process.save(7);
  process.expect_kept({5, 6, 7});
  process.manager.restore().assert_consumed();
  process.expect_at(7);
}

void resume(const std::filesystem::path& directory) {
  Process process(directory);
  process.expect_kept({4, 5, 6});
  process.manager.restore().assert_consumed();
  process.expect_at(6);
  process.save(7);
  process.expect_kept({5, 6, 7});
}
