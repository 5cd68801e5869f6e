// run_in_threads: a few pieces of work at the same time, such as several threads that each write a range of one file.
#pragma once

#include "../core/detail/function_ref.hpp"
#include "detail/thread.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>

namespace CAIRN_NAMESPACE::io {

// The largest number of threads that any call uses.
inline constexpr std::size_t max_threads = 64;

}  // namespace CAIRN_NAMESPACE::io

namespace CAIRN_NAMESPACE::io::detail {

inline void run_in_threads(std::size_t count, core::detail::FunctionRef<void(std::size_t)> work) {
  if (count == 1) return work(0);
  struct Task {
    core::detail::FunctionRef<void(std::size_t)>* work;
    std::size_t number;
    std::exception_ptr failure;
    Thread thread;

    static void* run(void* place) noexcept {
      Task& task = *static_cast<Task*>(place);
      try {
        (*task.work)(task.number);
      } catch (...) {
        task.failure = std::current_exception();
      }
      return nullptr;
    }
  };
  Task tasks[io::max_threads];
  for (std::size_t i = 0; i < count; ++i) {
    tasks[i].work = &work;
    tasks[i].number = i;
    if (i > 0 && tasks[i].thread.start(&Task::run, &tasks[i]) != 0) Task::run(&tasks[i]);
  }
  if (count != 0) Task::run(&tasks[0]);
  for (std::size_t i = 0; i < count; ++i) tasks[i].thread.join();
  for (const Task& task : tasks)
    if (task.failure != nullptr) std::rethrow_exception(task.failure);
}

inline void for_each_task(std::size_t count, std::size_t threads,
                          core::detail::FunctionRef<void(std::size_t task, std::size_t thread)> work) {
  std::atomic<std::size_t> next = 0;  // the first task that no thread has
  run_in_threads(threads, [&](std::size_t thread) {
    try {
      for (std::size_t task = next++; task < count; task = next++) work(task, thread);
    } catch (...) {
      next = count;
      throw;
    }
  });
}

}  // namespace CAIRN_NAMESPACE::io::detail

namespace CAIRN_NAMESPACE::io {

// Calls work(0), ..., work(count - 1), each once; `count` is at most max_threads. The calling thread runs work(0), and
// each other call gets a thread of its own, or the calling one where the system has no more threads or memory. Returns
// when all calls have ended. When some of them threw, the exception of the one with the lowest number is thrown.
template <class Work>
void run_in_threads(std::size_t count, const Work& work) {
  detail::run_in_threads(count, work);
}

// Calls work(task, thread) for the tasks 0, ..., count - 1 in as many threads as `threads` says, which run_in_threads
// starts: each thread takes the next task when it has done one. After a task has thrown, no other task begins, and the
// caller gets the exception of the first thread that has one.
template <class Work>
void for_each_task(std::size_t count, std::size_t threads, const Work& work) {
  detail::for_each_task(count, threads, work);
}

// Returns the number of threads that are worth their start for `bytes` bytes of work: at least 1, at most `allowed` and
// max_threads.
[[nodiscard]] inline std::size_t threads_for(std::uint64_t bytes, std::size_t allowed) noexcept {
  constexpr std::uint64_t worth_a_thread = std::uint64_t{4} << 20;
  const std::uint64_t useful = bytes / worth_a_thread;
  return static_cast<std::size_t>(
      std::max<std::uint64_t>(1, std::min<std::uint64_t>(useful, std::min<std::size_t>(allowed, max_threads))));
}

}  // namespace CAIRN_NAMESPACE::io
