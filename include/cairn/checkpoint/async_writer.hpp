// The thread that publishes what CheckpointOptions::enable_async saves: one at a time, and no failure is lost.
#pragma once

#include "../core/error.hpp"

#include <cstdio>
#include <exception>
#include <functional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include <pthread.h>
#include <signal.h>

namespace cairn::detail {

// Belongs to one thread, which starts, waits and asks; what runs inside a job may do none of these.
class AsyncWriter {
 public:
  AsyncWriter() = default;
  AsyncWriter(const AsyncWriter&) = delete;
  AsyncWriter& operator=(const AsyncWriter&) = delete;
  // Waits. A failure that nobody has been told by then goes to the standard error output: a destructor has no other way
  // to say it.
  ~AsyncWriter() {
    wait();
    if (!error_) return;
    try {
      rethrow();
    } catch (const std::exception& error) {
      std::fprintf(stderr, "cairn: %s\n", error.what());
    } catch (...) {
      std::fprintf(stderr, "cairn: the save of the checkpoint \"%s\" in the background failed\n", path_.c_str());
    }
  }

  // Runs `job`, which saves `path`, in the background. Call rethrow() first. Throws Error (resource_exhausted) when the
  // system has no thread left.
  void start(std::string path, std::function<void()> job) {
    path_ = std::move(path);
    // Signals are for the program's own threads.
    ::sigset_t all, before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    try {
      thread_ = std::thread([this, job = std::move(job)] {
        here() = this;
        try {
          job();
        } catch (...) {
          error_ = std::current_exception();
        }
      });
    } catch (const std::system_error& error) {
      ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
      throw Error(ErrorCode::resource_exhausted, "the checkpoint \"" + path_ +
                                                     "\" cannot be saved in the background, because the system gives "
                                                     "no thread (" +
                                                     error.what() + "); save it without enable_async")
          .in_file(path_);
    } catch (...) {
      ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
      throw;
    }
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

  // Returns when no save is under way.
  void wait() noexcept {
    if (here() != this && thread_.joinable()) thread_.join();
  }

  // Waits, and throws what went wrong in the background, once.
  void rethrow() {
    if (here() == this)
      throw Error(ErrorCode::failed_precondition,
                  "a write callback of the checkpoint \"" + path_ +
                      "\" asked for another save or sync, which would wait for itself; do that after the callback")
          .in_file(path_);
    wait();
    if (!error_) return;
    const std::exception_ptr error = std::exchange(error_, nullptr);
    try {
      std::rethrow_exception(error);
    } catch (const Error& failure) {
      Error told(failure.code(),
                 "the save of the checkpoint \"" + path_ + "\" in the background failed: " + failure.what());
      told.in_file(failure.file()).at_key(failure.key()).expecting(failure.expected(), failure.found());
      if (failure.offset()) told.at_offset(*failure.offset());
      throw told;
    }
  }

 private:
  // Whose thread this is.
  [[nodiscard]] static const AsyncWriter*& here() noexcept {
    static thread_local const AsyncWriter* writer = nullptr;
    return writer;
  }

  std::string path_;
  std::exception_ptr error_;  // the thread's until it is joined
  std::thread thread_;
};

}  // namespace cairn::detail
