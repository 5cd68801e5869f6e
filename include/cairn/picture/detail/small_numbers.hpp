// Elements of every numeric dtype as numbers to compute with: also those that C++ has no type for.
//
//   DT_FLOAT8_E4M3FNUZ, byte 0x48  ->  2.0          DT_QINT32  ->  the integers as they are stored
//
// The formats are ml_dtypes'. What takes a whole byte or less goes through a table of 256 numbers.
#pragma once

#include "../../core/dtype.hpp"
#include "../../tensor/detail/convert_numbers.hpp"
#include "../../tensor/detail/number_types.hpp"
#include "../../tensor/print.hpp"

#include <array>
#include <cmath>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <type_traits>

namespace CAIRN_NAMESPACE::pictures::detail {

// The dtype whose elements have the same bytes and are numbers of C++: quantized numbers as they are stored.
[[nodiscard]] constexpr DType stored_as(DType dtype) noexcept {
  switch (dtype) {
    case DT_QINT8:
      return DT_INT8;
    case DT_QUINT8:
      return DT_UINT8;
    case DT_QINT16:
      return DT_INT16;
    case DT_QUINT16:
      return DT_UINT16;
    case DT_QINT32:
      return DT_INT32;
    default:
      return dtype;
  }
}

// A float of `exponent_bits` and `mantissa_bits` with one NaN, where minus zero would be, or none at all.
[[nodiscard]] inline double finite_float(unsigned bits, int exponent_bits, int mantissa_bits, int bias, bool has_nan) {
  const unsigned sign_bit = 1u << (exponent_bits + mantissa_bits);
  if (has_nan && bits == sign_bit) return std::numeric_limits<double>::quiet_NaN();
  const int exponent = static_cast<int>((bits >> mantissa_bits) & ((1u << exponent_bits) - 1));
  const int mantissa = static_cast<int>(bits & ((1u << mantissa_bits) - 1));
  const int leading = exponent == 0 ? 0 : 1 << mantissa_bits;
  const double magnitude = std::ldexp(leading + mantissa, (exponent == 0 ? 1 : exponent) - bias - mantissa_bits);
  return (bits & sign_bit) != 0 ? -magnitude : magnitude;
}

// An element of one byte of a dtype that C++ has no type for; the bits that are not its own are not looked at.
[[nodiscard]] inline double one_byte_number(DType dtype, unsigned bits) {
  switch (dtype) {
    case DT_FLOAT8_E4M3FNUZ:
      return finite_float(bits, 4, 3, 8, true);
    case DT_FLOAT8_E4M3B11FNUZ:
      return finite_float(bits, 4, 3, 11, true);
    case DT_FLOAT8_E5M2FNUZ:
      return finite_float(bits, 5, 2, 16, true);
    case DT_FLOAT4_E2M1FN:
      return finite_float(bits & 0x0fu, 2, 1, 1, false);
    case DT_INT2:
      return (bits & 3u) < 2 ? (bits & 3u) : static_cast<double>(bits & 3u) - 4;
    default:  // DT_UINT2
      return bits & 3u;
  }
}

// The magnitude of a complex number, any other number itself.
template <class Wide>
[[nodiscard]] auto real_number(const Wide& wide) noexcept {
  if constexpr (tensor::detail::is_complex<Wide>)
    return std::abs(wide);
  else
    return wide;
}

// Turns elements of a dtype into numbers of one type, `Number`: std::int64_t and std::uint64_t for those of 64 bits,
// double for all others, which it holds exactly (of complex ones, the magnitude).
template <class Number>
class NumberDecoder {
 public:
  // The dtype is one of fixed size.
  explicit NumberDecoder(DType dtype) {
    const bool is_number = tensor::detail::with_number_type(stored_as(dtype), [&]<class T>(std::type_identity<T>) {
      decode_ = [](const NumberDecoder& self, const std::byte* from, std::size_t count, Number* to) {
        if constexpr (sizeof(T) == 1) {
          for (std::size_t i = 0; i < count; ++i) to[i] = self.table_[std::to_integer<std::size_t>(from[i])];
        } else {
          for (std::size_t i = 0; i < count; ++i) {
            T value;
            std::memcpy(&value, from + i * sizeof(T), sizeof(T));
            to[i] = static_cast<Number>(real_number(tensor::detail::widest(value)));
          }
        }
      };
      if constexpr (std::is_same_v<T, bool>) {
        fill([](std::uint8_t bits) { return bits == 0 ? 0 : 1; });  // the bytes of a file may say anything
      } else if constexpr (sizeof(T) == 1) {
        fill([](std::uint8_t bits) {
          T value;
          std::memcpy(&value, &bits, 1);
          return tensor::detail::widest(value);
        });
      }
    });
    if (is_number) return;
    fill([&](std::uint8_t bits) { return one_byte_number(dtype, bits); });
    decode_ = [](const NumberDecoder& self, const std::byte* from, std::size_t count, Number* to) {
      for (std::size_t i = 0; i < count; ++i) to[i] = self.table_[std::to_integer<std::size_t>(from[i])];
    };
  }

  void operator()(const std::byte* from, std::size_t count, Number* to) const { decode_(*this, from, count, to); }

 private:
  template <class Value>
  void fill(Value value) {
    for (std::size_t i = 0; i < table_.size(); ++i)
      table_[i] = static_cast<Number>(value(static_cast<std::uint8_t>(i)));
  }

  std::array<Number, 256> table_{};
  void (*decode_)(const NumberDecoder&, const std::byte*, std::size_t, Number*) = nullptr;
};

// One element as tensor/print.hpp prints it; its bytes are those of a dtype of fixed size.
[[nodiscard]] inline std::string element_text(DType dtype, const std::byte* element) {
  std::string text;
  const bool is_number = tensor::detail::with_number_type(stored_as(dtype), [&]<class T>(std::type_identity<T>) {
    if constexpr (std::is_same_v<T, bool>) {
      tensor::detail::append_element(text, *element != std::byte{0});
    } else {
      T value;
      std::memcpy(&value, element, sizeof(T));
      tensor::detail::append_element(text, value);
    }
  });
  if (!is_number) tensor::detail::append_element(text, one_byte_number(dtype, std::to_integer<unsigned>(*element)));
  return text;
}

}  // namespace CAIRN_NAMESPACE::pictures::detail
