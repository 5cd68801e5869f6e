// Many tensors of a bundle, or boxes of them, read together: in the order in which they lie in the shards, small
// neighbours with one call, large ones in pieces, by several threads; each piece is checked and copied into place while
// it is in the cache.
//
//   shard | a | b | c | d, of three pieces      |       tasks: a b c | d.1 | d.2 | d.3
//
// The threads take the tasks from front to back, so that together they read the file from front to back, too. Of a
// tensor that is partitioned, or of a box, the tasks are those of the entries that have some of its elements.
//
// The memory that is read into belongs to somebody, and a checksum is known to be wrong only when the bytes are there:
// what they replaced is kept until all is known to be right. That all of it was zero, which a state is that was just
// made, takes a word; everything else takes its size.
#pragma once

#include "../../core/detail/boxes.hpp"
#include "../../core/detail/sort.hpp"
#include "../../core/detail/vec.hpp"
#include "../../format/crc32c.hpp"
#include "../../format/detail/crc32c_copy.hpp"
#include "../../io/threads.hpp"
#include "../reader.hpp"
#include "partly_read.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <new>
#include <span>
#include <string_view>

namespace CAIRN_NAMESPACE::bundle::detail {

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
  BulkRead(const bundle::Reader& reader, std::size_t threads)
      : reader_(reader), threads_(threads), piece_(reader.shards_.best_piece()) {}
  BulkRead(const BulkRead&) = delete;
  BulkRead& operator=(const BulkRead&) = delete;
  CAIRN_COLD ~BulkRead() {
    ::operator delete(memory_);
    while (const Share* const last = shares_) {
      shares_ = last->before;
      delete last;
    }
  }

  // How much of what the memory held is kept at most, zeros not counted. More would be felt as a second copy of a
  // state.
  static constexpr std::size_t max_kept_bytes = std::size_t{6} << 20;

  void reserve(std::size_t count) { items_.reserve(count); }
  // All of a tensor. `entry` is one of the reader's entries() that require_bytes() has accepted; `out` must live until
  // the bytes are read. Throws Error with ErrorCode::invalid_argument for an `out` of another size.
  void add(const bundle::Entry& entry, std::span<std::byte> out) {
    reader_.require_size(key_of(entry), entry, entry.shape, out.size());
    if (entry.slices.empty() && out.size() < large_bytes()) {
      items_.push_back({&entry, out.data(), nullptr});
      bytes_ += out.size();
    } else {
      const Box whole = box_of(entry.shape);
      add(entry, {&whole, 1}, out.data());
    }
  }
  // Boxes of a tensor, which share no elements. They come to lie one behind the other, each row by row. Throws Error
  // with ErrorCode::data_loss when the parts of the tensor do not have each element of a box once, or a data file that
  // has some is missing or too short.
  CAIRN_COLD void add(const bundle::Entry& entry, core::detail::Boxes boxes, std::byte* out) {
    const std::size_t element = size_of(entry.dtype);
    ++calls_;
    for (const Box* box = boxes.first; box != boxes.first + boxes.count; ++box) {
      const std::uint64_t count = element_count(box->shape);
      if (count == 0) continue;
      for (const TensorPart& part : reader_.covering(key_of(entry), entry, *box)) {
        shares_ = new Share{shares_, key_of(entry), CommonRuns(part.box, *box), calls_};
        const std::size_t size = shares_->runs.elements() * element;
        shares_->size = size;
        shares_->is_alone = size != part.entry->size || size >= large_bytes() || shares_->runs.count() != 1;
        items_.push_back({part.entry, out, shares_});
        bytes_ += size;
      }
      out += count * element;
    }
  }
  // Plans the reading, and takes the memory that it needs.
  CAIRN_COLD void prepare() {
    // Restored into what it was saved from, a state is in this order already.
    core::detail::sort(items_, [](const Item& a, const Item& b) {
      return a.entry->shard != b.entry->shard ? a.entry->shard < b.entry->shard : a.entry->offset < b.entry->offset;
    });
    std::size_t small = 0;  // how many more bytes the last task may have
    for (std::size_t i = 0; i < items_.size(); ++i) {
      const Item& item = items_[i];
      const std::size_t size = size_of_item(item);
      if (is_alone(item)) {
        for (std::size_t begin = 0; begin < size; begin += piece_)
          tasks_.push_back({i, i + 1, begin, std::min(size - begin, piece_), nothing, 0, 0});
        small = 0;
        continue;
      }
      if (size >= small || items_[i - 1].entry->shard != item.entry->shard) {
        tasks_.push_back({i, i, 0, 0, nothing, 0, 0});
        small = piece_;
      }
      Task& task = tasks_.back();
      task.last = i + 1;
      task.size += size;
      small -= size;
    }
    max_kept_ = static_cast<std::size_t>(std::min<std::uint64_t>(bytes_, max_kept_bytes));
    threads_ = io::threads_for(bytes_ * (piece_ / io::piece_bytes), threads_);
    // Memory whose bytes have no value yet: a page is taken when it is first written to.
    memory_ = static_cast<std::byte*>(::operator new(max_kept_ + threads_ * piece_ + page_bytes));
  }

  // Fills the memory, and checks. True when all is there. False when all is right, but some of it was only looked at,
  // because what its memory held could not be kept: read_rest() then. Throws Error (data_loss) when anything is
  // damaged; then the memory is what it was. Takes no memory but for what the system needs to start threads, and does
  // without those if it must; and for entries that are read partly.
  [[nodiscard]] bool read() {
    try {
      run(false);
    } catch (...) {
      undo();
      throw;
    }
    return kept_bytes_ <= max_kept_;
  }
  // After read(): the memory is what it was before.
  void undo() noexcept {
    // Backwards: what was read last into places that overlap is undone first.
    for (std::size_t task = tasks_.size(); task-- > 0;) give_back(tasks_[task]);
  }
  // Fills what read() has not filled, or everything without it. What it throws leaves the memory half filled.
  void read_rest() { run(true); }

 private:
  struct Share;
  struct Item {
    const bundle::Entry* entry;
    std::byte* out;  // where the box begins that has its bytes
    Share* share;    // null for small tensors that are read as a whole
  };
  // What an entry and a box have in common.
  struct Share {
    Share* before;  // of all
    std::string_view key;
    CommonRuns runs;
    std::size_t call;  // of add()
    std::size_t size = 0;
    bool is_alone = false;  // in its tasks
    std::uint32_t crc = 0;  // of what is read of the entry, where that is not all
  };
  struct Task {
    std::size_t first, last;  // of items_: small ones, or one that is alone, of which this is a piece
    std::size_t begin, size;  // in the first one's bytes that are wanted
    std::size_t kept;         // where in the memory the bytes are that were there before
    std::size_t done;         // bytes that are filled
    std::uint32_t crc;        // of a piece: its share of the entry's checksum
  };
  enum class Way { over_zeros, over_anything, check };
  struct Window {
    std::uint64_t begin = 0, end = 0;  // in a shard
  };

  // Goes through the runs of a task: bytes that lie together in an entry and in memory.
  class Walk {
   public:
    Walk(const BulkRead& read, const Task& task) : read_(&read), task_(&task), item_(task.first) { begin_item(); }
    void next() {
      if (left_ -= size; left_ != 0)
        ++run_, go_to_run(0);
      else if (++item_ != task_->last)
        begin_item();
    }
    [[nodiscard]] bool is_done() const noexcept { return item_ == task_->last; }
    [[nodiscard]] const Item& item() const noexcept { return read_->items_[item_]; }
    [[nodiscard]] std::uint64_t in_file() const noexcept { return item().entry->offset + begin; }
    [[nodiscard]] std::span<std::byte> place() const noexcept { return {out, size}; }

    std::size_t begin = 0, size = 0;  // in the entry
    std::byte* out = nullptr;

   private:
    void begin_item() {
      left_ = std::min(size_of_item(this->item()) - task_->begin, task_->size);
      const Item& item = this->item();
      if (item.share == nullptr) {
        begin = 0, size = left_, out = item.out;
        return;
      }
      const std::size_t run_bytes = item.share->runs.length * size_of(item.entry->dtype);
      run_ = task_->begin / run_bytes;
      go_to_run(task_->begin % run_bytes);
    }
    void go_to_run(std::size_t skip) {
      const Item& item = this->item();
      const CommonRuns& runs = item.share->runs;
      const std::size_t element = size_of(item.entry->dtype);
      std::size_t in_part = 0, in_box = 0;
      runs.find(run_, in_part, in_box);
      begin = in_part * element + skip;
      out = item.out + in_box * element + skip;
      size = std::min(runs.length * element - skip, left_);
    }

    const BulkRead* read_;
    const Task* task_;
    std::size_t item_, run_ = 0;
    std::size_t left_ = 0;  // of the item's bytes
  };

  static constexpr std::size_t page_bytes = 4096;
  static constexpr std::size_t nothing = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t zeros = nothing - 1;

  // Of what is read alone.
  [[nodiscard]] std::size_t large_bytes() const noexcept { return piece_ / 4; }
  [[nodiscard]] static bool is_alone(const Item& item) noexcept {
    return item.share != nullptr && item.share->is_alone;
  }
  [[nodiscard]] static std::size_t size_of_item(const Item& item) noexcept {
    return item.share == nullptr ? static_cast<std::size_t>(item.entry->size) : item.share->size;
  }
  // The key of one of the reader's entries, which are in one list.
  [[nodiscard]] std::string_view key_of(const bundle::Entry& entry) const {
    const bundle::EntryList& entries = reader_.entries();
    const auto bytes = reinterpret_cast<const std::byte*>(&entry) - reinterpret_cast<const std::byte*>(entries.data());
    return entries[static_cast<std::size_t>(bytes) / sizeof entries[0]].first;
  }
  [[nodiscard]] std::string_view key_of(const Item& item) const {
    return item.share == nullptr ? key_of(*item.entry) : item.share->key;
  }

  void run(bool is_rest) {
    // Half a page away from where pages of the file and large blocks of memory begin: copies between places that lie
    // alike within their pages are slow (io/detail/slow_copy.hpp).
    std::byte* buffers = memory_ + max_kept_;
    buffers += (page_bytes + page_bytes / 2 - reinterpret_cast<std::uintptr_t>(buffers) % page_bytes) % page_bytes;
    io::for_each_task(tasks_.size(), threads_, [&](std::size_t number, std::size_t thread) {
      Task& task = tasks_[number];
      if (is_rest && task.kept != nothing) return;  // filled already
      std::byte* const buffer = buffers + thread * piece_;
      Window window;
      if (transfer(task, buffer, is_rest ? Way::over_anything : Way::over_zeros, window)) return;
      give_back(task);
      static_cast<void>(transfer(task, buffer, keep(task) ? Way::over_anything : Way::check, window));
    });
    for (const Task *task = tasks_.begin(), *const end = tasks_.end(); task != end;) {
      const Item& item = items_[task->first];
      if (!is_alone(item)) {
        ++task;
        continue;
      }
      PartlyRead sum{item.share->key, item.entry};
      for (; task != end; ++task) {
        const Item& other = items_[task->first];
        if (other.entry != item.entry || other.share == nullptr || other.share->call != item.share->call) break;
        sum.bytes += task->size;
        sum.crc ^= task->crc;
      }
      require_checksum(sum, *item.share);
    }
    is_checked_ = true;
  }
  CAIRN_COLD void require_checksum(const PartlyRead& sum, Share& share) const {
    if (sum.is_all()) return require_checksum(sum.key, *sum.entry, sum.crc);
    // What is read again must be what was checked; the part of the entry has another checksum than all of it.
    if (is_checked_ && sum.crc != share.crc) reader_.require_whole(sum.key, *sum.entry, format::mask_crc(sum.crc));
    if (is_checked_) return;
    share.crc = sum.crc;
    if (LaterChecks* const later = LaterChecks::present())
      later->take(*later, sum);
    else
      verify_bytes(reader_.shards_.bytes(sum.key, *sum.entry), *sum.entry, reader_.big_endian());
  }
  void require_checksum(std::string_view key, const bundle::Entry& entry, std::uint32_t crc) const {
    if (format::mask_crc(crc) != entry.crc32c) reader_.require_whole(key, entry, format::mask_crc(crc));
  }

  // False, with some of the bytes in place, when that is not zero where it should be. `window` is what the buffer has.
  [[nodiscard]] bool transfer(Task& task, std::byte* buffer, Way way, Window& window) const {
    if (way == Way::over_zeros) task.kept = zeros;
    const bool is_piece = is_alone(items_[task.first]);
    std::size_t at = 0, last_gap = 0;
    std::uint32_t power = 0;  // what a checksum is multiplied by when so many bytes follow
    task.crc = 0, task.done = 0;
    for (Walk ahead(*this, task), here = ahead; !ahead.is_done();) {
      const std::uint64_t begin = ahead.in_file();
      std::uint64_t end = begin + ahead.size;
      std::size_t runs = 1;                           // that are read together
      const std::uint64_t near_bytes = piece_ / 128;  // a gap as small is read along: a call costs more than the bytes
      for (ahead.next(); !ahead.is_done(); ahead.next(), ++runs) {
        const std::uint64_t next = ahead.in_file();
        if (next > end + near_bytes || next + ahead.size > begin + piece_) break;
        end = std::max(end, next + ahead.size);
      }
      if (window.begin != begin || window.end != end) {
        const auto size = static_cast<std::size_t>(end - begin);
        const Item& first = here.item();
        window = {};
        reader_.shards_.bytes(key_of(first), *first.entry, here.begin, size).read({buffer, size});
        window = {begin, end};
      }
      for (; runs != 0; --runs, here.next()) {
        if (!is_piece || task.done == 0) at = here.begin, task.crc = 0;
        if (const std::size_t gap = here.begin - at; gap != 0) {
          if (gap != last_gap) power = format::detail::crc32c_power_of_x(last_gap = gap, 8);
          task.crc = format::detail::crc32c_multiply(task.crc, power);
        }
        if (!put(buffer + (here.in_file() - begin), here, way, task.crc)) return false;
        at = here.begin + here.size;
        task.done += here.size;
        if (const Item& item = here.item(); !is_piece) require_checksum(key_of(item), *item.entry, task.crc);
      }
    }
    if (is_piece) task.crc = format::combine_crc32c(task.crc, 0, items_[task.first].entry->size - at);
    return true;
  }
  // Extends the checksum, and puts the bytes into the present place. Where there should be only zeros it sees that on its
  // way: memory that was looked at just before is in the cache when it is written. False when there is anything else;
  // then the place is what it was.
  [[nodiscard]] bool put(const std::byte* bytes, const Walk& here, Way way, std::uint32_t& crc) const {
    constexpr std::size_t step = std::size_t{12} << 10;  // both places stay in the first cache
    if (way == Way::over_zeros) {
      for (std::size_t begin = 0; begin < here.size; begin += step) {
        const std::size_t size = std::min(step, here.size - begin);
        if (!is_zero({here.out + begin, size})) return fill_zero({here.out, begin}), false;
        crc = format::extend_crc32c(crc, {bytes + begin, size});
        copy_bytes({bytes + begin, size}, here.out + begin);
      }
    } else if (way == Way::check || here.size < step) {
      crc = format::extend_crc32c(crc, {bytes, here.size});
      if (way != Way::check) copy_bytes({bytes, here.size}, here.out);
    } else {
      crc = format::detail::copy_crc32c(crc, {bytes, here.size}, here.place());
    }
    if (way != Way::check) swap_numbers(here.place(), swap_unit_of(here.item().entry->dtype), reader_.big_endian());
    return true;
  }
  // Keeps what the places of a task hold. False, and nothing is kept, when there is no room.
  [[nodiscard]] bool keep(Task& task) noexcept {
    std::size_t begin = kept_bytes_.fetch_add(task.size);
    if (begin + task.size > max_kept_) return false;
    task.kept = begin;
    for (Walk here(*this, task); !here.is_done(); begin += here.size, here.next())
      copy_bytes(here.place(), memory_ + begin);
    return true;
  }
  CAIRN_COLD void give_back(Task& task) noexcept {
    const std::size_t kept = task.kept;
    task.kept = nothing;
    if (kept == nothing) return;
    std::size_t done = 0;
    for (Walk here(*this, task); !here.is_done(); done += here.size, here.next())
      if (kept != zeros)
        copy_bytes({memory_ + kept + done, here.size}, here.out);
      else if (done < task.done)
        fill_zero(here.place());
  }

  const bundle::Reader& reader_;
  std::size_t threads_;
  std::size_t piece_;              // bytes that are read with one call
  core::detail::Vec<Item> items_;  // in the order of the files
  Share* shares_ = nullptr;        // the last one
  core::detail::Vec<Task> tasks_;
  std::size_t calls_ = 0;    // of add() for boxes
  std::uint64_t bytes_ = 0;  // of all
  std::size_t max_kept_ = 0;
  std::atomic<std::size_t> kept_bytes_{0};  // more where there was no room for a task
  std::byte* memory_ = nullptr;             // what is kept, then a buffer for each thread
  bool is_checked_ = false;                 // all of it, by the first run
};

}  // namespace CAIRN_NAMESPACE::bundle::detail
