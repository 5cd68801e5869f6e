// One process at a time saves to a manager's directory: the file .cairn-lock there, from a manager's first save until
// the last manager of the process ends.
//
// Readers need no lock, and a manager that only restores takes none. The file says who has the lock; it is removed at
// the end, and what a killed process leaves of it holds nobody up. Managers of one process share the lock, one save at
// a time, because each of them can be told what the other did.
#pragma once

#include "../../../core/detail/fail.hpp"
#include "../../../core/detail/shared.hpp"
#include "../../../core/detail/vec.hpp"
#include "../../../core/error.hpp"
#include "../../../io/detail/process.hpp"
#include "../../../io/file_system.hpp"
#include "../../../io/path.hpp"

#include <cstddef>
#include <ctime>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::checkpoint::detail {

// "process 4711 on host since 2026-11-23 09:00:00 UTC": what the lock's file says.
[[nodiscard]] CAIRN_COLD inline std::string lock_owner() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
#if defined(_WIN32)
  const bool is_known = ::gmtime_s(&parts, &now) == 0;
#else
  const bool is_known = ::gmtime_r(&now, &parts) != nullptr;
#endif
  char since[32] = {};
  char* const text = static_cast<char*>(since);
  if (!is_known || std::strftime(text, sizeof since, "%Y-%m-%d %H:%M:%S UTC", &parts) == 0) since[0] = '?';
  return core::detail::sentence_of(
      {"process ", io::detail::process_number(), " on ", io::detail::host_name(), " since ", text, "\n"});
}

// Returns a path that is the same for every path that leads to one directory of this machine.
[[nodiscard]] inline std::string place_of(const std::string& path) {
  const std::string folder = io::detail::real_path(io::parent_directory(path));
  return folder.empty() ? io::normal_path(path) : io::join_path(folder, io::file_name(path));
}

// One manager's hold of its directory.
class DirectoryLock {
  // The process's share of one directory. It begins and ends with the mutex held.
  struct Lock {
    Lock(io::FileSystem& where, const std::string& file, const std::string& known_as)
        : files(where), path(file), place(known_as), held(files.lock(path, lock_owner())) {}
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;
    CAIRN_COLD ~Lock() {
      if (!is_of_this_process()) return;  // a fork has a share of the lock; the file is the parent's
      try {
        if (held->is_in_place()) files.remove(path);
      } catch (...) {  // NOLINT(bugprone-empty-catch): the lock goes all the same
      }
    }
    [[nodiscard]] bool is_of_this_process() const noexcept { return io::detail::process_number() == process; }

    io::FileSystem& files;
    std::string path, place;
    io::detail::ProcessNumber process = io::detail::process_number();
    std::unique_ptr<io::FileLock> held;
    const void* last_user = nullptr;  // the manager that saved last
    bool is_saving = false;
  };

 public:
  static constexpr std::string_view file_name = ".cairn-lock";

  enum class Since {
    now,     // the process has taken the lock just now: another process may have been here before
    joined,  // another manager of this process was here before
    before,  // this one was the last to save
  };

  // A save that is under way; its end is the end of this.
  class Saving {
   public:
    Saving(core::detail::Shared<Lock> lock, Since when) : since(when), lock_(std::move(lock)) {
      lock_->is_saving = true;
    }
    Saving(const Saving&) = delete;
    Saving& operator=(const Saving&) = delete;
    ~Saving() {
      const std::lock_guard guard(mutex());
      lock_->is_saving = false;
      lock_ = {};
    }
    const Since since;

   private:
    core::detail::Shared<Lock> lock_;
  };

  DirectoryLock(io::FileSystem& files, const std::string& directory) : files_(files), directory_(directory) {}
  DirectoryLock(const DirectoryLock&) = delete;
  DirectoryLock& operator=(const DirectoryLock&) = delete;
  ~DirectoryLock() {
    const std::lock_guard guard(mutex());
    erase(all(), this);
    lock_ = {};
  }

  [[nodiscard]] bool is_held() const noexcept { return lock_ && lock_->is_of_this_process(); }
  // Asks the disk. False also when the directory was removed meanwhile, and perhaps made anew, or the path leads elsewhere.
  [[nodiscard]] bool is_in_place() const { return is_held() && lock_->held->is_in_place(); }

  // The directory must exist; `in_place` is what is_in_place() said. Throws Error (failed_precondition) when another process has the lock, and says which; or
  // when another manager of this process is saving at this moment.
  [[nodiscard]] CAIRN_COLD core::detail::Shared<Saving> begin(bool in_place) {
    const std::lock_guard guard(mutex());
    Since since = Since::before;
    if (!in_place) since = take();
    if (lock_->is_saving)
      core::detail::fail(ErrorCode::failed_precondition,
                         {"another CheckpointManager of this process is saving to \"", directory_,
                          "\" at this moment; wait for it with sync(), or use one manager per directory"},
                         {.file = directory_});
    if (since == Since::before && lock_->last_user != this) since = Since::joined;
    auto saving = core::detail::make_shared<Saving>(lock_, since);
    lock_->last_user = this;
    return saving;
  }

 private:
  [[nodiscard]] static std::mutex& mutex() noexcept {
    static std::mutex own;
    return own;
  }
  // The process's managers that have saved. The list does not end: managers with static duration may end after it.
  [[nodiscard]] static core::detail::Vec<DirectoryLock*>& all() {
    static core::detail::Vec<DirectoryLock*>& managers = *new core::detail::Vec<DirectoryLock*>;
    return managers;
  }

  CAIRN_COLD Since take() {
    const std::string path = io::join_path(directory_, file_name);
    const std::string place = place_of(path);
    erase(all(), this);
    all().push_back(this);
    for (DirectoryLock* const each : all())
      if (each != this && &each->files_ == &files_ && each->is_held() && each->lock_->place == place &&
          each->lock_->held->is_in_place()) {
        lock_ = each->lock_;
        return Since::joined;
      }
    try {
      lock_ = core::detail::make_shared<Lock>(files_, path, place);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::failed_precondition || error.found().empty()) throw;
      core::detail::fail(
          ErrorCode::failed_precondition,
          {"the directory \"", io::parent_directory(path), "\" is another CheckpointManager's: ", error.found(),
           ". Two of them would delete each other's checkpoints; end the other one, or save to a "
           "directory of your own"},
          {.file = path, .expected = "no other manager", .found = error.found()});
    }
    return Since::now;
  }

  io::FileSystem& files_;
  std::string directory_;
  core::detail::Shared<Lock> lock_;
};

}  // namespace CAIRN_NAMESPACE::checkpoint::detail
