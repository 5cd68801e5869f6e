// FaultyFileSystem: fails at a chosen call, for tests. Run the work once to count the calls, then once for each of
// them.
//
//   FaultyFileSystem counted(files);          save(counted);   // counted.calls() is N
//   FaultyFileSystem failing(files, {.at = k, .kind = Fault::stop_before});   save(failing);   // for k in 1..N
#pragma once

#include "../io/detail/system_error.hpp"
#include "../io/file_system.hpp"

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::testing {

// The manner in which the chosen call fails.
enum class Fault {
  error,        // the call fails and does nothing; later calls work again
  short_write,  // as `error`, but the first half of a write is done
  stop_before,  // the process is killed before the call: this and all later calls fail and do nothing
  stop_after,   // the process is killed after the call was done
  stop_torn,    // the process is killed in the middle: the first half of a write is done, any other call is not
};

// The call that fails, and how.
struct FaultPlan {
  std::uint64_t at = 0;  // the number of the call, from 1; 0 for none
  Fault kind = Fault::error;
  int number = EIO;  // the errno that the call fails with
};

// Passes every call on to another file system, which must outlive this one, and fails the chosen call. It may be used
// by several threads at the same time; the order of their calls, and with it the number of each, is then their own.
class FaultyFileSystem final : public io::FileSystem {
 public:
  // Without a plan no call fails, and calls are only counted.
  explicit FaultyFileSystem(io::FileSystem& files, FaultPlan plan = {}) : files_(&files), plan_(plan) {}

  // Returns the number of calls so far, of this file system and of the files that were opened through it.
  [[nodiscard]] std::uint64_t calls() const noexcept { return calls_; }
  // Returns the number of bytes that were read so far.
  [[nodiscard]] std::uint64_t bytes_read() const noexcept { return bytes_read_; }

  // The word inline stands at the declaration already: without it, a compiler emits the class into every object file
  // that sees it, because a virtual function is defined elsewhere.
  inline std::unique_ptr<io::ReadableFile> open(const std::string& path) override;
  inline std::unique_ptr<io::WritableFile> create(const std::string& path) override;
  void rename(const std::string& from, const std::string& to) override {
    call("rename \"" + from + "\" to", to, [&] { files_->rename(from, to); });
  }
  bool link(const std::string& from, const std::string& to) override {
    bool made = false;
    call("give \"" + from + "\" the second name", to, [&] { made = files_->link(from, to); });
    return made;
  }
  void copy_permissions(const std::string& from, const std::string& to) override { files_->copy_permissions(from, to); }
  void remove(const std::string& path) override {
    call("remove", path, [&] { files_->remove(path); });
  }
  void sync_directory(const std::string& path) override {
    call("write to the disk (fsync) the folder", path, [&] { files_->sync_directory(path); });
  }
  bool create_directory(const std::string& path) override {
    bool made = false;
    call("make the folder", path, [&] { made = files_->create_directory(path); });
    return made;
  }
  bool exists(const std::string& path) override {
    bool answer = false;
    call("look for", path, [&] { answer = files_->exists(path); });
    return answer;
  }
  bool is_directory(const std::string& path) override {
    bool answer = false;
    call("look for", path, [&] { answer = files_->is_directory(path); });
    return answer;
  }
  std::vector<std::string> list_directory(const std::string& path) override {
    std::vector<std::string> names;
    call("list the folder", path, [&] { names = files_->list_directory(path); });
    return names;
  }

  // To take the lock is one call; to release it is none.
  inline std::unique_ptr<io::FileLock> lock(const std::string& path, std::string_view owner) override;

  // For the files that this file system opened: counts the call, then does `work` or fails. `torn` is the half of the
  // work that Fault::short_write and Fault::stop_torn do.
  template <class Work, class Torn>
  void call(const std::string& action, const std::string& path, Work work, Torn torn) {
    const std::uint64_t number = ++calls_;
    const bool here = plan_.at != 0 && number == plan_.at;
    const bool goes_on = plan_.kind == Fault::error || plan_.kind == Fault::short_write;
    const bool dead = plan_.at != 0 && number > plan_.at && !goes_on;
    if (!here && !dead) return work();
    if (here && plan_.kind == Fault::stop_after) work();
    if (here && (plan_.kind == Fault::stop_torn || plan_.kind == Fault::short_write)) torn();
    io::detail::fail_system({action}, path, plan_.number);
  }
  template <class Work>
  void call(const std::string& action, const std::string& path, Work work) {
    call(action, path, work, [] {});
  }
  void count_read(std::uint64_t bytes) noexcept { bytes_read_ += bytes; }

 private:
  io::FileSystem* files_;
  FaultPlan plan_;
  std::atomic<std::uint64_t> calls_{0}, bytes_read_{0};
};

}  // namespace CAIRN_NAMESPACE::testing

namespace CAIRN_NAMESPACE::testing::detail {

class FaultyReadableFile final : public io::ReadableFile {
 public:
  FaultyReadableFile(testing::FaultyFileSystem& files, std::unique_ptr<io::ReadableFile> file, std::string path)
      : files_(&files), file_(std::move(file)), path_(std::move(path)) {}
  [[nodiscard]] std::uint64_t size() const override { return file_->size(); }
  [[nodiscard]] io::FileVersion version() const override { return file_->version(); }
  [[nodiscard]] std::size_t best_piece() const noexcept override { return file_->best_piece(); }
  void read(std::uint64_t offset, std::span<std::byte> out) const override {
    files_->call("read", path_, [&] { file_->read(offset, out); });
    files_->count_read(out.size());
  }
  [[nodiscard]] io::Mapping map() const override {
    io::Mapping mapping;
    files_->call("map", path_, [&] { mapping = file_->map(); });
    return mapping;
  }

 private:
  testing::FaultyFileSystem* files_;
  std::unique_ptr<io::ReadableFile> file_;
  std::string path_;
};

class FaultyWritableFile final : public io::WritableFile {
 public:
  FaultyWritableFile(testing::FaultyFileSystem& files, std::unique_ptr<io::WritableFile> file, std::string path)
      : files_(&files), file_(std::move(file)), path_(std::move(path)) {}
  [[nodiscard]] std::size_t best_piece() const noexcept override { return file_->best_piece(); }
  void write(std::uint64_t offset, std::span<const std::byte> bytes) override {
    files_->call(
        "write", path_, [&] { file_->write(offset, bytes); },
        [&] { file_->write(offset, bytes.first(bytes.size() / 2)); });
  }
  void reserve(std::uint64_t size) override {
    files_->call("reserve bytes for", path_, [&] { file_->reserve(size); });
  }
  void sync() override {
    files_->call("write to the disk (fsync)", path_, [&] { file_->sync(); });
  }
  void close() override {
    files_->call("close", path_, [&] { file_->close(); });
  }

 private:
  testing::FaultyFileSystem* files_;
  std::unique_ptr<io::WritableFile> file_;
  std::string path_;
};

}  // namespace CAIRN_NAMESPACE::testing::detail

namespace CAIRN_NAMESPACE::testing {

inline std::unique_ptr<io::FileLock> FaultyFileSystem::lock(const std::string& path, std::string_view owner) {
  std::unique_ptr<io::FileLock> held;
  call("lock", path, [&] { held = files_->lock(path, owner); });
  return held;
}
inline std::unique_ptr<io::ReadableFile> FaultyFileSystem::open(const std::string& path) {
  std::unique_ptr<io::ReadableFile> file;
  call("open", path, [&] { file = files_->open(path); });
  return std::make_unique<detail::FaultyReadableFile>(*this, std::move(file), path);
}
inline std::unique_ptr<io::WritableFile> FaultyFileSystem::create(const std::string& path) {
  std::unique_ptr<io::WritableFile> file;
  call("create", path, [&] { file = files_->create(path); });
  return std::make_unique<detail::FaultyWritableFile>(*this, std::move(file), path);
}

}  // namespace CAIRN_NAMESPACE::testing
