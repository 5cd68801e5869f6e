// A state as it was at one instant, in memory of its own: what a save in the background writes from.
//
//   user's memory -> Snapshot -> bundle::Writer, in another thread
//
// The memory is kept for the next one: a program that saves for ever holds its state twice, never more.
#pragma once

#include "../../../bundle/writer.hpp"
#include "../../../core/detail/vec.hpp"
#include "../../../core/dtype.hpp"
#include "../../../core/shape.hpp"
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
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::checkpoint::detail {

class Snapshot {
 public:
  // Copies the values, by so many threads at most, and takes the checksums of numbers on the way; nothing of the user's
  // is referred to afterwards. When memory runs out the snapshot is empty.
  void take(const core::detail::Vec<SavedValue>& values, std::size_t threads) {
    items_.clear();
    core::detail::Vec<Item> items;
    items.reserve(values.size());
    std::size_t end = 0;
    for (const SavedValue& value : values) {
      const auto strings = value.view.strings();
      const std::size_t size = tensor::detail::bytes_of(value.view);
      items.push_back({std::string(value.key), value.view.dtype(), value.view.shape(), end, size,
                       std::vector<std::string>(strings.begin(), strings.end())});
      end += (size + alignment - 1) / alignment * alignment;
    }
    if (end > capacity_) {
      memory_.reset();
      capacity_ = 0;
      memory_ = std::make_unique_for_overwrite<std::byte[]>(end);
      capacity_ = end;
    }
    copy(items, values, end, threads);
    items_ = std::move(items);
  }

  [[nodiscard]] std::size_t size() const noexcept { return items_.size(); }

  // Plans the values from one number up to another. `cuts` says that the writer may cut tensors: their checksums are then
  // not those of what it writes.
  void add_to(bundle::detail::BundleWriter& writer, bool cuts, std::size_t first, std::size_t last) const {
    for (std::size_t i = first; i < last; ++i) {
      const Item& item = items_[i];
      const std::span<const std::byte> bytes(memory_.get() + item.offset, item.size);
      if (item.dtype == DT_STRING) {
        writer.add(item.key, TensorView(item.shape, item.strings));
      } else if (cuts) {
        writer.add(item.key, TensorView(item.dtype, item.shape, bytes));
      } else {
        bundle::Entry entry;
        entry.dtype = item.dtype;
        entry.shape = item.shape;
        entry.size = item.size;
        entry.crc32c = format::mask_crc(item.crc);
        writer.add_stored(item.key, std::move(entry), bytes);
      }
    }
  }

 private:
  struct Item {
    std::string key;
    DType dtype;
    Shape shape;
    std::size_t offset, size;
    std::vector<std::string> strings;
    std::uint32_t crc = 0;  // not masked
  };
  static constexpr std::size_t alignment = 64;
  // The threads take the memory in windows of this size, which begin and end anywhere in an item.
  static constexpr std::size_t window = std::size_t{1} << 20;

  // The first item that ends behind the offset.
  [[nodiscard]] static Item* first_behind(core::detail::Vec<Item>& items, std::size_t offset) noexcept {
    std::size_t first = 0, last = items.size();
    while (first < last) {
      const std::size_t middle = first + (last - first) / 2;
      if (items[middle].offset + items[middle].size <= offset)
        first = middle + 1;
      else
        last = middle;
    }
    return items.begin() + first;
  }

  void copy(core::detail::Vec<Item>& items, const core::detail::Vec<SavedValue>& values, std::size_t end,
            std::size_t threads) const {
    const std::size_t windows = (end + window - 1) / window;
    core::detail::Vec<std::uint32_t> begun_before(windows);  // of what a window has of the item that it begins in
    io::for_each_task(windows, io::threads_for(end, threads), [&](std::size_t number, std::size_t) {
      const std::size_t from = number * window;
      const std::size_t to = std::min(end, from + window);
      Item* item = first_behind(items, from);
      for (; item != items.end() && item->offset < to; ++item) {
        const std::size_t begin = std::max(from, item->offset);
        const std::size_t size = std::min(to, item->offset + item->size) - begin;
        const TensorView& source = values[static_cast<std::size_t>(item - items.begin())].view;
        const std::span<std::byte> place(memory_.get() + begin, size);
        std::uint32_t& crc = begin == item->offset ? item->crc : begun_before[number];
        if (source.scattered() != nullptr) {
          source.scattered()->gather(begin - item->offset, place);
          crc = format::crc32c(place);
        } else {
          crc = format::detail::copy_crc32c(0, source.bytes().subspan(begin - item->offset, size), place);
        }
      }
    });
    for (Item& item : items)
      for (std::size_t begin = item.offset / window * window + window; begin < item.offset + item.size; begin += window)
        item.crc = format::combine_crc32c(item.crc, begun_before[begin / window],
                                          std::min(window, item.offset + item.size - begin));
  }

  core::detail::Vec<Item> items_;
  std::unique_ptr<std::byte[]> memory_;
  std::size_t capacity_ = 0;
};

}  // namespace cairn::checkpoint::detail
