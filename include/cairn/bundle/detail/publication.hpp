// How a bundle whose files are complete under other names becomes the one of its prefix, at one instant.
//
//   index temp -> fsync -> rename data -> fsync directory, if an index is there -> rename index -> fsync directory
//   -> remove the data files of the old one -> fsync directory
//
// The rename of the index is the instant. Where the prefix has a bundle already, its data files are not touched before
// that: the new ones take names beside them.
#pragma once

#include "../../core/detail/fail.hpp"
#include "../../core/detail/function_ref.hpp"
#include "../../core/detail/own.hpp"
#include "../../core/durability.hpp"
#include "../../io/file_system.hpp"
#include "../../io/publish.hpp"
#include "../files.hpp"
#include "../index.hpp"
#include "../naming.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <utility>

namespace CAIRN_NAMESPACE::bundle::detail {

// Throws the Error of a step that failed when the checkpoint was complete already.
[[noreturn]] inline void fail_after_complete(const std::string& prefix, const Error& error) {
  core::detail::fail(error.code(),
                     {"the checkpoint \"", prefix, "\" is complete, but what follows failed: ", error.what()},
                     {.file = error.file()});
}

class Publication {
 public:
  // Looks at what the prefix has, for a bundle of so many shards.
  CAIRN_COLD Publication(io::FileSystem& files, std::string prefix, Durability durability, std::int32_t num_shards)
      : files_(&files), prefix_(std::move(prefix)), durability_(durability), num_shards_(num_shards) {
    exists_ = has_index(prefix_, files);
    if (!exists_) return;
    try {
      old_shards_ = bundle::read_index(files, bundle::index_path(prefix_)).num_shards;
      if (old_shards_ == num_shards) shift_ = 1;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::data_loss && error.code() != ErrorCode::unimplemented) throw;
      // Not ours to judge which data files a damaged index used: none is replaced or removed.
      while (any_name_is_taken()) ++shift_;
    }
  }

  // For a prefix that has a bundle of `old_shards` shards.
  Publication(io::FileSystem& files, std::string prefix, Durability durability, std::int32_t num_shards,
              std::int32_t old_shards)
      : files_(&files),
        prefix_(std::move(prefix)),
        durability_(durability),
        num_shards_(num_shards),
        exists_(true),
        shift_(old_shards == num_shards ? 1 : 0),
        old_shards_(old_shards) {}

  // The names of the new data files are shard k of n, or k + 1 of n + 1 where the old index uses those. TensorFlow
  // opens only shards that an entry names, so that the one left out need not exist.
  [[nodiscard]] std::int32_t num_shards() const noexcept { return num_shards_ + shift_; }
  [[nodiscard]] std::int32_t number_of(std::int32_t shard) const noexcept { return shard + shift_; }
  [[nodiscard]] std::string data_path(std::int32_t shard) const {
    return bundle::data_path(prefix_, number_of(shard), num_shards());
  }

  // name_data(true) gives the data files, which are on the disk, their names. When anything fails before the index has
  // its name, name_data(false) undoes that, the prefix is what it was, and the error is thrown.
  // `second_name` is WriterOptions'. An index that was written piece by piece already is `written`.
  CAIRN_COLD void publish(std::string_view index_bytes, bool sync_data_names,
                          core::detail::FunctionRef<void(bool)> name_data, std::string* second_name = nullptr,
                          io::TemporaryFile* written = nullptr) {
    const std::string path = bundle::index_path(prefix_);
    io::TemporaryFile* const made =
        written != nullptr ? nullptr : new io::TemporaryFile(*files_, path, exists_ ? path : std::string());
    const core::detail::Own<io::TemporaryFile> owner(made);
    if (made != nullptr) made->file().write(0, std::as_bytes(std::span(index_bytes)));
    io::TemporaryFile& index = made != nullptr ? *made : *written;
    index.finish(durability_);
    try {
      name_data(true);
      // Two renames may reach the disk in any order; the old index must not be replaced before the new data is there.
      if (durability_ == Durability::full && (exists_ || sync_data_names))
        files_->sync_directory(io::parent_directory(prefix_));
      const auto second = second_name != nullptr ? io::TemporaryFile::second_of(*files_, index.path(), path) : nullptr;
      index.rename_to(path);
      if (second_name != nullptr && second != nullptr) *second_name = second->release();
    } catch (...) {
      // The data files go back, unless the index may have got its name after all.
      try {
        if (!index.path().empty() && files_->exists(index.path())) name_data(false);
      } catch (...) {  // NOLINT(bugprone-empty-catch)
        // Without an index the files are no checkpoint; the next save replaces them.
      }
      throw;
    }
  }

  // After publish(): what failed here has not harmed the new bundle, and the error says so.
  CAIRN_COLD void remove_old() {
    try {
      const std::string folder = io::parent_directory(prefix_);
      if (durability_ == Durability::full) files_->sync_directory(folder);
      if (old_shards_ == 0) return;
      for (const std::string& path : bundle::data_files(prefix_, *files_, old_shards_)) files_->remove(path);
      if (durability_ == Durability::full) files_->sync_directory(folder);
    } catch (const Error& error) {
      fail_after_complete(prefix_, error);
    }
  }

 private:
  [[nodiscard]] CAIRN_COLD bool any_name_is_taken() const {
    for (std::int32_t shard = 0; shard < num_shards_; ++shard)
      if (files_->exists(data_path(shard))) return true;
    return false;
  }

  io::FileSystem* files_;
  std::string prefix_;
  Durability durability_;
  std::int32_t num_shards_;
  bool exists_ = false;
  std::int32_t shift_ = 0;
  std::int32_t old_shards_ = 0;  // whose data files are removed; 0 for none
};

}  // namespace CAIRN_NAMESPACE::bundle::detail
