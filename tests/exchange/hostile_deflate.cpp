#include <cairn/exchange/npz.hpp>

#include <doctest/doctest.h>

#include "exchange/hostile.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

using cairn::test::Hostile;
using cairn::test::zip_of;

namespace {

// Bits from the lowest of each byte on.
struct Bits {
  std::string bytes = {};
  unsigned held = 0;

  Bits& put(std::uint64_t value, unsigned count) {
    for (unsigned bit = 0; bit < count; ++bit, ++held) {
      if (held % 8 == 0) bytes += '\0';
      if ((value >> bit & 1) != 0)
        bytes.back() = static_cast<char>(static_cast<unsigned char>(bytes.back()) | 1u << held % 8);
    }
    return *this;
  }
  // A word of a Huffman code, which begins with its highest bit.
  Bits& word(std::uint64_t word, unsigned count) {
    for (unsigned bit = count; bit-- > 0;) put(word >> bit, 1);
    return *this;
  }
  Bits& words(const std::string& zeros_and_ones) {
    for (const char bit : zeros_and_ones) put(bit == '1', 1);
    return *this;
  }
};

// The last block, up to its tables, with as many words for literals and distances, and of the code in which the tables
// stand the lengths of the words for 16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15.
Bits own_codes(std::size_t literals, std::size_t distances, const std::string& lengths) {
  Bits bits;
  bits.put(1, 1).put(2, 2).put(literals - 257, 5).put(distances - 1, 5).put(lengths.size() - 4, 4);
  for (const char length : lengths) bits.put(static_cast<std::uint64_t>(length - '0'), 3);
  return bits;
}
// A block in which each length of a word is written for itself, in four bits.
std::string own_block(std::size_t literals, const std::map<std::size_t, unsigned>& lengths,
                      const std::vector<unsigned>& distances, const std::string& words,
                      const std::string& code = "0004444444444444444") {
  Bits bits = own_codes(literals, distances.size(), code);
  for (std::size_t symbol = 0; symbol < literals; ++symbol)
    bits.word(lengths.contains(symbol) ? lengths.at(symbol) : 0, 4);
  for (const unsigned length : distances) bits.word(length, 4);
  return bits.words(words).bytes;
}

}  // namespace

TEST_CASE("deflated bytes that are none are an Error that says so") {
  const Hostile hostile;
  const auto refusal = [&](const std::string& packed) {
    return hostile.refusal(zip_of({.name = "__metadata__", .packed = packed, .method = 8, .contents = "{}"}), true);
  };
  const std::map<std::size_t, unsigned> braces{{'{', 2}, {'}', 2}, {256, 1}};
  // Words of three bits for 0, 1, 2, 3, 4, 16, 17 and 18. With three zeros before them, the lengths are 123 zeros, 2 of
  // '{', 0, 2 of '}', 130 zeros, and 1 of 256.
  const std::string repeating = "333300000003030303", up_to_256 =
                                                          "1111011011"
                                                          "010000010"
                                                          "1111110111"
                                                          "001";
  const auto repeated = [&](const std::string& words) { return own_codes(257, 1, repeating).words(words).bytes; };

  CHECK(refusal(std::string("\1\2\0\xfd\xff{}", 7)) == "");
  CHECK(refusal(own_block(257, braces, {0}, "10110")) == "");
  CHECK(refusal(own_block(286, braces, std::vector<unsigned>(30, 0), "10110")) == "");
  CHECK(refusal(repeated("000"
                         "000"
                         "000" +
                         up_to_256 +
                         "000"
                         "10110")) == "");

  std::string endless = "0";  // '{', and 258 more of it for 300 times
  for (int i = 0; i < 300; ++i) endless += "10";
  const std::pair<const char*, std::string> cases[] = {
      {"no bytes", ""},
      {"an unknown kind of block", "\7"},
      {"stored bytes whose length is not said twice", std::string("\1\2\0\0\0{}", 7)},
      {"stored bytes that are cut", std::string("\1\2\0\xfd\xff{", 6)},
      {"287 literals", own_block(287, braces, {0}, "10110")},
      {"31 distances", own_block(257, braces, std::vector<unsigned>(31, 0), "10110")},
      {"a code of the tables that lacks a word", own_block(257, braces, {0}, "10110", "000444444444444444")},
      {"a code of literals that lacks a word", own_block(257, {{'{', 2}, {'}', 2}, {256, 2}}, {0}, "000110")},
      {"a code of literals with too many words", own_block(257, {{'{', 1}, {'}', 1}, {256, 1}}, {0}, "000110")},
      {"a code of distances that lacks a word", own_block(257, braces, {2, 2}, "10110")},
      {"a code of distances with too many words", own_block(257, braces, {1, 1, 1}, "10110")},
      {"literals without the end of a block", own_block(286, {{'{', 1}, {285, 1}}, {1}, endless)},
      {"a length that repeats the one before the first", repeated("10100" + up_to_256 +
                                                                  "000"
                                                                  "10110")},
      {"lengths that repeat beyond the last", repeated("000"
                                                       "000"
                                                       "000" +
                                                       up_to_256 +
                                                       "110000"
                                                       "10110")},
      {"a length that no word has",
       Bits().put(1, 1).put(1, 2).word(0x30 + '{', 8).word(0xc6, 8).bytes + std::string(64, '\0')},
      {"a distance that no word has",
       Bits().put(1, 1).put(1, 2).word(0x30 + '{', 8).word(1, 7).word(30, 5).bytes + std::string(8, '\0')},
      {"a distance before the first byte",
       Bits().put(1, 1).put(1, 2).word(0x30 + '{', 8).word(1, 7).word(1, 5).word(0, 7).bytes}};
  for (const auto& each : cases) {
    CAPTURE(each.first);
    CHECK(refusal(each.second) == "data_loss: \"F\" holds compressed bytes that cannot be unpacked; it is damaged");
  }
}
