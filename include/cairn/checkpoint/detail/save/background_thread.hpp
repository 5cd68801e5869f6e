// BackgroundThread: the thread that writes a checkpoint while the program goes on.
#pragma once

#include "../../../core/detail/fail.hpp"

#include <string>
#include <system_error>
#include <utility>

#include <pthread.h>
#include <signal.h>

namespace cairn::checkpoint::detail {

class BackgroundThread {
 public:
  // Calls run(place) in a thread, which join() must have waited for before the next one. Throws Error
  // (resource_exhausted) when the system has no thread left.
  void start(const std::string& path, void* (*run)(void*), void* place) {
    // Signals are for the program's own threads.
    ::sigset_t all, before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    const int refusal = ::pthread_create(&thread_, nullptr, run, place);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    is_there_ = refusal == 0;
    if (!is_there_)
      core::detail::fail(
          ErrorCode::resource_exhausted,
          {"the checkpoint \"", path, "\" cannot be saved in the background, because the system gives no thread (",
           std::generic_category().message(refusal), "); save it without enable_async"},
          {.file = path});
  }
  void join() noexcept {
    if (std::exchange(is_there_, false)) ::pthread_join(thread_, nullptr);
  }

 private:
  pthread_t thread_{};
  bool is_there_ = false;
};

}  // namespace cairn::checkpoint::detail
