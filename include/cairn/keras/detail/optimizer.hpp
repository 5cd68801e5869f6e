// What the optimizers share: a slot for each trainable Variable, and a step over Variables, gradients and slots. Code
// for each element type, not for each shape.
#pragma once

#include "../../core/detail/sort.hpp"
#include "../../core/detail/vec.hpp"
#include "../../ops/gradient_list.hpp"
#include "../built.hpp"
#include "../dialect.hpp"
#include "../trainable_variables.hpp"
#include "slots.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>

namespace CAIRN_NAMESPACE::keras::detail {

// Slots that only some settings use are there when they are needed.
template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class... Variables>
[[nodiscard]] core::detail::TypeList<typename std::remove_const_t<Variables>::tensor_type...> gradients_of(
    const VariableList<Variables...>&);
template <class... Tensors>
[[nodiscard]] core::detail::TypeList<Tensors...> types_of(const GradientList<Tensors...>&);
template <class... Tensors>
[[nodiscard]] core::detail::TypeList<Tensors...> types_of(const std::tuple<Tensors...>&);

// Instantiated with both, so that the compiler names them.
template <class Gradients, class Variables>
struct these_gradients_do_not_fit {
  static_assert(!std::is_same_v<Gradients, Gradients>,
                "cairn: apply_gradients needs one gradient for each trainable Variable, in the same order: what "
                "tape.gradient(loss, trainable_variables(model)) returns.");
};
template <class Variables, class TheSlots>
struct this_optimizer_is_for_another_model {
  static_assert(!std::is_same_v<TheSlots, TheSlots>,
                "cairn: these are not the trainable Variables that the optimizer was made for: its template argument "
                "must be the type of the model that apply_gradients is given.");
};

template <class Gradients, class Variables>
inline constexpr bool gradients_fit = false;
template <class Gradients, class Variables>
  requires requires(const Gradients& gradients) { types_of(gradients); }
inline constexpr bool gradients_fit<Gradients, Variables> =
    std::is_same_v<decltype(types_of(std::declval<Gradients>())), decltype(gradients_of(std::declval<Variables>()))>;
template <class TheSlots, class Variables>
inline constexpr bool slots_fit =
    std::is_same_v<typename TheSlots::Types, decltype(slot_types_of(std::declval<Variables>()))>;

// The list of a model, or the list itself where it is one.
template <class Model>
[[nodiscard]] auto variables_of(Model& model) {
  if constexpr (tensor::detail::is_variable_list<std::remove_const_t<Model>>)
    return tensor::detail::list_of(model);
  else
    return cairn::trainable_variables(model);
}

// Where each of them is; null for one that does not want to be trained, and for one that was listed before.
[[nodiscard]] inline core::detail::Vec<void*> addresses_of_trained(const tensor::detail::AnyVariableList& list) {
  core::detail::Vec<void*> addresses(list.variables.begin(), list.variables.end());
  const auto is_less = [&](std::size_t a, std::size_t b) {
    return reinterpret_cast<std::uintptr_t>(list.variables[a]) < reinterpret_cast<std::uintptr_t>(list.variables[b]);
  };
  const core::detail::Vec<std::uint32_t> order = core::detail::sorted_order(addresses.size(), is_less);
  for (std::size_t i = 1; i < addresses.size(); ++i) {  // without an order they are in it
    const std::size_t at = order.empty() ? i : order[i];
    if (list.variables[at] == list.variables[order.empty() ? i - 1 : order[i - 1]]) addresses[at] = nullptr;
  }
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    const bool is_floating = list.traits[i].dtype == DT_FLOAT || list.traits[i].dtype == DT_DOUBLE;
    if (!is_floating || !static_cast<tensor::detail::VariableParts*>(list.variables[i])->trainable())
      addresses[i] = nullptr;
  }
  return addresses;
}

// Null without such slots.
template <class TheSlots>
[[nodiscard]] AnySlots* without_types(TheSlots& slots) noexcept {
  if constexpr (is_optional<TheSlots>)
    return slots ? &slots->untyped() : nullptr;
  else
    return &slots.untyped();
}

template <class Model, class TheSlots>
void build(Built& built, Model& model, const TheSlots&) {
  const auto variables = variables_of(model);
  using Variables = std::remove_const_t<decltype(variables)>;
  if constexpr (slots_fit<TheSlots, Variables>)
    built.build(addresses_of_trained(variables.untyped()));
  else
    static_cast<void>(core::detail::refuse<this_optimizer_is_for_another_model<Variables, TheSlots>>());
}

// 1 - share of Python's numbers, rounded; Keras 2's legacy optimizers round the share before.
template <class T>
[[nodiscard]] T rest_of(double share, Dialect dialect) noexcept {
  return dialect == Dialect::keras_2_legacy ? T{1} - static_cast<T>(share) : static_cast<T>(1 - share);
}

// Throws Error with ErrorCode::invalid_argument when they differ, as dynamic extents may.
inline void require_gradient_shape(const Shape& gradient, const Shape& variable) {
  if (gradient != variable)
    throw Error(ErrorCode::invalid_argument, "a gradient of shape " + gradient.to_string() +
                                                 " does not fit to a Variable of shape " + variable.to_string())
        .expecting(variable.to_string(), gradient.to_string());
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

[[nodiscard]] inline ops::detail::AnyGradient without_type(const tensor::detail::TensorParts& gradient, Shape shape) {
  const tensor::detail::GradientNote* const note = gradient.gradient_note();
  return {std::move(shape), note == nullptr ? tensor::detail::GradientNote{} : *note, gradient.elements()};
}

[[nodiscard]] inline core::detail::Vec<ops::detail::AnyGradient> without_types(
    std::span<const ops::detail::AnyGradient> gradients) {
  return {gradients.begin(), gradients.end()};
}
template <class... Tensors>
[[nodiscard]] core::detail::Vec<ops::detail::AnyGradient> without_types(const std::tuple<Tensors...>& gradients) {
  return std::apply(
      [](const auto&... each) {
        return core::detail::Vec<ops::detail::AnyGradient>{without_type(each, each.shape())...};
      },
      gradients);
}

// A model's Variables and their gradients, without their types but for which elements there are. Refers to them.
struct AnyStep {
  core::detail::Vec<void*> addresses = {};  // of those that are trained, else null
  std::span<const VariableTraits> traits = {};
  core::detail::Vec<ops::detail::AnyGradient> gradients = {};
};
template <bool has_floats, bool has_doubles>
struct StepOf : AnyStep {};

// Throws Error with ErrorCode::invalid_argument when there are Variables to train and none has a gradient, or one has a
// gradient of another shape.
inline void require_gradients(const AnyStep& step) {
  bool is_trained = false;
  bool has_gradient = false;
  for (std::size_t i = 0; i < step.addresses.size(); ++i) {
    is_trained = is_trained || step.addresses[i] != nullptr;
    if (step.addresses[i] == nullptr || step.gradients[i].note.is_none) continue;
    has_gradient = true;
    if (step.traits[i].set_shape != nullptr)
      require_gradient_shape(step.gradients[i].shape, step.traits[i].shape_of(step.addresses[i]));
  }
  if (is_trained && !has_gradient)
    throw Error(ErrorCode::invalid_argument,
                "no gradients for any Variable of this model: its loss does not depend on them, or the tape did not "
                "record how; make the GradientTape before the model is called");
}

[[nodiscard]] constexpr bool has_dtype(std::span<const VariableTraits> traits, DType dtype) noexcept {
  for (const VariableTraits& each : traits)
    if (each.dtype == dtype) return true;
  return false;
}
template <class... Variables>
[[nodiscard]] auto step_of(const VariableList<Variables...>& variables,
                           core::detail::Vec<ops::detail::AnyGradient> gradients) {
  constexpr std::span<const VariableTraits> traits(tensor::detail::traits_of<std::remove_const_t<Variables>...>);
  StepOf<has_dtype(traits, DT_FLOAT), has_dtype(traits, DT_DOUBLE)> step{
      {addresses_of_trained(variables.untyped()), traits, std::move(gradients)}};
  require_gradients(step);
  return step;
}

// The step that TheSlots' optimizer is asked for: the last that is made for all of the types. Refuses what does not fit
// together. Throws as require_gradients.
template <class TheSlots, class Gradients, class Model>
[[nodiscard]] auto step_of(const Gradients& gradients, Model& model) {
  if constexpr (is_tensor<Gradients>) {
    return step_of<TheSlots>(std::tuple<Gradients>(gradients), model);
  } else {
    const auto variables = variables_of(model);
    using Variables = std::remove_const_t<decltype(variables)>;
    if constexpr (!slots_fit<TheSlots, Variables>) {
      static_cast<void>(core::detail::refuse<this_optimizer_is_for_another_model<Variables, TheSlots>>());
      return StepOf<false, false>{};
    } else if constexpr (!gradients_fit<Gradients, Variables>) {
      static_cast<void>(core::detail::refuse<these_gradients_do_not_fit<Gradients, Variables>>());
      return StepOf<false, false>{};
    } else if constexpr (requires { gradients.untyped(); }) {
      return step_of(variables, without_types(gradients.untyped()));
    } else {
      return step_of(variables, without_types(gradients));
    }
  }
}

template <class T, class Update, std::size_t... I>
void update_one(const AnyStep& step, std::size_t index, const Update& update,
                const std::array<AnySlots*, sizeof...(I)>& slots, std::index_sequence<I...>) {
  const auto& [shape, note, elements] = step.gradients[index];
  const Gradient<T> gradient{elements.as<const T>(), note.squares.as<const T>()};
  update(static_cast<std::size_t>(shape.num_elements()),
         static_cast<tensor::detail::VariableParts*>(step.addresses[index])->elements().as<T>(), gradient,
         (slots[I] == nullptr ? nullptr : static_cast<T*>(slots[I]->data(index, shape)))...);
}

// update(size, weights, gradient, slot...) on the elements of each trainable Variable, once even where the list has it
// twice. A Variable that says it is not trainable is left alone, and so is one without a gradient.
template <bool has_floats, bool has_doubles, class Update, class... AllSlots>
void for_each_trainable(Built& built, StepOf<has_floats, has_doubles> step, const Update& update, AllSlots&... slots) {
  const std::array lists{without_types(slots)...};
  constexpr std::make_index_sequence<sizeof...(AllSlots)> each_list;
  for (std::size_t i = 0; i < step.addresses.size(); ++i) {
    if (step.addresses[i] == nullptr || step.gradients[i].note.is_none) continue;
    if constexpr (has_floats)
      if (step.traits[i].dtype == DT_FLOAT) update_one<float>(step, i, update, lists, each_list);
    if constexpr (has_doubles)
      if (step.traits[i].dtype == DT_DOUBLE) update_one<double>(step, i, update, lists, each_list);
  }
  built.build(std::move(step.addresses));
}

}  // namespace CAIRN_NAMESPACE::keras::detail
