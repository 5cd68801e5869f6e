// Which entries hold a tensor's elements: the tensor's own, or one for each of its parts.
#pragma once

#include "../../core/detail/vec.hpp"
#include "../../format/detail/ordered_code.hpp"
#include "../index.hpp"
#include "entry_source.hpp"
#include "numbers.hpp"
#include "shards.hpp"
#include "slice.hpp"
#include "slice_cover.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::bundle::detail {

[[nodiscard]] inline std::uint64_t element_count(const Shape& legal) {
  return static_cast<std::uint64_t>(legal.num_elements());
}

// The parts of partitioned tensors by their own keys.
struct KnownParts {
  const bundle::EntryList& decoded;
  EntrySource* others;  // null where all are decoded
};

// One part of a partitioned tensor, checked against the whole. Throws Error (data_loss) when it is missing, outside, or
// something else.
[[nodiscard]] inline TensorPart part_of(const KnownParts& known, const Shards& shards, std::string_view key,
                                        const bundle::Entry& whole, const format::TensorSlice& slice) {
  auto box = box_of_slice(whole.shape, slice);
  if (!box)
    shards.refuse(key, ErrorCode::data_loss,
                  {"one of its parts does not lie inside its shape ", whole.shape.to_string()});
  const std::string part_key = format::detail::encode_slice_key(key, slice);
  const bundle::Entry* const part = known.others != nullptr ? known.others->find_part(*known.others, part_key)
                                                            : bundle::find_entry(known.decoded, part_key);
  if (part == nullptr)
    shards.refuse(key, ErrorCode::data_loss, {"its part of shape ", box->shape.to_string(), " is missing"});
  shards.require_legal(key, *part);
  if (!part->slices.empty() || part->dtype != whole.dtype || part->shape != box->shape)
    shards.refuse(key, ErrorCode::data_loss,
                  {"a part that should be ", to_string(whole.dtype), " ", box->shape.to_string(), " is ",
                   to_string(part->dtype), " ", part->shape.to_string()});
  return {part, std::move(*box)};
}

// The parts of a legal tensor that have elements of `wanted`, which lies inside of it, in the order in which they were
// saved. Every element of `wanted` is in exactly one of them, and every part's bytes are in its shard, each byte in one
// part only: what is allocated for `wanted` is justified by the files. Throws Error (data_loss) otherwise.
[[nodiscard]] inline core::detail::Vec<TensorPart> parts_covering(const KnownParts& known, const Shards& shards,
                                                                  std::string_view key, const bundle::Entry& entry,
                                                                  const Box& wanted) {
  core::detail::Vec<TensorPart> parts;
  if (entry.slices.empty()) {
    shards.require_present(key, entry);
    parts.push_back({&entry, box_of(entry.shape)});
    return parts;
  }
  struct Unclaimed {
    std::int32_t shard;
    std::uint64_t bytes;
  };
  core::detail::Vec<Unclaimed> unclaimed;
  std::uint64_t missing = element_count(wanted.shape);
  bool overlap = false;
  for (const auto& slice : entry.slices) {
    const auto box = box_of_slice(entry.shape, slice);
    const std::uint64_t shared = box ? CommonRuns(*box, wanted).elements() : 0;
    if (box && shared == 0) continue;
    parts.push_back(part_of(known, shards, key, entry, slice));
    const bundle::Entry& part = *parts.back().entry;
    const std::uint64_t shard_size = shards.require_present(key, part);
    std::size_t last = unclaimed.size();
    while (last > 0 && unclaimed[last - 1].shard != part.shard) --last;
    if (last == 0) unclaimed.push_back({part.shard, shard_size});
    std::uint64_t& left = unclaimed[last == 0 ? unclaimed.size() - 1 : last - 1].bytes;
    overlap = shared > missing || part.size > left;
    if (overlap) break;
    missing -= shared;
    left -= part.size;
  }
  if (overlap || SliceOverlap::any(entry.shape, entry.slices))
    shards.refuse(key, ErrorCode::data_loss, {"its parts overlap"});
  if (missing != 0)
    shards.refuse(key, ErrorCode::data_loss,
                  {"its parts do not cover its shape ", entry.shape.to_string(), "; some were not saved"});
  return parts;
}

}  // namespace CAIRN_NAMESPACE::bundle::detail
