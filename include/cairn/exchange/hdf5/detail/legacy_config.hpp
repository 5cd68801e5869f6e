// The order of the layers within a model that is a layer of another one, from the configuration in a legacy file.
//
// Such a file has the weights of a layer in one list, first those that are trained. Within a model that is a layer, those of
// its frozen layers come behind the others, so that the list alone does not tell which are whose. Their names do, and the
// configuration, model_config, tells the order of the layers:
//
//   {"class_name": "Sequential", "config": {"layers": [{"class_name": "Sequential", "config": {"name": "inner", "layers":
//     [{"class_name": "Dense", "config": {"name": "dense", "trainable": false}}, ...]}}]}}
#pragma once

#include "../../../core/error.hpp"
#include "../../detail/json_text.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::exchange::detail {

// For each layer of the model that is a model, by its name: the layers in it that are none, in their order.
using InnerLayers = std::unordered_map<std::string, std::vector<std::string>>;

class InnerLayersReader {
 public:
  // A configuration that cannot be read tells nothing.
  [[nodiscard]] static InnerLayers read(std::string_view config, const std::string& path) {
    try {
      InnerLayersReader reader(config, path);
      const Layer model = reader.layer(0);
      InnerLayers inner;
      for (const Layer& layer : model.layers) {
        if (layer.layers.empty()) continue;
        add_leaves(layer, inner[layer.name]);
      }
      return inner;
    } catch (const Error&) {
      return {};
    }
  }

 private:
  static constexpr int max_depth = 16;

  struct Layer {
    std::string name;
    std::vector<Layer> layers = {};
  };

  InnerLayersReader(std::string_view config, const std::string& path) : json_(config, path, "configuration") {}

  // An object with a "name", and a "config" that is another such object, or the list of layers in old files.
  [[nodiscard]] Layer layer(int depth) {
    if (depth > 2 * max_depth) throw json_.wrong("has models in each other too deep");
    Layer result;
    const auto take_layers = [&] { json_.for_each_element([&] { result.layers.push_back(layer(depth + 1)); }); };
    json_.for_each_member([&](const std::string& name) {
      if (name == "name" && json_.next() == '"') {
        result.name = json_.string();
      } else if (name == "layers" && json_.next() == '[') {
        take_layers();
      } else if (name == "config" && json_.next() == '[') {
        take_layers();
      } else if (name == "config" && json_.next() == '{') {
        Layer within = layer(depth + 1);
        if (!within.name.empty()) result.name = std::move(within.name);
        if (!within.layers.empty()) result.layers = std::move(within.layers);
      } else {
        json_.skip();
      }
    });
    return result;
  }
  static void add_leaves(const Layer& layer, std::vector<std::string>& leaves) {
    if (layer.layers.empty()) leaves.push_back(layer.name);
    for (const Layer& each : layer.layers) add_leaves(each, leaves);
  }

  JsonReader json_;
};

// Which of the layers a weight is of: the last part of its name, "inner/dense/kernel:0", that is one's, but for the very
// last. Nullopt where it is of none, or where two have the same name.
[[nodiscard]] inline std::optional<std::size_t> layer_of_weight(std::string_view name,
                                                                const std::vector<std::string>& layers) {
  while (name.find('/') != name.npos) {
    name = name.substr(0, name.rfind('/'));
    const std::string_view part = name.substr(name.rfind('/') + 1);  // all of it where there is no other
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < layers.size(); ++i) {
      if (layers[i] != part) continue;
      if (found) return std::nullopt;
      found = i;
    }
    if (found) return found;
  }
  return std::nullopt;
}

}  // namespace CAIRN_NAMESPACE::exchange::detail
