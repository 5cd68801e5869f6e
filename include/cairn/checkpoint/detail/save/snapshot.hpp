// A state as it was at one instant, in memory of its own: what a save in the background writes from.
//
//   user's memory -> Snapshot -> bundle::Writer, in another thread
//
// The memory is kept for the next one: a program that saves for ever holds its state twice, never more.
#pragma once

#include "../../../bundle/writer.hpp"
#include "../../../core/detail/sort.hpp"
#include "../../../core/detail/vec.hpp"
#include "../../../core/dtype.hpp"
#include "../../../format/crc32c.hpp"
#include "../../../format/detail/crc32c_copy.hpp"
#include "../../../io/threads.hpp"
#include "../../../tensor/tensor_view.hpp"
#include "save_job.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::checkpoint::detail {

class Snapshot {
 public:
  // Copies the values, by so many threads at most, and takes the checksums of numbers on the way. The views of the
  // values are those of the copies then, until the next call, and nothing of the user's but the keys is referred to.
  void take(core::detail::Vec<SavedValue>& values, std::size_t threads) {
    numbers_.clear();
    numbers_.reserve(values.size());
    std::size_t end = 0, strings = 0;
    for (const SavedValue& value : values) {
      const std::size_t size = tensor::detail::bytes_of(value.view);
      numbers_.push_back({end, size});
      end += (size + alignment - 1) / alignment * alignment;
      strings += value.view.strings().size();
    }
    strings_.clear();
    strings_.reserve(strings);
    if (end > capacity_) {
      memory_.reset();
      capacity_ = 0;
      memory_ = std::make_unique_for_overwrite<std::byte[]>(end);
      capacity_ = end;
    }
    copy(values, end, threads);
    for (std::size_t i = 0; i < values.size(); ++i) {
      SavedValue& value = values[i];
      if (value.view.dtype() == DT_STRING) {
        const auto from = value.view.strings();
        strings_.insert(strings_.end(), from.begin(), from.end());
        value.view = TensorView(value.view.shape(), std::span(strings_).last(from.size()));
      } else {
        if (value.view.is_partitioned()) value.parts = value.view.scattered();
        value.view = TensorView(value.view.dtype(), value.view.shape(), bytes_of(numbers_[i]));
      }
      if (value.parts == nullptr) value.owner.reset();
    }
  }

  // Plans the values from one number up to another, of those that were copied. `cuts` says that the writer may cut
  // tensors: their checksums are then not those of what it writes.
  void add_to(bundle::detail::BundleWriter& writer, const core::detail::Vec<SavedValue>& values, bool cuts,
              std::size_t first, std::size_t last) const {
    for (std::size_t i = first; i < last; ++i) {
      const SavedValue& value = values[i];
      if (value.parts != nullptr && !cuts) {
        value.parts->plan_parts(*value.parts, writer, value.key, value.view);
      } else if (cuts || value.view.dtype() == DT_STRING) {
        writer.add_kept(value.key, value.view);
      } else {
        bundle::Entry entry = bundle::detail::entry_of(value.view);
        entry.crc32c = format::mask_crc(numbers_[i].crc);
        bundle::detail::PlannedBytes bytes = bundle::detail::PlannedBytes::of(value.view);
        bytes.kind = bundle::detail::PlannedBytes::Kind::stored;
        writer.add_kept(value.key, std::move(entry), std::move(bytes));
      }
    }
  }

 private:
  // The bytes of a value, which are none where it has strings.
  struct Numbers {
    std::size_t offset, size;  // in memory_
    std::uint32_t crc = 0;     // not masked
  };
  static constexpr std::size_t alignment = 64;
  // The threads take the memory in windows of this size, which begin and end anywhere in a value.
  static constexpr std::size_t window = std::size_t{1} << 20;

  [[nodiscard]] std::span<std::byte> bytes_of(const Numbers& numbers) const noexcept {
    return {memory_.get() + numbers.offset, numbers.size};
  }

  void copy(const core::detail::Vec<SavedValue>& values, std::size_t end, std::size_t threads) {
    const std::size_t windows = (end + window - 1) / window;
    core::detail::Vec<std::uint32_t> begun_before(windows);  // of what a window has of the value that it begins in
    io::for_each_task(windows, io::threads_for(end, threads), [&](std::size_t number, std::size_t) {
      const std::size_t from = number * window;
      const std::size_t to = std::min(end, from + window);
      std::size_t i = core::detail::lower_place(
          numbers_.size(), [&](std::size_t at) { return numbers_[at].offset + numbers_[at].size <= from; });
      for (; i < numbers_.size() && numbers_[i].offset < to; ++i) {
        Numbers& value = numbers_[i];
        const std::size_t begin = std::max(from, value.offset);
        const std::span<std::byte> place(memory_.get() + begin, std::min(to, value.offset + value.size) - begin);
        const TensorView& source = values[i].view;
        std::uint32_t& crc = begin == value.offset ? value.crc : begun_before[number];
        if (source.scattered() != nullptr) {
          source.scattered()->gather(begin - value.offset, place);
          crc = format::crc32c(place);
        } else {
          crc = format::detail::copy_crc32c(0, source.bytes().subspan(begin - value.offset, place.size()), place);
        }
      }
    });
    for (Numbers& value : numbers_)
      for (std::size_t begin = value.offset / window * window + window; begin < value.offset + value.size;
           begin += window)
        value.crc = format::combine_crc32c(value.crc, begun_before[begin / window],
                                           std::min(window, value.offset + value.size - begin));
  }

  core::detail::Vec<Numbers> numbers_;  // of each value
  std::vector<std::string> strings_;    // of all values
  std::unique_ptr<std::byte[]> memory_;
  std::size_t capacity_ = 0;
};

}  // namespace CAIRN_NAMESPACE::checkpoint::detail
