// A type's name as the user wrote it, for messages: "main()::Model", "cairn::Variable<float, 784, 10>".
#pragma once

#include <string_view>

namespace cairn::detail {

template <class T>
[[nodiscard]] constexpr std::string_view type_name() noexcept {
  // g++:   "... type_name() [with T = Model; std::string_view = ...]"      clang: "... type_name() [T = Model]"
  constexpr std::string_view text = __PRETTY_FUNCTION__;
  constexpr std::string_view marker = "T = ";
  constexpr std::size_t begin = text.find(marker) + marker.size();
  constexpr std::size_t semicolon = text.find("; std::string_view", begin);
  constexpr std::size_t end = semicolon != std::string_view::npos ? semicolon : text.rfind(']');
  return text.substr(begin, end - begin);
}

// True for types of namespace std: what they look like inside is not a user's struct.
template <class T>
inline constexpr bool is_std_type = type_name<T>().starts_with("std::");

}  // namespace cairn::detail
