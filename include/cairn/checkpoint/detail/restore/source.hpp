// A bundle as the walk's TensorSource.
#pragma once

#include "../../../bundle/detail/bulk_read.hpp"
#include "../../../bundle/reader.hpp"
#include "../../../core/detail/vec.hpp"
#include "../../../graph/detail/tensor_source.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace cairn::checkpoint::detail {

class BundleSource final : public graph::detail::TensorSource {
 public:
  explicit BundleSource(bundle::Reader reader, std::size_t threads = 2)
      : reader_(std::move(reader)), threads_(threads) {}

  [[nodiscard]] const bundle::Reader& reader() const noexcept { return reader_; }

  [[nodiscard]] const bundle::Reader* bundle() const noexcept override { return &reader_; }
  [[nodiscard]] std::string name() const override { return reader_.prefix(); }
  [[nodiscard]] Description find(std::string_view key) const override {
    const bundle::Entry* const entry = bundle::find_entry(reader_.entries(), key, near_);
    if (entry == nullptr) return {.is_there = false};
    reader_.require_bytes(key, *entry);
    sought_bytes += entry->size;
    return {entry->dtype, entry->shape, entry};
  }
  [[nodiscard]] std::uint64_t data_bytes() const override {
    if (!data_bytes_) data_bytes_ = reader_.data_bytes();  // asked for again with every value
    return *data_bytes_;
  }
  void read(std::string_view key, std::span<std::byte> out) const override { reader_.read(key, out); }
  void read_strings(std::string_view key, std::span<std::string> out) const override { reader_.read_strings(key, out); }
  void verify(std::string_view key) const override { reader_.verify(key, reader_.lookup(key)); }

  [[nodiscard]] bool is_whole(const void* place) const noexcept override {
    return place != nullptr && static_cast<const bundle::Entry*>(place)->slices.empty();
  }
  std::uint32_t read_piece(std::string_view key, const void* place, std::uint64_t begin,
                           std::span<std::byte> out) const override {
    return reader_.read_piece(key, *static_cast<const bundle::Entry*>(place), begin, out);
  }
  void require_checksum(std::string_view key, const void* place, const std::uint32_t* crcs,
                        std::uint64_t piece_bytes) const override {
    reader_.require_checksum(key, *static_cast<const bundle::Entry*>(place), crcs, piece_bytes);
  }
  [[nodiscard]] std::size_t threads_for(std::uint64_t bytes) const noexcept override {
    return io::threads_for(bytes, threads_);
  }
  void for_each_task(std::size_t count, std::size_t threads, Work work) const override {
    io::detail::for_each_task(count, threads, work);
  }

  [[nodiscard]] core::detail::Own<Bulk> bulk(core::detail::Vec<Wanted> wanted) const override {
    return core::detail::Own<Bulk>(new Together(*this, std::move(wanted)));
  }

  // The bytes of all that find() has found; of partitioned tensors they are not known.
  mutable std::uint64_t sought_bytes = 0;

 private:
  // What is partitioned lies in many places, and goes one by one.
  class Together final : public Bulk {
   public:
    Together(const BundleSource& source, core::detail::Vec<Wanted> wanted)
        : source_(source), whole_(source.reader_, source.threads_) {
      whole_.reserve(wanted.size());
      for (const Wanted& each : wanted) {
        const auto& entry = *static_cast<const bundle::Entry*>(each.place);
        if (entry.slices.empty())
          whole_.add(entry, each.out);
        else
          partitioned_.push_back(each);
      }
      wanted = {};
      whole_.prepare();
    }
    [[nodiscard]] bool read(bool undo) override {
      if (undo) return whole_.undo(), true;
      for (const Wanted& each : partitioned_) source_.verify(each.key);
      has_all_whole_ = whole_.read();
      return partitioned_.empty() && has_all_whole_;
    }
    void read_rest() override {
      if (!has_all_whole_) whole_.read_rest();
      for (const Wanted& each : partitioned_) source_.read(each.key, each.out);
    }

   private:
    const BundleSource& source_;
    core::detail::Vec<Wanted> partitioned_;
    bundle::detail::BulkRead whole_;
    bool has_all_whole_ = false;
  };

  bundle::Reader reader_;
  std::size_t threads_;
  mutable std::optional<std::uint64_t> data_bytes_;  // a restore belongs to one thread
  mutable std::size_t near_ = 0;                     // where the last key was found
};

}  // namespace cairn::checkpoint::detail
