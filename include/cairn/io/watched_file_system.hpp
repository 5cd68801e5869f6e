// WatchedFileSystem: a file system that tells how many bytes have passed, and stops the work where that is asked for. The
// options `progress` and `stop` of a call put one between the call and its files; a program may do so for any call that
// takes a FileSystem:
//
//   cairn::io::WatchedFileSystem watched(cairn::io::native(), show, token, "looking through");
//   const auto differences = cairn::diff("a/ckpt", "b/ckpt", {}, watched);
#pragma once

#include "../core/detail/clock.hpp"
#include "../core/detail/fail.hpp"
#include "../core/error.hpp"
#include "file_system.hpp"
#include "progress.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::io {

// The bytes that a WatchedFileSystem counts.
enum class Counted { reads, writes, both };

// Passes every call on to another file system, which must outlive this one. Bytes are counted from the first expect() on.
// Every open, create, read, write and sync throws Error with ErrorCode::cancelled once a stop is requested; names that
// are given, changed and removed are not stopped, so that temporary files are removed. Any thread may use it, but
// expect(), finish() and the constructor belong to one, in which the progress is told.
class WatchedFileSystem final : public FileSystem {
 public:
  // Both `progress` and `stop` may be empty. `what` is Progress::what, and stands in the sentence of the Error.
  WatchedFileSystem(FileSystem& files, ProgressCallback progress, StopRequest stop, std::string what,
                    Counted counted = Counted::both)
      : files_(files),
        progress_(std::move(progress)),
        stop_(std::move(stop)),
        what_(std::move(what)),
        counted_(counted),
        thread_(this_thread()) {}

  // Says how many bytes will pass in all, if no call has said more yet.
  void expect(std::uint64_t bytes) override {
    if (!is_watching_.load()) return;
    const bool is_first = !has_begun_.exchange(true);
    in_all_ = std::max(in_all_, bytes);
    if (is_first) tell(done());
  }
  // Tells the progress that the work is complete; every later call is passed on.
  void finish() noexcept {
    if (!is_watching_.exchange(false)) return;
    if (!has_begun_) in_all_ = passed_;
    try {
      tell(in_all_);
    } catch (...) {  // NOLINT(bugprone-empty-catch): the work is done whatever is thrown here
    }
  }
  // Makes later calls heed no stop, and no exception of the progress. With `reads_again`, all bytes may pass a second
  // time.
  void go_on(bool reads_again) noexcept {
    can_stop_ = false;
    if (reads_again) in_all_ += done();
  }

  // The word inline stands at the declaration already: without it, a compiler emits the class into every object file
  // that sees it, because a virtual function is defined elsewhere.
  [[nodiscard]] inline std::unique_ptr<ReadableFile> open(const std::string& path) override;
  [[nodiscard]] inline std::unique_ptr<WritableFile> create(const std::string& path) override;
  void rename(const std::string& from, const std::string& to) override { files_.rename(from, to); }
  [[nodiscard]] bool link(const std::string& from, const std::string& to) override { return files_.link(from, to); }
  void copy_permissions(const std::string& from, const std::string& to) override { files_.copy_permissions(from, to); }
  void remove(const std::string& path) override { files_.remove(path); }
  void sync_directory(const std::string& path) override { files_.sync_directory(path); }
  bool create_directory(const std::string& path) override { return files_.create_directory(path); }
  [[nodiscard]] bool exists(const std::string& path) override { return files_.exists(path); }
  [[nodiscard]] bool is_directory(const std::string& path) override { return files_.is_directory(path); }
  [[nodiscard]] std::vector<std::string> list_directory(const std::string& path) override {
    return files_.list_directory(path);
  }
  [[nodiscard]] std::unique_ptr<FileLock> lock(const std::string& path, std::string_view owner) override {
    return files_.lock(path, owner);
  }

  // For the files that this file system opened. Throws Error with ErrorCode::cancelled where the work is to stop.
  void require_unstopped() const {
    if (!is_watching_.load() || !can_stop_.load()) return;
    if (!is_stopped_.load() && !stop_.is_requested()) return;
    is_stopped_ = true;
    core::detail::fail(ErrorCode::cancelled,
                       {what_, " was stopped, because a stop was requested; everything is as it was before"});
  }
  void count(std::uint64_t bytes, Counted kind) {
    if (!is_watching_.load() || !has_begun_.load() || (counted_ != Counted::both && counted_ != kind)) return;
    passed_ += bytes;
    constexpr double shortest = 0.1;  // seconds between two calls
    if (thread_ != this_thread() || core::detail::steady_seconds() < told_ + shortest) return;
    try {
      tell(done());
    } catch (...) {
      if (can_stop_.load()) throw;
    }
  }

 private:
  // A place that each thread has one of.
  [[nodiscard]] static const void* this_thread() noexcept {
    static thread_local char place = 0;
    return &place;
  }
  // A gap between tensors is read along, and may make more bytes pass than were expected.
  [[nodiscard]] std::uint64_t done() const noexcept { return std::min(passed_.load(), in_all_); }
  void tell(std::uint64_t bytes_done) {
    told_ = core::detail::steady_seconds();
    if (progress_) progress_({bytes_done, in_all_, what_});
  }

  FileSystem& files_;
  ProgressCallback progress_;
  StopRequest stop_;
  std::string what_;
  Counted counted_;
  const void* thread_;
  std::atomic<bool> is_watching_ = true, has_begun_ = false, can_stop_ = true;
  mutable std::atomic<bool> is_stopped_ = false;  // a request that was heeded once is not taken back
  std::atomic<std::uint64_t> passed_ = 0;
  std::uint64_t in_all_ = 0;  // these belong to the thread
  double told_ = 0;
};

}  // namespace CAIRN_NAMESPACE::io

namespace CAIRN_NAMESPACE::io::detail {

class WatchedReadableFile final : public io::ReadableFile {
 public:
  WatchedReadableFile(io::WatchedFileSystem& files, std::unique_ptr<io::ReadableFile> file)
      : files_(files), file_(std::move(file)) {}
  [[nodiscard]] std::uint64_t size() const override { return file_->size(); }
  [[nodiscard]] io::FileVersion version() const override { return file_->version(); }
  [[nodiscard]] std::size_t best_piece() const noexcept override { return file_->best_piece(); }
  void read(std::uint64_t offset, std::span<std::byte> out) const override {
    files_.require_unstopped();
    file_->read(offset, out);
    files_.count(out.size(), io::Counted::reads);
  }
  [[nodiscard]] io::Mapping map() const override { return file_->map(); }

 private:
  io::WatchedFileSystem& files_;
  std::unique_ptr<io::ReadableFile> file_;
};

class WatchedWritableFile final : public io::WritableFile {
 public:
  WatchedWritableFile(io::WatchedFileSystem& files, std::unique_ptr<io::WritableFile> file)
      : files_(files), file_(std::move(file)) {}
  [[nodiscard]] std::size_t best_piece() const noexcept override { return file_->best_piece(); }
  void write(std::uint64_t offset, std::span<const std::byte> bytes) override {
    files_.require_unstopped();
    file_->write(offset, bytes);
    files_.count(bytes.size(), io::Counted::writes);
  }
  void reserve(std::uint64_t size) override { file_->reserve(size); }
  void sync() override {
    files_.require_unstopped();
    file_->sync();
  }
  void close() override { file_->close(); }

 private:
  io::WatchedFileSystem& files_;
  std::unique_ptr<io::WritableFile> file_;
};

inline const WatchFeature::Functions& WatchFeature::functions() {
  static constexpr Functions functions{
      [](io::FileSystem& files, const ProgressCallback& progress, const StopRequest& stop, std::string_view work,
         std::string_view path, bool is_reading) -> io::FileSystem* {
        return new io::WatchedFileSystem(files, progress, stop, core::detail::sentence_of({work, " \"", path, "\""}),
                                         is_reading ? io::Counted::reads : io::Counted::writes);
      },
      [](io::FileSystem& watched) { static_cast<io::WatchedFileSystem&>(watched).finish(); },
      [](io::FileSystem& watched, bool reads_again) {
        static_cast<io::WatchedFileSystem&>(watched).go_on(reads_again);
      }};
  return functions;
}

}  // namespace CAIRN_NAMESPACE::io::detail

namespace CAIRN_NAMESPACE::io {

inline std::unique_ptr<ReadableFile> WatchedFileSystem::open(const std::string& path) {
  require_unstopped();
  return std::unique_ptr<ReadableFile>(new detail::WatchedReadableFile(*this, files_.open(path)));
}
inline std::unique_ptr<WritableFile> WatchedFileSystem::create(const std::string& path) {
  require_unstopped();
  return std::unique_ptr<WritableFile>(new detail::WatchedWritableFile(*this, files_.create(path)));
}

}  // namespace CAIRN_NAMESPACE::io
