// Thread: what std::thread is, without <thread>, which is a tenth of an empty file's compilation.
#pragma once

#include "../../version.hpp"

#include <utility>

#if defined(_WIN32)
#include <system_error>
#include <thread>
#else
#include <pthread.h>
#endif

namespace CAIRN_NAMESPACE::io::detail {

// It must have been joined before it is started again, and before it ends.
class Thread {
 public:
  Thread() noexcept = default;
  Thread(const Thread&) = delete;
  Thread& operator=(const Thread&) = delete;

  // Calls run(place) in a thread. Returns 0, or the system's number of the reason why it gives none.
  [[nodiscard]] int start(void* (*run)(void*), void* place) noexcept {
#if defined(_WIN32)
    try {
      thread_ = std::thread(run, place);
      return 0;
    } catch (const std::system_error& error) {
      return error.code().value();
    }
#else
    const int refusal = ::pthread_create(&thread_, nullptr, run, place);
    is_there_ = refusal == 0;
    return refusal;
#endif
  }
  // Waits for the end of the thread where there is one.
  void join() noexcept {
#if defined(_WIN32)
    if (thread_.joinable()) thread_.join();
#else
    if (std::exchange(is_there_, false)) ::pthread_join(thread_, nullptr);
#endif
  }

 private:
#if defined(_WIN32)
  std::thread thread_;
#else
  pthread_t thread_{};
  bool is_there_ = false;
#endif
};

}  // namespace CAIRN_NAMESPACE::io::detail
