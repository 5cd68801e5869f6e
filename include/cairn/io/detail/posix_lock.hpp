// One owner at a time for a folder, among all processes of a machine: flock on a small file that says who the owner is.
// The kernel gives the lock back when its owner ends, in whatever way; a file that is left behind means nothing. The
// lock belongs to the open file, so that two locks of one process exclude each other as well; a forked child that lives
// on keeps the lock together with its parent.
#pragma once

#include "../../core/detail/own.hpp"
#include "../file_system.hpp"
#include "lock_errors.hpp"
#include "system_error.hpp"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#if !defined(_WIN32)
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace CAIRN_NAMESPACE::io::detail {

class PosixFileLock final : public io::FileLock {
 public:
  PosixFileLock(int number, std::string path) noexcept : number_(number), path_(std::move(path)) {}
  PosixFileLock(const PosixFileLock&) = delete;
  PosixFileLock& operator=(const PosixFileLock&) = delete;
  ~PosixFileLock() override { ::close(number_); }

  [[nodiscard]] bool is_in_place() const override {
    struct stat opened{}, named{};
    if (::fstat(number_, &opened) != 0) fail_system({"ask for the state of the lock"}, path_, errno);
    if (::stat(path_.c_str(), &named) != 0) {
      if (errno == ENOENT || errno == ENOTDIR) return false;
      fail_system({"look for the lock"}, path_, errno);
    }
    return opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
  }
  // Writes the name of the owner into the file, once, when the lock is taken.
  void sign(std::string_view text) {
    ::off_t at = 0;
    while (!text.empty()) {
      const ::ssize_t put = ::pwrite(number_, text.data(), text.size(), at);
      if (put < 0 && errno == EINTR) continue;
      if (put <= 0) fail_system({"write"}, path_, put < 0 ? errno : EIO);
      text.remove_prefix(static_cast<std::size_t>(put));
      at += put;
    }
    if (::ftruncate(number_, at) != 0) fail_system({"write"}, path_, errno);
  }

 private:
  int number_;
  std::string path_;
};

// Returns false when another open file has the lock. A file system without locks gives it to everybody.
[[nodiscard]] inline bool try_flock(int number, const std::string& path) {
  for (;;) {
    if (::flock(number, LOCK_EX | LOCK_NB) == 0) return true;
    if (errno == EWOULDBLOCK) return false;
    if (errno == ENOLCK || errno == ENOSYS || errno == EOPNOTSUPP || errno == EINVAL) return true;
    if (errno != EINTR) fail_system({"lock"}, path, errno);
  }
}

// Reads the file of a lock; a longer text than this was not written by a lock's owner.
[[nodiscard]] inline std::string text_of_lock_file(int number) {
  std::string text(std::size_t{64} << 10, '\0');
  const ::ssize_t size = ::pread(number, text.data(), text.size(), 0);
  text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return text;
}

[[nodiscard]] CAIRN_COLD inline std::unique_ptr<io::FileLock> lock_posix_file(const std::string& path,
                                                                              std::string_view owner) {
  for (;;) {
    int number = -1;
    do number = ::open(system_path(path), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666);
    while (number < 0 && errno == EINTR);
    if (number < 0 && errno == ELOOP) fail_no_lock_file(path);  // a link's target would be overwritten
    if (number < 0) fail_system({"open the lock"}, path, errno);
    core::detail::Own<PosixFileLock> lock(new PosixFileLock(number, path));
    struct stat opened{};
    if (::fstat(number, &opened) != 0) fail_system({"ask for the state of the lock"}, path, errno);
    if (!S_ISREG(opened.st_mode)) fail_no_lock_file(path);
    if (!try_flock(number, path)) fail_held(path, text_of_lock_file(number));
    // The last owner may have removed the file between the open and the lock. The file then stands for nothing any
    // more.
    if (!lock->is_in_place()) continue;
    lock->sign(owner);
    return std::unique_ptr<io::FileLock>(lock.release());
  }
}

}  // namespace CAIRN_NAMESPACE::io::detail
#endif
