// Every flip, cut and insertion in a whole index: an Error, or the same contents.
#include <cairn/format/table.hpp>
#include <cairn/format/table_builder.hpp>

#include <doctest/doctest.h>

#include "hex.hpp"
#include "support/slowness.hpp"

#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace cairn::format;
using cairn::test::bytes;

using Pairs = std::vector<std::pair<std::string, std::string>>;

const Pairs pairs{
    {"", bytes("08 01 1a 02 08 01")},
    {"_CHECKPOINTABLE_OBJECT_GRAPH", bytes("08 07 12 00 20 04 28 52 35 aa 56 b0 93")},
    {"x/.ATTRIBUTES/VARIABLE_VALUE", bytes("08 01 12 00 28 04 35 a6 7b 11 3a")},
};

std::string whole_file(std::size_t block_size) {
  TableBuilder builder(block_size);
  for (const auto& [key, value] : pairs) builder.add(key, value);
  return builder.finish();
}

enum class Outcome { refused, same, other };

Outcome outcome(const std::string& file) {
  try {
    Pairs found;
    Table(file).for_each([&](std::string_view key, std::string_view value) { found.emplace_back(key, value); });
    return found == pairs ? Outcome::same : Outcome::other;
  } catch (const cairn::Error& error) {
    CHECK(error.code() == cairn::ErrorCode::data_loss);
    return Outcome::refused;
  }
}

TEST_CASE("any flipped bit of an index is refused, or lies where nothing is said") {
  for (const std::size_t block_size : {262144u, 1u}) {
    const std::string file = whole_file(block_size);
    REQUIRE(outcome(file) == Outcome::same);
    std::size_t unnoticed = 0;
    for (std::size_t bit = 0; bit < 8 * file.size(); ++bit) {
      std::string flipped = file;
      flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
      const Outcome found = outcome(flipped);
      if (found == Outcome::other) FAIL_CHECK("other contents after flipping bit " << bit);
      unnoticed += found == Outcome::same ? 1 : 0;
    }
    // The metaindex block with its trailer (13 bytes), its handle and the padding of the footer.
    CHECK(unnoticed <= 8 * (13 + 40));
    CHECK(unnoticed >= 8 * 13);
  }
}

TEST_CASE("every byte set to every value is refused, or the contents stay") {
  const std::string file = whole_file(262144);
  for (std::size_t i = 0; i < file.size(); ++i) {
    constexpr std::size_t step = cairn::test::emulation;
    for (std::size_t value = i % step; value < 256; value += step) {
      std::string changed = file;
      changed[i] = static_cast<char>(static_cast<unsigned char>(value));
      if (outcome(changed) == Outcome::other) FAIL_CHECK("other contents with byte " << i << " set to " << value);
    }
  }
}

TEST_CASE("every cut and every inserted or missing byte is refused, or the contents stay") {
  const std::string file = whole_file(262144);
  for (std::size_t i = 0; i < file.size(); ++i) {
    CHECK(outcome(file.substr(0, i)) == Outcome::refused);
    CHECK(outcome(file.substr(i)) == (i == 0 ? Outcome::same : Outcome::refused));
    CHECK(outcome(std::string(file).insert(i, 1, '\0')) != Outcome::other);
    CHECK(outcome(std::string(file).erase(i, 1)) != Outcome::other);
  }
}

TEST_CASE("random changes under right checksums never do worse than an Error") {
  std::mt19937 random(17);
  const std::string file = whole_file(1);
  const std::string_view footer = std::string_view(file).substr(file.size() - 48);
  for (int round = 0; round < 30000 / static_cast<int>(cairn::test::emulation); ++round) {
    // The blocks of this file end with five bytes of trailer each; their handles are in the index, the last block.
    ByteReader handles(footer);
    static_cast<void>(read_handle(handles, file.size()));
    const BlockHandle index = read_handle(handles, file.size());
    std::vector<BlockHandle> blocks{index};
    Block(std::string_view(file).substr(index.offset, index.size), "the index", 0)
        .for_each([&](std::string_view, std::string_view value) {
          ByteReader reader(value);
          blocks.push_back(read_handle(reader, file.size()));
        });
    std::string changed = file;
    for (unsigned i = 0; i <= random() % 3; ++i) {
      const BlockHandle& block = blocks[random() % blocks.size()];
      changed[block.offset + random() % block.size] = static_cast<char>(random() % 4 == 0 ? random() : random() % 8);
      std::string checksum;
      append_fixed32(checksum,
                     block_checksum(std::string_view(changed).substr(block.offset, block.size), Compression::none));
      changed.replace(block.offset + block.size + 1, 4, checksum);
    }
    static_cast<void>(outcome(changed));
  }
}

}  // namespace
