// Files as the commands see them: looked for kindly, and watched for the progress bar.
#pragma once

#include "interrupt.hpp"

#include <cairn/io/native.hpp>
#include <cairn/io/watched_file_system.hpp>

#include <chrono>
#include <cstdint>
#include <string>

namespace tool {

// The prefix of the checkpoint that a path means. Throws cairn::Error, which says what lies there instead; for a file of
// Keras how to make a checkpoint of it.
[[nodiscard]] std::string find_checkpoint(const std::string& path);

// The sizes of a checkpoint's data files together; 0 where they cannot be told.
[[nodiscard]] std::uint64_t data_bytes(const std::string& prefix);

// A bar on a terminal's standard error, which goes away at the end, and Ctrl-C: both by the library's options, or for a
// function without them by the file system that it is given. Nothing is shown of what takes less than a third of a
// second.
//
//   Progress progress(arguments.quiet(), "verifying");
//   cairn::verify(prefix, {.progress = progress.bar(), .stop = progress.stop()});
//   Progress progress(arguments.quiet(), "reading", data_bytes(prefix));
//   const cairn::CheckpointReader reader(prefix, progress);
class Progress {
 public:
  // `total` are the bytes that will pass through the file system.
  Progress(bool quiet, std::string what, std::uint64_t total = 0, cairn::io::FileSystem& files = cairn::io::native());
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();

  [[nodiscard]] cairn::ProgressCallback bar() {
    return [this](const cairn::Progress& now) { draw(now); };
  }
  [[nodiscard]] static cairn::StopRequest stop() { return Interrupt(); }
  operator cairn::io::FileSystem&() { return files_; }

 private:
  void draw(const cairn::Progress& now);

  std::string what_;
  bool is_shown_;
  std::chrono::steady_clock::time_point begin_;
  bool is_drawn_ = false;
  cairn::io::WatchedFileSystem files_;
};

}  // namespace tool
