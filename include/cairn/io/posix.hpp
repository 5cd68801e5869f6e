// posix(): the files of the machine, by open, pread, mmap, pwrite, fsync and rename. A call that EINTR interrupts is
// repeated, a short read or write is continued, and every errno becomes an Error that says what to do. There is none on
// Windows (windows.hpp).
#pragma once

#include "../core/detail/sort.hpp"
#include "detail/posix_lock.hpp"
#include "detail/slow_copy.hpp"
#include "detail/system_error.hpp"
#include "file_system.hpp"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#if !defined(_WIN32)
#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace CAIRN_NAMESPACE::io::detail {

// A single write of 2 MiB or more was measured at a third of the speed, when the kernel has to find fresh pages.
inline constexpr std::size_t posix_piece_bytes = std::size_t{1} << 20;

// An open file descriptor that closes itself.
class Descriptor {
 public:
  Descriptor(int number, std::string path) noexcept : number_(number), path_(std::move(path)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }

  [[nodiscard]] int number() const noexcept { return number_; }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  // Linux has released the descriptor even when close says EINTR: it is never repeated.
  void close() {
    if (number_ < 0) return;
    if (::close(std::exchange(number_, -1)) != 0 && errno != EINTR) fail_system({"close"}, path_, errno);
  }

 private:
  int number_;
  std::string path_;
};

// Repeats the call until no signal interrupts it.
template <class Call>
[[nodiscard]] auto retried(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

inline void sync_descriptor(int number, const std::string& path) {
#if defined(__APPLE__)
  if (retried([&] { return ::fcntl(number, F_FULLFSYNC); }) == 0) return;  // fsync on macOS stops at the drive's cache
#endif
  if (retried([&] { return ::fsync(number); }) != 0) fail_system({"write to the disk (fsync)"}, path, errno);
}

// Pages of a mapped file, which the destructor unmaps.
class MappedPages {
 public:
  MappedPages() noexcept = default;
  MappedPages(const MappedPages&) = delete;
  MappedPages& operator=(const MappedPages&) = delete;
  ~MappedPages() {
    if (size_ != 0) ::munmap(address_, size_);
  }

  void take(void* address, std::size_t size) noexcept {
    address_ = address;
    size_ = size;
  }

 private:
  void* address_ = nullptr;
  std::size_t size_ = 0;
};

// Returns true where the system says that each call waits for another machine. It names the size of block that is best
// for a file: mostly that of a page where the disk is the machine's, and what goes over the wire at once, 1 MiB or more,
// in NFS, SMB, Lustre and Ceph.
[[nodiscard]] inline bool is_far(const struct stat& status) noexcept {
  constexpr auto far_block_bytes = 256 << 10;
  return status.st_blksize >= far_block_bytes;
}

class PosixReadableFile final : public io::ReadableFile {
 public:
  PosixReadableFile(int number, std::string path) : file_(number, std::move(path)) {
    struct stat status{};
    if (::fstat(file_.number(), &status) != 0) fail_system({"ask for the size of"}, file_.path(), errno);
    if (S_ISDIR(status.st_mode)) fail_system({"read"}, file_.path(), EISDIR);
    if (!S_ISREG(status.st_mode))
      core::detail::fail(ErrorCode::failed_precondition,
                         {"\"", file_.path(), "\" is a pipe, a socket or a device, and not a file that can be read"},
                         {.file = file_.path()});
    size_ = static_cast<std::uint64_t>(status.st_size);
    is_far_ = is_far(status);
#if defined(__APPLE__)
    const ::timespec& written = status.st_mtimespec;
#else
    const ::timespec& written = status.st_mtim;
#endif
    version_ = {static_cast<std::uint64_t>(status.st_dev), static_cast<std::uint64_t>(status.st_ino),
                static_cast<std::int64_t>(written.tv_sec), static_cast<std::int64_t>(written.tv_nsec)};
  }

  [[nodiscard]] std::uint64_t size() const override { return size_; }
  [[nodiscard]] io::FileVersion version() const override { return version_; }
  [[nodiscard]] std::size_t best_piece() const noexcept override {
    return is_far_ ? io::far_piece_bytes : io::piece_bytes;
  }

  void read(std::uint64_t offset, std::span<std::byte> out) const override {
    constexpr std::size_t worth_a_buffer = 4096;
    const std::uint64_t end = offset + out.size();
    const auto read_into = [&](std::uint64_t from, std::span<std::byte> to) { read_straight(from, to, end); };
    if (out.size() >= worth_a_buffer && is_copied_slowly(offset, out.data()))
      read_through_buffer(offset, out, read_into);
    else
      read_into(offset, out);
  }

  [[nodiscard]] io::Mapping map() const override {
    struct stat status{};
    if (::fstat(file_.number(), &status) != 0) fail_system({"ask for the size of"}, file_.path(), errno);
    const auto now = static_cast<std::uint64_t>(status.st_size);
    if (now < size_) fail_ended(file_.path(), now, size_ - now);
    if (size_ > std::numeric_limits<std::size_t>::max()) fail_system({"map"}, file_.path(), ENOMEM);
    const auto size = static_cast<std::size_t>(size_);
    auto* const pages = new MappedPages();
    std::shared_ptr<const void> owner(pages);
    // The system refuses to map an empty file, so none of its pages is mapped.
    void* const address = size == 0 ? nullptr : ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file_.number(), 0);
    if (address == MAP_FAILED) {
      if (errno == ENODEV) return {};  // a file system that cannot map
      fail_system({"map"}, file_.path(), errno);
    }
    pages->take(address, size);
    return {{static_cast<const std::byte*>(address), size}, std::move(owner)};
  }

 private:
  // Reads a piece of a longer read, which ends at `end`; messages name that end.
  void read_straight(std::uint64_t offset, std::span<std::byte> out, std::uint64_t end) const {
    while (!out.empty()) {
      const ::ssize_t got =
          retried([&] { return ::pread(file_.number(), out.data(), out.size(), static_cast<::off_t>(offset)); });
      if (got < 0) fail_system({"read"}, file_.path(), errno);
      if (got == 0) fail_ended(file_.path(), offset, end - offset);
      out = out.subspan(static_cast<std::size_t>(got));
      offset += static_cast<std::uint64_t>(got);
    }
  }

  Descriptor file_;
  std::uint64_t size_ = 0;
  io::FileVersion version_;
  bool is_far_ = false;
};

class PosixWritableFile final : public io::WritableFile {
 public:
  PosixWritableFile(int number, std::string path) : file_(number, std::move(path)) {}

  [[nodiscard]] std::size_t best_piece() const noexcept override {
    struct stat status{};
    return ::fstat(file_.number(), &status) == 0 && is_far(status) ? io::far_piece_bytes : io::piece_bytes;
  }
  void write(std::uint64_t offset, std::span<const std::byte> bytes) override {
    while (!bytes.empty()) {
      const std::size_t piece = std::min(bytes.size(), posix_piece_bytes);
      const ::ssize_t put =
          retried([&] { return ::pwrite(file_.number(), bytes.data(), piece, static_cast<::off_t>(offset)); });
      // No known system writes nothing without a reason; if one does, an Error is better than an endless loop.
      if (put <= 0) fail_system({"write"}, file_.path(), put < 0 ? errno : EIO);
      bytes = bytes.subspan(static_cast<std::size_t>(put));
      offset += static_cast<std::uint64_t>(put);
    }
  }

  void reserve(std::uint64_t size) override {
#if defined(__linux__)
    // Only the file system's own way is used: the C library's substitute would write everything twice.
    if (size == 0) return;
    if (retried([&] { return ::fallocate(file_.number(), 0, 0, static_cast<::off_t>(size)); }) != 0 &&
        (errno == ENOSPC || errno == EDQUOT || errno == EFBIG || errno == EIO))
      fail_system({"reserve ", size, " bytes for"}, file_.path(), errno);
#else
    (void)size;
#endif
  }

  void sync() override { sync_descriptor(file_.number(), file_.path()); }
  void close() override { file_.close(); }

 private:
  Descriptor file_;
};

class PosixFileSystem final : public io::FileSystem {
 public:
  PosixFileSystem() = default;

  std::unique_ptr<io::ReadableFile> open(const std::string& path) override {
    const int number = retried([&] { return ::open(system_path(path), O_RDONLY | O_CLOEXEC | O_NONBLOCK); });
    if (number < 0) fail_system({"open"}, path, errno);
    return std::unique_ptr<io::ReadableFile>(new PosixReadableFile(number, path));
  }

  std::unique_ptr<io::WritableFile> create(const std::string& path) override {
    const int number =
        retried([&] { return ::open(system_path(path), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666); });
    if (number < 0) fail_system({"create"}, path, errno);
    return std::unique_ptr<io::WritableFile>(new PosixWritableFile(number, path));
  }

  void rename(const std::string& from, const std::string& to) override {
    if (::rename(system_path(from), system_path(to)) != 0) fail_system({"rename \"", from, "\" to"}, to, errno);
  }

  bool link(const std::string& from, const std::string& to) override {
    if (::link(system_path(from), system_path(to)) == 0) return true;
    const int reason = errno;
    // These reasons mean: another disk; a file system without links; a file that has all the links it may have; a file
    // of somebody else.
    for (const int cannot : {EXDEV, EPERM, EMLINK, ENOTSUP, EOPNOTSUPP, ENOSYS})
      if (reason == cannot) return false;
    fail_system({"give \"", from, "\" the second name"}, to, reason);
  }

  void copy_permissions(const std::string& from, const std::string& to) override {
    struct stat wanted{}, now{};
    if (::stat(system_path(from), &wanted) != 0 || !S_ISREG(wanted.st_mode)) return;
    if (::lstat(system_path(to), &now) != 0 || !S_ISREG(now.st_mode)) return;
    constexpr ::mode_t all = S_IRWXU | S_IRWXG | S_IRWXO;
    ::mode_t mode = wanted.st_mode & all;
    const bool is_same_owner = wanted.st_uid == now.st_uid && wanted.st_gid == now.st_gid;
    if (!is_same_owner && ::chown(system_path(to), wanted.st_uid, wanted.st_gid) != 0 && wanted.st_gid != now.st_gid &&
        ::chown(system_path(to), static_cast<::uid_t>(-1), wanted.st_gid) != 0)
      mode &= static_cast<::mode_t>(S_IRWXU | S_IRWXO | (mode & S_IRWXO) << 3);
    if ((now.st_mode & all) != mode && ::chmod(system_path(to), mode) != 0) return;
  }

  void remove(const std::string& path) override {
    if (::unlink(system_path(path)) != 0) fail_system({"remove"}, path, errno);
  }

  void sync_directory(const std::string& path) override {
    const int number = retried([&] { return ::open(system_path(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC); });
    if (number < 0) fail_system({"open the folder"}, path, errno);
    const Descriptor folder(number, path);
    // EINVAL comes from a file system that cannot sync folders, and therefore keeps names by itself.
    if (retried([&] { return ::fsync(number); }) != 0 && errno != EINVAL)
      fail_system({"write to the disk (fsync) the folder"}, path, errno);
  }

  bool create_directory(const std::string& path) override {
    if (::mkdir(system_path(path), 0777) == 0) return true;
    const int reason = errno;
    if (reason != EEXIST) fail_system({"make the folder"}, path, reason);
    if (!is_directory(path)) fail_system({"make the folder"}, path, ENOTDIR);
    return false;
  }

  bool exists(const std::string& path) override { return kind_of(path) != Kind::nothing; }
  bool is_directory(const std::string& path) override { return kind_of(path) == Kind::directory; }

  std::vector<std::string> list_directory(const std::string& path) override {
    const std::unique_ptr<::DIR, int (*)(::DIR*)> folder(::opendir(system_path(path)), &::closedir);
    if (folder == nullptr) fail_system({"list the folder"}, path, errno);
    std::vector<std::string> names;
    for (;;) {
      errno = 0;  // readdir returns a null pointer both for "end" and for "failed"
      const ::dirent* const entry = ::readdir(folder.get());
      if (entry == nullptr) break;
      std::string name(static_cast<const char*>(entry->d_name));
      if (name != "." && name != "..") names.push_back(std::move(name));
    }
    if (errno != 0) fail_system({"list the folder"}, path, errno);
    core::detail::sort(names);
    return names;
  }

  std::unique_ptr<io::FileLock> lock(const std::string& path, std::string_view owner) override {
    return lock_posix_file(path, owner);
  }

 private:
  enum class Kind { nothing, file, directory };
  static Kind kind_of(const std::string& path) {
    struct stat status{};
    if (path.find('\0') != std::string::npos) return Kind::nothing;
    if (::stat(path.c_str(), &status) == 0) return S_ISDIR(status.st_mode) ? Kind::directory : Kind::file;
    if (errno == ENOENT || errno == ENOTDIR) return Kind::nothing;
    fail_system({"look for"}, path, errno);
  }
};

}  // namespace CAIRN_NAMESPACE::io::detail

namespace CAIRN_NAMESPACE::io {

// Returns the file system of the machine. There is one for the whole program; it has no state and is never destroyed,
// because saves in the background, and saves of static objects at the program's end, still need it. Any thread may call
// it.
[[nodiscard]] inline FileSystem& posix() {
  static detail::PosixFileSystem& files = *new detail::PosixFileSystem;
  return files;
}

}  // namespace CAIRN_NAMESPACE::io
#endif
