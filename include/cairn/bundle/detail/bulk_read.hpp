// Many tensors of a bundle, read together: in the order in which they lie in the shards, small neighbours with one
// call, large ones in pieces, by several threads; each piece is checked and copied into place while it is in the cache.
//
//   shard | a | b | c | d, of three pieces      |       tasks: a b c | d.1 | d.2 | d.3
//
// The threads take the tasks from front to back, so that together they read the file from front to back, too.
//
// The memory that is read into belongs to somebody, and a checksum is known to be wrong only when the bytes are there:
// what they replaced is kept until all is known to be right. That all of it was zero, which a state is that was just
// made, takes a word; everything else takes its size.
#pragma once

#include "../../core/detail/sort.hpp"
#include "../../core/detail/vec.hpp"
#include "../../format/crc32c.hpp"
#include "../../format/detail/crc32c_copy.hpp"
#include "../../io/threads.hpp"
#include "../reader.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <new>
#include <span>
#include <string_view>

namespace cairn::bundle::detail {

[[nodiscard]] inline bool is_zero(std::span<const std::byte> bytes) noexcept {
  static constexpr std::byte zeros[4096] = {};
  for (; !bytes.empty(); bytes = bytes.subspan(std::min(bytes.size(), sizeof zeros)))
    if (std::memcmp(bytes.data(), zeros, std::min(bytes.size(), sizeof zeros)) != 0) return false;
  return true;
}
inline void fill_zero(std::span<std::byte> place) noexcept {
  if (!place.empty()) std::memset(place.data(), 0, place.size());
}
inline void copy_bytes(std::span<const std::byte> from, std::byte* to) noexcept {
  if (!from.empty()) std::memcpy(to, from.data(), from.size());
}

// Call add() for each tensor, then prepare(), then one of the others.
class BulkRead {
 public:
  // At most so many threads read. The reader must outlive this.
  BulkRead(const bundle::Reader& reader, std::size_t threads) : reader_(reader), threads_(threads) {}
  BulkRead(const BulkRead&) = delete;
  BulkRead& operator=(const BulkRead&) = delete;
  ~BulkRead() { ::operator delete(memory_); }

  // How much of what the memory held is kept at most, zeros not counted. More would be felt as a second copy of a
  // state.
  static constexpr std::size_t max_kept_bytes = std::size_t{6} << 20;

  void reserve(std::size_t count) { items_.reserve(count); }
  // `entry` is one of the reader's entries() that is not partitioned and that require_bytes() has accepted; `out` must
  // live until the bytes are read. Throws Error with ErrorCode::invalid_argument for an `out` of another size.
  void add(const bundle::Entry& entry, std::span<std::byte> out) {
    if (out.size() != entry.size || size_of(entry.dtype) == 0)
      reader_.require_size(key_of(entry), entry, entry.shape, out.size());
    items_.push_back({&entry, out.data()});
    bytes_ += entry.size;
  }
  // Plans the reading, and takes the memory that it needs.
  void prepare() {
    // Restored into what it was saved from, a state is in this order already.
    core::detail::sort(items_, [](const Item& a, const Item& b) {
      return a.entry->shard != b.entry->shard ? a.entry->shard < b.entry->shard : a.entry->offset < b.entry->offset;
    });
    for (std::size_t i = 0; i < items_.size();) i = is_large(*items_[i].entry) ? add_pieces(i) : add_run(i);
    max_kept_ = static_cast<std::size_t>(std::min<std::uint64_t>(bytes_, max_kept_bytes));
    threads_ = io::threads_for(bytes_, threads_);
    // Memory whose bytes have no value yet: a page is taken when it is first written to.
    memory_ = static_cast<std::byte*>(::operator new(max_kept_ + threads_ * io::piece_bytes + page_bytes));
  }

  // Fills the memory, and checks. True when all is there. False when all is right, but some of it was only looked at,
  // because what its memory held could not be kept: read_rest() then. Throws Error (data_loss) when anything is
  // damaged; then the memory is what it was. Takes no memory but for what the system needs to start threads, and does
  // without those if it must.
  [[nodiscard]] bool read() {
    try {
      run(Step::fill_and_keep);
    } catch (...) {
      undo();
      throw;
    }
    for (const Task& task : tasks_)
      if (task.kept == nothing) return false;
    return true;
  }
  // After read(): the memory is what it was before.
  void undo() noexcept {
    // Backwards: what was read last into places that overlap is undone first.
    for (std::size_t task = tasks_.size(); task-- > 0;) give_back(tasks_[task]);
  }
  // Fills what read() has not filled, or everything without it. What it throws leaves the memory half filled.
  void read_rest() { run(Step::fill_rest); }
  // Only checks.
  void verify() { run(Step::check); }

 private:
  struct Item {
    const bundle::Entry* entry;
    std::byte* out;
  };
  struct Task {
    std::size_t first, last;  // of items_: small ones, or a large one of which this is a piece
    std::uint64_t begin;      // behind the first one's first byte
    std::size_t size;
    std::size_t kept;   // where in the memory the bytes are that were there before
    std::uint32_t crc;  // of a piece
  };
  enum class Step { fill_and_keep, fill_rest, check };

  static constexpr std::size_t page_bytes = 4096;
  static constexpr std::size_t nothing = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t zeros = nothing - 1;

  [[nodiscard]] static bool is_large(const bundle::Entry& entry) noexcept { return entry.size >= io::piece_bytes / 4; }
  [[nodiscard]] static std::uint64_t end_of(const bundle::Entry& entry) noexcept { return entry.offset + entry.size; }
  [[nodiscard]] bool is_piece(const Task& task) const noexcept { return is_large(*items_[task.first].entry); }
  // The key of one of the reader's entries, which are in one list.
  [[nodiscard]] std::string_view key_of(const bundle::Entry& entry) const {
    const bundle::EntryList& entries = reader_.entries();
    const auto bytes = reinterpret_cast<const std::byte*>(&entry) - reinterpret_cast<const std::byte*>(entries.data());
    return entries[static_cast<std::size_t>(bytes) / sizeof entries[0]].first;
  }

  std::size_t add_pieces(std::size_t item) {
    const std::uint64_t size = items_[item].entry->size;
    for (std::uint64_t begin = 0; begin < size; begin += io::piece_bytes)
      tasks_.push_back({item, item + 1, begin,
                        static_cast<std::size_t>(std::min<std::uint64_t>(size - begin, io::piece_bytes)), nothing, 0});
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
      const std::uint64_t extended = std::max(end, end_of(entry));
      if (entry.offset > end + near_bytes || extended - begin.offset > io::piece_bytes) break;
      end = extended;
    }
    tasks_.push_back({first, last, 0, static_cast<std::size_t>(end - begin.offset), nothing, 0});
    return last;
  }

  void run(Step step) {
    // Half a page away from where pages of the file and large blocks of memory begin: copies between places that lie
    // alike within their pages are slow (io/detail/slow_copy.hpp).
    std::byte* buffers = memory_ + max_kept_;
    buffers += (page_bytes + page_bytes / 2 - reinterpret_cast<std::uintptr_t>(buffers) % page_bytes) % page_bytes;
    io::for_each_task(tasks_.size(), threads_, [&](std::size_t task, std::size_t thread) {
      perform(tasks_[task], std::span(buffers + thread * io::piece_bytes, io::piece_bytes), step);
    });
    for (std::size_t i = 0; i < tasks_.size();) {
      const Task& first = tasks_[i++];
      if (!is_piece(first)) continue;
      std::uint32_t crc = first.crc;
      for (; i < tasks_.size() && tasks_[i].first == first.first; ++i)
        crc = format::combine_crc32c(crc, tasks_[i].crc, tasks_[i].size);
      require_checksum(*items_[first.first].entry, crc);
    }
  }

  void perform(Task& task, std::span<std::byte> buffer, Step step) {
    if (step == Step::fill_rest && task.kept != nothing) return;  // filled already
    const bundle::Entry& first = *items_[task.first].entry;
    const std::span<std::byte> bytes = buffer.first(task.size);
    reader_.shards_.bytes(key_of(first), first, task.begin, task.size).read(bytes);
    if (!is_piece(task))
      for (std::size_t i = task.first; i < task.last; ++i)
        require_checksum(*items_[i].entry, format::crc32c(stored(task, i, bytes)));
    bool is_filled = step == Step::fill_rest;
    if (step == Step::fill_and_keep) {
      if (put_over_zeros(task, bytes)) {
        task.kept = zeros;
        return;
      }
      is_filled = keep(task);
    }
    if (is_piece(task)) {
      task.crc = is_filled ? format::detail::copy_crc32c(0, bytes, place(task, task.first)) : format::crc32c(bytes);
      if (is_filled) swap(task, task.first);
    } else if (is_filled) {
      for (std::size_t i = task.first; i < task.last; ++i) put(task, i, bytes);
    }
  }

  // The memory, and the bytes of the task, that belong to one of its items.
  [[nodiscard]] std::span<std::byte> place(const Task& task, std::size_t i) const {
    const Item& item = items_[i];
    if (is_piece(task)) return {item.out + task.begin, task.size};
    return {item.out, static_cast<std::size_t>(item.entry->size)};
  }
  [[nodiscard]] std::span<const std::byte> stored(const Task& task, std::size_t i,
                                                  std::span<const std::byte> bytes) const {
    if (is_piece(task)) return bytes;
    return bytes.subspan(static_cast<std::size_t>(items_[i].entry->offset - items_[task.first].entry->offset),
                         static_cast<std::size_t>(items_[i].entry->size));
  }
  void put(const Task& task, std::size_t i, std::span<const std::byte> bytes) const {
    copy_bytes(stored(task, i, bytes), items_[i].out);
    swap(task, i);
  }
  void swap(const Task& task, std::size_t i) const {
    swap_numbers(place(task, i), swap_unit_of(items_[i].entry->dtype), reader_.big_endian());
  }
  void require_checksum(const bundle::Entry& entry, std::uint32_t crc) const {
    if (format::mask_crc(crc) == entry.crc32c) return;
    reader_.shards_.bytes(key_of(entry), entry, entry.size, 0).require_checksum(entry.crc32c, format::mask_crc(crc));
  }

  // Puts the bytes, which of small tensors are checked, where there are only zeros. It sees that on its way: memory that
  // was looked at just before is in the cache when it is written. False when there is anything else; then the places
  // are what they were.
  [[nodiscard]] bool put_over_zeros(Task& task, std::span<const std::byte> bytes) const {
    if (is_piece(task)) {
      constexpr std::size_t step = std::size_t{12} << 10;  // both places stay in the first cache
      const std::span<std::byte> to = place(task, task.first);
      std::uint32_t crc = 0;
      for (std::size_t begin = 0; begin < bytes.size(); begin += step) {
        const auto piece = bytes.subspan(begin, std::min(step, bytes.size() - begin));
        if (!is_zero(to.subspan(begin, piece.size()))) return fill_zero(to.first(begin)), false;
        crc = format::extend_crc32c(crc, piece);
        copy_bytes(piece, to.data() + begin);
      }
      task.crc = crc;
      swap(task, task.first);
      return true;
    }
    for (std::size_t i = task.first; i < task.last; ++i) {
      if (!is_zero(place(task, i))) {
        while (i-- > task.first) fill_zero(place(task, i));
        return false;
      }
      put(task, i, bytes);
    }
    return true;
  }
  // Keeps what the places of a task hold. False, and nothing is kept, when there is no room.
  [[nodiscard]] bool keep(Task& task) noexcept {
    std::size_t size = 0;
    for (std::size_t i = task.first; i < task.last; ++i) size += place(task, i).size();
    std::size_t begin = kept_bytes_.load();
    do {
      if (size > max_kept_ - begin) return false;
    } while (!kept_bytes_.compare_exchange_weak(begin, begin + size));
    task.kept = begin;
    for (std::size_t i = task.first; i < task.last; begin += place(task, i++).size())
      copy_bytes(place(task, i), memory_ + begin);
    return true;
  }
  void give_back(Task& task) noexcept {
    if (task.kept == nothing) return;
    std::size_t begin = task.kept;
    for (std::size_t i = task.first; i < task.last; ++i) {
      const std::span<std::byte> to = place(task, i);
      if (task.kept == zeros)
        fill_zero(to);
      else
        copy_bytes({memory_ + begin, to.size()}, to.data()), begin += to.size();
    }
    task.kept = nothing;
  }

  const bundle::Reader& reader_;
  std::size_t threads_;
  core::detail::Vec<Item> items_;  // in the order of the files
  core::detail::Vec<Task> tasks_;
  std::uint64_t bytes_ = 0;  // of all
  std::size_t max_kept_ = 0;
  std::atomic<std::size_t> kept_bytes_{0};
  std::byte* memory_ = nullptr;  // what is kept, then a buffer for each thread
};

}  // namespace cairn::bundle::detail
