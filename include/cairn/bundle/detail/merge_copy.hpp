// The data files of bundles that are merged, copied one behind the other as they are (data_copy.hpp).
//
// What is known of a tensor takes 40 bytes until its file is copied. Of very many tensors a window is held: where they
// lie in the order of their keys, as TensorFlow's savers write them, the next ones; otherwise the index is gone through
// once for each window of the files.
#pragma once

#include "../../core/detail/maps.hpp"
#include "../../core/detail/own.hpp"
#include "../../core/detail/sort.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/durability.hpp"
#include "../../io/file_system.hpp"
#include "../index.hpp"
#include "data_copy.hpp"
#include "merged_tables.hpp"
#include "new_shards.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace CAIRN_NAMESPACE::bundle::detail {

class MergeCopy {
 public:
  static constexpr std::size_t usual_window = std::size_t{1} << 17;
  // Holds so many tensors, or twice as many while it looks for those of a window.
  explicit MergeCopy(std::size_t window = usual_window) : window_(window) {}
  MergeCopy(const MergeCopy&) = delete;
  MergeCopy& operator=(const MergeCopy&) = delete;

  // For MergedTables: sees each entry.
  void see(const PartEntries& entry) {
    PlacedBytes placed;
    if (entry.part().header().big_endian != (std::endian::native == std::endian::big)) is_possible_ = false;
    if (!is_possible_ || !place(entry, placed)) return;
    if (plans_.empty() || plans_.back().part != &entry.part()) plans_.push_back({&entry.part()});
    Plan& plan = plans_.back();
    plan.is_in_order = plan.is_in_order && (plan.count == 0 || plan.last.is_before(placed));
    plan.last = placed;
    ++plan.count;
    if (held_ == window_) {  // of this one they are looked for again
      plan.has_all = false;
      held_ -= plan.items.size();
      plan.items = {};
    }
    if (!plan.has_all) return;
    plan.items.push_back(placed);
    ++held_;
  }
  // False where the tensors do not lie as they have to, or an entry is not legal, which is for others to tell.
  [[nodiscard]] bool is_possible() const noexcept { return is_possible_; }

  // Copies all data files to `shards`, which get the numbers of `merged`. Returns false where that is not possible.
  // Throws what DataCopy does.
  [[nodiscard]] bool copy(const MergedTables& merged, NewShards& shards, io::FileSystem& files) {
    for (std::size_t i = 0; i < merged.shards().size(); ++i)
      static_cast<void>(shards.claim(static_cast<ShardId>(i), merged.shards()[i].end));
    files.expect(shards.bytes());
    is_copied_.resize(merged.shards().size());
    std::size_t first = 0;  // of the part's data files
    for (Plan& plan : plans_) {
      while (&merged.part(merged.shards()[first].part) != plan.part) ++first;
      Files all(merged, shards, files, first, is_copied_);
      if (!copy(plan, all) || !all.finish()) return false;
      plan.items = {};
    }
    for (std::size_t i = 0; i < merged.shards().size(); ++i) {
      if (is_copied_[i]) continue;  // the others have no byte
      if (merged.shards()[i].end != 0 || files.open(merged.shards()[i].path)->size() != 0) return false;
      static_cast<void>(shards.file(static_cast<ShardId>(i)));
    }
    shards.finish();
    return true;
  }

 private:
  struct Plan {
    MergedPart* part = nullptr;
    core::detail::Vec<PlacedBytes> items = {};  // where it has_all
    std::uint64_t count = 0;
    PlacedBytes last = {};
    bool has_all = true, is_in_order = true;
  };
  // The data files of one part, of which one is copied at a time.
  class Files {
   public:
    Files(const MergedTables& merged, NewShards& shards, io::FileSystem& files, std::size_t first,
          core::detail::Vec<bool>& is_copied)
        : merged_(merged), shards_(shards), files_(files), first_(first), is_copied_(is_copied) {}

    // `items` are in their order, and behind those of the call before.
    [[nodiscard]] bool copy(std::span<const PlacedBytes> items) {
      while (!items.empty()) {
        if (copy_ == nullptr || shard().number != items.front().shard) {
          if (!finish() || !open(items.front().shard)) return false;
        }
        std::size_t count = 1;
        while (count < items.size() && items[count].shard == items.front().shard) ++count;
        if (!copy_->copy(items.first(count))) return false;
        items = items.subspan(count);
      }
      return true;
    }
    // Whether all of the file was copied.
    [[nodiscard]] bool finish() const { return copy_ == nullptr || copy_->end() == shard().end; }
    // Where the bytes of a data file begin, if all are thought one behind the other.
    [[nodiscard]] std::uint64_t begin_of(std::int32_t number) const {
      std::uint64_t begin = 0;
      for (std::size_t i = first_; is_of_part(i) && merged_.shards()[i].number < number; ++i)
        begin += merged_.shards()[i].end;
      return begin;
    }

   private:
    [[nodiscard]] bool is_of_part(std::size_t i) const {
      return i < merged_.shards().size() && merged_.shards()[i].part == merged_.shards()[first_].part;
    }
    [[nodiscard]] const MergedTables::Shard& shard() const { return merged_.shards()[at_]; }
    [[nodiscard]] bool open(std::int32_t number) {
      for (at_ = first_; is_of_part(at_) && shard().number != number;) ++at_;
      copy_ = nullptr;
      in_.reset(files_.open(shard().path).release());
      copy_ = core::detail::make_own<DataCopy>(*in_, shard().path, shards_.file(static_cast<ShardId>(at_)));
      is_copied_[at_] = true;
      return in_->size() == shard().end;
    }

    const MergedTables& merged_;
    NewShards& shards_;
    io::FileSystem& files_;
    std::size_t first_, at_ = 0;
    core::detail::Vec<bool>& is_copied_;
    core::detail::Own<io::ReadableFile> in_;
    core::detail::Own<DataCopy> copy_;
  };

  // Where an entry's bytes are; false where it has none.
  [[nodiscard]] bool place(const PartEntries& at, PlacedBytes& placed) {
    PlainEntry plain = at.plain();
    bool is_legal = true;
    if (!at.is_plain()) {
      const bundle::Entry entry = at.entry();
      const auto count = entry.shape.checked_num_elements();
      is_legal = count && !entry.unknown_rank;
      plain = {entry.dtype,  entry.shard, static_cast<std::uint64_t>(count.value_or(0)),
               entry.offset, entry.size,  entry.crc32c};
    }
    placed = PlacedBytes::of(plain);
    const bool is_readable = placed.kind != PlacedBytes::Kind::unknown;
    if (placed.kind == PlacedBytes::Kind::numbers) is_legal = is_legal && plain.has_numbers();
    // Nothing is there to be looked at later.
    if (placed.size == 0 && is_readable)
      is_legal = is_legal && placed.elements == 0 && placed.crc32c == format::mask_crc(0);
    if (is_readable && !is_legal) is_possible_ = false;
    return placed.size != 0 && is_possible_;
  }

  [[nodiscard]] bool copy(Plan& plan, Files& all) {
    const auto sort = [](core::detail::Vec<PlacedBytes>& items) {
      core::detail::sort(items, [](const PlacedBytes& a, const PlacedBytes& b) { return a.is_before(b); });
    };
    const auto copy = [&](const core::detail::Vec<PlacedBytes>& items) {
      return all.copy({items.data(), items.size()});
    };
    if (plan.has_all) {
      sort(plan.items);
      return copy(plan.items);
    }
    core::detail::Vec<PlacedBytes> items;
    PlacedBytes placed;
    if (plan.is_in_order) {
      for (PartEntries each(*plan.part); each.next();) {
        if (each.is_partitioned() || !place(each, placed)) continue;
        items.push_back(placed);
        if (items.size() < window_) continue;
        if (!copy(items)) return false;
        items.clear();
      }
      return copy(items);
    }
    // Windows of bytes, one behind the other, which have as many tensors as may be held.
    constexpr std::uint64_t no_end = ~std::uint64_t{0};
    std::uint64_t left = plan.count;
    for (std::uint64_t begin = 0, end = 0; left != 0; begin = end) {
      end = no_end;
      items.clear();
      for (PartEntries each(*plan.part); each.next();) {
        if (each.is_partitioned() || !place(each, placed)) continue;
        const std::uint64_t at = all.begin_of(placed.shard) + placed.at;
        if (at < begin || at >= end) continue;
        items.push_back(placed);
        if (items.size() < 2 * window_) continue;
        sort(items);
        items.resize(window_);
        end = all.begin_of(items.back().shard) + items.back().at + 1;
      }
      if (items.empty()) return false;
      sort(items);
      if (!copy(items)) return false;
      left -= std::min<std::uint64_t>(left, items.size());
    }
    return true;
  }

  std::size_t window_;
  core::detail::Vec<Plan> plans_;  // of the parts that have bytes, in their order
  std::size_t held_ = 0;           // items in all of them
  core::detail::Vec<bool> is_copied_;
  bool is_possible_ = true;
};

}  // namespace CAIRN_NAMESPACE::bundle::detail
