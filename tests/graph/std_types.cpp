// Everyday types of the standard library: one tensor each, with the dtype that a Python user expects, and restored as they
// were.
#include <cairn/graph/detail/copied_types.hpp>
#include <cairn/graph/detail/valarray_type.hpp>
#include <cairn/reflect/describe.hpp>

#include <doctest/doctest.h>

#include "graph/saved_state.hpp"
#include "support/errors.hpp"

#include <array>
#include <atomic>
#include <bitset>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <unordered_set>
#include <valarray>
#include <vector>

using namespace cairn;
using namespace cairn::test;
using namespace std::chrono_literals;

namespace {

enum class Colour : std::uint8_t { red, green, blue };
struct Backwards {
  bool operator()(int a, int b) const { return a > b; }
};

struct Clocks {
  std::chrono::nanoseconds elapsed{};
  std::chrono::duration<double> seconds{};
  std::chrono::duration<std::int16_t, std::ratio<1, 30>> frames{};
  std::chrono::system_clock::time_point started{};
  std::vector<std::chrono::milliseconds> laps;
  std::array<std::chrono::hours, 2> shifts{};
  std::optional<std::chrono::days> limit;
};
struct Values {
  std::filesystem::path out;
  std::vector<std::filesystem::path> files;
  std::atomic<std::int32_t> steps{0};
  std::atomic<bool> is_done{false};
  std::atomic<Colour> colour{};
  std::array<std::atomic<float>, 2> means{};
  std::bitset<10> bits;
  std::valarray<double> wave;
  std::byte byte{};
  std::vector<std::byte> bytes;
};
struct Sets {
  std::set<std::int64_t> ids;
  std::set<int, Backwards> backwards;
  std::multiset<double> many;
  std::unordered_set<std::string> words;
  std::unordered_multiset<Colour> colours;
  std::set<std::filesystem::path> paths;
  std::set<std::chrono::seconds> times;
  std::set<bool> flags;
};

void fill(Clocks& clocks) {
  clocks.elapsed = -5ns;
  clocks.seconds = 1.5s;
  clocks.frames = decltype(clocks.frames)(9);
  clocks.started += 7s;
  clocks.laps = {1ms, 2ms};
  clocks.shifts = {8h, 9h};
  clocks.limit = std::chrono::days(3);
}
void fill(Values& values) {
  values.out = "out//dir/x.txt";
  values.files = {"a/b", "", "c"};
  values.steps = 3;
  values.is_done = true;
  values.colour = Colour::blue;
  values.means[1] = 0.5f;
  values.bits = 0b1000000101;
  values.wave = {1., 2., 3.};
  values.byte = std::byte{200};
  values.bytes = {std::byte{1}, std::byte{255}};
}
void fill(Sets& sets) {
  sets.ids = {3, -1, 2};
  sets.backwards = {1, 2, 3};
  sets.many = {1, 0.5, 1};
  sets.words = {"z", "a", "m", ""};
  sets.colours = {Colour::blue, Colour::red, Colour::blue};
  sets.paths = {"b", "a/c"};
  sets.times = {9s, 1s};
  sets.flags = {true};
}
template <class T>
T filled() {
  T object;
  fill(object);
  return object;
}

std::string shown(const SavedState& saved, std::string_view name) {
  const auto& value = saved.values.find(std::string(name) + "/.ATTRIBUTES/VARIABLE_VALUE")->second;
  return cairn::to_string(value.dtype) + " " + value.shape.to_string();
}
template <class T>
std::vector<T> elements(const SavedState& saved, std::string_view name) {
  const auto& value = saved.values.find(std::string(name) + "/.ATTRIBUTES/VARIABLE_VALUE")->second;
  std::vector<T> all(value.bytes.size() / sizeof(T));
  std::copy(value.bytes.begin(), value.bytes.end(), std::as_writable_bytes(std::span(all)).begin());
  return all;
}
Names strings(const SavedState& saved, std::string_view name) {
  return saved.values.find(std::string(name) + "/.ATTRIBUTES/VARIABLE_VALUE")->second.strings;
}

}  // namespace

TEST_CASE("durations and time points are numbers in their own ticks") {
  auto clocks = filled<Clocks>();
  const SavedState saved(root_of(clocks));
  CHECK(shown(saved, "elapsed") == "int64 []");
  CHECK(elements<std::int64_t>(saved, "elapsed") == std::vector<std::int64_t>{-5});
  CHECK(shown(saved, "seconds") == "float64 []");
  CHECK(elements<double>(saved, "seconds") == std::vector<double>{1.5});
  CHECK(shown(saved, "frames") == "int16 []");
  CHECK(elements<std::int64_t>(saved, "started") ==
        std::vector<std::int64_t>{std::chrono::system_clock::duration(7s).count()});
  CHECK(elements<std::int64_t>(saved, "laps") == std::vector<std::int64_t>{1, 2});
  CHECK(shown(saved, "shifts") == "int64 [2]");
  Clocks again;
  CHECK(saved.restore(root_of(again)).matched.size() == 7);
  CHECK(again.elapsed == clocks.elapsed);
  CHECK(again.seconds == clocks.seconds);
  CHECK(again.frames == clocks.frames);
  CHECK(again.started == clocks.started);
  CHECK(again.laps == clocks.laps);
  CHECK(again.shifts == clocks.shifts);
  CHECK(again.limit == clocks.limit);
}

TEST_CASE("describe tells the ticks of a clock") {
  const std::string text = describe<Clocks>();
  CHECK(text.substr(text.find('\n') + 1) ==
        "  elapsed: int64 [] in ns\n"
        "  seconds: float64 [] in s\n"
        "  frames: int16 [] in 1/30 s\n"
        "  started: int64 [] in ns\n"
        "  laps: int64 [?] in ms\n"
        "  shifts: int64 [2] in h\n"
        "  limit: (optional) int64 [] in d\n");
}

TEST_CASE("paths, atomics, bits, bytes and valarrays have the dtype that Python expects") {
  auto values = std::make_unique<Values>();
  fill(*values);
  const SavedState saved(root_of(*values));
  CHECK(shown(saved, "out") == "string []");
  // A path of Windows goes with single slashes.
  const bool is_windows = std::filesystem::path::preferred_separator == '\\';
  const std::string out = is_windows ? "out/dir/x.txt" : "out//dir/x.txt";
  CHECK(strings(saved, "out") == Names{out});
  CHECK(strings(saved, "files") == Names{"a/b", "", "c"});
  CHECK(shown(saved, "steps") == "int32 []");
  CHECK(shown(saved, "is_done") == "bool []");
  CHECK(shown(saved, "colour") == "uint8 []");
  CHECK(elements<float>(saved, "means") == std::vector<float>{0, 0.5f});
  CHECK(shown(saved, "bits") == "bool [10]");
  CHECK(elements<std::uint8_t>(saved, "bits") == std::vector<std::uint8_t>{1, 0, 1, 0, 0, 0, 0, 0, 0, 1});
  CHECK(elements<double>(saved, "wave") == std::vector<double>{1, 2, 3});
  CHECK(shown(saved, "byte") == "uint8 []");
  CHECK(shown(saved, "bytes") == "uint8 [2]");
  for (const std::size_t size : {0u, 3u, 5u}) {
    Values again;
    again.wave.resize(size);
    again.files.resize(size);
    CHECK(saved.restore(root_of(again)).matched.size() == 10);
    CHECK(again.out.string() == out);
    CHECK(again.files == values->files);
    CHECK(again.steps == 3);
    CHECK(again.is_done);
    CHECK(again.colour == Colour::blue);
    CHECK(again.means[1] == 0.5f);
    CHECK(again.bits == values->bits);
    CHECK(again.wave.size() == 3);
    CHECK((again.wave == values->wave).min());
    CHECK(again.byte == values->byte);
    CHECK(again.bytes == values->bytes);
  }
}

TEST_CASE("sets are one tensor, in the set's order or sorted") {
  auto sets = filled<Sets>();
  const SavedState saved(root_of(sets));
  CHECK(elements<std::int64_t>(saved, "ids") == std::vector<std::int64_t>{-1, 2, 3});
  CHECK(elements<int>(saved, "backwards") == std::vector<int>{3, 2, 1});
  CHECK(elements<double>(saved, "many") == std::vector<double>{0.5, 1, 1});
  CHECK(strings(saved, "words") == Names{"", "a", "m", "z"});
  CHECK(elements<std::uint8_t>(saved, "colours") == std::vector<std::uint8_t>{0, 2, 2});
  CHECK(strings(saved, "paths") == Names{"a/c", "b"});
  CHECK(elements<std::int64_t>(saved, "times") == std::vector<std::int64_t>{1, 9});
  CHECK(shown(saved, "flags") == "bool [1]");
  Sets again;
  again.ids = {7};
  again.words = {"gone"};
  CHECK(saved.restore(root_of(again)).matched.size() == 8);
  CHECK(again.ids == sets.ids);
  CHECK(again.backwards == sets.backwards);
  CHECK(again.many == sets.many);
  CHECK(again.words == sets.words);
  CHECK(again.colours == sets.colours);
  CHECK(again.paths == sets.paths);
  CHECK(again.times == sets.times);
  CHECK(again.flags == sets.flags);
}

TEST_CASE("a set refuses elements that it would lose, and nothing changes") {
  std::multiset<int> many{1, 1, 2};
  int other = 5;
  const SavedState saved(
      {.object = {}, .children = {{"set", graph::detail::slot_of(many)}, {"other", graph::detail::slot_of(other)}}});
  std::set<int> each{9};
  int kept = 6;
  const graph::detail::Root root{
      .object = {}, .children = {{"set", graph::detail::slot_of(each)}, {"other", graph::detail::slot_of(kept)}}};
  const std::string said = sentence_of([&] { saved.restore(root); });
  CHECK(code_of([&] { saved.restore(root); }) == ErrorCode::data_loss);
  CHECK(said.find("set/.ATTRIBUTES/VARIABLE_VALUE in file cannot be restored: 1 of the 3 elements are there already") !=
        std::string::npos);
  CHECK(each == std::set<int>{9});
  CHECK(kept == 6);
}

TEST_CASE("bits of another number, and atomics of another, are a mismatch") {
  std::bitset<4> four{5};
  const SavedState saved(child("bits", four));
  std::bitset<5> five{1};
  CHECK(sentence_of([&] {
          saved.restore(child("bits", five));
        }).find("is bool [4] in the checkpoint, bool [5] in the") != std::string::npos);
  CHECK(five.to_ulong() == 1);
  std::vector<std::atomic<bool>> atomics(3);
  CHECK(code_of([&] { saved.restore(child("bits", atomics)); }) == ErrorCode::invalid_argument);
  std::vector<std::atomic<bool>> fitting(4);
  CHECK(saved.restore(child("bits", fitting)).matched == Names{"bits"});
  CHECK(fitting[2]);
  CHECK(!fitting[1]);
}

TEST_CASE("the part that both have of bits and valarrays is restored where that is asked for") {
  std::bitset<4> four{0b1111};
  const SavedState saved(child("bits", four));
  std::bitset<6> six;
  CHECK(saved.restore(child("bits", six), OnMismatch::common_part).mismatched.size() == 1);
  CHECK(six.to_ulong() == 0b1111);
}
