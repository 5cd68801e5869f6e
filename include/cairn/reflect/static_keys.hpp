// static_keys, parameter_count, static_bytes: the keys of a state's values, the count of their numbers and their bytes,
// as constants that the compiler makes of the type alone.
//
//   cairn::static_keys<Training>      {"model/weights/.ATTRIBUTES/VARIABLE_VALUE", "step/.ATTRIBUTES/VARIABLE_VALUE"}
//   cairn::parameter_count<Training>  7840
//   cairn::static_bytes<Training>     31368
//
// State is a struct, a type that is tracked inside of a struct, or a Checkpoint's type. Values that only the running
// program knows are left out: the elements of a std::vector or std::map of structs, the objects behind pointers and
// optionals, and an optimizer's slots. A Checkpoint's save_counter is no part of the state.
#pragma once

#include "../core/detail/keys.hpp"
#include "../core/detail/refuse.hpp"
#include "detail/static_form.hpp"

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>

namespace CAIRN_NAMESPACE {

namespace reflect::detail {

// The edges from the root to a value, the last edge first.
struct StaticStep {
  const StaticStep* parent = nullptr;
  std::string_view shown;
  std::string_view name;
};

// Calls sink.value<T>(step) for each value that a new object certainly has.
template <class Sink>
struct StaticValues {
  Sink& sink;
  const StaticStep* here = nullptr;

  template <class T>
  constexpr void look_at() {
    if constexpr (is_a_value<T>)
      sink.template value<T>(here);
    else
      list_static_children<T>(Unsaved{}, *this);
  }
  template <class Child>
  constexpr void child(const StaticEdge& edge) {
    if constexpr (!is_followed<Child>) {
      if (edge.may_be_absent) return;
      const StaticStep step{here, edge.shown, edge.name};
      StaticValues below{sink, &step};
      below.template look_at<Child>();
    }
  }
  template <class Element>
  constexpr void children_like() const noexcept {}
};
template <class State, class Sink>
constexpr void visit_static_values(Sink& sink) {
  StaticValues<Sink>{sink}.template look_at<State>();
}

// Writes a key into an array letter by letter, or only counts its letters where `letters` is null.
struct KeyLetters {
  char* letters = nullptr;
  std::size_t size = 0;

  constexpr KeyLetters& operator+=(char c) noexcept {
    if (letters != nullptr) letters[size] = c;
    ++size;
    return *this;
  }
  constexpr KeyLetters& operator+=(std::string_view text) noexcept {
    for (const char c : text) *this += c;
    return *this;
  }
};
// Appends the path of a value to `key`, with a "/" between the names. The root has no name.
constexpr void append_static_path(KeyLetters& key, const StaticStep* step) noexcept {
  if (step == nullptr) return;
  append_static_path(key, step->parent);
  if (step->parent != nullptr) key += '/';
  core::detail::append_escaped(key, step->name);
}
constexpr void append_static_key(KeyLetters& key, const StaticStep* step) noexcept {
  append_static_path(key, step);
  key += '/';
  key += core::detail::attributes_name;
  key += '/';
  key += core::detail::variable_value;
}

// Counts the keys and their letters, or writes them. One class does both, because a compiler makes value() again for
// each class that calls it.
struct WriteKeys {
  KeyLetters letters{};
  std::size_t* begins = nullptr;
  std::size_t count = 0;
  template <class T>
  constexpr void value(const StaticStep* step) noexcept {
    append_static_key(letters, step);
    ++count;
    if (begins != nullptr) begins[count] = letters.size;
  }
};
template <class State>
inline constexpr WriteKeys measured_keys = [] {
  WriteKeys measure;
  visit_static_values<State>(measure);
  return measure;
}();

template <std::size_t count, std::size_t size>
struct KeyTable {
  std::array<char, size> letters{};
  std::array<std::size_t, count + 1> begins{};
};
template <class State>
inline constexpr auto key_table = [] {
  KeyTable<measured_keys<State>.count, measured_keys<State>.letters.size> table;
  WriteKeys write{.letters = {table.letters.data()}, .begins = table.begins.data()};
  visit_static_values<State>(write);
  return table;
}();

template <class State>
[[nodiscard]] constexpr auto make_static_keys() noexcept {
  std::array<std::string_view, measured_keys<State>.count> keys;
  for (std::size_t i = 0; i < keys.size(); ++i)
    keys[i] = std::string_view(key_table<State>.letters.data() + key_table<State>.begins[i],
                               key_table<State>.begins[i + 1] - key_table<State>.begins[i]);
  return keys;
}

// The refusal to count the elements of a Variable whose extents are known at run time only.
template <class State, class Type>
struct this_size_is_known_at_run_time_only {
  static_assert(!std::is_same_v<Type, Type>,
                "cairn: the parameters of a state are counted by the compiler, and the extents of this Variable are "
                "known at run time only. Give it static extents, or count size() of each when the program runs.");
};

[[nodiscard]] constexpr bool is_static(const StaticValue& value) noexcept {
  for (const std::size_t extent : value.extents)
    if (extent == dynamic) return false;
  return true;
}
[[nodiscard]] constexpr std::size_t count_elements(const StaticValue& value) noexcept {
  std::size_t count = 1;
  for (const std::size_t extent : value.extents) count *= extent;
  return count;
}

template <class State>
struct CountParameters {
  std::size_t count = 0;
  template <class T>
  constexpr void value(const StaticStep*) noexcept {
    if constexpr (is_variable<T>) {
      if constexpr (!is_static(static_value<T>()))
        static_cast<void>(core::detail::refuse<this_size_is_known_at_run_time_only<State, T>>());
      else
        count += count_elements(static_value<T>());
    }
  }
};
struct CountBytes {
  std::size_t count = 0;
  template <class T>
  constexpr void value(const StaticStep*) noexcept {
    if constexpr (is_static(static_value<T>()))
      count += count_elements(static_value<T>()) * size_of(static_value<T>().dtype);
  }
};

template <class Count, class State>
[[nodiscard]] constexpr std::size_t count_in() noexcept {
  Count count;
  visit_static_values<State>(count);
  return count.count;
}

}  // namespace reflect::detail

// The keys of the values of State, in the order of declaration, as a std::array of std::string_view. A checkpoint of a
// State has them, except where an object is reached by a shorter path, too: then it is saved under that path's key.
template <class State>
inline constexpr auto static_keys = reflect::detail::make_static_keys<State>();

// The number of elements of all Variables of State. The compiler refuses a Variable with a dynamic extent.
template <class State>
inline constexpr std::size_t parameter_count =
    reflect::detail::count_in<reflect::detail::CountParameters<State>, State>();

// The bytes of all values whose size the type tells: Variables and Tensors with static extents, numbers, and std::array
// of numbers. Strings and values of other sizes count as 0.
template <class State>
inline constexpr std::size_t static_bytes = reflect::detail::count_in<reflect::detail::CountBytes, State>();

}  // namespace CAIRN_NAMESPACE
