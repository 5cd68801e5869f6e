// From a path of names to a key of the bundle:  model, a/b, kernel  ->  "model/a.Sb/kernel/.ATTRIBUTES/VARIABLE_VALUE"
//
// TensorFlow's rules (python/checkpoint/graph_view.py, python/trackable/trackable_utils.py): "." becomes "..", then "/"
// becomes ".S"; the names in the object graph itself stay as they are.
#pragma once

#include "../../version.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace CAIRN_NAMESPACE::core::detail {

// The attribute that holds a variable's value, and its name in the object graph.
inline constexpr std::string_view variable_value = "VARIABLE_VALUE";
inline constexpr std::string_view optimizer_slots_name = ".OPTIMIZER_SLOT";
inline constexpr std::string_view attributes_name = ".ATTRIBUTES";
// What a variable's key has behind the path of its node.
inline constexpr std::string_view variable_value_suffix = "/.ATTRIBUTES/VARIABLE_VALUE";

// The root's child that counts saves.
inline constexpr std::string_view save_counter_name = "save_counter";

// To a std::string, or what is like one at compile time.
template <class Text>
constexpr void append_escaped(Text& out, std::string_view name) {
  std::size_t plain = 0;  // nearly always all of it
  while (plain < name.size() && name[plain] != '.' && name[plain] != '/') ++plain;
  out += name.substr(0, plain);
  for (const char c : name.substr(plain)) {
    if (c == '.')
      out += "..";
    else if (c == '/')
      out += ".S";
    else
      out += c;
  }
}
[[nodiscard]] inline std::string escape_local_name(std::string_view name) {
  std::string escaped;
  append_escaped(escaped, name);
  return escaped;
}
// Returns the name, or path of names, that is spelled so in a key; nullopt for a text that escape_local_name never
// gives, such as ".OPTIMIZER_SLOT".
[[nodiscard]] inline std::optional<std::string> unescape_local_name(std::string_view escaped) {
  std::string name;
  for (std::size_t i = 0; i < escaped.size(); ++i) {
    if (escaped[i] != '.') {
      name += escaped[i];
      continue;
    }
    if (++i == escaped.size() || (escaped[i] != '.' && escaped[i] != 'S')) return std::nullopt;
    name += escaped[i] == '.' ? '.' : '/';
  }
  return name;
}

// From the path of a node to the path of a child below it; the root's path is empty, and so is a root's own child named
// "": keys of the two collide, as in TensorFlow.
inline void append_child_path(std::string& path, bool parent_is_root, std::string_view name) {
  if (!parent_is_root) path += '/';
  append_escaped(path, name);
}

// Of what an optimizer keeps for a variable; both by their paths.
[[nodiscard]] inline std::string slot_variable_path(std::string_view variable, std::string_view optimizer,
                                                    std::string_view slot_name) {
  std::string path(variable);
  path.append("/").append(optimizer_slots_name).append("/").append(optimizer).append("/");
  return path += escape_local_name(slot_name);
}

[[nodiscard]] inline std::string attribute_key(std::string_view path, std::string_view attribute) {
  std::string key(path);
  key.append("/").append(attributes_name).append("/");
  append_escaped(key, attribute);
  return key;
}

}  // namespace CAIRN_NAMESPACE::core::detail
