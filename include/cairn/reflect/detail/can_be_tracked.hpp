// RefusalOfTracked<T>: whether a T can be tracked with everything that it holds. It is asked once, where the user hands
// over an object, so that the refusal is near that line, names the struct and the member, and is the only error. A type
// that is known at run time only (a value of a class with a serialize function) is checked where the walk meets it.
#pragma once

#include "../../core/detail/refuse.hpp"
#include "../../core/detail/type_list.hpp"
#include "../members.hpp"
#include "trackable.hpp"

#include <concepts>
#include <cstddef>
#include <type_traits>
#include <utility>

namespace CAIRN_NAMESPACE::reflect::detail {

// A search goes from type to type. It either has visited some structs, or has stopped at a refusal.
template <class... Structs>
struct Visited {};
template <class Refusal>
struct Stopped {};
template <class Search>
inline constexpr bool is_stopped = false;
template <class Refusal>
inline constexpr bool is_stopped<const Stopped<Refusal>> = true;

// The place where a type was met: in no struct, or in member I of a struct.
struct AtTheTop {
  template <class Type, because reason>
  using Refusal = this_type_cannot_be_tracked<Type, reason>;
};
template <class Struct, std::size_t I>
struct InMember {
  template <class Type, because reason>
  using Refusal = RefusedMember<Struct, I, Type, reason>;
};

// A search through the parts [begin, end) of `Parts`, whose look<I>() looks into part I. It goes by halves, because the
// compiler's limit of depth is reached first. (With operators in a fold the compiler would look into every refusal,
// which ends the compilation.)
template <class Parts, std::size_t begin, std::size_t end, class... Structs>
[[nodiscard]] consteval auto look_through(Visited<Structs...> visited) {
  if constexpr (begin == end) {
    return visited;
  } else if constexpr (begin + 1 == end) {
    return Parts::template look<begin>(visited);
  } else {
    constexpr std::size_t middle = begin + (end - begin) / 2;
    constexpr auto found = detail::look_through<Parts, begin, middle>(visited);
    if constexpr (is_stopped<decltype(found)>)
      return found;
    else
      return detail::look_through<Parts, middle, end>(found);
  }
}

template <class Search, class Place, class... T>
struct Types {
  template <std::size_t I, class... Structs>
  [[nodiscard]] static consteval auto look(Visited<Structs...> visited) {
    return Search::template look<Place, core::detail::NthType<I, T...>>(visited);
  }
};
template <class Search, class T>
struct MembersOf {
  template <std::size_t I, class... Structs>
  [[nodiscard]] static consteval auto look(Visited<Structs...> visited) {
    if constexpr (Search::template looks_at<T, I>)
      return Search::template look<InMember<T, I>, MemberType<T, I>>(visited);
    else
      return visited;
  }
};

template <class Search, class Place, class... T, class... Structs>
[[nodiscard]] consteval auto look_into_types(core::detail::TypeList<T...>, Visited<Structs...> visited) {
  return detail::look_through<Types<Search, Place, T...>, 0, sizeof...(T)>(visited);
}
template <class Search, class T, std::size_t... I>
[[nodiscard]] consteval bool looks_at_any(std::index_sequence<I...>) {
  return (Search::template looks_at<T, I> || ...);
}
template <class Search, class T, class... Structs>
[[nodiscard]] consteval auto look_into_struct(Visited<Structs...> visited) {
  if constexpr ((std::same_as<T, Structs> || ...))
    return visited;
  else if constexpr (!std::is_void_v<RefusalOfStruct<T>>)
    return Stopped<RefusalOfStruct<T>>{};
  else if constexpr (!std::is_void_v<RefusalOfDescription<T>>)
    return Stopped<RefusalOfDescription<T>>{};
  else if constexpr (looks_at_any<Search, T>(std::make_index_sequence<member_count<T>()>{}))
    return detail::look_through<MembersOf<Search, T>, 0, member_count<T>()>(Visited<Structs..., T>{});
  else
    return visited;
}

template <class Refusal, class... Structs>
[[nodiscard]] consteval auto look_at_refusal(Visited<Structs...> visited) {
  if constexpr (std::is_same_v<Refusal, nothing_to_refuse>)
    return visited;
  else
    return Stopped<Refusal>{};
}

struct TrackedSearch {
  // Most members are values, and a value needs no further search.
  template <class T, std::size_t I>
  static constexpr bool looks_at = is_saved<T, I>() && !SlotsOfVariables<MemberType<T, I>> &&
                                   (std::is_const_v<MemberType<T, I>> || !is_kind_of_leaf(kind_of<MemberType<T, I>>()));

  template <class Place, class T, class... Structs>
  [[nodiscard]] static consteval auto look(Visited<Structs...> visited) {
    constexpr because reason = why_type_is_refused<T>();
    if constexpr (reason != because::nothing) {
      return Stopped<typename Place::template Refusal<T, reason>>{};
    } else {
      constexpr Kind kind = kind_of<T>();
      if constexpr (kind == Kind::pointer)
        return look<Place, typename Pointee<T>::type>(visited);
      else if constexpr (kind == Kind::list)
        return look<Place, typename T::value_type>(visited);
      else if constexpr (kind == Kind::dict || kind == Kind::keyed)
        return look<Place, typename T::mapped_type>(visited);
      else if constexpr (kind == Kind::tuple || kind == Kind::variant)
        return detail::look_into_types<TrackedSearch, Place>(typename ElementsOf<T>::type{}, visited);
      else if constexpr (kind == Kind::structure)
        return detail::look_into_struct<TrackedSearch, T>(visited);
      else if constexpr (requires { typename Adapter<T>::Refusal; })
        return detail::look_at_refusal<typename Adapter<T>::Refusal>(visited);
      else if constexpr (kind != Kind::archived)
        return visited;
      else if constexpr (constexpr auto found = detail::look_at_refusal<typename ArchivedAs<T>::Refusal>(visited);
                         is_stopped<decltype(found)>)
        return found;
      else
        return ArchivedAs<T>::Search::template look<Place, T>(visited);
    }
  }
};

// The result of a search as a type that has `ok`.
template <class Found>
struct RefusalFound : std::type_identity<nothing_to_refuse> {};
template <class Refusal>
struct RefusalFound<Stopped<Refusal>> : std::type_identity<Refusal> {};

template <class T>
struct RefusalOfTracked {
  using type = typename RefusalFound<decltype(TrackedSearch::look<AtTheTop, T>(Visited<>{}))>::type;
};
// A class that is handed over itself, and is no member, is refused as a struct.
template <class T>
  requires(kind_of<T>() == Kind::none && why_type_is_refused<T>() == because::its_class_is_not_a_plain_struct)
struct RefusalOfTracked<T> {
  using type = this_struct_cannot_be_tracked<T, because::it_is_not_an_aggregate>;
};

}  // namespace CAIRN_NAMESPACE::reflect::detail
