#include <cairn/format/crc32c.hpp>
#include <cairn/format/detail/crc32c_copy.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <random>
#include <span>
#include <string_view>
#include <vector>

namespace {

using namespace cairn::format;

std::vector<std::byte> filled(std::size_t size, std::uint8_t value) { return std::vector(size, std::byte{value}); }

std::vector<std::byte> counting(std::size_t size, int first, int step) {
  std::vector<std::byte> bytes;
  for (std::size_t i = 0; i < size; ++i) bytes.push_back(static_cast<std::byte>(first + step * static_cast<int>(i)));
  return bytes;
}

TEST_CASE("what is copied on the way is what was there, and so is its checksum, wherever both lie") {
  const std::vector<std::byte> source = counting(100'003, 1, 7);
  for (const std::size_t size : {0u, 1u, 15u, 63u, 64u, 65u, 127u, 24'576u, 24'577u, 99'000u})
    for (const std::size_t from : {0u, 1u, 16u})
      for (const std::size_t to : {0u, 1u, 16u, 63u}) {
        CAPTURE(size);
        std::vector<std::byte> target(to + size + 1, std::byte{0x55});
        const auto bytes = std::span(source).subspan(from, size);
        CHECK(
            cairn::format::detail::copy_crc32c(crc32c(counting(3, 0, 1)), bytes, std::span(target).subspan(to, size)) ==
            extend_crc32c(crc32c(counting(3, 0, 1)), bytes));
        CHECK(std::equal(bytes.begin(), bytes.end(), target.begin() + static_cast<std::ptrdiff_t>(to)));
        CHECK(target.back() == std::byte{0x55});
        CHECK(std::all_of(target.begin(), target.begin() + static_cast<std::ptrdiff_t>(to),
                          [](std::byte each) { return each == std::byte{0x55}; }));
      }
}

TEST_CASE("the vectors of RFC 3720 come out, by hardware and by tables") {
  const auto both = [](std::span<const std::byte> bytes) {
    const std::uint32_t crc = crc32c(bytes);
    CHECK(detail::crc32c_plain(0, bytes) == crc);
    if (detail::has_crc32c_hardware()) CHECK(detail::crc32c_hardware(0, bytes) == crc);
    return crc;
  };
  CHECK(both(filled(32, 0)) == 0x8a9136aau);
  CHECK(both(filled(32, 0xff)) == 0x62a8ab43u);
  CHECK(both(counting(32, 0, 1)) == 0x46dd794eu);
  CHECK(both(counting(32, 31, -1)) == 0x113fdb5cu);
  const std::string_view digits = "123456789";
  CHECK(both(std::as_bytes(std::span(digits))) == 0xe3069283u);
  CHECK(both({}) == 0u);
}

TEST_CASE("a crc is masked as files hold it, and unmasked again") {
  CHECK(mask_crc(0xe3069283u) == 0xc78ab0e5u);
  CHECK(mask_crc(0) == 0xa282ead8u);
  CHECK(mask_crc(crc32c(filled(4, 0))) == 0x3a117ba6u);
  for (const std::uint32_t crc : {0u, 1u, 0xffffffffu, 0x80000000u, 0xe3069283u}) {
    CHECK(unmask_crc(mask_crc(crc)) == crc);
    CHECK(mask_crc(crc) != crc);
    CHECK(mask_crc(mask_crc(crc)) != crc);
  }
}

TEST_CASE("all ways agree for every size around the steps they take, and for others, at every alignment") {
  std::mt19937 random(20240601);
  std::vector<std::byte> bytes(100000);
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(random());
  std::vector<std::size_t> sizes(300);
  std::iota(sizes.begin(), sizes.end(), std::size_t{0});
  for (const std::size_t step : {3u * 512u, 3u * 4096u, 3u * 4096u + 3u * 512u + 3u * 64u, 6u * 4096u})
    for (std::size_t size = step - 9; size <= step + 9; ++size) sizes.push_back(size);
  for (int i = 0; i < 30; ++i) sizes.push_back(random() % (bytes.size() - 8));
  sizes.push_back(bytes.size() - 8);
  for (const std::size_t size : sizes) {
    for (std::size_t begin = 0; begin < 8; ++begin) {
      const std::span<const std::byte> part = std::span<const std::byte>(bytes).subspan(begin, size);
      const auto before = static_cast<std::uint32_t>(random());
      const std::uint32_t plain = detail::crc32c_plain(before, part);
      if (plain != extend_crc32c(before, part)) FAIL_CHECK("they differ for " << size << " bytes at " << begin);
      // Processors with the instruction for a crc but none for products do this.
      if (detail::has_crc32c_hardware() && plain != detail::crc32c_in_triples<false>(before, part))
        FAIL_CHECK("they differ without products for " << size << " bytes at " << begin);
    }
  }
}

TEST_CASE("a crc can be taken in pieces, or of pieces apart and combined") {
  std::mt19937 random(7);
  std::vector<std::byte> bytes(20000);
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(random());
  const std::span<const std::byte> all(bytes);
  const std::uint32_t whole = crc32c(all);
  for (const std::size_t cut : {0u, 1u, 7u, 8u, 4096u, 12288u, 19999u, 20000u}) {
    const std::uint32_t first = crc32c(all.first(cut));
    const std::span<const std::byte> rest = all.subspan(cut);
    CHECK(extend_crc32c(first, rest) == whole);
    CHECK(detail::crc32c_plain(first, rest) == whole);
    CHECK(combine_crc32c(first, crc32c(rest), rest.size()) == whole);
  }
}

}  // namespace
