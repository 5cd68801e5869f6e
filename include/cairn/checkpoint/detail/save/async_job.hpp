// One save in the background, from its start until somebody was told how it ended; at the latest when the program does.
#pragma once

#include "../../../core/detail/vec.hpp"
#include "../../../core/error.hpp"

#include <atomic>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include <sys/types.h>
#include <unistd.h>

namespace cairn::checkpoint::detail {

class AsyncJob {
 public:
  explicit AsyncJob(std::string path) : path_(std::move(path)) {}
  AsyncJob(const AsyncJob&) = delete;
  AsyncJob& operator=(const AsyncJob&) = delete;

  [[nodiscard]] const std::string& path() const noexcept { return path_; }

  // The thread's last word. The others are for after it.
  void end(std::exception_ptr error) noexcept {
    error_ = std::move(error);
    has_ended_.store(true);
    has_ended_.notify_all();
  }
  void wait() const noexcept { has_ended_.wait(false); }

  // Throws what went wrong, once.
  void rethrow() {
    if (!error_) return;
    try {
      std::rethrow_exception(std::exchange(error_, nullptr));
    } catch (const Error& failure) {
      Error told(failure.code(),
                 "the save of the checkpoint \"" + path_ + "\" in the background failed: " + failure.what());
      told.in_file(failure.file()).at_key(failure.key()).expecting(failure.expected(), failure.found());
      if (failure.offset()) told.at_offset(*failure.offset());
      throw told;
    }
  }
  // Says it on the standard error output, where there is nobody left to throw it to.
  void tell() {
    try {
      rethrow();
    } catch (const std::exception& error) {
      std::fprintf(stderr, "cairn: %s\n", error.what());
    } catch (...) {
      std::fprintf(stderr, "cairn: the save of the checkpoint \"%s\" in the background failed\n", path_.c_str());
    }
  }

 private:
  std::string path_;
  std::exception_ptr error_;
  std::atomic<bool> has_ended_ = false;
};

// exit() ends a program without the destructors of what is on its stacks. It waits here for the saves that are under
// way, and tells what nobody has asked for. TensorFlow's does the same, with Python's atexit.
class AsyncJobs {
 public:
  AsyncJobs(const AsyncJobs&) = delete;
  AsyncJobs& operator=(const AsyncJobs&) = delete;

  static void add(const std::shared_ptr<AsyncJob>& job) {
    static AsyncJobs all;
    const std::lock_guard lock(all.mutex_);
    if (const pid_t process = ::getpid(); std::exchange(all.process_, process) != process) all.jobs_.clear();  // a fork
    for (std::size_t i = all.jobs_.size(); i-- > 0;)
      if (all.jobs_[i].use_count() == 1) all.jobs_.erase(all.jobs_.begin() + i);
    all.jobs_.push_back(job);
  }

  // True in the thread of a job.
  [[nodiscard]] static bool& is_here() noexcept {
    static thread_local bool is_job = false;
    return is_job;
  }

 private:
  AsyncJobs() = default;
  ~AsyncJobs() {
    // A fork has none of its parent's threads, and a job that calls exit() would wait for itself.
    if (::getpid() != process_ || is_here()) return;
    const std::lock_guard lock(mutex_);
    for (const std::shared_ptr<AsyncJob>& job : jobs_) {
      if (job.use_count() == 1) continue;
      job->wait();
      job->tell();
    }
  }

  pid_t process_ = ::getpid();
  std::mutex mutex_;
  core::detail::Vec<std::shared_ptr<AsyncJob>> jobs_;  // those that only this list has are over
};

}  // namespace cairn::checkpoint::detail
