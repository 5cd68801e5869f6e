// Which entries hold a tensor's elements: the tensor's own, or one for each of its parts.
#pragma once

#include "../../core/detail/maps.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/error.hpp"
#include "../../format/detail/ordered_code.hpp"
#include "../index.hpp"
#include "numbers.hpp"
#include "shards.hpp"
#include "slice.hpp"
#include "slice_cover.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace cairn::bundle::detail {

[[nodiscard]] inline std::uint64_t element_count(const Shape& legal) {
  return static_cast<std::uint64_t>(legal.num_elements());
}

// Safe for any entries; both references must outlive it.
class TensorParts {
 public:
  TensorParts(const bundle::Index& index, const Shards& shards) : index_(index), shards_(shards) {}

  // One part of a partitioned tensor, checked against the whole. Throws Error (data_loss) when it is missing, outside,
  // or something else.
  [[nodiscard]] TensorPart part_of(std::string_view key, const bundle::Entry& whole,
                                   const format::TensorSlice& slice) const {
    auto box = box_of_slice(whole.shape, slice);
    if (!box)
      throw shards_.refusal(key, ErrorCode::data_loss,
                            "one of its parts does not lie inside its shape " + whole.shape.to_string());
    const bundle::Entry* const part = find_entry(index_.slices, format::detail::encode_slice_key(key, slice));
    if (part == nullptr)
      throw shards_.refusal(key, ErrorCode::data_loss, "its part of shape " + box->shape.to_string() + " is missing");
    shards_.require_legal(key, *part);
    if (!part->slices.empty() || part->dtype != whole.dtype || part->shape != box->shape)
      throw shards_.refusal(key, ErrorCode::data_loss,
                            "a part that should be " + to_string(whole.dtype) + " " + box->shape.to_string() + " is " +
                                to_string(part->dtype) + " " + part->shape.to_string());
    return {part, std::move(*box)};
  }

  // The parts of a legal tensor that have elements of `wanted`, which lies inside of it, in the order in which they
  // were saved. Every element of `wanted` is in exactly one of them, and every part's bytes are in its shard, each byte
  // in one part only: what is allocated for `wanted` is justified by the files. Throws Error (data_loss) otherwise.
  [[nodiscard]] core::detail::Vec<TensorPart> covering(std::string_view key, const bundle::Entry& entry,
                                                       const Box& wanted) const {
    core::detail::Vec<TensorPart> parts;
    if (entry.slices.empty()) {
      shards_.require_present(key, entry);
      parts.push_back({&entry, box_of(entry.shape)});
      return parts;
    }
    core::detail::HashMap<std::int32_t, std::uint64_t> unclaimed;  // bytes of each shard
    std::uint64_t missing = element_count(wanted.shape);
    for (const auto& slice : entry.slices) {
      const auto box = box_of_slice(entry.shape, slice);
      const std::uint64_t shared = box ? element_count(common_box(*box, wanted).shape) : 0;
      if (box && shared == 0) continue;
      parts.push_back(part_of(key, entry, slice));
      const bundle::Entry& part = *parts.back().entry;
      const std::uint64_t shard_size = shards_.require_present(key, part);
      (void)unclaimed.insert(part.shard, shard_size);
      std::uint64_t& left = *unclaimed.find(part.shard);
      if (shared > missing || part.size > left) throw overlap(key);
      missing -= shared;
      left -= part.size;
    }
    if (SliceOverlap::any(entry.shape, entry.slices)) throw overlap(key);
    if (missing != 0)
      throw shards_.refusal(key, ErrorCode::data_loss,
                            "its parts do not cover its shape " + entry.shape.to_string() + "; some were not saved");
    return parts;
  }

 private:
  [[nodiscard]] Error overlap(std::string_view key) const {
    return shards_.refusal(key, ErrorCode::data_loss, "its parts overlap");
  }

  const bundle::Index& index_;
  const Shards& shards_;
};

}  // namespace cairn::bundle::detail
