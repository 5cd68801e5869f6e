#include "cairn/core/half.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

namespace {

// From float to T and back.
template <class T>
float through(float value) {
  return static_cast<float>(T(value));
}
constexpr float infinity = std::numeric_limits<float>::infinity();

}  // namespace

TEST_CASE("known values have the bits that the formats define") {
  CHECK(cairn::half(1.0f).bits == 0x3c00);
  CHECK(cairn::half(-2.0f).bits == 0xc000);
  CHECK(cairn::half(65504.0f).bits == 0x7bff);
  CHECK(cairn::half(0x1p-24f).bits == 0x0001);
  CHECK(cairn::bfloat16(1.0f).bits == 0x3f80);
  CHECK(cairn::bfloat16(3.140625f).bits == 0x4049);
  CHECK(cairn::float8_e5m2(1.0f).bits == 0x3c);
  CHECK(cairn::float8_e4m3fn(448.0f).bits == 0x7e);
}

TEST_CASE("rounding is to nearest, ties to even") {
  CHECK(through<cairn::half>(1.0f + 0x1p-11f) == 1.0f);
  CHECK(through<cairn::half>(1.0f + 3 * 0x1p-11f) == 1.0f + 0x1p-9f);
  CHECK(through<cairn::half>(1.0f + 0x1p-11f + 0x1p-20f) == 1.0f + 0x1p-10f);
  CHECK(through<cairn::bfloat16>(1.0f + 0x1p-8f) == 1.0f);
  CHECK(through<cairn::half>(0x1p-25f) == 0.0f);
  CHECK(through<cairn::half>(0x1p-25f * 1.5f) == 0x1p-24f);
}

TEST_CASE("what is too large becomes infinity, or a NaN where there is none") {
  CHECK(through<cairn::half>(65520.0f) == infinity);
  CHECK(through<cairn::half>(65519.0f) == 65504.0f);
  CHECK(through<cairn::float8_e5m2>(-1e9f) == -infinity);
  CHECK(through<cairn::bfloat16>(std::numeric_limits<float>::max()) == infinity);
  CHECK(std::isnan(through<cairn::float8_e4m3fn>(1e9f)));
  CHECK(std::isnan(through<cairn::float8_e4m3fn>(infinity)));
}

TEST_CASE("infinities, zeros with sign and NaN stay what they are") {
  CHECK(through<cairn::half>(-infinity) == -infinity);
  CHECK(std::signbit(through<cairn::bfloat16>(-0.0f)));
  CHECK(std::isnan(through<cairn::half>(std::numeric_limits<float>::quiet_NaN())));
  CHECK_FALSE(cairn::half::from_bits(0x7e00) == cairn::half::from_bits(0x7e00));
  CHECK(cairn::half(0.0f) == cairn::half(-0.0f));
}

TEST_CASE("every bit pattern that is a number comes back after the way through float") {
  const auto check = []<class T>(T, unsigned patterns) {
    unsigned lost = 0;
    for (unsigned bits = 0; bits < patterns; ++bits) {
      const T value = T::from_bits(static_cast<decltype(T::bits)>(bits));
      const float wide = static_cast<float>(value);
      if (!std::isnan(wide) && T(wide).bits != value.bits) ++lost;
    }
    CHECK(lost == 0);
  };
  check(cairn::half(), 65536);
  check(cairn::bfloat16(), 65536);
  check(cairn::float8_e5m2(), 256);
  check(cairn::float8_e4m3fn(), 256);
}

TEST_CASE("4-bit integers keep their value in the low bits") {
  CHECK(static_cast<int>(cairn::int4(-8)) == -8);
  CHECK(cairn::int4(-1).bits == 0x0f);
  CHECK(static_cast<int>(cairn::int4(7)) == 7);
  CHECK(static_cast<int>(cairn::uint4(15)) == 15);
}
