// The refusals of a struct, a member, a type or a path that cannot be tracked. Struct, member's name and type are the
// arguments of the class template that refuses, so that compilers print them in their first lines.
//
//   this_struct_cannot_be_tracked<Model, because::it_has_a_base_class>
//   this_member_cannot_be_tracked<Model, spelled<{"log"}>, std::thread, because::its_type_is_unknown>
//
// The doors include this file before all others, because g++ and clang first print the files through which they came
// here, and people read the first ten lines.
#pragma once

#include "../../version.hpp"

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>

namespace CAIRN_NAMESPACE::reflect::detail {

enum class because {
  nothing,  // it can be tracked
  // the struct
  it_is_not_an_aggregate,
  it_has_a_base_class,
  it_has_an_anonymous_member,
  its_members_cannot_be_counted,
  it_has_a_bit_field,
  it_has_too_many_members,
  // the member
  it_is_a_c_array,
  it_is_a_reference,
  it_is_volatile,
  it_is_const,
  it_is_text_without_an_owner,
  it_is_a_weak_pointer,
  it_is_a_pointer_to_nothing_known,
  it_is_a_raw_pointer,
  it_owns_a_polymorphic_class,
  it_is_an_atomic,
  it_is_a_long_double,
  it_needs_streams,
  it_is_a_union,
  it_needs_a_header_of_cereal,
  it_needs_a_header_of_types,
  it_needs_functions_of_cereal,
  it_has_a_serialize_function,
  its_class_is_not_a_plain_struct,
  its_type_is_unknown,
};

// It stands in the place of a refusal, where there is none.
struct nothing_to_refuse {
  static constexpr bool ok = true;
};

template <class Struct, because reason>
struct this_struct_cannot_be_tracked {
  static_assert(reason != because::it_is_not_an_aggregate,
                "cairn: this class cannot be taken apart into members: it has private members, a constructor or a "
                "virtual function. Make it a plain struct, or give it a cereal serialize function.");
  static_assert(reason != because::it_has_a_base_class,
                "cairn: this struct has a base class, and Boost.PFR can only take structs without one apart. Make the "
                "base its first member, or give the struct a cereal serialize function.");
  static_assert(reason != because::it_has_an_anonymous_member,
                "cairn: this struct holds a union or struct without a name, which no library can take apart. Give a "
                "struct a name, and make a union a std::variant; or give the struct a cereal serialize function.");
  static_assert(
      reason != because::its_members_cannot_be_counted,
      "cairn: the members of this struct cannot be counted. It holds a union or struct without a name, a "
      "reference beside members that can only be moved, or something else that cannot be made from a value. "
      "Give a struct a name, make a reference a pointer and a union a std::variant, or give the struct a cereal "
      "serialize function.");
  static_assert(reason != because::it_has_a_bit_field,
                "cairn: this struct has a bit-field (or an rvalue reference), which has no address to restore it to. "
                "Make it a whole member, or give the struct a cereal serialize function.");
  static_assert(reason != because::it_has_too_many_members,
                "cairn: this struct has more than 100 members, the most that Boost.PFR can take apart. Group some of "
                "them into a struct, a std::vector or a std::map, or give the struct a cereal serialize function.");
  static constexpr bool ok = reason == because::nothing;
};

// A member whose name cannot be read, by its index: 0 is the first member.
template <std::size_t index>
struct member_at;
// It stands for a type that cannot be found out.
struct not_known;

// Refuses a member. `Type` is the member's type, or the type inside of it that is refused: std::thread for a
// std::vector<std::thread>.
template <class Struct, class Member, class Type, because reason>
struct this_member_cannot_be_tracked {
  static_assert(reason != because::its_type_is_unknown,
                "cairn: this member cannot be saved, because nothing is known of its type. Keep what matters of it in "
                "numbers, strings, Variables or plain structs of such, or mark it not_saved: cairn::NotSaved<T>.");
  static_assert(reason != because::its_class_is_not_a_plain_struct,
                "cairn: this member's class cannot be taken apart into members: it has private members, a constructor "
                "or a virtual function. Make it a plain struct, give it a cereal serialize function, or mark the "
                "member not_saved: cairn::NotSaved<T>.");
  static_assert(reason != because::it_needs_a_header_of_cereal,
                "cairn: this member is of a type that is saved with cereal's header for it. Include "
                "<cairn/cereal.hpp> and that header; it is named as the standard's own: <cereal/types/queue.hpp> "
                "beside <queue>, <cereal/types/map.hpp> beside <map>. Or mark the member not_saved: "
                "cairn::NotSaved<T>.");
  static_assert(
      reason != because::it_needs_a_header_of_types,
      "cairn: this member is of another library's class, and arrays of that library are saved with cairn's "
      "header for it: include <cairn/types/eigen.hpp> for Eigen, or armadillo, boost, dlpack, mdspan, opencv, "
      "torch or xtensor in its place. A class that the header does not list joins by a cairn::ArrayInterface "
      "(<cairn/types.hpp>). Or mark the member not_saved: cairn::NotSaved<T>.");
  static_assert(
      reason != because::it_needs_functions_of_cereal,
      "cairn: this member is an array of another library, which is a tensor in TensorFlow's format, and nothing "
      "that cereal's archives know. Give its class cereal's save and load functions, save it in "
      "format::TensorBundle, or mark the member not_saved: cairn::NotSaved<T>.");
  static_assert(reason != because::it_has_a_serialize_function,
                "cairn: this member's class has a cereal serialize function (or save and load). Include "
                "<cairn/cereal.hpp>, which saves what that archives, or mark the member not_saved: "
                "cairn::NotSaved<T>.");
  static_assert(reason != because::it_is_const,
                "cairn: this member is const, or leads to something const, and a restore writes to it. Leave const "
                "out, or mark it not_saved: cairn::NotSaved<T>.");
  static_assert(reason != because::it_is_text_without_an_owner,
                "cairn: this member points to text that it does not own, so that a restore could not change it. Make "
                "it a std::string, or mark it not_saved: cairn::NotSaved<T>.");
  static_assert(reason != because::it_is_a_weak_pointer,
                "cairn: this member is a weak_ptr to a class with virtual functions, which nothing would own after a "
                "restore. Save a shared_ptr to the object, and mark the weak_ptr not_saved: cairn::NotSaved<T>.");
  static_assert(reason != because::it_is_a_pointer_to_nothing_known,
                "cairn: this member points to a function, to void, to an array, or to a class that is not seen whole "
                "here. Make an array a std::vector, include the header that defines the class, or mark the member "
                "not_saved: cairn::NotSaved<T>.");
  static_assert(reason != because::it_is_a_raw_pointer,
                "cairn: this member is a raw pointer or a reference, which cereal's archives do not follow. Make it a "
                "std::unique_ptr or std::shared_ptr and include <cereal/types/memory.hpp>, or mark it not_saved: "
                "cairn::NotSaved<T>.");
  static_assert(reason != because::it_owns_a_polymorphic_class,
                "cairn: this member owns an object of a class with virtual functions, which cereal saves: include "
                "<cairn/cereal.hpp>, <cereal/types/memory.hpp> and <cereal/types/polymorphic.hpp>, and give the "
                "derived classes serialize functions and CEREAL_REGISTER_TYPE. Or mark the member not_saved: "
                "cairn::NotSaved<T>.");
  static_assert(reason != because::it_is_an_atomic,
                "cairn: this member is a std::atomic of something that is not one number, bool or enum, and can be "
                "neither copied nor moved. Keep a plain object for what is saved, and mark the atomic not_saved: "
                "cairn::NotSaved<T>.");
  static_assert(
      reason != because::it_is_a_long_double,
      "cairn: this member is a long double, which is of another size and form on each machine, and no dtype of "
      "TensorFlow. Make it a double, or mark it not_saved: cairn::NotSaved<T>.");
  static_assert(
      reason != because::it_needs_streams,
      "cairn: this member is an engine or a distribution of <random>, which tells its state to a stream only. "
      "Include <sstream>, or mark the member not_saved: cairn::NotSaved<T>.");
  static_assert(reason != because::it_is_a_union,
                "cairn: this member is a union, which does not say which of its members it holds. Make it a "
                "std::variant, or mark it not_saved: cairn::NotSaved<T>.");
  static_assert(reason != because::it_is_a_c_array,
                "cairn: this member is a C array, which hides how many members the struct has. Make it a Variable or a "
                "std::array.");
  static_assert(
      reason != because::it_is_a_reference,
      "cairn: this member is a reference. Make it a pointer or a std::reference_wrapper to what is not const, "
      "which are followed to what they refer to.");
  static_assert(reason != because::it_is_volatile,
                "cairn: this member is volatile. Leave volatile out, or mark it not_saved: cairn::NotSaved<T>.");
  static constexpr bool ok = reason == because::nothing;
};

// Refuses a class that could be saved but not restored.
template <class Class, bool can_be_restored>
struct this_class_cannot_be_restored {
  static_assert(
      can_be_restored,
      "cairn: this class has a cereal serialize function but cannot be restored. Make it copyable, or default "
      "constructible, and assignable: a restore loads into a new object and assigns it when all is checked.");
  static constexpr bool ok = can_be_restored;
};

// Refuses a type that is in no struct: that of an argument of Checkpoint, or of a value in a class's serialize
// function.
template <class Type, because reason>
struct this_type_cannot_be_tracked {
  static_assert(reason != because::it_has_a_serialize_function,
                "cairn: this class has a cereal serialize function (or save and load). Include <cairn/cereal.hpp>, "
                "which saves what that archives.");
  static_assert(reason != because::it_needs_a_header_of_types,
                "cairn: this type is of another library, and arrays of that library are saved with cairn's header for "
                "it: include <cairn/types/eigen.hpp> for Eigen, or armadillo, boost, dlpack, mdspan, opencv, torch or "
                "xtensor in its place. A class that the header does not list joins by a cairn::ArrayInterface "
                "(<cairn/types.hpp>).");
  static_assert(
      reason == because::nothing || reason == because::it_has_a_serialize_function ||
          reason == because::it_needs_a_header_of_types,
      "cairn: this type cannot be saved. Make it a Variable, a plain struct of such or a standard container of "
      "them, include <cairn/cereal.hpp> and cereal's header for it (<cereal/types/map.hpp> beside <map>), give its "
      "class a cereal serialize function, or keep it out of what is tracked.");
  static constexpr bool ok = reason == because::nothing;
};

// Refuses the description of a member that the struct does not have.
template <class Struct, class Wrong, class DidYouMean>
struct no_such_member {
  static_assert(!std::is_same_v<Struct, Struct>,
                "cairn: cairn::members describes a member that this struct does not have. The wrong name and, if "
                "there is a near one, the right one stand in the name of this template.");
  static constexpr bool ok = false;
};
template <class Struct, class Name>
struct two_members_are_saved_as {
  static_assert(!std::is_same_v<Struct, Struct>,
                "cairn: two members of this struct would be saved under one name. Rename one of them otherwise.");
  static constexpr bool ok = false;
};

#if defined(__cpp_static_assert) && __cpp_static_assert >= 202306L
// The sentence with both paths, for compilers whose static_assert takes a computed text (C++26).
template <class Wrong, class DidYouMean>
struct PathSentence {
  static constexpr bool is_near = !DidYouMean::view.empty();
  static constexpr std::array parts{std::string_view("cairn: there is no member at the path \""), Wrong::view,
                                    std::string_view(is_near ? "\". Did you mean \"" : "\"."), DidYouMean::view,
                                    std::string_view(is_near ? "\"?" : "")};
  static constexpr auto text = [] {
    std::array<char, (parts[0].size() + parts[1].size() + parts[2].size() + parts[3].size() + parts[4].size())>
        joined{};
    std::size_t end = 0;
    for (const std::string_view part : parts)
      for (const char c : part) joined[end++] = c;
    return joined;
  }();
  [[nodiscard]] constexpr std::size_t size() const noexcept { return text.size(); }
  [[nodiscard]] constexpr const char* data() const noexcept { return text.data(); }
};
#endif

// Refuses a path that leads nowhere from Root.
template <class Root, class Wrong, class DidYouMean>
struct no_such_path {
#if defined(__cpp_static_assert) && __cpp_static_assert >= 202306L
#if defined(__clang__)  // which knows it in C++20, too, and would say so each time
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wc++26-extensions"
#endif
  static_assert(!std::is_same_v<Root, Root>, PathSentence<Wrong, DidYouMean>{});
#if defined(__clang__)
#pragma clang diagnostic pop
#endif
#else
  static_assert(
      !std::is_same_v<Root, Root>,
      "cairn: this path does not lead to a member. The wrong path and, if there is a near one, the right one "
      "stand in the name of this template; a path is made of members' names and, in arrays and tuples, of numbers. "
      "Elements of a std::vector or std::map are known at run time only.");
#endif
};

}  // namespace CAIRN_NAMESPACE::reflect::detail
