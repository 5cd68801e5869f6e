// The types of the standard library that are neither memory of elements nor lists of them, known by their names or by
// what they have: their headers are heavy, and whoever has such a member has included the type's own.
//
// CopiedForm<T> says, of a type whose value is copied into one tensor, which elements the tensor has.
#pragma once

#include "../../core/detail/type_list.hpp"
#include "../../core/detail/type_name.hpp"
#include "../../core/element.hpp"
#include "../../tensor/dense_array.hpp"

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <type_traits>

namespace CAIRN_NAMESPACE::reflect::detail {

template <class T>
inline constexpr bool is_std_array = false;
template <class T, std::size_t N>
inline constexpr bool is_std_array<std::array<T, N>> = true;

// The name of a class of namespace std, or of its template: "bitset" for std::bitset<8>. Empty for other types, and for
// what is declared inside of a class.
template <class T>
[[nodiscard]] consteval std::string_view std_name() noexcept {
  constexpr std::string_view name = core::detail::type_name<T>();
  if constexpr (!std::is_class_v<T> || !core::detail::is_std_type<T>) return {};
  const std::string_view plain = core::detail::template_name(name);
  if (plain.size() < name.size() && !name.ends_with('>')) return {};
  return plain.substr(plain.rfind(':') + 1);
}

template <class T>
concept StdAtomic = (std_name<T>() == "atomic");
template <class T>
concept StdBitset = (std_name<T>() == "bitset");
template <class T>
concept StdPath = (std_name<T>() == "path");
template <class T>
concept StdMonostate = (std_name<T>() == "monostate");
template <class T>
concept StdVariant = (std_name<T>() == "variant");
template <class T>
concept StdValarray = (std_name<T>() == "valarray") && Element<typename T::value_type>;

// The types of a std::tuple, std::pair or std::variant.
template <class Tuple>
struct ElementsOf;
template <template <class...> class Tuple, class... T>
struct ElementsOf<Tuple<T...>> : std::type_identity<core::detail::TypeList<T...>> {};

// A type that is one element, or has the value of one: AsElement is that one.
template <class T>
struct AsElement {};
template <Element T>
struct AsElement<T> : std::type_identity<T> {};
template <StdPath T>
struct AsElement<T> : std::type_identity<std::string> {};
template <StdAtomic T>
  requires Element<typename T::value_type>
struct AsElement<T> : std::type_identity<typename T::value_type> {};
template <class T>
concept ElementLike = requires { typename AsElement<T>::type; };

// An engine or a distribution of <random>. Its state can be read and set only through the standard's streams.
template <class T>
concept RandomState = (std_name<T>().ends_with("_engine") || std_name<T>().ends_with("_distribution"));
template <class T>
using StreamLetter = std::conditional_t<std::is_void_v<T>, void, char>;  // char, and known with T only
// True where a header such as <iostream> or <sstream> is included.
template <class T>
inline constexpr bool has_streams = requires {
  sizeof(std::basic_ostream<StreamLetter<T>>);
  sizeof(std::basic_istream<StreamLetter<T>>);
};

// std::set, std::unordered_set and their like, of elements.
template <class T>
concept ElementSet = requires(T& set, typename T::key_type key) {
  typename T::iterator;
  requires std::same_as<typename T::key_type, typename T::value_type>;
  requires ElementLike<typename T::key_type>;
  requires !requires { typename T::mapped_type; };
  set.insert(set.end(), key);
  set.clear();
};

// std::multimap and std::map, ordered or not, whose keys are no std::strings of which each is there once: those are
// the names of children (Kind::dict).
template <class T>
concept KeyedMap = requires(T& map, const typename T::key_type& key) {
  typename T::mapped_type;
  typename T::node_type;  // entries stay where they are
  requires ElementLike<typename T::key_type>;
  map.begin();
  map.equal_range(key);
};
template <class T>
inline constexpr bool has_each_key_once = requires(T& map, const typename T::key_type& key) { map.at(key); };

// The children of a KeyedMap and of a std::variant.
inline constexpr std::string_view keys_name = "keys", values_name = "values";
inline constexpr std::string_view index_name = "index", value_name = "value";

// Lists of what has the value of an element.
template <class T>
concept CopiedSequence = requires(T& range) {
  typename T::value_type;
  requires ElementLike<typename T::value_type>;
  requires !Element<typename T::value_type>;
  { range.size() } -> std::convertible_to<std::size_t>;
  range.begin();
  requires(is_std_array<T> || requires { range.resize(std::size_t{}); });
};

// `element`: of the tensor. `extents`: of the tensor, `dynamic` where a restore takes the checkpoint's length.
template <class T>
struct CopiedForm {};
template <ElementLike T>
  requires(!Element<T>)
struct CopiedForm<T> {
  using element = typename AsElement<T>::type;
  static constexpr std::array<std::size_t, 0> extents{};
};
template <RandomState T>
  requires(has_streams<T> && !std::same_as<typename T::result_type, long double>)
struct CopiedForm<T> {
  using element = std::string;
  static constexpr std::array<std::size_t, 0> extents{};
};
template <StdBitset T>
struct CopiedForm<T> {
  using element = bool;
  static constexpr std::array<std::size_t, 1> extents{T().size()};
};
template <ElementSet T>
struct CopiedForm<T> {
  using element = typename AsElement<typename T::key_type>::type;
  static constexpr std::array<std::size_t, 1> extents{dynamic};
};
template <CopiedSequence T>
struct CopiedForm<T> {
  using element = typename AsElement<typename T::value_type>::type;
  static constexpr std::array<std::size_t, 1> extents{dynamic};
};
template <CopiedSequence T>
  requires is_std_array<T>
struct CopiedForm<T> {
  using element = typename AsElement<typename T::value_type>::type;
  static constexpr std::array<std::size_t, 1> extents{std::tuple_size_v<T>};
};
template <class T>
concept Copied = requires { typename CopiedForm<T>::element; };

}  // namespace CAIRN_NAMESPACE::reflect::detail
