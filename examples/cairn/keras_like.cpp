// cairn convert --to weights.h5 --like m.keras: a checkpoint's values in the file that Keras would write for a model.
//
// The other file says which variables each layer has and how Keras calls it. A checkpoint names layers otherwise: by the
// attributes of the program, or by their places in the model. A layer is found by its name where both have the same, and
// by the order of the layers whose variables have its shapes otherwise.
#include "keras_file.hpp"
#include "output.hpp"

#include <cairn/edit.hpp>

#ifdef CAIRN_TOOL_WITH_HDF5
#include <cairn/exchange/hdf5.hpp>
#include <cairn/io/native.hpp>
#include <cairn/io/publish.hpp>
#endif

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tool {

#ifdef CAIRN_TOOL_WITH_HDF5

namespace {

using cairn::Error;
using cairn::ErrorCode;
using cairn::ObjectGraph;

// A layer of either side: its variables in Keras' order.
struct Layer {
  Layer(std::string its_path, char separator)
      : path(std::move(its_path)), name(path.substr(path.rfind(separator) + 1)) {}

  std::string path;  // "layers/dense", or "model.layers.0" in the checkpoint
  std::string name;  // the last of it
  std::vector<cairn::Shape> shapes = {};
  std::vector<std::string> variables = {};  // names in the file, or keys in the checkpoint
  bool is_used = false;
};

// The layers of a file of Keras, in its order, without the optimizer.
[[nodiscard]] std::vector<Layer> layers_of(const cairn::TensorFile& like) {
  std::vector<Layer> layers;
  for (const auto& tensor : like.tensors()) {
    const std::size_t end = tensor.name.rfind(".vars.");
    if (end == std::string::npos || tensor.name.starts_with("optimizer.")) continue;
    std::string path = tensor.name.substr(0, end);
    std::replace(path.begin(), path.end(), '.', '/');
    if (layers.empty() || layers.back().path != path) layers.emplace_back(path, '/');
    layers.back().shapes.push_back(tensor.shape);
    layers.back().variables.push_back(tensor.name);
  }
  return layers;
}

// The place of a variable among those of its layer: what is trained comes first, as Keras creates it.
[[nodiscard]] std::size_t place_of(std::string_view name) {
  name.remove_prefix(std::min(name.find_first_not_of('_'), name.size()));
  constexpr std::array<std::string_view, 8> order{"kernel",           "embeddings", "gamma", "depthwise_kernel",
                                                  "recurrent_kernel", "beta",       "bias",  "moving_mean"};
  const auto found = std::find(order.begin(), order.end(), name);
  if (found != order.end()) return static_cast<std::size_t>(found - order.begin());
  return name == "moving_variance" ? order.size() : order.size() + 1;
}

[[nodiscard]] bool is_index(std::string_view name) {
  return std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// The objects of a checkpoint that hold variables by name, breadth first, without optimizers.
[[nodiscard]] std::vector<Layer> layers_of(const cairn::CheckpointReader& reader) {
  const auto graph = cairn::edit::detail::read_saved_graph(reader.bundle());
  if (graph == nullptr)
    throw Error(ErrorCode::failed_precondition,
                "\"" + reader.prefix() +
                    "\" has no object graph, which tells the layers; --like works on checkpoints of "
                    "tf.train.Checkpoint and of cairn")
        .in_file(reader.prefix());
  struct Place {
    std::int32_t node;
    std::string path;
  };
  std::vector<Layer> layers;
  std::vector<Place> queue{{0, ""}};
  std::vector<bool> seen(graph->size());
  seen[0] = true;
  for (std::size_t next = 0; next < queue.size(); ++next) {
    const Place at = queue[next];
    struct Variable {
      std::size_t place;
      std::string key;
    };
    std::vector<Variable> variables;
    const bool is_list = at.path.ends_with(".vars");  // of a file of Keras that was converted
    for (const auto child : (*graph)[at.node].children) {
      const ObjectGraph::Node node = (*graph)[child.node_id];
      const std::string name(child.local_name);
      if (name.find("optimizer") != std::string::npos) continue;
      if (node.attributes.size() == 1 && node.children.empty()) {
        if (at.node != 0 && is_index(name) == is_list)
          variables.push_back({is_list ? 0 : place_of(name), std::string(node.attributes[0].checkpoint_key)});
      } else if (const auto id = static_cast<std::size_t>(child.node_id); !seen[id]) {
        seen[id] = true;
        queue.push_back({child.node_id, at.path.empty() ? name : at.path + "." + name});
      }
    }
    std::stable_sort(variables.begin(), variables.end(),
                     [](const Variable& a, const Variable& b) { return a.place < b.place; });
    if (variables.empty()) continue;
    Layer layer(is_list ? at.path.substr(0, at.path.rfind('.')) : at.path, '.');
    for (Variable& variable : variables) {
      const cairn::bundle::Entry* const entry = reader.bundle().find(variable.key);
      if (entry == nullptr || entry->dtype == cairn::DT_STRING) continue;
      layer.shapes.push_back(entry->shape);
      layer.variables.push_back(std::move(variable.key));
    }
    if (!layer.variables.empty()) layers.push_back(std::move(layer));
  }
  return layers;
}

[[nodiscard]] Layer* find(std::vector<Layer>& layers, const Layer& wanted, bool by_name) {
  for (Layer& each : layers)
    if (!each.is_used && each.shapes == wanted.shapes && (!by_name || each.name == wanted.name)) return &each;
  return nullptr;
}

[[nodiscard]] std::string described(const Layer& layer) {
  std::string text;
  for (const cairn::Shape& shape : layer.shapes) text += (text.empty() ? "" : ", ") + shape.to_string();
  return text;
}

}  // namespace

void convert_like(const std::string& prefix, const std::string& like, const std::string& out, bool is_quiet) {
  if (!out.ends_with(".weights.h5"))
    throw WrongUsage{"\"" + out + "\" does not end with .weights.h5, by which Keras knows what it loads"};
  const cairn::TensorFile file = read_keras_file(like);
  const cairn::CheckpointReader reader{prefix};
  std::vector<Layer> wanted = layers_of(file), there = layers_of(reader);
  if (wanted.empty())
    throw Error(ErrorCode::invalid_argument,
                "\"" + like +
                    "\" has no layers as Keras 3 writes them; give a .keras or .weights.h5 "
                    "file of the model")
        .in_file(like);
  std::vector<const Layer*> from(wanted.size());
  for (const bool by_name : {true, false})
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (from[i] != nullptr) continue;
      Layer* const found = find(there, wanted[i], by_name);
      if (found == nullptr) continue;
      found->is_used = true;
      from[i] = found;
    }
  cairn::exchange::detail::Hdf5Writer writer(out);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const Layer& layer = wanted[i];
    const bool is_seed = layer.name == "seed_generator";  // a state of randomness, which stays as it was
    if (from[i] == nullptr && !is_seed) {
      std::string left;
      for (const Layer& each : there)
        if (!each.is_used)
          left += (left.empty() ? "; what it has beside: " : ", ") + each.path + " (" + described(each) + ")";
      throw Error(ErrorCode::not_found, "\"" + prefix + "\" has no layer for " + layer.path + " of \"" + like +
                                            "\", whose variables are " + described(layer) + left)
          .in_file(prefix)
          .at_key(layer.path);
    }
    const std::string vars = "/" + layer.path + "/vars";
    writer.add_group(vars, layer.name);
    for (std::size_t k = 0; k < layer.variables.size(); ++k) {
      const cairn::AnyTensor value =
          from[i] != nullptr ? reader.bundle().read(from[i]->variables[k]) : file.read(layer.variables[k]);
      writer.add(vars + "/" + std::to_string(k), value.view());
    }
    if (!is_quiet) print(layer.path + "  from  " + (from[i] != nullptr ? from[i]->path : like) + "\n");
  }
  const std::vector<std::byte> image = writer.image();
  cairn::io::publish_file(cairn::io::native(), out, cairn::Durability::full,
                          [&](cairn::io::WritableFile& written) { written.write(0, image); });
}

#else

void convert_like(const std::string&, const std::string& like, const std::string&, bool) {
  (void)read_keras_file(like);  // throws
}

#endif

}  // namespace tool
