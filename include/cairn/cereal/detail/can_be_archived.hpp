// Whether a pair of cereal's archives can take a type with all that it holds. cereal itself refuses twenty levels below
// the user's line; here the struct and the member are still known.
#pragma once

#include "../../core/detail/needs_cereal.hpp"
#include "../../core/detail/type_list.hpp"
#include "../../reflect/detail/can_be_tracked.hpp"
#include "types.hpp"

#include <cereal/details/traits.hpp>

#include <string>
#include <type_traits>

namespace CAIRN_NAMESPACE::archive::detail {

// The types that a standard type holds values of, which are archived one by one.
template <class T>
[[nodiscard]] consteval auto archived_contents() noexcept {
  if constexpr (!std::is_void_v<typename reflect::detail::Pointee<T>::type>)
    return core::detail::TypeList<typename reflect::detail::Pointee<T>::type>{};
  else if constexpr (!core::detail::is_std_type<T> || std::is_same_v<T, std::string>)
    return core::detail::TypeList<>{};
  else if constexpr (requires { typename T::mapped_type; })
    return core::detail::TypeList<typename T::key_type, typename T::mapped_type>{};
  else if constexpr (requires { typename T::value_type; })
    return core::detail::TypeList<typename T::value_type>{};
  else if constexpr (reflect::detail::is_tuple<T> || core::detail::type_name<T>().starts_with("std::variant<"))
    return typename reflect::detail::ElementsOf<T>::type{};
  else
    return core::detail::TypeList<>{};
}

template <class T, class Output, class Input>
[[nodiscard]] consteval reflect::detail::because why_type_is_not_archived() noexcept {
  if constexpr (reflect::detail::is_text_without_an_owner<std::remove_const_t<T>>)
    return reflect::detail::because::it_is_text_without_an_owner;
  else if constexpr (std::is_const_v<T> || std::is_const_v<typename reflect::detail::Pointee<T>::type>)
    return reflect::detail::because::it_is_const;
  else if constexpr (std::is_array_v<typename reflect::detail::Pointee<T>::type> ||
                     (std::is_object_v<typename reflect::detail::Pointee<T>::type> &&
                      !reflect::detail::Complete<typename reflect::detail::Pointee<T>::type>))
    return reflect::detail::because::it_is_a_pointer_to_nothing_known;
  else if constexpr (std::is_pointer_v<T> || reflect::detail::is_reference_wrapper<T>)
    return reflect::detail::because::it_is_a_raw_pointer;
  else if constexpr (cereal::traits::is_output_serializable<T, Output>::value &&
                     cereal::traits::is_input_serializable<T, Input>::value)
    return reflect::detail::because::nothing;
  else if constexpr (reflect::detail::joins_as_array<T>)
    return reflect::detail::because::it_needs_functions_of_cereal;
  else
    return reflect::detail::why_type_is_unknown<T>();
}

template <class Output, class Input>
struct ArchivedSearch {
  template <class T, std::size_t I>
  static constexpr bool looks_at = reflect::detail::is_saved<T, I>();

  template <class Place, class T, class... Structs>
  [[nodiscard]] static consteval auto look(reflect::detail::Visited<Structs...> visited) {
    constexpr reflect::detail::because reason = why_type_is_not_archived<T, Output, Input>();
    if constexpr (reason != reflect::detail::because::nothing)
      return reflect::detail::Stopped<typename Place::template Refusal<T, reason>>{};
    else if constexpr (std::is_polymorphic_v<T>)
      return visited;  // which classes stand behind it, only the program knows
    else if constexpr (AdoptedStruct<T, Output>)
      return reflect::detail::look_into_struct<ArchivedSearch, T>(visited);
    else
      return reflect::detail::look_into_types<ArchivedSearch, Place>(archived_contents<T>(), visited);
  }
};

template <class T, class Output, class Input>
using RefusalOfArchived =
    typename reflect::detail::RefusalFound<decltype(ArchivedSearch<Output, Input>::template look<
                                                    reflect::detail::AtTheTop, T>(reflect::detail::Visited<>{}))>::type;

// False after the refusal.
template <class T, class Output, class Input>
inline constexpr bool can_be_archived =
    std::is_same_v<RefusalOfArchived<T, Output, Input>, reflect::detail::nothing_to_refuse> ||
    core::detail::refuse<RefusalOfArchived<T, Output, Input>>();

}  // namespace CAIRN_NAMESPACE::archive::detail
