// Numbers that go past in pieces, from the byte order of a file into the machine's, or back.
#pragma once

#include "../../bundle/detail/numbers.hpp"
#include "../tensor_file.hpp"

#include <bit>
#include <cstddef>
#include <span>
#include <vector>

namespace CAIRN_NAMESPACE::exchange::detail {

// Calls pieces(use). Where the machine has another byte order, `use` gets the numbers of `unit` bytes turned, and whole
// numbers only.
template <class Pieces>
void in_byte_order(bool big_endian, std::size_t unit, const Pieces& pieces, const TensorFile::Use& use) {
  if (unit < 2 || big_endian == (std::endian::native == std::endian::big)) return pieces(use);
  std::vector<std::byte> buffer;
  pieces([&](std::span<const std::byte> piece) {
    buffer.insert(buffer.end(), piece.begin(), piece.end());
    const std::size_t whole = buffer.size() / unit * unit;
    bundle::detail::swap_numbers(std::span(buffer).first(whole), unit, big_endian);
    use(std::span<const std::byte>(buffer).first(whole));
    buffer.erase(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(whole));
  });
}

}  // namespace CAIRN_NAMESPACE::exchange::detail
