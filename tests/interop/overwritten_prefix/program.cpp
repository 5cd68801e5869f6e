// Written to again and again, a prefix holds what was written last, whoever wrote before.
#include "interop/case.hpp"

using namespace cairn::literals;
using V = cairn::Variable<float, 100>;

namespace {

void write_once(const std::filesystem::path& path, std::uint32_t seed) {
  V v;
  fill(v, seed);
  cairn::Checkpoint{"v"_a = v}.write(path);
}
bool holds(const std::filesystem::path& path, std::uint32_t seed) {
  V v;
  cairn::Checkpoint{"v"_a = v}.read(path.string()).assert_consumed();
  return is_filled(v, seed);
}

}  // namespace

void write(const std::filesystem::path& directory) {
  for (const std::uint32_t seed : {1U, 2U}) write_once(directory / "again", seed);
  for (const std::uint32_t seed : {1U, 2U, 3U}) write_once(directory / "thrice", seed);
  CAIRN_EXPECT(holds(directory / "again", 2) && holds(directory / "thrice", 3));
}

void read(const std::filesystem::path& directory) {
  CAIRN_EXPECT(holds(directory / "again", 2));
  write_once(directory / "again", 3);
  CAIRN_EXPECT(holds(directory / "again", 3));
}

void resume(const std::filesystem::path& directory) {
  CAIRN_EXPECT(holds(directory / "again", 4));
  write_once(directory / "again", 5);
  CAIRN_EXPECT(holds(directory / "again", 5));
}
