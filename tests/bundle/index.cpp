#include <cairn/bundle/index.hpp>
#include <cairn/format/detail/ordered_code.hpp>

#include <doctest/doctest.h>

#include "bundle/bundles.hpp"
#include "support/slowness.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace bundle = cairn::bundle;
namespace format = cairn::format;
using cairn::ErrorCode;
using cairn::test::code_of;

namespace {

// Reads an index with this header and one entry of these bytes.
bundle::Index read(const std::string& header, const std::vector<std::pair<std::string, std::string>>& entries = {}) {
  cairn::testing::MemoryFileSystem files;
  format::TableBuilder builder;
  if (!header.empty()) builder.add("", header);
  for (const auto& [key, value] : entries) builder.add(key, value);
  cairn::test::write_file(files, "p.index", builder.finish());
  return bundle::read_index(files, "p.index");
}

std::string header_of(format::VersionDef version, std::int32_t endianness = 0) {
  format::BundleHeader header;
  header.num_shards = 1;
  header.version = std::move(version);
  header.endianness = static_cast<format::Endianness>(endianness);
  return format::encode(header);
}

// An index of these keys, however they come, is read back with all of them in order.
void require_sorted(std::vector<std::string> keys) {
  bundle::Index index;
  for (const std::string& key : keys) index.entries.emplace_back(key, cairn::test::entry_of(cairn::DT_INT8, {0}, ""));
  cairn::testing::MemoryFileSystem files;
  cairn::test::write_file(files, "p.index", bundle::encode_index(index));  // a table takes keys in their order only
  std::sort(keys.begin(), keys.end());
  const bundle::Index found = bundle::read_index(files, "p.index");
  REQUIRE(found.entries.size() == keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) CHECK(found.entries[i].first == keys[i]);
}

}  // namespace

TEST_CASE("an index is read back as it was encoded, in the order of its keys") {
  bundle::Index index;
  index.num_shards = 7;
  index.entries = {{"z", cairn::test::entry_of(cairn::DT_FLOAT, {2, 0}, "", 5, 6)},
                   {"a", cairn::test::entry_of(cairn::DT_INT8, {4}, "abcd", 1, 2)},
                   {std::string("a\0b", 3), cairn::test::entry_of(cairn::DT_BOOL, {}, "x")},
                   {"\xff", cairn::test::entry_of(cairn::DT_BOOL, {}, "x")}};
  cairn::testing::MemoryFileSystem files;
  cairn::test::write_file(files, "p.index", bundle::encode_index(index));
  const bundle::Index found = bundle::read_index(files, "p.index");
  CHECK(found.num_shards == 7);
  REQUIRE(found.entries.size() == 4);
  CHECK(found.entries[0] == index.entries[1]);
  CHECK(found.entries[1] == index.entries[2]);
  CHECK(found.entries[2] == index.entries[0]);
  CHECK(found.entries[3] == index.entries[3]);
  CHECK(bundle::find_entry(found.entries, "z") == &found.entries[2].second);
  CHECK(bundle::find_entry(found.entries, "zz") == nullptr);
}

TEST_CASE("keys are sorted by all their bytes, however many begin alike and wherever they end") {
  const std::string begin(300, 'p');
  std::vector<std::string> keys;
  for (const std::string& prefix : {std::string(), std::string("layers/"), begin, begin + 'q'})
    for (int i = 99; i >= 0; --i) {
      keys.push_back(prefix + std::to_string(i));
      keys.push_back(prefix + std::string(static_cast<std::size_t>(i + 1), '\0'));
      keys.push_back(prefix + "\xff" + std::to_string(i));
    }
  require_sorted(std::move(keys));
}

TEST_CASE("keys that come in the order of a list are sorted, too, however many places its numbers have") {
  for (const int count : {40, 99, 100, 101, 1234}) {
    CAPTURE(count);
    std::vector<std::string> keys;
    for (int i = 0; i < count; ++i) keys.push_back("weights/" + std::to_string(i) + "/kernel");
    require_sorted(std::move(keys));
  }
}

TEST_CASE("a key that is encoded twice is refused") {
  bundle::Index index;
  index.entries = {{"a", {}}, {"a", {}}};
  CHECK(code_of([&] { (void)bundle::encode_index(index); }) == ErrorCode::already_exists);
}

TEST_CASE("a checkpoint for newer readers is refused, one by newer writers is read") {
  CHECK(read(header_of({1, 0, {}})).num_shards == 1);
  CHECK(read(header_of({99, 1, {}})).num_shards == 1);
  CHECK(read(header_of({0, 0, {2, 3}})).num_shards == 1);
  CHECK(read("\x08\x01").num_shards == 1);  // before September 2016 there was no version
  CHECK(code_of([] { (void)read(header_of({2, 2, {}})); }) == ErrorCode::unimplemented);
  CHECK(code_of([] { (void)read(header_of({1, 0, {5, 1}})); }) == ErrorCode::unimplemented);
  CHECK(code_of([] { (void)read(header_of({-1, 0, {}})); }) == ErrorCode::data_loss);
}

TEST_CASE("a byte order that is none is refused") {
  CHECK(read(header_of({1, 0, {}}, 1)).big_endian);
  CHECK(code_of([] { (void)read(header_of({1, 0, {}}, 7)); }) == ErrorCode::data_loss);
}

TEST_CASE("an index without a header is no index") {
  CHECK(code_of([] { (void)read("", {{"a", ""}}); }) == ErrorCode::data_loss);
}

TEST_CASE("an entry that is no message is data_loss with its key and file") {
  try {
    (void)read(header_of({1, 0, {}}), {{"a", ""}, {"b", "\x0a\xff"}});
    FAIL("nothing was thrown");
  } catch (const cairn::Error& error) {
    CHECK(error.code() == ErrorCode::data_loss);
    CHECK(error.key() == "b");
    CHECK(error.file() == "p.index");
  }
}

TEST_CASE("only keys of parts that a tensor lists are taken for parts") {
  bundle::Entry whole;
  whole.dtype = cairn::DT_INT8;
  whole.shape = {2};
  whole.slices = {{{0, 1}}, {{1, 1}}};
  const std::string first = cairn::format::detail::encode_slice_key("w", whole.slices[0]);
  const std::string stray = cairn::format::detail::encode_slice_key("v", whole.slices[0]);
  bundle::Index index;
  index.entries = {{"w", whole}, {stray, {}}, {std::string("\0name", 5), {}}};
  index.slices = {{first, {}}};
  cairn::testing::MemoryFileSystem files;
  cairn::test::write_file(files, "p.index", bundle::encode_index(index));
  const bundle::Index found = bundle::read_index(files, "p.index");
  REQUIRE(found.slices.size() == 1);
  CHECK(found.slices[0].first == first);
  CHECK(found.entries.size() == 3);
  CHECK(bundle::find_entry(found.entries, "w") != nullptr);
  CHECK(bundle::find_entry(found.entries, stray) != nullptr);
}

TEST_CASE("an index of many entries that are as short as they can be is read") {
  bundle::Index index;
  constexpr int count = 450'000 / cairn::test::emulation;
  for (int i = 0; i < count; ++i)
    index.entries.emplace_back(std::to_string(1'000'000 + i), cairn::test::entry_of(cairn::DT_BOOL, {}, "x"));
  const std::string bytes = bundle::encode_index(index);
  CHECK(bytes.size() < 24 * std::size_t{count});
  CHECK(bundle::decode_index(bytes, "p.index").entries.size() == count);
}

TEST_CASE("an index of many tensors in four parts each is read") {
  bundle::Index index;
  constexpr int count = 60'000 / cairn::test::emulation;
  for (int i = 0; i < count; ++i) {
    const std::string key = "model/layer_" + std::to_string(i / 100) + "/w" + std::to_string(i % 100);
    bundle::Entry whole = cairn::test::entry_of(cairn::DT_FLOAT, {64}, "");
    for (std::int64_t part = 0; part < 4; ++part) {
      whole.slices.push_back({{16 * part, 16}});
      index.entries.emplace_back(format::detail::encode_slice_key(key, whole.slices.back()),
                                 cairn::test::entry_of(cairn::DT_FLOAT, {16}, ""));
    }
    index.entries.emplace_back(key, std::move(whole));
  }
  const bundle::Index found = bundle::decode_index(bundle::encode_index(index), "p.index");
  CHECK(found.entries.size() == count);
  CHECK(found.slices.size() == 4 * count);
}

TEST_CASE("what values justify is bounded by the file, however much of them compressed blocks hold") {
  bundle::detail::EntryBudget budget(1 << 20);
  constexpr std::uint64_t most = (std::uint64_t{28} << 20) + (std::uint64_t{10} << 20);
  budget.take(0, 0, std::uint64_t{1} << 40);
  CHECK_THROWS_AS(budget.take(0, most + 1, 0), cairn::Error);
  budget.take(0, most, 0);
  CHECK_THROWS_AS(budget.take(1, 0, 40), cairn::Error);
}
