// Tensors of numbers that are read to places that do not lie together (tensor/detail/scattered_elements.hpp): block by
// block, by several threads, the same rows of all that lie beside each other.
//
//   x | y | z in the file  ->  xyz xyz xyz ... in memory        tasks: rows 0 to 5461 of x, y and z | the next rows | ...
#pragma once

#include "../../core/detail/vec.hpp"
#include "../../format/crc32c.hpp"
#include "../../io/threads.hpp"
#include "../../tensor/detail/scattered_elements.hpp"
#include "../reader.hpp"
#include "numbers.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace cairn::bundle::detail {

class ScatteredRead {
 public:
  struct Item {
    std::string_view key;
    const bundle::Entry* entry;  // one of the reader's that is not partitioned and that require_bytes() has accepted
    tensor::detail::ScatteredElements* out;
  };

  // At most so many threads read. The reader must outlive this.
  ScatteredRead(const bundle::Reader& reader, std::size_t threads) : reader_(reader), threads_(threads) {}

  // Reads items that lie beside each other, or one; only checks them if `only_checks` is set. Throws Error with
  // ErrorCode::data_loss and others, when some places may be filled.
  void read(std::span<const Item> items, bool only_checks) const {
    std::size_t row_bytes = 0;
    for (const Item& item : items) row_bytes += item.out->row_bytes();
    const std::size_t rows = items[0].out->size() / items[0].out->row_bytes();
    const std::size_t block = tensor::detail::rows_of_block(row_bytes);
    const std::size_t tasks = (rows + block - 1) / block;
    const std::size_t threads = io::threads_for(rows * row_bytes, threads_);
    const std::size_t buffer_bytes = std::min(rows, block) * row_bytes;
    core::detail::Vec<std::byte> buffers(threads * buffer_bytes);
    core::detail::Vec<std::uint32_t> crcs(tasks * items.size());
    io::for_each_task(tasks, threads, [&](std::size_t task, std::size_t thread) {
      for (std::size_t i = 0; i < items.size(); ++i) {
        const std::size_t begin = task * block * items[i].out->row_bytes();
        const std::size_t size = std::min(block * items[i].out->row_bytes(), items[i].out->size() - begin);
        const std::span<std::byte> piece(buffers.data() + thread * buffer_bytes, size);
        stored(items[i], begin, size).read(piece);
        crcs[task * items.size() + i] = format::crc32c(piece);
        if (only_checks) continue;
        swap_numbers(piece, swap_unit_of(items[i].entry->dtype), reader_.big_endian());
        items[i].out->scatter(begin, piece);
      }
    });
    for (std::size_t i = 0; i < items.size(); ++i) {
      const std::size_t task_bytes = block * items[i].out->row_bytes(), size = items[i].out->size();
      std::uint32_t crc = 0;
      for (std::size_t task = 0; task < tasks; ++task)
        crc =
            format::combine_crc32c(crc, crcs[task * items.size() + i], std::min(task_bytes, size - task * task_bytes));
      stored(items[i], size, 0).require_checksum(items[i].entry->crc32c, format::mask_crc(crc));
    }
  }

 private:
  [[nodiscard]] StoredBytes stored(const Item& item, std::uint64_t begin, std::uint64_t size) const {
    return reader_.shards_.bytes(item.key, *item.entry, begin, size);
  }

  const bundle::Reader& reader_;
  std::size_t threads_;
};

}  // namespace cairn::bundle::detail
