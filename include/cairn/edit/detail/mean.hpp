// The mean of a value of several checkpoints, computed in double: of tensors in memory, or of those on the disk in
// pieces that pass.
#pragma once

#include "../../bundle/reader.hpp"
#include "../../core/detail/function_ref.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/dtype.hpp"
#include "../../format/crc32c.hpp"
#include "../../io/file_system.hpp"
#include "../../tensor/detail/convert_numbers.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

namespace CAIRN_NAMESPACE::edit::detail {

// A tensor of a checkpoint on the disk. The key is that of one of the reader's entries, where it stays: a copy for each
// value of each checkpoint at hand would soon take more memory than all else.
struct StoredValue {
  std::shared_ptr<const bundle::Reader> reader;
  std::string_view key;
};

// The sums of numbers of a floating dtype: two for a complex number.
class Sums {
 public:
  Sums(DType dtype, std::size_t count)
      : dtype_(dtype),
        is_complex_(tensor::detail::number_range(dtype).sort == tensor::detail::NumberSort::complex),
        sums_(is_complex_ ? 2 * count : count) {}

  // Adds numbers, at most as many as there are sums, to the first ones.
  void add(std::span<const std::byte> numbers) {
    const std::size_t count = sums_of(numbers.size());
    if (dtype_ == DT_FLOAT) {  // most are
      for (std::size_t i = 0; i < count; ++i)
        sums_[i] += static_cast<double>(tensor::detail::load_element<float>(numbers.data() + i * sizeof(float)));
      return;
    }
    wide_.resize(sums_.size());
    static_cast<void>(
        tensor::detail::convert(dtype_, numbers, wide(), std::as_writable_bytes(std::span(wide_.data(), count))));
    for (std::size_t i = 0; i < count; ++i) sums_[i] += wide_[i];
  }

  // Writes the first means of `of` numbers each, in their dtype, as many as `out` has room for, and begins with zeros
  // again. No mean is too large for the dtype that all of its numbers have.
  void take_means(std::size_t of, std::span<std::byte> out) {
    const std::size_t count = sums_of(out.size());
    for (std::size_t i = 0; i < count; ++i) sums_[i] /= static_cast<double>(of);
    if (dtype_ == DT_FLOAT)
      for (std::size_t i = 0; i < count; ++i) {
        const auto mean = static_cast<float>(sums_[i]);
        std::memcpy(out.data() + i * sizeof mean, &mean, sizeof mean);
      }
    else
      static_cast<void>(tensor::detail::convert(wide(), std::as_bytes(std::span(sums_.data(), count)), dtype_, out));
    std::fill(sums_.begin(), sums_.begin() + count, 0.0);
  }

 private:
  [[nodiscard]] DType wide() const noexcept { return is_complex_ ? DT_COMPLEX128 : DT_DOUBLE; }
  [[nodiscard]] std::size_t sums_of(std::size_t bytes) const noexcept {
    return bytes / size_of(dtype_) * (is_complex_ ? 2 : 1);
  }

  DType dtype_;
  bool is_complex_;
  core::detail::Vec<double> sums_, wide_;
};

// True when the bytes of each tensor lie in one place. Throws Error as bundle::Reader::require_bytes.
[[nodiscard]] inline bool are_whole(std::span<const StoredValue> values) {
  for (const StoredValue& value : values) {
    const bundle::Entry& entry = value.reader->lookup(value.key);
    value.reader->require_bytes(value.key, entry);
    if (!entry.slices.empty()) return false;
  }
  return true;
}

// Calls use(bytes) with the mean of values that are_whole(), of this dtype and of one shape. The pieces are known to be
// right only when the function returns. Throws Error with ErrorCode::data_loss for damaged bytes.
inline void mean_in_pieces(std::span<const StoredValue> values, DType dtype,
                           core::detail::FunctionRef<void(std::span<const std::byte>)> use) {
  constexpr std::uint64_t piece_bytes = io::piece_bytes / 4;  // sums of floats are twice that, and stay in the cache
  core::detail::Vec<const bundle::Entry*> entries;
  for (const StoredValue& value : values) entries.push_back(&value.reader->lookup(value.key));
  core::detail::Vec<std::uint32_t> crcs(entries.size());
  const std::uint64_t bytes = entries[0]->size;
  core::detail::Vec<std::byte> buffer(static_cast<std::size_t>(std::min(bytes, piece_bytes)));
  Sums sums(dtype, buffer.size() / size_of(dtype));
  for (std::uint64_t begin = 0; begin < bytes; begin += piece_bytes) {
    const std::span<std::byte> piece(buffer.data(), static_cast<std::size_t>(std::min(bytes - begin, piece_bytes)));
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const std::uint32_t crc = values[i].reader->read_piece(values[i].key, *entries[i], begin, piece);
      crcs[i] = begin == 0 ? crc : format::combine_crc32c(crcs[i], crc, piece.size());
      sums.add(piece);
    }
    sums.take_means(entries.size(), piece);
    use(piece);
  }
  for (std::size_t i = 0; i < entries.size(); ++i)
    values[i].reader->require_whole(values[i].key, *entries[i], format::mask_crc(crcs[i]));
}

}  // namespace CAIRN_NAMESPACE::edit::detail
