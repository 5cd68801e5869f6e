// list_static_children, static_value: the children of each node and the dtype and extents of each value, as the type of
// a state tells them to the compiler. The walk over objects (graph/detail/walk.hpp) finds the same names at run time.
//
//   list_static_children<Model>(Unsaved{}, visit)   ->   visit.child<Variable<float, 784, 10>>({"weights", ...}), ...
//   static_value<Variable<float, 784, 10>>()        ->   {DT_FLOAT, {784, 10}}
//
// The type does not tell the elements of a std::vector or std::map, whether a pointer or optional is empty, and the
// values inside of classes that cereal archives.
//
// A type that is tracked through Adapter tells its children by a specialisation of StaticForm, as the types of keras
// do. The specialisation has
//   template <class Saved, class Visit> static constexpr void list(const Saved& saved, Visit& visit);
// or, where the type is a tensor, `static constexpr StaticValue value`. saved.has(name) tells whether the checkpoint
// that is compared has such a child, and saved.size() the number of its children, as in ObjectType::resize.
#pragma once

#include "../../core/detail/type_list.hpp"
#include "../members.hpp"
#include "records.hpp"
#include "trackable.hpp"

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::reflect::detail {

template <class T>
struct StaticForm;

template <class T>
concept HasStaticForm = requires { sizeof(StaticForm<T>); };
template <class T>
[[nodiscard]] consteval Kind static_kind_of() noexcept {
  if constexpr (HasStaticForm<T>)
    return Kind::adapted;  // whether or not it is a type of the program
  else
    return kind_of<T>();
}

// An edge to a child. The names are valid during the call only.
struct StaticEdge {
  std::string_view shown;  // the step in a path of get<"...">; empty where the edge is no step there
  std::string_view name;   // the name that a save writes
  std::span<const std::string_view> other_names = {};  // further names that a restore looks for
  bool may_be_absent = false;                          // only the running program knows whether the child is there
};

// It stands in the place of a checkpoint: the children are those that a new object saves.
struct Unsaved {
  [[nodiscard]] constexpr bool has(std::string_view) const noexcept { return false; }
  [[nodiscard]] constexpr std::size_t size() const noexcept { return 0; }
};

// An extent of `dynamic` may be any.
struct StaticValue {
  DType dtype = DT_INVALID;
  std::span<const std::size_t> extents = {};
};

// The names "0", "1", ... in constant expressions, as IndexName has them at run time.
class StaticIndex {
 public:
  explicit constexpr StaticIndex(std::size_t index) noexcept {
    do text_[--begin_] = static_cast<char>('0' + index % 10);
    while ((index /= 10) != 0);
  }
  [[nodiscard]] constexpr std::string_view view() const noexcept { return {text_ + begin_, sizeof text_ - begin_}; }

 private:
  char text_[20] = {};
  std::size_t begin_ = sizeof text_;
};

// The type that an edge leads to, behind pointers.
template <class T>
struct StaticTarget : std::type_identity<T> {};
template <class T>
  requires(static_kind_of<T>() == Kind::pointer)
struct StaticTarget<T> : StaticTarget<typename Pointee<T>::type> {};

[[nodiscard]] constexpr bool is_kind_of_value(Kind kind) noexcept {
  return is_kind_of_leaf(kind) || kind == Kind::archived;
}
template <class T>
inline constexpr bool is_a_value = is_kind_of_value(static_kind_of<T>());
template <class T>
  requires requires { StaticForm<T>::value; }
inline constexpr bool is_a_value<T> = true;

// The number of elements of a sequence, where its type tells it.
template <class T>
inline constexpr std::size_t static_size = dynamic;
template <class T, std::size_t N>
inline constexpr std::size_t static_size<std::array<T, N>> = N;

// What a list of `size` Ts has of each: it stands for no type of the program. A number is a tensor, and a record a node
// with a child for each member.
template <class T, std::size_t size>
struct AllOf;
template <class T>
inline constexpr bool is_one_value = is_flat<T> || Element<T>;
template <class T, std::size_t size>
  requires is_one_value<T>
struct StaticForm<AllOf<T, size>> {
  static constexpr auto extents = Flat<std::array<T, size>>::extents;
  static constexpr StaticValue value{dtype_of<typename Flat<T>::type>, extents};
};

// The dtype and extents of a T, which must be a tensor.
template <class T>
[[nodiscard]] constexpr StaticValue static_value() noexcept {
  constexpr Kind kind = static_kind_of<T>();
  if constexpr (requires { StaticForm<T>::value; })
    return StaticForm<T>::value;
  else if constexpr (kind == Kind::tensor)
    return {dtype_of<typename T::value_type>, T::extents_type::values};
  else if constexpr (kind == Kind::scalar)
    return {dtype_of<T>, {}};
  else if constexpr (kind == Kind::bools)
    return static_value<AllOf<bool, dynamic>>();
  else if constexpr (kind == Kind::copied)
    return {dtype_of<typename CopiedForm<T>::element>, CopiedForm<T>::extents};
  else if constexpr (kind == Kind::valarray)
    return static_value<AllOf<typename T::value_type, dynamic>>();
  else if constexpr (kind == Kind::array)
    return static_value<AllOf<std::remove_pointer_t<decltype(std::data(std::declval<T&>()))>, static_size<T>>>();
  else
    return {DT_STRING, {}};  // text, or cereal's bytes
}

template <class T, std::size_t I, class Visit>
constexpr void visit_static_member(Visit& visit) {
  using Member = MemberType<T, I>;
  if constexpr (is_saved<T, I>() && !SlotsOfVariables<Member>) {
    if constexpr (!is_trackable<Member> || std::is_const_v<Member>)
      static_cast<void>(core::detail::refuse<RefusedMember<T, I, Member, why_type_is_refused<Member>()>>());
    visit.template child<Member>(
        {.shown = member_name<T, I>(), .name = saved_name<T, I>(), .other_names = all_names<T, I>()});
  }
}

template <class T, std::size_t size, std::size_t I, class Visit>
constexpr void visit_static_column(Visit& visit) {
  if constexpr (is_saved<T, I>())
    visit.template child<AllOf<MemberType<T, I>, size>>(
        {.shown = member_name<T, I>(), .name = saved_name<T, I>(), .other_names = all_names<T, I>()});
}
template <class T, std::size_t size>
  requires(!is_one_value<T>)
struct StaticForm<AllOf<T, size>> {
  template <class Saved, class Visit>
  static constexpr void list(const Saved&, Visit& visit) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (visit_static_column<T, size, I>(visit), ...);
    }(std::make_index_sequence<member_count<T>()>{});
  }
};

// Stands for the alternative that a saved std::variant has, which the file's index and graph do not tell.
struct SomeAlternative {};
template <>
struct StaticForm<SomeAlternative> {
  template <class Saved, class Visit>
  static constexpr void list(const Saved&, Visit&) noexcept {}
};
template <class Saved, class... Alternatives, class Visit>
constexpr void list_alternatives(core::detail::TypeList<Alternatives...>, Visit& visit) {
  if constexpr (std::same_as<Saved, Unsaved>)
    (visit.template child<Alternatives>({.shown = value_name, .name = value_name, .may_be_absent = true}), ...);
  else
    visit.template child<SomeAlternative>({.shown = value_name, .name = value_name});
}

// Calls visit.child<Child>(StaticEdge) for each child of a T that its type says, in the order in which they are saved,
// and visit.children_like<Element>() for a list or dict of any length.
template <class T, class Saved, class Visit>
constexpr void list_static_children(const Saved& saved, Visit& visit) {
  constexpr Kind kind = static_kind_of<T>();
  if constexpr (requires { StaticForm<T>::list(saved, visit); }) {
    StaticForm<T>::list(saved, visit);
  } else if constexpr (kind == Kind::structure) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (visit_static_member<T, I>(visit), ...);
    }(std::make_index_sequence<member_count<T>()>{});
  } else if constexpr (kind == Kind::tuple) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (visit.template child<std::tuple_element_t<I, T>>(
           {.shown = StaticIndex(I).view(), .name = StaticIndex(I).view()}),
       ...);
    }(std::make_index_sequence<std::tuple_size_v<T>>{});
  } else if constexpr (kind == Kind::records) {
    StaticForm<AllOf<typename T::value_type, static_size<T>>>::list(saved, visit);
  } else if constexpr (kind == Kind::list && is_std_array<T>) {
    for (std::size_t i = 0; i < std::tuple_size_v<T>; ++i) {
      const StaticIndex index(i);
      visit.template child<typename T::value_type>({.shown = index.view(), .name = index.view()});
    }
  } else if constexpr (kind == Kind::list) {
    visit.template children_like<typename T::value_type>();
  } else if constexpr (kind == Kind::dict) {
    visit.template children_like<typename T::mapped_type>();
  } else if constexpr (kind == Kind::keyed) {
    using Key = typename AsElement<typename T::key_type>::type;
    visit.template child<std::vector<Key>>({.shown = keys_name, .name = keys_name});
    visit.template child<std::vector<typename T::mapped_type>>({.shown = values_name, .name = values_name});
  } else if constexpr (kind == Kind::variant) {
    visit.template child<std::int64_t>({.shown = index_name, .name = index_name});
    list_alternatives<Saved>(typename ElementsOf<T>::type{}, visit);
  }
}

// True for pointers, std::optional and references: an edge to such a Child may be missing, or lead to an object that
// other edges lead to.
template <class Child>
inline constexpr bool is_followed = static_kind_of<Child>() == Kind::pointer;

// True when every checkpoint of a T has a value in the node or below it.
template <class T>
[[nodiscard]] constexpr bool always_has_values() noexcept;

struct FindValue {
  bool found = false;
  template <class Child>
  constexpr void child(const StaticEdge& edge) noexcept {
    if constexpr (!is_followed<Child>)
      if (!found && !edge.may_be_absent) found = always_has_values<Child>();
  }
  template <class Element>
  constexpr void children_like() noexcept {}
};
template <class T>
[[nodiscard]] constexpr bool always_has_values() noexcept {
  if constexpr (is_a_value<T>) return true;
  FindValue find;
  list_static_children<T>(Unsaved{}, find);
  return find.found;
}

}  // namespace CAIRN_NAMESPACE::reflect::detail
