// BoxRead: reads boxes of a tensor of numbers, and of the file nothing else.
//
// A checksum covers all bytes of an entry, the tensor's or a part's, and a rank that restores some of them cannot check
// it alone. But checksums add up: each piece of an entry gives a number, from its bytes and from how many bytes follow,
// and the checksum of the whole entry is the sum (xor) of the numbers of all its pieces, whoever has read them.
//
//   entry   | rows 0 to 4 | rows 5 to 9 |          crc(entry) = sum of rank 0 ^ sum of rank 1
//             rank 0        rank 1
#pragma once

#include "../../core/box.hpp"
#include "../../core/detail/vec.hpp"
#include "../../format/crc32c.hpp"
#include "../../format/detail/crc32c_copy.hpp"
#include "../../io/threads.hpp"
#include "../reader.hpp"
#include "bulk_read.hpp"
#include "numbers.hpp"
#include "parts.hpp"
#include "slice.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <utility>

namespace cairn::bundle::detail {

// What was read of one entry.
struct PartlyRead {
  std::string_view key;        // of the tensor
  const bundle::Entry* entry;  // of the reader's index; the shard and the offset are those of no other entry
  std::uint64_t bytes = 0;     // so many of the entry's
  std::uint32_t crc = 0;       // their sum: of all the entry's bytes, its checksum (not masked)

  // Joins what another rank, or another read, has of the same entry. No byte may have been read by both.
  void join(std::uint64_t other_bytes, std::uint32_t other_crc) noexcept {
    bytes += other_bytes;
    crc ^= other_crc;
  }
  [[nodiscard]] bool is_all() const noexcept { return bytes == entry->size; }
};

// Call add() for each box, then the others. They read through `buffer`, which is made larger where it is too small: each
// of a BoxRead's functions needs as much, so that the second one takes no memory.
class BoxRead {
 public:
  // `entry` is the one of the reader's entries() that `key` has. It must be legal (Reader::lookup), and outlive this, as
  // the key and the reader do. At most so many threads read.
  BoxRead(const bundle::Reader& reader, std::string_view key, const bundle::Entry& entry, std::size_t threads)
      : reader_(reader), key_(key), entry_(entry), element_(size_of(entry.dtype)), threads_(threads) {}

  // Plans to read a box of the tensor, whose elements go to `begin` bytes behind the memory that is filled, row by row.
  // Boxes must not share elements. Throws Error with ErrorCode::data_loss when the parts of the tensor do not have each
  // element of the box once, or a data file that has some is missing or too short.
  void add(const Box& box, std::size_t begin) {
    if (box.shape.num_elements() == 0) return;
    for (TensorPart& part :
         parts_covering({reader_.index_.slices, reader_.others_}, reader_.shards_, key_, entry_, box)) {
      const std::size_t read = read_of(*part.entry);
      CommonRuns runs(part.box, box);
      Task* task = nullptr;
      while (runs.next())
        for (std::size_t skip = 0; skip < runs.length;) {
          const std::size_t most = io::piece_bytes / element_;
          if (task == nullptr || task->elements == most) {
            tasks_.push_back({runs, read, begin, skip, 0, 0, 0});
            task = &tasks_.back();
          }
          const std::size_t taken = std::min(runs.length - skip, most - task->elements);
          task->elements += taken;
          skip += taken;
          bytes_ += taken * element_;
        }
    }
  }

  // Fills memory that is zero. False where it is not: then it is what it was. Throws Error with ErrorCode::data_loss and
  // the codes of a file system that fails; the memory is what it was then, too.
  [[nodiscard]] bool fill_zeros(std::byte* memory, core::detail::Vec<std::byte>& buffer) {
    std::atomic<bool> is_other = false;
    try {
      run(buffer, [&](Task& task, std::span<std::byte> piece) {
        if (!is_other && !perform(task, memory, piece, Step::fill_zeros)) is_other = true;
      });
      if (!is_other) return true;
    } catch (...) {
      give_back(memory);
      throw;
    }
    give_back(memory);
    return false;
  }
  // Only checks. Throws what the others throw.
  void check(core::detail::Vec<std::byte>& buffer) {
    run(buffer, [&](Task& task, std::span<std::byte> piece) { (void)perform(task, nullptr, piece, Step::check); });
  }
  // Fills memory whatever it holds. What it throws leaves anything there.
  void fill(std::byte* memory, core::detail::Vec<std::byte>& buffer) {
    run(buffer, [&](Task& task, std::span<std::byte> piece) { (void)perform(task, memory, piece, Step::fill); });
  }

  // After one of these: what was read of each entry that has some of the elements. The checksums of those that were read
  // as a whole are right.
  [[nodiscard]] const core::detail::Vec<PartlyRead>& read() const noexcept { return read_; }
  // Checks the entries that were read partly, whose bytes are all read once more for it. Throws Error with
  // ErrorCode::data_loss.
  void check_rest() const {
    for (const PartlyRead& each : read_)
      if (!each.is_all()) verify_bytes(reader_.shards_.bytes(key_, *each.entry), *each.entry, reader_.big_endian());
  }

 private:
  enum class Step { fill_zeros, check, fill };
  // The next elements of the runs that a part and a box share.
  struct Task {
    CommonRuns runs;       // at the first one
    std::size_t read;      // the place of the part's entry in read_
    std::size_t begin;     // of the box in the memory
    std::size_t skip;      // elements of the first run that are not this task's
    std::size_t elements;  // that are
    std::size_t done;      // of those that are read
    std::uint32_t crc;     // of them, as they follow each other without what is between them, but for its size
  };
  // Goes through the runs of a task.
  class Walk {
   public:
    Walk(const Task& task, std::size_t element)
        : runs_(task.runs), skip_(task.skip), left_(task.elements), element_(element) {}
    [[nodiscard]] bool is_done() const noexcept { return left_ == 0; }
    [[nodiscard]] std::size_t elements() const noexcept { return std::min(runs_.length - skip_, left_); }
    [[nodiscard]] std::size_t size() const noexcept { return elements() * element_; }
    [[nodiscard]] std::size_t in_file() const noexcept { return (runs_.in_a + skip_) * element_; }  // from the part's
    [[nodiscard]] std::size_t in_box() const noexcept { return (runs_.in_b + skip_) * element_; }   // or box's first
    void next() {
      left_ -= elements();
      skip_ = 0;
      if (left_ != 0) static_cast<void>(runs_.next());
    }

   private:
    CommonRuns runs_;
    std::size_t skip_, left_, element_;
  };

  [[nodiscard]] std::size_t read_of(const bundle::Entry& entry) {
    for (std::size_t i = read_.size(); i-- > 0;)
      if (read_[i].entry == &entry) return i;
    read_.push_back({key_, &entry});
    return read_.size() - 1;
  }

  void run(core::detail::Vec<std::byte>& buffer, core::detail::FunctionRef<void(Task&, std::span<std::byte>)> work) {
    const std::size_t threads = io::threads_for(bytes_, threads_);
    const auto piece_bytes = static_cast<std::size_t>(std::min<std::uint64_t>(bytes_, io::piece_bytes) + near_bytes);
    if (buffer.size() < threads * piece_bytes) buffer.resize(threads * piece_bytes);
    io::for_each_task(tasks_.size(), threads, [&](std::size_t i, std::size_t thread) {
      work(tasks_[i], std::span(buffer).subspan(thread * piece_bytes, piece_bytes));
    });
    for (PartlyRead& each : read_) each.bytes = each.crc = 0;
    for (const Task& task : tasks_) {
      if (task.done != task.elements) return;  // the memory is not what was hoped for
      read_[task.read].join(task.elements * element_, task.crc);
    }
    for (const PartlyRead& each : read_)
      if (each.is_all()) reader_.require_whole(key_, *each.entry, format::mask_crc(each.crc));
  }

  // False, with some of the elements in the memory, when that is not zero where it should be.
  [[nodiscard]] bool perform(Task& task, std::byte* memory, std::span<std::byte> buffer, Step step) {
    const bundle::Entry& entry = *read_[task.read].entry;
    task.done = 0;
    task.crc = 0;
    std::size_t at = Walk(task, element_).in_file(), last_gap = 0;
    std::uint32_t power = 0;  // what a checksum is multiplied by when so many bytes follow
    for (Walk ahead(task, element_), here(task, element_); !ahead.is_done();) {
      const std::size_t begin = ahead.in_file();
      std::size_t end = begin;
      while (!ahead.is_done() && ahead.in_file() - end <= near_bytes &&
             ahead.in_file() + ahead.size() - begin <= buffer.size()) {
        end = ahead.in_file() + ahead.size();
        ahead.next();
      }
      const std::span<std::byte> bytes = buffer.first(end - begin);
      reader_.shards_.bytes(key_, entry, begin, bytes.size()).read(bytes);
      for (; !here.is_done() && here.in_file() < end; here.next()) {
        if (const std::size_t gap = here.in_file() - at; gap != 0) {
          if (gap != last_gap) power = format::detail::crc32c_power_of_x(last_gap = gap, 8);
          task.crc = format::detail::crc32c_multiply(task.crc, power);
        }
        at = here.in_file() + here.size();
        const std::span<std::byte> found = bytes.subspan(here.in_file() - begin, here.size());
        if (step == Step::check)
          task.crc = format::extend_crc32c(task.crc, found);
        else if (!put(found, {memory + task.begin + here.in_box(), here.size()}, step == Step::fill_zeros, task))
          return false;
        task.done += here.elements();
      }
    }
    task.crc = format::combine_crc32c(task.crc, 0, entry.size - at);
    return true;
  }

  [[nodiscard]] bool put(std::span<std::byte> bytes, std::span<std::byte> place, bool over_zeros, Task& task) const {
    constexpr std::size_t step = std::size_t{12} << 10;  // both places stay in the first cache
    if (over_zeros) {
      for (std::size_t begin = 0; begin < bytes.size(); begin += step) {
        const auto piece = bytes.subspan(begin, std::min(step, bytes.size() - begin));
        if (!is_zero(place.subspan(begin, piece.size()))) return fill_zero(place.first(begin)), false;
        task.crc = format::extend_crc32c(task.crc, piece);
        copy_bytes(piece, place.data() + begin);
      }
    } else if (bytes.size() < step) {
      task.crc = format::extend_crc32c(task.crc, bytes);
      copy_bytes(bytes, place.data());
    } else {
      task.crc = format::detail::copy_crc32c(task.crc, bytes, place);
    }
    swap_numbers(place, swap_unit_of(entry_.dtype), reader_.big_endian());
    return true;
  }
  void give_back(std::byte* memory) const noexcept {
    for (const Task& task : tasks_) {
      std::size_t left = task.done;
      for (Walk here(task, element_); left != 0; here.next()) {
        fill_zero({memory + task.begin + here.in_box(), here.size()});
        left -= here.elements();
      }
    }
  }

  // Runs this close are read in one go, gap and all: a call costs more than the bytes.
  static constexpr std::size_t near_bytes = 4096;

  const bundle::Reader& reader_;
  std::string_view key_;
  const bundle::Entry& entry_;
  std::size_t element_, threads_;
  core::detail::Vec<Task> tasks_;
  core::detail::Vec<PartlyRead> read_;
  std::uint64_t bytes_ = 0;
};

}  // namespace cairn::bundle::detail
