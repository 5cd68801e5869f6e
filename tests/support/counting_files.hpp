// A file system that counts what is asked of another one, call by call and byte by byte; with a delay in each call it is
// one that is far away.
//
//   CountingFileSystem files(io::native());
//   files.delay = std::chrono::milliseconds(10);
//   save(files);
//   CHECK(files.counts().listings == 1);
#pragma once

#include <cairn/io/file_system.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace cairn::test {

struct FileCounts {
  std::uint64_t opens = 0, reads = 0, bytes_read = 0, maps = 0;
  std::uint64_t creates = 0, reserves = 0, writes = 0, bytes_written = 0, syncs = 0, closes = 0;
  std::uint64_t renames = 0, links = 0, removes = 0, directory_syncs = 0, directories_made = 0, listings = 0;
  std::uint64_t questions = 0;    // exists, is_directory
  std::uint64_t permissions = 0;  // copy_permissions
  std::uint64_t locks = 0, lock_questions = 0;

  // All calls, of each of which a far file system makes the caller wait.
  [[nodiscard]] std::uint64_t calls() const {
    return opens + reads + maps + creates + reserves + writes + syncs + closes + renames + links + removes +
           directory_syncs + directories_made + listings + questions + permissions + locks + lock_questions;
  }

  friend bool operator==(const FileCounts&, const FileCounts&) = default;
  friend std::ostream& operator<<(std::ostream& out, const FileCounts& c) {
    return out << "opens " << c.opens << ", reads " << c.reads << " of " << c.bytes_read << " bytes, maps " << c.maps
               << ", creates " << c.creates << ", reserves " << c.reserves << ", writes " << c.writes << " of "
               << c.bytes_written << " bytes, syncs " << c.syncs << ", closes " << c.closes << ", renames " << c.renames
               << ", links " << c.links << ", removes " << c.removes << ", directory syncs " << c.directory_syncs
               << ", directories made " << c.directories_made << ", listings " << c.listings << ", questions "
               << c.questions << ", permissions " << c.permissions << ", locks " << c.locks << ", lock questions "
               << c.lock_questions;
  }
};

// What it opens must not outlive it.
class CountingFileSystem : public io::FileSystem {
 public:
  explicit CountingFileSystem(io::FileSystem& files) : files_(files) {}

  bool can_link = true;                // as some file systems cannot
  std::chrono::microseconds delay{0};  // in each call
  bool is_far = false;                 // what the files say

  [[nodiscard]] FileCounts counts() const {
    const std::lock_guard lock(mutex_);
    return counts_;
  }
  // Begins anew, and says what was counted so far.
  FileCounts reset() {
    const std::lock_guard lock(mutex_);
    return std::exchange(counts_, {});
  }

  std::unique_ptr<io::ReadableFile> open(const std::string& path) override {
    add(&FileCounts::opens);
    return std::make_unique<Readable>(*this, files_.open(path));
  }
  std::unique_ptr<io::WritableFile> create(const std::string& path) override {
    add(&FileCounts::creates);
    return std::make_unique<Writable>(*this, files_.create(path));
  }
  void rename(const std::string& from, const std::string& to) override {
    add(&FileCounts::renames);
    files_.rename(from, to);
  }
  bool link(const std::string& from, const std::string& to) override {
    if (!can_link || !files_.link(from, to)) return false;
    add(&FileCounts::links);
    return true;
  }
  void copy_permissions(const std::string& from, const std::string& to) override {
    add(&FileCounts::permissions);
    files_.copy_permissions(from, to);
  }
  void remove(const std::string& path) override {
    add(&FileCounts::removes);
    files_.remove(path);
  }
  void sync_directory(const std::string& path) override {
    add(&FileCounts::directory_syncs);
    files_.sync_directory(path);
  }
  bool create_directory(const std::string& path) override {
    add(&FileCounts::directories_made);
    return files_.create_directory(path);
  }
  bool exists(const std::string& path) override {
    add(&FileCounts::questions);
    return files_.exists(path);
  }
  bool is_directory(const std::string& path) override {
    add(&FileCounts::questions);
    return files_.is_directory(path);
  }
  std::vector<std::string> list_directory(const std::string& path) override {
    add(&FileCounts::listings);
    return files_.list_directory(path);
  }
  std::unique_ptr<io::FileLock> lock(const std::string& path, std::string_view owner) override {
    add(&FileCounts::locks);
    return std::make_unique<Lock>(*this, files_.lock(path, owner));
  }

 private:
  class Readable final : public io::ReadableFile {
   public:
    Readable(CountingFileSystem& files, std::unique_ptr<io::ReadableFile> file)
        : files_(files), file_(std::move(file)) {}
    [[nodiscard]] std::uint64_t size() const override { return file_->size(); }
    [[nodiscard]] io::FileVersion version() const override { return file_->version(); }
    [[nodiscard]] std::size_t best_piece() const noexcept override {
      return files_.is_far ? io::far_piece_bytes : file_->best_piece();
    }
    void read(std::uint64_t offset, std::span<std::byte> out) const override {
      files_.add(&FileCounts::reads);
      files_.add_bytes(&FileCounts::bytes_read, out.size());
      file_->read(offset, out);
    }
    [[nodiscard]] io::Mapping map() const override {
      files_.add(&FileCounts::maps);
      return file_->map();
    }

   private:
    CountingFileSystem& files_;
    std::unique_ptr<io::ReadableFile> file_;
  };
  class Writable final : public io::WritableFile {
   public:
    Writable(CountingFileSystem& files, std::unique_ptr<io::WritableFile> file)
        : files_(files), file_(std::move(file)) {}
    [[nodiscard]] std::size_t best_piece() const noexcept override {
      return files_.is_far ? io::far_piece_bytes : file_->best_piece();
    }
    void write(std::uint64_t offset, std::span<const std::byte> bytes) override {
      files_.add(&FileCounts::writes);
      files_.add_bytes(&FileCounts::bytes_written, bytes.size());
      file_->write(offset, bytes);
    }
    void reserve(std::uint64_t size) override {
      files_.add(&FileCounts::reserves);
      file_->reserve(size);
    }
    void sync() override {
      files_.add(&FileCounts::syncs);
      file_->sync();
    }
    void close() override {
      files_.add(&FileCounts::closes);
      file_->close();
    }

   private:
    CountingFileSystem& files_;
    std::unique_ptr<io::WritableFile> file_;
  };
  class Lock final : public io::FileLock {
   public:
    Lock(CountingFileSystem& files, std::unique_ptr<io::FileLock> held) : files_(files), held_(std::move(held)) {}
    [[nodiscard]] bool is_in_place() const override {
      files_.add(&FileCounts::lock_questions);
      return held_->is_in_place();
    }

   private:
    CountingFileSystem& files_;
    std::unique_ptr<io::FileLock> held_;
  };

  void add(std::uint64_t FileCounts::* count) {
    add_bytes(count, 1);
    if (delay.count() != 0) std::this_thread::sleep_for(delay);
  }
  void add_bytes(std::uint64_t FileCounts::* count, std::uint64_t number) {
    const std::lock_guard lock(mutex_);
    counts_.*count += number;
  }

  io::FileSystem& files_;
  mutable std::mutex mutex_;
  FileCounts counts_;
};

}  // namespace cairn::test
