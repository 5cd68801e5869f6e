// A Checkpoint over any file system: what tests of saving, restoring and keeping share.
#pragma once

#include <cairn/checkpoint/checkpoint.hpp>
#include <cairn/io/whole_file.hpp>
#include <cairn/testing/memory_file_system.hpp>

#include "io/files.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cairn::test {

// As Checkpoint, in files of its own.
class CheckpointIn {
 public:
  template <class... Children>
  explicit CheckpointIn(io::FileSystem& files, Children... children)
      : state_(core::detail::make_shared<checkpoint::detail::TrackedState>(checkpoint::detail::make_root(children...),
                                                                           files)) {}
  template <class T>
    requires(!checkpoint::detail::is_named<T>)
  CheckpointIn(io::FileSystem& files, T& root) : CheckpointIn(files, checkpoint::detail::RootOf<T>{root}) {}

  std::string save(const std::string& prefix, const CheckpointOptions& options = {}) {
    return state_->save(prefix, std::nullopt, options, core::detail::make_own<checkpoint::detail::AfterSave>());
  }
  std::string write(const std::string& prefix, const CheckpointOptions& options = {}) {
    return state_->write(prefix, options);
  }
  LoadStatus restore(const std::optional<std::string>& path, const RestoreOptions& options = {}) {
    return path ? state_->restore(*path, options, true) : LoadStatus();
  }
  LoadStatus read(const std::optional<std::string>& path, const RestoreOptions& options = {}) {
    return path ? state_->restore(*path, options, false) : LoadStatus();
  }
  template <class T>
  void track(std::string name, T& object) {
    state_->track(std::move(name), graph::detail::slot_of(object));
  }
  void sync() { state_->sync(); }
  [[nodiscard]] std::int64_t save_counter() { return state_->save_counter(); }

 private:
  friend checkpoint::detail::CheckpointAccess;

  core::detail::Shared<checkpoint::detail::TrackedState> state_;
};

using Names = std::vector<std::string>;

// Changes a file as `change(text)` does.
template <class Change>
void change_file(io::FileSystem& files, const std::string& path, Change change) {
  std::string text = read_file(files, path);
  change(text);
  files.remove(path);
  write_file(files, path, text);
}

}  // namespace cairn::test
