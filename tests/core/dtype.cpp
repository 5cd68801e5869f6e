#include "cairn/core/dtype.hpp"

#include <doctest/doctest.h>

#include "cairn/core/element.hpp"

#include <complex>
#include <cstdint>

TEST_CASE("dtypes have TensorFlow's numbers, names and sizes") {
  CHECK(static_cast<int>(cairn::DT_FLOAT) == 1);
  CHECK(static_cast<int>(cairn::DT_BFLOAT16) == 14);
  CHECK(static_cast<int>(cairn::DT_HALF) == 19);
  CHECK(static_cast<int>(cairn::DT_UINT64) == 23);
  CHECK(cairn::name(cairn::DT_FLOAT) == "float32");
  CHECK(cairn::name(cairn::DT_FLOAT8_E4M3FN) == "float8_e4m3fn");
  CHECK(cairn::size_of(cairn::DT_COMPLEX128) == 16);
  CHECK(cairn::swap_unit_of(cairn::DT_COMPLEX128) == 8);
  CHECK(cairn::size_of(cairn::DT_STRING) == 0);
}

TEST_CASE("a dtype is found again by its name") {
  for (std::int32_t number = 1; number < 34; ++number) {
    const auto dtype = static_cast<cairn::DType>(number);
    CHECK(cairn::dtype_from_name(cairn::name(dtype)) == dtype);
  }
  CHECK_FALSE(cairn::dtype_from_name("float33").has_value());
  CHECK_FALSE(cairn::dtype_from_name("invalid").has_value());
}

TEST_CASE("numbers from a file that are no dtype are known as such") {
  for (const std::int32_t number : {-1, 0, 34, 101, 2147483647, -2147483647}) {
    const auto dtype = static_cast<cairn::DType>(number);
    CAPTURE(number);
    CHECK_FALSE(cairn::is_known(dtype));
    CHECK(cairn::size_of(dtype) == 0);
    CHECK(cairn::name(dtype) == (number == 0 ? "invalid" : "unknown"));
  }
}

TEST_CASE("each C++ type has the dtype of its size and sign") {
  enum class Color : std::uint8_t { red };
  CHECK(cairn::dtype_of<float> == cairn::DT_FLOAT);
  CHECK(cairn::dtype_of<const double> == cairn::DT_DOUBLE);
  CHECK(cairn::dtype_of<long> == (sizeof(long) == 8 ? cairn::DT_INT64 : cairn::DT_INT32));
  CHECK(cairn::dtype_of<long long> == cairn::DT_INT64);
  CHECK(cairn::dtype_of<unsigned char> == cairn::DT_UINT8);
  CHECK(cairn::dtype_of<bool> == cairn::DT_BOOL);
  CHECK(cairn::dtype_of<Color> == cairn::DT_UINT8);
  CHECK(cairn::dtype_of<std::complex<float>> == cairn::DT_COMPLEX64);
  CHECK(cairn::dtype_of<cairn::bfloat16> == cairn::DT_BFLOAT16);
  CHECK(cairn::dtype_of<cairn::uint4> == cairn::DT_UINT4);
  CHECK(cairn::dtype_of<std::string> == cairn::DT_STRING);
  CHECK(cairn::dtype_of<long double> == cairn::DT_INVALID);
  CHECK_FALSE(cairn::Element<void*>);
  CHECK_FALSE(cairn::NumericElement<std::string>);
}
