// The layers in the configuration of a model of Keras, as types of cairn.
#pragma once

#include "json_tree.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace tool {

// A layer's type, "cairn::keras::Dense<2, 3>", or the reason why there is none.
struct KerasLayer {
  std::string name, kind, type, reason;
};

// Of a list of layers, each with "class_name" and "config", one after the other where they do not say what they take.
[[nodiscard]] std::vector<KerasLayer> keras_layers(const JsonValue& list);

// The names of the layers whose results a layer takes, in a functional model.
[[nodiscard]] std::vector<std::string> keras_inputs(const JsonValue& layer);

// "cairn::keras::Sequential<...>", a layer a line. All must have types.
[[nodiscard]] std::string keras_sequential(const std::vector<KerasLayer>& layers, std::size_t indent);

}  // namespace tool
