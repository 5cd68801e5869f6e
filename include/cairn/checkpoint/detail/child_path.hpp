// Checkpoint::get<"model.weights">(): a path whose first step may be the name of a tracked object.
#pragma once

#include "../../reflect/detail/path.hpp"
#include "../named.hpp"

#include <cstddef>
#include <tuple>
#include <type_traits>

namespace CAIRN_NAMESPACE::checkpoint::detail {

// One thing that a Checkpoint was made of, seen from a path: a named object answers to its name, the root object to the
// names of its members.
template <class Child>
struct PathIntoChild;

template <class T>
struct PathIntoChild<RootOf<T>> {
  template <FixedString path>
  static constexpr bool exists = reflect::detail::path_exists<T, path>();
  template <FixedString path>
  [[nodiscard]] static constexpr auto& follow(RootOf<T> root) noexcept {
    return reflect::detail::follow_path<path, 0>(*root.object);
  }
  static constexpr void look_into(reflect::detail::NearestPath& nearest) noexcept { nearest.look_into<T>(); }
};

template <FixedString name, class T>
struct PathIntoChild<Named<name, T>> {
  template <FixedString path>
  [[nodiscard]] static constexpr bool leads_here() noexcept {
    constexpr std::size_t size = name.view().size();
    if constexpr (path.view() == name.view())
      return true;
    else if constexpr (path.view().starts_with(name.view()) && path.view()[size] == '.')
      return reflect::detail::path_exists<T, path, size + 1>();
    else
      return false;
  }
  template <FixedString path>
  static constexpr bool exists = leads_here<path>();
  template <FixedString path>
  [[nodiscard]] static constexpr auto& follow(Named<name, T> named) noexcept {
    if constexpr (path.view() == name.view())
      return *named.object;
    else
      return reflect::detail::follow_path<path, name.view().size() + 1>(*named.object);
  }
  static constexpr void look_into(reflect::detail::NearestPath& nearest) noexcept {
    nearest.template look_at<T>(name.view());
  }
};

// For the refusal: what the path was looked for in, and the nearest path there is.
template <class... Children>
struct tracked_objects {};
template <FixedString wrong, class... Children>
struct NearestTrackedPath {
  static constexpr reflect::detail::PathBuffer found = [] {
    reflect::detail::NearestPath nearest{.search = {.wrong = wrong.view()}, .path = {}, .found = {}};
    (PathIntoChild<Children>::look_into(nearest), ...);
    return nearest.found;
  }();
  static constexpr std::string_view text = found.view();
};

// The index of the child that the path leads into; the number of children when there is none.
template <FixedString path, class... Children>
[[nodiscard]] constexpr std::size_t child_of_path() noexcept {
  constexpr bool exists[] = {PathIntoChild<Children>::template exists<path>..., true};
  std::size_t index = 0;
  while (!exists[index]) ++index;
  return index;
}

template <FixedString path, class... Children>
[[nodiscard]] constexpr auto& get_tracked(const std::tuple<Children...>& children) noexcept {
  constexpr std::size_t index = child_of_path<path, Children...>();
  if constexpr (index < sizeof...(Children)) {
    using Tracked = std::tuple_element_t<index, std::tuple<Children...>>;
    return PathIntoChild<Tracked>::template follow<path>(std::get<index>(children));
  } else {
    // At once, before the compiler says what follows from the type that get() has here.
    using Refusal [[maybe_unused]] =
        decltype(reflect::detail::no_such_path<tracked_objects<Children...>,
                                               reflect::detail::Spelled<reflect::detail::FixedText<path>>,
                                               reflect::detail::Spelled<NearestTrackedPath<path, Children...>>>{});
    return children;
  }
}

}  // namespace CAIRN_NAMESPACE::checkpoint::detail
