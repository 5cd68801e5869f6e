// statistics: the number, the extremes, the mean and the distribution of the numbers of a tensor.
//
//   const cairn::CheckpointReader reader{"training/ckpt-3"};
//   const cairn::TensorStatistics kernel = cairn::statistics(reader, "model.kernel");
//   std::cout << kernel.minimum_text << " to " << kernel.maximum_text << ", mean " << *kernel.mean << '\n';
//
// The tensor need not fit in memory. It is read in pieces, twice, because the bins of the histogram are known only
// after all numbers were seen once.
#pragma once

#include "../bundle/reader.hpp"
#include "../edit/checkpoint_reader.hpp"
#include "detail/small_numbers.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE {

// The number of elements in bins of equal width from `low` to `high`. A number on a border is in the bin above it, and
// `high` itself is in the last bin. Integers of a small range have a bin each, with the integer in its middle. There
// are no bins when no number is finite.
struct Histogram {
  // The borders, and the number of elements in each bin.
  double low = 0;
  double high = 0;
  std::vector<std::uint64_t> counts;
};

// The statistics of one tensor. NaNs and infinities are counted, and left out of all other figures. For complex
// numbers, the figures are those of their magnitudes.
struct TensorStatistics {
  // The number of all elements, and of those that are zero, NaN or an infinity.
  std::uint64_t elements = 0;
  std::uint64_t zeros = 0;
  std::uint64_t nans = 0;
  std::uint64_t positive_infinities = 0;
  std::uint64_t negative_infinities = 0;
  // These are nullopt and empty when no element is finite. The texts are the elements as they print, with all digits of
  // an int64. The standard deviation is that of the whole population.
  std::optional<double> minimum, maximum, mean, standard_deviation;
  std::string minimum_text, maximum_text;
  Histogram histogram;
  // The first values, at most twelve, row by row.
  std::vector<std::string> first_values;
};

namespace pictures::detail {

inline constexpr std::size_t first_values_shown = 12;
inline constexpr std::size_t most_bins = 40;
// A tensor of at most this size is read once and gone through twice.
inline constexpr std::uint64_t statistics_buffer_bytes = std::uint64_t{4} << 20;

[[nodiscard]] constexpr bool is_integer_dtype(DType dtype) noexcept {
  const tensor::detail::NumberSort sort = tensor::detail::number_range(stored_as(dtype)).sort;
  return sort == tensor::detail::NumberSort::natural || sort == tensor::detail::NumberSort::integer ||
         dtype == DT_INT2 || dtype == DT_UINT2;
}

// Returns the empty bins for `finite` numbers between `low` and `high`; their number follows Rice's rule.
[[nodiscard]] inline Histogram make_histogram(double low, double high, std::uint64_t finite, bool is_integer) {
  Histogram histogram{low, high, {}};
  const double range = high - low;
  std::size_t bins = 1;
  if (is_integer && range < static_cast<double>(most_bins)) {
    bins = static_cast<std::size_t>(range) + 1;
    histogram.low -= 0.5;
    histogram.high += 0.5;
  } else if (low < high) {
    bins = std::clamp(static_cast<std::size_t>(2 * std::cbrt(static_cast<double>(finite))), std::size_t{4}, most_bins);
  }
  histogram.counts.resize(bins);
  return histogram;
}

// Sees all numbers twice: call first() with each piece, middle(), second() with each piece, then take().
template <class Number>
class StatisticsPasses {
 public:
  explicit StatisticsPasses(DType dtype) : dtype_(dtype), size_(size_of(dtype)), decode_(dtype) {}

  void first(std::uint64_t position, std::span<const std::byte> piece) {
    keep_first_values(position / size_, piece);
    for_each(piece, [&](Number number, const std::byte* element) {
      if constexpr (std::is_floating_point_v<Number>) {
        if (!std::isfinite(number)) {
          ++(std::isnan(number) ? result_.nans
             : number > 0       ? result_.positive_infinities
                                : result_.negative_infinities);
          return;
        }
      }
      result_.zeros += number == Number{} ? 1u : 0u;
      if (finite_ == 0 || number < minimum_.number) minimum_.set(number, element, size_);
      if (finite_ == 0 || number > maximum_.number) maximum_.set(number, element, size_);
      ++finite_;
      sum_ += static_cast<long double>(number);
    });
    result_.elements += piece.size() / size_;
  }

  void middle() {
    if (finite_ == 0) return;
    mean_ = sum_ / static_cast<long double>(finite_);
    result_.minimum = static_cast<double>(minimum_.number);
    result_.maximum = static_cast<double>(maximum_.number);
    result_.mean = static_cast<double>(mean_);
    result_.minimum_text = text_of(minimum_);
    result_.maximum_text = text_of(maximum_);
    result_.histogram = make_histogram(*result_.minimum, *result_.maximum, finite_, is_integer_dtype(dtype_));
  }

  void second(std::span<const std::byte> piece) {
    if (finite_ == 0) return;
    std::vector<std::uint64_t>& counts = result_.histogram.counts;
    // The range is computed in halves, because that of doubles is larger than the largest double.
    const double low = result_.histogram.low / 2, range = result_.histogram.high / 2 - low;
    const auto bins = static_cast<double>(counts.size());
    for_each(piece, [&](Number number, const std::byte*) {
      const auto value = static_cast<double>(number);
      if constexpr (std::is_floating_point_v<Number>)
        if (!std::isfinite(value)) return;
      const long double distance = static_cast<long double>(number) - mean_;
      squares_ += distance * distance;
      const double bin = range > 0 ? (value / 2 - low) / range * bins : 0;
      ++counts[std::min(static_cast<std::size_t>(std::max(bin, 0.0)), counts.size() - 1)];
    });
  }

  [[nodiscard]] TensorStatistics take() {
    if (finite_ > 0)
      result_.standard_deviation = static_cast<double>(std::sqrt(squares_ / static_cast<long double>(finite_)));
    return std::move(result_);
  }

 private:
  struct Extreme {
    Number number{};
    std::array<std::byte, 16> element{};

    void set(Number to, const std::byte* from, std::size_t size) {
      number = to;
      std::copy_n(from, size, element.begin());
    }
  };

  [[nodiscard]] std::string text_of(const Extreme& extreme) const {
    if (dtype_ != DT_COMPLEX64 && dtype_ != DT_COMPLEX128) return element_text(dtype_, extreme.element.data());
    std::string text;
    tensor::detail::append_element(text, extreme.number);
    return text;
  }
  // The pieces of a partitioned tensor come in any order.
  void keep_first_values(std::uint64_t index, std::span<const std::byte> piece) {
    for (std::size_t at = 0; at < piece.size() && index < first_values_shown; at += size_, ++index) {
      if (result_.first_values.size() <= index) result_.first_values.resize(static_cast<std::size_t>(index) + 1);
      result_.first_values[static_cast<std::size_t>(index)] = element_text(dtype_, piece.data() + at);
    }
  }
  template <class Use>
  void for_each(std::span<const std::byte> piece, Use use) {
    constexpr std::size_t block = 256;
    std::array<Number, block> numbers;
    const std::size_t count = piece.size() / size_;
    for (std::size_t begin = 0; begin < count; begin += block) {
      const std::size_t some = std::min(block, count - begin);
      const std::byte* const from = piece.data() + begin * size_;
      decode_(from, some, numbers.data());
      for (std::size_t i = 0; i < some; ++i) use(numbers[i], from + i * size_);
    }
  }

  DType dtype_;
  std::size_t size_;
  NumberDecoder<Number> decode_;
  TensorStatistics result_;
  std::uint64_t finite_ = 0;
  Extreme minimum_, maximum_;
  long double sum_ = 0, mean_ = 0, squares_ = 0;  // wide enough for sums of the largest doubles
};

template <class Number>
[[nodiscard]] TensorStatistics read_statistics(const bundle::Reader& reader, std::string_view key,
                                               const bundle::Entry& entry) {
  StatisticsPasses<Number> passes(entry.dtype);
  if (entry.byte_count().value_or(0) <= statistics_buffer_bytes) {
    const AnyTensor tensor = reader.read(key);
    passes.first(0, tensor.bytes());
    passes.middle();
    passes.second(tensor.bytes());
  } else {
    reader.read_pieces(
        key, [&](std::uint64_t position, std::span<const std::byte> piece) { passes.first(position, piece); });
    passes.middle();
    reader.read_pieces(key, [&](std::uint64_t, std::span<const std::byte> piece) { passes.second(piece); });
  }
  return passes.take();
}

}  // namespace pictures::detail

// Returns the statistics of a tensor of numbers, of any dtype, partitioned or not. Its checksum is compared, so that
// the figures are those of the numbers that were saved. It takes a few megabytes of memory for a tensor of any size.
// Throws Error with ErrorCode::invalid_argument for strings and variants; ErrorCode::not_found for a missing key;
// ErrorCode::data_loss for damaged bytes; ErrorCode::unimplemented for an unknown dtype. Any thread may call it.
[[nodiscard]] inline TensorStatistics statistics(const bundle::Reader& reader, std::string_view key) {
  const bundle::Entry& entry = reader.lookup(key);
  if (size_of(entry.dtype) == 0)
    throw Error(ErrorCode::invalid_argument, "the tensor \"" + std::string(key) + "\" of checkpoint \"" +
                                                 reader.prefix() + "\" is " + to_string(entry.dtype) +
                                                 "; statistics are of numbers")
        .in_file(bundle::index_path(reader.prefix()))
        .at_key(std::string(key));
  if (entry.dtype == DT_INT64) return pictures::detail::read_statistics<std::int64_t>(reader, key, entry);
  if (entry.dtype == DT_UINT64) return pictures::detail::read_statistics<std::uint64_t>(reader, key, entry);
  return pictures::detail::read_statistics<double>(reader, key, entry);
}
// Returns the statistics of the value that a key or a path means. Throws Error with ErrorCode::not_found when there is
// no such value; ErrorCode::invalid_argument, data_loss and unimplemented for the reasons that the overload for
// bundle::Reader gives.
[[nodiscard]] inline TensorStatistics statistics(const CheckpointReader& reader, std::string_view name) {
  return statistics(reader.bundle(), reader.key_of(name));
}

}  // namespace CAIRN_NAMESPACE
