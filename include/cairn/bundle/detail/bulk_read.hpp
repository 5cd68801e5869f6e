// Many tensors of a bundle, read together: in the order in which they lie in the shards, small neighbours with one
// call, large ones in pieces, by several threads; each piece is checked and copied into place while it is in the cache.
//
//   shard | a | b | c | d, of three pieces      |       tasks: a b c | d.1 | d.2 | d.3
//
// The threads take the tasks from front to back, so that together they read the file from front to back, too.
//
// The memory that is read into belongs to somebody, and a checksum is known to be wrong only when the bytes are there:
// what they replaced is kept until all is known to be right (overwritten.hpp).
#pragma once

#include "../../core/detail/own.hpp"
#include "../../core/detail/sort.hpp"
#include "../../core/detail/vec.hpp"
#include "../../format/crc32c.hpp"
#include "../../format/detail/crc32c_copy.hpp"
#include "../../io/threads.hpp"
#include "../entry.hpp"
#include "numbers.hpp"
#include "overwritten.hpp"
#include "shards.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <utility>

namespace cairn::bundle::detail {

class BulkRead {
 public:
  // A legal entry of numbers that is not partitioned, and memory of exactly its size.
  struct Item {
    std::string_view key;
    const bundle::Entry* entry;
    std::span<std::byte> out;
  };

  // Everything that it refers to must outlive it. Throws Error (data_loss) when a shard is missing or too short.
  BulkRead(const Shards& shards, bool big_endian, core::detail::Vec<Item> items, std::size_t threads)
      : shards_(shards), big_endian_(big_endian), items_(std::move(items)) {
    // Restored into what it was saved from, a state is in this order already.
    core::detail::sort(items_, [](const Item& a, const Item& b) {
      return a.entry->shard != b.entry->shard ? a.entry->shard < b.entry->shard : a.entry->offset < b.entry->offset;
    });
    for (std::size_t i = 0; i < items_.size();) {
      shards_.require_present(items_[i].key, *items_[i].entry);
      i = is_large(*items_[i].entry) ? add_pieces(i) : add_run(i);
    }
    std::uint64_t bytes = 0;
    for (const Item& item : items_) bytes += item.out.size();
    overwritten_ = core::detail::make_own<Overwritten>(
        tasks_.size(), static_cast<std::size_t>(std::min<std::uint64_t>(bytes, max_kept_bytes)));
    threads_ = io::threads_for(bytes, threads);
    buffers_ = RawBytes(threads_ * io::piece_bytes + page_bytes);
    checksums_.resize(tasks_.size());
  }

  // How much of what the memory held is kept at most, zeros not counted. More would be felt as a second copy of a
  // state.
  static constexpr std::size_t max_kept_bytes = std::size_t{6} << 20;

  // Fills the memory, and checks. True when all is there. False when all is right, but some of it was only looked at,
  // because what its memory held could not be kept: read_rest() then. Throws Error (data_loss) when anything is
  // damaged; then the memory is what it was. Takes no memory but for what the system needs to start threads, and does
  // without those if it must.
  [[nodiscard]] bool read() {
    const auto places_of = [this](std::size_t task) {
      return [this, task](const auto& use) { for_each_place(task, use); };
    };
    try {
      run([&](std::size_t task, std::span<std::byte> buffer) {
        perform_keeping(task, load(task, buffer), places_of(task));
      });
    } catch (...) {
      // Backwards: what was read last into places that overlap is undone first.
      for (std::size_t task = tasks_.size(); task-- > 0;)
        if (overwritten_->has(task)) overwritten_->give_back(task, places_of(task));
      throw;
    }
    for (std::size_t task = 0; task < tasks_.size(); ++task)
      if (!overwritten_->has(task)) return false;
    return true;
  }
  // Fills what read() has not filled, or everything without it. What it throws leaves the memory half filled.
  void read_rest() {
    run([&](std::size_t task, std::span<std::byte> buffer) {
      if (!overwritten_->has(task)) perform(task, load(task, buffer), true);
    });
  }
  // Only checks.
  void verify() {
    run([&](std::size_t task, std::span<std::byte> buffer) { perform(task, load(task, buffer), false); });
  }

 private:
  struct Task {
    std::size_t first, last;  // of items_
    std::uint64_t begin;      // behind the first one's first byte
    std::size_t size;
  };

  static constexpr std::size_t page_bytes = 4096;

  [[nodiscard]] static bool is_large(const bundle::Entry& entry) noexcept { return entry.size >= io::piece_bytes / 4; }
  [[nodiscard]] static std::uint64_t end_of(const bundle::Entry& entry) noexcept { return entry.offset + entry.size; }

  std::size_t add_pieces(std::size_t item) {
    const std::uint64_t size = items_[item].entry->size;
    for (std::uint64_t begin = 0; begin < size; begin += io::piece_bytes)
      tasks_.push_back(
          {item, item + 1, begin, static_cast<std::size_t>(std::min<std::uint64_t>(size - begin, io::piece_bytes))});
    return item + 1;
  }
  std::size_t add_run(std::size_t first) {
    constexpr std::uint64_t near_bytes = 4096;  // a gap as small is read along
    const bundle::Entry& begin = *items_[first].entry;
    std::uint64_t end = end_of(begin);
    std::size_t last = first + 1;
    for (; last < items_.size(); ++last) {
      const bundle::Entry& entry = *items_[last].entry;
      if (is_large(entry) || entry.shard != begin.shard) break;
      shards_.require_present(items_[last].key, entry);
      const std::uint64_t extended = std::max(end, end_of(entry));
      if (entry.offset > end + near_bytes || extended - begin.offset > io::piece_bytes) break;
      end = extended;
    }
    tasks_.push_back({first, last, 0, static_cast<std::size_t>(end - begin.offset)});
    return last;
  }

  // Calls use(std::span<std::byte>) for each place that bytes of the task go to.
  template <class Use>
  void for_each_place(std::size_t number, const Use& use) const {
    const Task& task = tasks_[number];
    if (is_piece(task)) return use(place_of_piece(task));
    for (std::size_t i = task.first; i < task.last; ++i) use(items_[i].out);
  }

  template <class PerformTask>
  void run(const PerformTask& perform_task) {
    // Half a page away from where pages of the file and large blocks of memory begin: copies between places that lie
    // alike within their pages are slow (io/detail/slow_copy.hpp).
    const std::uintptr_t address = reinterpret_cast<std::uintptr_t>(buffers_.data());
    std::byte* const buffers = buffers_.data() + (page_bytes + page_bytes / 2 - address % page_bytes) % page_bytes;
    io::for_each_task(tasks_.size(), threads_, [&](std::size_t task, std::size_t thread) {
      perform_task(task, std::span(buffers + thread * io::piece_bytes, io::piece_bytes));
    });
    for (std::size_t task = 0; task < tasks_.size();) {
      const std::size_t item = tasks_[task].first;
      if (!is_large(*items_[item].entry)) {
        ++task;
        continue;
      }
      std::uint32_t crc = checksums_[task++];
      for (; task < tasks_.size() && tasks_[task].first == item; ++task)
        crc = format::combine_crc32c(crc, checksums_[task], tasks_[task].size);
      require_checksum(items_[item], crc);
    }
  }

  [[nodiscard]] std::span<const std::byte> load(std::size_t number, std::span<std::byte> buffer) const {
    const Task& task = tasks_[number];
    const Item& first = items_[task.first];
    const std::span<std::byte> bytes = buffer.first(task.size);
    shards_.with_bytes(first.key, *first.entry, task.begin, task.size, [&](StoredBytes stored) { stored.read(bytes); });
    return bytes;
  }

  [[nodiscard]] bool is_piece(const Task& task) const noexcept { return is_large(*items_[task.first].entry); }

  // Checks the bytes of a task, and puts them into place where `is_wanted`.
  void perform(std::size_t number, std::span<const std::byte> bytes, bool is_wanted) {
    const Task& task = tasks_[number];
    if (is_piece(task)) return perform_piece(number, bytes, is_wanted);
    check_run(task, bytes);
    if (is_wanted) put_run(task, bytes);
  }
  void perform_piece(std::size_t number, std::span<const std::byte> bytes, bool is_wanted) {
    const auto out = place_of_piece(tasks_[number]);
    checksums_[number] = is_wanted ? format::detail::copy_crc32c(0, bytes, out) : format::crc32c(bytes);
    if (is_wanted) swap_piece(tasks_[number]);
  }
  // The same, where what the memory holds is kept before it is overwritten; what cannot be kept is only checked.
  template <class Places>
  void perform_keeping(std::size_t number, std::span<const std::byte> bytes, const Places& places) {
    const Task& task = tasks_[number];
    if (!is_piece(task)) check_run(task, bytes);
    if (put_over_zeros(number, bytes)) return overwritten_->keep_zeros(number);
    const bool is_kept = overwritten_->keep(number, places);
    if (is_piece(task))
      perform_piece(number, bytes, is_kept);
    else if (is_kept)
      put_run(task, bytes);
  }

  // Puts the bytes, which of a run are checked, where there are only zeros. It sees that on its way: memory that was
  // looked at just before is in the cache when it is written. False when there is anything else; then the places are
  // what they were.
  [[nodiscard]] bool put_over_zeros(std::size_t number, std::span<const std::byte> bytes) {
    const Task& task = tasks_[number];
    if (is_piece(task)) {
      if (!copy_over_zeros(bytes, place_of_piece(task), checksums_[number])) return false;
      swap_piece(task);
      return true;
    }
    for (std::size_t i = task.first; i < task.last; ++i) {
      if (!is_zero(items_[i].out)) {
        while (i-- > task.first) fill_zero(items_[i].out);
        return false;
      }
      put(task, items_[i], bytes);
    }
    return true;
  }
  [[nodiscard]] static bool copy_over_zeros(std::span<const std::byte> from, std::span<std::byte> to,
                                            std::uint32_t& crc) {
    constexpr std::size_t step = std::size_t{12} << 10;  // both places stay in the first cache
    crc = 0;
    for (std::size_t begin = 0; begin < from.size(); begin += step) {
      const auto piece = from.subspan(begin, std::min(step, from.size() - begin));
      const auto out = to.subspan(begin, piece.size());
      if (!is_zero(out)) {
        fill_zero(to.first(begin));
        return false;
      }
      crc = format::extend_crc32c(crc, piece);
      std::memcpy(out.data(), piece.data(), piece.size());
    }
    return true;
  }
  static void fill_zero(std::span<std::byte> place) noexcept {
    if (!place.empty()) std::memset(place.data(), 0, place.size());
  }

  [[nodiscard]] std::span<std::byte> place_of_piece(const Task& task) const {
    return items_[task.first].out.subspan(static_cast<std::size_t>(task.begin), task.size);
  }
  void swap_piece(const Task& task) const {
    swap_numbers(place_of_piece(task), swap_unit_of(items_[task.first].entry->dtype), big_endian_);
  }

  // A run of small tensors.
  [[nodiscard]] std::span<const std::byte> bytes_of(const Task& task, const Item& item,
                                                    std::span<const std::byte> bytes) const {
    return bytes.subspan(static_cast<std::size_t>(item.entry->offset - items_[task.first].entry->offset),
                         static_cast<std::size_t>(item.entry->size));
  }
  void check_run(const Task& task, std::span<const std::byte> bytes) const {
    for (std::size_t i = task.first; i < task.last; ++i)
      require_checksum(items_[i], format::crc32c(bytes_of(task, items_[i], bytes)));
  }
  void put_run(const Task& task, std::span<const std::byte> bytes) const {
    for (std::size_t i = task.first; i < task.last; ++i) put(task, items_[i], bytes);
  }
  void put(const Task& task, const Item& item, std::span<const std::byte> bytes) const {
    const auto stored = bytes_of(task, item, bytes);
    copy_bytes(stored, item.out.data());
    swap_numbers(item.out, swap_unit_of(item.entry->dtype), big_endian_);
  }

  void require_checksum(const Item& item, std::uint32_t crc) const {
    if (format::mask_crc(crc) == item.entry->crc32c) return;
    shards_.with_bytes(item.key, *item.entry, item.entry->size, 0,
                       [&](const StoredBytes& stored) { detail::require_checksum(stored, *item.entry, crc); });
  }

  const Shards& shards_;
  bool big_endian_;
  core::detail::Vec<Item> items_;  // in the order of the files
  core::detail::Vec<Task> tasks_;
  core::detail::Vec<std::uint32_t> checksums_;  // of the pieces of large tensors, by task
  std::size_t threads_ = 1;
  RawBytes buffers_;
  core::detail::Own<Overwritten> overwritten_;  // by task
};

}  // namespace cairn::bundle::detail
