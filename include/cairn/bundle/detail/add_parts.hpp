// The parts of a partitioned tensor into a BundleWriter: as a user gives them, or cut where WriterOptions::shard_size
// says. The entry of the whole is planned before its first part, and lists the parts in the order of the calls.
#pragma once

#include "../../core/detail/fail.hpp"
#include "../../core/detail/own.hpp"
#include "../../format/crc32c.hpp"
#include "../../format/detail/ordered_code.hpp"
#include "../../tensor/tensor_view.hpp"
#include "bundle_writer.hpp"
#include "slice.hpp"
#include "slice_cover.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::bundle::detail {

// The numbers of `box` among those of `root`, which are given.
class PieceSource final : public PlannedSource {
 public:
  PieceSource(const TensorView& tensor, const Box& root, const Box& box)
      : numbers_(PlannedBytes::of(tensor)), root_(root), box_(box) {}

  [[nodiscard]] std::uint32_t write(const bundle::Entry& entry, PieceWriter& out) const override {
    const std::size_t element = size_of(entry.dtype);
    std::uint32_t crc = 0;
    for (CommonRuns runs(root_, box_); runs.next();)
      crc = write_numbers(numbers_, runs.in_a * element, runs.length * element, crc, out);
    return format::mask_crc(crc);
  }

 private:
  PlannedBytes numbers_;
  Box root_, box_;
};

// Checks that the key is new, or that of a partitioned tensor of this dtype and shape.
inline void require_part_of(BundleWriter& writer, std::string_view key, const Shape& full_shape, DType dtype) {
  const bundle::Entry* const whole = writer.find(key);
  if (whole == nullptr || whole->slices.empty()) return writer.require_new(key);
  if (whole->dtype != dtype || whole->shape != full_shape)
    core::detail::fail(
        ErrorCode::invalid_argument,
        {"the parts of \"", key, "\" do not belong together: one is of a tensor of ", to_string(whole->dtype), " ",
         whole->shape.to_string(), ", another of ", to_string(dtype), " ", full_shape.to_string()},
        {.key = key});
}

// Checks that no part with elements of this one was planned for the key.
inline void require_apart(BundleWriter& writer, std::string_view key, const format::TensorSlice& slice) {
  const bundle::Entry* const whole = writer.find(key);
  if (whole == nullptr) return;
  if (writer.find(format::detail::encode_slice_key(key, slice)) != nullptr) writer.fail_twice(key);
  const format::TensorSlice* const other = SliceOverlap::first(whole->shape, whole->slices, slice);
  if (other == nullptr) return;
  core::detail::fail(
      ErrorCode::invalid_argument,
      {"the part ", text_of_slice(slice), " of \"", key, "\" shares elements with the part ", text_of_slice(*other),
       ", which was added before; parts of one tensor must not overlap (start,length of each dimension)"},
      {.key = key});
}

// Plans one part. `copied` is the entry of the whole in another bundle, where its list of parts is taken over.
inline void plan_part(BundleWriter& writer, std::string_view key, const Shape& full_shape,
                      const format::TensorSlice& slice, bundle::Entry entry, ShardId shard, PlannedBytes bytes,
                      const bundle::Entry* copied = nullptr) {
  const std::string slice_key = format::detail::encode_slice_key(key, slice);
  if (writer.find(slice_key) != nullptr) writer.fail_twice(key);
  if (bundle::Entry* const known = writer.find(key); known == nullptr) {
    bundle::Entry whole = copied != nullptr ? *copied : bundle::Entry{};
    whole.dtype = entry.dtype;
    whole.shape = full_shape;
    whole.size = 0;
    if (copied == nullptr) whole.slices.push_back(slice);
    writer.plan(writer.keep(key), std::move(whole), shard, {});
  } else {
    // TensorFlow writes the shard of the first part into the entry of the whole, where it means nothing.
    if (ShardPlanner::is_before(shard, known->shard)) known->shard = shard;
    if (copied == nullptr) known->slices.push_back(slice);
  }
  writer.plan(writer.keep(slice_key), std::move(entry), shard, std::move(bytes));
}

// Plans the numbers of `tensor`, which are the box `root` of a tensor, in the shards that the planner chooses. `slice`
// is the spelling of `root`; it is used where that is not cut.
inline void plan_cut(BundleWriter& writer, std::string_view key, const Shape& full_shape, const Box& root,
                     const format::TensorSlice& slice, const TensorView& tensor) {
  const std::size_t element = size_of(tensor.dtype());
  const std::string_view kept = writer.keep(key);
  writer.planner().place(root, element, [&](ShardId shard, const Box& box) {
    bundle::Entry entry;
    entry.dtype = tensor.dtype();
    entry.shape = box.shape;
    entry.size = static_cast<std::uint64_t>(box.shape.num_elements()) * element;
    PlannedBytes bytes = PlannedBytes::of(tensor);
    if (box != root)
      bytes = {nullptr, 0, core::detail::Own<const PlannedSource>(new PieceSource(tensor, root, box)),
               PlannedBytes::Kind::source};
    if (box.shape == full_shape) return writer.plan(kept, std::move(entry), shard, std::move(bytes));
    plan_part(writer, key, full_shape, box == root ? slice : slice_of_box(box), std::move(entry), shard,
              std::move(bytes));
  });
}

// Plans one box of `tensor`, as add_slice() does where that has the numbers of the box alone.
inline void plan_box_of(BundleWriter& writer, std::string_view key, const TensorView& tensor, const Box& box,
                        const format::TensorSlice& slice) {
  bundle::Entry entry;
  entry.dtype = tensor.dtype();
  entry.shape = box.shape;
  entry.size = static_cast<std::uint64_t>(box.shape.num_elements()) * size_of(tensor.dtype());
  const ShardId shard = writer.planner().place(entry.size);
  plan_part(writer, key, tensor.shape(), slice, std::move(entry), shard,
            {nullptr, 0, core::detail::Own<const PlannedSource>(new PieceSource(tensor, box_of(tensor.shape()), box)),
             PlannedBytes::Kind::source});
}

inline void CutTensor::plan(BundleWriter& writer, std::string_view key, const PartOfTensor* part,
                            const TensorView& tensor) {
  if (part != nullptr) return plan_cut(writer, key, part->full_shape, part->box, part->slice, tensor);
  plan_cut(writer, key, tensor.shape(), box_of(tensor.shape()), {}, tensor);
}

// Bundle's Writer::add_slice says what this promises.
inline void add_slice(BundleWriter& writer, std::string_view key, const Shape& full_shape,
                      const format::TensorSlice& slice, const TensorView& tensor) {
  const auto box = box_of_slice(full_shape, slice);
  if (!box || box->shape != tensor.shape())
    core::detail::fail(ErrorCode::invalid_argument,
                       {"a part of \"", key, "\" has the shape ", tensor.shape().to_string(),
                        ", which is not what its slice says, or not inside ", full_shape.to_string()},
                       {.key = key});
  if (box->shape == full_shape) return writer.add(key, tensor);
  require_part_of(writer, key, full_shape, tensor.dtype());
  require_apart(writer, key, slice);
  if (writer.is_cut(tensor)) {
    const PartOfTensor part{full_shape, *box, slice};
    return writer.cut(key, &part, tensor);
  }
  bundle::Entry entry = entry_of(tensor);
  std::uint64_t counted = tensor::detail::bytes_of(tensor);  // TensorFlow counts of strings their bytes alone
  for (const std::string& element : tensor.strings()) counted += element.size();
  const ShardId shard = writer.planner().place(counted);
  plan_part(writer, key, full_shape, slice, std::move(entry), shard, PlannedBytes::of(tensor));
}

}  // namespace CAIRN_NAMESPACE::bundle::detail
