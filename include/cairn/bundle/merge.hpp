// merge: the bundles of several writers made one. Each process writes a bundle under its own prefix; one of them
// merges.
//
//   part-0 { "a", "w" part 0 }                   P.data-00000-of-00002   part-0's file, renamed
//   part-1 { "b", "w" part 1 }    ->    P  {     P.data-00001-of-00002   part-1's
//                                                P.index }
//
// The rules are those of TensorFlow's MergeBundles: data files are renamed, not copied, and numbered by their first use
// in the order of the parts and of their keys. A data file that no key uses gets no number, though the header counts
// it. The parts of a partitioned tensor are listed in the order of the bundles. The list of unused bytes of an
// incremental bundle is taken over.
#pragma once

#include "../core/detail/fail.hpp"
#include "../core/detail/maps.hpp"
#include "../core/detail/own.hpp"
#include "../core/detail/sort.hpp"
#include "../core/detail/vec.hpp"
#include "../core/durability.hpp"
#include "../core/path_argument.hpp"
#include "../format/varint.hpp"
#include "../io/detail/watch.hpp"
#include "../io/native.hpp"
#include "../io/progress.hpp"
#include "../io/whole_file.hpp"
#include "detail/publication.hpp"
#include "detail/unused_bytes.hpp"
#include "detail/verify_graph.hpp"
#include "files.hpp"
#include "finding.hpp"
#include "index.hpp"
#include "naming.hpp"
#include "object_graph.hpp"
#include "reader.hpp"
#include "rewrite.hpp"
#include "writer.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::bundle {

// How merge() treats the parts, and when the result is on the disk.
struct MergeOptions {
  // With Durability::full, files and folders are synced (fsync) before merge() returns, as with
  // WriterOptions::durability. The parts must have been written with it, too.
  Durability durability = Durability::full;  // as in WriterOptions; the parts must have been written so, too
  core::detail::FormerDurable durable{};
  // With `keep_parts`, the contents of the data files are copied and checked on the way, and the parts stay unchanged.
  // A result that would not be whole is refused then: one without all parts of a partitioned tensor, or without a value
  // that the object graph names.
  bool keep_parts = false;
  // The function that is told how many bytes are copied, and the request to stop (io/progress.hpp). Where a stop is
  // heeded, merge() throws Error with ErrorCode::cancelled, and the prefix and the parts are what they were. Files that
  // are only renamed are not counted, and once their renames have begun, nothing is stopped.
  ProgressCallback progress = {};
  StopRequest stop = {};
};

}  // namespace CAIRN_NAMESPACE::bundle

namespace CAIRN_NAMESPACE::bundle::detail {

// The index of all parts together, and the new number of each of their data files.
class MergedIndex {
 public:
  struct Shard {
    std::string part;         // the prefix of the part that it belongs to
    std::string path;         // the path under the part's prefix
    std::uint64_t end = 0;    // behind the last byte that an entry asks for
    std::string unused = {};  // offset, size, offset, size, ...: the form of detail/unused_bytes.hpp
  };

  void add(const std::string& prefix, bundle::Index part) {
    const bool is_first = num_shards_ == 0;
    if (is_first) {
      index_.big_endian = part.big_endian;
      index_.version = part.version;
      index_.unknown_fields = part.unknown_fields;
    } else if (index_.big_endian != part.big_endian || index_.version != part.version) {
      refuse(prefix, ErrorCode::invalid_argument, {"its byte order or version is not that of the first one"});
    }
    if (part.num_shards < 1 || num_shards_ > std::numeric_limits<std::int32_t>::max() - 1 - part.num_shards)
      refuse(prefix, ErrorCode::data_loss, {"it says that it has ", part.num_shards, " shards"});
    num_shards_ += part.num_shards;
    numbers_.clear();
    // Both lists are sorted, and no key is in both.
    core::detail::Vec<std::pair<std::string, bundle::Entry>*> in_order;
    for (bundle::EntryList* const list : {&part.slices, &part.entries})
      for (auto& item : *list) in_order.push_back(&item);
    core::detail::sort(in_order, [](const auto* a, const auto* b) { return a->first < b->first; });
    for (auto* const item : in_order) {
      if (item->second.shard < 0 || item->second.shard >= part.num_shards)
        refuse(prefix, ErrorCode::data_loss, {"a key of it is in a shard that it does not have"}, item->first);
      item->second.shard = number_of(prefix, part.num_shards, item->second);
      take(prefix, std::move(item->first), std::move(item->second));
    }
    for (UnusedRanges ranges(part.unused_bytes); ranges.next();) {
      if (ranges.shard >= static_cast<std::uint64_t>(part.num_shards)) continue;
      const std::int32_t* const number = numbers_.find(static_cast<std::int32_t>(ranges.shard));
      if (number == nullptr) continue;  // a data file that no key uses is not taken over
      std::string& unused = shards_[static_cast<std::size_t>(*number)].unused;
      format::append_varint(unused, ranges.offset);
      format::append_varint(unused, ranges.size);
    }
  }

  [[nodiscard]] std::int32_t num_shards() const noexcept { return std::max(num_shards_, std::int32_t{1}); }
  [[nodiscard]] const core::detail::Vec<Shard>& shards() const noexcept { return shards_; }
  // Encodes the .index of the bundle whose first shard has the number `shift`.
  [[nodiscard]] std::string encode(std::int32_t shift) const { return bundle::encode_index(index(shift)); }
  [[nodiscard]] bundle::Index index(std::int32_t shift) const {
    bundle::Index index = index_;
    index.num_shards = num_shards() + shift;
    for (const auto& [key, entry] : entries_) {
      index.entries.push_back({key, entry});
      index.entries.back().second.shard += shift;
    }
    sort_entries(index.entries);
    for (std::size_t i = 0; i < shards_.size(); ++i) {
      format::ByteReader ranges(shards_[i].unused);
      while (!ranges.empty()) {
        format::append_varint(index.unused_bytes, i + static_cast<std::uint64_t>(shift));
        for (int k = 0; k < 2; ++k) format::append_varint(index.unused_bytes, ranges.read_varint64());
      }
    }
    return index;
  }

 private:
  [[noreturn]] static void refuse(const std::string& prefix, ErrorCode code,
                                  std::initializer_list<core::detail::Words> problem, std::string_view key = {}) {
    core::detail::fail(
        code,
        {"the checkpoint \"", prefix, "\" cannot be merged with the others: ", core::detail::sentence_of(problem)},
        {.file = bundle::index_path(prefix), .key = key});
  }

  [[nodiscard]] std::int32_t number_of(const std::string& prefix, std::int32_t num_shards, const bundle::Entry& entry) {
    if (numbers_.insert(entry.shard, static_cast<std::int32_t>(shards_.size())))
      shards_.push_back({prefix, bundle::data_path(prefix, entry.shard, num_shards)});
    const std::int32_t number = *numbers_.find(entry.shard);
    Shard& shard = shards_[static_cast<std::size_t>(number)];
    if (entry.slices.empty()) {
      if (entry.size > std::numeric_limits<std::uint64_t>::max() - entry.offset)
        refuse(prefix, ErrorCode::data_loss, {"one of its entries lies beyond every file"});
      shard.end = std::max(shard.end, entry.offset + entry.size);
    }
    return number;
  }

  void take(const std::string& prefix, std::string key, bundle::Entry entry) {
    bundle::Entry* const known = entries_.find(key);
    if (known == nullptr) {
      (void)entries_.insert(key, std::move(entry));
      return;
    }
    bundle::Entry& whole = *known;
    if (whole.slices.empty() || entry.slices.empty())
      refuse(prefix, ErrorCode::already_exists, {"one of them has its key \"", key, "\" already"}, key);
    if (whole.dtype != entry.dtype || whole.shape != entry.shape)
      refuse(prefix, ErrorCode::invalid_argument,
             {"it has parts of \"", key, "\" as ", to_string(entry.dtype), " ", entry.shape.to_string(), ", others as ",
              to_string(whole.dtype), " ", whole.shape.to_string()},
             key);
    for (format::TensorSlice& slice : entry.slices) whole.slices.push_back(std::move(slice));
  }

  bundle::Index index_;
  core::detail::HashMap<std::string, bundle::Entry> entries_;
  core::detail::Vec<Shard> shards_;
  core::detail::HashMap<std::int32_t, std::int32_t> numbers_;  // the numbers of the present part's shards, and ours
  std::int32_t num_shards_ = 0;
};

// Returns where a shard is now: false if it is under its part's name; true if it has its new name already, after a
// merge that was killed between its renames. Throws Error with ErrorCode::data_loss when it is in neither place, or
// shorter than its entries say.
[[nodiscard]] inline bool is_renamed_already(io::FileSystem& files, const MergedIndex::Shard& shard,
                                             const std::string& target) {
  const bool there = files.exists(shard.path);
  const std::string& path = there ? shard.path : target;
  if (!files.exists(path) || files.open(path)->size() < shard.end)
    core::detail::fail(ErrorCode::data_loss,
                       {"the checkpoint \"", shard.part, "\" cannot be merged: its data file \"", shard.path,
                        "\" is missing or was cut; write that part again"},
                       {.file = shard.path});
  return !there;
}

// Returns true when a killed merge of the same parts got as far as publishing, so that only the parts remain to be
// removed.
[[nodiscard]] inline bool is_published_already(io::FileSystem& files, const MergedIndex& merged,
                                               const std::string& prefix) {
  if (merged.shards().empty() || !has_index(prefix, files)) return false;
  for (const MergedIndex::Shard& shard : merged.shards())
    if (files.exists(shard.path)) return false;
  const std::string index = bundle::index_path(prefix);
  const std::string found = io::read_whole_file(files, index, std::numeric_limits<std::size_t>::max() / 4);
  return found == merged.encode(0) || found == merged.encode(1);
}

// Lists the missing parts of partitioned tensors, and the missing keys of an object graph. `index` has slices among its
// entries, too.
[[nodiscard]] inline std::vector<Finding> missing_in(bundle::Index index, const std::optional<std::string>& graph,
                                                     const std::string& path) {
  index.slices = index.entries;
  Findings findings;
  SliceVerifier(index, path, findings).run();
  if (graph) GraphVerifier(index, true, path, findings).run(*graph);
  return std::move(findings).take();
}

[[nodiscard]] inline std::optional<std::string> graph_text(const bundle::Reader& reader) {
  if (!bundle::has_object_graph(reader)) return std::nullopt;
  return reader.read_strings(bundle::object_graph_key).at(0);
}

// Copies the parts' data files one behind the other, numbered as a merge numbers them.
inline void copy_parts(std::span<const std::string> parts, const MergedIndex& merged, const std::string& prefix,
                       Durability durability, io::FileSystem& files) {
  core::detail::Vec<core::detail::Own<const bundle::Reader>> readers;
  std::optional<std::string> graph;
  for (const std::string& part : parts) {
    readers.push_back(core::detail::make_own<const bundle::Reader>(part, files));
    if (auto text = graph_text(*readers.back())) graph = std::move(text);
  }
  for (const Finding& finding : missing_in(merged.index(0), graph, bundle::index_path(prefix)))
    core::detail::fail(ErrorCode::data_loss,
                       {"the parts do not make a whole checkpoint: ", finding.problem,
                        "; a part is missing, or was not written to its end"},
                       {.file = finding.file, .key = finding.key});
  BundleWriter writer(prefix, {.durability = durability}, files);
  writer.keep_header(readers.front()->index(), merged.num_shards());
  for (const core::detail::Own<const bundle::Reader>& reader : readers)
    for (const auto& shard : bundle::contents(*reader)) {
      writer.begin_shard();
      for (const bundle::StoredTensor& item : shard.second) add_item(writer, *reader, item);
    }
  writer.finish();
}

}  // namespace CAIRN_NAMESPACE::bundle::detail

namespace CAIRN_NAMESPACE::bundle {

// Returns true for a checkpoint that is whole only together with others, as each writer of one save leaves it: it has
// some, but not all, of the parts of a partitioned tensor or of the keys that its object graph names. Throws Error with
// ErrorCode::not_found when there is no such checkpoint, ErrorCode::data_loss for a damaged one,
// ErrorCode::unimplemented for one of a newer format.
[[nodiscard]] inline bool is_part(const PathArgument& prefix, io::FileSystem& files = io::native()) {
  const Reader reader(prefix, files);
  Index index = reader.index();
  index.entries.insert(index.entries.end(), index.slices.begin(), index.slices.end());
  detail::sort_entries(index.entries);
  return !detail::missing_in(std::move(index), detail::graph_text(reader), index_path(prefix.string())).empty();
}

// Unites the bundles `parts`, in this order, under `prefix`, and removes the parts. At every instant the prefix is what
// it was before (absent, or the bundle that it had), or it is all parts together; the index of a part is removed only
// when the result is on the disk. A merge that was killed can be called again with the same arguments, as long as all
// parts have their indexes; a merge that failed has put everything back. The folder of `prefix` is made if it is
// missing; the folders of the parts stay.
//
// Throws Error with ErrorCode::not_found for a part without an index; ErrorCode::already_exists for a key, or a slice,
// that two parts have; ErrorCode::invalid_argument for no parts, for parts of different byte orders, versions, dtypes
// or shapes, for a part that is the prefix, and for a prefix without a name; ErrorCode::data_loss for damaged parts;
// ErrorCode::unimplemented for parts of a newer format. Nothing was changed then. A failure of the disk after the
// rename of the index says in its sentence that the checkpoint is complete. Nobody else may work on the prefix or the
// parts at the same time.
inline void merge(std::span<const std::string> parts, const PathArgument& to, MergeOptions options = {},
                  io::FileSystem& files = io::native()) {
  const std::string& prefix = to.string();
  if (parts.empty())
    core::detail::fail(ErrorCode::invalid_argument, {"no checkpoints were given to merge under \"", prefix, "\""});
  core::detail::HashMap<std::string, bool> folders;
  require_prefix(prefix);
  for (const std::string& part : parts) {
    if (part == prefix)
      core::detail::fail(
          ErrorCode::invalid_argument,
          {"the checkpoint \"", prefix, "\" cannot be merged into itself; write each part to a prefix of its own"},
          {.file = index_path(prefix)});
    folders[io::parent_directory(part)] = true;
  }
  const io::detail::Watch watch(options.progress, options.stop, files, "merging into", prefix,
                                io::detail::Watch::writing);
  detail::MergedIndex merged;
  for (const std::string& part : parts) merged.add(part, read_index(watch.files(), index_path(part)));
  if (options.keep_parts) {
    detail::copy_parts(parts, merged, prefix, options.durability, watch.files());
    return watch.finish();
  }
  const auto remove_parts = [&] {
    for (const std::string& part : parts) remove_checkpoint(part, files);
    if (options.durability == Durability::none) return;
    for (const auto& folder : folders) files.sync_directory(folder.key);
  };
  if (detail::is_published_already(files, merged, prefix)) {
    remove_parts();
    return watch.finish();
  }

  watch.expect(0);
  const core::detail::Vec<detail::MergedIndex::Shard>& shards = merged.shards();
  detail::Publication publication(files, prefix, options.durability, merged.num_shards());

  core::detail::Vec<std::pair<std::string, std::string>> renames;
  for (std::size_t i = 0; i < shards.size(); ++i) {
    std::string target = publication.data_path(static_cast<std::int32_t>(i));
    if (!detail::is_renamed_already(files, shards[i], target)) renames.emplace_back(shards[i].path, std::move(target));
  }
  files.create_directories(io::parent_directory(prefix), options.durability);
  std::size_t renamed = 0;
  publication.publish(merged.encode(publication.number_of(0)), true, [&](bool is_named) {
    if (is_named)
      for (; renamed < renames.size(); ++renamed) files.rename(renames[renamed].first, renames[renamed].second);
    else
      for (; renamed > 0; --renamed) files.rename(renames[renamed - 1].second, renames[renamed - 1].first);
  });
  watch.finish();
  publication.remove_old();
  try {
    remove_parts();
  } catch (const Error& error) {
    detail::fail_after_complete(prefix, error);
  }
}

// This overload takes the parts in braces: merge({"part-1", "part-2"}, "whole").
inline void merge(std::initializer_list<PathArgument> parts, const PathArgument& prefix, MergeOptions options = {},
                  io::FileSystem& files = io::native()) {
  std::vector<std::string> paths;
  for (const PathArgument& part : parts) paths.push_back(part.string());
  merge(paths, prefix, options, files);
}

}  // namespace CAIRN_NAMESPACE::bundle
