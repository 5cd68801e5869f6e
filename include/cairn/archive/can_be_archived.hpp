// Whether a pair of cereal's archives can take a type with all that it holds. cereal itself refuses twenty levels below
// the user's line; here the struct and the member are still known.
#pragma once

#include "../core/type_list.hpp"
#include "../graph/can_be_tracked.hpp"
#include "types.hpp"

#include <cereal/details/traits.hpp>

#include <string>
#include <type_traits>

namespace cairn::detail {

// The types that a standard type holds values of, which are archived one by one.
template <class T>
[[nodiscard]] consteval auto archived_contents() noexcept {
  if constexpr (!std::is_void_v<typename Pointee<T>::type>)
    return TypeList<typename Pointee<T>::type>{};
  else if constexpr (!is_std_type<T> || std::is_same_v<T, std::string>)
    return TypeList<>{};
  else if constexpr (requires { typename T::mapped_type; })
    return TypeList<typename T::key_type, typename T::mapped_type>{};
  else if constexpr (requires { typename T::value_type; })
    return TypeList<typename T::value_type>{};
  else if constexpr (is_tuple<T> || type_name<T>().starts_with("std::variant<"))
    return typename ElementsOf<T>::type{};
  else
    return TypeList<>{};
}

template <class T, class Output, class Input>
[[nodiscard]] consteval because why_type_is_not_archived() noexcept {
  if constexpr (is_text_without_an_owner<std::remove_const_t<T>>)
    return because::it_is_text_without_an_owner;
  else if constexpr (std::is_const_v<T> || std::is_const_v<typename Pointee<T>::type>)
    return because::it_is_const;
  else if constexpr (std::is_array_v<typename Pointee<T>::type> ||
                     (std::is_object_v<typename Pointee<T>::type> && !Complete<typename Pointee<T>::type>))
    return because::it_is_a_pointer_to_nothing_known;
  else if constexpr (std::is_pointer_v<T> || std::is_same_v<T, std::reference_wrapper<typename Pointee<T>::type>>)
    return because::it_is_a_raw_pointer;
  else if constexpr (cereal::traits::is_output_serializable<T, Output>::value &&
                     cereal::traits::is_input_serializable<T, Input>::value)
    return because::nothing;
  else
    return why_type_is_unknown<T>();
}

template <class Output, class Input>
struct ArchivedSearch {
  template <class T, std::size_t I>
  static constexpr bool looks_at = is_saved<T, I>();

  template <class Place, class T, class... Structs>
  [[nodiscard]] static consteval auto look(Visited<Structs...> visited) {
    constexpr because reason = why_type_is_not_archived<T, Output, Input>();
    if constexpr (reason != because::nothing)
      return Stopped<typename Place::template Refusal<T, reason>>{};
    else if constexpr (std::is_polymorphic_v<T>)
      return visited;  // which classes stand behind it, only the program knows
    else if constexpr (AdoptedStruct<T, Output>)
      return detail::look_into_struct<ArchivedSearch, T>(visited);
    else
      return detail::look_into_types<ArchivedSearch, Place>(archived_contents<T>(), visited);
  }
};

template <class T, class Output, class Input>
using RefusalOfArchived =
    typename RefusalFound<decltype(ArchivedSearch<Output, Input>::template look<AtTheTop, T>(Visited<>{}))>::type;

// False after the refusal.
template <class T, class Output, class Input>
inline constexpr bool can_be_archived = std::is_same_v<RefusalOfArchived<T, Output, Input>, nothing_to_refuse> ||
                                        refuse<RefusalOfArchived<T, Output, Input>>();

}  // namespace cairn::detail
