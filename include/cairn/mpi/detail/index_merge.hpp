// The index of a checkpoint, made of what each rank knows about its own data files.
//
//   rank 0: table { "a", code("w", rows 0..9) }  --+
//   rank 1: table { "b", code("w", rows 10..) }  --+-->  P.index
//
// The tables are sorted, and are merged entry by entry: beside the tables of the ranks and the index that comes out there
// is one entry of each rank in memory, and no list of all.
#pragma once

#include "../../bundle/detail/slice.hpp"
#include "../../bundle/detail/slice_cover.hpp"
#include "../../bundle/index.hpp"
#include "../../core/detail/fail.hpp"
#include "../../core/detail/own.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/error.hpp"
#include "../../format/bundle_messages.hpp"
#include "../../format/table.hpp"
#include "../../format/table_builder.hpp"
#include "agreement.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::mpi::detail {

// A rank's entries, as the bytes of an .index file of its data files alone.
struct RanksIndex {
  RankRange ranks;  // whose values are in the data files, which the first of them has written
  std::string_view table;
  std::int32_t first_shard;  // the number in the checkpoint of its first data file
};

class IndexMerge {
 public:
  // `parts` are in the order of the ranks; their tables must live until encode() returns.
  explicit IndexMerge(const core::detail::Vec<RanksIndex>& parts) {
    sources_.reserve(parts.size());
    for (const RanksIndex& part : parts) {
      bytes_ += part.table.size();
      auto source = core::detail::make_own<Source>(part);
      if (next(*source)) sources_.push_back(std::move(source));
    }
  }

  // Returns the bytes of the .index file of a checkpoint of so many data files. `partitioned` are the keys of the tensors
  // of which ranks have parts, sorted. Throws Error with ErrorCode::invalid_argument where the parts of one share
  // elements, or leave some out.
  [[nodiscard]] std::string encode(std::int32_t num_shards,
                                   const core::detail::Vec<std::string_view>& partitioned = {}) {
    std::size_t met = 0;
    format::BundleHeader header;
    header.num_shards = num_shards;
    const bundle::Index fresh;
    header.endianness = fresh.big_endian ? format::Endianness::big : format::Endianness::little;
    header.version = fresh.version;
    format::TableBuilder builder;
    builder.reserve(bytes_);
    builder.add("", format::encode(header));
    for (std::size_t i = sources_.size() / 2; i-- > 0;) sink(i);
    std::string value, key;
    while (!sources_.empty()) {
      bundle::Entry entry = decode(top());
      key = top().table.key();
      if (met < partitioned.size() && partitioned[met] < key) refuse_missing(partitioned[met]);
      if (met < partitioned.size() && partitioned[met] == key) ++met;
      if (entry.slices.empty()) {
        advance();
        if (!sources_.empty() && top().table.key() == key) refuse_twice(key);
      } else {
        merge_parts(key, entry);
      }
      value.clear();
      format::append_encoded(value, entry);
      builder.add(key, value);
    }
    if (met < partitioned.size()) refuse_missing(partitioned[met]);
    return builder.finish();
  }

 private:
  struct Source {
    explicit Source(const RanksIndex& part)
        : ranks(part.ranks), first_shard(part.first_shard), table(part.table, "the index of a rank") {}
    RankRange ranks;
    std::int32_t first_shard;
    format::TableReader table;
  };

  [[nodiscard]] Source& top() noexcept { return *sources_[0]; }
  // Equal keys come in the order of their ranks.
  [[nodiscard]] static bool is_before(const Source& a, const Source& b) {
    const int order = a.table.key().compare(b.table.key());
    return order != 0 ? order < 0 : a.ranks.first < b.ranks.first;
  }
  void sink(std::size_t at) {
    for (std::size_t child = 2 * at + 1; child < sources_.size(); child = 2 * at + 1) {
      if (child + 1 < sources_.size() && is_before(*sources_[child + 1], *sources_[child])) ++child;
      if (!is_before(*sources_[child], *sources_[at])) return;
      std::swap(sources_[child], sources_[at]);
      at = child;
    }
  }
  // Goes to the next entry behind the header.
  [[nodiscard]] static bool next(Source& source) {
    while (source.table.next())
      if (!source.table.key().empty()) return true;
    return false;
  }
  void advance() {
    if (!next(top())) {
      std::swap(sources_[0], sources_.back());
      sources_.pop_back();
    }
    sink(0);
  }
  [[nodiscard]] static bundle::Entry decode(const Source& source) {
    bundle::Entry entry = format::decode_bundle_entry(source.table.value());
    entry.shard += source.first_shard;
    return entry;
  }

  [[noreturn]] static void refuse_missing(std::string_view key) {
    core::detail::fail(ErrorCode::invalid_argument,
                       {"no rank holds any element of the partitioned tensor under the key \"", key,
                        "\", so that all of them would be lost; give every element to a rank"},
                       {.key = key});
  }
  // A part of the same spelling has the same key: two ranks hold the same box.
  [[noreturn]] static void refuse_twice(const std::string& key) {
    core::detail::fail(ErrorCode::invalid_argument,
                       {"two ranks hold the same part of a partitioned tensor, or the same value, under the key \"",
                        key, "\"; give each rank a box of its own"},
                       {.key = key});
  }

  // The entries of a partitioned tensor as a whole: each rank has listed its own parts.
  void merge_parts(const std::string& key, bundle::Entry& whole) {
    core::detail::Vec<RankRange> owners(whole.slices.size(), top().ranks);
    for (advance(); !sources_.empty() && top().table.key() == key; advance()) {
      bundle::Entry more = decode(top());
      if (more.slices.empty()) refuse_twice(key);
      for (format::TensorSlice& slice : more.slices) {
        whole.slices.push_back(std::move(slice));
        owners.push_back(top().ranks);
      }
      whole.shard = std::min(whole.shard, more.shard);
    }
    if (bundle::detail::lists_a_slice_twice(whole.slices) ||
        bundle::detail::SliceOverlap::any(whole.shape, whole.slices))
      refuse_overlap(key, whole, owners);
    std::uint64_t held = 0;
    for (const format::TensorSlice& slice : whole.slices)
      if (const auto box = bundle::detail::box_of_slice(whole.shape, slice))
        held += static_cast<std::uint64_t>(box->shape.num_elements());
    const auto all = static_cast<std::uint64_t>(whole.shape.num_elements());
    if (held != all)
      core::detail::fail(ErrorCode::invalid_argument,
                         {"the boxes of all ranks together hold ", held, " of the ", all,
                          " elements of the partitioned tensor under the key \"", key,
                          "\", so that the others would be lost; give every element to a rank"},
                         {.key = key});
  }
  [[noreturn]] static void refuse_overlap(const std::string& key, const bundle::Entry& whole,
                                          const core::detail::Vec<RankRange>& owners) {
    RankRange one, other;
    core::detail::Vec<format::TensorSlice> before;
    for (std::size_t i = 0; i < whole.slices.size() && other.last == 0; ++i) {
      if (const auto* const met = bundle::detail::SliceOverlap::first(whole.shape, before, whole.slices[i]))
        one = owners[static_cast<std::size_t>(met - before.begin())], other = owners[i];
      if (other.last != 0 || before.size() == bundle::detail::SliceOverlap::max_pairwise) break;
      before.push_back(whole.slices[i]);
    }
    core::detail::fail(
        ErrorCode::invalid_argument,
        {"the boxes of ", one.names(), " and ", other.names(),
         " share elements of the partitioned tensor under the key \"", key, "\"; give every element to one rank"},
        {.key = key});
  }

  core::detail::Vec<core::detail::Own<Source>> sources_;  // a heap: the first has the least key
  std::size_t bytes_ = 0;
};

}  // namespace CAIRN_NAMESPACE::mpi::detail
