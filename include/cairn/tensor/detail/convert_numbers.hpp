// From one element type to another: what a restore does with {.cast = ...} when checkpoint and program differ in dtype.
//
//   widens(DT_INT32, DT_DOUBLE) == true        // every int32 is a double
//   convert(DT_DOUBLE, bytes, DT_FLOAT, out);  // the first value that does not fit, or nothing
//
// Each number goes through a Number, which holds all of them exactly. No loop is compiled for a type, nor for a pair of
// types: a program that includes cairn and casts nothing does not pay for them.
#pragma once

#include "../../core/detail/floats.hpp"
#include "../../core/dtype.hpp"
#include "../../core/half.hpp"
#include "../cast.hpp"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string>

namespace CAIRN_NAMESPACE::tensor::detail {

enum class NumberSort : std::uint8_t { none, natural, integer, floating, complex };

// The numbers that a type can hold: `digits` is the number of binary digits, `exponent_bits` that of a float's
// exponent.
struct NumberRange {
  NumberSort sort = NumberSort::none;
  int digits = 0;
  int exponent_bits = 0;
};

[[nodiscard]] constexpr NumberRange number_range(DType dtype) noexcept {
  using enum NumberSort;
  switch (dtype) {
    case DT_BOOL:
      return {natural, 1, 0};
    case DT_UINT4:
      return {natural, 4, 0};
    case DT_UINT8:
      return {natural, 8, 0};
    case DT_UINT16:
      return {natural, 16, 0};
    case DT_UINT32:
      return {natural, 32, 0};
    case DT_UINT64:
      return {natural, 64, 0};
    case DT_INT4:
      return {integer, 3, 0};
    case DT_INT8:
      return {integer, 7, 0};
    case DT_INT16:
      return {integer, 15, 0};
    case DT_INT32:
      return {integer, 31, 0};
    case DT_INT64:
      return {integer, 63, 0};
    case DT_FLOAT8_E5M2:
      return {floating, 3, 5};
    case DT_FLOAT8_E4M3FN:
      return {floating, 4, 4};
    case DT_HALF:
      return {floating, 11, 5};
    case DT_BFLOAT16:
      return {floating, 8, 8};
    case DT_FLOAT:
      return {floating, 24, 8};
    case DT_DOUBLE:
      return {floating, 53, 11};
    case DT_COMPLEX64:
      return {complex, 24, 8};
    case DT_COMPLEX128:
      return {complex, 53, 11};
    default:
      return {};
  }
}

// True when every value of `from` is a value of `to`, and the two dtypes differ.
[[nodiscard]] constexpr bool widens(DType from, DType to) noexcept {
  const NumberRange a = number_range(from), b = number_range(to);
  if (a.sort == NumberSort::none || b.sort == NumberSort::none || a.sort > b.sort || a.digits > b.digits) return false;
  // An integer has 0 exponent bits here: in each float type of the table, the exponent is large enough for all integers
  // of as many digits as the type has.
  return from != to && a.exponent_bits <= b.exponent_bits;
}

// True when `cast` allows a conversion from `from` to another dtype `to`.
[[nodiscard]] constexpr bool may_cast(Cast cast, DType from, DType to) noexcept {
  if (cast == Cast::never || from == to) return false;
  if (cast == Cast::widen) return widens(from, to);
  return number_range(from).sort != NumberSort::none && number_range(to).sort != NumberSort::none;
}

// One number of any dtype. `sort` says which members count: `integer` of an integer, `natural` of an unsigned number,
// `real` of a float, `real` and `imaginary` of a complex number.
struct Number {
  NumberSort sort = NumberSort::none;
  std::int64_t integer = 0;
  std::uint64_t natural = 0;
  double real = 0;
  double imaginary = 0;

  // The number as an element of that float dtype would have it. An integer becomes a float directly: by way of a double
  // it would be rounded twice.
  [[nodiscard]] double real_for(DType dtype) const noexcept {
    if (sort == NumberSort::integer)
      return dtype == DT_DOUBLE ? static_cast<double>(integer) : static_cast<double>(static_cast<float>(integer));
    if (sort == NumberSort::natural)
      return dtype == DT_DOUBLE ? static_cast<double>(natural) : static_cast<double>(static_cast<float>(natural));
    return real;
  }
};

template <class T>
[[nodiscard]] T load_element(const std::byte* at) noexcept {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}
// Returns the element at `at`, whose dtype is a float's.
[[nodiscard]] inline double load_real(DType dtype, const std::byte* at) noexcept {
  if (dtype == DT_DOUBLE) return load_element<double>(at);
  float value = 0;
  switch (dtype) {
    case DT_FLOAT:
      value = load_element<float>(at);
      break;
    case DT_HALF:
      value = static_cast<float>(load_element<half>(at));
      break;
    case DT_BFLOAT16:
      value = static_cast<float>(load_element<bfloat16>(at));
      break;
    case DT_FLOAT8_E5M2:
      value = static_cast<float>(load_element<float8_e5m2>(at));
      break;
    default:
      value = static_cast<float>(load_element<float8_e4m3fn>(at));
  }
  return static_cast<double>(value);
}
// Returns the element at `at`, whose dtype has numbers. Of a bool all bytes but 0 are true: a file's may say anything.
[[nodiscard]] inline Number load_number(DType dtype, const std::byte* at) noexcept {
  const auto integer = [](std::int64_t value) { return Number{NumberSort::integer, value, 0, 0, 0}; };
  const auto natural = [](std::uint64_t value) { return Number{NumberSort::natural, 0, value, 0, 0}; };
  switch (dtype) {
    case DT_BOOL:
      return natural(*at != std::byte{0} ? 1 : 0);
    case DT_UINT4:
      return natural(static_cast<std::uint64_t>(static_cast<int>(load_element<uint4>(at))));
    case DT_UINT8:
      return natural(load_element<std::uint8_t>(at));
    case DT_UINT16:
      return natural(load_element<std::uint16_t>(at));
    case DT_UINT32:
      return natural(load_element<std::uint32_t>(at));
    case DT_UINT64:
      return natural(load_element<std::uint64_t>(at));
    case DT_INT4:
      return integer(static_cast<int>(load_element<int4>(at)));
    case DT_INT8:
      return integer(load_element<std::int8_t>(at));
    case DT_INT16:
      return integer(load_element<std::int16_t>(at));
    case DT_INT32:
      return integer(load_element<std::int32_t>(at));
    case DT_INT64:
      return integer(load_element<std::int64_t>(at));
    case DT_COMPLEX64:
      return {NumberSort::complex, 0, 0, static_cast<double>(load_element<float>(at)),
              static_cast<double>(load_element<float>(at + sizeof(float)))};
    case DT_COMPLEX128:
      return {NumberSort::complex, 0, 0, load_element<double>(at), load_element<double>(at + sizeof(double))};
    default:
      return {NumberSort::floating, 0, 0, load_real(dtype, at), 0};
  }
}

// These write nothing where `out` is null. They return true when `value` was one that the dtype can hold, or its nearest.
template <class T>
bool put_element(T value, std::byte* out) noexcept {
  if (out != nullptr) std::memcpy(out, &value, sizeof value);
  return true;
}
// `bits` is the integer in two's complement.
inline bool put_integer(std::uint64_t bits, DType to, std::byte* out) noexcept {
  switch (to) {
    case DT_UINT4:
      return put_element(uint4(static_cast<int>(bits)), out);
    case DT_INT4:
      return put_element(int4(static_cast<int>(bits)), out);
    case DT_BOOL:
    case DT_UINT8:
    case DT_INT8:
      return put_element(static_cast<std::uint8_t>(bits), out);
    case DT_UINT16:
    case DT_INT16:
      return put_element(static_cast<std::uint16_t>(bits), out);
    case DT_UINT32:
    case DT_INT32:
      return put_element(static_cast<std::uint32_t>(bits), out);
    default:
      return put_element(bits, out);
  }
}
// False for a number that only an infinity or a NaN would stand for; with `saturates` the largest number does.
template <class Small>
bool put_small(float value, bool saturates, std::byte* out) noexcept {
  Small small(value);
  const float back = static_cast<float>(small);
  const bool is_nan = core::detail::is_nan(static_cast<double>(value));
  const bool becomes_nan = core::detail::is_nan(static_cast<double>(back));
  if (is_nan
          ? becomes_nan
          : core::detail::is_finite(static_cast<double>(back)) == core::detail::is_finite(static_cast<double>(value)) &&
                !becomes_nan)
    return put_element(small, out);
  if (!saturates || is_nan) return false;
  small = Small(value < 0 ? -std::numeric_limits<float>::infinity() : std::numeric_limits<float>::infinity());
  small.bits = static_cast<decltype(small.bits)>(small.bits - 1);  // the largest number has the bits before it
  return put_element(small, out);
}
inline bool put_real(double value, DType to, bool saturates, std::byte* out) noexcept {
  if (to == DT_DOUBLE) return put_element(value, out);
  constexpr float largest = std::numeric_limits<float>::max();
  if (core::detail::magnitude(value) > static_cast<double>(largest) && core::detail::is_finite(value)) {
    if (!saturates) return false;
    value = static_cast<double>(value < 0 ? -largest : largest);
  }
  const float single = static_cast<float>(value);
  switch (to) {
    case DT_FLOAT:
      return put_element(single, out);
    case DT_HALF:
      return put_small<half>(single, saturates, out);
    case DT_BFLOAT16:
      return put_small<bfloat16>(single, saturates, out);
    case DT_FLOAT8_E5M2:
      return put_small<float8_e5m2>(single, saturates, out);
    default:
      return put_small<float8_e4m3fn>(single, saturates, out);
  }
}
// Stores `number` as an element of dtype `to`, whose range is number_range(to), with fewer digits where the dtype has
// fewer; a fraction goes when it is an integer's. Returns false, and writes nothing, when the number is too large for
// the dtype, has an imaginary part that the dtype has not, or is a NaN and the dtype an integer's; with `saturates` what
// is too large becomes the nearest number. A null `out` asks only.
[[nodiscard]] inline bool store_number(const Number& number, DType to, NumberRange range, bool saturates,
                                       std::byte* out) noexcept {
  if (range.sort == NumberSort::complex) {
    const DType part = to == DT_COMPLEX64 ? DT_FLOAT : DT_DOUBLE;
    std::byte parts[2 * sizeof(double)];
    std::byte* const second = parts + size_of(part);
    if (!put_real(number.real_for(part), part, saturates, parts) ||
        !put_real(number.imaginary, part, saturates, second))
      return false;
    if (out != nullptr) std::memcpy(out, parts, 2 * size_of(part));
    return true;
  }
  if (number.sort == NumberSort::complex && number.imaginary != 0) return false;  // a NaN differs from 0
  if (range.sort == NumberSort::floating) return put_real(number.real_for(to), to, saturates, out);
  const bool is_signed = range.sort == NumberSort::integer;
  const std::uint64_t most = ~std::uint64_t{0} >> (64 - range.digits), least = is_signed ? ~most : 0;
  bool is_negative = false, fits = false;
  std::uint64_t bits = 0;
  if (number.sort == NumberSort::natural) {
    bits = number.natural;
    fits = bits <= most;
  } else if (number.sort == NumberSort::integer) {
    bits = static_cast<std::uint64_t>(number.integer);
    is_negative = number.integer < 0;
    fits = is_negative ? is_signed && bits >= least : bits <= most;
  } else {
    const double end = 2.0 * static_cast<double>(std::uint64_t{1} << (range.digits - 1));
    const double whole = core::detail::truncated(number.real);
    if (core::detail::is_nan(number.real)) return false;
    is_negative = number.real < 0;
    fits = whole < end && whole >= (is_signed ? -end : 0.0);
    if (to == DT_BOOL && number.real != 0 && number.real != 1) {
      if (number.real > 0 && number.real < 1) return false;
      fits = false;
    }
    if (fits)
      bits =
          is_signed ? static_cast<std::uint64_t>(static_cast<std::int64_t>(whole)) : static_cast<std::uint64_t>(whole);
  }
  if (!fits && !saturates) return false;
  return put_integer(fits ? bits : is_negative ? least : most, to, out);
}

// The number in decimal, with as many digits as it takes to read it back.
[[nodiscard]] inline std::string number_text(double value) {
  char text[40];
  return std::string(text, std::to_chars(text, text + sizeof text, value).ptr);
}
[[nodiscard]] inline std::string number_text(const Number& number) {
  if (number.sort == NumberSort::integer) return std::to_string(number.integer);
  if (number.sort == NumberSort::natural) return std::to_string(number.natural);
  if (number.sort == NumberSort::floating) return number_text(number.real);
  return "(" + number_text(number.real) + ", " + number_text(number.imaginary) + ")";
}

// A value that could not be converted; false where there is none.
struct Misfit {
  std::size_t index = 0;  // row-major
  std::string value = {};

  explicit operator bool() const noexcept { return !value.empty(); }
};

// Converts the elements of `in`, of dtype `from`, to dtype `to` and writes them to `out`, which has room for as many
// elements. With an empty `out` nothing is written: the call tells only whether all of them fit. Returns the first
// value that does not fit, where the conversion ends; the values before it have been written. Both dtypes are numbers,
// and `cast` is any or saturate.
[[nodiscard]] inline Misfit convert(DType from, std::span<const std::byte> in, DType to, std::span<std::byte> out,
                                    Cast cast = Cast::any) {
  const std::size_t size = size_of(from), count = size == 0 ? 0 : in.size() / size;
  const bool saturates = cast == Cast::saturate;
  const NumberRange range = number_range(to);
  const bool are_real = number_range(from).sort == NumberSort::floating && range.sort == NumberSort::floating;
  const std::size_t size_out = out.empty() ? 0 : size_of(to);
  const std::byte* at = in.data();
  std::byte* to_at = out.empty() ? nullptr : out.data();
  for (std::size_t i = 0; i < count; ++i, at += size, to_at += size_out) {
    // From float to float is what most casts are: without a look at what else numbers can be.
    if (are_real ? !put_real(load_real(from, at), to, saturates, to_at)
                 : !store_number(load_number(from, at), to, range, saturates, to_at))
      return {i, number_text(load_number(from, at))};
  }
  return {};
}

}  // namespace CAIRN_NAMESPACE::tensor::detail
