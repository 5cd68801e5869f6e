// A state as it was at one instant, in memory of its own: what a save in the background writes from.
//
//   user's memory -> Snapshot -> bundle::Writer, in another thread
//
// The memory is kept for the next one: a program that saves for ever holds its state twice, never more.
#pragma once

#include "../archive/save_graph.hpp"
#include "../bundle/writer.hpp"
#include "../core/dtype.hpp"
#include "../core/object_graph.hpp"
#include "../core/shape.hpp"
#include "../graph/walk.hpp"
#include "../tensor/tensor_view.hpp"

#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace cairn::detail {

class Snapshot {
 public:
  // Copies every value; nothing of the user's is referred to afterwards. When memory runs out the snapshot is empty.
  void take(LiveGraph live) {
    items_.clear();
    graph_ = {};
    std::vector<Item> items;
    std::vector<std::span<const std::byte>> sources;
    std::vector<std::shared_ptr<const void>> kept;
    std::size_t end = 0;
    for_each_value(live, [&](const std::string& key, const TensorView& view, std::shared_ptr<const void> owner) {
      const auto strings = view.strings();
      items.push_back({key, view.dtype(), view.shape(), end, view.bytes().size(),
                       std::vector<std::string>(strings.begin(), strings.end())});
      sources.push_back(view.bytes());
      kept.push_back(std::move(owner));
      end += (view.bytes().size() + alignment - 1) / alignment * alignment;
    });
    if (end > capacity_) {
      memory_.reset();
      capacity_ = 0;
      memory_ = std::make_unique_for_overwrite<std::byte[]>(end);
      capacity_ = end;
    }
    for (std::size_t i = 0; i < items.size(); ++i)
      if (items[i].size != 0) std::memcpy(memory_.get() + items[i].offset, sources[i].data(), items[i].size);
    items_ = std::move(items);
    graph_ = std::move(live.message);
  }

  // The same bytes in the same order as a save straight from the user's memory. Throws what Writer::finish throws.
  void write(bundle::Writer& writer) const {
    for (const Item& item : items_)
      writer.add(item.key, item.dtype == DT_STRING
                               ? TensorView(item.shape, item.strings)
                               : TensorView(item.dtype, item.shape, std::span(memory_.get() + item.offset, item.size)));
    writer.flush();
    finish_with_graph(writer, graph_);
  }

  // What it holds for the next one.
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

 private:
  struct Item {
    std::string key;
    DType dtype;
    Shape shape;
    std::size_t offset, size;
    std::vector<std::string> strings;
  };
  static constexpr std::size_t alignment = 64;

  std::vector<Item> items_;
  TrackableObjectGraph graph_;
  std::unique_ptr<std::byte[]> memory_;
  std::size_t capacity_ = 0;
};

}  // namespace cairn::detail
