// Values whose every bit counts, the same that states.py makes: for floats first NaNs with payloads, zeros, denormals
// and infinities, then bytes of a generator.
#pragma once

#include <cairn/core/element.hpp>

#include <algorithm>
#include <complex>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>

namespace cairn::test {

template <class T>
[[nodiscard]] std::span<std::byte> bytes_of(T& value) {
  if constexpr (requires { value.span(); })
    return std::as_writable_bytes(value.span());
  else if constexpr (requires { value.data(); })
    return std::as_writable_bytes(std::span(value.data(), value.size()));
  else
    return std::as_writable_bytes(std::span(&value, 1));
}

template <class T>
struct ElementOf : std::type_identity<T> {};
template <class T>
  requires requires { typename T::value_type; }
struct ElementOf<T> : std::type_identity<typename T::value_type> {};
template <class T>
struct ElementOf<std::complex<T>> : std::type_identity<T> {};

inline constexpr std::uint32_t float_bits[] = {0x7fc12345, 0xffc00001, 0x7f812345, 0x80000000, 0x00000001,
                                               0x807fffff, 0x7f7fffff, 0x7f800000, 0xff800000, 0x3f800000};
inline constexpr std::uint64_t double_bits[] = {
    0x7ff8000012345678, 0xfff8000000000001, 0x7ff0000012345678, 0x8000000000000000, 0x0000000000000001,
    0x800fffffffffffff, 0x7fefffffffffffff, 0x7ff0000000000000, 0xfff0000000000000, 0x3ff0000000000000};

// A Variable, a contiguous range or a single value takes the bytes that states.py's array(dtype, shape, seed) has.
template <class T>
void fill(T&& value, std::uint32_t seed) {
  using Plain = std::remove_cvref_t<T>;
  using E = typename ElementOf<Plain>::type;
  const std::span<std::byte> bytes = bytes_of(value);
  std::uint32_t state = seed;
  for (std::byte& byte : bytes) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    byte = static_cast<std::byte>(state & 0xff);
    if (std::is_same_v<E, bool>) byte &= std::byte{1};
    if (std::is_same_v<E, int4> || std::is_same_v<E, uint4>) byte &= std::byte{15};
  }
  if (seed % 2 == 0) return;
  if (std::is_same_v<E, float> || std::is_same_v<E, std::complex<float>>)
    std::memcpy(bytes.data(), float_bits, std::min(bytes.size(), sizeof float_bits));
  if (std::is_same_v<E, double> || std::is_same_v<E, std::complex<double>>)
    std::memcpy(bytes.data(), double_bits, std::min(bytes.size(), sizeof double_bits));
}

// The value has just those bytes.
template <class T>
[[nodiscard]] bool is_filled(const T& value, std::uint32_t seed) {
  T expected = value;
  fill(expected, seed);
  const auto a = bytes_of(const_cast<T&>(value));
  const auto b = bytes_of(expected);
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

}  // namespace cairn::test
