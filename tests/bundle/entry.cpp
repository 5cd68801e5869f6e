#include <cairn/bundle/entry.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>

using cairn::Shape;
using cairn::bundle::Entry;

namespace {

Entry floats(Shape shape, std::uint64_t offset, std::uint64_t size) {
  Entry entry;
  entry.dtype = cairn::DT_FLOAT;
  entry.shape = std::move(shape);
  entry.offset = offset;
  entry.size = size;
  return entry;
}

}  // namespace

TEST_CASE("an entry fits when its bytes are those of its shape and inside the shard") {
  CHECK(floats({2, 3}, 8, 24).fits(32));
  CHECK_FALSE(floats({2, 3}, 8, 24).fits(31));
  CHECK_FALSE(floats({2, 3}, 8, 20).fits(100));
  CHECK(floats({}, 0, 4).fits(4));
  CHECK(floats({0, 5}, 4, 0).fits(4));
  CHECK_FALSE(floats({0, 5}, 5, 0).fits(4));
}

TEST_CASE("no number in an entry is too large to be judged") {
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  CHECK_FALSE(floats({}, most, 4).fits(100));
  CHECK_FALSE(floats({}, most - 3, 4).fits(100));
  CHECK_FALSE(floats({-1}, 0, most - 3).fits(most));
  CHECK_FALSE(floats({std::int64_t{1} << 62}, 0, 0).fits(100));  // times 4 is 2^64, which is no 0
  CHECK_FALSE(floats({std::int64_t{1} << 40, std::int64_t{1} << 40}, 0, 0).fits(100));
  Entry unknown = floats({}, 0, 0);
  unknown.dtype = static_cast<cairn::DType>(77);
  CHECK_FALSE(unknown.fits(100));
  Entry unranked = floats({}, 0, 4);
  unranked.unknown_rank = true;
  CHECK_FALSE(unranked.fits(100));
}

TEST_CASE("of strings only the end is checked") {
  Entry entry = floats({2}, 4, 96);
  entry.dtype = cairn::DT_STRING;
  CHECK(entry.fits(100));
  CHECK_FALSE(entry.fits(99));
  CHECK_FALSE(entry.byte_count().has_value());
}
