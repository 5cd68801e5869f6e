// Processes that saved in a loop, with rotation, the best by a metric and saves in the background, were killed.
#include "interop/case.hpp"

#include <cairn/checkpoint/manager.hpp>

#include <algorithm>
#include <csignal>

#include <sys/wait.h>
#include <unistd.h>

using namespace cairn::literals;

namespace {

// Goes on where the last one was killed, for ever; tells each save that returned.
[[noreturn]] void save_for_ever(const std::filesystem::path& directory, bool in_background, int told) {
  cairn::Variable<float, 300> weights;
  std::int64_t step = 0;
  cairn::Checkpoint checkpoint{"weights"_a = weights, "step"_a = step};
  cairn::CheckpointManager manager{
      checkpoint,
      directory,
      {.max_to_keep = 2, .keep_best = {{.count = 2, .metric = [&] { return static_cast<double>(step % 7); }}}}};
  manager.restore_or_initialize();
  for (;;) {
    ++step;
    std::fill_n(weights.data(), weights.size(), static_cast<float>(step));
    manager.save({.enable_async = in_background});
    if (::write(told, "x", 1) != 1) ::_exit(1);
  }
}

}  // namespace

void write(const std::filesystem::path& directory) {
  for (int i = 0; i < 20; ++i) {
    int ends[2];
    CAIRN_EXPECT(::pipe(ends) == 0);
    const pid_t child = ::fork();
    if (child == 0) save_for_ever(directory, i % 2 == 1, ends[1]);
    ::close(ends[1]);
    char byte = 0;
    for (int saves = 0; saves < 2 + i % 3; ++saves) CAIRN_EXPECT(::read(ends[0], &byte, 1) == 1);
    ::usleep(static_cast<useconds_t>(i * 100));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    ::close(ends[0]);
  }
}

void read(const std::filesystem::path& /*directory*/) {}
