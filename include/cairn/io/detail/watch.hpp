// Watch: one call whose options `progress` and `stop` are heeded.
//
//   Watch watch(options.progress, options.stop, files, "verifying", prefix, Watch::reading);
//   verify_now(watch.files());      // these files count, and throw where the work is to stop
//   watch.finish();
#pragma once

#include "../file_system.hpp"
#include "../watched_file_system.hpp"

#include <cstdint>
#include <string_view>

namespace CAIRN_NAMESPACE::io::detail {

class Watch {
 public:
  static constexpr bool reading = true, writing = false;

  Watch() noexcept = default;
  // Where both options are empty, files() are `files`.
  CAIRN_COLD CAIRN_NOINLINE Watch(const ProgressCallback& progress, const StopRequest& stop, io::FileSystem& files,
                                  std::string_view work, std::string_view path, bool is_reading)
      : files_(&files), watch_(progress.watch_ != nullptr ? progress.watch_ : stop.watch_) {
    if (watch_ == nullptr) return;
    watched_ = watch_().make(files, progress, stop, work, path, is_reading);
    files_ = watched_;
  }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  CAIRN_COLD CAIRN_NOINLINE ~Watch() { delete watched_; }
  // Goes on in place of the other, whose files() stay where they are.
  CAIRN_COLD CAIRN_NOINLINE void take(Watch& other) noexcept {
    files_ = other.files_;
    watch_ = other.watch_;
    watched_ = other.watched_;  // was null
    other.watched_ = nullptr;
  }

  [[nodiscard]] io::FileSystem& files() const noexcept { return *files_; }
  // WatchedFileSystem's functions of these names.
  CAIRN_COLD CAIRN_NOINLINE void expect(std::uint64_t bytes) const {
    if (watched_ != nullptr) watched_->expect(bytes);
  }
  CAIRN_COLD CAIRN_NOINLINE void go_on(bool reads_again) const {
    if (watched_ != nullptr) watch_().go_on(*watched_, reads_again);
  }
  CAIRN_COLD CAIRN_NOINLINE void finish() const {
    if (watched_ != nullptr) watch_().finish(*watched_);
  }

 private:
  io::FileSystem* files_ = nullptr;
  WatchFunctions watch_ = nullptr;
  io::FileSystem* watched_ = nullptr;
};

}  // namespace CAIRN_NAMESPACE::io::detail
