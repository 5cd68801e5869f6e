// ScatteredLanding: the way of a restored value to places that do not lie together. The values of landings that lie
// beside each other, as the columns of a list, are read block by block of their rows, by several threads.
//
//   x | y | z in the file  ->  xyz xyz xyz ... in memory        tasks: rows 0 to 10,751 of x, y and z | the next rows | ...
#pragma once

#include "../../core/detail/vec.hpp"
#include "../../tensor/detail/scattered_elements.hpp"
#include "object.hpp"
#include "restore_actions.hpp"
#include "tensor_source.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace CAIRN_NAMESPACE::graph::detail {

class ScatteredLanding : public Landing {
 public:
  void prepare() final {}  // it is not called for values that are read together
  std::size_t read_together(const TensorSource& source, const PlannedValue* values, std::size_t count, bool only_checks,
                            core::detail::Vec<std::byte>& buffer) const override {
    std::size_t beside = 1;
    const auto elements = [&](std::size_t i) { return values[i].landing->scattered(); };
    if (!source.is_whole(values[0].place)) {
      grow(buffer, elements(0)->size());
      const std::span<std::byte> bytes(buffer.data(), elements(0)->size());
      source.read(values[0].key, {}, bytes);
      if (!only_checks) elements(0)->scatter(0, bytes);
      return beside;
    }
    while (beside < count && !values[beside].conversion && values[beside].landing->in_place() == in_place() &&
           source.is_whole(values[beside].place) && elements(0)->is_beside(elements(beside)))
      ++beside;
    read_blocks(source, {values, beside}, only_checks, buffer);
    return beside;
  }

 private:
  // The buffer is the checksums of all blocks, and a block for each thread.
  static void read_blocks(const TensorSource& source, std::span<const PlannedValue> values, bool only_checks,
                          core::detail::Vec<std::byte>& buffer) {
    const auto elements = [&](std::size_t i) { return values[i].landing->scattered(); };
    std::size_t row_bytes = 0;
    for (std::size_t i = 0; i < values.size(); ++i) row_bytes += elements(i)->row_bytes();
    const std::size_t rows = elements(0)->size() / elements(0)->row_bytes();
    const std::size_t block = tensor::detail::rows_of_block(row_bytes);
    const std::size_t tasks = (rows + block - 1) / block;
    const std::size_t threads = source.threads_for(rows * row_bytes);
    const std::size_t block_bytes = std::min(rows, block) * row_bytes;
    const std::size_t checksum_bytes = tasks * values.size() * sizeof(std::uint32_t);
    grow(buffer, checksum_bytes + threads * block_bytes);
    auto* const crcs = reinterpret_cast<std::uint32_t*>(buffer.data());
    source.for_each_task(tasks, threads, [&](std::size_t task, std::size_t thread) {
      for (std::size_t i = 0; i < values.size(); ++i) {
        const std::size_t begin = task * block * elements(i)->row_bytes();
        const std::size_t size = std::min(block * elements(i)->row_bytes(), elements(i)->size() - begin);
        const std::span<std::byte> piece(buffer.data() + checksum_bytes + thread * block_bytes, size);
        crcs[i * tasks + task] = source.read_piece(values[i].key, values[i].place, begin, piece);
        if (!only_checks) elements(i)->scatter(begin, piece);
      }
    });
    for (std::size_t i = 0; i < values.size(); ++i)
      source.require_checksum(values[i].key, values[i].place, crcs + i * tasks, block * elements(i)->row_bytes());
  }
};

}  // namespace CAIRN_NAMESPACE::graph::detail
