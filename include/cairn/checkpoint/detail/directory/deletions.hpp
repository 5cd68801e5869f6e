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

#include <cstddef>
#include <exception>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::checkpoint::detail {

// Of `listed`, the sorted names in the directory, when the checkpoint stands in the directory itself; else none.
[[nodiscard]] inline std::span<const std::string> names_beside(const std::string& directory,
                                                               std::span<const std::string> listed,
                                                               const std::string& path) {
  return io::join_path(directory, io::file_name(path)) == path ? listed : std::span<const std::string>();
}

class Deletions {
 public:
  Deletions(io::FileSystem& files, std::string directory, std::string extension, bool with_meta_graphs = false)
      : files_(&files),
        directory_(std::move(directory)),
        extension_(std::move(extension)),
        with_meta_graphs_(with_meta_graphs) {}

  // Where a save puts the second name of what it writes.
  [[nodiscard]] std::string* second_name() noexcept { return &second_name_; }

  // Before a save: the one before may have thrown after its files were complete. Nobody will name them.
  void begin_save() {
    if (second_name_.empty()) return;
    const std::string index = second_name_.substr(0, second_name_.rfind(io::temporary_mark));
    if (index.ends_with(extension_))
      drop(index.substr(0, index.size() - extension_.size()), std::exchange(second_name_, {}), true);
    else  // the name was too long for the mark, and says no more whose it is
      used_names_.push_back(std::exchange(second_name_, {}));
  }

  // A checkpoint that is kept no longer.
  void add(std::string path) { drop(std::move(path), {}, false); }
  // A checkpoint that was saved, perhaps where one was to be deleted.
  void save(const std::string& path) {
    if (!second_name_.empty()) unnamed_.push_back(std::exchange(second_name_, {}));
    for (const Dropped& each : dropped_)
      if (each.checkpoint.path == path && !each.checkpoint.second_name.empty())
        used_names_.push_back(each.checkpoint.second_name);
    erase_if(dropped_, [&](const Dropped& each) { return each.checkpoint.path == path; });
  }
  [[nodiscard]] bool contains(const std::string& path) const {
    for (const Dropped& each : dropped_)
      if (each.checkpoint.path == path) return true;
    return false;
  }

  // Before and after the state file is written that names what is kept, and nothing else.
  void prepare_state() {
    for (Dropped& each : dropped_) try {
        each.checkpoint.add_second_name(*files_);
      } catch (const Error&) {  // NOLINT(bugprone-empty-catch): then the deletion begins with a rename
      }
  }
  void state_is_written() {
    for (Dropped& each : dropped_) each.is_unnamed = true;
    for (std::string& name : unnamed_) used_names_.push_back(std::move(name));
    unnamed_.clear();
  }

  [[nodiscard]] bool is_empty() const noexcept {
    return dropped_.empty() && leftovers_.empty() && used_names_.empty() && unnamed_.empty();
  }

  // After the state file. One file that the disk does not let go keeps none of the others; it is told when they are
  // gone, and asked again by the next call. `listed` are the names in the directory, sorted, when the save began.
  void remove(Durability durability, std::span<const std::string> listed) {
    const bool is_checkpoint = !dropped_.empty() || !leftovers_.empty();
    std::exception_ptr refusal;
    erase_if(dropped_, [&](Dropped& each) {
      return attempt([&] { each.checkpoint.remove(*files_, names_beside(directory_, listed, each.checkpoint.path)); },
                     &refusal);
    });
    remove_all(leftovers_, [&](const std::string& name) { remove_leftover(*files_, folder(), name); }, refusal);
    remove_all(used_names_, [&](const std::string& path) { files_->remove_if_there(path); }, refusal);
    if (durability == Durability::full && is_checkpoint) files_->sync_directory(folder());
    if (refusal != nullptr) std::rethrow_exception(refusal);
  }

  // Of killed processes: with the lock, when nobody else is at work here. is_own(path) says whether a checkpoint with a
  // second name, which is there, is to be deleted.
  void take_over(const std::vector<std::string>& listed, std::string_view checkpoint_name,
                 core::detail::FunctionRef<bool(const std::string&)> is_own) {
    dropped_.clear();
    leftovers_ = find_leftovers(listed, checkpoint_name, extension_);
    erase_if(leftovers_, [&](const std::string& name) {
      const std::string second = io::join_path(directory_, name);
      const std::string index = second.substr(0, second.rfind(io::temporary_mark));
      if (!index.ends_with(extension_) || !is_same_file(*files_, index, second)) return false;
      const std::string path = index.substr(0, index.size() - extension_.size());
      if (!is_own(path)) return false;
      drop(path, second, true);
      return true;
    });
  }

  // At the manager's end, with the lock: what the disk refused is tried once more, and what is still left then is put
  // where the next manager finds it, also one of this process.
  void leave() noexcept {
    const auto leave_to_next = [&](const std::string& name) {
      if (!name.empty()) attempt([&] { files_->rename(name, io::nobodys_path(name)); });
    };
    // Where the state file was not written to the end, the next manager reads whether it names the checkpoint.
    for (Dropped& each : dropped_)
      if (!each.is_unnamed || !attempt([&] { each.checkpoint.remove(*files_); }))
        leave_to_next(each.checkpoint.second_name);
    for (const std::string& name : used_names_)
      if (!attempt([&] { files_->remove_if_there(name); })) leave_to_next(name);
    for (const std::string& name : unnamed_) leave_to_next(name);
    leave_to_next(second_name_);
  }

 private:
  struct Dropped {
    DroppedCheckpoint checkpoint;
    bool is_unnamed = false;  // the state file on the disk no longer names it
  };

  void drop(std::string path, std::string second_name, bool is_unnamed) {
    dropped_.push_back({{std::move(path), extension_, std::move(second_name), with_meta_graphs_}, is_unnamed});
  }

  // False when the step throws; `refusal` then tells why, if it tells nothing yet.
  static bool attempt(core::detail::FunctionRef<void()> step, std::exception_ptr* refusal = nullptr) noexcept {
    try {
      step();
      return true;
    } catch (...) {  // without a `refusal`: save() has told what the disk refuses
      if (refusal != nullptr && *refusal == nullptr) *refusal = std::current_exception();
      return false;
    }
  }
  // Leaves in the list what could not be removed.
  static void remove_all(std::vector<std::string>& list, core::detail::FunctionRef<void(const std::string&)> remove_one,
                         std::exception_ptr& refusal) {
    std::size_t left = 0;
    for (std::string& each : list)
      if (!attempt([&] { remove_one(each); }, &refusal)) list[left++].swap(each);
    list.resize(left);
  }

  [[nodiscard]] std::string folder() const { return directory_.empty() ? "." : directory_; }

  io::FileSystem* files_;
  std::string directory_;
  std::string extension_;
  bool with_meta_graphs_;
  core::detail::Vec<Dropped> dropped_;   // no longer kept, but not deleted yet
  std::vector<std::string> leftovers_;   // temporary names of killed processes
  std::string second_name_;              // of the save that is under way
  std::vector<std::string> unnamed_;     // second names of what is kept and not in the state file yet
  std::vector<std::string> used_names_;  // second names that nobody needs any more
};

}  // namespace cairn::checkpoint::detail
