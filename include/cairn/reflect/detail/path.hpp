// get_by_path<"model.layers.0.kernel">(training): a member of a member, by its path as the user would write it. The
// compiler follows the path, through plain structs by the members' names, and through std::array, std::tuple and
// std::pair by number; nothing of it is left at run time. The elements of a std::vector and the values of a map, which
// are known at run time only, have no such path.
//
// The compiler refuses a path that does not exist, and names the nearest path that exists, if one is near.
#pragma once

#include "../../core/fixed_string.hpp"
#include "../members.hpp"
#include "../not_saved.hpp"
#include "nearest.hpp"
#include "reflect.hpp"
#include "require.hpp"
#include "spelled.hpp"

#include <array>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace CAIRN_NAMESPACE::reflect::detail {

inline constexpr std::size_t no_child = static_cast<std::size_t>(-1);

// The number that `text` spells in decimal without leading zeros, or `no_child`.
[[nodiscard]] constexpr std::size_t index_of_text(std::string_view text) noexcept {
  constexpr std::size_t longest = 9;
  if (text.empty() || text.size() > longest || (text.size() > 1 && text[0] == '0')) return no_child;
  std::size_t index = 0;
  for (const char digit : text) {
    if (digit < '0' || digit > '9') return no_child;
    index = index * 10 + static_cast<std::size_t>(digit - '0');
  }
  return index;
}

// The index of the child of a T that has this name; `no_child` where no child has the name.
template <class T>
[[nodiscard]] constexpr std::size_t child_index(std::string_view name) noexcept {
  if constexpr (TupleLike<T>) {
    const std::size_t index = index_of_text(name);
    return index < std::tuple_size_v<T> ? index : no_child;
  } else if constexpr (PlainStruct<T>) {
    for (std::size_t i = 0; i < own_names_of<T>.size(); ++i)
      if (own_names_of<T>[i] == name) return i;
  }
  return no_child;
}

template <std::size_t I, class T>
[[nodiscard]] constexpr auto& get_child(T& object) noexcept {
  using std::get;
  if constexpr (TupleLike<T>)
    return get<I>(object);
  else
    return get_member<T, I>(object);
}
template <class T, std::size_t I>
using ChildType = std::remove_cvref_t<decltype(get_child<I>(std::declval<T&>()))>;

// NotSaved<T> marks a member and is no step of a path: the T inside is meant.
template <class T>
[[nodiscard]] constexpr auto& without_mark(T& object) noexcept {
  if constexpr (is_not_saved<std::remove_cv_t<T>>)
    return object.value;
  else
    return object;
}

// The step of a path that begins at `begin`.
[[nodiscard]] constexpr std::string_view path_step(std::string_view path, std::size_t begin) noexcept {
  return path.substr(begin, path.find('.', begin) - begin);
}

template <class T, FixedString path, std::size_t begin = 0>
[[nodiscard]] constexpr bool path_exists() noexcept {
  constexpr std::string_view step = path_step(path.view(), begin);
  constexpr std::size_t index = child_index<T>(step);
  if constexpr (index == no_child)
    return false;
  else if constexpr (begin + step.size() == path.view().size())
    return true;
  else
    return path_exists<std::remove_cvref_t<decltype(without_mark(std::declval<ChildType<T, index>&>()))>, path,
                       begin + step.size() + 1>();
}

template <FixedString path, std::size_t begin, class T>
[[nodiscard]] constexpr auto& follow_path(T& object) noexcept {
  constexpr std::string_view step = path_step(path.view(), begin);
  auto& child = without_mark(get_child<child_index<std::remove_cv_t<T>>(step)>(object));
  if constexpr (begin + step.size() == path.view().size())
    return child;
  else
    return follow_path<path, begin + step.size() + 1>(child);
}

// Memory for the text of a path in constant expressions. A path that is longer has no room, and is not offered.
struct PathBuffer {
  static constexpr std::size_t longest = 255;
  std::array<char, longest> text{};
  std::size_t size = 0;

  [[nodiscard]] constexpr std::string_view view() const noexcept { return {text.data(), size}; }
  [[nodiscard]] constexpr bool append(std::string_view step) noexcept {
    const std::size_t dot = size == 0 ? 0 : 1;
    if (size + dot + step.size() > longest) return false;
    if (dot == 1) text[size++] = '.';
    for (const char c : step) text[size++] = c;
    return true;
  }
};

struct NearestPath {
  Nearest search;
  PathBuffer path;   // where the search is
  PathBuffer found;  // the nearest so far

  // Offers all paths in a T that is at `path`. Only the first element of an array is offered, because the others have
  // similar paths.
  template <class T>
  constexpr void look_into() noexcept {
    if constexpr (TupleLike<T>) {
      if constexpr ((std::tuple_size_v<T>) > 0) {
        constexpr std::size_t size = requires(T& object) { object[0]; } ? 1 : std::tuple_size_v<T>;
        look_at_numbers<T>(std::make_index_sequence<size>{});
      }
    } else if constexpr (PlainStruct<T>) {
      look_at_members<T>(std::make_index_sequence<member_count<T>()>{});
    }
  }
  template <class T, std::size_t... I>
  constexpr void look_at_members(std::index_sequence<I...>) noexcept {
    (look_at<ChildType<T, I>>(own_names_of<T>[I]), ...);
  }
  template <class T, std::size_t... I>
  constexpr void look_at_numbers(std::index_sequence<I...>) noexcept {
    constexpr std::string_view digits = "0123456789";
    (look_at<ChildType<T, I>>(I < digits.size() ? digits.substr(I, 1) : std::string_view{}), ...);
  }
  template <class Child>
  constexpr void look_at(std::string_view step) noexcept {
    const std::size_t size = path.size;
    if (!step.empty() && path.append(step)) {
      if (search.offer(path.view())) found = path;
      look_into<std::remove_cvref_t<decltype(without_mark(std::declval<Child&>()))>>();
    }
    path.size = size;
  }
};

template <class Root, FixedString wrong>
struct NearestPathText {
  static constexpr PathBuffer found = [] {
    NearestPath nearest{.search = {.wrong = wrong.view()}, .path = {}, .found = {}};
    nearest.look_into<Root>();
    return nearest.found;
  }();
  static constexpr std::string_view text = found.view();
};

// The member at `path`. It is const where T is.
template <FixedString path, class T>
[[nodiscard]] constexpr auto& get_by_path(T& root) noexcept {
  using Whole = std::remove_cv_t<T>;  // not Root: graph/detail/walk.hpp has one
  if constexpr (path_exists<Whole, path>()) {
    return follow_path<path, 0>(root);
  } else {
    static_cast<void>(
        core::detail::refuse<no_such_path<Whole, Spelled<FixedText<path>>, Spelled<NearestPathText<Whole, path>>>>());
    return root;
  }
}

}  // namespace CAIRN_NAMESPACE::reflect::detail
