// What a manager has yet to delete, and how the next one can tell that it may, when this one is killed.
//
//   second name of the old index -> state file -> remove the old index, its data files, its second name
//   second name of the new index -> its own name -> state file -> remove the second name
//
// A second name is a temporary one. An index that has one and that no state file names is its manager's own: not named
// yet, or no more. As both names are made before the folder is synced, that holds after a power cut as well.
#pragma once

#include "../../../core/detail/function_ref.hpp"
#include "../../../core/detail/vec.hpp"
#include "../../../core/durability.hpp"
#include "../../../core/error.hpp"
#include "../../../io/file_system.hpp"
#include "../../../io/path.hpp"
#include "../../../io/publish.hpp"
#include "leftovers.hpp"
#include "remove_checkpoint.hpp"

#include <algorithm>
#include <exception>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::checkpoint::detail {

// Of `listed`, the sorted names in the directory, when the checkpoint stands in the directory itself; else none.
[[nodiscard]] inline std::span<const std::string> names_beside(const std::string& directory,
                                                               std::span<const std::string> listed,
                                                               const std::string& path) {
  return io::join_path(directory, io::file_name(path)) == path ? listed : std::span<const std::string>();
}

class Deletions {
 public:
  Deletions(io::FileSystem& files, std::string directory, std::string extension, bool with_meta_graphs = false)
      : files_(files),
        directory_(std::move(directory)),
        extension_(std::move(extension)),
        with_meta_graphs_(with_meta_graphs) {}

  // Where a save puts the second name of what it writes.
  [[nodiscard]] std::string* second_name() noexcept { return &second_name_; }

  // Before a save: the one before may have thrown after its files were complete. Nobody will name them.
  CAIRN_COLD void begin_save() {
    if (second_name_.empty()) return;
    const std::string index = second_name_.substr(0, second_name_.rfind(io::temporary_mark));
    if (index.ends_with(extension_))
      drop(index.substr(0, index.size() - extension_.size()), std::exchange(second_name_, {}), true);
    else  // the name was too long for the mark, and says no more whose it is
      names_.push_back({std::exchange(second_name_, {}), Kind::used});
  }

  // A checkpoint that is kept no longer.
  void add(std::string path) { drop(std::move(path), {}, false); }
  // A checkpoint that was saved, perhaps where one was to be deleted.
  CAIRN_COLD void save(const std::string& path) {
    if (!second_name_.empty()) names_.push_back({std::exchange(second_name_, {}), Kind::unnamed});
    erase_if(dropped_, [&](DroppedCheckpoint& each) {
      if (each.path != path) return false;
      if (!each.second_name.empty()) names_.push_back({std::move(each.second_name), Kind::used});
      return true;
    });
  }
  [[nodiscard]] bool contains(const std::string& path) const {
    for (const DroppedCheckpoint& each : dropped_)
      if (each.path == path) return true;
    return false;
  }

  // Before and after the state file is written that names what is kept, and nothing else.
  void prepare_state() {
    for (DroppedCheckpoint& each : dropped_) try {
        each.add_second_name(files_);
      } catch (const Error&) {  // NOLINT(bugprone-empty-catch): then the deletion begins with a rename
      }
  }
  void state_is_written() {
    for (DroppedCheckpoint& each : dropped_) each.is_unnamed = true;
    for (TemporaryName& each : names_)
      if (each.kind == Kind::unnamed) each.kind = Kind::used;
  }

  // After the state file. One file that the disk does not let go keeps none of the others; it is told when they are
  // gone, and asked again by the next call. `listed` are the names in the directory, sorted, when the save began.
  CAIRN_COLD void remove(Durability durability, std::span<const std::string> listed) {
    bool is_checkpoint = !dropped_.empty();
    for (const TemporaryName& each : names_) is_checkpoint = is_checkpoint || each.kind == Kind::leftover;
    std::exception_ptr refusal;
    erase_if(dropped_, [&](DroppedCheckpoint& each) {
      return is_removed(each, names_beside(directory_, listed, each.path), refusal);
    });
    erase_if(names_,
             [&](const TemporaryName& each) { return each.kind != Kind::unnamed && is_removed(each, refusal); });
    if (durability == Durability::full && is_checkpoint) files_.sync_directory(folder());
    if (refusal != nullptr) std::rethrow_exception(refusal);
  }

  // Of killed processes: with the lock, when nobody else is at work here. is_own(path) says whether a checkpoint with a
  // second name, which is there, is to be deleted.
  CAIRN_COLD void take_over(const std::vector<std::string>& listed, std::string_view checkpoint_name,
                            core::detail::FunctionRef<bool(const std::string&)> is_own) {
    dropped_.clear();
    erase_if(names_, [](const TemporaryName& each) { return each.kind == Kind::leftover; });
    for (std::string& name : find_leftovers(listed, checkpoint_name, extension_)) {
      const std::string second = io::join_path(directory_, name);
      const std::string index = second.substr(0, second.rfind(io::temporary_mark));
      const std::string path = index.substr(0, index.size() - std::min(index.size(), extension_.size()));
      if (index.ends_with(extension_) && is_same_file(files_, index, second) && is_own(path))
        drop(path, second, true);
      else
        names_.push_back({std::move(name), Kind::leftover});
    }
  }

  // At the manager's end, with the lock: what the disk refused is tried once more, and what is still left then is put
  // where the next manager finds it, also one of this process.
  CAIRN_COLD void leave() noexcept {
    std::exception_ptr refusal;  // a save has told what the disk refuses
    // Where the state file was not written to the end, the next manager reads whether it names the checkpoint.
    for (DroppedCheckpoint& each : dropped_)
      if (!each.is_unnamed || !is_removed(each, {}, refusal)) leave_to_next(each.second_name);
    for (const TemporaryName& each : names_)
      if (each.kind == Kind::unnamed || (each.kind == Kind::used && !is_removed(each, refusal)))
        leave_to_next(each.path);
    leave_to_next(second_name_);
  }

 private:
  enum class Kind {
    leftover,  // a killed process has left the name, which is relative to the directory
    unnamed,   // the second name of what is kept and not in the state file yet
    used,      // a second name that nobody needs any more
  };
  struct TemporaryName {
    std::string path;
    Kind kind;
  };

  void drop(std::string path, std::string second_name, bool is_unnamed) {
    dropped_.push_back({std::move(path), extension_, std::move(second_name), with_meta_graphs_, is_unnamed});
  }

  // Removes the files. Returns false where the disk refuses that; `refusal` then tells why, if it tells nothing yet.
  [[nodiscard]] bool is_removed(DroppedCheckpoint& checkpoint, std::span<const std::string> listed,
                                std::exception_ptr& refusal) const noexcept {
    try {
      checkpoint.remove(files_, listed);
      return true;
    } catch (...) {
      if (refusal == nullptr) refusal = std::current_exception();
      return false;
    }
  }
  [[nodiscard]] bool is_removed(const TemporaryName& name, std::exception_ptr& refusal) const noexcept {
    try {
      if (name.kind == Kind::leftover)
        remove_leftover(files_, folder(), name.path);
      else
        files_.remove_if_there(name.path);
      return true;
    } catch (...) {
      if (refusal == nullptr) refusal = std::current_exception();
      return false;
    }
  }
  CAIRN_COLD void leave_to_next(const std::string& name) const noexcept {
    try {
      if (!name.empty()) files_.rename(name, io::nobodys_path(name));
    } catch (...) {  // NOLINT(bugprone-empty-catch): then the next process finds it
    }
  }

  [[nodiscard]] std::string folder() const { return directory_.empty() ? "." : directory_; }

  io::FileSystem& files_;
  std::string directory_;
  std::string extension_;
  bool with_meta_graphs_;
  core::detail::Vec<DroppedCheckpoint> dropped_;  // no longer kept, but not deleted yet
  core::detail::Vec<TemporaryName> names_;
  std::string second_name_;  // of the save that is under way
};

}  // namespace CAIRN_NAMESPACE::checkpoint::detail
