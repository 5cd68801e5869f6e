#include <cairn/bundle/detail/slice.hpp>

#include <doctest/doctest.h>

#include <cairn/bundle/reader.hpp>
#include <cairn/format/detail/ordered_code.hpp>

#include "bundle/bundles.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace bundle = cairn::bundle;
using cairn::ErrorCode;
using cairn::Shape;
using cairn::bundle::TensorSlice;
using cairn::test::code_of;

namespace {

TensorSlice slice(std::vector<std::pair<std::int64_t, std::int64_t>> extents) {
  TensorSlice result;
  for (const auto& [start, length] : extents) {
    cairn::bundle::SliceExtent extent;
    if (length >= 0) extent = {start, length};
    result.push_back(extent);
  }
  return result;
}
constexpr std::int64_t whole = -1;

// The values first, first + 1, … of every run, written into a copy of the whole.
std::vector<int> scattered(const Shape& shape, const TensorSlice& part, int first) {
  std::vector<int> values(static_cast<std::size_t>(shape.num_elements()), -1);
  for (cairn::bundle::detail::CommonRuns runs(cairn::bundle::detail::box_of(shape),
                                              *cairn::bundle::detail::box_of_slice(shape, part));
       runs.next();)
    for (std::size_t i = 0; i < runs.length; ++i) values.at(runs.in_a + i) = first + static_cast<int>(runs.in_b + i);
  return values;
}

// A partitioned tensor "w" of 4 by 2 bytes, whose parts are added one by one.
struct Partitioned {
  bundle::Index index;
  std::string data;
  bundle::Entry full;

  Partitioned() {
    full.dtype = cairn::DT_INT8;
    full.shape = {4, 2};
  }
  void add(const TensorSlice& part, Shape shape, const std::string& bytes) {
    full.slices.push_back(part);
    index.slices.emplace_back(cairn::format::detail::encode_slice_key("w", part),
                              cairn::test::entry_of(cairn::DT_INT8, std::move(shape), bytes, data.size()));
    data += bytes;
  }
  // What reading "w" gives, as text.
  std::string read() {
    cairn::testing::MemoryFileSystem files;
    index.entries = {{"w", full}};
    cairn::test::put_bundle(files, "p", index, {data});
    const bundle::Reader reader("p", files);
    REQUIRE(reader.entries().size() == 1);
    reader.verify("w");
    return cairn::test::text_of(reader.read("w").bytes());
  }
};

}  // namespace

TEST_CASE("runs of a part lie where the part lies in the whole") {
  CHECK(scattered({4}, slice({{1, 2}}), 0) == std::vector<int>{-1, 0, 1, -1});
  CHECK(scattered({2, 3}, slice({{1, 1}, {0, whole}}), 0) == std::vector<int>{-1, -1, -1, 0, 1, 2});
  CHECK(scattered({2, 3}, slice({{0, whole}, {1, 2}}), 0) == std::vector<int>{-1, 0, 1, -1, 2, 3});
  CHECK(scattered({2, 2, 2}, slice({{0, whole}, {1, 1}, {0, 2}}), 0) == std::vector<int>{-1, -1, 0, 1, -1, -1, 2, 3});
  CHECK(scattered({2, 2, 2}, slice({{1, 1}, {0, whole}, {1, 1}}), 0) == std::vector<int>{-1, -1, -1, -1, -1, 0, -1, 1});
  CHECK(scattered({}, {}, 7) == std::vector<int>{7});
  CHECK(scattered({3, 0}, slice({{0, 2}, {0, whole}}), 0).empty());
}

TEST_CASE("a part must lie inside the whole") {
  using cairn::bundle::detail::box_of_slice;
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  CHECK(box_of_slice({4, 2}, slice({{1, 3}, {0, whole}}))->shape == Shape{3, 2});
  CHECK_FALSE(box_of_slice({4, 2}, slice({{1, 4}, {0, whole}})).has_value());
  CHECK_FALSE(box_of_slice({4, 2}, slice({{0, 4}})).has_value());
  CHECK_FALSE(box_of_slice({4}, slice({{most, 1}})).has_value());
  CHECK_FALSE(box_of_slice({4}, slice({{1, most}})).has_value());
  CHECK_FALSE(box_of_slice({4}, TensorSlice{{-1, 2}}).has_value());
}

TEST_CASE("a partitioned tensor is read as one") {
  Partitioned tensor;
  SUBCASE("cut along the first axis") {
    tensor.add(slice({{0, 1}, {0, whole}}), {1, 2}, "ab");
    tensor.add(slice({{1, 3}, {0, 2}}), {3, 2}, "cdefgh");
  }
  SUBCASE("cut along the second axis") {
    tensor.add(slice({{0, whole}, {1, 1}}), {4, 1}, "bdfh");
    tensor.add(slice({{0, whole}, {0, 1}}), {4, 1}, "aceg");
  }
  CHECK(tensor.read() == "abcdefgh");
}

TEST_CASE("parts that are missing, overlap, or are something else are data_loss") {
  Partitioned tensor;
  tensor.add(slice({{0, 2}, {0, whole}}), {2, 2}, "abcd");
  SUBCASE("a gap") { tensor.add(slice({{3, 1}, {0, whole}}), {1, 2}, "gh"); }
  SUBCASE("an overlap") { tensor.add(slice({{1, 3}, {0, whole}}), {3, 2}, "cdefgh"); }
  SUBCASE("an overlap and a gap") { tensor.add(slice({{1, 2}, {0, whole}}), {2, 2}, "cdef"); }
  SUBCASE("a part of another shape") { tensor.add(slice({{2, 2}, {0, whole}}), {4}, "efgh"); }
  SUBCASE("a part of another dtype") {
    tensor.add(slice({{2, 2}, {0, whole}}), {2, 2}, "efgh");
    tensor.index.slices.back().second.dtype = cairn::DT_UINT8;
  }
  SUBCASE("a part listed twice") { tensor.full.slices.push_back(tensor.full.slices[0]); }
  SUBCASE("a part outside") { tensor.full.slices.push_back(slice({{3, 2}, {0, whole}})); }
  SUBCASE("a part without bytes") { tensor.full.slices.push_back(slice({{2, 2}, {0, whole}})); }
  SUBCASE("a whole that is far larger than its parts") { tensor.full.shape = {std::int64_t{1} << 60, 2}; }
  CHECK(code_of([&] { (void)tensor.read(); }) == ErrorCode::data_loss);
}
