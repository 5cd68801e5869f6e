// A particle simulation whose state is a plain struct: records, a generator of random numbers, a clock, a phase. It is
// killed on its way, goes on from its last checkpoint, and ends with the same bits as one that was left alone.

#include <cairn/cairn.hpp>

#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

struct Particle {
  std::array<double, 3> position{};
  std::array<double, 3> velocity{};
  double charge = 1;
  bool operator==(const Particle&) const = default;
};
struct Spring {
  double stiffness = 1;
  bool operator==(const Spring&) const = default;
};
struct Field {
  double strength = 0.5;
  bool operator==(const Field&) const = default;
};
enum class Phase { heating, cooling };

struct Simulation {
  std::vector<Particle> particles = std::vector<Particle>(1000);
  std::mt19937_64 generator{42};
  std::normal_distribution<double> normal;  // it keeps every second number that it makes
  std::variant<Spring, Field> force;
  std::chrono::microseconds elapsed{0};
  Phase phase = Phase::heating;
  std::int64_t step = 0;
  bool operator==(const Simulation&) const = default;
};

void advance(Simulation& simulation) {
  const double heat = simulation.phase == Phase::heating ? 0.1 : 0.01;
  for (Particle& particle : simulation.particles)
    for (std::size_t axis = 0; axis < 3; ++axis) {
      double& x = particle.position[axis];
      double force = 0;
      if (const auto* spring = std::get_if<Spring>(&simulation.force)) force = -spring->stiffness * x;
      if (const auto* field = std::get_if<Field>(&simulation.force)) force = field->strength * particle.charge;
      particle.velocity[axis] += 0.01 * force + heat * simulation.normal(simulation.generator);
      x += 0.01 * particle.velocity[axis];
    }
  simulation.elapsed += std::chrono::microseconds(10);
  ++simulation.step;
  if (simulation.step == 40) simulation.phase = Phase::cooling;
  if (simulation.step == 50) simulation.force = Field{0.25};
}

// Goes on where the last life of the program was. One that is to die at a step does so without a warning.
Simulation run(const std::filesystem::path& directory, std::int64_t dies_at = 0) {
  Simulation simulation;
  cairn::Checkpoint checkpoint{simulation};
  cairn::CheckpointManager manager{
      checkpoint, directory, {.max_to_keep = 2, .step_counter = simulation.step, .checkpoint_interval = 10}};
  manager.restore_or_initialize();
  std::cout << "goes on at step " << simulation.step << std::endl;
  while (simulation.step < 100) {
    advance(simulation);
    if (simulation.step == dies_at) std::raise(SIGKILL);
    manager.save();
  }
  return simulation;
}

int main() {
  const Simulation alone = run("left_alone");

  for (const std::int64_t step : {37, 64}) {
    if (::fork() == 0) run("killed", step);
    ::wait(nullptr);
    std::cout << "was killed at step " << step << std::endl;
  }
  const Simulation gone_on = run("killed");
  std::cout << (gone_on == alone ? "every bit is the same\n" : "something differs\n");

  std::cout << "the checkpoint has\n";
  const cairn::CheckpointReader reader{"killed/ckpt-10"};
  for (const auto& [key, shape] : reader.get_variable_to_shape_map())
    if (key.ends_with("VARIABLE_VALUE"))
      std::cout << "  " << key.substr(0, key.find("/.ATTRIBUTES")) << ' ' << shape << '\n';
  for (const char* directory : {"left_alone", "killed"}) std::filesystem::remove_all(directory);
}
