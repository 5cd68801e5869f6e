// Whole files: cairn writes the bytes that TensorFlow writes for the same state with the same variable names.
#include "interop/case.hpp"

#include "small.hpp"

using namespace cairn::literals;

namespace {

void save_owners_second(const std::filesystem::path& directory) {
  struct CustomLinearModel {
    cairn::Variable<float, 784, 10> weights{cairn::VariableOptions{.name = "weights"}};
    cairn::Variable<float, 10> biases{cairn::VariableOptions{.name = "biases"}};
  } model;
  cairn::Variable<float, 5> my_variable{cairn::VariableOptions{.name = "my_variable"}};
  fill(my_variable, 1);
  fill(model.weights, 3);
  fill(model.biases, 2);
  double now = 1795423957.25;
  cairn::Checkpoint checkpoint{"my_variable"_a = my_variable, "model"_a = model};
  cairn::CheckpointManager manager{checkpoint, directory, {.max_to_keep = 3, .clock = [&] { return now; }}};
  for (const std::uint32_t seed : {4U, 5U, 6U}) {
    now += 0.1;
    manager.save();
    fill(my_variable, seed);
  }
}

void save_many(const std::filesystem::path& directory) {
  std::map<std::string, cairn::Variable<float, cairn::dynamic, 3>> variables;
  std::vector<cairn::Variable<std::int32_t>> list(300);
  for (std::uint32_t i = 0; i < 300; ++i) {
    const std::string name = "layer_" + std::to_string(i % 17) + "/block." + std::to_string(i);
    const cairn::Shape shape{i % 7 + 1, 3};
    auto& variable = variables[name] =
        cairn::Variable<float, cairn::dynamic, 3>(shape, {.name = "v" + std::to_string(i)});
    fill(variable, i + 1);
    fill(list[i], i + 1);
  }
  cairn::Variable<float, 1000, 700> large{cairn::VariableOptions{.name = "large"}};
  fill(large, 8);
  cairn::Checkpoint{"variables"_a = variables, "list"_a = list, "large"_a = large}.save(directory / "ckpt");

  std::map<std::string, std::int32_t> keys;
  for (std::uint32_t i = 0; i < 3000; ++i) {
    std::array<std::uint8_t, 90> bytes{};
    fill(bytes, i + 1);
    std::string key;
    for (const std::uint8_t byte : bytes) (key += "0123456789abcdef"[byte / 16]) += "0123456789abcdef"[byte % 16];
    keys[key] = static_cast<std::int32_t>(i);
  }
  cairn::Checkpoint{"keys"_a = keys}.save(directory / "keys");
}

void save_hours(const std::filesystem::path& directory) {
  std::int64_t step = 0;
  cairn::Checkpoint checkpoint{"step"_a = step};
  double now = 1795400000;
  for (int opened = 0; opened < 2; ++opened) {
    cairn::CheckpointManager manager{
        checkpoint,
        directory,
        {.max_to_keep = 2, .keep_checkpoint_every_n_hours = 1, .checkpoint_name = "at.step", .clock = [&] {
           return now;
         }}};
    for (int i = 0; i < 7; ++i) {
      now += 1800;
      ++step;
      manager.save();
    }
  }
}

void save_relative(const std::filesystem::path& directory) {
  const auto here = std::filesystem::current_path();
  std::filesystem::current_path(directory);
  const std::string absolute = directory.string();
  for (const std::string& prefix :
       {std::string("first"), std::string("./dot/ckpt"), std::string("sub/deep/ckpt"), std::string("twice//ckpt"),
        std::string("up/../down/ckpt"), std::string("a \"quoted\" gr\\ße"), absolute + "/absolute/ckpt"}) {
    std::filesystem::create_directories("up");
    std::int64_t step = 1;
    cairn::Checkpoint{"step"_a = step}.save(prefix);
  }
  for (const std::string& name :
       {std::string("managed"), std::string("./managed_dot/"), std::string("sub/../managed_up"),
        std::string("managed//twice"), absolute + "/managed_absolute/", std::string(".")}) {
    std::int64_t step = 1;
    cairn::Checkpoint checkpoint{"step"_a = step};
    cairn::CheckpointManager manager{checkpoint, name, {.max_to_keep = 1, .clock = [] { return 1795400000.0; }}};
    manager.save();
    manager.save();
  }
  std::filesystem::current_path(here);
}

void save_into(const std::filesystem::path& directory, void (*save)(const std::filesystem::path&)) {
  std::filesystem::create_directories(directory);
  save(directory);
}

}  // namespace

void write(const std::filesystem::path& directory) {
  const auto root = directory / "cairn";
  for (const auto& state : cairn::test::small_states) save_into(root / state.name, state.save);
  save_into(root / "owners_second", save_owners_second);
  save_into(root / "many", save_many);
  save_into(root / "hours", save_hours);
  save_into(root / "relative", save_relative);
}

void read(const std::filesystem::path&) {}  // only writing is compared
