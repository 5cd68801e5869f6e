// type_name<T>(): a type's name as the user wrote it, for messages: "main()::Model", "cairn::Variable<float, 784, 10>".
#pragma once

#include "tree.hpp"

#include <cstddef>
#include <string_view>

namespace cairn::core::detail {

// The text that a compiler has for the name of a function with the template argument T. view() cuts the type out of it.
struct SpelledType {
  const char* function;

  // g++:   "... spelled_type() [with T = Model]"      clang: "... spelled_type() [T = Model]"
  [[nodiscard]] constexpr std::string_view view() const noexcept {
    const std::string_view text = function;
    const std::string_view marker = "T = ";
    const std::size_t begin = text.find(marker) + marker.size();
    return text.substr(begin, text.rfind(']') - begin);
  }
};
template <class T>
[[nodiscard]] constexpr SpelledType spelled_type() noexcept {
  return {__PRETTY_FUNCTION__};
}

template <class T>
[[nodiscard]] constexpr std::string_view type_name() noexcept {
  constexpr std::string_view name = spelled_type<T>().view();
  return name;
}

// True for the types of namespace std: they are not a user's struct, whatever their members are.
template <class T>
inline constexpr bool is_std_type = type_name<T>().starts_with("std::");

}  // namespace cairn::core::detail
