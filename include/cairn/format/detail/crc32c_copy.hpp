// Copies and checksums bytes in one pass, for data that is larger than the caches. On x86-64 the copy goes past the
// caches (non-temporal stores): memory that is only written need not be read first, and the rest of the cache stays.
// Its speed does not depend on the two addresses. The kernel's own copy does depend on them: into memory that begins a
// few bytes behind a page, as all large blocks of glibc's malloc do, it was measured at two fifths of its speed on Zen
// 3 (`rep movsb`). Reading through a buffer that stays in the cache is the faster way there.
#pragma once

#include "../crc32c.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define CAIRN_STREAMING_STORES 1
#include <emmintrin.h>
#endif

namespace CAIRN_NAMESPACE::format::detail {

// Copies between places that do not overlap. Other threads see the bytes after finish_streaming().
inline void stream_bytes(const std::byte* from, std::byte* to, std::size_t size) noexcept {
#if defined(CAIRN_STREAMING_STORES)
  constexpr std::size_t line = 64;
  const std::size_t head = std::min(size, (line - reinterpret_cast<std::uintptr_t>(to) % line) % line);
  if (head != 0) std::memcpy(to, from, head);
  from += head, to += head, size -= head;
  for (; size >= line; from += line, to += line, size -= line) {
    const auto* const source = reinterpret_cast<const __m128i*>(from);
    auto* const target = reinterpret_cast<__m128i*>(to);
    const __m128i a = _mm_loadu_si128(source);
    const __m128i b = _mm_loadu_si128(source + 1);
    const __m128i c = _mm_loadu_si128(source + 2);
    const __m128i d = _mm_loadu_si128(source + 3);
    _mm_stream_si128(target, a);
    _mm_stream_si128(target + 1, b);
    _mm_stream_si128(target + 2, c);
    _mm_stream_si128(target + 3, d);
  }
#endif
  if (size != 0) std::memcpy(to, from, size);
}
inline void finish_streaming() noexcept {
#if defined(CAIRN_STREAMING_STORES)
  _mm_sfence();
#endif
}

// Copies `from` to the beginning of `to`, which must not overlap it, and returns extend_crc32c(crc, from).
[[nodiscard]] inline std::uint32_t copy_crc32c(std::uint32_t crc, std::span<const std::byte> from,
                                               std::span<std::byte> to) noexcept {
  // A piece of this size is still in the first cache when its checksum is taken after the copy.
  constexpr std::size_t step = std::size_t{24} << 10;
  for (std::size_t begin = 0; begin < from.size(); begin += step) {
    const auto piece = from.subspan(begin, std::min(step, from.size() - begin));
    crc = extend_crc32c(crc, piece);
    stream_bytes(piece.data(), to.data() + begin, piece.size());
  }
  finish_streaming();
  return crc;
}

}  // namespace CAIRN_NAMESPACE::format::detail

#undef CAIRN_STREAMING_STORES
