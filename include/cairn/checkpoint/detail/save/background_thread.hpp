// BackgroundThread: the thread that writes a checkpoint while the program goes on.
#pragma once

#include "../../../core/detail/fail.hpp"
#include "../../../io/detail/thread.hpp"

#include <string>
#include <system_error>

#if !defined(_WIN32)
#include <pthread.h>
#include <signal.h>
#endif

namespace CAIRN_NAMESPACE::checkpoint::detail {

class BackgroundThread {
 public:
  // Calls run(place) in a thread, which join() must have waited for before the next one. Throws Error
  // (resource_exhausted) when the system has no thread left.
  void start(const std::string& path, void* (*run)(void*), void* place) {
#if defined(_WIN32)
    const int refusal = thread_.start(run, place);
#else
    // Signals are for the program's own threads.
    ::sigset_t all, before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    const int refusal = thread_.start(run, place);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
#endif
    if (refusal != 0)
      core::detail::fail(
          ErrorCode::resource_exhausted,
          {"the checkpoint \"", path, "\" cannot be saved in the background, because the system gives no thread (",
           std::generic_category().message(refusal), "); save it without enable_async"},
          {.file = path});
  }
  void join() noexcept { thread_.join(); }

 private:
  io::detail::Thread thread_;
};

}  // namespace CAIRN_NAMESPACE::checkpoint::detail
