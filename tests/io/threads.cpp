#include <cairn/io/threads.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <thread>

TEST_CASE("every piece of work is done once, the first in the calling thread") {
  for (const std::size_t count : {0u, 1u, 2u, 7u}) {
    std::atomic<std::size_t> sum{0};
    std::thread::id first;
    cairn::io::run_in_threads(count, [&](std::size_t i) {
      sum += i + 1;
      if (i == 0) first = std::this_thread::get_id();
    });
    CHECK(sum == count * (count + 1) / 2);
    if (count > 0) CHECK(first == std::this_thread::get_id());
  }
}

TEST_CASE("what work throws in another thread is thrown when all have ended, the first in order") {
  for (const std::size_t failing : {0u, 1u, 2u}) {
    std::atomic<int> ended{0};
    std::string what;
    try {
      cairn::io::run_in_threads(3, [&](std::size_t i) {
        if (i >= failing) throw std::runtime_error(std::to_string(i));
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        ++ended;
      });
    } catch (const std::runtime_error& error) {
      what = error.what();
    }
    CHECK(what == std::to_string(failing));
    CHECK(ended == static_cast<int>(failing));
  }
}

TEST_CASE("each task is done once, by whichever thread has time") {
  for (const std::size_t threads : {1u, 3u}) {
    std::atomic<std::size_t> sum{0};
    std::atomic<std::size_t> wrong{0};
    cairn::io::for_each_task(100, threads, [&](std::size_t task, std::size_t thread) {
      sum += task + 1;
      if (thread >= threads) ++wrong;
    });
    CHECK(sum == 5050);
    CHECK(wrong == 0);
  }
  cairn::io::for_each_task(0, 2, [](std::size_t, std::size_t) { FAIL("there is no task"); });
}

TEST_CASE("after a task has thrown no other is begun") {
  std::size_t begun = 0;
  CHECK_THROWS_AS(cairn::io::for_each_task(100, 1,
                                           [&](std::size_t task, std::size_t) {
                                             ++begun;
                                             if (task == 2) throw std::runtime_error("");
                                           }),
                  std::runtime_error);
  CHECK(begun == 3);
}

TEST_CASE("small work is for one thread") {
  CHECK(cairn::io::threads_for(0, 8) == 1);
  CHECK(cairn::io::threads_for(100 << 20, 0) == 1);
  CHECK(cairn::io::threads_for(100 << 20, 3) == 3);
  CHECK(cairn::io::threads_for(9 << 20, 8) == 2);
}
