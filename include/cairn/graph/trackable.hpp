// What a type becomes in the object graph: the table of README, decided at compile time.
#pragma once

#include "../core/element.hpp"
#include "../core/type_name.hpp"
#include "../tensor/tensor.hpp"
#include "../tensor/variable.hpp"
#include "adapter.hpp"
#include "reflect.hpp"

#include <array>
#include <concepts>
#include <cstddef>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace cairn {
class NamedTensors;
}

namespace cairn::detail {

enum class Kind {
  none,       // nothing we know how to save
  pointer,    // the pointee's node, or no edge
  tensor,     // Variable, Tensor: one value with a shape
  scalar,     // a number, bool or enum: one value without extents
  string,     // std::string: one string
  bools,      // std::vector<bool>: one value, copied because it has no addresses
  array,      // a contiguous range of elements: one value of rank 1
  tensors,    // a class with serialize_to_tensors: several values in one node
  adapted,    // a type that joined through Adapter: foreign arrays, classes with cereal's serialize
  list,       // children "0", "1", ...
  dict,       // a child per key
  tuple,      // children "0", "1", ... of different types
  structure,  // a child per member
  archived,   // whatever else cereal can archive: one string
};

template <class T>
inline constexpr bool is_std_array = false;
template <class T, std::size_t N>
inline constexpr bool is_std_array<std::array<T, N>> = true;

template <class T>
inline constexpr bool is_tuple = false;
template <class... T>
inline constexpr bool is_tuple<std::tuple<T...>> = true;
template <class A, class B>
inline constexpr bool is_tuple<std::pair<A, B>> = true;

// What a pointer-like type points to; void for everything else.
template <class T>
struct Pointee : std::type_identity<void> {};
template <class T>
struct Pointee<T*> : std::type_identity<T> {};
template <class T, class D>
struct Pointee<std::unique_ptr<T, D>> : std::type_identity<T> {};
template <class T>
struct Pointee<std::shared_ptr<T>> : std::type_identity<T> {};
template <class T>
struct Pointee<std::weak_ptr<T>> : std::type_identity<T> {};
template <class T>
struct Pointee<std::optional<T>> : std::type_identity<T> {};
template <class T>
struct Pointee<std::reference_wrapper<T>> : std::type_identity<T> {};

// A pointer we can follow to one object whose type is what it says. Owning pointers to polymorphic classes are left to
// cereal, which knows the derived classes by registration.
template <class T>
concept FollowedPointer = std::is_object_v<typename Pointee<T>::type> && !std::is_array_v<typename Pointee<T>::type> &&
                          !std::is_const_v<typename Pointee<T>::type> &&
                          (std::is_pointer_v<T> || std::same_as<T, std::reference_wrapper<typename Pointee<T>::type>> ||
                           !std::is_polymorphic_v<typename Pointee<T>::type>);

// cereal would load the object behind one into a shared_ptr that ends at once.
template <class T>
inline constexpr bool is_weak_ptr = false;
template <class T>
inline constexpr bool is_weak_ptr<std::weak_ptr<T>> = true;

template <class T>
concept ElementRange = requires(T& range) {
  { std::size(range) } -> std::convertible_to<std::size_t>;
  requires std::is_pointer_v<decltype(std::data(range))>;
  requires Element<std::remove_pointer_t<decltype(std::data(range))>>;
  requires !std::is_const_v<std::remove_pointer_t<decltype(std::data(range))>>;
};

template <class T>
concept Resizable = requires(T& range, std::size_t size) {
  range.resize(size);
  requires std::is_default_constructible_v<T>;
};

template <class T>
concept Sequence = requires(T& range) {
  typename T::value_type;
  { range.size() } -> std::convertible_to<std::size_t>;
  range.begin();
  range.end();
} && (is_std_array<T> || Resizable<T>);

template <class T>
concept StringMap = requires(T& map) {
  typename T::mapped_type;
  requires std::same_as<typename T::key_type, std::string>;
  map.begin();
  map.find(std::string());
};

// A class of several tensors (named_tensors.hpp).
template <class T>
concept SerializesToTensors = std::is_class_v<T> && requires(const T& object) {
  { object.serialize_to_tensors() } -> std::same_as<NamedTensors>;
};

template <class T>
[[nodiscard]] consteval Kind kind_of() {
  if constexpr (is_variable<T> || is_tensor<T>)
    return Kind::tensor;
  else if constexpr (std::same_as<T, std::string>)
    return Kind::string;
  else if constexpr (Element<T>)
    return Kind::scalar;
  else if constexpr (std::same_as<T, std::vector<bool>>)
    return Kind::bools;
  else if constexpr (FollowedPointer<T>)
    return Kind::pointer;
  else if constexpr (is_weak_ptr<T>)
    return Kind::none;
  else if constexpr (SerializesToTensors<T>)
    return Kind::tensors;
  else if constexpr (Adapted<T>)
    return Kind::adapted;
  else if constexpr (std::same_as<T, std::string_view>)
    return Kind::none;
  else if constexpr (ElementRange<T>)
    return Kind::array;
  else if constexpr (StringMap<T>)
    return Kind::dict;
  else if constexpr (Sequence<T>)
    return Kind::list;
  else if constexpr (is_tuple<T>)
    return Kind::tuple;
  else if constexpr (PlainStruct<T> && !is_std_type<T>)
    return Kind::structure;
  else if constexpr (Archivable<T>)
    return Kind::archived;
  else
    return Kind::none;
}

// True when a T can be a child in the object graph. For containers it says nothing of what they contain: that is
// checked where the walk goes into them.
template <class T>
inline constexpr bool is_trackable = kind_of<T>() != Kind::none;

}  // namespace cairn::detail
