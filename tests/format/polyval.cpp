#include <cairn/format/polyval.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string_view>
#include <vector>

using cairn::format::Polyval;
using cairn::format::PolyvalHash;

namespace {

std::vector<std::byte> bytes_of(std::string_view hex) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::vector<std::byte> bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2)
    bytes.push_back(static_cast<std::byte>(16 * digit(hex[i]) + digit(hex[i + 1])));
  return bytes;
}
PolyvalHash block_of(std::string_view hex) { return cairn::format::detail::load_polyval_block(bytes_of(hex).data()); }

std::vector<std::byte> random_bytes(std::size_t size, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<std::byte> bytes(size);
  for (std::byte& each : bytes) each = static_cast<std::byte>(random());
  return bytes;
}

const Polyval& any() {
  static const Polyval polyval({0x0123456789abcdef, 0xfedcba9876543210});
  return polyval;
}

}  // namespace

TEST_CASE("POLYVAL has the values of RFC 8452, appendix A") {
  const Polyval polyval(block_of("25629347589242761d31f826ba4b757b"));
  const auto text = bytes_of("4f4f95668c83dfb6401762bb2d01a262d1a24ddd2721d006bbe45f20d3c9f362");
  CHECK(polyval.hash(text) == block_of("f7a3b47b846119fae5b7866cf5e5b77e"));
  CHECK(polyval.hash_plain(text) == block_of("f7a3b47b846119fae5b7866cf5e5b77e"));
}

TEST_CASE("the processor's POLYVAL and the plain one agree for all lengths") {
  for (std::size_t size = 0; size < 700; ++size) {
    CAPTURE(size);
    const auto text = random_bytes(size, size);
    REQUIRE(any().hash(text) == any().hash_plain(text));
  }
#if defined(__x86_64__)
  namespace detail = cairn::format::detail;
  std::array<PolyvalHash, detail::polyval_stride> powers{};
  powers.back() = {3, 1};
  for (std::size_t i = powers.size() - 1; i > 0; --i)
    powers[i - 1] = detail::polyval_dot_plain(powers[i], powers.back());
  const auto text = random_bytes(16 * 8 * 5, 7);
  const auto check = [&](const auto& blocks) {
    PolyvalHash hash;
    const std::byte* p = text.data();
    std::size_t left = text.size();
    blocks(hash, p, left, powers.data());
    CHECK(left == 0);
    CHECK(hash == Polyval({3, 1}).hash_plain(text));
  };
  if (detail::polyval_hardware() != detail::PolyvalHardware::none) check(detail::polyval_narrow);
  if (detail::polyval_hardware() == detail::PolyvalHardware::wide) check(detail::polyval_wide);
#endif
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
