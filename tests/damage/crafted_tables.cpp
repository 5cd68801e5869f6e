// Crafted tables: blocks, handles, restart points and keys that no builder makes.
#include "damage/crafted.hpp"

#include <cstdint>
#include <string>
#include <vector>

using namespace cairn;
using namespace cairn::test;

namespace {

// Some rows and what belongs to them: "a" is a number.
struct Base {
  Craft craft;
  RawTable::Rows rows;

  Base() : craft(good_checkpoint()), rows(craft.rows()) {}
  [[nodiscard]] CheckpointFiles with(const std::string& index) const { return {index, craft.shards}; }
};

// Snappy's form of `size` times the byte 'x'.
std::string bomb(std::uint64_t size) {
  std::string bytes;
  format::append_varint(bytes, size);
  bytes += std::string("\0x", 2);
  for (std::uint64_t done = 1; done < size;) {
    const std::uint64_t run = std::min<std::uint64_t>(64, size - done);
    bytes += static_cast<char>(((run - 1) << 2) | 2);
    bytes += std::string("\1\0", 2);
    done += run;
  }
  return bytes;
}

}  // namespace

TEST_CASE("crafted keys: twice, unsorted, in the wrong block") {
  require_all_harmless(80, [](unsigned variant, Random& random) {
    Base base;
    auto& rows = base.rows;
    const std::size_t i = 1 + random() % (rows.size() - 1);
    if (variant % 4 == 0) rows.insert(rows.begin() + static_cast<std::ptrdiff_t>(i), rows[i]);
    if (variant % 4 == 1) std::shuffle(rows.begin() + 1, rows.end(), random);
    if (variant % 4 == 2) rows.push_back(rows.front());
    RawTable table;
    RawTable::Rows index;
    for (std::size_t begin = 0; begin < rows.size();) {
      const std::size_t size = std::min(rows.size() - begin, 1 + random() % rows.size());
      const auto at = rows.begin() + static_cast<std::ptrdiff_t>(begin);
      const auto handle = table.add(RawTable::block({at, at + static_cast<std::ptrdiff_t>(size)}));
      index.push_back({at[static_cast<std::ptrdiff_t>(size) - 1].key, RawTable::encoded(handle)});
      begin += size;
    }
    if (variant % 4 == 3) any_of(index, random).key = any_of(rows, random).key;
    if (variant % 8 == 7) index.push_back(index.front());  // a block listed twice
    if (variant % 8 == 3) std::shuffle(index.begin(), index.end(), random);
    return base.with(table.finish(index));
  });
}

TEST_CASE("crafted entries of blocks: lengths that wrap at 32 bits, shared bytes that are not there") {
  require_all_harmless(100, [](unsigned variant, Random& random) {
    Base base;
    auto& row = any_of(base.rows, random);
    const auto number = static_cast<std::uint64_t>(hostile_number(random));
    if (variant % 4 == 0) row.shared = number;
    if (variant % 4 == 1) row.non_shared = number;
    if (variant % 4 == 2) row.value_size = number;
    if (variant % 4 == 3) {
      row.non_shared = 0xffffffffu;
      row.value_size = 1 + random() % 100;
    }
    return base.craft.sealed(base.rows);
  });
}

TEST_CASE("crafted restart points: none, too many, between entries, out of order") {
  require_all_harmless(60, [](unsigned variant, Random& random) {
    Base base;
    std::vector<std::uint32_t> restarts{0};
    for (unsigned i = 0; i < variant % 5; ++i)
      restarts.push_back(variant % 3 == 0 ? static_cast<std::uint32_t>(hostile_number(random))
                                          : static_cast<std::uint32_t>(random() % 500));
    std::string block = RawTable::block(base.rows, restarts);
    if (variant % 4 == 0) {
      block.resize(block.size() - 4);
      format::append_fixed32(block, static_cast<std::uint32_t>(hostile_number(random)));
    }
    RawTable table;
    const auto handle = table.add(block);
    return base.with(table.finish({{"\xff", RawTable::encoded(handle)}}));
  });
}

TEST_CASE("crafted handles: beyond the file, overlapping, twice, of other blocks, of any size") {
  require_all_harmless(100, [](unsigned variant, Random& random) {
    Base base;
    RawTable table;
    const auto data = table.add(RawTable::block(base.rows));
    const auto meta = table.add(RawTable::block({}));
    const auto hostile = [&] {
      return format::BlockHandle{static_cast<std::uint64_t>(hostile_number(random)),
                                 static_cast<std::uint64_t>(hostile_number(random))};
    };
    RawTable::Rows index{{"\xfe", RawTable::encoded(data)}};
    const format::BlockHandle own{table.size(), 40};
    const std::vector<format::BlockHandle> others{
        data, meta, own, hostile(), {data.offset, data.size - 1}, {data.offset + 1, data.size - 1}, {0, 0}};
    for (unsigned i = 0; i < 1 + variant % 3; ++i)
      index.push_back({"\xfe" + std::to_string(i),
                       RawTable::encoded(any_of(const_cast<std::vector<format::BlockHandle>&>(others), random))});
    if (variant % 5 == 0) index = {{"\xff", RawTable::encoded(hostile())}};
    if (variant % 5 == 1) index[0].value.resize(random() % 3);
    const auto index_handle = table.add(RawTable::block(index));
    if (variant % 7 == 0) return base.with(table.finish(hostile(), index_handle));
    if (variant % 7 == 1) return base.with(table.finish(meta, hostile()));
    if (variant % 7 == 2) return base.with(table.finish(meta, data));
    return base.with(table.finish(meta, index_handle));
  });
}

TEST_CASE("crafted compression: bombs, unknown kinds, bytes that are not snappy's") {
  require_all_harmless(40, [](unsigned variant, Random& random) {
    Base base;
    RawTable table;
    std::string block;
    if (variant % 4 == 0) block = bomb(std::uint64_t{1} << (variant / 2));
    if (variant % 4 == 1) format::append_varint(block, static_cast<std::uint64_t>(hostile_number(random)));
    if (variant % 4 != 0)
      for (std::size_t i = random() % 200; i > 0; --i) block += static_cast<char>(random());
    if (variant % 4 == 3) block = RawTable::block(base.rows);
    const auto handle = table.add(block, variant % 4 == 3 ? static_cast<std::uint8_t>(2 + variant) : std::uint8_t{1});
    return base.with(table.finish({{"\xff", RawTable::encoded(handle)}}));
  });
}

TEST_CASE("crafted tables of millions of small entries or very long keys") {
  require_all_harmless(9, [](unsigned variant, Random&) {
    if (variant == 8) {  // many compressed blocks, none of which is too large by itself
      RawTable table;
      RawTable::Rows index;
      const std::string bytes = bomb(std::uint64_t{24} << 20);
      for (int i = 0; i < 4; ++i) index.push_back({std::to_string(i), RawTable::encoded(table.add(bytes, 1))});
      return CheckpointFiles{table.finish(index), {""}};
    }
    RawTable::Rows rows{{"", format::encode(good_checkpoint().header)}};
    std::string block;
    std::string key;
    const auto row = [&](std::size_t shared, const std::string& rest, const std::string& value) {
      format::append_varint(block, shared);
      format::append_varint(block, rest.size());
      format::append_varint(block, value.size());
      block += rest + value;
    };
    row(0, "", rows[0].value);
    if (variant < 4) {  // entries of four bytes with keys of some
      row(0, std::string(std::size_t{4} << (2 * variant), 'k'), "");
      for (unsigned i = 0; i < 600'000; ++i) {
        const std::size_t length = std::size_t{4} << (2 * variant);
        std::string digits(3, '\0');
        digits[0] = static_cast<char>(i >> 16);
        digits[1] = static_cast<char>(i >> 8);
        digits[2] = static_cast<char>(i);
        row(length, digits, "");
      }
    } else {  // long keys, slices without end, shapes without end
      if (variant == 4) row(0, std::string(std::size_t{3} << 20, 'k'), "");
      if (variant == 5) {
        std::string value("\x08\1\x12\0", 4);
        for (unsigned i = 0; i < many(1'000'000); ++i) value += std::string("\x3a\0", 2);
        row(0, std::string(100000, 'k'), value);
      }
      if (variant == 6) {
        std::string shape;
        for (unsigned i = 0; i < many(1'000'000); ++i) shape += std::string("\x12\0", 2);
        std::string value("\x08\1\x12", 3);
        format::append_varint(value, shape.size());
        row(0, "k", value + shape);
      }
      if (variant == 7) {
        std::string slice;
        for (unsigned i = 0; i < many(1'000'000); ++i) slice += std::string("\x0a\0", 2);
        std::string value("\x08\1\x12\0\x3a", 5);
        format::append_varint(value, slice.size());
        row(0, "k", value + slice);
      }
    }
    format::append_fixed32(block, 0);
    format::append_fixed32(block, 1);
    RawTable table;
    const auto handle = table.add(block);
    return CheckpointFiles{table.finish({{"\xff", RawTable::encoded(handle)}}), {""}};
  });
}
