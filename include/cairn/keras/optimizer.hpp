// What the optimizers share: a slot for each trainable Variable, and the walk over Variables, gradients and slots.
#pragma once

#include "built.hpp"
#include "dialect.hpp"
#include "trainable_variables.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace cairn::keras::detail {

template <class... Variables>
[[nodiscard]] std::tuple<std::remove_const_t<Variables>...> slots_of(const std::tuple<Variables&...>&);

// A Variable like each trainable Variable of Model, at first zero: element i belongs to the i-th of the list. A tuple,
// so that each has its shape in its type; some hundred Variables are what compilers stand of that.
template <class Model>
using Slots = decltype(slots_of(cairn::trainable_variables(std::declval<Model&>())));

// Slots that only some settings use are there when they are needed.
template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class... Variables>
[[nodiscard]] std::tuple<typename std::remove_const_t<Variables>::tensor_type...> gradients_of(
    const std::tuple<Variables&...>&);

// Instantiated with both, so that the compiler names them.
template <class Gradients, class Variables>
struct these_gradients_do_not_fit {
  static_assert(std::is_same_v<Gradients, decltype(gradients_of(std::declval<Variables>()))>,
                "cairn: apply_gradients needs one gradient for each trainable Variable, in the same order: what "
                "tape.gradient(loss, trainable_variables(model)) returns.");
};
template <class Variables, class... AllSlots>
struct this_optimizer_is_for_another_model {
  static_assert(sizeof...(AllSlots) == 0,
                "cairn: these are not the trainable Variables that the optimizer was made for: its template argument "
                "must be the type of the model that apply_gradients is given.");
};

template <class Gradients, class Variables>
inline constexpr bool gradients_fit = std::is_same_v<Gradients, decltype(gradients_of(std::declval<Variables>()))>;
template <class TheSlots, class Variables>
inline constexpr bool slots_fit = std::is_same_v<TheSlots, decltype(slots_of(std::declval<Variables>()))>;
template <class TheSlots, class Variables>
inline constexpr bool slots_fit<std::optional<TheSlots>, Variables> = slots_fit<TheSlots, Variables>;

// The list of a model, or the list itself where it is one.
template <class Model>
[[nodiscard]] auto variables_of(Model& model) {
  if constexpr (cairn::detail::is_variable_tuple<std::remove_const_t<Model>>)
    return cairn::detail::list_of(model);
  else
    return cairn::trainable_variables(model);
}

// Throws Error (invalid_argument) when they differ, as dynamic extents may.
inline void require_gradient_shape(const Shape& gradient, const Shape& variable) {
  if (gradient != variable)
    throw Error(ErrorCode::invalid_argument, "a gradient of shape " + gradient.to_string() +
                                                 " does not fit to a Variable of shape " + variable.to_string())
        .expecting(variable.to_string(), gradient.to_string());
}

// Where each of them is; null for one that does not want to be trained, and for one that was listed before.
template <class Variables>
[[nodiscard]] std::vector<void*> addresses_of_trained(const Variables& variables) {
  std::vector<void*> addresses, all;
  const auto add = [&](auto& variable) {
    const bool is_new = std::find(all.begin(), all.end(), &variable) == all.end();
    all.push_back(&variable);
    addresses.push_back(is_new && variable.trainable() ? &variable : nullptr);
  };
  [&]<std::size_t... I>(std::index_sequence<I...>) { (add(std::get<I>(variables)), ...); }
  (std::make_index_sequence<Variables::size()>{});
  return addresses;
}

// The elements of slot I for a step; null without such slots. One of a Variable with a dynamic extent learns its shape
// at the first step.
template <std::size_t I, class TheSlots, class V>
[[nodiscard]] auto* slot_data(TheSlots& slots, const V& variable) {
  if constexpr (is_optional<TheSlots>) {
    return slots ? slot_data<I>(*slots, variable) : nullptr;
  } else {
    auto& slot = std::get<I>(slots);
    if constexpr (!V::extents_type::is_static)
      if (slot.shape() != variable.shape()) slot = std::remove_reference_t<decltype(slot)>(variable.shape());
    return slot.data();
  }
}

// Refuses what is no model of this optimizer's. True where that was accepted by the compiler.
template <class Variables, class... AllSlots>
[[nodiscard]] constexpr bool require_its_model() noexcept {
  if constexpr ((slots_fit<AllSlots, Variables> && ...))
    return true;
  else
    return cairn::detail::refuse<this_optimizer_is_for_another_model<Variables, AllSlots...>>();
}

template <class Model, class... AllSlots>
void build(Built& built, Model& model, const AllSlots&...) {
  const auto variables = variables_of(model);
  if constexpr (require_its_model<std::remove_const_t<decltype(variables)>, AllSlots...>())
    built.build(addresses_of_trained(variables));
}

// 1 - share of Python's numbers, rounded; Keras 2's legacy optimizers round the share before.
template <class T>
[[nodiscard]] T rest_of(double share, Dialect dialect) noexcept {
  return dialect == Dialect::keras_2_legacy ? T{1} - static_cast<T>(share) : static_cast<T>(1 - share);
}

// What an update gets of a gradient.
template <class T>
struct Gradient {
  const T* values;
  const T* squares;  // slice by slice, where TensorFlow has slices; else null

  [[nodiscard]] T operator[](std::size_t i) const noexcept { return values[i]; }
  // As Keras 3 squares it; Keras 2 adds the slices up before.
  [[nodiscard]] T square(std::size_t i) const noexcept {
    return squares == nullptr ? values[i] * values[i] : squares[i];
  }
};
template <class T, std::size_t... Extents>
[[nodiscard]] Gradient<T> to_update(const Tensor<T, Extents...>& gradient) noexcept {
  const cairn::detail::GradientNote* const note = gradient.gradient_note();
  return {gradient.data(), note == nullptr ? nullptr : static_cast<const T*>(note->squares.get())};
}
// Python's None.
template <class TheGradient>
[[nodiscard]] bool is_none(const TheGradient& gradient) noexcept {
  return gradient.gradient_note() != nullptr && gradient.gradient_note()->is_none;
}
// Throws Error (invalid_argument) when there are Variables to train and none has a gradient.
template <class Gradients>
void require_gradients(const Gradients& gradients, const std::vector<void*>& addresses) {
  const auto none =
      std::apply([](const auto&... each) { return std::array<bool, sizeof...(each)>{is_none(each)...}; }, gradients);
  bool is_trained = false;
  bool has_gradient = false;
  for (std::size_t i = 0; i < none.size(); ++i) {
    is_trained = is_trained || addresses[i] != nullptr;
    has_gradient = has_gradient || (addresses[i] != nullptr && !none[i]);
  }
  if (is_trained && !has_gradient)
    throw Error(ErrorCode::invalid_argument,
                "no gradients for any Variable of this model: its loss does not depend on them, or the tape did not "
                "record how; make the GradientTape before the model is called");
}

// update(size, weights, gradient, slot...) on the elements of each trainable Variable, once even where the list has it
// twice: code for each element type, not for each shape. A Variable that says it is not trainable is left alone, and so
// is one without a gradient.
// Throws Error (invalid_argument) before anything has changed when no Variable has a gradient.
template <class Gradients, class Model, class Update, class... AllSlots>
void for_each_trainable(Built& built, const Gradients& gradients, Model& model, Update update, AllSlots&... slots) {
  if constexpr (is_tensor<Gradients>) {
    for_each_trainable(built, std::tuple<Gradients>(gradients), model, update, slots...);
  } else {
    const auto variables = variables_of(model);
    using Variables = std::remove_const_t<decltype(variables)>;
    if constexpr (!require_its_model<Variables, AllSlots...>()) {
      return;
    } else if constexpr (!gradients_fit<Gradients, Variables>) {
      static_cast<void>(cairn::detail::refuse<these_gradients_do_not_fit<Gradients, Variables>>());
    } else {
      std::vector<void*> addresses = addresses_of_trained(variables);
      require_gradients(gradients, addresses);
      const auto step = [&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
        auto& variable = std::get<I>(variables);
        if (addresses[I] == nullptr) return;
        const auto& gradient = std::get<I>(gradients);
        if (is_none(gradient)) return;
        if constexpr (!std::remove_reference_t<decltype(variable)>::extents_type::is_static)
          require_gradient_shape(gradient.shape(), variable.shape());
        update(variable.size(), variable.data(), to_update(gradient), slot_data<I>(slots, variable)...);
      };
      [&]<std::size_t... I>(std::index_sequence<I...>) { (step(std::integral_constant<std::size_t, I>{}), ...); }
      (std::make_index_sequence<Variables::size()>{});
      built.build(std::move(addresses));
    }
  }
}

}  // namespace cairn::keras::detail
