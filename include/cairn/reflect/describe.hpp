// describe<State>(): a state's tree, as its type says it, as text for people to read.
//
//   std::cout << cairn::describe<Training>();
//
//   Training
//     model: Model
//       weights: float32 [784, 10]
//       biases: float32 [10]
//     step: int64 []
//     losses: float32 [?]
//     elapsed: int64 [] in ms
//     blocks: std::vector<Block>
//       *: Block
//         kernel: float32 [3, 3]
//
// "?" is an extent that is known at run time only, and "*" stands for the names of elements whose number is known at
// run time only. "(optional)" marks a pointer or optional, which may be empty. A struct that holds another object of
// its own type is shown once on each path.
//
// describe<State>() has nothing to do with describe(rename<...>(...)) in members.hpp, which tells how members are
// saved.
#pragma once

#include "../core/detail/type_name.hpp"
#include "detail/static_form.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace CAIRN_NAMESPACE {

namespace reflect::detail {

[[nodiscard]] inline std::string to_string(const StaticValue& value) {
  std::string text = cairn::to_string(value.dtype) + " [";
  for (std::size_t axis = 0; axis < value.extents.size(); ++axis)
    text += (axis == 0 ? "" : ", ") +
            (value.extents[axis] == dynamic ? std::string("?") : std::to_string(value.extents[axis]));
  return text + "]";
}

struct Tick {
  std::intmax_t num, den;
  const char* name;
};
// " in ms" for std::chrono::milliseconds and lists of them; empty for what has no ticks.
template <class T>
[[nodiscard]] std::string shown_tick() {
  if constexpr (core::detail::is_std_time_point<T>) {
    return shown_tick<typename T::duration>();
  } else if constexpr (core::detail::is_std_duration<T>) {
    const std::intmax_t num = T::period::num, den = T::period::den;
    for (const Tick& tick : {Tick{1, 1'000'000'000, "ns"}, Tick{1, 1'000'000, "us"}, Tick{1, 1000, "ms"},
                             Tick{1, 1, "s"}, Tick{60, 1, "min"}, Tick{3600, 1, "h"}, Tick{86400, 1, "d"}})
      if (tick.num == num && tick.den == den) return std::string(" in ") + tick.name;
    return " in " + std::to_string(num) + (den == 1 ? "" : "/" + std::to_string(den)) + " s";
  } else if constexpr (requires { requires Element<typename T::value_type>; }) {
    return shown_tick<typename T::value_type>();
  } else {
    return {};
  }
}

// The type's name for people: without its template arguments where it is long, and empty for a node that stands for no
// type of the program.
template <class T>
[[nodiscard]] std::string described_type() {
  if constexpr (requires { sizeof(T); }) {
    constexpr std::size_t long_name = 60;
    const std::string_view name = core::detail::type_name<T>();
    if (name.size() <= long_name) return std::string(name);
    return std::string(core::detail::template_name(name)) + "<...>";
  } else {
    return {};
  }
}

class DescribedTree {
 public:
  template <class T>
  void describe() {
    if constexpr (is_a_value<T>) {
      end_line(to_string(static_value<T>()) + shown_tick<T>());
    } else {
      constexpr std::string_view name = core::detail::type_name<T>();
      const bool is_inside_itself = std::find(above_.begin(), above_.end(), name) != above_.end();
      end_line(described_type<T>() + (is_inside_itself ? ", as above" : ""));
      if (is_inside_itself) return;
      above_.push_back(name);
      list_static_children<T>(Unsaved{}, *this);
      above_.pop_back();
    }
  }
  template <class Child>
  void child(const StaticEdge& edge) {
    begin_line(edge.name);
    if (is_followed<Child> || edge.may_be_absent) text_ += " (optional)";
    describe<typename StaticTarget<Child>::type>();
  }
  template <class Element>
  void children_like() {
    begin_line("*");
    describe<typename StaticTarget<Element>::type>();
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  void begin_line(std::string_view name) { text_.append(2 * above_.size(), ' ').append(name) += ':'; }
  void end_line(const std::string& text) {
    if (!above_.empty() && !text.empty()) text_ += ' ';
    text_ += text + '\n';
  }

  std::string text_;
  std::vector<std::string_view> above_;
};

}  // namespace reflect::detail

// The tree as text: a line for each node, with the name under which the node is saved. The text ends with a newline.
// State may be any type that can be tracked, or the type of a Checkpoint. No object of it is needed.
template <class State>
[[nodiscard]] std::string describe() {
  reflect::detail::DescribedTree tree;
  tree.describe<State>();
  return tree.take();
}

}  // namespace CAIRN_NAMESPACE
