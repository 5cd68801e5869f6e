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
// incremental bundle is taken over. The indexes are gone through side by side (detail/merged_tables.hpp).
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
#include "detail/graph_keys.hpp"
#include "detail/merge_copy.hpp"
#include "detail/merged_tables.hpp"
#include "detail/new_shards.hpp"
#include "detail/piece_writer.hpp"
#include "detail/publication.hpp"
#include "detail/verify_graph.hpp"
#include "entry_reader.hpp"
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
  // Data files that tensors fill, as writers leave them, go over as they are, in the memory of some blocks and of 40
  // bytes for each of at most a few hundred thousand tensors; others are copied tensor by tensor, whose entries are held.
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

// Returns where a shard is now: false if it is under its part's name; true if it has its new name already, after a
// merge that was killed between its renames. Throws Error with ErrorCode::data_loss when it is in neither place, or
// shorter than its entries say.
[[nodiscard]] inline bool is_renamed_already(io::FileSystem& files, const std::string& prefix,
                                             const MergedTables::Shard& shard, const std::string& target) {
  const bool there = files.exists(shard.path);
  const std::string& path = there ? shard.path : target;
  if (!files.exists(path) || files.open(path)->size() < shard.end)
    core::detail::fail(ErrorCode::data_loss,
                       {"the checkpoint \"", prefix, "\" cannot be merged: its data file \"", shard.path,
                        "\" is missing or was cut; write that part again"},
                       {.file = shard.path});
  return !there;
}

// Whether the file has the bytes of the merged index, whose first shard has the number `shift`.
[[nodiscard]] inline bool has_index_of(const io::ReadableFile& file, MergedTables& merged, std::int32_t shift) {
  std::uint64_t at = 0;
  bool is_same = true;
  core::detail::Vec<char> found;
  static_cast<void>(merged.write(shift, [&](std::string_view bytes) {
    is_same = is_same && bytes.size() <= file.size() - at;
    if (!is_same) return;
    found.resize(bytes.size());
    file.read(at, std::as_writable_bytes(std::span(found.data(), found.size())));
    is_same = std::string_view(found.data(), found.size()) == bytes;
    at += bytes.size();
  }));
  return is_same && at == file.size();
}

// Returns true when a killed merge of the same parts got as far as publishing, so that only the parts remain to be
// removed.
[[nodiscard]] inline bool is_published_already(io::FileSystem& files, MergedTables& merged, const std::string& prefix) {
  if (merged.shards().empty() || !has_index(prefix, files)) return false;
  for (const MergedTables::Shard& shard : merged.shards())
    if (files.exists(shard.path)) return false;
  const auto index = files.open(bundle::index_path(prefix));
  return has_index_of(*index, merged, 0) || has_index_of(*index, merged, 1);
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

// The object graph of the parts, of which the last one that has it counts: where several have, they are refused.
[[nodiscard]] inline std::optional<std::string> graph_of_parts(std::span<const std::string> parts,
                                                               io::FileSystem& files) {
  std::optional<std::string> graph;
  for (const std::string& part : parts)
    if (auto text = graph_text(bundle::Reader(part, files))) graph = std::move(text);
  return graph;
}

// Writes the merged index to a file that has no name yet. Returns false where the result would not be whole.
[[nodiscard]] inline bool write_index(MergedTables& merged, std::int32_t shift, io::WritableFile& file,
                                      GraphKeys* graph = nullptr) {
  PieceWriter out(file, 0);
  const bool is_whole =
      merged.write(shift, [&](std::string_view bytes) { out.append(std::as_bytes(std::span(bytes))); }, graph);
  out.flush();
  return is_whole && (graph == nullptr || !graph->is_any_missing());
}

// Copies the parts' data files one behind the other, numbered as they are there, each as it is. Returns false where
// that is not possible, or anything is wrong: then nothing was changed.
[[nodiscard]] inline bool copy_files(std::span<const std::string> parts, MergedTables& merged, MergeCopy& copy,
                                     const std::string& prefix, Durability durability, io::FileSystem& files) {
  if (!copy.is_possible()) return false;
  const std::string index_path = bundle::index_path(prefix), folder = io::parent_directory(prefix);
  const std::optional<std::string> graph_bytes = graph_of_parts(parts, files);
  if (!files.is_directory(folder)) {  // which is not made for what is refused
    GraphKeys graph(graph_bytes, index_path);
    if (!merged.write(0, [](std::string_view) {}, &graph) || graph.is_any_missing()) return false;
    files.create_directories(folder, durability);
  }
  GraphKeys graph(graph_bytes, index_path);
  Publication publication(files, prefix, durability, merged.num_shards());
  io::TemporaryFile index(files, index_path, has_index(prefix, files) ? index_path : std::string());
  NewShards shards(files, prefix, durability, 1);
  if (!write_index(merged, publication.number_of(0), index.file(), &graph)) return false;
  try {
    if (!copy.copy(merged, shards, files)) return false;
  } catch (const Error& error) {
    for (const ErrorCode code : {ErrorCode::data_loss, ErrorCode::not_found})
      if (error.code() == code) return false;
    throw;
  }
  publication.publish(
      {}, false,
      [&](bool is_named) {
        if (!is_named) return shards.remove_named();
        for (std::size_t i = 0; i < shards.list().size(); ++i)
          shards.rename(i, publication.data_path(static_cast<std::int32_t>(i)));
      },
      nullptr, &index);
  publication.remove_old();
  return true;
}

// Copies the tensors one by one, of parts of any form, and tells what is wrong with them.
inline void copy_tensors(std::span<const std::string> parts, MergedTables& merged, const std::string& prefix,
                         Durability durability, io::FileSystem& files) {
  const std::optional<std::string> graph = graph_of_parts(parts, files);
  for (const Finding& finding : missing_in(merged.decoded(), graph, bundle::index_path(prefix)))
    core::detail::fail(ErrorCode::data_loss,
                       {"the parts do not make a whole checkpoint: ", finding.problem,
                        "; a part is missing, or was not written to its end"},
                       {.file = finding.file, .key = finding.key});
  core::detail::Vec<core::detail::Own<const bundle::Reader>> readers;
  for (const std::string& part : parts) readers.push_back(core::detail::make_own<const bundle::Reader>(part, files));
  BundleWriter writer(prefix, {.durability = durability}, files);
  writer.keep_header(readers.front()->index(), merged.num_shards());
  for (const core::detail::Own<const bundle::Reader>& reader : readers)
    for (const auto& shard : bundle::contents(*reader)) {
      writer.begin_shard();
      for (const bundle::StoredTensor& item : shard.second) add_item(writer, *reader, item);
    }
  writer.finish();
}

inline void copy_parts(std::span<const std::string> parts, const std::string& prefix, Durability durability,
                       io::FileSystem& files) {
  MergeCopy copy;
  MergedTables merged(files, parts, MergedTables::Numbers::by_number,
                      [&](const PartEntries& entry) { copy.see(entry); });
  if (!copy_files(parts, merged, copy, prefix, durability, files))
    copy_tensors(parts, merged, prefix, durability, files);
}

}  // namespace CAIRN_NAMESPACE::bundle::detail

namespace CAIRN_NAMESPACE::bundle {

// Returns true for a checkpoint that is whole only together with others, as each writer of one save leaves it: it has
// some, but not all, of the parts of a partitioned tensor or of the keys that its object graph names. Throws Error with
// ErrorCode::not_found when there is no such checkpoint, ErrorCode::data_loss for a damaged one,
// ErrorCode::unimplemented for one of a newer format.
[[nodiscard]] inline bool is_part(const PathArgument& prefix, io::FileSystem& files = io::native()) {
  const Reader reader(prefix, files);
  const std::string path = index_path(reader.prefix());
  detail::GraphKeys graph(detail::graph_text(reader), path);
  for (EntryReader each(reader); each.next();) {
    graph.pass(each.key());
    const Entry& entry = each.entry();
    if (entry.slices.empty() || !entry.shape.checked_num_elements()) continue;
    EntryList parts;
    for (const TensorSlice& slice : entry.slices) {
      std::string key = format::detail::encode_slice_key(each.key(), slice);
      if (const Entry* const part = each.reader().find_part(key)) parts.push_back({std::move(key), *part});
    }
    if (!detail::has_all_parts(each.key(), entry, std::move(parts), path)) return true;
  }
  return graph.is_any_missing();
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
  if (options.keep_parts) {
    detail::copy_parts(parts, prefix, options.durability, watch.files());
    return watch.finish();
  }
  detail::MergedTables merged(watch.files(), parts, detail::MergedTables::Numbers::by_use,
                              [](const detail::PartEntries&) {});
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
  const core::detail::Vec<detail::MergedTables::Shard>& shards = merged.shards();
  detail::Publication publication(files, prefix, options.durability, merged.num_shards());

  core::detail::Vec<std::pair<std::string, std::string>> renames;
  for (std::size_t i = 0; i < shards.size(); ++i) {
    std::string target = publication.data_path(static_cast<std::int32_t>(i));
    if (!detail::is_renamed_already(files, parts[shards[i].part], shards[i], target))
      renames.emplace_back(shards[i].path, std::move(target));
  }
  files.create_directories(io::parent_directory(prefix), options.durability);
  const std::string path = index_path(prefix);
  io::TemporaryFile index(files, path, detail::has_index(prefix, files) ? path : std::string());
  static_cast<void>(detail::write_index(merged, publication.number_of(0), index.file()));
  std::size_t renamed = 0;
  publication.publish(
      {}, true,
      [&](bool is_named) {
        if (is_named)
          for (; renamed < renames.size(); ++renamed) files.rename(renames[renamed].first, renames[renamed].second);
        else
          for (; renamed > 0; --renamed) files.rename(renames[renamed - 1].second, renames[renamed - 1].first);
      },
      nullptr, &index);
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
