// Checkpoints that TensorFlow wrote, kept in tests/interop/bytes_equal/golden: cairn writes the same bytes, and reads
// them.
#include <cairn/checkpoint.hpp>

#include <doctest/doctest.h>

#include <bit>
#include <fstream>
#include <map>
#include <sstream>

#include "interop/bytes_equal/small.hpp"
#include "support/scratch.hpp"

namespace {

const std::filesystem::path golden = std::filesystem::path(CAIRN_SOURCE_ROOT) / "tests/interop/bytes_equal/golden";

// They are little-endian; a machine that is not writes numbers as it has them, and is_filled()
// knows the bytes of numbers that are.
constexpr bool is_other_order = std::endian::native != std::endian::little;

std::map<std::string, std::string> files_in(const std::filesystem::path& directory) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    std::ostringstream content;
    content << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    files[entry.path().filename().string()] = std::move(content).str();
  }
  return files;
}

}  // namespace

TEST_CASE("a state's files are, byte for byte, those that TensorFlow wrote") {
  for (const auto& state : cairn::test::small_states) {
    CAPTURE(state.name);
    const cairn::test::ScratchDirectory scratch;
    state.save(scratch.path());
    const auto ours = files_in(scratch.path());
    const auto theirs = files_in(golden / state.name);
    CHECK(theirs.size() >= 2);
    for (const auto& [name, content] : theirs) {
      const std::string& file = name;  // clang 14 captures no structured binding
      CAPTURE(file);
      REQUIRE(ours.contains(name));
      CHECK((ours.at(name) == content || is_other_order));
    }
    CHECK(ours.size() == theirs.size());
  }
}

TEST_CASE("what TensorFlow wrote is restored, and saved again it is the same") {
  cairn::Variable<float, 2, 3> named;
  cairn::Variable<double, 4> unnamed;
  std::int64_t step = 0;
  std::vector<float> losses;
  using namespace cairn::literals;
  cairn::Checkpoint checkpoint{"step"_a = step, "named"_a = named, "unnamed"_a = unnamed, "losses"_a = losses};
  checkpoint.restore(cairn::latest_checkpoint(golden / "variables")).assert_consumed();
  CHECK(checkpoint.save_counter() == 2);
  CHECK((cairn::test::is_filled(named, 1) || is_other_order));
  CHECK((cairn::test::is_filled(unnamed, 2) || is_other_order));
  CHECK((cairn::test::is_filled(step, 5) || is_other_order));
  CHECK(losses.size() == 3);
  CHECK((cairn::test::is_filled(losses, 4) || is_other_order));

  named.set_name("a_name");
  const cairn::test::ScratchDirectory scratch;
  checkpoint.write(scratch.path() / "written");
  const auto again = files_in(scratch.path());
  const auto theirs = files_in(golden / "variables");
  for (const auto& [name, content] : again) {
    const std::string& file = name;
    CAPTURE(file);
    CHECK((theirs.at(name) == content || is_other_order));
  }
}
