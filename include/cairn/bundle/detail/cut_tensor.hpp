// What WriterOptions::shard_size carries: a tensor is cut where ShardPlanner says.
#pragma once

#include "../../core/detail/function_ref.hpp"
#include "../../core/detail/own.hpp"
#include "../../core/dtype.hpp"
#include "../../format/crc32c.hpp"
#include "../../tensor/tensor_view.hpp"
#include "../entry.hpp"
#include "piece_writer.hpp"
#include "planned_bytes.hpp"
#include "planned_entry.hpp"
#include "sharding.hpp"
#include "slice.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace cairn::bundle::detail {

// The numbers of `box` among those of `root`, whose bytes are given.
class PieceSource final : public PlannedSource {
 public:
  PieceSource(std::span<const std::byte> bytes, const Box& root, const Box& box)
      : bytes_(bytes), root_(root), box_(box) {}

  [[nodiscard]] std::uint32_t write(const bundle::Entry& entry, PieceWriter& out) const override {
    const std::size_t element = size_of(entry.dtype);
    std::uint32_t crc = 0;
    for (CommonRuns runs(root_, box_); runs.next();)
      crc = write_numbers(bytes_.subspan(runs.in_a * element, runs.length * element), crc, out);
    return format::mask_crc(crc);
  }

 private:
  std::span<const std::byte> bytes_;
  Box root_, box_;
};

// Calls use(shard, box, entry, source) for each piece of `root`, a tensor or a part of one, whose numbers `tensor` has;
// once with `root` itself where it is not cut.
inline void cut_tensor(ShardPlanner& planner, const Box& root, const TensorView& tensor,
                       core::detail::FunctionRef<void(ShardId, const Box&, bundle::Entry&&, PlannedBytes&&)> use) {
  const std::size_t element = size_of(tensor.dtype());
  planner.place(root, element, [&](ShardId shard, const Box& box) {
    bundle::Entry entry;
    entry.dtype = tensor.dtype();
    entry.shape = box.shape;
    entry.size = static_cast<std::uint64_t>(box.shape.num_elements()) * element;
    if (box == root) return use(shard, box, std::move(entry), source_of(tensor));
    core::detail::Own<const PlannedSource> piece(new PieceSource(tensor.bytes(), root, box));
    use(shard, box, std::move(entry), PlannedBytes::of_source(std::move(piece)));
  });
}

}  // namespace cairn::bundle::detail
