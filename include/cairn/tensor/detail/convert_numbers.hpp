// From one element type to another: what a restore does with {.cast = ...} when checkpoint and program differ in dtype.
//
//   widens(DT_INT32, DT_DOUBLE) == true        // every int32 is a double
//   convert(DT_DOUBLE, bytes, DT_FLOAT, out);  // the first value that does not fit, or nullopt
//
// Numbers are converted block by block through the widest type of their sort: there is a loop for each type, and not
// for each pair of types.
#pragma once

#include "../../core/dtype.hpp"
#include "../../core/half.hpp"
#include "../cast.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <complex>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

namespace cairn {
namespace tensor::detail {

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
  const NumberRange a = number_range(from);
  const NumberRange b = number_range(to);
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

// Calls f with a std::type_identity of the C++ type of `dtype`, and returns true. Returns false, without a call, for a
// dtype that has no numbers.
template <class F>
constexpr bool with_number_type(DType dtype, F&& f) {
  switch (dtype) {
#define CAIRN_NUMBER(dtype_, type_) \
  case dtype_:                      \
    f(std::type_identity<type_>{}); \
    return true;
    CAIRN_NUMBER(DT_BOOL, bool)
    CAIRN_NUMBER(DT_UINT4, uint4)
    CAIRN_NUMBER(DT_UINT8, std::uint8_t)
    CAIRN_NUMBER(DT_UINT16, std::uint16_t)
    CAIRN_NUMBER(DT_UINT32, std::uint32_t)
    CAIRN_NUMBER(DT_UINT64, std::uint64_t)
    CAIRN_NUMBER(DT_INT4, int4)
    CAIRN_NUMBER(DT_INT8, std::int8_t)
    CAIRN_NUMBER(DT_INT16, std::int16_t)
    CAIRN_NUMBER(DT_INT32, std::int32_t)
    CAIRN_NUMBER(DT_INT64, std::int64_t)
    CAIRN_NUMBER(DT_FLOAT8_E5M2, float8_e5m2)
    CAIRN_NUMBER(DT_FLOAT8_E4M3FN, float8_e4m3fn)
    CAIRN_NUMBER(DT_HALF, half)
    CAIRN_NUMBER(DT_BFLOAT16, bfloat16)
    CAIRN_NUMBER(DT_FLOAT, float)
    CAIRN_NUMBER(DT_DOUBLE, double)
    CAIRN_NUMBER(DT_COMPLEX64, std::complex<float>)
    CAIRN_NUMBER(DT_COMPLEX128, std::complex<double>)
#undef CAIRN_NUMBER
    default:
      return false;
  }
}

template <class T>
inline constexpr bool is_small_int = std::same_as<T, int4> || std::same_as<T, uint4>;
template <class T>
inline constexpr bool is_complex = std::same_as<T, std::complex<float>> || std::same_as<T, std::complex<double>>;

// `value` as the widest type of its sort: std::int64_t, std::uint64_t, double or std::complex<double>.
template <class T>
[[nodiscard]] inline auto widest(const T& value) noexcept {
  if constexpr (std::same_as<T, std::uint64_t>)
    return value;
  else if constexpr (std::integral<T>)
    return std::int64_t{value};
  else if constexpr (is_small_int<T>)
    return std::int64_t{static_cast<int>(value)};
  else if constexpr (is_complex<T>)
    return std::complex<double>(value);
  else if constexpr (std::floating_point<T>)
    return static_cast<double>(value);
  else
    return static_cast<double>(static_cast<float>(value));
}

// Converts `value` to `To`, whose digits may be fewer. Returns false when the value is too large for `To`, has an
// imaginary part that `To` has not, or is a NaN and `To` an integer; `result` is then unspecified.
template <class To, class Wide>
[[nodiscard]] bool narrow_to(Wide value, To& result) noexcept {
  if constexpr (is_complex<Wide>) {
    if constexpr (is_complex<To>) {
      typename To::value_type real{};
      typename To::value_type imaginary{};
      if (!narrow_to(value.real(), real) || !narrow_to(value.imag(), imaginary)) return false;
      result = {real, imaginary};
      return true;
    } else {
      return value.imag() == 0 && narrow_to(value.real(), result);
    }
  } else if constexpr (is_complex<To>) {
    typename To::value_type real{};
    if (!narrow_to(value, real)) return false;
    result = {real, 0};
    return true;
  } else if constexpr (is_small_int<To>) {
    std::int8_t number = 0;
    if (!narrow_to(value, number)) return false;
    result = To(number);
    return static_cast<int>(result) == number;
  } else if constexpr (std::same_as<To, bool>) {
    result = value != Wide{};
    return value == Wide{} || value == Wide{1};
  } else if constexpr (std::integral<To>) {
    if constexpr (std::floating_point<Wide>) {
      const Wide whole = std::trunc(value);
      const Wide end = std::ldexp(Wide{1}, std::numeric_limits<To>::digits);
      if (!(whole < end && whole >= (std::is_signed_v<To> ? -end : Wide{0}))) return false;  // also a NaN
      result = static_cast<To>(whole);
      return true;
    } else {
      if (!std::in_range<To>(value)) return false;
      result = static_cast<To>(value);
      return true;
    }
  } else if constexpr (std::same_as<To, double>) {
    result = static_cast<double>(value);
    return true;
  } else if constexpr (std::same_as<To, float>) {
    if constexpr (std::floating_point<Wide>)
      if (std::isfinite(value) && std::abs(value) > static_cast<Wide>(std::numeric_limits<float>::max())) return false;
    result = static_cast<float>(value);
    return true;
  } else {
    float number = 0;
    if (!narrow_to(value, number)) return false;
    result = To(number);
    const float back = static_cast<float>(result);
    return std::isnan(number) ? std::isnan(back) : std::isfinite(back) == std::isfinite(number) && !std::isnan(back);
  }
}

// Sets `result` to the number of `To` that is nearest to `value`, which narrow_to has refused. Returns false where
// there is no such number: for a NaN, and for a value with an imaginary part where `To` is real.
template <class To, class Wide>
[[nodiscard]] bool saturate_to(Wide value, To& result) noexcept {
  if constexpr (is_complex<To>) {
    std::complex<double> both;
    if constexpr (is_complex<Wide>)
      both = value;
    else
      both = static_cast<double>(value);
    typename To::value_type real{}, imaginary{};
    const bool has_both = (narrow_to(both.real(), real) || saturate_to(both.real(), real)) &&
                          (narrow_to(both.imag(), imaginary) || saturate_to(both.imag(), imaginary));
    result = {real, imaginary};
    return has_both;
  } else if constexpr (is_complex<Wide>) {
    return value.imag() == 0 && saturate_to(value.real(), result);
  } else {
    const bool is_negative = value < Wide{};
    if (!is_negative && !(value > Wide{})) return false;
    if constexpr (std::same_as<To, bool>) {
      result = !is_negative;
      return is_negative || value > Wide{1};
    } else if constexpr (is_small_int<To>) {
      result = To(std::same_as<To, int4> ? (is_negative ? -8 : 7) : (is_negative ? 0 : 15));
      return true;
    } else if constexpr (std::integral<To> || std::floating_point<To>) {
      result = is_negative ? std::numeric_limits<To>::lowest() : std::numeric_limits<To>::max();
      return true;
    } else {
      constexpr float infinity = std::numeric_limits<float>::infinity();
      result = To(is_negative ? -infinity : infinity);  // or NaN; the largest number has the bits before it
      result.bits = static_cast<decltype(result.bits)>(result.bits - 1);
      return true;
    }
  }
}

template <class T>
[[nodiscard]] std::string number_text(const T& value) {
  if constexpr (is_complex<T>) {
    return "(" + number_text(value.real()) + ", " + number_text(value.imag()) + ")";
  } else {
    std::array<char, 40> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    return std::string(text.data(), end);
  }
}

// A value that could not be converted; false where there is none.
struct Misfit {
  std::size_t index = 0;  // row-major
  std::string value = {};

  explicit operator bool() const noexcept { return !value.empty(); }
};

// Returns how many numbers, from the front, fit into elements of dtype `to`, and writes these to `out` unless it is
// empty. `wide` has at most cast_block numbers. The template is instantiated for the four widest types only.
inline constexpr std::size_t cast_block = 256;
template <class Wide>
[[nodiscard]] std::size_t narrow_block(std::span<const Wide> wide, DType to, std::span<std::byte> out, bool saturates) {
  std::size_t fitting = 0;
  with_number_type(to, [&]<class To>(std::type_identity<To>) {
    std::array<To, cast_block> narrow{};
    while (fitting < wide.size() &&
           (narrow_to(wide[fitting], narrow[fitting]) || (saturates && saturate_to(wide[fitting], narrow[fitting]))))
      ++fitting;
    if (!out.empty()) std::memcpy(out.data(), narrow.data(), fitting * sizeof(To));
  });
  return fitting;
}

// Converts the elements of `in`, of dtype `from`, to dtype `to` and writes them to `out`, which has room for as many
// elements. With an empty `out` nothing is written: the call tells only whether all of them fit. Returns the first
// value that does not fit, where the conversion ends; the values before it have been written. Both dtypes are numbers,
// and `cast` is any or saturate.
[[nodiscard]] inline Misfit convert(DType from, std::span<const std::byte> in, DType to, std::span<std::byte> out,
                                    Cast cast = Cast::any) {
  const std::size_t count = size_of(from) == 0 ? 0 : in.size() / size_of(from);
  Misfit misfit;
  with_number_type(from, [&]<class From>(std::type_identity<From>) {
    using Wide = decltype(widest(From{}));
    std::array<Wide, cast_block> wide{};
    for (std::size_t begin = 0; begin < count && !misfit; begin += cast_block) {
      const std::size_t size = std::min(cast_block, count - begin);
      for (std::size_t i = 0; i < size; ++i) {
        const std::byte* const at = in.data() + (begin + i) * sizeof(From);
        if constexpr (std::same_as<From, bool>) {
          wide[i] = *at != std::byte{0};  // the bytes of a file may say anything
        } else {
          From value;
          std::memcpy(&value, at, sizeof value);
          wide[i] = widest(value);
        }
      }
      const std::size_t fitting =
          narrow_block(std::span<const Wide>(wide.data(), size), to,
                       out.empty() ? out : out.subspan(begin * size_of(to)), cast == Cast::saturate);
      if (fitting < size) misfit = Misfit{begin + fitting, number_text(wide[fitting])};
    }
  });
  return misfit;
}

}  // namespace tensor::detail
}  // namespace cairn
