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

namespace CAIRN_NAMESPACE::checkpoint::detail {

class BundleSource final : public graph::detail::TensorSource {
 public:
  explicit BundleSource(bundle::Reader reader, std::size_t threads = 2)
      : reader_(std::move(reader)), threads_(threads) {}

  [[nodiscard]] const bundle::Reader& reader() const noexcept { return reader_; }

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
  CAIRN_COLD void read(std::string_view key, core::detail::Boxes boxes, std::span<std::byte> out) const override {
    if (boxes.is_all()) return reader_.read(key, out);
    bundle::detail::BulkRead read(reader_, threads_);
    read.add(reader_.lookup(key), boxes, out.data());
    read.prepare();
    read.read_rest();
  }
  void read_strings(std::string_view key, std::span<std::string> out) const override { reader_.read_strings(key, out); }

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
  class Together final : public Bulk {
   public:
    Together(const BundleSource& source, core::detail::Vec<Wanted> wanted) : read_(source.reader_, source.threads_) {
      read_.reserve(wanted.size());
      for (const Wanted& each : wanted) {
        const auto& entry = *static_cast<const bundle::Entry*>(each.place);
        if (each.boxes.is_all())
          read_.add(entry, each.out);
        else
          read_.add(entry, each.boxes, each.out.data());
      }
      wanted = {};
      read_.prepare();
    }
    [[nodiscard]] bool read(bool undo) override { return undo ? (read_.undo(), true) : read_.read(); }
    void read_rest() override { read_.read_rest(); }

   private:
    bundle::detail::BulkRead read_;
  };

  bundle::Reader reader_;
  std::size_t threads_;
  mutable std::optional<std::uint64_t> data_bytes_;  // a restore belongs to one thread
  mutable std::size_t near_ = 0;                     // where the last key was found
};

}  // namespace CAIRN_NAMESPACE::checkpoint::detail
