// What was once saved as cereal's bytes, and has a form of its own now, restores from those bytes where cereal's header for
// the type is included.
#include <cairn/cereal.hpp>
#include <cairn/checkpoint.hpp>

#include <doctest/doctest.h>

#include "support/errors.hpp"
#include "support/scratch.hpp"

#include <cereal/archives/portable_binary.hpp>
#include <cereal/types/bitset.hpp>
#include <cereal/types/chrono.hpp>
#include <cereal/types/map.hpp>
#include <cereal/types/set.hpp>
#include <cereal/types/string.hpp>
#include <cereal/types/unordered_set.hpp>
#include <cereal/types/valarray.hpp>
#include <cereal/types/variant.hpp>

#include <bitset>
#include <chrono>
#include <concepts>
#include <filesystem>
#include <map>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <unordered_set>
#include <valarray>
#include <variant>

using namespace cairn;
using namespace cairn::test;

// As programs wrote it for types that cereal knows nothing of.
namespace cereal {
template <class Archive>
void save(Archive& archive, const std::minstd_rand& engine) {
  std::ostringstream stream;
  stream << engine;
  archive(stream.str());
}
template <class Archive>
void load(Archive& archive, std::minstd_rand& engine) {
  std::string text;
  archive(text);
  std::istringstream(text) >> engine;
}
template <class Archive, class Path>
  requires std::same_as<Path, std::filesystem::path>
void save(Archive& archive, const Path& path) {
  archive(path.string());
}
template <class Archive, class Path>
  requires std::same_as<Path, std::filesystem::path>
void load(Archive& archive, Path& path) {
  std::string text;
  archive(text);
  path = text;
}
}  // namespace cereal

namespace {

struct Now {
  std::bitset<5> bits;
  std::chrono::milliseconds elapsed{};
  std::map<int, double> numbers;
  std::set<int> ids;
  std::unordered_set<std::string> words;
  std::valarray<double> wave;
  std::variant<int, std::string> either;
  std::minstd_rand engine;
  std::filesystem::path out;
};
struct Before {
  std::string bits, elapsed, numbers, ids, words, wave, either, engine, out;
};
template <class T>
std::string bytes_of(const T& object) {
  std::ostringstream stream;
  {
    cereal::PortableBinaryOutputArchive archive(stream);
    archive(object);
  }
  return stream.str();
}

}  // namespace

TEST_CASE("bytes of cereal restore into types that have a form of their own now") {
  Now saved;
  saved.bits = 0b10011;
  saved.elapsed = std::chrono::milliseconds(1500);
  saved.numbers = {{3, 0.5}, {-1, 2}};
  saved.ids = {1, 2};
  saved.words = {"a", "b"};
  saved.wave = {1, 2, 3};
  saved.either = "text";
  saved.engine.seed(77);
  saved.out = "dir/file";
  Before before{bytes_of(saved.bits),   bytes_of(saved.elapsed), bytes_of(saved.numbers),
                bytes_of(saved.ids),    bytes_of(saved.words),   bytes_of(saved.wave),
                bytes_of(saved.either), bytes_of(saved.engine),  bytes_of(saved.out)};
  const ScratchDirectory scratch;
  const std::string path = Checkpoint{before}.save(scratch.path() / "ckpt");
  Now again;
  again.numbers[9] = 9;
  Checkpoint{again}.restore(path).assert_consumed();
  CHECK(again.bits == saved.bits);
  CHECK(again.elapsed == saved.elapsed);
  CHECK(again.numbers == saved.numbers);
  CHECK(again.ids == saved.ids);
  CHECK(again.words == saved.words);
  REQUIRE(again.wave.size() == 3);
  CHECK(again.wave[2] == 3);
  CHECK(again.either == saved.either);
  CHECK(again.engine == saved.engine);
  CHECK(again.out == saved.out);
}

TEST_CASE("other bytes in their place are refused, and nothing changes") {
  Now saved;
  Before before{"x", "x", "x", "x", "x", "x", "x", "x", "x"};
  const ScratchDirectory scratch;
  const std::string path = Checkpoint{before}.save(scratch.path() / "ckpt");
  saved.ids = {7};
  CHECK(code_of([&] { (void)Checkpoint{saved}.restore(path); }) == ErrorCode::data_loss);
  CHECK(saved.ids == std::set<int>{7});
}
