#include <cairn/format/table.hpp>
#include <cairn/format/table_builder.hpp>

#include <doctest/doctest.h>

#include "hex.hpp"

#include <cstddef>
#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace cairn::format;
using cairn::ErrorCode;
using cairn::test::bytes;
using cairn::test::contains;
using cairn::test::error_of;
using cairn::test::hex;
using cairn::test::refusal_of;

using Pairs = std::vector<std::pair<std::string, std::string>>;

Pairs entries_of(const Table& table) {
  Pairs pairs;
  table.for_each([&](std::string_view key, std::string_view value) { pairs.emplace_back(key, value); });
  CHECK(pairs.size() == table.size());
  return pairs;
}

std::string table_of(const Pairs& pairs, std::size_t block_size = default_block_size) {
  TableBuilder builder(block_size);
  for (const auto& [key, value] : pairs) builder.add(key, value);
  CHECK(builder.size() == pairs.size());
  return builder.finish();
}

// A table put together by hand, with right checksums around whatever is in it.
class Forge {
 public:
  BlockHandle block(std::string_view contents, int type = 0) {
    const BlockHandle handle{file_.size(), contents.size()};
    file_ += contents;
    file_ += static_cast<char>(type);
    append_fixed32(file_, block_checksum(contents, static_cast<Compression>(type)));
    return handle;
  }
  void point(std::string_view key, const BlockHandle& handle) {
    std::string value;
    append_handle(value, handle);
    index_.add(key, value);
  }
  std::string finish() {
    const BlockHandle meta = block(BlockBuilder(16).finish());
    return finish(meta, block(index_.finish()));
  }
  std::string finish(const BlockHandle& meta, const BlockHandle& index) {
    std::string footer;
    append_handle(footer, meta);
    append_handle(footer, index);
    footer.resize(40);
    append_fixed64(footer, table_magic);
    return file_ + footer;
  }

 private:
  std::string file_;
  BlockBuilder index_{1};
};

std::string block_of(const Pairs& pairs) {
  BlockBuilder builder(16);
  for (const auto& [key, value] : pairs) builder.add(key, value);
  return builder.finish();
}

void refused(const std::string& file, std::string_view words) {
  const cairn::Error error = refusal_of([&] { return Table(file, "ckpt-1.index"); }, ErrorCode::data_loss, words);
  CHECK(error.file() == "ckpt-1.index");
  CHECK(contains(error.what(), "ckpt-1.index"));
}

TEST_CASE("the table that TensorFlow writes for one variable comes out to the byte") {
  const Pairs pairs{
      {"", bytes("08 01 1a 02 08 01")},
      {"_CHECKPOINTABLE_OBJECT_GRAPH", bytes("08 07 12 00 20 04 28 52 35 aa 56 b0 93")},
      {"x/.ATTRIBUTES/VARIABLE_VALUE", bytes("08 01 12 00 28 04 35 a6 7b 11 3a")},
  };
  const std::string file = bytes(
                               "00 00 06 08 01 1a 02 08 01"
                               "00 1c 0d '_CHECKPOINTABLE_OBJECT_GRAPH' 08 07 12 00 20 04 28 52 35 aa 56 b0 93"
                               "00 1c 0b 'x/.ATTRIBUTES/VARIABLE_VALUE' 08 01 12 00 28 04 35 a6 7b 11 3a"
                               "00 00 00 00 01 00 00 00 00 7c 0f b4 c3"
                               "00 00 00 00 01 00 00 00 00 c0 f2 a1 b0"
                               "00 01 02 'y' 00 67 00 00 00 00 01 00 00 00 00 da d7 18 8e"
                               "6c 08 79 0e") +
                           std::string(36, '\0') + bytes("57 fb 80 8b 24 75 47 db");
  CHECK(file.size() == 188);
  CHECK(hex(table_of(pairs)) == hex(file));
  CHECK(entries_of(Table(file)) == pairs);
}

TEST_CASE("tables of no entry and of one go both ways") {
  for (const Pairs& pairs : {Pairs{}, Pairs{{"", ""}}, Pairs{{"", "header"}}, Pairs{{"key", "value"}}}) {
    const std::string file = table_of(pairs);
    CHECK(entries_of(Table(file)) == pairs);
    CHECK(entries_of(Table(table_of(pairs, 1))) == pairs);
  }
}

TEST_CASE("random keys are read back whatever the size of blocks") {
  std::mt19937 random(3);
  std::set<std::string> keys;
  while (keys.size() < 3000) {
    std::string key(random() % 20, '\0');
    for (char& c : key) c = "\0az\xfe\xff"[random() % 5];
    keys.insert(key);
  }
  Pairs pairs;
  for (const std::string& key : keys) pairs.emplace_back(key, std::string(random() % 50, 'v'));
  for (const std::size_t block_size : {1u, 13u, 100u, 1000u, 10000u, 262144u})
    CHECK(entries_of(Table(table_of(pairs, block_size))) == pairs);
}

TEST_CASE("a block is closed when it has reached its size, not before") {
  // "", then one key of one byte: 3 + 3 + 1 + value, 4 of restart, 4 of their count.
  const auto blocks = [](std::size_t value_size) {
    const std::string file = table_of({{"", ""}, {"a", std::string(value_size, 'v')}, {"b", "w"}}, 100);
    const std::string footer = file.substr(file.size() - 48);
    ByteReader reader(footer);
    static_cast<void>(reader.read_varint64());
    static_cast<void>(reader.read_varint64());
    const std::size_t index = reader.read_varint64();
    const std::size_t size = reader.read_varint64();
    return entries_of(Table(file)).size() + 10 * (ByteReader(file.substr(index + size - 4)).read_fixed32());
  };
  CHECK(blocks(84) == 13);
  CHECK(blocks(85) == 23);
}

TEST_CASE("an entry of twice a block's size begins a block of its own") {
  for (const std::size_t size : {198u, 199u}) {
    const std::string file = table_of({{"", "h"}, {"a", std::string(size, 'v')}}, 100);
    // The first block is closed early only for the larger value.
    CHECK(hex(file.substr(0, 12)) == (size == 199 ? "00000168"
                                                    "00000000"
                                                    "01000000"
                                                  : hex(file.substr(0, 12))));
    CHECK((hex(file.substr(4, 8)) == "0000000001000000") == (size == 199));
  }
}

TEST_CASE("the index holds the shortest keys that separate blocks") {
  using cairn::format::detail::short_successor;
  using cairn::format::detail::shortest_separator;
  CHECK(shortest_separator("abcdef", "abzz") == "abd");
  CHECK(shortest_separator("abc", "abd") == "abc");
  CHECK(shortest_separator("abc", "abe") == "abd");
  CHECK(shortest_separator("ab", "abc") == "ab");
  CHECK(shortest_separator("", "abc").empty());
  CHECK(shortest_separator("a\xff", "b") == "a\xff");
  CHECK(shortest_separator("a\x7fzz", "a\x81") == "a\x80");
  CHECK(shortest_separator("a\xfe", "a\xff") == "a\xfe");
  CHECK(short_successor("x/.ATTRIBUTES") == "y");
  CHECK(short_successor("\xff\xff"
                        "a") ==
        "\xff\xff"
        "b");
  CHECK(short_successor("\xff\xff") == "\xff\xff");
  CHECK(short_successor("").empty());
}

TEST_CASE("keys must come in order, and a refused one is not added") {
  TableBuilder builder;
  builder.add("b", "1");
  const auto add = [&](std::string_view key) {
    return error_of([&] {
             builder.add(key, "2");
             return 0;
           })
        .code();
  };
  CHECK(add("b") == ErrorCode::already_exists);
  CHECK(add("a") == ErrorCode::invalid_argument);
  CHECK(add("") == ErrorCode::invalid_argument);
  builder.add("b\xff", "3");
  CHECK(entries_of(Table(builder.finish())) == Pairs{{"b", "1"}, {"b\xff", "3"}});
}

TEST_CASE("files that are no table are refused") {
  refused("", "0 bytes, fewer than the 48");
  refused(std::string(47, '\0'), "47 bytes, fewer than the 48");
  refused(std::string(48, '\0'), "last eight bytes");
  refused(std::string(1000, 'x'), "last eight bytes");
  std::string file = table_of({{"k", "v"}});
  file.back() = 'x';
  refused(file, "last eight bytes");
  file = table_of({{"k", "v"}});
  refused(file + "x", "last eight bytes");
  refused("x" + file, "checksum");
  for (std::size_t size = 0; size < file.size(); ++size) refused(file.substr(0, size), "damaged at byte");
}

TEST_CASE("handles beyond the file are refused, however large") {
  for (const std::uint64_t large :
       {std::uint64_t{1000}, std::uint64_t{1} << 32, std::uint64_t{1} << 62, ~std::uint64_t{0}}) {
    for (const BlockHandle handle : {BlockHandle{large, 8}, BlockHandle{0, large}, BlockHandle{large, large}}) {
      Forge index_outside;
      index_outside.block(block_of({}));
      refused(index_outside.finish({}, handle), "not inside the file");
      Forge data_outside;
      data_outside.point("z", handle);
      refused(data_outside.finish(), "not inside the file");
    }
  }
}

TEST_CASE("blocks that overlap or are listed twice are refused") {
  Forge twice;
  const BlockHandle block = twice.block(block_of({}));
  twice.point("a", block);
  twice.point("b", block);
  refused(twice.finish(), "overlaps the block before it");

  Forge backwards;
  const BlockHandle first = backwards.block(block_of({{"b", ""}}));
  const BlockHandle second = backwards.block(block_of({{"a", ""}}));
  backwards.point("a", second);
  backwards.point("b", first);
  refused(backwards.finish(), "overlaps the block before it");

  // The index block lists itself: its key must be its own handle, which is known beforehand.
  Forge itself;
  itself.point("a", {13, 13});
  refused(itself.finish(), "overlaps the index block");
}

TEST_CASE("keys out of order between blocks are refused with right checksums, too") {
  Forge forge;
  forge.point("b", forge.block(block_of({{"a", ""}, {"b", ""}})));
  forge.point("c", forge.block(block_of({{"b", ""}})));
  refused(forge.finish(), "belongs to an earlier one");
  Forge later;
  later.point("b", later.block(block_of({{"a", ""}, {"c", ""}})));
  later.point("d", later.block(block_of({{"d", ""}})));
  refused(later.finish(), "belongs to a later one");
}

TEST_CASE("an index entry with a handle that is cut is refused") {
  Forge forge;
  forge.block(block_of({}));
  BlockBuilder index(1);
  index.add("a", bytes("80"));
  const BlockHandle handle = forge.block(index.finish());
  refused(forge.finish({}, handle), "middle of a number");
}

TEST_CASE("compressed blocks are read, those of unknown compression refused") {
  const std::string plain = block_of({{"a", "1"}, {"b", "2"}});
  std::string compressed;
  append_varint(compressed, plain.size());
  compressed += static_cast<char>((plain.size() - 1) << 2);
  compressed += plain;
  Forge forge;
  forge.point("b", forge.block(compressed, 1));
  CHECK(entries_of(Table(forge.finish())) == Pairs{{"a", "1"}, {"b", "2"}});
  Forge unknown;
  unknown.point("b", unknown.block(plain, 2));
  refused(unknown.finish(), "compression 2");
  Forge broken;
  broken.point("b", broken.block("\x7f", 1));
  refused(broken.finish(), "its compressed block at byte 0");
}

TEST_CASE("a small file cannot ask for a great amount of keys") {
  // A key of 1 MiB, and then a thousand keys that add one byte each to the one before.
  BlockBuilder builder(1000000);
  std::string key(1 << 20, 'k');
  for (int i = 0; i < 1000; ++i) builder.add(key += 'x', "");
  Forge forge;
  forge.point("z", forge.block(builder.finish()));
  refused(forge.finish(), "16 times the bytes of the file");
}

TEST_CASE("the table may be moved and copied before it is asked") {
  Table table(table_of({{"k", "v"}}));
  const Table copy = table;
  const Table moved = std::move(table);
  CHECK(entries_of(copy) == entries_of(moved));
  CHECK(moved.key_bytes() == 2);
}

}  // namespace
