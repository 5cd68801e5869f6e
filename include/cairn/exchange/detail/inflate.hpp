// Deflated bytes (RFC 1951) unpacked, as numpy.savez_compressed packs them: a few small tables, a window of 32 KiB.
//
//   Inflate(read_more, give).run()
//
// A stream may say anything: no table, distance or length is believed before it was checked, and nothing is kept but
// the window.
#pragma once

#include "../../core/error.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::exchange::detail {

// A canonical Huffman code, read bit by bit from its shortest words on.
class HuffmanCode {
 public:
  static constexpr std::size_t max_bits = 15;

  // Returns false if the code is over-subscribed, or incomplete (a code of a single one-bit word is allowed).
  [[nodiscard]] bool set(std::span<const std::uint8_t> lengths) {
    counts_.fill(0);
    for (const std::uint8_t length : lengths) ++counts_[length];
    const std::size_t words = lengths.size() - counts_[0];
    counts_[0] = 0;
    std::int32_t left = 1;
    for (std::size_t bits = 1; bits <= max_bits; ++bits) {
      left = left * 2 - counts_[bits];
      if (left < 0) return false;
    }
    std::array<std::uint16_t, max_bits + 2> offsets{};
    for (std::size_t bits = 1; bits <= max_bits; ++bits)
      offsets[bits + 1] = static_cast<std::uint16_t>(offsets[bits] + counts_[bits]);
    for (std::size_t symbol = 0; symbol < lengths.size(); ++symbol)
      if (lengths[symbol] != 0) symbols_[offsets[lengths[symbol]]++] = static_cast<std::uint16_t>(symbol);
    return left == 0 || (words <= 1 && counts_[1] == words);
  }

  // The next symbol, which is below the number of lengths; -1 when the bits are no word of the code.
  template <class NextBit>
  [[nodiscard]] int decode(NextBit next_bit) const {
    std::int32_t code = 0, first = 0, index = 0;
    for (std::size_t bits = 1; bits <= max_bits; ++bits) {
      code |= static_cast<std::int32_t>(next_bit());
      const std::int32_t count = counts_[bits];
      if (code - count < first) return symbols_[static_cast<std::size_t>(index + code - first)];
      index += count;
      first = (first + count) * 2;
      code *= 2;
    }
    return -1;
  }

 private:
  std::array<std::uint16_t, max_bits + 1> counts_{};
  std::array<std::uint16_t, 288> symbols_{};
};

class Inflate {
 public:
  // `read_more()` gives the next packed bytes, none at their end; they must live until the next call. `give(bytes)`
  // takes what was unpacked, in pieces that are gone after the call, and says whether it wants more. `file` is for
  // messages.
  Inflate(std::function<std::span<const std::byte>()> read_more, std::function<bool(std::span<const std::byte>)> give,
          std::string file)
      : read_more_(std::move(read_more)), give_(std::move(give)), file_(std::move(file)), window_(2 * window_bytes) {}

  // Throws Error (data_loss) for what is no deflated stream. False when `give` wanted no more.
  bool run() {
    bool is_last = false;
    while (!is_last) {
      is_last = bits(1) != 0;
      const std::uint32_t kind = bits(2);
      const bool goes_on = kind == 0   ? stored()
                           : kind == 1 ? with_fixed_codes()
                           : kind == 2 ? with_own_codes()
                                       : throw wrong();
      if (!goes_on) return false;
    }
    return flush();
  }

 private:
  static constexpr std::size_t window_bytes = 32'768;

  [[nodiscard]] Error wrong() const {
    return Error(ErrorCode::data_loss,
                 "\"" + file_ + "\" holds compressed bytes that cannot be unpacked; it is damaged")
        .in_file(file_);
  }

  [[nodiscard]] std::uint32_t next_byte() {
    if (at_ == packed_.size()) {
      packed_ = read_more_();
      at_ = 0;
      if (packed_.empty()) throw wrong();
    }
    return std::to_integer<std::uint32_t>(packed_[at_++]);
  }
  [[nodiscard]] std::uint32_t bits(unsigned count) {
    while (held_ < count) {
      buffer_ |= next_byte() << held_;
      held_ += 8;
    }
    const std::uint32_t value = buffer_ & ((std::uint32_t{1} << count) - 1);
    buffer_ >>= count;
    held_ -= count;
    return value;
  }
  [[nodiscard]] int symbol(const HuffmanCode& code) {
    const int found = code.decode([&] { return bits(1); });
    return found < 0 ? throw wrong() : found;
  }

  // The window is the first half of the buffer, or all that came so far; the second half is not given on yet.
  [[nodiscard]] bool put(std::byte byte) {
    window_[end_++] = byte;
    if (end_ < window_.size()) return true;
    const bool goes_on = flush();
    std::copy(window_.begin() + window_bytes, window_.end(), window_.begin());
    given_ = end_ = window_bytes;
    return goes_on;
  }
  [[nodiscard]] bool flush() {
    const auto ready = std::span(window_).subspan(given_, end_ - given_);
    given_ = end_;
    return ready.empty() || give_(ready);
  }

  [[nodiscard]] bool stored() {
    buffer_ = 0;
    held_ = 0;
    std::uint32_t length = next_byte();
    length |= next_byte() << 8;
    std::uint32_t inverted = next_byte();
    inverted |= next_byte() << 8;
    if ((length ^ inverted) != 0xffff) throw wrong();
    for (; length > 0; --length)
      if (!put(static_cast<std::byte>(next_byte()))) return false;
    return true;
  }

  [[nodiscard]] bool with_fixed_codes() {
    std::array<std::uint8_t, 288> lengths{};
    for (std::size_t i = 0; i < lengths.size(); ++i) lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
    std::array<std::uint8_t, 30> distances{};
    distances.fill(5);
    static_cast<void>(literals_.set(lengths));
    static_cast<void>(distances_.set(distances));  // of 32 words two are never used
    return block();
  }

  [[nodiscard]] bool with_own_codes() {
    constexpr std::array<std::uint8_t, 19> order{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
    const std::size_t literals = bits(5) + 257, distances = bits(5) + 1, lengths_of_lengths = bits(4) + 4;
    if (literals > 286 || distances > 30) throw wrong();
    std::array<std::uint8_t, 320> lengths{};
    for (std::size_t i = 0; i < lengths_of_lengths; ++i) lengths[order[i]] = static_cast<std::uint8_t>(bits(3));
    if (!literals_.set(std::span(lengths).first(order.size()))) throw wrong();
    const HuffmanCode code = literals_;
    lengths.fill(0);
    std::uint8_t length = 0;
    for (std::size_t i = 0; i < literals + distances;) {
      const int next = symbol(code);
      if (next == 16 && i == 0) throw wrong();  // nothing to repeat
      if (next != 16) length = next < 16 ? static_cast<std::uint8_t>(next) : std::uint8_t{0};
      std::size_t times = next < 16 ? 1 : next == 16 ? bits(2) + 3 : next == 17 ? bits(3) + 3 : bits(7) + 11;
      if (times > literals + distances - i) throw wrong();
      for (; times > 0; --times) lengths[i++] = length;
    }
    constexpr std::size_t end_of_block = 256;
    if (lengths[end_of_block] == 0) throw wrong();
    if (!literals_.set(std::span(lengths).first(literals))) throw wrong();
    if (!distances_.set(std::span(lengths).subspan(literals, distances))) throw wrong();
    return block();
  }

  [[nodiscard]] bool block() {
    constexpr std::array<std::uint16_t, 29> length_begin{3,  4,  5,  6,   7,   8,   9,   10,  11, 13,
                                                         15, 17, 19, 23,  27,  31,  35,  43,  51, 59,
                                                         67, 83, 99, 115, 131, 163, 195, 227, 258};
    constexpr std::array<std::uint8_t, 29> length_bits{0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                                       2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
    constexpr std::array<std::uint16_t, 30> distance_begin{
        1,   2,   3,   4,   5,   7,    9,    13,   17,   25,   33,   49,   65,    97,    129,
        193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
    for (;;) {
      const int literal = symbol(literals_);
      if (literal == 256) return true;
      if (literal < 256) {
        if (!put(static_cast<std::byte>(literal))) return false;
        continue;
      }
      const auto length_code = static_cast<std::size_t>(literal) - 257;
      if (length_code >= length_begin.size()) throw wrong();
      std::size_t length = length_begin[length_code] + bits(length_bits[length_code]);
      const auto distance_code = static_cast<std::size_t>(symbol(distances_));  // a code has 30 words at most
      const unsigned extra = distance_code < 2 ? 0 : static_cast<unsigned>(distance_code) / 2 - 1;
      const std::size_t distance = distance_begin[distance_code] + bits(extra);
      if (distance > end_) throw wrong();
      for (; length > 0; --length)
        if (!put(window_[end_ - distance])) return false;
    }
  }

  std::function<std::span<const std::byte>()> read_more_;
  std::function<bool(std::span<const std::byte>)> give_;
  std::string file_;
  std::span<const std::byte> packed_;
  std::size_t at_ = 0;        // in packed_
  std::uint32_t buffer_ = 0;  // of bits
  unsigned held_ = 0;         // how many of them
  HuffmanCode literals_, distances_;
  std::vector<std::byte> window_;
  std::size_t given_ = 0, end_ = 0;  // in window_
};

}  // namespace CAIRN_NAMESPACE::exchange::detail
