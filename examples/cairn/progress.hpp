// Files as the commands see them: looked for kindly, and counted for the progress bar.
#pragma once

#include <cairn/io/file_system.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

namespace tool {

// The prefix of the checkpoint that a path means. Throws cairn::Error, which says what lies there instead.
[[nodiscard]] std::string find_checkpoint(const std::string& path);

// The sizes of a checkpoint's data files together; 0 where they cannot be told.
[[nodiscard]] std::uint64_t data_bytes(const std::string& prefix);

// A file system that shows a bar on a terminal's standard error while `total` bytes are read and written, and takes it
// away at the end. Nothing is shown of what takes less than a third of a second.
//
//   Progress progress(arguments.quiet(), "verifying", data_bytes(prefix));
//   cairn::verify(prefix, progress);
class Progress final : public cairn::io::FileSystem {
 public:
  Progress(bool quiet, std::string what, std::uint64_t total);
  ~Progress() override;

  [[nodiscard]] std::unique_ptr<cairn::io::ReadableFile> open(const std::string& path) override;
  [[nodiscard]] std::unique_ptr<cairn::io::WritableFile> create(const std::string& path) override;
  void rename(const std::string& from, const std::string& to) override;
  void copy_permissions(const std::string& from, const std::string& to) override;
  void remove(const std::string& path) override;
  void sync_directory(const std::string& path) override;
  bool create_directory(const std::string& path) override;
  [[nodiscard]] bool exists(const std::string& path) override;
  [[nodiscard]] bool is_directory(const std::string& path) override;
  [[nodiscard]] std::vector<std::string> list_directory(const std::string& path) override;
  [[nodiscard]] std::unique_ptr<cairn::io::FileLock> lock(const std::string& path, std::string_view owner) override;

  // Called by the files.
  void advance(std::uint64_t bytes);

 private:
  void draw();

  std::string what_;
  std::uint64_t total_;
  bool is_shown_;
  std::atomic<std::uint64_t> done_ = 0;
  std::mutex mutex_;  // of what follows
  std::chrono::steady_clock::time_point next_;
  bool is_drawn_ = false;
};

}  // namespace tool
