// What the optimizers share: a slot for each trainable Variable, and the walk over Variables, gradients and slots.
#pragma once

#include "trainable_variables.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

namespace cairn::keras::detail {

template <class... Variables>
[[nodiscard]] std::tuple<std::remove_const_t<Variables>...> slots_of(const std::tuple<Variables&...>&);

// A Variable like each trainable Variable of Model, at first zero: element i belongs to the i-th of the list. A tuple,
// so that each has its shape in its type; some hundred Variables are what compilers stand of that.
template <class Model>
using Slots = decltype(slots_of(cairn::trainable_variables(std::declval<Model&>())));

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

// A slot of a Variable with a dynamic extent learns its shape at the first step.
template <class Slot, class V>
void prepare_slot(Slot& slot, const V& variable) {
  if constexpr (!V::extents_type::is_static)
    if (slot.shape() != variable.shape()) slot = Slot(variable.shape());
}

// update(size, weights, gradient, slot...) on the elements of each trainable Variable, once even where the list has it
// twice: code for each element type, not for each shape. A Variable that says it is not trainable is left alone.
template <class Gradients, class Model, class Update, class... AllSlots>
void for_each_trainable(const Gradients& gradients, Model& model, Update update, AllSlots&... slots) {
  if constexpr (is_tensor<Gradients>) {
    for_each_trainable(std::tuple<Gradients>(gradients), model, update, slots...);
  } else {
    const auto variables = variables_of(model);
    using Variables = std::remove_const_t<decltype(variables)>;
    if constexpr (!(slots_fit<AllSlots, Variables> && ...)) {
      static_cast<void>(cairn::detail::refuse<this_optimizer_is_for_another_model<Variables, AllSlots...>>());
    } else if constexpr (!gradients_fit<Gradients, Variables>) {
      static_cast<void>(cairn::detail::refuse<these_gradients_do_not_fit<Gradients, Variables>>());
    } else {
      std::array<const void*, Variables::size()> seen{};
      const auto is_due = [&](std::size_t index, const void* variable, bool trainable) {
        seen[index] = variable;
        return trainable && std::find(seen.begin(), seen.begin() + index, variable) == seen.begin() + index;
      };
      const auto step = [&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
        auto& variable = std::get<I>(variables);
        if (!is_due(I, &variable, variable.trainable())) return;
        const auto& gradient = std::get<I>(gradients);
        if constexpr (!std::remove_reference_t<decltype(variable)>::extents_type::is_static)
          require_gradient_shape(gradient.shape(), variable.shape());
        (prepare_slot(std::get<I>(slots), variable), ...);
        update(variable.size(), variable.data(), gradient.data(), std::get<I>(slots).data()...);
      };
      [&]<std::size_t... I>(std::index_sequence<I...>) { (step(std::integral_constant<std::size_t, I>{}), ...); }
      (std::make_index_sequence<Variables::size()>{});
    }
  }
}

}  // namespace cairn::keras::detail
