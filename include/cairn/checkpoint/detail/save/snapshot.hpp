// A state as it was at one instant, in memory of its own: what a save in the background writes from.
//
//   user's memory -> Snapshot -> bundle::Writer, in another thread
//
// The memory is kept for the next one: a program that saves for ever holds its state twice, never more.
#pragma once

#include "../../../bundle/writer.hpp"
#include "../../../core/detail/flat_graph.hpp"
#include "../../../core/detail/function_ref.hpp"
#include "../../../core/detail/vec.hpp"
#include "../../../core/dtype.hpp"
#include "../../../core/shape.hpp"
#include "../../../format/crc32c.hpp"
#include "../../../format/detail/crc32c_copy.hpp"
#include "../../../graph/detail/walk.hpp"
#include "../../../io/threads.hpp"
#include "../../../tensor/tensor_view.hpp"
#include "save_features.hpp"
#include "save_graph.hpp"

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
  // Copies every value, by so many threads at most, and takes the checksums of numbers on the way; nothing of the
  // user's is referred to afterwards. When memory runs out the snapshot is empty.
  void take(graph::detail::LiveGraph live, std::size_t threads) {
    take(
        [&live](ValueSink sink) {
          for_each_value(live, [&](std::size_t, std::string_view key, const TensorView& view,
                                   std::shared_ptr<const void> owner) { sink(key, view, std::move(owner)); });
        },
        live.graph, threads);
  }
  // The same of those values that for_each_value(sink) hands out by sink(key, view, owner).
  void take(core::detail::FunctionRef<void(ValueSink)> for_each_value, core::detail::FlatGraph& graph,
            std::size_t threads) {
    items_.clear();
    graph_ = {};
    core::detail::Vec<Item> items;
    core::detail::Vec<std::span<const std::byte>> sources;
    core::detail::Vec<std::shared_ptr<const void>> kept;
    std::size_t end = 0;
    const auto add = [&](std::string_view key, const TensorView& view, std::shared_ptr<const void> owner) {
      const auto strings = view.strings();
      items.push_back({std::string(key), view.dtype(), view.shape(), end, view.bytes().size(),
                       std::vector<std::string>(strings.begin(), strings.end())});
      sources.push_back(view.bytes());
      kept.push_back(std::move(owner));
      end += (view.bytes().size() + alignment - 1) / alignment * alignment;
    };
    for_each_value(add);
    if (end > capacity_) {
      memory_.reset();
      capacity_ = 0;
      memory_ = std::make_unique_for_overwrite<std::byte[]>(end);
      capacity_ = end;
    }
    copy(items, sources, end, threads);
    items_ = std::move(items);
    graph_ = std::move(graph);
  }

  // The same bytes in the same order as a save straight from the user's memory. `cuts` says that the writer may cut
  // tensors: their checksums are then not those of what it writes. Throws what Writer::finish throws.
  void write(bundle::detail::BundleWriter& writer, bool cuts) const {
    add_to(writer, cuts, 0, items_.size());
    writer.flush();
    finish_with_graph(writer, bundle::encode_object_graph(graph_));
  }

  // The parts of it: some of the values, and the graph.
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
  [[nodiscard]] const core::detail::FlatGraph& graph() const noexcept { return graph_; }

  // What it holds for the next one.
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

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

  void copy(core::detail::Vec<Item>& items, const core::detail::Vec<std::span<const std::byte>>& sources,
            std::size_t end, std::size_t threads) const {
    const std::size_t windows = (end + window - 1) / window;
    core::detail::Vec<std::uint32_t> begun_before(windows);  // of what a window has of the item that it begins in
    io::for_each_task(windows, io::threads_for(end, threads), [&](std::size_t number, std::size_t) {
      const std::size_t from = number * window;
      const std::size_t to = std::min(end, from + window);
      Item* item = first_behind(items, from);
      for (; item != items.end() && item->offset < to; ++item) {
        const std::size_t begin = std::max(from, item->offset);
        const std::size_t size = std::min(to, item->offset + item->size) - begin;
        const auto source = sources[static_cast<std::size_t>(item - items.begin())];
        std::uint32_t& crc = begin == item->offset ? item->crc : begun_before[number];
        crc = format::detail::copy_crc32c(0, source.subspan(begin - item->offset, size), {memory_.get() + begin, size});
      }
    });
    for (Item& item : items)
      for (std::size_t begin = item.offset / window * window + window; begin < item.offset + item.size; begin += window)
        item.crc = format::combine_crc32c(item.crc, begun_before[begin / window],
                                          std::min(window, item.offset + item.size - begin));
  }

  core::detail::Vec<Item> items_;
  core::detail::FlatGraph graph_;
  std::unique_ptr<std::byte[]> memory_;
  std::size_t capacity_ = 0;
};

}  // namespace cairn::checkpoint::detail
