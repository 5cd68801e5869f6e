// One owner at a time for a folder, among all processes of a machine: flock on a small file that says who it is.
//
// The kernel gives the lock back when its owner ends, however that comes; a file that is left behind says nothing. The
// lock belongs to the open file, so that two of one process exclude each other as well.
#pragma once

#include "file_system.hpp"
#include "system_error.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cairn::detail {

class PosixFileLock final : public io::FileLock {
 public:
  explicit PosixFileLock(int number) noexcept : number_(number) {}
  PosixFileLock(const PosixFileLock&) = delete;
  PosixFileLock& operator=(const PosixFileLock&) = delete;
  ~PosixFileLock() override { ::close(number_); }

  [[nodiscard]] int number() const noexcept { return number_; }

 private:
  int number_;
};

// What the sentence about a lock says of its owner: the file's text, as far as it can be printed.
[[nodiscard]] inline Error lock_is_held(const std::string& path, std::string owner) {
  for (char& c : owner)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  while (owner.ends_with(' ')) owner.pop_back();
  if (owner.empty()) owner = "an owner that has not said who it is yet";
  return Error(ErrorCode::failed_precondition,
               "the lock \"" + path + "\" is held by " + owner + "; wait for its end, or choose another folder")
      .in_file(path)
      .expecting("no owner", owner);
}

// False when another open file has the lock. File systems that know no locks give it to everybody.
[[nodiscard]] inline bool try_flock(int number, const std::string& path) {
  for (;;) {
    if (::flock(number, LOCK_EX | LOCK_NB) == 0) return true;
    if (errno == EWOULDBLOCK) return false;
    if (errno == ENOLCK || errno == ENOSYS || errno == EOPNOTSUPP || errno == EINVAL) return true;
    if (errno != EINTR) throw system_error("lock", path, errno);
  }
}

[[nodiscard]] inline std::string owner_in_lock_file(int number) {
  std::array<char, 512> text{};
  const ::ssize_t size = ::pread(number, text.data(), text.size(), 0);
  return size > 0 ? std::string(text.data(), static_cast<std::size_t>(size)) : std::string();
}

[[nodiscard]] inline std::unique_ptr<io::FileLock> lock_posix_file(const std::string& path, std::string_view owner) {
  for (;;) {
    int number = -1;
    do number = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    while (number < 0 && errno == EINTR);
    if (number < 0) throw system_error("open the lock", path, errno);
    auto lock = std::make_unique<PosixFileLock>(number);
    if (!try_flock(number, path)) throw lock_is_held(path, owner_in_lock_file(number));
    // Its last owner may have removed the file between our open and our lock: then it stands for nothing any more.
    struct stat opened {
    }, named{};
    if (::fstat(number, &opened) != 0) throw system_error("ask for the state of the lock", path, errno);
    if (::stat(path.c_str(), &named) != 0) {
      if (errno == ENOENT) continue;
      throw system_error("look for the lock", path, errno);
    }
    if (opened.st_ino != named.st_ino || opened.st_dev != named.st_dev) continue;
    if (::ftruncate(number, 0) != 0) throw system_error("write", path, errno);
    while (!owner.empty()) {
      const ::ssize_t put = ::write(number, owner.data(), owner.size());
      if (put < 0 && errno == EINTR) continue;
      if (put <= 0) throw system_error("write", path, put < 0 ? errno : EIO);
      owner.remove_prefix(static_cast<std::size_t>(put));
    }
    return lock;
  }
}

}  // namespace cairn::detail
