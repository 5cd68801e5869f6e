// Every file call of every scenario is the last one, or fails: in memory, where all of them take seconds.
#include <doctest/doctest.h>

#include <cairn/testing/faulty_file_system.hpp>
#include <cairn/testing/memory_file_system.hpp>

#include "crash/scenarios.hpp"
#include "support/slowness.hpp"

#include <cerrno>
#include <cstdint>
#include <cstdio>

using namespace cairn;
using namespace cairn::test;

namespace {

void prepare(const Scenario& scenario, io::FileSystem& files) {
  add_foreign_files(files, "d");
  if (scenario.before > 0) run_process(scenario, files, "d", scenario.before, [](std::int64_t) {});
}

std::uint64_t calls_of(const Scenario& scenario) {
  cairn::testing::MemoryFileSystem below;
  prepare(scenario, below);
  cairn::testing::FaultyFileSystem files(below);
  run_process(scenario, files, "d", scenario.saves, [](std::int64_t) {});
  return files.calls();
}

// With each way of failing all of a scenario's calls are tried, or by a sanitizer every sixth one, beginning with
// another one each time.
template <class Try>
void for_each_call(std::uint64_t calls, int way, Try try_one) {
  constexpr std::uint64_t step = slowness > 1 ? 6 : 1;
  for (std::uint64_t at = 1 + static_cast<std::uint64_t>(way) % step; at <= calls; at += step) try_one(at);
}

Steps progress_before(const Scenario& scenario) { return {scenario.before, scenario.before}; }

}  // namespace

TEST_CASE("a process killed before, after or within any file call keeps every promise, and the next one cleans up") {
  int runs = 0;
  for (const Scenario& scenario : scenarios()) {
    CAPTURE(scenario.name);
    const std::uint64_t calls = calls_of(scenario);
    int way = 0;
    for (const cairn::testing::Fault kind :
         {cairn::testing::Fault::stop_before, cairn::testing::Fault::stop_after, cairn::testing::Fault::stop_torn})
      for (const bool power_too : {false, true})
        for_each_call(calls, way++, [&](std::uint64_t at) {
          ++runs;
          CAPTURE(at);
          CAPTURE(power_too);
          cairn::testing::MemoryFileSystem files;
          prepare(scenario, files);
          Steps progress = progress_before(scenario);
          {
            cairn::testing::FaultyFileSystem killed(files, {.at = at, .kind = kind});
            try {
              run_process(scenario, killed, "d", scenario.saves, [&](std::int64_t step) { note(progress, step); });
            } catch (const Error&) {}
          }
          if (power_too) files.cut_power();
          bury(files, "d");
          const std::int64_t latest = require_promises(scenario, files, "d", progress, power_too);
          Steps next{latest, latest};
          run_process(scenario, files, "d", 1, [&](std::int64_t step) { note(next, step); });
          CHECK(require_promises(scenario, files, "d", next, power_too) == latest + 1);
          if (!scenario.same_prefix) require_clean(files, "d");
        });
  }
  std::printf("crash points: %d processes killed in memory, %zu scenarios\n", runs, scenarios().size());
}

TEST_CASE("a file call that fails is an Error, keeps every promise, and the same process saves again") {
  int runs = 0, told = 0;
  struct Kind {
    cairn::testing::Fault fault;
    int number;
  };
  for (const Scenario& scenario : scenarios()) {
    CAPTURE(scenario.name);
    const std::uint64_t calls = calls_of(scenario);
    int way = 0;
    for (const Kind kind :
         {Kind{cairn::testing::Fault::error, EIO}, Kind{cairn::testing::Fault::error, ENOSPC},
          Kind{cairn::testing::Fault::error, EINTR}, Kind{cairn::testing::Fault::error, EROFS},
          Kind{cairn::testing::Fault::error, EACCES}, Kind{cairn::testing::Fault::short_write, ENOSPC}})
      for_each_call(calls, way++, [&](std::uint64_t at) {
        ++runs;
        CAPTURE(at);
        CAPTURE(kind.number);
        cairn::testing::MemoryFileSystem files;
        prepare(scenario, files);
        Steps progress = progress_before(scenario);
        cairn::testing::FaultyFileSystem failing(files, {.at = at, .kind = kind.fault, .number = kind.number});
        try {
          run_process(scenario, failing, "d", scenario.saves, [&](std::int64_t step) { note(progress, step); });
        } catch (const Error&) {
          ++told;
        }
        const std::int64_t latest = require_promises(scenario, files, "d", progress);
        Steps next{latest, latest};
        run_process(scenario, failing, "d", 1, [&](std::int64_t step) { note(next, step); });
        CHECK(require_promises(scenario, files, "d", next) == latest + 1);
        if (!scenario.same_prefix) require_clean(files, "d");
      });
  }
  CHECK(told > runs * 8 / 10);  // the others: calls of no consequence, as the second name of what is being deleted
  std::printf("faults: %d failing calls in memory, %d of them told as an Error\n", runs, told);
}
