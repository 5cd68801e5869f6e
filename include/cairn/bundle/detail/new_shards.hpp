// The data files of a bundle that is being written, under temporary names: how many there will be, and so what they
// will be called, is known at the end only.
#pragma once

#include "../../core/detail/own.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/durability.hpp"
#include "../../io/file_system.hpp"
#include "../../io/publish.hpp"
#include "../naming.hpp"
#include "sharding.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace CAIRN_NAMESPACE::bundle::detail {

struct NewShard {
  ShardId id;
  std::uint64_t end = 0;  // of what is planned in it, padding included
  core::detail::Own<io::TemporaryFile> file = {};
  bool is_finished = false;
  bool is_durable = false;  // its bytes are on the disk
  std::string path = {};    // once it has its name
};

class NewShards {
 public:
  // `alignment` is 1 or more.
  NewShards(io::FileSystem& files, std::string prefix, Durability durability, std::uint64_t alignment)
      : files_(&files), prefix_(std::move(prefix)), durability_(durability), alignment_(alignment) {}

  // In the order in which they were begun.
  [[nodiscard]] const core::detail::Vec<NewShard>& list() const noexcept { return list_; }

  // The bytes of all that were claimed.
  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }

  // Keeps room for `size` bytes at the end of a shard, padding behind them included, and says where it begins.
  [[nodiscard]] std::uint64_t claim(ShardId id, std::uint64_t size) {
    NewShard& claimed = shard(id);
    const std::uint64_t padded = size + (alignment_ - size % alignment_) % alignment_;
    bytes_ += padded;
    return std::exchange(claimed.end, claimed.end + padded);
  }

  // The shard's file, made when it is first asked for. Shards that are filled in order are asked for in order: the one
  // before is complete then, is put on the disk and closed, so that few files are open.
  [[nodiscard]] CAIRN_COLD io::WritableFile& file(ShardId id) {
    if (id > filled_) finish(shard(std::exchange(filled_, id)));
    NewShard& wanted = shard(id);
    if (wanted.file == nullptr) {
      try {
        wanted.file = new_file();
      } catch (const Error& error) {
        if (error.code() != ErrorCode::not_found) throw;
        files_->create_directories(io::parent_directory(prefix_), durability_);
        wanted.file = new_file();
      }
      constexpr std::uint64_t worth_reserving = std::uint64_t{1} << 20;
      if (wanted.end >= worth_reserving) wanted.file->file().reserve(wanted.end);
    }
    return wanted.file->file();
  }

  // After the last write to one of them, or to any. A bundle has one data file at least.
  void finish(ShardId id) { finish(shard(id)); }
  void finish() {
    if (list_.empty()) (void)file(0);
    for (NewShard& each : list_) finish(each);
  }

  // Takes over a file that is complete; nothing is claimed or written in this shard.
  void adopt(ShardId id, core::detail::Own<io::TemporaryFile> file, bool is_durable) {
    list_.push_back({id, 0, std::move(file), true, is_durable});
  }

  // Gives a shard the name `path`; remove_named() takes the names back that were given.
  void rename(std::size_t place, std::string path) {
    list_[place].file->rename_to(path);
    list_[place].path = std::move(path);
  }
  CAIRN_COLD void remove_named() {
    for (NewShard& each : list_)
      if (!each.path.empty()) files_->remove(std::exchange(each.path, {}));
  }

 private:
  [[nodiscard]] NewShard& shard(ShardId id) {
    if (last_ >= list_.size() || list_[last_].id != id) {  // mostly it is the one that was asked for before
      for (last_ = list_.size(); last_ > 0 && list_[last_ - 1].id != id; --last_) {}
      if (last_-- == 0) {
        last_ = list_.size();
        list_.push_back({id});
      }
    }
    return list_[last_];
  }
  [[nodiscard]] CAIRN_COLD core::detail::Own<io::TemporaryFile> new_file() const {
    return core::detail::make_own<io::TemporaryFile>(*files_, bundle::data_path(prefix_, 0, 1),
                                                     bundle::index_path(prefix_));
  }
  void finish(NewShard& complete) {
    if (complete.file == nullptr || std::exchange(complete.is_finished, true)) return;
    complete.file->finish(durability_);
    complete.is_durable = durability_ == Durability::full;
  }

  io::FileSystem* files_;
  std::string prefix_;
  Durability durability_;
  std::uint64_t alignment_;
  core::detail::Vec<NewShard> list_;
  std::uint64_t bytes_ = 0;
  std::size_t last_ = 0;  // the place of the one that was asked for last
  ShardId filled_ = 0;
};

}  // namespace CAIRN_NAMESPACE::bundle::detail
