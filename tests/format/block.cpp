#include <cairn/format/block.hpp>
#include <cairn/format/block_builder.hpp>

#include <doctest/doctest.h>

#include "hex.hpp"

#include <cstddef>
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
using cairn::test::hex;
using cairn::test::refusal_of;

using Pairs = std::vector<std::pair<std::string, std::string>>;

Pairs entries_of(std::string_view block) {
  Pairs pairs;
  Block(block, "the block", 1000).for_each([&](std::string_view key, std::string_view value) {
    pairs.emplace_back(key, value);
  });
  return pairs;
}

std::string block_of(const Pairs& pairs, int restart_interval = 16) {
  BlockBuilder builder(restart_interval);
  for (const auto& [key, value] : pairs) builder.add(key, value);
  CHECK(builder.empty() == pairs.empty());
  const std::size_t size = builder.size();
  std::string block = builder.finish();
  CHECK(block.size() == size);
  CHECK(builder.empty());
  return block;
}

TEST_CASE("an empty block is one restart point and nothing else") {
  CHECK(hex(block_of({})) == "0000000001000000");
  CHECK(entries_of(block_of({})).empty());
}

TEST_CASE("blocks of one entry, with and without a key, go both ways") {
  CHECK(hex(block_of({{"", "v"}})) ==
        "00000176"
        "00000000"
        "01000000");
  CHECK(hex(block_of({{"k", ""}})) ==
        "0001006b"
        "00000000"
        "01000000");
  for (const Pairs& pairs : {Pairs{{"", ""}}, Pairs{{"", "v"}}, Pairs{{"k", "v"}}})
    CHECK(entries_of(block_of(pairs)) == pairs);
}

TEST_CASE("keys are written without what they share with the one before") {
  CHECK(hex(block_of({{"", "0"}, {"abc", "1"}, {"abcd", "2"}, {"abd", "3"}, {"b", "4"}})) ==
        "000001"
        "30"
        "000301"
        "616263"
        "31"
        "030101"
        "64"
        "32"
        "020101"
        "64"
        "33"
        "000101"
        "62"
        "34"
        "00000000"
        "01000000");
}

TEST_CASE("every key is whole at an interval of one, and every sixteenth at sixteen") {
  CHECK(hex(block_of({{"a", ""}, {"ab", ""}}, 1)) ==
        "00010061"
        "0002006162"
        "00000000"
        "04000000"
        "02000000");
  Pairs pairs;
  for (int i = 0; i < 40; ++i) pairs.emplace_back(std::to_string(100 + i), "");
  const std::string block = block_of(pairs);
  const std::string tail = hex(block.substr(block.size() - 16));
  CHECK(tail.substr(0, 8) == "00000000");
  CHECK(tail.substr(24) == "03000000");
  CHECK(entries_of(block) == pairs);
}

TEST_CASE("random sorted keys are read back at every restart interval") {
  std::mt19937 random(11);
  for (const int interval : {1, 2, 3, 16, 1000}) {
    std::set<std::string> keys;
    while (keys.size() < 200) {
      std::string key(random() % 12, '\0');
      for (char& c : key) c = "\0a\xff"[random() % 3];
      keys.insert(key);
    }
    Pairs pairs;
    for (const std::string& key : keys) pairs.emplace_back(key, std::string(random() % 200, 'v'));
    CHECK(entries_of(block_of(pairs, interval)) == pairs);
  }
}

TEST_CASE("blocks that lie are refused") {
  const auto refused = [](std::string_view hex, std::string_view words) {
    CHECK(refusal_of([&] { return entries_of(bytes(hex)); }, ErrorCode::data_loss, words).offset() >= 1000u);
  };
  refused("", "before the count");
  refused("00 00 00", "before the count");
  refused("00 00 00 00", "no restart point");
  refused("00 01 00 'a' 00 00 00 00", "no restart point");
  refused("00 00 00 00 02 00 00 00", "more restart points");
  refused("00 00 00 00 ff ff ff ff", "more restart points");
  refused("01 00 00 00 01 00 00 00", "is not its beginning");
  refused("00 01 00 'a' 04 00 00 00 01 00 00 00", "is not its beginning");
  refused("00 02 00 'a' 00 00 00 00 01 00 00 00", "2 are announced");
  refused("00 01 02 'ab' 00 00 00 00 01 00 00 00", "2 are announced");
  refused("00 ff ff ff ff 0f 00 'a' 00 00 00 00 01 00 00 00", "4294967295 are announced");
  refused("00 01 ff ff ff ff 0f 'a' 00 00 00 00 01 00 00 00", "4294967295 are announced");
  refused("00 01 ff ff ff ff 1f 'a' 00 00 00 00 01 00 00 00", "32 bits");
  refused("01 01 00 'a' 00 00 00 00 01 00 00 00", "shares 1 bytes with a key of 0");
  refused("00 01 00 'a' 02 01 00 'b' 00 00 00 00 01 00 00 00", "shares 2 bytes with a key of 1");
  refused("00 01 00 'a' 00 01 00 'a' 00 00 00 00 01 00 00 00", "not greater");
  refused("00 01 00 'b' 00 01 00 'a' 00 00 00 00 01 00 00 00", "not greater");
  refused("00 02 00 'ab' 01 00 00 00 00 00 00 01 00 00 00", "not greater");
  refused("00 01 00 ff 00 01 00 'a' 00 00 00 00 01 00 00 00", "not greater");
  refused("00 01 00 'a' 01 01 00 'b' 00 00 00 00 04 00 00 00 02 00 00 00", "is not whole");
  refused("00 01 00 'a' 00 01 00 'b' 00 00 00 00 03 00 00 00 02 00 00 00", "not the beginning of an entry");
  refused("00 01 00 'a' 00 01 00 'b' 00 00 00 00 09 00 00 00 02 00 00 00", "not the beginning of an entry");
  refused("00 01 00 'a' 00 01 00 'b' 00 00 00 00 08 00 00 00 02 00 00 00", "not the beginning of an entry");
  refused("00 01 00 'a' 00 00 00 00 00 00 00 00 02 00 00 00", "not in order");
  refused("00 00 00 00 00 00 00 00 02 00 00 00", "not the beginning of an entry");
}

TEST_CASE("a block beyond 4 GiB is refused before a byte of the key or value is read") {
  const std::size_t gib = std::size_t{1} << 30;
  BlockBuilder builder(16);
  builder.add("a", "v");
  for (const auto& sizes : {std::pair(4 * gib, std::size_t{0}), std::pair(std::size_t{1}, 4 * gib),
                            std::pair(std::size_t{1}, 4 * gib - 2), std::pair(2 * gib, 2 * gib)}) {
    const auto add = [&] {
      return builder.add(std::string_view("b", sizes.first), std::string_view("w", sizes.second)), 0;
    };
    CHECK(std::string(refusal_of(add, ErrorCode::invalid_argument, "4 GiB").what()) ==
          "a block of an index cannot grow beyond 4 GiB; the key or value is too large");
  }
  CHECK(entries_of(builder.finish()) == Pairs{{"a", "v"}});
}

TEST_CASE("the entries before the first that contradicts the restart points are read") {
  const std::string block = bytes("00 01 00 'a' 00 01 00 'b' 00 01 00 'c' 00 00 00 00 05 00 00 00 02 00 00 00");
  std::string visited;
  const auto visit = [&] {
    Block(block, "the block", 1000).for_each([&](std::string_view key, std::string_view) { visited += key; });
    return 0;
  };
  refusal_of(visit, ErrorCode::data_loss, "a block's restart point is not the beginning of an entry");
  CHECK(visited == "a");
}

TEST_CASE("restart points that nobody needs are accepted when they are right") {
  CHECK(entries_of(bytes("00 01 00 'a' 00 01 00 'b' 00 00 00 00 04 00 00 00 02 00 00 00")).size() == 2);
  CHECK(entries_of(bytes("00 01 00 'a' 00 01 00 'b' 00 00 00 00 01 00 00 00")).size() == 2);
}

}  // namespace
