// From a path of names to a key of the bundle:  model, a/b, kernel  ->  "model/a.Sb/kernel/.ATTRIBUTES/VARIABLE_VALUE"
//
// TensorFlow's rules (python/checkpoint/graph_view.py, python/trackable/trackable_utils.py): "." becomes "..", then "/"
// becomes ".S"; the names in the object graph itself stay as they are.
#pragma once

#include <string>
#include <string_view>

namespace cairn::detail {

// The attribute that holds a variable's value, and its name in the object graph.
inline constexpr std::string_view variable_value = "VARIABLE_VALUE";
inline constexpr std::string_view attributes_name = ".ATTRIBUTES";

// The root's child that counts saves.
inline constexpr std::string_view save_counter_name = "save_counter";

[[nodiscard]] inline std::string escape_local_name(std::string_view name) {
  std::string escaped;
  escaped.reserve(name.size());
  for (const char c : name) {
    if (c == '.')
      escaped += "..";
    else if (c == '/')
      escaped += ".S";
    else
      escaped += c;
  }
  return escaped;
}

// The path of a child below a node of that path; the root's path is empty, and so is a root's own child named "": keys
// of the two collide, as in TensorFlow.
[[nodiscard]] inline std::string child_path(std::string_view parent, bool parent_is_root, std::string_view name) {
  std::string path(parent);
  if (!parent_is_root) path += '/';
  return path += escape_local_name(name);
}

[[nodiscard]] inline std::string attribute_key(std::string_view path, std::string_view attribute) {
  std::string key;
  key.reserve(path.size() + attributes_name.size() + attribute.size() + 2);
  key += path;
  key += '/';
  key += attributes_name;
  key += '/';
  key += escape_local_name(attribute);
  return key;
}

}  // namespace cairn::detail
