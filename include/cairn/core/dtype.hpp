// DType: TensorFlow's element types with their numbers, names and sizes.
#pragma once

#include "../version.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace CAIRN_NAMESPACE {

// The type of a tensor's elements. The numbers are those of tensorflow/core/framework/types.proto; files contain them.
enum class DType : std::int32_t {
  DT_INVALID = 0,
  DT_FLOAT = 1,
  DT_DOUBLE = 2,
  DT_INT32 = 3,
  DT_UINT8 = 4,
  DT_INT16 = 5,
  DT_INT8 = 6,
  DT_STRING = 7,
  DT_COMPLEX64 = 8,
  DT_INT64 = 9,
  DT_BOOL = 10,
  DT_QINT8 = 11,
  DT_QUINT8 = 12,
  DT_QINT32 = 13,
  DT_BFLOAT16 = 14,
  DT_QINT16 = 15,
  DT_QUINT16 = 16,
  DT_UINT16 = 17,
  DT_COMPLEX128 = 18,
  DT_HALF = 19,
  DT_RESOURCE = 20,
  DT_VARIANT = 21,
  DT_UINT32 = 22,
  DT_UINT64 = 23,
  DT_FLOAT8_E5M2 = 24,
  DT_FLOAT8_E4M3FN = 25,
  DT_FLOAT8_E4M3FNUZ = 26,
  DT_FLOAT8_E4M3B11FNUZ = 27,
  DT_FLOAT8_E5M2FNUZ = 28,
  DT_INT4 = 29,
  DT_UINT4 = 30,
  DT_INT2 = 31,
  DT_UINT2 = 32,
  DT_FLOAT4_E2M1FN = 33,
};
using enum DType;  // cairn::DT_FLOAT, as C++ programs of TensorFlow spell it

namespace core::detail {

struct DTypeRow {
  std::string_view name;   // tf.dtypes' name
  std::uint8_t size;       // bytes of one element in a file; 0 where elements have no fixed size
  std::uint8_t swap_unit;  // bytes of one number: the halves of a complex are swapped each by itself
};

// The index of a row is the enum's number. An element of 4 or 2 bits takes a whole byte, as TensorFlow stores it.
inline constexpr std::array<DTypeRow, 34> dtype_table{{
    {"invalid", 0, 0},
    {"float32", 4, 4},
    {"float64", 8, 8},
    {"int32", 4, 4},
    {"uint8", 1, 1},
    {"int16", 2, 2},
    {"int8", 1, 1},
    {"string", 0, 0},
    {"complex64", 8, 4},
    {"int64", 8, 8},
    {"bool", 1, 1},
    {"qint8", 1, 1},
    {"quint8", 1, 1},
    {"qint32", 4, 4},
    {"bfloat16", 2, 2},
    {"qint16", 2, 2},
    {"quint16", 2, 2},
    {"uint16", 2, 2},
    {"complex128", 16, 8},
    {"float16", 2, 2},
    {"resource", 0, 0},
    {"variant", 0, 0},
    {"uint32", 4, 4},
    {"uint64", 8, 8},
    {"float8_e5m2", 1, 1},
    {"float8_e4m3fn", 1, 1},
    {"float8_e4m3fnuz", 1, 1},
    {"float8_e4m3b11fnuz", 1, 1},
    {"float8_e5m2fnuz", 1, 1},
    {"int4", 1, 1},
    {"uint4", 1, 1},
    {"int2", 1, 1},
    {"uint2", 1, 1},
    {"float4_e2m1fn", 1, 1},
}};

}  // namespace core::detail

// True when `dtype` is an enumerator of DType other than DT_INVALID. Check a number from a file here before you use it.
[[nodiscard]] constexpr bool is_known(DType dtype) noexcept {
  return static_cast<std::int32_t>(dtype) > 0 &&
         static_cast<std::size_t>(static_cast<std::int32_t>(dtype)) < core::detail::dtype_table.size();
}

// The name that tf.dtypes has for `dtype`, such as "float32" or "string"; "invalid" for DT_INVALID, and "unknown" for a
// number that is no enumerator of DType. to_string returns it as a std::string.
[[nodiscard]] constexpr std::string_view name(DType dtype) noexcept {
  if (dtype == DT_INVALID) return "invalid";
  return is_known(dtype) ? core::detail::dtype_table[static_cast<std::size_t>(dtype)].name
                         : std::string_view("unknown");
}
[[nodiscard]] inline std::string to_string(DType dtype) { return std::string(name(dtype)); }

// Prints the name of `dtype`: `std::cout << variable.dtype()`. It needs no more than a stream that prints text.
template <class Stream>
  requires requires(Stream& out, std::string_view text) { out << text; }
Stream& operator<<(Stream& out, DType dtype) {
  out << name(dtype);
  return out;
}

// The bytes that one element takes in memory and in a file. 0 for DT_STRING, DT_VARIANT, DT_RESOURCE, DT_INVALID and
// unknown numbers, whose elements have no fixed size.
[[nodiscard]] constexpr std::size_t size_of(DType dtype) noexcept {
  return is_known(dtype) ? core::detail::dtype_table[static_cast<std::size_t>(dtype)].size : 0;
}

// The bytes of one number inside an element: size_of(dtype), but half of it for the complex types, whose two parts are
// numbers of their own. Numbers are swapped when a file was written on a machine of the other endianness, and are
// aligned to this size.
[[nodiscard]] constexpr std::size_t swap_unit_of(DType dtype) noexcept {
  return is_known(dtype) ? core::detail::dtype_table[static_cast<std::size_t>(dtype)].swap_unit : 0;
}

// The dtype that tf.dtypes calls `text`; nullopt when no dtype has that name.
[[nodiscard]] constexpr std::optional<DType> dtype_from_name(std::string_view text) noexcept {
  for (std::size_t i = 1; i < core::detail::dtype_table.size(); ++i)
    if (core::detail::dtype_table[i].name == text) return static_cast<DType>(i);
  return std::nullopt;
}

}  // namespace CAIRN_NAMESPACE
