// FileSystem: the few functions that cairn asks of a file system. Every access to a disk goes through this interface,
// so that a test can replace the disk by memory, by a file system that fails, or by one that loses power.
//
//   bundle, checkpoint  ->  FileSystem  ->  native() or MemoryFileSystem or FaultyFileSystem
//
// A path is the bytes that the system takes. Every failure is an Error whose sentence names the path, the action that
// was tried, and the reason. Its code follows from the system's reason:
//
//   not_found            the file or its folder does not exist
//   already_exists       the name is taken
//   permission_denied    the system does not allow it, or the file system is read-only
//   resource_exhausted   disk full, quota, limit on file size or open files, no memory
//   failed_precondition  a file stands where a folder should be, or the reverse; something is in use
//   invalid_argument     the system accepts no such name
//   unavailable          every other reason, such as a failing disk (EIO)
//   data_loss            a file is shorter than it was or should be
#pragma once

#include "../core/detail/own.hpp"
#include "../core/durability.hpp"
#include "../core/error.hpp"
#include "path.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace CAIRN_NAMESPACE::io {

// The size in which bytes are best read and written: large enough that the cost of a call vanishes, small enough that
// bytes that were just checksummed are still in the cache when the kernel copies them.
inline constexpr std::size_t piece_bytes = std::size_t{512} << 10;
// The size in which bytes of files are best read that are far away, where each call waits for another machine.
inline constexpr std::size_t far_piece_bytes = std::size_t{4} << 20;

// The bytes of a file as memory that may only be read. They stay valid as long as a copy of this Mapping lives, also
// when the file and the FileSystem are gone.
struct Mapping {
  // The bytes are valid while a copy of `owner` lives.
  std::span<const std::byte> bytes;
  std::shared_ptr<const void> owner;  // null where nothing was mapped
};

// The identity of a file and the time of its last change: equal for one file under any of its names, as long as nobody
// writes to it. All zeros mean that it is not known.
struct FileVersion {
  // The device, the number of the file on it, and the time of the last change.
  std::uint64_t device = 0;
  std::uint64_t number = 0;
  std::int64_t seconds = 0, nanoseconds = 0;
  friend bool operator==(const FileVersion&, const FileVersion&) = default;
};

// A file that was opened for reading. Any member may be called by several threads at the same time.
class ReadableFile {
 public:
  ReadableFile() = default;
  ReadableFile(const ReadableFile&) = delete;
  ReadableFile& operator=(const ReadableFile&) = delete;
  virtual ~ReadableFile() = default;

  // Returns the size in bytes that the file had when it was opened.
  [[nodiscard]] virtual std::uint64_t size() const = 0;
  // Returns the version that the file had when it was opened; all zeros where the file system does not know it.
  [[nodiscard]] virtual FileVersion version() const { return {}; }
  // Returns the size in which the file is best read: piece_bytes, or far_piece_bytes where each call waits for another
  // machine.
  [[nodiscard]] virtual std::size_t best_piece() const noexcept { return piece_bytes; }
  // Fills all of `out` with the bytes from `offset` on. Throws Error with ErrorCode::data_loss when the file ends
  // before that, ErrorCode::unavailable when the disk fails; `out` may hold anything then.
  virtual void read(std::uint64_t offset, std::span<std::byte> out) const = 0;

  // Maps the whole file; no byte is read before it is looked at. The result has no owner where the file system cannot
  // map, as in this default: use read() then. Removing the file, or renaming another one to its name, leaves the bytes
  // unchanged. Nobody may cut the file short or write into it: a look at bytes that are gone, or that the disk fails to
  // read, ends the program with SIGBUS, where read() would throw. Throws Error with ErrorCode::data_loss for a file
  // that is shorter already than when it was opened, ErrorCode::resource_exhausted when the file is larger than the
  // address space that is left.
  [[nodiscard]] virtual Mapping map() const { return {}; }
};

// A file that was created for writing; it is empty at first. Writes to ranges that do not overlap may run in several
// threads at the same time. The destructor closes the file; bytes that were not synced may be lost.
class WritableFile {
 public:
  WritableFile() = default;
  WritableFile(const WritableFile&) = delete;
  WritableFile& operator=(const WritableFile&) = delete;
  virtual ~WritableFile() = default;

  // Returns the size in which the file is best written: piece_bytes, or far_piece_bytes where each call waits for
  // another machine.
  [[nodiscard]] virtual std::size_t best_piece() const noexcept { return piece_bytes; }
  // Writes all of `bytes` at `offset`; the file grows as needed. Throws Error with ErrorCode::resource_exhausted when
  // the disk is full or a limit is reached, ErrorCode::unavailable when the disk fails; some of the bytes may be
  // written then.
  virtual void write(std::uint64_t offset, std::span<const std::byte> bytes) = 0;
  // Announces the size that the file will have: the disk can prepare, and a full disk is found early
  // (ErrorCode::resource_exhausted). The contents do not change, but a file that is written to less than `size` ends
  // with zeros up to there; so announce the true size.
  virtual void reserve(std::uint64_t size) { (void)size; }
  // Returns when the contents are on the disk (fsync). Throws Error with ErrorCode::unavailable or resource_exhausted.
  // A failed sync is final: do not repeat it, write a new file.
  virtual void sync() = 0;
  // Closes the file, once, after the last write. The destructor would close it as well, but only close() throws Error
  // when that fails (ErrorCode::resource_exhausted or unavailable).
  virtual void close() = 0;
};

// A lock that is held. The destructor gives it back, and so does the end of the process, in whatever way it ends. The
// lock's file stays and says who had the lock.
class FileLock {
 public:
  FileLock() = default;
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  virtual ~FileLock() = default;

  // Returns false when the path leads to another file than the locked one, or to none: the folder was removed, or the
  // path is relative and the program has changed its folder. The lock then keeps nobody out.
  [[nodiscard]] virtual bool is_in_place() const = 0;
};

// A file system. All members may be called by several threads at the same time. It must outlive the files and locks
// that it returned. The codes that a member lists are the ones to expect in normal use; a failing system adds those at
// the top of this file.
class FileSystem {
 public:
  FileSystem() = default;
  FileSystem(const FileSystem&) = delete;
  FileSystem& operator=(const FileSystem&) = delete;
  virtual ~FileSystem() = default;

  // Opens a file for reading. Throws Error with ErrorCode::not_found when there is no such file,
  // ErrorCode::permission_denied when it may not be read, ErrorCode::failed_precondition when it is a folder, a pipe or
  // a device.
  [[nodiscard]] virtual std::unique_ptr<ReadableFile> open(const std::string& path) = 0;
  // Makes a new, empty file; no file is ever opened for overwriting. Throws Error with ErrorCode::already_exists when
  // the name is taken, ErrorCode::not_found when the folder is missing.
  [[nodiscard]] virtual std::unique_ptr<WritableFile> create(const std::string& path) = 0;
  // Gives a file another name within one file system. A file with the name `to` is replaced, at one instant. Where
  // `from` and `to` are two names of one file already, nothing happens and both stay. Throws Error with
  // ErrorCode::not_found when there is no file `from` or no folder of `to`, ErrorCode::failed_precondition when `to` is
  // a folder or lies on another disk.
  virtual void rename(const std::string& from, const std::string& to) = 0;
  // Gives a file a second name (a hard link): both names lead to the same bytes, and each may be renamed and removed
  // without the other. Returns false when the file system, or this file, cannot have one, so that the bytes must be
  // written again. Throws Error with ErrorCode::not_found when there is no file `from`, ErrorCode::already_exists when
  // the name `to` is taken.
  [[nodiscard]] virtual bool link(const std::string& from, const std::string& to) {
    (void)from, (void)to;
    return false;
  }
  // Gives the file `to` the owner and the permissions of the file `from`, as far as the system allows; where it refuses
  // the group, the group gets no more rights than everybody. Nothing happens when there is no file `from`. Never throws
  // for a refusal of the system.
  virtual void copy_permissions(const std::string& from, const std::string& to) { (void)from, (void)to; }
  // Removes a file. Throws Error with ErrorCode::not_found when there is none, ErrorCode::failed_precondition when it
  // is a folder.
  virtual void remove(const std::string& path) = 0;
  // Returns when the names that were made, changed and removed in the folder are on the disk (fsync of the folder).
  // Throws Error with ErrorCode::not_found when there is no such folder, ErrorCode::unavailable when the disk fails.
  virtual void sync_directory(const std::string& path) = 0;
  // Makes one folder; returns false when it was there already. Throws Error with ErrorCode::not_found when the folder
  // above is missing, ErrorCode::failed_precondition when the name is that of a file.
  virtual bool create_directory(const std::string& path) = 0;
  // Returns true when the path leads to a file or folder; symbolic links are followed. A path through a missing folder,
  // or through a file, leads to nothing.
  [[nodiscard]] virtual bool exists(const std::string& path) = 0;
  // Returns true when the path leads to a folder; symbolic links are followed.
  [[nodiscard]] virtual bool is_directory(const std::string& path) = 0;
  // Returns the names in a folder, without "." and "..", sorted by their bytes. Throws Error with ErrorCode::not_found
  // when there is no such folder.
  [[nodiscard]] virtual std::vector<std::string> list_directory(const std::string& path) = 0;

  // Takes the lock that the file `path` stands for, at once or not at all, and writes `owner` into the file. The file
  // is made where it is missing; only the owner of the lock may remove it. Nobody is kept from reading or writing other
  // files. Throws Error with ErrorCode::failed_precondition when somebody has the lock, in this process or another;
  // found() of the Error says who.
  [[nodiscard]] virtual std::unique_ptr<FileLock> lock(const std::string& path, std::string_view owner) = 0;

  // Announces how many bytes a call will read, or write, in all. Nothing depends on it but a file system that shows
  // progress, as WatchedFileSystem does.
  virtual void expect(std::uint64_t bytes) { (void)bytes; }

  // Makes a folder and all missing folders above it. With Durability::full, each new name is on the disk when it
  // returns. Throws Error with ErrorCode::failed_precondition when a file stands where a folder is needed,
  // ErrorCode::permission_denied when a folder may not be made.
  void create_directories(const std::string& path, Durability durability = Durability::none) {
    if (is_directory(path)) return;
    const std::string above = parent_directory(path);
    if (above != path) create_directories(above, durability);
    if (create_directory(path) && durability == Durability::full) sync_directory(above);
  }
  // Opens a file for reading; null when there is none. Throws Error with the codes of open() but ErrorCode::not_found.
  [[nodiscard]] core::detail::Own<ReadableFile> open_if_there(const std::string& path) {
    try {
      return core::detail::Own<ReadableFile>(open(path).release());
    } catch (const Error& error) {
      // A path through a file, or with a letter that no name has, leads to nothing.
      const bool may_be_nothing =
          error.code() == ErrorCode::failed_precondition || error.code() == ErrorCode::invalid_argument;
      if (error.code() != ErrorCode::not_found && (!may_be_nothing || exists(path))) throw;
      return {};
    }
  }
  // Removes a file; returns false when there was none. Throws Error with the codes of remove(), except not_found.
  bool remove_if_there(const std::string& path) {
    try {
      remove(path);
      return true;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::not_found) throw;
      return false;
    }
  }
};

}  // namespace CAIRN_NAMESPACE::io
