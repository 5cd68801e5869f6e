// dtype_of<T>, Element, NumericElement: the one table between C++ types and TensorFlow's dtypes.
#pragma once

#include "detail/type_name.hpp"
#include "dtype.hpp"
#include "half.hpp"

#include <climits>
#include <concepts>
#include <string>
#include <type_traits>

namespace CAIRN_NAMESPACE {

namespace core::detail {

// True for std::complex, which is recognised by its form, so that this header need not include <complex>.
template <class T>
inline constexpr bool is_std_complex = false;
template <class T>
  requires(std::is_class_v<T> && is_std_type<T> &&
           requires(const T& number) {
             { number.real() } -> std::same_as<typename T::value_type>;
             { number.imag() } -> std::same_as<typename T::value_type>;
           })
inline constexpr bool is_std_complex<T> = true;

// std::chrono's durations and time points, known by their form: the count of ticks is all that is in one.
template <class T>
inline constexpr bool is_std_duration = false;
template <class T>
  requires(std::is_class_v<T> && is_std_type<T> &&
           requires {
             typename T::period;
             requires sizeof(typename T::rep) == sizeof(T);
           })
inline constexpr bool is_std_duration<T> = true;
template <class T>
inline constexpr bool is_std_time_point = false;
template <class T>
  requires(std::is_class_v<T> && is_std_type<T> &&
           requires {
             typename T::clock;
             requires sizeof(typename T::duration) == sizeof(T);
           })
inline constexpr bool is_std_time_point<T> = true;

// An integer type is chosen by its size and sign, so that long, long long and std::int64_t are all DT_INT64.
template <class T>
[[nodiscard]] constexpr DType dtype_of_type() noexcept {
  static_assert(CHAR_BIT == 8);
  if constexpr (std::same_as<T, bool>)
    return DT_BOOL;
  else if constexpr (std::is_enum_v<T>)
    return dtype_of_type<std::underlying_type_t<T>>();
  else if constexpr (std::integral<T> && std::is_signed_v<T>)
    return sizeof(T) == 1   ? DT_INT8
           : sizeof(T) == 2 ? DT_INT16
           : sizeof(T) == 4 ? DT_INT32
           : sizeof(T) == 8 ? DT_INT64
                            : DT_INVALID;
  else if constexpr (std::integral<T>)
    return sizeof(T) == 1   ? DT_UINT8
           : sizeof(T) == 2 ? DT_UINT16
           : sizeof(T) == 4 ? DT_UINT32
           : sizeof(T) == 8 ? DT_UINT64
                            : DT_INVALID;
  else if constexpr (std::same_as<T, float>)
    return DT_FLOAT;
  else if constexpr (std::same_as<T, double>)
    return DT_DOUBLE;
  else if constexpr (is_std_complex<T>)
    return std::same_as<typename T::value_type, float>    ? DT_COMPLEX64
           : std::same_as<typename T::value_type, double> ? DT_COMPLEX128
                                                          : DT_INVALID;
  else if constexpr (is_std_duration<T>)
    return dtype_of_type<typename T::rep>();
  else if constexpr (is_std_time_point<T>)
    return dtype_of_type<typename T::duration>();
  else if constexpr (std::same_as<T, half>)
    return DT_HALF;
  else if constexpr (std::same_as<T, bfloat16>)
    return DT_BFLOAT16;
  else if constexpr (std::same_as<T, float8_e5m2>)
    return DT_FLOAT8_E5M2;
  else if constexpr (std::same_as<T, float8_e4m3fn>)
    return DT_FLOAT8_E4M3FN;
  else if constexpr (std::same_as<T, int4>)
    return DT_INT4;
  else if constexpr (std::same_as<T, uint4>)
    return DT_UINT4;
  else if constexpr (std::same_as<T, std::string>)
    return DT_STRING;
  else
    return DT_INVALID;
}

}  // namespace core::detail

// The dtype of a C++ element type, whose cv-qualifiers do not count; an enum has the dtype of its underlying type, a
// std::chrono duration or time point that of its count of ticks. DT_INVALID for a type that cannot be an element, such
// as long double or a class.
template <class T>
inline constexpr DType dtype_of = core::detail::dtype_of_type<std::remove_cv_t<T>>();

// A type whose values can be a tensor's elements: bool, integers, float, double, enums, std::complex<float> and
// std::complex<double>, std::chrono's durations and time points, the storage types of half.hpp, and std::string.
template <class T>
concept Element = (dtype_of<T> != DT_INVALID);

// An element type other than std::string: the bytes of such an element in memory are its bytes in a file.
template <class T>
concept NumericElement = Element<T> && (dtype_of<T> != DT_STRING);

}  // namespace CAIRN_NAMESPACE
