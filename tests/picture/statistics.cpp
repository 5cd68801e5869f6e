#include <cairn/picture/statistics.hpp>

#include <doctest/doctest.h>

#include <cairn/bundle/writer.hpp>
#include <cairn/testing/memory_file_system.hpp>

#include "io/files.hpp"

#include <cmath>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <vector>

using cairn::DType;
using cairn::ErrorCode;
using cairn::Shape;
using cairn::TensorStatistics;
using cairn::TensorView;
using cairn::test::code_of;

namespace {

// Of one tensor, saved in memory and read again.
TensorStatistics statistics_of(const TensorView& tensor) {
  cairn::testing::MemoryFileSystem files;
  cairn::bundle::Writer writer("x", {}, files);
  writer.add("t", tensor);
  writer.finish();
  return cairn::statistics(cairn::bundle::Reader("x", files), "t");
}

template <class T>
TensorStatistics statistics_of(const std::vector<T>& values) {
  return statistics_of(TensorView(cairn::dtype_of<T>, {static_cast<std::int64_t>(values.size())},
                                  std::as_bytes(std::span<const T>(values))));
}

TensorStatistics statistics_of_bytes(DType dtype, std::vector<std::uint8_t> bytes) {
  return statistics_of(
      TensorView(dtype, {static_cast<std::int64_t>(bytes.size())}, std::as_bytes(std::span(std::as_const(bytes)))));
}

std::uint64_t sum_of(const std::vector<std::uint64_t>& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

}  // namespace

TEST_CASE("statistics count what is not finite, and are of what is") {
  const float inf = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
  const TensorStatistics all = statistics_of<float>({0.1f, -2, 0, nan, inf, -inf, inf, 3, -0.0f});
  CHECK(all.elements == 9);
  CHECK(all.zeros == 2);
  CHECK(all.nans == 1);
  CHECK(all.positive_infinities == 2);
  CHECK(all.negative_infinities == 1);
  CHECK(all.minimum == -2);
  CHECK(all.maximum_text == "3");
  CHECK(*all.mean == doctest::Approx(1.1 / 5));
  CHECK(*all.standard_deviation == doctest::Approx(std::sqrt((0.0144 + 2.22 * 2.22 + 2 * 0.0484 + 2.78 * 2.78) / 5)));
  CHECK(all.first_values == std::vector<std::string>{"0.1", "-2", "0", "nan", "inf", "-inf", "inf", "3", "-0"});
  CHECK(sum_of(all.histogram.counts) == 5);
}

TEST_CASE("a tensor without finite numbers, or without any, has counts only") {
  for (const TensorStatistics& none : {statistics_of<double>({std::nan(""), HUGE_VAL}), statistics_of<double>({})}) {
    CHECK_FALSE(none.minimum.has_value());
    CHECK_FALSE(none.mean.has_value());
    CHECK_FALSE(none.standard_deviation.has_value());
    CHECK(none.maximum_text == "");
    CHECK(none.histogram.counts.empty());
  }
}

TEST_CASE("integers of 64 bits keep all their digits") {
  const TensorStatistics large = statistics_of<std::int64_t>(
      {9007199254740993, 9007199254740992, std::numeric_limits<std::int64_t>::min(), 9007199254740994});
  CHECK(large.maximum_text == "9007199254740994");
  CHECK(large.minimum_text == "-9223372036854775808");
  CHECK(statistics_of<std::uint64_t>({1, ~std::uint64_t{0}}).maximum_text == "18446744073709551615");
}

TEST_CASE("the bins of a histogram hold every finite number once") {
  SUBCASE("few integers have a bin each") {
    const TensorStatistics dice = statistics_of<std::int32_t>({3, 1, 6, 3, 3});
    CHECK(dice.histogram.low == 0.5);
    CHECK(dice.histogram.high == 6.5);
    CHECK(dice.histogram.counts == std::vector<std::uint64_t>{1, 0, 3, 0, 0, 1});
  }
  SUBCASE("equal numbers are one bin") {
    CHECK(statistics_of<float>({0.5f, 0.5f}).histogram.counts == std::vector<std::uint64_t>{2});
    CHECK(statistics_of<float>({0.5f, 0.5f}).standard_deviation == 0);
  }
  SUBCASE("borders belong to the bin above, the largest number to the last one") {
    std::vector<double> values(8);
    std::iota(values.begin(), values.end(), 0.25);
    const TensorStatistics ramp = statistics_of(values);
    CHECK(ramp.histogram.low == 0.25);
    CHECK(ramp.histogram.high == 7.25);
    CHECK(ramp.histogram.counts == std::vector<std::uint64_t>{2, 2, 2, 2});
  }
  SUBCASE("the whole range of doubles") {
    const double most = std::numeric_limits<double>::max();
    const TensorStatistics wide = statistics_of<double>({-most, most, 0, most});
    CHECK(sum_of(wide.histogram.counts) == 4);
    CHECK(wide.histogram.counts.back() == 2);
    CHECK(*wide.mean == doctest::Approx(most / 4));
    CHECK(std::isfinite(*wide.standard_deviation));
  }
  SUBCASE("more numbers, more bins, up to forty") {
    std::vector<float> values(100'000);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = std::sin(static_cast<float>(i));
    const TensorStatistics waves = statistics_of(values);
    CHECK(waves.histogram.counts.size() == 40);
    CHECK(sum_of(waves.histogram.counts) == values.size());
    CHECK(waves.first_values.size() == 12);
  }
}

TEST_CASE("numbers of every dtype are understood, also of those that C++ has no type for") {
  using Bytes = std::vector<std::uint8_t>;
  struct Case {
    DType dtype;
    Bytes bytes;
    std::vector<std::string> values;
  };
  for (const auto& [dtype, bytes, values] : {
           Case{cairn::DT_FLOAT8_E4M3FNUZ, {0x48, 0xc8, 0x80, 0x01, 0x7f}, {"2", "-2", "nan", "0.0009765625", "240"}},
           Case{cairn::DT_FLOAT8_E4M3B11FNUZ, {0x48, 0x80, 0x7f}, {"0.25", "nan", "30"}},
           Case{cairn::DT_FLOAT8_E5M2FNUZ, {0x48, 0x80, 0x7f}, {"4", "nan", "57344"}},
           Case{cairn::DT_FLOAT4_E2M1FN, {0x07, 0x0f, 0x01, 0x08}, {"6", "-6", "0.5", "-0"}},
           Case{cairn::DT_FLOAT8_E4M3FN, {0x40, 0x7f}, {"2", "nan"}},
           Case{cairn::DT_FLOAT8_E5M2, {0x40, 0x7c, 0xfc}, {"2", "inf", "-inf"}},
           Case{cairn::DT_INT2, {0, 1, 2, 3}, {"0", "1", "-2", "-1"}},
           Case{cairn::DT_UINT2, {0, 1, 2, 3}, {"0", "1", "2", "3"}},
           Case{cairn::DT_INT4, {7, 8}, {"7", "-8"}},
           Case{cairn::DT_UINT4, {7, 15}, {"7", "15"}},
           Case{cairn::DT_INT8, {0xff, 1}, {"-1", "1"}},
           Case{cairn::DT_QINT8, {0xff, 1}, {"-1", "1"}},
           Case{cairn::DT_QUINT8, {0xff, 1}, {"255", "1"}},
           Case{cairn::DT_BOOL, {0, 1, 7}, {"false", "true", "true"}},
       }) {
    const std::string name = cairn::to_string(dtype);  // clang 14 lets no lambda, as CAPTURE makes one, use a binding
    CAPTURE(name);
    CHECK(statistics_of_bytes(dtype, bytes).first_values == values);
  }
  CHECK(statistics_of_bytes(cairn::DT_FLOAT8_E4M3FNUZ, {0x48, 0xc8, 0x80}).nans == 1);
  CHECK(statistics_of_bytes(cairn::DT_INT2, {0, 1, 2, 3}).histogram.counts == std::vector<std::uint64_t>{1, 1, 1, 1});
  CHECK(statistics_of_bytes(cairn::DT_BOOL, {0, 1, 7}).maximum == 1);

  const std::vector<std::int32_t> quantized{-5, 100'000};
  CHECK(statistics_of(TensorView(cairn::DT_QINT32, {2}, std::as_bytes(std::span(quantized)))).minimum_text == "-5");
  CHECK(statistics_of<cairn::half>({cairn::half(0.1f)}).minimum_text == "0.09998");
  CHECK(statistics_of<cairn::bfloat16>({cairn::bfloat16(-3.0f)}).minimum == -3);

  const TensorStatistics complex = statistics_of<std::complex<float>>({{3, 4}, {0, 0}});
  CHECK(complex.maximum == 5);
  CHECK(complex.maximum_text == "5");
  CHECK(complex.first_values[0] == "3+4j");
  CHECK(complex.zeros == 1);
}

TEST_CASE("a tensor that is read in pieces, or has parts, has the statistics of its numbers") {
  std::vector<float> values(3 * 500'000);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = std::cos(static_cast<float>(i)) * static_cast<float>(i);
  values[1'234'567] = -1e9f;
  const Shape shape{3, 500'000};
  const auto bytes = std::as_bytes(std::span(std::as_const(values)));
  const auto row = [&](std::size_t index) {
    return TensorView(cairn::DT_FLOAT, {1, 500'000}, bytes.subspan(index * bytes.size() / 3, bytes.size() / 3));
  };
  cairn::testing::MemoryFileSystem files;
  cairn::bundle::Writer writer("x", {}, files);
  writer.add("whole", TensorView(cairn::DT_FLOAT, shape, bytes));
  for (const std::size_t index : {2u, 0u, 1u})
    writer.add_slice("parts", shape, {{static_cast<std::int64_t>(index), 1}, {}}, row(index));
  writer.finish();
  const cairn::bundle::Reader reader("x", files);
  for (const char* const key : {"whole", "parts"}) {
    CAPTURE(key);
    const TensorStatistics read = cairn::statistics(reader, key);
    CHECK(read.elements == values.size());
    CHECK(read.minimum == -1e9);
    CHECK(sum_of(read.histogram.counts) == values.size());
    CHECK(*read.mean == doctest::Approx(std::accumulate(values.begin(), values.end(), 0.0) / 1.5e6));
    CHECK(read.first_values.size() == 12);
    CHECK(read.first_values[0] == "0");
    CHECK(read.first_values[1] == "0.5403023");
  }
}

TEST_CASE("statistics of what is no number, is not there or is damaged are refused in words") {
  cairn::testing::MemoryFileSystem files;
  const std::vector<std::string> strings{"a"};
  const std::vector<float> numbers{1, 2};
  cairn::bundle::Writer writer("x", {}, files);
  writer.add("numbers", TensorView(cairn::DT_FLOAT, {2}, std::as_bytes(std::span(numbers))));
  writer.add("strings", TensorView({1}, strings));
  writer.finish();
  {
    const cairn::bundle::Reader reader("x", files);
    CHECK(code_of([&] { (void)cairn::statistics(reader, "strings"); }) == ErrorCode::invalid_argument);
    CHECK(cairn::test::sentence_of([&] { (void)cairn::statistics(reader, "strings"); }) ==
          "the tensor \"strings\" of checkpoint \"x\" is string; statistics are of numbers");
    CHECK(code_of([&] { (void)cairn::statistics(reader, "none"); }) == ErrorCode::not_found);
  }
  std::string data = cairn::test::read_file(files, "x.data-00000-of-00001");
  data[0] ^= 1;
  files.remove("x.data-00000-of-00001");
  cairn::test::write_file(files, "x.data-00000-of-00001", data);
  const cairn::CheckpointReader reader("x", files);
  CHECK(code_of([&] { (void)cairn::statistics(reader, "numbers"); }) == ErrorCode::data_loss);
}
