// What the compiler knows of a state's values without an object: their keys, how many numbers they hold, how many
// bytes.
//
//   cairn::static_keys<Training>      {"model/weights/.ATTRIBUTES/VARIABLE_VALUE", "step/.ATTRIBUTES/VARIABLE_VALUE"}
//   cairn::parameter_count<Training>  7840
//   cairn::static_bytes<Training>     31368
//
// State is a struct, anything in it, or a Checkpoint's type. What only the running program knows is left out: elements
// of a std::vector or std::map of structs, what is behind pointers and optionals, an optimizer's slots. A
// Checkpoint's save_counter is no part of the state.
#pragma once

#include "../core/refuse.hpp"
#include "keys.hpp"
#include "static_form.hpp"

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>

namespace cairn {

namespace detail {

// Where a value is: the edges from the root to it, the last one first.
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

// A key, written letter by letter into an array, or only counted.
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
// As append_child_path: the root has no name of its own.
constexpr void append_static_path(KeyLetters& key, const StaticStep* step) noexcept {
  if (step == nullptr) return;
  append_static_path(key, step->parent);
  if (step->parent != nullptr) key += '/';
  append_escaped(key, step->name);
}
constexpr void append_static_key(KeyLetters& key, const StaticStep* step) noexcept {
  append_static_path(key, step);
  key += '/';
  key += attributes_name;
  key += '/';
  key += variable_value;
}

// Counts keys and letters, or writes them: one class, since a compiler makes its functions for each value.
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

// Refuses to count what is known at run time only.
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
        static_cast<void>(refuse<this_size_is_known_at_run_time_only<State, T>>());
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

}  // namespace detail

// The keys of the State's values as a checkpoint of a new object has them, in the order of declaration: a
// std::array of std::string_view. An object that a graph reaches by a shorter path has that path's key in a file.
template <class State>
inline constexpr auto static_keys = detail::make_static_keys<State>();

// How many numbers the Variables of State hold. A Variable with a dynamic extent is refused. The same as
// keras::parameter_count where State is a model.
template <class State>
inline constexpr std::size_t parameter_count = detail::count_in<detail::CountParameters<State>, State>();

// The bytes of all values whose extents and elements the type says: Variables, numbers, std::array of numbers.
template <class State>
inline constexpr std::size_t static_bytes = detail::count_in<detail::CountBytes, State>();

}  // namespace cairn
