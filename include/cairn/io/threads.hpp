// A few pieces of work at the same time: several writers, or readers, each on its own range of a file.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <thread>

namespace cairn::io {

inline constexpr std::size_t max_threads = 64;

}  // namespace cairn::io

namespace cairn::detail {

// Work without its type: a function that is called with `work`.
inline void run_in_threads(std::size_t count, void (*call)(const void* work, std::size_t i), const void* work) {
  if (count == 1) return call(work, 0);
  std::array<std::thread, io::max_threads> threads;
  std::array<std::exception_ptr, io::max_threads> failures;
  const auto run = [&](std::size_t i) noexcept {
    try {
      call(work, i);
    } catch (...) {
      failures[i] = std::current_exception();
    }
  };
  for (std::size_t i = 1; i < count; ++i) {
    try {
      threads[i] = std::thread(run, i);
    } catch (...) {
      run(i);
    }
  }
  if (count != 0) run(0);
  for (std::thread& thread : threads)
    if (thread.joinable()) thread.join();
  for (const std::exception_ptr& failure : failures)
    if (failure != nullptr) std::rethrow_exception(failure);
}

}  // namespace cairn::detail

namespace cairn::io {

// `count` is at most max_threads. Calls work(0), ..., work(count - 1): the first in the calling thread, each of the
// others in one of its own, or in the calling one where the system has no more threads or memory. Returns when all have
// ended; what the first of them in that order has thrown is thrown then.
template <class Work>
void run_in_threads(std::size_t count, const Work& work) {
  detail::run_in_threads(count, [](const void* typed, std::size_t i) { (*static_cast<const Work*>(typed))(i); }, &work);
}

// How many threads are worth their start for so many bytes.
[[nodiscard]] inline std::size_t threads_for(std::uint64_t bytes, std::size_t allowed) noexcept {
  constexpr std::uint64_t worth_a_thread = std::uint64_t{4} << 20;
  const std::uint64_t useful = bytes / worth_a_thread;
  return static_cast<std::size_t>(
      std::max<std::uint64_t>(1, std::min<std::uint64_t>(useful, std::min<std::size_t>(allowed, max_threads))));
}

}  // namespace cairn::io
