// A type's name as the user wrote it, for messages: "main()::Model", "cairn::Variable<float, 784, 10>".
#pragma once

#include <cstddef>
#include <string_view>

namespace cairn::detail {

// A type's name inside what a compiler calls a function of it: cut out when it is asked for.
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

// True for types of namespace std: what they look like inside is not a user's struct.
template <class T>
inline constexpr bool is_std_type = type_name<T>().starts_with("std::");

}  // namespace cairn::detail
