// Values of an HDF5 file as a restore takes them: read and checked before any of the program's is changed.
#pragma once

#include "../../../core/box.hpp"
#include "../../../core/detail/own.hpp"
#include "../../../core/detail/vec.hpp"
#include "../../../core/error.hpp"
#include "../../../graph/detail/tensor_source.hpp"
#include "hdf5_file.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::exchange::detail {

class WeightsSource final : public graph::detail::TensorSource {
 public:
  explicit WeightsSource(std::string name) : name_(std::move(name)) {}

  // Adds a dataset, whose key is its path, with its elements.
  void add(const Hdf5Dataset& dataset, std::vector<std::byte> bytes) {
    items_.emplace(dataset.path, Item{dataset.dtype, dataset.shape, std::move(bytes)});
    bytes_ += dataset.bytes;
  }

  [[nodiscard]] std::string name() const override { return name_; }
  [[nodiscard]] Description find(std::string_view key) const override {
    const auto place = items_.find(std::string(key));
    if (place == items_.end()) return {.is_there = false};
    return {place->second.dtype, place->second.shape, &place->second};
  }
  [[nodiscard]] std::uint64_t data_bytes() const override { return bytes_; }
  void read(std::string_view key, core::detail::Boxes boxes, std::span<std::byte> out) const override {
    copy(items_.at(std::string(key)), boxes, out);
  }
  void read_strings(std::string_view key, std::span<std::string>) const override {
    throw Error(ErrorCode::unimplemented, "\"" + std::string(key) + "\" in \"" + name_ + "\" has no strings");
  }
  [[nodiscard]] bool is_whole(const void* place) const noexcept override { return place != nullptr; }
  std::uint32_t read_piece(std::string_view, const void* place, std::uint64_t begin,
                           std::span<std::byte> out) const override {
    std::memcpy(out.data(), static_cast<const Item*>(place)->bytes.data() + begin, out.size());
    return 0;
  }
  void require_checksum(std::string_view, const void*, const std::uint32_t*, std::uint64_t) const override {}
  [[nodiscard]] std::size_t threads_for(std::uint64_t) const noexcept override { return 1; }
  void for_each_task(std::size_t count, std::size_t, Work work) const override {
    for (std::size_t task = 0; task < count; ++task) work(task, 0);
  }
  [[nodiscard]] core::detail::Own<Bulk> bulk(core::detail::Vec<Wanted> wanted) const override {
    return core::detail::Own<Bulk>(new Together(std::move(wanted)));
  }

 private:
  struct Item {
    DType dtype;
    Shape shape;
    std::vector<std::byte> bytes;
  };

  // All is in memory, so that nothing can fail.
  class Together final : public Bulk {
   public:
    explicit Together(core::detail::Vec<Wanted> wanted) : wanted_(std::move(wanted)) {}
    [[nodiscard]] bool read(bool) override { return read_rest(), true; }
    void read_rest() override {
      for (const Wanted& each : wanted_) copy(*static_cast<const Item*>(each.place), each.boxes, each.out);
    }

   private:
    core::detail::Vec<Wanted> wanted_;
  };

  static void copy(const Item& item, core::detail::Boxes boxes, std::span<std::byte> out) {
    if (boxes.is_all()) {
      if (!out.empty()) std::memcpy(out.data(), item.bytes.data(), std::min(out.size(), item.bytes.size()));
      return;
    }
    std::byte* to = out.data();
    for (std::size_t i = 0; i < boxes.count; ++i) copy_box(item, boxes.first[i], 0, 0, to);
  }
  static void copy_box(const Item& item, const Box& box, std::size_t axis, std::size_t at, std::byte*& to) {
    const std::size_t element = size_of(item.dtype);
    if (axis == item.shape.rank()) {
      std::memcpy(to, item.bytes.data() + at * element, element);
      to += element;
      return;
    }
    for (std::int64_t i = 0; i < box.shape[axis]; ++i)
      copy_box(item, box, axis + 1,
               at * static_cast<std::size_t>(item.shape[axis]) + static_cast<std::size_t>(box.start[axis] + i), to);
  }

  std::string name_;
  std::unordered_map<std::string, Item> items_;
  std::uint64_t bytes_ = 0;
};

}  // namespace CAIRN_NAMESPACE::exchange::detail
