// {.cast = ...}: numbers of another dtype, converted where that loses nothing, or wherever they fit.
#include <cairn/checkpoint/detail/tracked_state.hpp>

#include <doctest/doctest.h>

#include <cairn/graph/detail/restore_plan.hpp>

#include "checkpoint/states.hpp"

#include <cmath>
#include <complex>
#include <limits>
#include <string>
#include <vector>

using namespace cairn;
using namespace cairn::test;
using namespace cairn::literals;

namespace {
using Files = cairn::testing::MemoryFileSystem;

// What a value saved as Saved is for a program that has To there.
template <class To, class Saved>
To cast(const Saved& saved, Cast how) {
  Files files;
  Saved copy = saved;
  CheckpointIn(files, "value"_a = copy).write("p");
  To value{};
  CheckpointIn(files, "value"_a = value).read("p", {.cast = how}).assert_consumed();
  return value;
}
template <class To, class Saved>
std::optional<ErrorCode> refusal(const Saved& saved, Cast how) {
  return code_of([&] { (void)cast<To>(saved, how); });
}
}  // namespace

TEST_CASE("nothing is converted unless it is asked for, and the error says how to ask") {
  CHECK(refusal<double>(1.5f, Cast::never) == ErrorCode::invalid_argument);
  CHECK(sentence_of([] { (void)cast<double>(1.5f, Cast::never); }).find("cairn::Cast::widen") != std::string::npos);
}

TEST_CASE("widening keeps every value") {
  CHECK(cast<double>(1.5f, Cast::widen) == 1.5);
  CHECK(cast<float>(half(1.5f), Cast::widen) == 1.5f);
  CHECK(cast<float>(bfloat16(-2.0f), Cast::widen) == -2.0f);
  CHECK(cast<double>(float8_e4m3fn(448.0f), Cast::widen) == 448);
  CHECK(cast<std::int64_t>(std::int8_t{-128}, Cast::widen) == -128);
  CHECK(cast<std::int32_t>(std::uint16_t{65535}, Cast::widen) == 65535);
  CHECK(cast<double>(std::numeric_limits<std::int32_t>::min(), Cast::widen) == -2147483648.0);
  CHECK(cast<std::uint8_t>(true, Cast::widen) == 1);
  CHECK(cast<float>(true, Cast::widen) == 1);
  CHECK(cast<std::complex<double>>(2.5f, Cast::widen) == std::complex<double>(2.5, 0));
  CHECK(static_cast<int>(cast<std::int16_t>(int4(-8), Cast::widen)) == -8);
  CHECK(std::isinf(cast<double>(std::numeric_limits<float>::infinity(), Cast::widen)));
  CHECK(std::isnan(cast<double>(std::numeric_limits<float>::quiet_NaN(), Cast::widen)));
}

TEST_CASE("widening refuses every pair that could lose something, whatever the value is") {
  CHECK(refusal<float>(1.0, Cast::widen) == ErrorCode::invalid_argument);
  CHECK(refusal<float>(std::int32_t{1}, Cast::widen) == ErrorCode::invalid_argument);
  CHECK(refusal<double>(std::int64_t{1}, Cast::widen) == ErrorCode::invalid_argument);
  CHECK(refusal<std::int32_t>(std::uint32_t{1}, Cast::widen) == ErrorCode::invalid_argument);
  CHECK(refusal<std::uint64_t>(std::int8_t{1}, Cast::widen) == ErrorCode::invalid_argument);
  CHECK(refusal<bfloat16>(half(1.0f), Cast::widen) == ErrorCode::invalid_argument);
  CHECK(refusal<half>(bfloat16(1.0f), Cast::widen) == ErrorCode::invalid_argument);
  CHECK(refusal<bool>(std::uint8_t{1}, Cast::widen) == ErrorCode::invalid_argument);
  CHECK(refusal<std::int32_t>(1.0f, Cast::widen) == ErrorCode::invalid_argument);
  CHECK(refusal<float>(std::complex<float>(1, 0), Cast::widen) == ErrorCode::invalid_argument);
}

TEST_CASE("strings are never converted") {
  CHECK(refusal<float>(std::string("1"), Cast::any) == ErrorCode::invalid_argument);
  CHECK(refusal<std::string>(1.0f, Cast::any) == ErrorCode::invalid_argument);
}

TEST_CASE("any converts what fits: digits may go, fractions are cut off as tf.cast does") {
  CHECK(cast<float>(0.1, Cast::any) == 0.1f);
  CHECK(static_cast<float>(cast<half>(0.1f, Cast::any)) == static_cast<float>(half(0.1f)));
  CHECK(cast<std::int32_t>(-2.75, Cast::any) == -2);
  CHECK(cast<std::uint8_t>(std::int64_t{255}, Cast::any) == 255);
  CHECK(cast<float>(std::numeric_limits<std::int64_t>::max(), Cast::any) == 9223372036854775808.0f);
  CHECK(cast<bool>(std::int32_t{1}, Cast::any) == true);
  CHECK(cast<double>(std::complex<float>(2, 0), Cast::any) == 2);
  CHECK(std::isinf(cast<float>(-std::numeric_limits<double>::infinity(), Cast::any)));
  CHECK(cast<std::uint64_t>(18446744073709549568.0, Cast::any) == 18446744073709549568u);
}

TEST_CASE("any refuses what does not fit") {
  CHECK(refusal<std::uint8_t>(256, Cast::any) == ErrorCode::out_of_range);
  CHECK(refusal<std::uint8_t>(-1, Cast::any) == ErrorCode::out_of_range);
  CHECK(refusal<std::uint64_t>(std::int8_t{-1}, Cast::any) == ErrorCode::out_of_range);
  CHECK(refusal<std::int64_t>(9223372036854775808.0, Cast::any) == ErrorCode::out_of_range);
  CHECK(refusal<std::uint64_t>(18446744073709551616.0, Cast::any) == ErrorCode::out_of_range);
  CHECK(refusal<std::int32_t>(std::numeric_limits<float>::quiet_NaN(), Cast::any) == ErrorCode::out_of_range);
  CHECK(refusal<std::int32_t>(std::numeric_limits<double>::infinity(), Cast::any) == ErrorCode::out_of_range);
  CHECK(refusal<float>(1e39, Cast::any) == ErrorCode::out_of_range);
  CHECK(refusal<half>(70000, Cast::any) == ErrorCode::out_of_range);
  CHECK(refusal<float8_e4m3fn>(500.0f, Cast::any) == ErrorCode::out_of_range);
  CHECK(refusal<float8_e4m3fn>(std::numeric_limits<float>::infinity(), Cast::any) == ErrorCode::out_of_range);
  CHECK(refusal<bool>(2, Cast::any) == ErrorCode::out_of_range);
  CHECK(refusal<int4>(8, Cast::any) == ErrorCode::out_of_range);
  CHECK(refusal<uint4>(-1, Cast::any) == ErrorCode::out_of_range);
  CHECK(refusal<float>(std::complex<float>(1, 1), Cast::any) == ErrorCode::out_of_range);
}

TEST_CASE("a number that does not fit is named with key and index, and nothing has changed") {
  Files files;
  float first = 7;
  std::vector<double> numbers(1000, 1.0);
  numbers[777] = 4e9;
  CheckpointIn(files, "first"_a = first, "numbers"_a = numbers).write("p");
  float other = 1;
  std::vector<std::int32_t> integers(1000, -1);
  try {
    CheckpointIn(files, "first"_a = other, "numbers"_a = integers).read("p", {.cast = Cast::any}).expect_partial();
    FAIL("not refused");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::out_of_range);
    CHECK(error.key() == "numbers/.ATTRIBUTES/VARIABLE_VALUE");
    CHECK(error.found() == "4e+09");
    CHECK(std::string(error.what()).find("element 777 of numbers/.ATTRIBUTES/VARIABLE_VALUE in p is 4e+09") == 0);
  }
  CHECK(other == 1);
  CHECK(integers == std::vector<std::int32_t>(1000, -1));
}

TEST_CASE("a value takes its shape and its dtype from two sides") {
  Files files;
  std::vector<float> saved{1, 2, 3};
  CheckpointIn(files, "v"_a = saved).write("p");
  std::vector<double> longer;
  CheckpointIn(files, "v"_a = longer).read("p", {.cast = Cast::widen}).assert_consumed();
  CHECK(longer == std::vector<double>{1, 2, 3});
  std::vector<bool> bits(1);
  CHECK(code_of([&] { CheckpointIn(files, "v"_a = bits).read("p", {.cast = Cast::any}).assert_consumed(); }) ==
        ErrorCode::out_of_range);
  CHECK(bits == std::vector<bool>{false});
  Variable<double, 4> fixed;
  CHECK(code_of([&] { CheckpointIn(files, "v"_a = fixed).read("p", {.cast = Cast::any}).assert_consumed(); }) ==
        ErrorCode::invalid_argument);
}

TEST_CASE("a state larger than a restore's buffer is converted whole, or not at all") {
  constexpr std::size_t size = (cairn::graph::detail::RestoreActions::max_staged_bytes / sizeof(double)) + 1000;
  Files files;
  std::vector<float> saved(size, 0.5f);
  std::int64_t last = 3'000'000'000;
  CheckpointIn(files, "a"_a = saved, "b"_a = last).write("p");
  std::vector<double> converted(size, -1.0);
  std::int64_t number = 0;
  CheckpointIn(files, "a"_a = converted, "b"_a = number).read("p", {.cast = Cast::widen}).assert_consumed();
  CHECK(converted == std::vector<double>(size, 0.5));
  CHECK(number == last);
  converted.assign(size, -1.0);
  std::int32_t narrow = 0;
  CHECK(code_of([&] {
          CheckpointIn(files, "a"_a = converted, "b"_a = narrow).read("p", {.cast = Cast::any}).assert_consumed();
        }) == ErrorCode::out_of_range);
  CHECK(converted == std::vector<double>(size, -1.0));
}

TEST_CASE("what cannot be converted is skipped where that is asked for") {
  Files files;
  std::string text = "x";
  float number = 1;
  CheckpointIn(files, "text"_a = text, "number"_a = number).write("p");
  double as_double = 0;
  float as_float = 3;
  const LoadStatus status = CheckpointIn(files, "text"_a = as_float, "number"_a = as_double)
                                .read("p", {.on_mismatch = OnMismatch::skip, .cast = Cast::widen});
  CHECK(as_double == 1);
  CHECK(as_float == 3);
  CHECK(status.mismatched().size() == 1);
}

TEST_CASE("a cast that saturates gives what is too large the nearest number, and refuses what has none") {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  CHECK(cast<std::int8_t>(300, Cast::saturate) == 127);
  CHECK(cast<std::int8_t>(-1e30, Cast::saturate) == -128);
  CHECK(cast<std::uint16_t>(std::int64_t{-1}, Cast::saturate) == 0);
  CHECK(cast<std::int64_t>(std::numeric_limits<std::uint64_t>::max(), Cast::saturate) ==
        std::numeric_limits<std::int64_t>::max());
  CHECK(cast<std::int32_t>(infinity, Cast::saturate) == std::numeric_limits<std::int32_t>::max());
  CHECK(static_cast<int>(cast<int4>(-9, Cast::saturate)) == -8);
  CHECK(static_cast<int>(cast<uint4>(16, Cast::saturate)) == 15);
  CHECK(cast<bool>(7, Cast::saturate));
  CHECK_FALSE(cast<bool>(-7, Cast::saturate));
  CHECK(cast<float>(-1e300, Cast::saturate) == -std::numeric_limits<float>::max());
  CHECK(static_cast<float>(cast<half>(1e6f, Cast::saturate)) == 65504);
  CHECK(static_cast<float>(cast<half>(-1e300, Cast::saturate)) == -65504);
  CHECK(std::isinf(static_cast<float>(cast<half>(infinity, Cast::saturate))));
  CHECK(static_cast<float>(cast<float8_e4m3fn>(-infinity, Cast::saturate)) == -448);
  CHECK(static_cast<float>(cast<bfloat16>(3.4e38f, Cast::saturate)) > 3.3e38f);
  CHECK(cast<std::complex<float>>(std::complex<double>(1e300, 1), Cast::saturate) ==
        std::complex<float>(std::numeric_limits<float>::max(), 1));
  CHECK(cast<std::int8_t>(1.75, Cast::saturate) == 1);
  CHECK(refusal<std::int8_t>(std::nan(""), Cast::saturate) == ErrorCode::out_of_range);
  CHECK(refusal<std::int8_t>(std::complex<double>(1, 1), Cast::saturate) == ErrorCode::out_of_range);
  CHECK(refusal<bool>(0.5, Cast::saturate) == ErrorCode::out_of_range);
  CHECK(refusal<std::int8_t>(std::string("300"), Cast::saturate) == ErrorCode::invalid_argument);
}

TEST_CASE("the option is set, copied, compared and read as an enumerator is") {
  RestoreOptions options;
  CHECK(options.cast == Cast::never);
  options.cast = Cast::widen;
  const RestoreOptions copy = options;
  options.cast = {};
  CHECK(copy.cast == Cast::widen);
  CHECK(copy.cast != options.cast);
  const Cast back = copy.cast;
  switch (copy.cast) {
    case Cast::widen:
      CHECK(back == Cast::widen);
      break;
    default:
      CHECK(false);
  }
  CHECK(RestoreOptions{.cast = Cast::never}.cast == Cast::never);
}
