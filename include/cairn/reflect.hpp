// reflect: the members of a user's struct, which the struct's type tells.
//
//   struct Model { cairn::Variable<float, 784, 10> weights; cairn::NotSaved<std::thread> worker; };
//   template <>
//   inline constexpr auto cairn::members<Model> = cairn::describe(cairn::rename<"weights">("kernel"));
//
//   std::cout << cairn::describe<Model>();        // Model
//                                                 //   kernel: float32 [784, 10]
//
// The members of a plain struct are found by Boost.PFR; no macro and no base class is needed. A type that cannot be
// saved is refused by the compiler, in a sentence that names the struct, the member and the reason.
//
//   reflect/members.hpp      members<T>: a struct's members renamed, found under more names, or not saved
//   reflect/not_saved.hpp    NotSaved<T>: the type of a member that is not saved
//   reflect/describe.hpp     describe<State>(): the tree of a state as text
//   reflect/static_keys.hpp  static_keys, parameter_count, static_bytes: constants that the type tells
#pragma once

#include "reflect/detail/refusals.hpp"

#include "reflect/describe.hpp"
#include "reflect/members.hpp"
#include "reflect/not_saved.hpp"
#include "reflect/static_keys.hpp"
