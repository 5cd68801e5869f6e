#include <cairn/bundle/detail/verify_graph.hpp>

#include <doctest/doctest.h>

#include <cairn/bundle/detail/slice_cover.hpp>
#include <cairn/bundle/reader.hpp>
#include <cairn/bundle/verify.hpp>
#include <cairn/format/detail/ordered_code.hpp>

#include "bundle/bundles.hpp"

#include <cstddef>
#include <cstdint>
#include <ctime>
#include <string>
#include <utility>
#include <vector>

namespace bundle = cairn::bundle;
using cairn::Shape;
using cairn::bundle::TensorSlice;

namespace {

using Extents = std::vector<std::pair<std::int64_t, std::int64_t>>;  // start, length; length -1 is the whole dimension

TensorSlice slice(const Extents& extents) {
  TensorSlice result;
  for (const auto& [start, length] : extents) {
    bundle::SliceExtent extent;
    if (length >= 0) extent = {start, length};
    result.push_back(extent);
  }
  return result;
}

bool overlap(const Shape& whole, const std::vector<Extents>& parts) {
  cairn::core::detail::Vec<TensorSlice> slices;
  for (const auto& each : parts) slices.push_back(slice(each));
  return cairn::bundle::detail::SliceOverlap::any(whole, slices);
}

// What verify says of a partitioned tensor "w" of bytes, all of whose parts have their bytes.
std::vector<cairn::Finding> verify(const Shape& whole, const std::vector<Extents>& parts) {
  bundle::Index index;
  std::string data;
  bundle::Entry full;
  full.dtype = cairn::DT_INT8;
  full.shape = whole;
  for (const auto& extents : parts) {
    full.slices.push_back(slice(extents));
    const auto box = cairn::bundle::detail::box_of_slice(whole, full.slices.back());
    const Shape shape = box ? box->shape : Shape{0};
    const std::string bytes(static_cast<std::size_t>(shape.num_elements()), 'x');
    const std::string key = cairn::format::detail::encode_slice_key("w", full.slices.back());
    if (bundle::find_entry(index.slices, key) == nullptr) {
      index.slices.emplace_back(key, cairn::test::entry_of(cairn::DT_INT8, shape, bytes, data.size()));
      std::sort(index.slices.begin(), index.slices.end(), [](auto& a, auto& b) { return a.first < b.first; });
      data += bytes;
    }
  }
  index.entries.emplace_back("w", full);
  cairn::testing::MemoryFileSystem files;
  cairn::test::put_bundle(files, "p", index, {data});
  return cairn::verify("p", files);
}

}  // namespace

TEST_CASE("parts overlap or not, however they are cut") {
  CHECK_FALSE(overlap({4, 4}, {{{0, 2}, {0, -1}}, {{2, 2}, {0, -1}}}));
  CHECK(overlap({4, 4}, {{{0, 3}, {0, -1}}, {{2, 2}, {0, -1}}}));
  CHECK(overlap({4, 4}, {{{0, -1}, {0, -1}}, {{2, 2}, {2, 2}}}));
  CHECK_FALSE(overlap({4, 4}, {{{0, 2}, {0, 2}}, {{0, 2}, {2, 2}}, {{2, 2}, {0, 3}}, {{2, 2}, {3, 1}}}));
  CHECK_FALSE(overlap({0}, {{{0, -1}}, {{0, 0}}}));
  CHECK_FALSE(overlap({}, {Extents{}}));
  CHECK(overlap({}, {Extents{}, Extents{}}));
  // A pinwheel, which no straight cut takes apart.
  const std::vector<Extents> pinwheel{
      {{0, 1}, {0, 2}}, {{0, 2}, {2, 1}}, {{2, 1}, {1, 2}}, {{1, 2}, {0, 1}}, {{1, 1}, {1, 1}}};
  CHECK_FALSE(overlap({3, 3}, pinwheel));
  auto doubled = pinwheel;
  doubled.push_back({{2, 1}, {2, 1}});
  CHECK(overlap({3, 3}, doubled));
}

TEST_CASE("very many parts are compared in little time") {
  cairn::core::detail::Vec<TensorSlice> slices;
  for (std::int64_t i = 0; i < 200; ++i)
    for (std::int64_t j = 0; j < 200; ++j) slices.push_back(slice({{i, 1}, {j, 1}}));
  CHECK_FALSE(cairn::bundle::detail::SliceOverlap::any(Shape{200, 200}, slices));
}

TEST_CASE("parts that do not make up their tensor are found") {
  CHECK(verify({4}, {{{0, 2}}, {{2, 2}}}).empty());
  const auto expect = [](const std::vector<cairn::Finding>& found, const std::string& words) {
    REQUIRE(found.size() == 1);
    CHECK(found[0].key == "w");
    CHECK_MESSAGE(found[0].problem.find(words) != std::string::npos, found[0].problem);
  };
  expect(verify({4}, {{{0, 2}}, {{2, 1}}}), "1 elements are in no part");
  expect(verify({4}, {{{0, 3}}, {{2, 2}}}), "overlap");
  expect(verify({4}, {{{0, 2}}, {{0, 2}}, {{2, 2}}}), "twice");
  expect(verify({5}, {{{0, 3}}, {{2, 2}}}), "overlap");
  CHECK(!verify({4}, {{{0, 2}}, {{2, 3}}}).empty());  // not inside; its entry is then nobody's
}

TEST_CASE("a long name with very many parts takes no more than its bytes to read") {
  const auto seconds = [](std::size_t length) {
    bundle::Index index;
    bundle::Entry full;
    full.dtype = cairn::DT_INT8;
    full.shape = {0};
    for (int i = 0; i < 100000; ++i) full.slices.push_back(slice({{i, 0}}));
    index.entries.emplace_back(std::string(length, 'w'), full);
    cairn::testing::MemoryFileSystem files;
    cairn::test::put_bundle(files, "p", index, {""});
    const std::clock_t begin = std::clock();
    CHECK(bundle::Reader("p", files).entries().size() == 1);
    CHECK(!cairn::verify("p", files).empty());
    return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  };
  // About the same time; once the name was copied for each part, which took minutes.
  CHECK(seconds(300000) < 20 * seconds(1));
}
