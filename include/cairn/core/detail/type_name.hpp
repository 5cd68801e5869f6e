// type_name<T>(): a type's name as the user wrote it, for messages: "main()::Model", "cairn::Variable<float, 784, 10>".
#pragma once

#include "../../version.hpp"

#include <cstddef>
#include <string_view>

namespace CAIRN_NAMESPACE::core::detail {

// The text that a compiler has for the name of a function with the template argument T. view() cuts the type out of it.
struct SpelledType {
  const char* function;

  // g++:   "... spelled_type() [with T = Model]"      clang: "... spelled_type() [T = Model]"
  // MSVC:  "... spelled_type<struct Model>(void) noexcept"
  [[nodiscard]] constexpr std::string_view view() const noexcept {
    const std::string_view text = function;
#if defined(_MSC_VER) && !defined(__clang__)
    const std::size_t first = text.find("spelled_type<") + 13;
    std::string_view name = text.substr(first, text.rfind(">(") - first);
    for (const std::string_view keyword : {"struct ", "class ", "enum ", "union "})
      if (name.starts_with(keyword)) name.remove_prefix(keyword.size());
    return name;
#else
    const std::string_view marker = "T = ";
    const std::size_t begin = text.find(marker) + marker.size();
    return text.substr(begin, text.rfind(']') - begin);
#endif
  }
};
template <class T>
[[nodiscard]] constexpr SpelledType spelled_type() noexcept {
#if defined(_MSC_VER) && !defined(__clang__)
  return {__FUNCSIG__};
#else
  return {__PRETTY_FUNCTION__};
#endif
}

// "v0_1_0::", which nobody writes but g++ spells within each name of cairn's; clang leaves it out.
#define CAIRN_QUOTED(...) #__VA_ARGS__
#define CAIRN_QUOTED_NAMESPACE(...) CAIRN_QUOTED(__VA_ARGS__::)
inline constexpr std::string_view spelled_version =
    std::string_view(CAIRN_QUOTED_NAMESPACE(CAIRN_NAMESPACE)).substr(std::string_view("cairn::inline ").size());
#undef CAIRN_QUOTED_NAMESPACE
#undef CAIRN_QUOTED

// Gives the letters of a spelled name, but for the version, to a function.
template <class Use>
constexpr void for_each_unversioned(std::string_view spelled, Use use) noexcept {
  while (!spelled.empty()) {
    if (spelled.starts_with(spelled_version)) {
      spelled.remove_prefix(spelled_version.size());
      continue;
    }
    use(spelled.front());
    spelled.remove_prefix(1);
  }
}
[[nodiscard]] constexpr std::size_t unversioned_size(std::string_view spelled) noexcept {
  std::size_t size = 0;
  for_each_unversioned(spelled, [&](char) { ++size; });
  return size;
}
template <class T>
struct UnversionedName {
  char text[unversioned_size(spelled_type<T>().view())];

  constexpr UnversionedName() noexcept : text{} {
    std::size_t at = 0;
    for_each_unversioned(spelled_type<T>().view(), [&](char letter) { text[at++] = letter; });
  }
};
template <class T>
inline constexpr UnversionedName<T> unversioned_name;

template <class T>
[[nodiscard]] constexpr std::string_view type_name() noexcept {
  if constexpr (spelled_type<T>().view().find(spelled_version) != std::string_view::npos) {
    return {unversioned_name<T>.text, sizeof unversioned_name<T>.text};
  } else {
    constexpr std::string_view name = spelled_type<T>().view();
    return name;
  }
}

// The name of a type without template arguments: "std::vector" of "std::vector<int>". It does without find(), in which
// g++'s undefined sanitizer asks whether an address is null, and then takes nothing for a constant.
[[nodiscard]] constexpr std::string_view template_name(std::string_view name) noexcept {
  std::size_t size = 0;
  while (size < name.size() && name[size] != '<') ++size;
  return name.substr(0, size);
}

// True for the types of namespace std: they are not a user's struct, whatever their members are.
template <class T>
inline constexpr bool is_std_type = type_name<T>().starts_with("std::");

}  // namespace CAIRN_NAMESPACE::core::detail
