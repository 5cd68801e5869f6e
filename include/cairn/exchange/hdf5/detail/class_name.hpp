// The name that Keras gives a layer in a file: its class's, in snake case.
//
//   "cairn::keras::MaxPooling2D<2>"   MaxPooling2D    max_pooling2d
//   "main()::ResidualBlock"           ResidualBlock   residual_block
#pragma once

#include "../../../version.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace CAIRN_NAMESPACE::exchange::detail {

// Returns the last name of a C++ type, without its namespaces and template arguments.
[[nodiscard]] inline std::string class_name(std::string_view type) {
  std::string name;
  int depth = 0;
  for (std::size_t i = 0; i < type.size(); ++i) {
    const char c = type[i];
    if (c == '<' || c == '(' || c == '{' || c == '[') {
      ++depth;
    } else if (c == '>' || c == ')' || c == '}' || c == ']') {
      --depth;
    } else if (depth == 0 && (c == ':' || c == ' ')) {
      name.clear();
    } else if (depth == 0) {
      name += c;
    }
  }
  return name;
}

// Returns the name as keras/src/utils/naming.py makes it of a class's, by the same two replacements.
[[nodiscard]] inline std::string to_snake_case(std::string_view name) {
  const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  const auto is_lower = [](char c) { return c >= 'a' && c <= 'z'; };
  std::string words;  // "(.)([A-Z][a-z]+)" -> "\1_\2"
  for (std::size_t i = 0; i < name.size();) {
    words += name[i++];
    if (i + 1 >= name.size() || !is_upper(name[i]) || !is_lower(name[i + 1])) continue;
    words += '_';
    words += name[i++];
    while (i < name.size() && is_lower(name[i])) words += name[i++];
  }
  std::string snake;  // "([a-z])([A-Z])" -> "\1_\2", in small letters
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0 && is_upper(words[i]) && is_lower(words[i - 1])) snake += '_';
    snake += is_upper(words[i]) ? static_cast<char>(words[i] - 'A' + 'a') : words[i];
  }
  return snake;
}

}  // namespace CAIRN_NAMESPACE::exchange::detail
