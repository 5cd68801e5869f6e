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

namespace cairn::graph::detail {

class ScatteredLanding : public Landing {
 public:
  std::size_t read_together(const TensorSource& source, const PlannedValue* values, std::size_t count,
                            bool only_checks) const override {
    std::size_t beside = 1;
    const auto elements = [&](std::size_t i) { return values[i].landing->scattered(); };
    const bool is_whole = source.is_whole(values[0].place);
    while (is_whole && beside < count && !values[beside].conversion &&
           values[beside].landing->in_place() == in_place() && source.is_whole(values[beside].place) &&
           elements(0)->is_beside(elements(beside)))
      ++beside;
    if (is_whole)
      read_blocks(source, values, beside, only_checks);
    else if (only_checks)
      source.verify(values[0].key);
    else
      read_partitioned(source, values[0]);
    return beside;
  }

 private:
  static void read_partitioned(const TensorSource& source, const PlannedValue& value) {
    core::detail::Vec<std::byte> bytes(value.landing->scattered()->size());
    source.read(value.key, {bytes.data(), bytes.size()});
    value.landing->scattered()->scatter(0, {bytes.data(), bytes.size()});
  }

  static void read_blocks(const TensorSource& source, const PlannedValue* values, std::size_t count, bool only_checks) {
    const auto elements = [&](std::size_t i) { return values[i].landing->scattered(); };
    std::size_t row_bytes = 0;
    for (std::size_t i = 0; i < count; ++i) row_bytes += elements(i)->row_bytes();
    const std::size_t rows = elements(0)->size() / elements(0)->row_bytes();
    const std::size_t block = tensor::detail::rows_of_block(row_bytes);
    const std::size_t tasks = (rows + block - 1) / block;
    core::detail::Vec<std::uint32_t> crcs(tasks * count);
    source.for_each_task(tasks, rows * row_bytes, [&](std::size_t task, std::size_t) {
      core::detail::Vec<std::byte> buffer(std::min(rows, block) * row_bytes);
      for (std::size_t i = 0; i < count; ++i) {
        const std::size_t begin = task * block * elements(i)->row_bytes();
        const std::size_t size = std::min(block * elements(i)->row_bytes(), elements(i)->size() - begin);
        const std::span<std::byte> piece(buffer.data(), size);
        crcs[i * tasks + task] = source.read_piece(values[i].key, values[i].place, begin, piece);
        if (!only_checks) elements(i)->scatter(begin, piece);
      }
    });
    for (std::size_t i = 0; i < count; ++i)
      source.require_checksum(values[i].key, values[i].place, crcs.data() + i * tasks,
                              block * elements(i)->row_bytes());
  }
};

}  // namespace cairn::graph::detail
