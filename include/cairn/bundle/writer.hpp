// Writes a bundle: tensors are planned, written to a temporary data file, and published by two renames.
//
//   cairn::bundle::Writer writer("training/ckpt-3");
//   writer.add("model/kernel/.ATTRIBUTES/VARIABLE_VALUE", view);
//   writer.finish();
//
//   data temp -> fsync -> index temp -> fsync -> rename data -> rename index -> fsync directory
//
// The rename of the index is the instant at which the checkpoint exists, or is the new one. Where the prefix has a
// checkpoint already, its data file is not touched: the new one takes a name beside it, and the old one goes
// afterwards.
#pragma once

#include "../core/error.hpp"
#include "../format/crc32c.hpp"
#include "../io/file_system.hpp"
#include "../io/posix.hpp"
#include "../io/publish.hpp"
#include "../tensor/tensor_view.hpp"
#include "files.hpp"
#include "index.hpp"
#include "naming.hpp"
#include "piece_writer.hpp"
#include "string_tensor.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace cairn::bundle {

struct WriterOptions {
  bool durable = true;  // fsync before each rename, and the directory after it; without it the order is the same
};

// A writer belongs to one thread. Two writers must not work on one prefix at the same time.
class Writer {
 public:
  // Touches nothing yet.
  explicit Writer(std::string prefix, WriterOptions options = {}, io::FileSystem& files = io::posix())
      : files_(&files), prefix_(std::move(prefix)), options_(options) {}
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  // Without finish(): removes the temporary files, and the prefix is what it was.
  ~Writer() = default;

  [[nodiscard]] const std::string& prefix() const noexcept { return prefix_; }

  // Plans a tensor; the order of calls is the order in the data file. Its memory must stay as it is until flush() or
  // finish(). Throws Error: already_exists for a key that was added before, invalid_argument for an empty one.
  void add(std::string key, TensorView tensor) {
    Entry entry;
    entry.dtype = tensor.dtype();
    entry.shape = tensor.shape();
    entry.size = tensor.dtype() == DT_STRING ? encoded_size(tensor.strings()) : tensor.bytes().size();
    plan(std::move(key), std::move(entry), {tensor.bytes(), tensor.strings(), false});
  }

  // Plans a tensor by its bytes in another bundle (Reader::read_stored): they go over as they are, whatever they mean.
  // dtype, shape, size and crc32c are the entry's there; the byte order must be this machine's.
  void add_stored(std::string key, Entry entry, std::span<const std::byte> bytes) {
    if (!entry.slices.empty() || entry.size != bytes.size())
      throw Error(ErrorCode::invalid_argument, "the stored bytes of \"" + key +
                                                   "\" must be a whole tensor's: " + std::to_string(entry.size) +
                                                   " bytes, not " + std::to_string(bytes.size()))
          .at_key(key);
    plan(std::move(key), std::move(entry), {bytes, {}, true});
  }

  // Writes what was planned so far to the temporary data file; its memory may go then. Throws Error when that fails;
  // nothing more can be done with the writer then.
  void flush() {
    require(State::open);
    state_ = State::failed;
    write_planned();
    state_ = State::open;
  }

  // Writes the rest and publishes. Once. Throws Error when anything fails: then the prefix is what it was, except when
  // the error says that the checkpoint itself is complete. The directory is made if it is missing.
  void finish() {
    require(State::open);
    state_ = State::failed;
    const std::string index_file = index_path(prefix_);
    write_planned();
    data_->finish(options_.durable);
    const Previous previous = look_at_previous(index_file);
    const std::string data_file = data_path(prefix_, previous.free_shard, previous.free_shard + 1);

    io::TemporaryFile index(*files_, index_file);
    index.file().write(0, std::as_bytes(std::span<const char>(build_index(previous.free_shard))));
    index.finish(options_.durable);

    const std::string folder = io::parent_directory(prefix_);
    data_->rename_to(data_file);
    try {
      // Two renames may reach the disk in any order; the old index must not be replaced before the new data is there.
      if (previous.exists && options_.durable) files_->sync_directory(folder);
      index.rename_to(index_file);
    } catch (...) {
      take_back(index.path(), data_file);
      throw;
    }
    state_ = State::finished;
    try {
      if (options_.durable) files_->sync_directory(folder);
      if (previous.removable_shards != 0) {
        for (const std::string& path : data_files(prefix_, *files_, previous.removable_shards)) files_->remove(path);
        if (options_.durable) files_->sync_directory(folder);
      }
    } catch (const Error& error) {
      throw Error(error.code(),
                  "the checkpoint \"" + prefix_ + "\" is complete, but what follows failed: " + error.what())
          .in_file(error.file());
    }
  }

 private:
  enum class State { open, failed, finished };

  struct Source {
    std::span<const std::byte> bytes;
    std::span<const std::string> strings;
    bool is_stored = false;  // the bytes and their checksum are another bundle's
  };

  // What the prefix has before the index is renamed.
  struct Previous {
    bool exists = false;
    // The new data file is shard k of k + 1: a name that the old index does not use. TensorFlow opens only shards that
    // an entry names, so that the others need not exist.
    std::int32_t free_shard = 0;
    std::int32_t removable_shards = 0;  // the old data files are those of so many; 0 for none
  };

  void require(State state) const {
    if (state_ == state) return;
    throw Error(ErrorCode::failed_precondition,
                "the checkpoint \"" + prefix_ + "\" " +
                    (state_ == State::finished ? "was finished already; use a new writer for each"
                                               : "could not be written; begin again with a new writer"))
        .in_file(index_path(prefix_));
  }

  void plan(std::string key, Entry entry, Source source) {
    require(State::open);
    if (key.empty())
      throw Error(ErrorCode::invalid_argument,
                  "a tensor of checkpoint \"" + prefix_ + "\" has an empty key, which is the header's; give it a name");
    if (key_set_.contains(key))
      throw Error(ErrorCode::already_exists, "the key \"" + key + "\" is added to checkpoint \"" + prefix_ + "\" twice")
          .at_key(key);
    entry.shard = 0;
    entry.offset = planned_end_;
    planned_end_ += entry.size;
    entries_.emplace_back(std::move(key), std::move(entry));
    key_set_.insert(entries_.back().first);
    sources_.push_back(source);
  }

  void write_planned() {
    if (data_ == nullptr) {
      files_->create_directories(io::parent_directory(prefix_), options_.durable);
      data_ = std::make_unique<io::TemporaryFile>(*files_, data_path(prefix_, 0, 1));
      constexpr std::uint64_t worth_reserving = std::uint64_t{1} << 20;
      if (planned_end_ >= worth_reserving) data_->file().reserve(planned_end_);
    }
    const std::size_t first = entries_.size() - sources_.size();
    write_range(first, entries_.size(), sources_);
    sources_.clear();
  }

  // Writes the tensors [first, last) to their places and completes their entries. Ranges that do not overlap have
  // nothing in common but the file, so that each may have a thread of its own.
  void write_range(std::size_t first, std::size_t last, std::span<const Source> sources) {
    if (first == last) return;
    detail::PieceWriter out(data_->file(), entries_[first].second.offset);
    for (std::size_t i = first; i < last; ++i) {
      Entry& entry = entries_[i].second;
      const Source& source = sources[i - first];
      if (entry.dtype == DT_STRING && !source.is_stored) {
        entry.crc32c = encode_strings(source.strings, [&](std::span<const std::byte> bytes) { out.append(bytes); });
        continue;
      }
      std::uint32_t crc = 0;
      for (auto rest = source.bytes; !rest.empty(); rest = rest.subspan(std::min(rest.size(), io::piece_bytes))) {
        const auto piece = rest.first(std::min(rest.size(), io::piece_bytes));
        if (!source.is_stored) crc = format::extend_crc32c(crc, piece);
        out.append(piece);
      }
      if (!source.is_stored) entry.crc32c = format::mask_crc(crc);
    }
    out.flush();
  }

  [[nodiscard]] Previous look_at_previous(const std::string& index_file) const {
    Previous previous;
    previous.exists = files_->exists(index_file);
    if (!previous.exists) return previous;
    try {
      previous.removable_shards = read_index(*files_, index_file).num_shards;
      previous.free_shard = previous.removable_shards == 1 ? 1 : 0;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::data_loss && error.code() != ErrorCode::unimplemented) throw;
      // Not ours to judge which data file a damaged index used: none is replaced or removed.
      while (files_->exists(data_path(prefix_, previous.free_shard, previous.free_shard + 1))) ++previous.free_shard;
    }
    return previous;
  }

  [[nodiscard]] std::string build_index(std::int32_t shard) {
    Index index;
    key_set_.clear();  // its views end here
    index.num_shards = shard + 1;
    for (auto& [key, entry] : entries_) entry.shard = shard;
    index.entries.assign(std::make_move_iterator(entries_.begin()), std::make_move_iterator(entries_.end()));
    return encode_index(std::move(index));
  }

  // After a failed rename of the index: the data file goes, unless the index may have got its name after all.
  void take_back(const std::string& index_temporary, const std::string& data_file) const noexcept {
    try {
      if (!index_temporary.empty() && files_->exists(index_temporary)) files_->remove(data_file);
    } catch (
        ...) {  // NOLINT(bugprone-empty-catch): without an index the file is no checkpoint; the next save replaces it
    }
  }

  io::FileSystem* files_;
  std::string prefix_;
  WriterOptions options_;
  State state_ = State::open;
  std::deque<std::pair<std::string, Entry>> entries_;  // in order of add; a deque, so that keys stay where they are
  std::unordered_set<std::string_view> key_set_;       // of entries_
  std::vector<Source> sources_;                        // of the last entries_, those that are not written yet
  std::uint64_t planned_end_ = 0;
  std::unique_ptr<io::TemporaryFile> data_;
};

}  // namespace cairn::bundle
