// The few things cairn asks of a file system. Everything that touches a disk goes through here, so that a test can put
// a file system in memory, a failing one or one that loses power in its place.
//
//   bundle, checkpoint  ->  FileSystem  ->  posix() or MemoryFileSystem or FaultyFileSystem
//
// Paths are the system's bytes. Every failure is an Error whose sentence names the path, what was tried, and why.
#pragma once

#include "../core/error.hpp"
#include "path.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::io {

// What is best read and written in one call: large enough that the cost of a call vanishes, small enough that what was
// just checksummed is still in the cache when the kernel copies it.
inline constexpr std::size_t piece_bytes = std::size_t{512} << 10;

// The bytes of a file as memory, only to be read: valid as long as a copy of this lives, also when the file, and the
// file system, are gone by then.
struct Mapping {
  std::span<const std::byte> bytes;
  std::shared_ptr<const void> owner;  // null where nothing was mapped
};

// Which file it is, and when it was last written to: equal for one file under any of its names as long as nobody writes
// to it. One of zeros is not known.
struct FileVersion {
  std::uint64_t device = 0;
  std::uint64_t number = 0;
  std::int64_t seconds = 0, nanoseconds = 0;
  friend bool operator==(const FileVersion&, const FileVersion&) = default;
};

// An open file that is only read. Reads may run in several threads at the same time.
class ReadableFile {
 public:
  ReadableFile() = default;
  ReadableFile(const ReadableFile&) = delete;
  ReadableFile& operator=(const ReadableFile&) = delete;
  virtual ~ReadableFile() = default;

  // The size when the file was opened.
  [[nodiscard]] virtual std::uint64_t size() const = 0;
  // When the file was opened.
  [[nodiscard]] virtual FileVersion version() const { return {}; }
  // Fills all of `out` from `offset`. Throws Error (data_loss) when the file ends before that; `out` may hold anything
  // then.
  virtual void read(std::uint64_t offset, std::span<std::byte> out) const = 0;

  // The whole file, of which nothing is read before it is looked at. Without an owner where the file system cannot do
  // that, as this one does by itself: read then. Removing the file, or renaming another one to its name, leaves the
  // bytes what they are. Nobody may cut it short, or write into it: a look at what is gone, or at what the disk fails
  // to read, ends the program with SIGBUS, where read() would throw. Throws Error: data_loss for a file that is shorter
  // already than when it was opened; resource_exhausted when it is larger than what is left of the address space.
  [[nodiscard]] virtual Mapping map() const { return {}; }
};

// An open file that is only written; it was empty when it was created. Writes to ranges that do not overlap may run in
// several threads at the same time. Destroying it closes it, and whatever was not synced may be lost.
class WritableFile {
 public:
  WritableFile() = default;
  WritableFile(const WritableFile&) = delete;
  WritableFile& operator=(const WritableFile&) = delete;
  virtual ~WritableFile() = default;

  // Writes all of `bytes` at `offset`; the file grows as needed.
  virtual void write(std::uint64_t offset, std::span<const std::byte> bytes) = 0;
  // Says how large the file will be: the disk may prepare, and a full disk is found early. Changes no contents; a file
  // written to less than `size` ends up with zeros up to there, so say what is true.
  virtual void reserve(std::uint64_t size) { (void)size; }
  // Returns when the contents are on the disk (fsync). A failed sync is final: do not repeat it, write a new file.
  virtual void sync() = 0;
  // Once, at the end: what the destructor does too, but here failures are told.
  virtual void close() = 0;
};

// A lock that is held. Destroying it gives it back, and so does the end of the process, however that comes; its file
// stays, and says who had the lock.
class FileLock {
 public:
  FileLock() = default;
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  virtual ~FileLock() = default;

  // False when the path leads to another file than the locked one, or to none: the folder was removed, or the path is
  // relative and the program has gone elsewhere. Then the lock keeps nobody out.
  [[nodiscard]] virtual bool is_in_place() const = 0;
};

// May be used by several threads at the same time. Must outlive what it opened.
class FileSystem {
 public:
  FileSystem() = default;
  FileSystem(const FileSystem&) = delete;
  FileSystem& operator=(const FileSystem&) = delete;
  virtual ~FileSystem() = default;

  [[nodiscard]] virtual std::unique_ptr<ReadableFile> open(const std::string& path) = 0;
  // Makes a new file. Throws Error (already_exists) when the name is taken: no file is ever opened for overwriting.
  [[nodiscard]] virtual std::unique_ptr<WritableFile> create(const std::string& path) = 0;
  // Gives a file another name, within one file system. What had the name `to` is replaced, at one instant. Where `from`
  // and `to` are two names of one file already, nothing happens and both stay.
  virtual void rename(const std::string& from, const std::string& to) = 0;
  // Gives a file a second name: both lead to the same bytes, and each may be renamed and removed without the other.
  // False when that cannot be, here or for this file, so that its bytes must be written anew. Throws Error: not_found
  // without such a file; already_exists when the name `to` is taken.
  [[nodiscard]] virtual bool link(const std::string& from, const std::string& to) {
    (void)from, (void)to;
    return false;
  }
  // Gives the file `to` the owner and the permissions of the file `from`, as far as the system lets us; where it refuses
  // the group, the group gets no more than everybody. Nothing happens where `from` is not there.
  virtual void copy_permissions(const std::string& from, const std::string& to) { (void)from, (void)to; }
  // Removes a file. Throws Error (not_found) when there is none.
  virtual void remove(const std::string& path) = 0;
  // Returns when names made, changed and removed in the folder are on the disk (fsync of the folder).
  virtual void sync_directory(const std::string& path) = 0;
  // Makes one folder; false when it was there. The folder above must exist. Throws Error (failed_precondition) when the
  // name is a file's.
  virtual bool create_directory(const std::string& path) = 0;
  // A file or folder (after links). False as well where a folder of the path is missing or is a file.
  [[nodiscard]] virtual bool exists(const std::string& path) = 0;
  [[nodiscard]] virtual bool is_directory(const std::string& path) = 0;
  // The names in a folder, without "." and "..", sorted by bytes.
  [[nodiscard]] virtual std::vector<std::string> list_directory(const std::string& path) = 0;

  // Takes the lock that this file stands for, at once or not at all, and writes into the file who has it. The file is
  // made where it is missing; only the lock's owner may remove it. Nobody is kept from reading or writing other files.
  // Throws Error (failed_precondition) when somebody has the lock, in this process or another: found() says who.
  [[nodiscard]] virtual std::unique_ptr<FileLock> lock(const std::string& path, std::string_view owner) = 0;

  // Makes a folder and what is missing above it. With `durable`, each new name is on the disk before it returns.
  void create_directories(const std::string& path, bool durable = false) {
    if (is_directory(path)) return;
    const std::string above = parent_directory(path);
    if (above != path) create_directories(above, durable);
    if (create_directory(path) && durable) sync_directory(above);
  }
};

}  // namespace cairn::io
