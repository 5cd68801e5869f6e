// Adapter: how a type that the walk does not know is tracked. Specialise one of the two templates for it.
//
//   template <> struct cairn::reflect::detail::Adapter<my::Matrix> { using type = MatrixType; };   // a LeafType of yours
//
// cereal/ joins classes with cereal's serialize so; a program can join foreign arrays.
#pragma once

#include <type_traits>

namespace cairn::reflect::detail {

// The specialisation for T goes before the rules for standard containers and plain structs. Its `type` is a
// default-constructible ObjectType for T. It may have a `Refusal` (refusals.hpp), which is nothing_to_refuse where the
// T can be tracked.
template <class T>
struct Adapter;

// The specialisation for T counts where no other rule fits: it archives a T as one string. Its `type` is a
// default-constructible ObjectType for T; its `Search` looks into the types that a T holds (can_be_tracked.hpp).
template <class T>
struct ArchivedAs;

template <class T>
concept Adapted = requires { typename Adapter<T>::type; };

template <class T>
concept Archivable = requires { typename ArchivedAs<T>::type; };

}  // namespace cairn::reflect::detail
