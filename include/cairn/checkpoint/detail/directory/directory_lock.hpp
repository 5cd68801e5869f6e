// One process at a time saves to a manager's directory: the file .cairn-lock there, from a manager's first save until
// the last manager of the process ends.
//
// Readers need no lock, and a manager that only restores takes none. The file says who has the lock; it is removed at
// the end, and what a killed process leaves of it holds nobody up. Managers of one process share the lock, one save at
// a time, because each of them can be told what the other did.
#pragma once

#include "../../../core/detail/vec.hpp"
#include "../../../core/error.hpp"
#include "../../../io/file_system.hpp"
#include "../../../io/path.hpp"

#include <array>
#include <cstddef>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include <sys/types.h>
#include <unistd.h>

namespace cairn::checkpoint::detail {

// "process 4711 on host since 2026-11-23 09:00:00 UTC": what the lock's file says.
[[nodiscard]] inline std::string lock_owner() {
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host[0] = '?';
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  std::array<char, 32> since{};
  if (::gmtime_r(&now, &parts) == nullptr ||
      std::strftime(since.data(), since.size(), "%Y-%m-%d %H:%M:%S UTC", &parts) == 0)
    since[0] = '?';
  return "process " + std::to_string(::getpid()) + " on " + host.data() + " since " + since.data() + "\n";
}

// The process's share of one directory.
class SharedDirectoryLock {
 public:
  SharedDirectoryLock(io::FileSystem& files, std::string path)
      : files_(&files), path_(std::move(path)), lock_(files.lock(path_, lock_owner())) {}
  SharedDirectoryLock(const SharedDirectoryLock&) = delete;
  SharedDirectoryLock& operator=(const SharedDirectoryLock&) = delete;
  ~SharedDirectoryLock() {
    if (!is_of_this_process()) return;  // a fork has a share of the lock; the file is the parent's
    try {
      if (is_in_place()) files_->remove(path_);
    } catch (...) {  // NOLINT(bugprone-empty-catch): the lock goes all the same
    }
  }

  [[nodiscard]] bool is_of_this_process() const noexcept { return ::getpid() == process_; }

  // False when the directory was removed meanwhile, and perhaps made anew; or the path leads elsewhere.
  [[nodiscard]] bool is_in_place() const { return lock_->is_in_place(); }

  const void* last_user = nullptr;  // the manager that saved last
  bool is_saving = false;

 private:
  io::FileSystem* files_;
  std::string path_;
  pid_t process_ = ::getpid();
  std::unique_ptr<io::FileLock> lock_;
};

// One manager's hold of its directory.
class DirectoryLock {
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
    Saving(std::shared_ptr<SharedDirectoryLock> shared, Since when) : since(when), shared_(std::move(shared)) {}
    Saving(const Saving&) = delete;
    Saving& operator=(const Saving&) = delete;
    ~Saving() {
      const std::lock_guard guard(mutex());
      shared_->is_saving = false;
    }
    const Since since;

   private:
    std::shared_ptr<SharedDirectoryLock> shared_;
  };

  DirectoryLock(io::FileSystem& files, const std::string& directory) : files_(&files), directory_(directory) {}
  DirectoryLock(const DirectoryLock&) = delete;
  DirectoryLock& operator=(const DirectoryLock&) = delete;

  [[nodiscard]] bool is_held() const noexcept { return shared_ != nullptr && shared_->is_of_this_process(); }

  // The directory must exist. Throws Error (failed_precondition) when another process has the lock, and says which; or
  // when another manager of this process is saving at this moment.
  [[nodiscard]] std::shared_ptr<Saving> begin() {
    const std::lock_guard guard(mutex());
    Since since = Since::before;
    if (!is_held() || !shared_->is_in_place()) since = take();
    if (shared_->is_saving)
      throw Error(ErrorCode::failed_precondition,
                  "another CheckpointManager of this process is saving to \"" + directory_ +
                      "\" at this moment; wait for it with sync(), or use one manager per directory")
          .in_file(directory_);
    if (since == Since::before && shared_->last_user != this) since = Since::joined;
    auto saving = std::make_shared<Saving>(shared_, since);
    shared_->last_user = this;
    shared_->is_saving = true;
    return saving;
  }

 private:
  // A directory that the process has locked, perhaps.
  struct Known {
    io::FileSystem* files;
    std::string place;
    std::weak_ptr<SharedDirectoryLock> lock;
  };

  [[nodiscard]] static std::mutex& mutex() noexcept {
    static std::mutex own;
    return own;
  }
  [[nodiscard]] static core::detail::Vec<Known>& all() {
    static core::detail::Vec<Known> locks;
    return locks;
  }

  // The same for every path that leads to one directory of this machine.
  [[nodiscard]] static std::string place_of(const std::string& path) {
    struct Folder {
      explicit Folder(const std::string& directory) : text(::realpath(directory.c_str(), nullptr)) {}
      Folder(const Folder&) = delete;
      Folder& operator=(const Folder&) = delete;
      ~Folder() { std::free(text); }
      char* const text;
    };
    const Folder folder(io::parent_directory(path));
    return folder.text != nullptr ? io::join_path(folder.text, io::file_name(path)) : io::normal_path(path);
  }

  Since take() {
    const std::string path = io::join_path(directory_, file_name);
    const std::string place = place_of(path);
    erase_if(all(), [](const Known& each) { return each.lock.expired(); });
    std::size_t known = 0;
    while (known < all().size() && !(all()[known].files == files_ && all()[known].place == place)) ++known;
    if (known == all().size()) all().push_back({files_, place, {}});
    const auto shared = all()[known].lock.lock();
    if (shared != nullptr && shared->is_of_this_process() && shared->is_in_place()) {
      shared_ = shared;
      return Since::joined;
    }
    try {
      shared_ = std::make_shared<SharedDirectoryLock>(*files_, path);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::failed_precondition || error.found().empty()) throw;
      throw Error(ErrorCode::failed_precondition,
                  "the directory \"" + io::parent_directory(path) +
                      "\" is another CheckpointManager's: " + error.found() +
                      ". Two of them would delete each other's checkpoints; end the other one, or save to a directory "
                      "of your own")
          .in_file(path)
          .expecting("no other manager", error.found());
    }
    all()[known].lock = shared_;
    return Since::now;
  }

  io::FileSystem* files_;
  std::string directory_;
  std::shared_ptr<SharedDirectoryLock> shared_;
};

}  // namespace cairn::checkpoint::detail
