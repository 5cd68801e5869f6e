// kind_of<T>(): the kind of node that a type becomes in the object graph, decided at compile time. The guide's page
// tracked.md is its table.
#pragma once

#include "../../core/detail/type_name.hpp"
#include "../../core/element.hpp"
#include "../../tensor/tensor.hpp"
#include "../../tensor/variable.hpp"
#include "adapter.hpp"
#include "records.hpp"
#include "reflect.hpp"
#include "std_types.hpp"

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdio>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE {
class NamedTensors;
}

namespace CAIRN_NAMESPACE::reflect::detail {

enum class Kind {
  none,       // nothing we know how to save
  pointer,    // the pointee's node, or no edge
  tensor,     // Variable, Tensor: one value with a shape
  scalar,     // a number, bool or enum: one value without extents
  string,     // std::string: one string
  bools,      // std::vector<bool>: one value, copied because it has no addresses
  array,      // a contiguous range of elements: one value of rank 1
  valarray,   // std::valarray: the same
  copied,     // sets, paths, atomics, bits, random engines: one value, copied because its elements are not in memory
  tensors,    // a class with serialize_to_tensors: several values in one node
  adapted,    // a type that joined through Adapter: foreign arrays, classes with cereal's serialize
  records,    // a list of structs of numbers: a child per member, one value of all elements
  list,       // children "0", "1", ...
  dict,       // a child per key
  keyed,      // a map whose keys are no names: the children "keys" and "values"
  variant,    // std::variant: the children "index" and "value"
  tuple,      // children "0", "1", ... of different types
  structure,  // a child per member
  archived,   // whatever else cereal can archive: one string
};

template <class T>
inline constexpr bool is_tuple = false;
template <class... T>
inline constexpr bool is_tuple<std::tuple<T...>> = true;
template <class A, class B>
inline constexpr bool is_tuple<std::pair<A, B>> = true;

// The type that a pointer-like type points to; void for every other type.
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
// std::reference_wrapper, known by what it has: its header is a heavy one.
template <class T>
inline constexpr bool is_reference_wrapper = false;
template <class T>
  requires requires(const T& reference) {
    typename T::type;
    { reference.get() } noexcept -> std::same_as<typename T::type&>;
    requires core::detail::is_std_type<T>;
  }
inline constexpr bool is_reference_wrapper<T> = true;
template <class T>
  requires is_reference_wrapper<T>
struct Pointee<T> : std::type_identity<typename T::type> {};

template <class T>
concept Complete = requires { sizeof(T); };

// A pointer that leads to one object of exactly its type. Owning pointers to polymorphic classes are left to cereal,
// which knows the derived classes by registration. A char* is left out, because it is nearly always the beginning of a
// text.
template <class T>
concept FollowedPointer =
    std::is_object_v<typename Pointee<T>::type> && !std::is_array_v<typename Pointee<T>::type> &&
    !std::is_const_v<typename Pointee<T>::type> && !std::same_as<T, char*> && !std::same_as<T, std::FILE*> &&
    (std::is_pointer_v<T> || is_reference_wrapper<T> ||
     (Complete<typename Pointee<T>::type> && !std::is_polymorphic_v<typename Pointee<T>::type>));

// A std::weak_ptr is not archived: cereal would load its object into a shared_ptr that ends at once.
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

// The elements that are side by side in a contiguous range: those of its elements where these are std::arrays.
template <class T>
concept FlatRange = requires(T& range) {
  { std::size(range) } -> std::convertible_to<std::size_t>;
  requires std::is_pointer_v<decltype(std::data(range))>;
  requires !std::is_const_v<std::remove_pointer_t<decltype(std::data(range))>>;
  requires is_std_array<std::remove_pointer_t<decltype(std::data(range))>>;
  requires is_flat<std::remove_pointer_t<decltype(std::data(range))>>;
};

template <class T>
concept StringMap = requires(T& map) {
  typename T::mapped_type;
  requires std::same_as<typename T::key_type, std::string>;
  map.begin();
  map.at(std::string());
};

// A class that is several tensors of one node (graph/named_tensors.hpp).
template <class T>
concept SerializesToTensors = std::is_class_v<T> && requires(const T& object) {
  { object.serialize_to_tensors() } -> std::same_as<NamedTensors>;
};

// True for a class of the libraries that a header of types/ is for: it has an Adapter below an include of that header.
template <class T>
[[nodiscard]] consteval bool is_of_an_array_library() noexcept {
  if constexpr (!std::is_class_v<T>) {
    return false;
  } else {
    constexpr std::string_view name = core::detail::type_name<T>();
    if (core::detail::is_std_type<T>) return core::detail::template_name(name).ends_with("::mdspan");
    for (const std::string_view begin :
         {"Eigen::", "arma::", "xt::", "cv::", "at::Tensor", "torch::", "boost::multi_array",
          "boost::const_multi_array", "boost::numeric::ublas::", "DLTensor", "DLManagedTensor"})
      if (name.starts_with(begin)) return true;
    return false;
  }
}

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
  else if constexpr (is_of_an_array_library<T>())
    return Kind::none;
  else if constexpr (SavedByCereal<T>)
    return Kind::none;
  else if constexpr (std::same_as<T, std::string_view>)
    return Kind::none;
  else if constexpr (ElementRange<T> || FlatRange<T>)
    return Kind::array;
  else if constexpr (Copied<T>)
    return Kind::copied;
  else if constexpr (StringMap<T>)
    return Kind::dict;
  else if constexpr (KeyedMap<T>)
    return Kind::keyed;
  else if constexpr (Sequence<T>)
    return is_record<typename T::value_type>() ? Kind::records : Kind::list;
  else if constexpr (is_tuple<T>)
    return Kind::tuple;
  else if constexpr (PlainStruct<T> && (!core::detail::is_std_type<T> || StdMonostate<T>))
    return Kind::structure;
  else if constexpr (StdVariant<T>)
    return Kind::variant;
  else if constexpr (StdValarray<T>)
    return Kind::valarray;
  else if constexpr (StdAtomic<T>)
    return Kind::none;
  else if constexpr (Archivable<T>)
    return Kind::archived;
  else
    return Kind::none;
}

[[nodiscard]] constexpr bool is_kind_of_leaf(Kind kind) noexcept {
  return kind == Kind::tensor || kind == Kind::scalar || kind == Kind::string || kind == Kind::bools ||
         kind == Kind::array || kind == Kind::valarray || kind == Kind::copied;
}

// True when a T can be a child in the object graph. The elements of a container are not looked at here: they are
// checked where the walk goes into the container.
template <class T>
inline constexpr bool is_trackable = kind_of<T>() != Kind::none;

template <class T>
inline constexpr bool is_text_without_an_owner = std::same_as<T, char*> || std::same_as<T, const char*>;
template <class C, class Traits>
inline constexpr bool is_text_without_an_owner<std::basic_string_view<C, Traits>> = true;

// True for a template of namespace std that cereal has a header for.
template <class T>
[[nodiscard]] consteval bool has_header_of_cereal() noexcept {
  constexpr std::string_view saved[] = {"array",
                                        "basic_string",
                                        "bitset",
                                        "complex",
                                        "deque",
                                        "duration",
                                        "list",
                                        "map",
                                        "multimap",
                                        "multiset",
                                        "optional",
                                        "pair",
                                        "priority_queue",
                                        "queue",
                                        "set",
                                        "shared_ptr",
                                        "stack",
                                        "time_point",
                                        "tuple",
                                        "unique_ptr",
                                        "unordered_map",
                                        "valarray",
                                        "unordered_multimap",
                                        "unordered_multiset",
                                        "unordered_set",
                                        "variant",
                                        "vector",
                                        "weak_ptr"};
  for (const std::string_view one : saved)
    if (std_name<T>() == one) return true;
  return false;
}

// Of a class of an array library: its elements are const, as those of an Eigen::Map<const Eigen::MatrixXf>.
template <class T>
inline constexpr bool is_view_of_const = [] {
  constexpr std::string_view name = core::detail::type_name<T>();
  constexpr std::string_view plain = core::detail::template_name(name), rest = name.substr(plain.size());
  if (rest.starts_with("<const ")) return true;
  for (std::size_t i = 0; !rest.empty() && i < plain.size(); ++i)
    if (plain.substr(i).starts_with("::const_")) return true;
  return false;
}();

// True for long double, and for what is made of it.
template <class T>
inline constexpr bool is_long_double = std::is_same_v<T, long double>;
template <class T>
  requires requires { typename T::value_type; } && core::detail::is_std_type<T>
inline constexpr bool is_long_double<T> = is_long_double<typename T::value_type>;
template <RandomState T>
inline constexpr bool is_long_double<T> = is_long_double<typename T::result_type>;
template <class T>
  requires core::detail::is_std_type<T> && requires { typename T::period; }
inline constexpr bool is_long_double<T> = is_long_double<typename T::rep>;
template <class T>
  requires core::detail::is_std_type<T> && requires { typename T::clock; }
inline constexpr bool is_long_double<T> = is_long_double<typename T::duration>;

// The reason, for the refusal, why a type without a kind cannot be saved. It is never asked of a type that can be
// saved.
template <class T>
[[nodiscard]] consteval because why_type_is_unknown() noexcept {
  using Target = typename Pointee<T>::type;
  if constexpr (is_text_without_an_owner<T>)
    return because::it_is_text_without_an_owner;
  else if constexpr (std::is_const_v<T> || (std::is_const_v<Target> && !std::is_function_v<Target>))
    return because::it_is_const;
  else if constexpr (is_weak_ptr<T>)
    return because::it_is_a_weak_pointer;
  else if constexpr (std::is_pointer_v<T> || std::is_member_pointer_v<T> || std::is_array_v<Target> ||
                     (std::is_object_v<Target> && !Complete<Target>))
    return because::it_is_a_pointer_to_nothing_known;
  else if constexpr (std::is_polymorphic_v<Target>)
    return because::it_owns_a_polymorphic_class;
  else if constexpr (is_long_double<T>)
    return because::it_is_a_long_double;
  else if constexpr (StdAtomic<T>)
    return because::it_is_an_atomic;
  else if constexpr (RandomState<T> && !has_streams<T>)
    return because::it_needs_streams;
  else if constexpr (std::is_union_v<T>)
    return because::it_is_a_union;
  else if constexpr (is_of_an_array_library<T>())
    return is_view_of_const<T> ? because::it_is_const : because::it_needs_a_header_of_types;
  else if constexpr (has_header_of_cereal<T>())
    return because::it_needs_a_header_of_cereal;
  else if constexpr (core::detail::is_std_type<T> && requires(T& range) {
                       requires std::is_const_v<std::remove_pointer_t<decltype(std::data(range))>>;
                     })
    return because::it_is_const;
  else if constexpr (SavedByCereal<T>)
    return because::it_has_a_serialize_function;
  else if constexpr (std::is_class_v<T> && !core::detail::is_std_type<T>)
    return because::its_class_is_not_a_plain_struct;
  else
    return because::its_type_is_unknown;
}

template <class T>
[[nodiscard]] consteval because why_type_is_refused() noexcept {
  if constexpr (std::is_const_v<T>)
    return is_text_without_an_owner<std::remove_const_t<T>> ? because::it_is_text_without_an_owner
                                                            : because::it_is_const;
  else if constexpr (kind_of<T>() == Kind::none)
    return why_type_is_unknown<T>();
  else if constexpr (kind_of<T>() == Kind::pointer && !Complete<typename Pointee<T>::type>)
    return because::it_is_a_pointer_to_nothing_known;
  else
    return because::nothing;
}

}  // namespace CAIRN_NAMESPACE::reflect::detail
