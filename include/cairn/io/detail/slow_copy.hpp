// Works around slow copies out of the kernel's file cache. On x86-64 the kernel copies with `rep movsb`; where the
// target lies up to 31 bytes behind the source, counted within their pages, that was measured at a fifth of its speed
// (Zen 3). Large blocks of glibc's malloc begin 16 bytes behind a page, so that a tensor at the beginning of a file is
// read into just such a place. Such reads go through a buffer that is aligned otherwise.
#pragma once

#include "../../version.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace CAIRN_NAMESPACE::io::detail {

// Returns true when the kernel copies the bytes of a file at `offset` to `out` in the slow way.
[[nodiscard]] inline bool is_copied_slowly(std::uint64_t offset, const std::byte* out) noexcept {
#if defined(__x86_64__)
  constexpr std::uint64_t page = 4096;
  const std::uint64_t behind = (reinterpret_cast<std::uintptr_t>(out) - offset) % page;
  return behind != 0 && behind < 32;
#else
  (void)offset, (void)out;
  return false;
#endif
}

// Calls read(offset, std::span<std::byte>) for pieces of an aligned buffer, and copies each to `out`.
template <class Read>
void read_through_buffer(std::uint64_t offset, std::span<std::byte> out, const Read& read) {
  constexpr std::size_t shift = 64;
  std::byte buffer[(std::size_t{16} << 10) + shift];
  while (!out.empty()) {
    const std::size_t begin = is_copied_slowly(offset, buffer) ? shift : 0;
    const std::span<std::byte> piece(buffer + begin, std::min(out.size(), sizeof buffer - shift));
    read(offset, piece);
    std::memcpy(out.data(), piece.data(), piece.size());
    offset += piece.size();
    out = out.subspan(piece.size());
  }
}

}  // namespace CAIRN_NAMESPACE::io::detail
