// How a type that the walk does not know joins it: specialise one of two templates, constrained as you like.
//
//   template <> struct cairn::detail::Adapter<my::Matrix> { using type = MatrixType; };   // a LeafType of yours
//
// archive/ joins classes with cereal's serialize this way, types/ joins foreign arrays.
#pragma once

#include <type_traits>

namespace cairn::detail {

// Asked before the standard containers and plain structs: `type` is a default-constructible ObjectType for T. It may
// have a `Refusal` (refusals.hpp), nothing_to_refuse where all is well.
template <class T>
struct Adapter;

// Asked before a type is refused: how it becomes one string. `type` as above; `Search` looks into what a T holds
// (can_be_tracked.hpp).
template <class T>
struct ArchivedAs;

template <class T>
concept Adapted = requires { typename Adapter<T>::type; };

template <class T>
concept Archivable = requires { typename ArchivedAs<T>::type; };

}  // namespace cairn::detail
