// A simulation whose state is made of everyday types is killed, and goes on as if nothing had been.
#include <cairn/checkpoint.hpp>

#include <doctest/doctest.h>

#include "support/scratch.hpp"

#include <sys/types.h>
#include <sys/wait.h>

#include <array>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <unistd.h>

using namespace cairn;
using namespace cairn::test;

namespace {

enum class Phase : std::uint8_t { warming, measuring };
struct Spring {
  double stiffness = 1;
};
struct Well {
  double depth = 1, width = 2;
};
struct Body {
  std::array<double, 2> place{}, speed{};
};
struct Event {
  std::string text;
  std::chrono::microseconds at{};
};

struct World {
  std::vector<Body> bodies = std::vector<Body>(20);
  std::mt19937_64 engine{42};
  std::normal_distribution<double> kicks{0, 0.1};
  std::chrono::microseconds elapsed{};
  std::chrono::system_clock::time_point began{std::chrono::hours(1)};
  std::variant<Spring, Well> force;
  std::map<Phase, std::vector<double>> energies;
  std::multimap<std::int64_t, Event> events;
  std::set<std::size_t> far_away;
  std::optional<double> largest;
  std::filesystem::path report = "out/report.txt";
  Phase phase = Phase::warming;
  std::int64_t step = 0;

  void advance() {
    ++step;
    elapsed += std::chrono::microseconds(250);
    double energy = 0;
    for (std::size_t i = 0; i < bodies.size(); ++i) {
      for (std::size_t axis = 0; axis < 2; ++axis) {
        const double x = bodies[i].place[axis];
        const Spring* const spring = std::get_if<Spring>(&force);
        const Well* const well = std::get_if<Well>(&force);
        const double pull = spring != nullptr ? spring->stiffness * x : well->depth * std::sin(x / well->width);
        bodies[i].speed[axis] += kicks(engine) - 0.01 * pull;
        bodies[i].place[axis] += 0.01 * bodies[i].speed[axis];
        energy += bodies[i].speed[axis] * bodies[i].speed[axis];
      }
      if (std::abs(bodies[i].place[0]) > 0.02) far_away.insert(i);
    }
    energies[phase].push_back(energy);
    if (!largest || energy > *largest) {
      largest = energy;
      events.insert({step / 10, {"largest", elapsed}});
    }
    if (step == 20) force = Well{3, 0.5};
    if (step == 30) phase = Phase::measuring, report /= "second";
  }

  // All that the state is, and the numbers that would come next.
  [[nodiscard]] std::vector<double> look() const {
    std::vector<double> all;
    for (const Body& body : bodies) {
      all.insert(all.end(), body.place.begin(), body.place.end());
      all.insert(all.end(), body.speed.begin(), body.speed.end());
    }
    for (const auto& [when, values] : energies) all.insert(all.end(), values.begin(), values.end());
    for (const auto& [tens, event] : events)
      all.insert(all.end(), {static_cast<double>(tens), static_cast<double>(event.at.count())});
    for (const std::size_t i : far_away) all.push_back(static_cast<double>(i));
    auto engine_now = engine;
    auto kicks_now = kicks;
    all.insert(all.end(), {largest.value_or(-1), static_cast<double>(elapsed.count()),
                           static_cast<double>(force.index()), static_cast<double>(phase), kicks_now(engine_now),
                           static_cast<double>(began.time_since_epoch().count())});
    return all;
  }
};

// Goes on from the newest checkpoint to `last`, saving every third step. Dies at `killed_at`, as a process does that is
// killed.
void run(const std::filesystem::path& directory, World& world, std::int64_t last, std::int64_t killed_at = 0) {
  Checkpoint checkpoint{world};
  CheckpointManager manager{checkpoint, directory, {.max_to_keep = 2}};
  manager.restore_or_initialize();
  while (world.step < last) {
    world.advance();
    if (world.step % 3 == 0) manager.save();
    if (world.step == killed_at) std::raise(SIGKILL);
  }
}

}  // namespace

TEST_CASE("a simulation that is killed again and again ends as one that is not") {
  const ScratchDirectory scratch;
  World undisturbed;
  while (undisturbed.step < 60) undisturbed.advance();
  for (const std::int64_t killed_at : {10, 19, 22, 29, 41, 59}) {
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      World world;
      run(scratch.path() / "run", world, 60, killed_at);
      _exit(1);  // it was not killed
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    REQUIRE(WIFSIGNALED(status));
  }
  World world;
  run(scratch.path() / "run", world, 60);
  CHECK(world.look() == undisturbed.look());
  CHECK(world.report == undisturbed.report);
  CHECK(world.events.size() == undisturbed.events.size());
}
