// BackgroundThread: the thread that writes a checkpoint while the program goes on.
#pragma once

#include "../../../core/detail/fail.hpp"

#include <string>
#include <system_error>
#include <utility>

#if defined(_WIN32)
#include <thread>
#else
#include <pthread.h>
#include <signal.h>
#endif

namespace cairn::checkpoint::detail {

class BackgroundThread {
 public:
  // Calls run(place) in a thread, which join() must have waited for before the next one. Throws Error
  // (resource_exhausted) when the system has no thread left.
  void start(const std::string& path, void* (*run)(void*), void* place) {
#if defined(_WIN32)
    try {
      thread_ = std::thread(run, place);
    } catch (const std::system_error& error) {
      refuse(path, error.code().message());
    }
#else
    // Signals are for the program's own threads.
    ::sigset_t all, before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    const int refusal = ::pthread_create(&thread_, nullptr, run, place);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    is_there_ = refusal == 0;
    if (!is_there_) refuse(path, std::generic_category().message(refusal));
#endif
  }
  void join() noexcept {
#if defined(_WIN32)
    if (thread_.joinable()) thread_.join();
#else
    if (std::exchange(is_there_, false)) ::pthread_join(thread_, nullptr);
#endif
  }

 private:
  [[noreturn]] static void refuse(const std::string& path, const std::string& reason) {
    core::detail::fail(
        ErrorCode::resource_exhausted,
        {"the checkpoint \"", path, "\" cannot be saved in the background, because the system gives no thread (",
         reason, "); save it without enable_async"},
        {.file = path});
  }

#if defined(_WIN32)
  std::thread thread_;
#else
  pthread_t thread_{};
  bool is_there_ = false;
#endif
};

}  // namespace cairn::checkpoint::detail
