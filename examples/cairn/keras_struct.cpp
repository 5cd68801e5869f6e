// cairn struct of a model that Keras has saved with its configuration: its layers as types of cairn.
#include "json_tree.hpp"
#include "keras_file.hpp"
#include "keras_layers.hpp"

#include <cairn/core/error.hpp>
#include <cairn/exchange/hdf5/detail/class_name.hpp>
#include <cairn/schema/detail/print_words.hpp>

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tool {

namespace {

using Value = JsonValue;

[[nodiscard]] bool is_chain(const Value& layers) {
  std::string before;
  for (const Value& layer : layers.elements) {
    const std::vector<std::string> names = keras_inputs(layer);
    if (before.empty() ? !names.empty() : names != std::vector<std::string>{before}) return false;
    before = text_of(layer, "name");
    if (const Value* const config = member(layer, "config"); before.empty() && config != nullptr)
      before = text_of(*config, "name");
  }
  return true;
}

[[nodiscard]] std::string member_name(const std::string& name, std::set<std::string>& taken) {
  std::string made = cairn::schema::detail::member_name_like(name);
  while (!taken.insert(made).second) made += made.ends_with('_') ? "1" : "_";
  return made;
}

// What the layers are called in the file, as a rename has it: "layers.dense_1", counted by class, or in .h5 by their names.
// Empty for a layer that has no weights.
[[nodiscard]] std::vector<std::string> names_in_file(const std::vector<KerasLayer>& layers, bool is_counted,
                                                     const std::vector<std::string>& tensors) {
  std::vector<std::string> names;
  std::map<std::string, int> count;
  for (const KerasLayer& layer : layers) {
    std::string name = layer.name;
    if (is_counted) {
      name = cairn::exchange::detail::to_snake_case(layer.kind);
      const int n = count[name]++;
      name = "layers." + name + (n == 0 ? "" : "_" + std::to_string(n));
    }
    std::replace(name.begin(), name.end(), '/', '.');
    const auto is_its = [&](const std::string& tensor) {
      for (const std::string_view root : {"", "model_weights.", "_layer_checkpoint_dependencies."})
        if (tensor.starts_with(root)) {
          const std::string_view rest = std::string_view(tensor).substr(root.size());
          const std::string_view its = root.starts_with('_') ? std::string_view(name).substr(7) : name;
          if (rest.starts_with(its) && rest.substr(its.size()).starts_with('.')) return true;
        }
      return false;
    };
    names.push_back(std::any_of(tensors.begin(), tensors.end(), is_its) ? name : "");
  }
  return names;
}

}  // namespace

std::string keras_struct(const std::string& path, const SavedKerasModel& saved, const std::string& name,
                         const std::string& name_space) {
  for (const std::string* const each : {&name, &name_space})
    if (!cairn::schema::detail::is_member_name(*each) && !(each == &name_space && each->empty()))
      throw WrongUsage{"\"" + *each +
                       "\" is no name for a struct or a namespace; take letters, digits and underscores"};
  const Value document = json_tree(saved.config, path);
  const std::string kind = text_of(document, "class_name");
  const Value* const told = member(document, "config");
  const Value* const list = told == nullptr ? nullptr : told->is_array() ? told : member(*told, "layers");
  if (list == nullptr || !list->is_array())
    throw cairn::Error(
        cairn::ErrorCode::unimplemented,
        "the configuration in \"" + path + "\" is that of a model of the class \"" + kind +
            "\" and tells no layers; cairn convert makes a checkpoint of its weights, whose structs cairn "
            "struct prints")
        .in_file(path);
  const std::vector<KerasLayer> layers = keras_layers(*list);
  const bool is_in_line = kind == "Sequential" || is_chain(*list);
  const bool are_all_known =
      std::all_of(layers.begin(), layers.end(), [](const KerasLayer& layer) { return layer.reason.empty(); });
  const bool is_sequential = are_all_known && is_in_line;

  const auto comment = [](const std::string& text) { return cairn::schema::detail::in_comment(text); };
  const auto reason_of = [&](const KerasLayer& layer) {
    return "  // " + comment(layer.kind + " \"" + layer.name + "\": " + layer.reason) + "\n";
  };
  std::string members, renames;
  std::set<std::string> taken{name, "cairn"};
  const std::vector<std::string> names = names_in_file(layers, saved.is_counted, saved.tensors);
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const KerasLayer& layer = layers[i];
    if (!layer.reason.empty()) {
      members += reason_of(layer);
    } else if (layer.kind != "InputLayer") {
      const std::string member = member_name(layer.name, taken);
      members += "  " + layer.type + " " + member + ";\n";
      if (!names[i].empty())
        renames += (renames.empty() ? "{{" : ",\n//                  {") +
                   comment(cairn::schema::detail::string_literal(names[i])) + ", \"" + member + "\"}";
    }
  }

  const std::string scope = name_space.empty() ? "" : name_space + "::";
  std::string text = "// The layers of " + comment(path) +
                     ", as cairn struct prints them. To restore its weights, with\n" +
                     "// <cairn/exchange/hdf5.hpp> and the HDF5 library:\n//\n//   " + scope + name +
                     " model;\n//   cairn::keras::load_weights(model, \"" + comment(path) + "\"";
  if (!is_sequential && !renames.empty()) text += ",\n//     {.rename = " + renames + "}}";
  text += ").assert_existing_objects_matched();\n";
  if (!is_sequential) {
    text += "//\n// It is not whole, and has no call operator:\n";
    for (const KerasLayer& layer : layers)
      if (!layer.reason.empty()) text += "//   " + reason_of(layer).substr(5);
    if (!is_in_line) text += "//   the layers do not form one chain: write how they are called\n";
  }
  text += "#pragma once\n\n#include <cairn/cairn.hpp>\n\n";
  if (!name_space.empty()) text += "namespace " + name_space + " {\n\n";
  text += is_sequential ? "using " + name + " = " + keras_sequential(layers, 0) + ";\n"
                        : "struct " + name + " {\n" + members + "};\n";
  if (!name_space.empty()) text += "\n}  // namespace " + name_space + "\n";
  return text;
}

}  // namespace tool
