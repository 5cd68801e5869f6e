// The data files of a bundle that is being written, under temporary names: how many there will be, and so what they
// will be called, is known at the end only.
#pragma once

#include "../../core/detail/maps.hpp"
#include "../../core/detail/own.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/durability.hpp"
#include "../../io/file_system.hpp"
#include "../../io/publish.hpp"
#include "../naming.hpp"
#include "layout.hpp"
#include "publication.hpp"
#include "sharding.hpp"

#include <cstdint>
#include <string>
#include <utility>

namespace cairn::bundle::detail {

class TemporaryShards {
 public:
  // `alignment` is 1 or more.
  TemporaryShards(io::FileSystem& files, std::string prefix, Durability durability, std::uint64_t alignment)
      : files_(&files), prefix_(std::move(prefix)), durability_(durability), alignment_(alignment) {}

  // Keeps room for `size` bytes at the end of a shard, padding behind them included, and says where it begins.
  [[nodiscard]] std::uint64_t claim(ShardId shard, std::uint64_t size) {
    Shard& claimed = shards_[shard];
    return std::exchange(claimed.end, claimed.end + size + padding(size));
  }
  // How many zeros stand behind `size` bytes.
  [[nodiscard]] std::uint64_t padding(std::uint64_t size) const noexcept {
    return (alignment_ - size % alignment_) % alignment_;
  }

  // The shard's file, made when it is first asked for. Shards that are filled in order are asked for in order: the one
  // before is complete then, is put on the disk and closed, so that few files are open.
  [[nodiscard]] io::WritableFile& file(ShardId shard) {
    if (shard > filled_) finish(std::exchange(filled_, shard));
    Shard& wanted = shards_[shard];
    if (wanted.file == nullptr) {
      if (!std::exchange(has_folder_, true)) files_->create_directories(io::parent_directory(prefix_), durability_);
      wanted.file = core::detail::make_own<io::TemporaryFile>(*files_, bundle::data_path(prefix_, 0, 1),
                                                              bundle::index_path(prefix_));
      constexpr std::uint64_t worth_reserving = std::uint64_t{1} << 20;
      if (wanted.end >= worth_reserving) wanted.file->file().reserve(wanted.end);
    }
    return wanted.file->file();
  }

  // After the last write to one of them, or to any. A bundle has one data file at least.
  void finish(ShardId shard) {
    Shard& complete = shards_[shard];
    if (complete.file == nullptr || std::exchange(complete.is_finished, true)) return;
    complete.file->finish(durability_);
    complete.is_durable = durability_ == Durability::full;
  }
  void finish() {
    if (shards_.empty()) (void)file(0);
    for (const auto& item : shards_) finish(item.key);
  }

  // Takes over a file that is complete; nothing is claimed or written in this shard.
  void adopt(ShardId shard, core::detail::Own<io::TemporaryFile> file, bool is_durable) {
    Shard& adopted = shards_[shard];
    adopted.file = std::move(file);
    adopted.is_finished = true;
    adopted.is_durable = is_durable;
  }

  // Which files they are, after finish(), under the names that they will have.
  [[nodiscard]] core::detail::Vec<DataFile> data_files(const ShardPlanner& planner,
                                                       const Publication& publication) const {
    core::detail::Vec<DataFile> found(shards_.size());
    for (const auto& [id, shard] : shards_) {
      const std::int32_t number = planner.number_of(id);
      const auto opened = files_->open(shard.file->path());
      found[static_cast<std::size_t>(number)] = {publication.data_path(number), opened->size(), opened->version(),
                                                 shard.is_durable};
    }
    return found;
  }

  // Gives each file the name that `path_of(ShardId)` says.
  template <class PathOf>
  void rename(const PathOf& path_of) {
    for (auto& [id, shard] : shards_) {
      std::string path = path_of(id);
      shard.file->rename_to(path);
      shard.path = std::move(path);
    }
  }
  // Removes what rename() has renamed.
  void take_back() {
    for (auto& item : shards_)
      if (!item.value.path.empty()) files_->remove(std::exchange(item.value.path, {}));
  }

 private:
  struct Shard {
    std::uint64_t end = 0;
    core::detail::Own<io::TemporaryFile> file;
    bool is_finished = false;
    bool is_durable = false;  // its bytes are on the disk
    std::string path;         // once it has its name
  };

  io::FileSystem* files_;
  std::string prefix_;
  Durability durability_;
  std::uint64_t alignment_;
  core::detail::HashMap<ShardId, Shard> shards_;  // in the order in which they were begun
  ShardId filled_ = 0;
  bool has_folder_ = false;
};

}  // namespace cairn::bundle::detail
