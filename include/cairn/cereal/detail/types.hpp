// Variables and plain structs in cereal's own archives: JSON, XML, portable binary.
//
//   cereal::JSONOutputArchive archive(stream);
//   archive(cereal::make_nvp("model", model));     // model: a plain struct with Variables, no serialize needed
//
// A plain struct is archived member by member only when its author has written no serialize (save, load, ...) for it.
#pragma once

#include "../../core/detail/needs_cereal.hpp"
#include "../../reflect/detail/reflect.hpp"
#include "../../reflect/detail/trackable.hpp"
#include "../../reflect/members.hpp"
#include "class_archives.hpp"

#include <cereal/cereal.hpp>
#include <cereal/types/complex.hpp>
#include <cereal/types/string.hpp>
#include <cereal/types/vector.hpp>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace CAIRN_NAMESPACE::archive::detail {

template <class Archive>
concept ForeignArchive = !std::same_as<Archive, DiscoverArchive> && !std::same_as<Archive, LoadArchive>;

// Tells whether the author of a type has written functions for cereal. A function `serialize` beside the class cannot
// be asked for here, because the one below is such a function; the author's is more special, and overload resolution
// takes it.
template <class T, class Archive>
concept KnownToCereal = cereal::traits::has_member_serialize<T, Archive>::value ||
                        cereal::traits::has_member_versioned_serialize<T, Archive>::value ||
                        cereal::traits::has_non_member_versioned_serialize<T, Archive>::value ||
                        cereal::traits::has_member_save<T, Archive>::value ||
                        cereal::traits::has_member_versioned_save<T, Archive>::value ||
                        cereal::traits::has_non_member_save<T, Archive>::value ||
                        cereal::traits::has_non_member_versioned_save<T, Archive>::value ||
                        cereal::traits::has_member_load<T, Archive>::value ||
                        cereal::traits::has_member_versioned_load<T, Archive>::value ||
                        cereal::traits::has_non_member_load<T, Archive>::value ||
                        cereal::traits::has_non_member_versioned_load<T, Archive>::value ||
                        cereal::traits::has_member_save_minimal<T, Archive>::value ||
                        cereal::traits::has_non_member_save_minimal<T, Archive>::value;

template <class T, class Archive>
concept AdoptedStruct = reflect::detail::PlainStruct<T> && !core::detail::is_std_type<T> && ForeignArchive<Archive> &&
                        !KnownToCereal<T, Archive>;

}  // namespace CAIRN_NAMESPACE::archive::detail

namespace CAIRN_NAMESPACE {

// Saves a Variable or Tensor as its shape and its elements, row by row.
template <class Archive, class T, std::size_t... Extents>
  requires archive::detail::ForeignArchive<Archive>
void CEREAL_SAVE_FUNCTION_NAME(Archive& archive, const Variable<T, Extents...>& variable) {
  const Shape shape = variable.shape();
  archive(cereal::make_nvp("shape", std::vector<std::int64_t>(shape.begin(), shape.end())),
          cereal::make_nvp("elements", std::vector<T>(variable.span().begin(), variable.span().end())));
}

// Loads a Variable. Throws Error with ErrorCode::invalid_argument when the shape does not fit the Variable, or the
// number of elements does not fit the shape; the Variable is unchanged then.
template <class Archive, class T, std::size_t... Extents>
  requires archive::detail::ForeignArchive<Archive>
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

}  // namespace CAIRN_NAMESPACE

namespace CAIRN_NAMESPACE::core::detail {

// Archives half, bfloat16 and similar types as the number that they are.
template <class Archive, class Bits, int exponent_bits, int mantissa_bits, bool has_infinity>
  requires archive::detail::ForeignArchive<Archive>
[[nodiscard]] float CEREAL_SAVE_MINIMAL_FUNCTION_NAME(
    const Archive&, const SmallFloat<Bits, exponent_bits, mantissa_bits, has_infinity>& value) {
  return static_cast<float>(value);
}
template <class Archive, class Bits, int exponent_bits, int mantissa_bits, bool has_infinity>
  requires archive::detail::ForeignArchive<Archive>
void CEREAL_LOAD_MINIMAL_FUNCTION_NAME(const Archive&,
                                       SmallFloat<Bits, exponent_bits, mantissa_bits, has_infinity>& value,
                                       const float& number) {
  value = SmallFloat<Bits, exponent_bits, mantissa_bits, has_infinity>(number);
}
template <class Archive, bool is_signed>
  requires archive::detail::ForeignArchive<Archive>
[[nodiscard]] int CEREAL_SAVE_MINIMAL_FUNCTION_NAME(const Archive&, const SmallInt<is_signed>& value) {
  return static_cast<int>(value);
}
template <class Archive, bool is_signed>
  requires archive::detail::ForeignArchive<Archive>
void CEREAL_LOAD_MINIMAL_FUNCTION_NAME(const Archive&, SmallInt<is_signed>& value, const int& number) {
  value = SmallInt<is_signed>(number);
}

}  // namespace CAIRN_NAMESPACE::core::detail

namespace cereal {

template <class Archive, class T>
  requires cairn::archive::detail::AdoptedStruct<T, Archive>
void CEREAL_SERIALIZE_FUNCTION_NAME(Archive& archive, T& object) {
  cairn::reflect::detail::for_each_member(
      object, [&]<std::size_t I>(std::integral_constant<std::size_t, I>, auto& member) {
        if constexpr (cairn::reflect::detail::is_saved<T, I>())
          archive(cereal::make_nvp(std::string(cairn::reflect::detail::saved_name<T, I>()), member));
      });
}

}  // namespace cereal
