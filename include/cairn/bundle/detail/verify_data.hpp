// Reads every byte of a bundle's data files, once and in the order in which they lie there, and compares the checksums.
//
//   entries + parts, sorted by shard and offset  ->  findings, and the object graph's bytes in passing
#pragma once

#include "../../core/detail/maps.hpp"
#include "../../core/detail/sort.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/error.hpp"
#include "../../io/file_system.hpp"
#include "../files.hpp"
#include "../finding.hpp"
#include "../index.hpp"
#include "../naming.hpp"
#include "copy_stored.hpp"
#include "read_ahead.hpp"
#include "shards.hpp"
#include "stored_bytes.hpp"
#include "string_tensor.hpp"
#include "unused_bytes.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::bundle::detail {

class DataVerifier {
 public:
  // All must outlive it. `is_complete`: the index is known in whole, so that bytes of nobody are one more problem.
  DataVerifier(io::FileSystem& files, const std::string& prefix, const bundle::Index& index, bool is_complete,
               Findings& findings)
      : files_(files),
        prefix_(prefix),
        index_(index),
        is_complete_(is_complete),
        findings_(findings),
        legality_(files, prefix, index.num_shards),
        unused_(index.unused_bytes),
        has_unused_(unused_.next()) {}

  void run() {
    core::detail::Vec<Stored> stored;
    stored.reserve(index_.entries.size() + index_.slices.size());
    for (const auto* const list : {&index_.entries, &index_.slices})
      for (const auto& [key, entry] : *list)
        if (is_legal(key, entry) && entry.slices.empty()) stored.push_back({&key, &entry});
    core::detail::sort(stored, [](const Stored& a, const Stored& b) {
      const bundle::Entry &x = *a.entry, &y = *b.entry;
      if (x.shard != y.shard) return x.shard < y.shard;
      if (x.offset != y.offset) return x.offset < y.offset;
      return x.size != y.size ? x.size < y.size : *a.key < *b.key;
    });
    alignment_ = alignment_of(stored);
    std::uint64_t bytes = 0;
    for (const Stored& each : stored) bytes += each.entry->size;
    files_.expect(bytes);
    core::detail::Vec<std::int32_t> used;
    for (const Stored* begin = stored.data(); begin != stored.end();) {
      const std::int32_t shard = begin->entry->shard;
      const Stored* end = begin + 1;
      while (end != stored.end() && end->entry->shard == shard) ++end;
      read_shard(shard, begin, end);
      used.push_back(shard);
      begin = end;
    }
    read_unused_shards(used);
  }

  // The serialized object graph, when there is one and its bytes are good.
  [[nodiscard]] const std::optional<std::string>& object_graph() const noexcept { return object_graph_; }

 private:
  struct Stored {
    const std::string* key;
    const bundle::Entry* entry;
  };
  using Place = core::detail::Vec<Stored>::const_iterator;

  // What all tensors are aligned at; 0 when there are no gaps between them, so that nobody aligned anything.
  [[nodiscard]] static std::uint64_t alignment_of(const core::detail::Vec<Stored>& stored) {
    std::uint64_t alignment = 0, end = 0;
    bool has_gap = false;
    for (std::size_t i = 0; i < stored.size(); ++i) {
      const bundle::Entry& entry = *stored[i].entry;
      has_gap = has_gap || (i > 0 && stored[i - 1].entry->shard == entry.shard && entry.offset > end);
      alignment = std::gcd(alignment, entry.offset);
      end = entry.offset + entry.size;
    }
    return has_gap ? alignment : 0;
  }

  // True when [begin, end) of the shard are said to be unused. It is asked in the order of the shards and their bytes.
  [[nodiscard]] bool is_unused(std::int32_t shard, std::uint64_t begin, std::uint64_t end) {
    const auto wanted = static_cast<std::uint64_t>(shard);
    while (has_unused_ && (unused_.shard < wanted || (unused_.shard == wanted && unused_.offset < begin)))
      has_unused_ = unused_.next();
    return has_unused_ && unused_.shard == wanted && unused_.offset == begin && unused_.size == end - begin;
  }

  [[nodiscard]] bool is_legal(const std::string& key, const bundle::Entry& entry) {
    try {
      legality_.require_legal(key, entry);
      return true;
    } catch (const Error& error) {
      findings_.add(error, bundle::index_path(prefix_), key);
      is_complete_ = false;
      return false;
    }
  }

  [[nodiscard]] std::unique_ptr<io::ReadableFile> open(const std::string& path, const std::string& problem,
                                                       const std::string& key) {
    try {
      return files_.open(path);
    } catch (const Error& error) {
      if (error.code() == ErrorCode::not_found)
        findings_.add(path, std::nullopt, key, "\"" + path + "\" is missing; " + problem);
      else
        findings_.add(error, path, key);
      return nullptr;
    }
  }

  void read_shard(std::int32_t shard, Place begin, Place end) {
    const std::string path = bundle::data_path(prefix_, shard, index_.num_shards);
    const auto file = open(path, std::to_string(end - begin) + " tensors are in it", *begin->key);
    if (file == nullptr) return;
    ReadAhead ahead;  // small tensors are read together
    ahead.use(*file);
    bool all_there = is_complete_;
    std::uint64_t read_to = 0;
    for (Place at = begin; at != end; ++at) {
      const bundle::Entry& entry = *at->entry;
      if (!entry.fits(file->size())) {
        findings_.add(path, file->size(), *at->key,
                      "\"" + path + "\" ends at byte " + std::to_string(file->size()) + ", but \"" + *at->key +
                          "\" takes " + std::to_string(entry.size) + " bytes from byte " +
                          std::to_string(entry.offset) + "; the file was cut");
        all_there = false;
        continue;
      }
      if (entry.offset < read_to && entry.size != 0) {
        findings_.add(path, entry.offset, *at->key,
                      "\"" + *at->key + "\" begins at byte " + std::to_string(entry.offset) + " of \"" + path +
                          "\", where another tensor still has its bytes up to byte " + std::to_string(read_to));
        read_to = std::max(read_to, entry.offset + entry.size);
        continue;
      }
      if (all_there && entry.offset > read_to && !is_unused(shard, read_to, entry.offset))
        read_gap(ahead, path, read_to, entry.offset);
      read_tensor(ahead, path, *at->key, entry);
      read_to = std::max(read_to, entry.offset + entry.size);
    }
    if (all_there && file->size() > read_to && !is_unused(shard, read_to, file->size()))
      read_tail(ahead, path, read_to);
  }

  // Behind the last tensor there is nothing, or the padding of a writer that aligns tensors: to what the others are
  // aligned at, or to a round number.
  void read_tail(const io::ReadableFile& file, const std::string& path, std::uint64_t begin) {
    constexpr std::uint64_t max_padding = 4096;
    constexpr std::uint64_t usual_alignment = 64;
    const std::uint64_t end = file.size();
    const bool is_round = end - begin < max_padding && end % usual_alignment == 0;
    const bool is_aligned = alignment_ != 0 && end - begin < std::gcd(alignment_, end);
    if (is_round || is_aligned) return read_gap(file, path, begin, end);
    findings_.add(
        path, begin, {},
        "\"" + path + "\" has " + std::to_string(end - begin) + " bytes behind its last tensor that belong to none");
  }

  // Zeros between tensors are padding, which writers may align tensors with; anything else belongs to a tensor.
  void read_gap(const io::ReadableFile& file, const std::string& path, std::uint64_t begin, std::uint64_t end) {
    try {
      StoredBytes gap(file, begin, end - begin, "", path);
      for (std::uint64_t at = begin; at < end;) {
        const std::span<const std::byte> piece = gap.next_piece(end - at);
        std::size_t other = 0;
        while (other < piece.size() && piece[other] == std::byte{}) ++other;
        if (other < piece.size())
          return findings_.add(path, at + other, {},
                               "\"" + path + "\" has bytes between byte " + std::to_string(begin) + " and byte " +
                                   std::to_string(end) + " that are no padding and belong to no tensor");
        at += piece.size();
      }
    } catch (const Error& error) {
      findings_.add(error, path);
    }
  }

  void read_tensor(const io::ReadableFile& file, const std::string& path, const std::string& key,
                   const bundle::Entry& entry) {
    try {
      StoredBytes stored(file, entry.offset, entry.size, key, path);
      const auto count = static_cast<std::uint64_t>(entry.shape.num_elements());
      if (entry.dtype == DT_STRING && key == bundle::object_graph_key && count == 1) {
        object_graph_ =
            std::move(detail::decode_strings(std::move(stored), count, entry.crc32c, index_.big_endian).front());
      } else {
        verify_bytes(std::move(stored), entry, index_.big_endian);
      }
    } catch (const Error& error) {
      if (error.code() == ErrorCode::cancelled) throw;
      // Wherever in the tensor the checksum was found wrong, it is the tensor that is damaged.
      findings_.add(path, error.offset() ? std::min(*error.offset(), entry.offset) : entry.offset, key, error.what());
    }
  }

  // Shards that no tensor is in: empty, or not there, as after a checkpoint was written over another of the same prefix
  // (publication.hpp). The number of shards may be any, so the folder is asked which there are.
  void read_unused_shards(const core::detail::Vec<std::int32_t>& used) {
    const auto total = static_cast<std::uint64_t>(std::max(index_.num_shards, 0));
    if (total == 0 || used.size() >= total) return;
    std::vector<std::string> present;
    try {
      present = bundle::data_files(prefix_, files_, index_.num_shards);
    } catch (const Error& error) {
      return findings_.add(error, prefix_);
    }
    core::detail::HashMap<std::string, bool> is_used;
    for (const std::int32_t shard : used) is_used[bundle::data_path(prefix_, shard, index_.num_shards)] = true;
    for (const std::string& path : present) {
      if (is_used.contains(path)) continue;
      if (const auto file = open(path, "", ""); file != nullptr && file->size() > 0 && is_complete_)
        findings_.add(path, 0, {},
                      "\"" + path + "\" has " + std::to_string(file->size()) + " bytes that belong to no tensor");
    }
  }

  io::FileSystem& files_;
  const std::string& prefix_;
  const bundle::Index& index_;
  bool is_complete_;
  Findings& findings_;
  Shards legality_;
  UnusedRanges unused_;
  bool has_unused_;  // it is at a range
  std::uint64_t alignment_ = 0;
  std::optional<std::string> object_graph_;
};

}  // namespace CAIRN_NAMESPACE::bundle::detail
