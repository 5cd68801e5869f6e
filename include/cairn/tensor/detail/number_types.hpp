// The C++ type of a dtype's numbers, for loops over elements that are compiled once for each type.
//
//   with_number_type(dtype, [&]<class T>(std::type_identity<T>) { sum += widest(first<T>(bytes)); });
#pragma once

#include "../../core/dtype.hpp"
#include "../../core/half.hpp"

#include <complex>
#include <concepts>
#include <cstdint>
#include <type_traits>

namespace CAIRN_NAMESPACE::tensor::detail {

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

}  // namespace CAIRN_NAMESPACE::tensor::detail
