// Crafted entries and tensors in tables that are as they should be.
#include "damage/crafted.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

using namespace cairn;
using namespace cairn::test;

namespace {

format::BundleEntry& any_entry(Craft& craft, Random& random) { return any_of(craft.entries, random).second; }

// The entry of a string tensor whose bytes are given, with the checksum that a reader of `lengths` asks for.
std::string lengths_block(const std::vector<std::uint64_t>& lengths, std::uint32_t& crc_of_all, std::string_view text) {
  std::string bytes;
  cairn::bundle::detail::NumberCrc crc(false);
  for (const std::uint64_t length : lengths) {
    format::append_varint(bytes, length);
    crc.add_length(length);
  }
  const std::uint32_t checksum = crc.masked();
  format::append_fixed32(bytes, checksum);
  crc.add_bytes(std::as_bytes(std::span(&checksum, 1)));
  crc.add_bytes(format::as_bytes(text));
  crc_of_all = crc.masked();
  return bytes += text;
}

}  // namespace

TEST_CASE("crafted shapes: negative, overflowing, of any rank") {
  require_all_harmless(120, [](unsigned variant, Random& random) {
    Craft craft = good_checkpoint();
    for (unsigned i = 0; i <= variant % 3; ++i) {
      auto& entry = any_entry(craft, random);
      std::vector<std::int64_t> extents(entry.shape.begin(), entry.shape.end());
      constexpr std::array<std::size_t, 9> ranks{0, 1, 2, 64, 253, 254, 255, 256, 1000};
      if (variant % 4 == 0) extents.assign(ranks[variant / 4 % ranks.size()], 1);
      if (extents.empty()) extents.push_back(1);
      any_of(extents, random) = hostile_number(random);
      if (variant % 2 == 0) extents.push_back(hostile_number(random));
      entry.shape = Shape(extents);
      entry.unknown_rank = variant % 17 == 0;
      // With the size that the product wraps to, too.
      std::uint64_t product = size_of(entry.dtype);
      for (const std::int64_t extent : extents) product *= static_cast<std::uint64_t>(extent);
      if (variant % 3 == 0) entry.size = static_cast<std::uint64_t>(product);
    }
    return craft.sealed();
  });
}

TEST_CASE("crafted dtypes: unknown, reference, of another size") {
  require_all_harmless(150, [](unsigned variant, Random& random) {
    Craft craft = good_checkpoint();
    const std::int32_t number =
        variant < 140 ? static_cast<std::int32_t>(variant) : static_cast<std::int32_t>(hostile_number(random));
    for (auto& item : craft.entries)
      if (variant % 2 == 0 || random() % 4 == 0) item.second.dtype = static_cast<DType>(number);
    return craft.sealed();
  });
}

TEST_CASE("crafted offsets, sizes, shards and checksums") {
  require_all_harmless(120, [](unsigned variant, Random& random) {
    Craft craft = good_checkpoint();
    auto& entry = any_entry(craft, random);
    switch (variant % 5) {
      case 0:
        entry.offset = static_cast<std::uint64_t>(hostile_number(random));
        break;
      case 1:
        entry.size = static_cast<std::uint64_t>(hostile_number(random));
        break;
      case 2:
        entry.shard = static_cast<std::int32_t>(hostile_number(random));
        break;
      case 3:
        entry.crc32c = static_cast<std::uint32_t>(hostile_number(random));
        break;
      default:
        entry.offset = static_cast<std::uint64_t>(hostile_number(random));
        entry.size = static_cast<std::uint64_t>(hostile_number(random));
        entry.shape = Shape{static_cast<std::int64_t>(entry.size)};
        entry.dtype = DT_UINT8;
    }
    if (variant % 10 >= 5) craft.header.num_shards = static_cast<std::int32_t>(hostile_number(random));
    return craft.sealed();
  });
}

TEST_CASE("crafted headers: absent, twice, of other versions and byte orders") {
  require_all_harmless(60, [](unsigned variant, Random& random) {
    Craft craft = good_checkpoint();
    auto& version = craft.header.version.emplace();
    version.producer = 1;
    if (variant % 6 == 0) version.min_consumer = static_cast<std::int32_t>(hostile_number(random));
    if (variant % 6 == 1) version.producer = static_cast<std::int32_t>(hostile_number(random));
    if (variant % 6 == 2) version.bad_consumers = {static_cast<std::int32_t>(hostile_number(random)), 1, 1};
    if (variant % 6 == 3)
      craft.header.endianness = static_cast<format::Endianness>(static_cast<std::int32_t>(hostile_number(random)));
    if (variant % 6 == 4) craft.header.num_shards = static_cast<std::int32_t>(hostile_number(random));
    if (variant % 12 == 3) craft.header.endianness = format::Endianness::big;
    auto rows = craft.rows();
    if (variant % 6 == 5) {
      if (variant % 4 == 1) rows.erase(rows.begin());
      if (variant % 4 == 3) rows.insert(rows.begin(), rows.front());
      if (variant % 5 == 0) rows[0].value.assign(variant, '\x0a');
    }
    return craft.sealed(rows);
  });
}

TEST_CASE("crafted messages: repeated, nested, of wrong types and cut") {
  require_all_harmless(120, [](unsigned variant, Random& random) {
    Craft craft = good_checkpoint();
    auto rows = craft.rows();
    std::string& value = rows[1 + random() % (rows.size() - 1)].value;
    const auto groups = [](std::size_t depth) { return std::string(depth, '\x5b') + std::string(depth, '\x5c'); };
    switch (variant % 8) {
      case 0:
        value += value;
        break;
      case 1:
        value += groups(99 + random() % 4);
        break;
      case 2:
        value += std::string(100000, '\x5b');
        break;
      case 3:
        value.resize(random() % (value.size() + 1));
        break;
      case 4:
        value += std::string("\x0d\1\2\3\4", 5);  // dtype as fixed32
        break;
      case 5:
        value += "\x12\x0a\x12\x08\x08\xff\xff\xff\xff\xff\xff\x7f";  // another shape
        break;
      case 6:
        value += std::string("\x12\x06\x12\x04\x12\x02\xff\xfe", 8);  // a dimension's name that is not UTF-8
        break;
      default:
        for (int i = 0; i < 3; ++i)
          if (!value.empty()) value[random() % value.size()] = static_cast<char>(random());
    }
    return craft.sealed(rows);
  });
}

TEST_CASE("crafted strings: lengths beyond the file, wrong sums, 32-bit wraps") {
  require_all_harmless(100, [](unsigned variant, Random& random) {
    Craft craft = good_checkpoint();
    std::vector<std::uint64_t> lengths(1 + random() % 4);
    for (auto& length : lengths)
      length = variant % 3 == 0 ? random() % 8 : static_cast<std::uint64_t>(hostile_number(random));
    if (variant % 5 == 0) lengths = {std::uint64_t{1} << 40};
    if (variant % 5 == 1) lengths = {std::uint64_t{1} << 63, std::uint64_t{1} << 63};
    if (variant % 5 == 2) lengths = {0xffffffffu, 1, 0xfffffff0u};
    std::uint32_t crc = 0;
    const std::string bytes = lengths_block(lengths, crc, std::string(random() % 20, 't'));
    const auto count = static_cast<std::int64_t>(lengths.size());
    for (auto& [key, entry] : craft.entries) {
      if (entry.dtype != DT_STRING) continue;
      craft.place(entry, bytes);
      entry.crc32c = crc;
      entry.shape = variant % 7 == 0 ? Shape{hostile_number(random)} : Shape{count};
      if (variant % 11 == 0) entry.size = static_cast<std::uint64_t>(hostile_number(random));
      if (variant % 13 == 0) entry.dtype = DT_VARIANT;
    }
    return craft.sealed();
  });
}

TEST_CASE("crafted values under right checksums: any bytes for any type") {
  require_all_harmless(150, [](unsigned, Random& random) {
    Craft craft = good_checkpoint();
    for (auto& [key, entry] : craft.entries) {
      if (random() % 3 != 0) continue;
      if (entry.dtype == DT_STRING) {
        std::vector<std::string> strings(static_cast<std::size_t>(entry.shape.num_elements()));
        for (std::string& each : strings) {
          each.resize(random() % 40);
          for (char& c : each) c = random() % 3 == 0 ? static_cast<char>(random()) : static_cast<char>(random() % 4);
        }
        craft.place_strings(entry, strings);
      } else {
        std::string bytes(static_cast<std::size_t>(entry.size), '\0');
        for (char& c : bytes) c = static_cast<char>(random());
        craft.place(entry, bytes);
      }
    }
    return craft.sealed();
  });
}

TEST_CASE("crafted bytes of cereal: lengths that ask for all memory") {
  require_all_harmless(80, [](unsigned variant, Random& random) {
    Craft craft = good_checkpoint();
    std::string bytes("\1", 1);  // little-endian
    const auto append = [&](std::uint64_t number, std::size_t size) {
      for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(number >> (8 * i));
    };
    append(variant % 4, 4);  // which of the variant's types
    append(
        variant % 2 == 0 ? std::uint64_t{1} << (variant / 2 % 64) : static_cast<std::uint64_t>(hostile_number(random)),
        8);
    bytes += std::string(random() % 64, 'x');
    for (auto& [key, entry] : craft.entries)
      if (key.find("variant") != std::string::npos) craft.place_strings(entry, {bytes});
    return craft.sealed();
  });
}

TEST_CASE("crafted parts: overlapping, missing, twice, beyond their tensor, parts of parts") {
  require_all_harmless(200, [](unsigned variant, Random& random) {
    Craft craft = good_checkpoint();
    const auto original = craft.entries;
    for (const auto& [key, whole] : original) {
      if (whole.shape.rank() == 0 || whole.shape[0] < 2 || random() % 2 == 0) continue;
      const std::int64_t rows = whole.shape[0];
      cairn::core::detail::Vec<format::TensorSlice> slices;
      for (std::int64_t cut = 0; cut < rows; ++cut) {
        format::TensorSlice slice(whole.shape.rank());
        slice[0] = {cut, 1};
        slices.push_back(slice);
      }
      const std::int64_t row_bytes = static_cast<std::int64_t>(whole.size) / rows;
      auto& [full_key, full] = *std::find_if(craft.entries.begin(), craft.entries.end(),
                                             [&name = key](const auto& item) { return item.first == name; });
      full.slices = slices;
      for (unsigned hits = 0; hits < variant % 3; ++hits) {
        auto& slice = any_of(full.slices, random);
        switch (random() % 6) {
          case 0:
            any_of(slice, random).start = hostile_number(random);
            break;
          case 1:
            any_of(slice, random).length = hostile_number(random);
            break;
          case 2:
            full.slices.push_back(slice);
            break;
          case 3:
            slice.resize(random() % 300);
            break;
          case 4:
            full.slices.pop_back();
            if (full.slices.empty()) full.slices.resize(1);
            break;
          default:
            slice.assign(slice.size(), {});
        }
      }
      if (variant % 7 == 0) full.shape = Shape{hostile_number(random), hostile_number(random)};
      const std::string name = full_key;
      for (std::size_t i = 0; i < slices.size(); ++i) {
        if (random() % 20 == 0) continue;
        format::BundleEntry part;
        part.dtype = random() % 20 == 0 ? DT_INT64 : whole.dtype;
        std::vector<std::int64_t> extents(whole.shape.begin(), whole.shape.end());
        extents[0] = random() % 20 == 0 ? hostile_number(random) : 1;
        part.shape = Shape(extents);
        craft.place(part, std::string(static_cast<std::size_t>(row_bytes), '\1'));
        if (random() % 20 == 0) part.slices = slices;
        craft.entries.emplace_back(cairn::format::detail::encode_slice_key(name, slices[i]), part);
      }
    }
    return craft.sealed();
  });
}

TEST_CASE("crafted tensors that all have the same bytes take no more memory than those bytes") {
  require_all_harmless(4, [](unsigned variant, Random&) {
    Craft craft;
    craft.header = good_checkpoint().header;
    craft.shards.emplace_back(std::size_t{1} << 20, '\0');
    const std::uint32_t crc = Craft::crc(craft.shards[0]);
    const std::int32_t list = craft.node({"lists", "rows"});
    const int count = variant < 2 ? 400 : 20;
    for (int i = 0; i < count; ++i) {
      const std::string key = variant % 2 == 0 ? "x" + std::to_string(1000 + i) : "x";
      if (variant % 2 == 0 || i == 0) {
        auto& entry = craft.add(key, DT_FLOAT, Shape{1 << 18}, "");
        entry.offset = 0;
        entry.size = 1 << 20;
        entry.crc32c = crc;
      }
      craft.add_node(list, std::to_string(i), key);
    }
    return craft.sealed();
  });
}
