// Variables and plain structs in cereal's own archives: JSON, XML, portable binary.
//
//   cereal::JSONOutputArchive archive(stream);
//   archive(cereal::make_nvp("model", model));     // model: a plain struct with Variables, no serialize needed
//
// A plain struct is adopted only where it is ours to adopt: it holds a Variable, here or deeper, and its author has
// written no serialize for it.
#pragma once

#include "../graph/members.hpp"
#include "../graph/reflect.hpp"
#include "../graph/trackable.hpp"
#include "class_archives.hpp"

#include <cereal/cereal.hpp>
#include <cereal/types/complex.hpp>
#include <cereal/types/string.hpp>
#include <cereal/types/vector.hpp>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace cairn::detail {

// `Outer` are the types that T was reached through: one that holds its like ends there.
template <class T, class... Outer>
[[nodiscard]] consteval bool holds_variable();

template <class T, class... Outer, std::size_t... I>
[[nodiscard]] consteval bool any_member_holds_variable(std::index_sequence<I...>) {
  return (holds_variable<std::remove_cv_t<MemberType<T, I>>, Outer..., T>() || ...);
}

template <class T, class... Outer>
[[nodiscard]] consteval bool holds_variable() {
  if constexpr ((std::same_as<T, Outer> || ...))
    return false;
  else if constexpr (is_variable<T> || is_tensor<T>)
    return true;
  else if constexpr (is_std_type<T> && requires { typename T::mapped_type; })
    return holds_variable<typename T::mapped_type, Outer..., T>();
  else if constexpr (is_std_type<T> && requires { typename T::value_type; })
    return holds_variable<typename T::value_type, Outer..., T>();
  else if constexpr (PlainStruct<T> && !is_std_type<T>)
    return any_member_holds_variable<T, Outer...>(std::make_index_sequence<member_count<T>()>());
  else
    return false;
}

template <class T, class Archive>
concept AdoptedStruct =
    PlainStruct<T> && !is_std_type<T> && !std::same_as<Archive, DiscoverArchive> &&
    !std::same_as<Archive, LoadArchive> && !cereal::traits::has_member_serialize<T, Archive>::value &&
    !cereal::traits::has_member_save<T, Archive>::value && holds_variable<T>();

template <class Archive>
concept ForeignArchive = !std::same_as<Archive, DiscoverArchive> && !std::same_as<Archive, LoadArchive>;

}  // namespace cairn::detail

namespace cairn {

// A Variable or Tensor: its shape and its elements.
template <class Archive, class T, std::size_t... Extents>
  requires detail::ForeignArchive<Archive>
void CEREAL_SAVE_FUNCTION_NAME(Archive& archive, const Variable<T, Extents...>& variable) {
  const Shape shape = variable.shape();
  archive(cereal::make_nvp("shape", std::vector<std::int64_t>(shape.begin(), shape.end())),
          cereal::make_nvp("elements", std::vector<T>(variable.span().begin(), variable.span().end())));
}

// Throws Error (invalid_argument) when the shape does not fit, or the number of elements not the shape; the variable is
// unchanged then.
template <class Archive, class T, std::size_t... Extents>
  requires detail::ForeignArchive<Archive>
void CEREAL_LOAD_FUNCTION_NAME(Archive& archive, Variable<T, Extents...>& variable) {
  std::vector<std::int64_t> extents;
  std::vector<T> elements;
  archive(cereal::make_nvp("shape", extents), cereal::make_nvp("elements", elements));
  const Shape shape(std::move(extents));
  if constexpr (std::same_as<T, bool>) {
    Tensor<T, Extents...> value(shape);
    if (elements.size() != value.size())
      throw Error(ErrorCode::invalid_argument, "an archived variable's elements do not fill its shape");
    std::copy(elements.begin(), elements.end(), value.data());
    variable.assign(value);
  } else {
    variable.assign(Tensor<T, Extents...>(shape, elements));
  }
}

}  // namespace cairn

namespace cereal {

template <class Archive, class T>
  requires cairn::detail::AdoptedStruct<T, Archive>
void CEREAL_SERIALIZE_FUNCTION_NAME(Archive& archive, T& object) {
  cairn::detail::for_each_member(object, [&]<std::size_t I>(std::integral_constant<std::size_t, I>, auto& member) {
    if constexpr (cairn::detail::is_saved<T, I>())
      archive(cereal::make_nvp(std::string(cairn::detail::saved_name<T, I>()), member));
  });
}

}  // namespace cereal
