// A model whose optimizer lists the model's weights, as Keras' do, and what it leaves on the disk.
#pragma once

#include <cairn/bundle/verify.hpp>
#include <cairn/checkpoint.hpp>
#include <cairn/edit/checkpoint_editor.hpp>

#include "io/files.hpp"
#include "support/scratch.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace cairn::test {

struct Layer {
  cairn::Variable<float, 2, 3> kernel;
  cairn::Variable<float, 3> bias;
};
struct Body {
  std::vector<Layer> layers = std::vector<Layer>(2);
};
struct Optimizer {
  float learning_rate = 0.5f;
  std::int64_t iterations = 0;
  std::vector<cairn::Variable<float, 2, 3>*> weights;  // the model's
  std::vector<cairn::Variable<float, 2, 3>> momentums = std::vector<cairn::Variable<float, 2, 3>>(2);
};
struct Training {
  Optimizer optimizer;
  Body model;
  std::string note = "first";
};

inline void link(Training& training) {
  for (Layer& layer : training.model.layers) training.optimizer.weights.push_back(&layer.kernel);
}

inline void fill(Training& training, float value) {
  float next = value;
  for (Layer& layer : training.model.layers) {
    for (float& element : layer.kernel.span()) element = next += 1;
    for (float& element : layer.bias.span()) element = next += 1;
  }
  for (auto& momentum : training.optimizer.momentums)
    for (float& element : momentum.span()) element = next += 1;
  training.optimizer.iterations = static_cast<std::int64_t>(value);
}

// Saved as ckpt-1 of a folder that is gone afterwards.
struct Saved {
  ScratchDirectory scratch;
  std::string path;

  explicit Saved(float value = 0) {
    Training training;
    link(training);
    fill(training, value);
    path = Checkpoint{training}.save(at("ckpt"));
  }
  [[nodiscard]] std::string at(const std::string& name) const { return (scratch.path() / name).generic_string(); }
};

inline std::string key(const std::string& path) { return path + "/.ATTRIBUTES/VARIABLE_VALUE"; }

inline std::vector<std::string> keys_of(const CheckpointEditor& editor) {
  std::vector<std::string> keys;
  for (const auto& item : editor.values()) keys.push_back(item.first);
  return keys;
}
inline bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

inline std::string problems_of(const std::string& prefix) {
  std::string text;
  for (const Finding& finding : verify(prefix)) text += finding.key + ": " + finding.problem + "\n";
  return text;
}

}  // namespace cairn::test
