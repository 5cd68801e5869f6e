#include <cairn/format/detail/polyval.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <random>
#include <span>
#include <string_view>
#include <vector>

using cairn::format::detail::Polyval;
using cairn::format::detail::PolyvalHardware;
using cairn::format::detail::PolyvalHash;

namespace {

std::vector<std::byte> bytes_of(std::string_view hex) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::vector<std::byte> bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2)
    bytes.push_back(static_cast<std::byte>(16 * digit(hex[i]) + digit(hex[i + 1])));
  return bytes;
}
PolyvalHash block_of(std::string_view hex) { return cairn::format::detail::load_polyval_block(bytes_of(hex).data()); }

// The ways in which this processor can calculate: the plain one, and those of its own.
std::vector<PolyvalHardware> ways() {
  std::vector<PolyvalHardware> ways;
  for (const auto way : {PolyvalHardware::none, PolyvalHardware::narrow, PolyvalHardware::wide})
    if (way <= cairn::format::detail::polyval_hardware()) ways.push_back(way);
  return ways;
}

// From the definition, one bit at a time: a * b * x^-128, each step divides by x.
PolyvalHash dot_by_bits(PolyvalHash a, PolyvalHash b) {
  PolyvalHash sum;
  for (int bit = 0; bit < 128; ++bit) {
    if (((bit < 64 ? a.low >> bit : a.high >> (bit - 64)) & 1) != 0) sum = sum ^ b;
    const bool is_odd = (sum.low & 1) != 0;
    sum = {sum.low >> 1 | sum.high << 63, sum.high >> 1};
    if (is_odd) sum.high ^= 0xe100000000000000;  // x^128 + x^127 + x^126 + x^121 + 1, less the 1, divided by x
  }
  return sum;
}
PolyvalHash hash_by_bits(std::vector<std::byte> text, PolyvalHash key) {
  text.resize((text.size() + 15) / 16 * 16);
  PolyvalHash hash;
  for (std::size_t i = 0; i < text.size(); i += 16)
    hash = dot_by_bits(hash ^ cairn::format::detail::load_polyval_block(text.data() + i), key);
  return hash;
}

std::vector<std::byte> random_bytes(std::size_t size, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<std::byte> bytes(size);
  for (std::byte& each : bytes) each = static_cast<std::byte>(random());
  return bytes;
}

constexpr PolyvalHash any_key{0x0123456789abcdef, 0xfedcba9876543210};
const Polyval& any() {
  static const Polyval polyval(any_key);
  return polyval;
}

}  // namespace

TEST_CASE("POLYVAL has the values of RFC 8452, appendix A, each way of the processor's") {
  const Polyval polyval(block_of("25629347589242761d31f826ba4b757b"));
  const auto text = bytes_of("4f4f95668c83dfb6401762bb2d01a262d1a24ddd2721d006bbe45f20d3c9f362");
  CHECK(polyval.hash(text) == block_of("f7a3b47b846119fae5b7866cf5e5b77e"));
  for (const PolyvalHardware way : ways())
    CHECK(polyval.hash(text, way) == block_of("f7a3b47b846119fae5b7866cf5e5b77e"));
}

TEST_CASE("each way has the definition's values for all lengths around its steps, wherever the text lies") {
  std::vector<std::size_t> sizes(1100);
  std::iota(sizes.begin(), sizes.end(), std::size_t{0});
  for (const std::size_t size : {2047u, 2304u, 2305u, 4096u, 10'003u}) sizes.push_back(size);  // fetched ahead, partly
  const auto bytes = random_bytes(10'010, 7);
  for (const std::size_t size : sizes) {
    CAPTURE(size);
    const std::size_t begin = size % 7;
    const auto text = std::span(bytes).subspan(begin, size);
    const PolyvalHash expected = hash_by_bits({text.begin(), text.end()}, any_key);
    for (const PolyvalHardware way : ways()) {
      CAPTURE(static_cast<int>(way));
      REQUIRE(any().hash(text, way) == expected);
    }
    REQUIRE(any().hash(text) == expected);
  }
}

TEST_CASE("keys and texts of nothing but zeros and ones are not special to any way") {
  const std::uint64_t all = ~std::uint64_t{0};
  for (const PolyvalHash key : {PolyvalHash{1, 0}, PolyvalHash{0, std::uint64_t{1} << 63}, PolyvalHash{all, all}})
    for (const std::byte byte : {std::byte{0}, std::byte{0xff}}) {
      const std::vector<std::byte> text(600, byte);
      for (const PolyvalHardware way : ways()) CHECK(Polyval(key).hash(text, way) == hash_by_bits(text, key));
    }
}

TEST_CASE("the hash of a text is that of its pieces, joined") {
  const auto text = random_bytes(5000, 1);
  for (const std::size_t cut : {0u, 16u, 32u, 160u, 2048u, 4976u, 4992u}) {
    CAPTURE(cut);
    const auto front = std::span(text).first(cut), back = std::span(text).subspan(cut);
    CHECK(any().join(any().hash(front), any().hash(back), any().power(back.size())) == any().hash(text));
  }
}

TEST_CASE("every flipped bit gives another hash, and so do blocks that change places") {
  auto text = random_bytes(300, 2);
  const PolyvalHash before = any().hash(text);
  for (std::size_t bit = 0; bit < 8 * text.size(); ++bit) {
    text[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
    CHECK_FALSE(any().hash(text) == before);
    text[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
  }
  std::rotate(text.begin(), text.begin() + 16, text.end() - 12);
  CHECK_FALSE(any().hash(text) == before);
}
