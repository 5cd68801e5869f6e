#include <cairn/bundle/detail/shards.hpp>

#include <doctest/doctest.h>

#include "bundle/bundles.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace bundle = cairn::bundle;
using cairn::ErrorCode;
using cairn::test::code_of;
using cairn::test::entry_of;

TEST_CASE("an entry with numbers that no tensor has is refused, each in its sentence") {
  cairn::testing::MemoryFileSystem files;
  const cairn::bundle::detail::Shards shards(files, "p", 1);
  const bundle::Entry good = entry_of(cairn::DT_FLOAT, {2}, "12345678");
  shards.require_legal("x", good);
  const auto code_with = [&](auto change) {
    bundle::Entry bad = good;
    change(bad);
    return code_of([&] { shards.require_legal("x", bad); });
  };
  for (const int number : {0, -1, 101, 107, 1000})
    CHECK(code_with([&](auto& entry) { entry.dtype = static_cast<cairn::DType>(number); }) == ErrorCode::data_loss);
  for (const int number : {20, 34, 77, 100})
    CHECK(code_with([&](auto& entry) { entry.dtype = static_cast<cairn::DType>(number); }) == ErrorCode::unimplemented);
  for (const cairn::Shape& shape :
       {cairn::Shape{-2}, cairn::Shape{3}, cairn::Shape{}, cairn::Shape{-1, 0},
        cairn::Shape{std::int64_t{1} << 40, std::int64_t{1} << 40}, cairn::Shape{(std::int64_t{1} << 62) + 2}})
    CHECK(code_with([&](auto& entry) { entry.shape = shape; }) == ErrorCode::data_loss);
  for (const std::int32_t shard : {-1, 1, std::numeric_limits<std::int32_t>::max()})
    CHECK(code_with([&](auto& entry) { entry.shard = shard; }) == ErrorCode::data_loss);
  CHECK(code_with([](auto& entry) { entry.unknown_rank = true; }) == ErrorCode::data_loss);
  CHECK(code_with([](auto& entry) { entry.size = 7; }) == ErrorCode::data_loss);
  CHECK(code_with([](auto& entry) { entry.size = static_cast<std::uint64_t>(-8); }) == ErrorCode::data_loss);
}

TEST_CASE("an offset beyond the shard is refused, however large") {
  cairn::testing::MemoryFileSystem files;
  cairn::test::write_file(files, "p.data-00000-of-00001", "12345678");
  const cairn::bundle::detail::Shards shards(files, "p", 1);
  bundle::Entry entry = entry_of(cairn::DT_FLOAT, {2}, "12345678");
  shards.require_present("x", entry);
  for (const std::uint64_t offset : {std::uint64_t{1}, std::uint64_t{9}, std::uint64_t{1} << 63, ~std::uint64_t{0}}) {
    entry.offset = offset;
    CHECK(code_of([&] { shards.require_present("x", entry); }) == ErrorCode::data_loss);
  }
}
