// Small states whose checkpoints are, byte for byte, TensorFlow's: saved here by cairn, in case.py by TensorFlow. What
// TensorFlow wrote stands in golden/ as well, for machines without it.
#pragma once

#include <cairn/checkpoint.hpp>

#include <filesystem>
#include <memory>

#include "interop/values.hpp"

namespace cairn::test {

using namespace cairn::literals;

inline void save_variables(const std::filesystem::path& directory) {
  Variable<float, 2, 3> named{VariableOptions{.name = "a_name"}};
  Variable<double, 4> unnamed;
  std::int64_t step = 0;
  std::vector<float> losses(3);
  fill(named, 1);
  fill(unnamed, 2);
  fill(step, 3);
  fill(losses, 4);
  Checkpoint checkpoint{"step"_a = step, "named"_a = named, "unnamed"_a = unnamed, "losses"_a = losses};
  checkpoint.save(directory / "ckpt");
  fill(step, 5);
  checkpoint.save(directory / "ckpt");
  checkpoint.write(directory / "written");
}

inline void save_nested(const std::filesystem::path& directory) {
  struct Dense {
    Variable<float, 3, 2> kernel{VariableOptions{.name = "dense/kernel"}};
    Variable<float, 2> bias{VariableOptions{.name = "dense/bias"}};
  };
  struct Nothing {};
  struct Inner {
    std::vector<Dense> layers;
    std::map<std::string, Dense> heads;
    std::map<std::string, std::vector<float>> history;
    std::vector<std::vector<Variable<float>>> lists;
    Nothing nothing;
    std::vector<Dense> no_layers;
    std::map<std::string, Dense> no_heads;
    Variable<float, 0, 3> no_elements;
    std::tuple<Dense, std::int32_t> tuple;
  };
  struct Training {
    Inner inner;
    std::int64_t step = 0;
  } training;
  Inner& inner = training.inner;
  std::uint32_t seed = 1;
  const auto set = [&](Dense& dense) { fill(dense.kernel, seed++), fill(dense.bias, seed++); };
  inner.layers.resize(12);
  for (Dense& dense : inner.layers) set(dense);
  for (const char* name : {"left", "right", "up"}) set(inner.heads[name]);
  inner.history = {{"loss", std::vector<float>(4)}, {"metric", {}}};
  fill(inner.history["loss"], seed++);
  inner.lists.resize(2);
  for (auto& list : inner.lists) {
    list.resize(2);
    for (auto& variable : list) fill(variable, seed++);
  }
  set(std::get<0>(inner.tuple));
  fill(std::get<1>(inner.tuple), seed++);

  double now = 1795423957.25;
  Checkpoint checkpoint{"training"_a = training};
  CheckpointManager manager{checkpoint, directory, {.max_to_keep = 2, .clock = [&] { return now; }}};
  for (const double then : {1795423958.6106403, 1795424000.0, 1795425958.754463}) {
    now = then;
    ++training.step;
    manager.save();
  }
}

inline void save_shared(const std::filesystem::path& directory) {
  struct Layer {
    Variable<float, 3> w;
  };
  struct Other;
  struct Ring {
    Variable<float> value;
    Other* next = nullptr;
  };
  struct Other {
    Variable<float> value;
    Ring* next = nullptr;
    Other* self_ = nullptr;
  };
  struct Shared {  // nothing is empty: cairn would note it
    std::vector<std::shared_ptr<Layer>> list;
    std::shared_ptr<Layer> one, same;
    Ring ring;
    Other other;
    Variable<float, 3>* inside = nullptr;
  } shared;
  shared.one = shared.same = std::make_shared<Layer>();
  shared.list = {std::make_shared<Layer>(), shared.one, shared.one};
  shared.ring.next = shared.other.self_ = &shared.other;
  shared.other.next = &shared.ring;
  shared.inside = &shared.list[0]->w;
  fill(shared.one->w, 1);
  fill(shared.list[0]->w, 2);
  fill(shared.ring.value, 3);
  fill(shared.other.value, 4);
  Checkpoint checkpoint{shared};
  checkpoint.save(directory / "ckpt");
}

inline void save_scalars_and_strings(const std::filesystem::path& directory) {
  struct Scalars {
    bool a = true;
    std::int8_t b = -1;
    std::uint16_t c = 2;
    std::uint64_t d = 3;
    float e = -0.0F;
    std::complex<double> f{1, -2};
    half g{0.5F};
    bfloat16 h{3.0F};
    int4 i{-3};
    float8_e4m3fn j{1.5F};
  };
  struct Strings {
    std::string empty, text = std::string("nul\0in it", 9);
    std::vector<std::string> several{"", "grüße", std::string(200, 'x')}, none;
    Variable<std::string, 2, 2> table{{"a", "b"}, {"", "d"}};
  };
  Scalars scalars;
  Strings strings;
  Checkpoint checkpoint{"scalars"_a = scalars, "strings"_a = strings};
  checkpoint.save(directory / "ckpt");
}

inline void save_names(const std::filesystem::path& directory) {
  std::map<std::string, Variable<float>> map;
  std::uint32_t seed = 1;
  for (const char* name :
       {"a", "a.b", "a/b", ".S", "..S", "/", ".", "d/.ATTRIBUTES/f", "two words", "grüße", "0", "10", "2"})
    fill(map[name], seed++);
  Checkpoint checkpoint{"map"_a = map};
  checkpoint.save(directory / "ckpt");
}

inline void save_root(const std::filesystem::path& directory) {
  struct Root {
    Variable<float, 2> z{VariableOptions{.name = "z"}};
    std::int64_t a = 5;
  } root;
  std::int32_t zero = 0, attached = 1, late = 2;
  fill(root.z, 1);
  Checkpoint checkpoint{root, "zero"_a = zero, "attached"_a = attached};
  checkpoint.write(directory / "before");
  checkpoint.save(directory / "ckpt");
  Checkpoint named{"zero"_a = zero, "attached"_a = attached};
  named.save(directory / "late");
  named.track("between", late);  // behind save_counter
  named.save(directory / "late");
  Checkpoint<>().write(directory / "empty");
  Checkpoint<>().save(directory / "only_a_counter");
}

struct SmallState {
  const char* name;
  void (*save)(const std::filesystem::path& directory);
};
inline constexpr SmallState small_states[] = {
    {"variables", save_variables}, {"nested", save_nested},
    {"shared", save_shared},       {"scalars_and_strings", save_scalars_and_strings},
    {"names", save_names},         {"root", save_root}};

}  // namespace cairn::test
