// What the optimizers share: a slot for each trainable Variable, and a step over Variables, gradients and slots. Code
// for each element type, not for each shape.
#pragma once

#include "../ops/gradient_list.hpp"
#include "built.hpp"
#include "dialect.hpp"
#include "slot_list.hpp"
#include "trainable_variables.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace cairn::keras::detail {

template <class... Variables>
[[nodiscard]] SlotList<std::remove_const_t<Variables>...> slots_of(const VariableList<Variables...>&);

// A Variable like each trainable Variable of Model, at first zero: element i belongs to the i-th of the list.
template <class Model>
using Slots = decltype(slots_of(cairn::trainable_variables(std::declval<Model&>())));

// Slots that only some settings use are there when they are needed.
template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class... Variables>
[[nodiscard]] cairn::detail::TypeList<typename std::remove_const_t<Variables>::tensor_type...> gradients_of(
    const VariableList<Variables...>&);
template <class... Tensors>
[[nodiscard]] cairn::detail::TypeList<Tensors...> types_of(const GradientList<Tensors...>&);
template <class... Tensors>
[[nodiscard]] cairn::detail::TypeList<Tensors...> types_of(const std::tuple<Tensors...>&);

// Instantiated with both, so that the compiler names them.
template <class Gradients, class Variables>
struct these_gradients_do_not_fit {
  static_assert(!std::is_same_v<Gradients, Gradients>,
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
inline constexpr bool gradients_fit = false;
template <class Gradients, class Variables>
requires requires(const Gradients& gradients) { types_of(gradients); }
inline constexpr bool gradients_fit<Gradients, Variables> =
    std::is_same_v<decltype(types_of(std::declval<Gradients>())), decltype(gradients_of(std::declval<Variables>()))>;
template <class TheSlots, class Variables>
inline constexpr bool slots_fit = std::is_same_v<TheSlots, decltype(slots_of(std::declval<Variables>()))>;
template <class TheSlots, class Variables>
inline constexpr bool slots_fit<std::optional<TheSlots>, Variables> = slots_fit<TheSlots, Variables>;

// The list of a model, or the list itself where it is one.
template <class Model>
[[nodiscard]] auto variables_of(Model& model) {
  if constexpr (cairn::detail::is_variable_list<std::remove_const_t<Model>>)
    return cairn::detail::list_of(model);
  else
    return cairn::trainable_variables(model);
}

// f(VariableParts<T>&) for a Variable of floating-point elements; nothing for others, which are not trained.
template <class F>
void visit_parts(void* variable, DType dtype, F f) {
  if (dtype == DT_FLOAT)
    f(*static_cast<cairn::detail::VariableParts<float>*>(variable));
  else if (dtype == DT_DOUBLE)
    f(*static_cast<cairn::detail::VariableParts<double>*>(variable));
}

// Where each of them is; null for one that does not want to be trained, and for one that was listed before.
[[nodiscard]] inline std::vector<void*> addresses_of_trained(const cairn::detail::AnyVariableList& list) {
  std::vector<void*> addresses(list.variables.begin(), list.variables.end());
  std::vector<std::size_t> order(addresses.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return list.variables[a] != list.variables[b] ? std::less<void*>()(list.variables[a], list.variables[b]) : a < b;
  });
  for (std::size_t i = 1; i < order.size(); ++i)
    if (list.variables[order[i]] == list.variables[order[i - 1]]) addresses[order[i]] = nullptr;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    bool is_trained = false;
    visit_parts(list.variables[i], list.types[i].dtype, [&](auto& parts) { is_trained = parts.trainable(); });
    if (!is_trained) addresses[i] = nullptr;
  }
  return addresses;
}

template <class TheSlots>
[[nodiscard]] AnySlotList without_types(TheSlots& slots) noexcept {
  if constexpr (is_optional<TheSlots>)
    return slots ? slots->untyped() : AnySlotList{};
  else
    return slots.untyped();
}

// The elements of a slot for a step; null without such slots. One of a Variable with a dynamic extent learns its shape
// at the first step.
template <class T>
[[nodiscard]] T* slot_data(const AnySlotList& slots, std::size_t index, const Shape& shape) {
  if (slots.begin == nullptr) return nullptr;
  const cairn::detail::ListedType& type = slots.types[index];
  void* const slot = slots[index];
  if (type.reshape != nullptr && type.shape_of(slot) != shape) type.reshape(slot, shape);
  return static_cast<cairn::detail::VariableParts<T>*>(slot)->data();
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
    built.build(addresses_of_trained(variables.untyped()));
}

// 1 - share of Python's numbers, rounded; Keras 2's legacy optimizers round the share before.
template <class T>
[[nodiscard]] T rest_of(double share, Dialect dialect) noexcept {
  return dialect == Dialect::keras_2_legacy ? T{1} - static_cast<T>(share) : static_cast<T>(1 - share);
}

// Throws Error (invalid_argument) when they differ, as dynamic extents may.
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

template <class T, std::size_t... Extents>
[[nodiscard]] cairn::detail::AnyGradient without_type(const Tensor<T, Extents...>& gradient) {
  const cairn::detail::GradientNote* const note = gradient.gradient_note();
  cairn::detail::AnyGradient any{.shape = gradient.shape(), .is_none = note != nullptr && note->is_none};
  // Its owner outlives the step.
  any.elements = std::shared_ptr<void>(std::shared_ptr<void>(), const_cast<T*>(gradient.data()));
  if (note != nullptr) any.squares = note->squares;
  return any;
}

// The gradients of a step without their types, as long as those are there.
class AnyGradients {
 public:
  template <class... Tensors>
  explicit AnyGradients(const GradientList<Tensors...>& gradients) : all_(gradients.untyped()) {}
  template <class... Tensors>
  explicit AnyGradients(const std::tuple<Tensors...>& gradients)
      : own_(std::apply(
            [](const auto&... each) { return std::vector<cairn::detail::AnyGradient>{without_type(each)...}; },
            gradients)),
        all_(own_) {}
  AnyGradients(const AnyGradients&) = delete;
  AnyGradients& operator=(const AnyGradients&) = delete;

  [[nodiscard]] const cairn::detail::AnyGradient& operator[](std::size_t index) const noexcept { return all_[index]; }

  // Throws Error (invalid_argument) when there are Variables to train and none has a gradient.
  void require_some(const std::vector<void*>& addresses) const;

 private:
  std::vector<cairn::detail::AnyGradient> own_;
  std::span<const cairn::detail::AnyGradient> all_;
};

inline void AnyGradients::require_some(const std::vector<void*>& addresses) const {
  bool is_trained = false;
  bool has_gradient = false;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    is_trained = is_trained || addresses[i] != nullptr;
    has_gradient = has_gradient || (addresses[i] != nullptr && !all_[i].is_none);
  }
  if (is_trained && !has_gradient)
    throw Error(ErrorCode::invalid_argument,
                "no gradients for any Variable of this model: its loss does not depend on them, or the tape did not "
                "record how; make the GradientTape before the model is called");
}

// One Variable's part of a step.
struct Place {
  void* variable;
  std::size_t index;
  const cairn::detail::AnyGradient& gradient;
  const Shape& shape;
};
template <class T, class Update, std::size_t... I>
void update_one(const Place& at, const Update& update, const std::array<AnySlotList, sizeof...(I)>& slots,
                std::index_sequence<I...>) {
  const Gradient<T> gradient{static_cast<const T*>(at.gradient.elements.get()),
                             static_cast<const T*>(at.gradient.squares.get())};
  update(static_cast<std::size_t>(at.shape.num_elements()),
         static_cast<cairn::detail::VariableParts<T>*>(at.variable)->data(), gradient,
         slot_data<T>(slots[I], at.index, at.shape)...);
}

[[nodiscard]] constexpr bool has_dtype(std::span<const cairn::detail::ListedType> types, DType dtype) noexcept {
  for (const cairn::detail::ListedType& type : types)
    if (type.dtype == dtype) return true;
  return false;
}

// update(size, weights, gradient, slot...) on the elements of each trainable Variable, once even where the list has it
// twice. A Variable that says it is not trainable is left alone, and so is one without a gradient.
// Throws Error (invalid_argument) before anything has changed when no Variable has a gradient, or one of another shape.
template <class... Variables, std::size_t count, class Update>
void step(Built& built, const VariableList<Variables...>& variables, const AnyGradients& gradients,
          const Update& update, const std::array<AnySlotList, count>& slots) {
  constexpr std::make_index_sequence<count> each_slot;
  constexpr std::span<const cairn::detail::ListedType> types(
      cairn::detail::listed_types<std::remove_const_t<Variables>...>);
  const cairn::detail::AnyVariableList list = variables.untyped();
  std::vector<void*> addresses = addresses_of_trained(list);
  gradients.require_some(addresses);
  for (std::size_t i = 0; i < addresses.size(); ++i)
    if (types[i].shape != nullptr && addresses[i] != nullptr && !gradients[i].is_none)
      require_gradient_shape(gradients[i].shape, types[i].shape_of(addresses[i]));
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    if (addresses[i] == nullptr || gradients[i].is_none) continue;
    const Shape shape = types[i].shape_of(addresses[i]);
    const Place at{addresses[i], i, gradients[i], shape};
    if constexpr (has_dtype(types, DT_FLOAT))
      if (types[i].dtype == DT_FLOAT) update_one<float>(at, update, slots, each_slot);
    if constexpr (has_dtype(types, DT_DOUBLE))
      if (types[i].dtype == DT_DOUBLE) update_one<double>(at, update, slots, each_slot);
  }
  built.build(std::move(addresses));
}

template <class Gradients, class Model, class Update, class... AllSlots>
void for_each_trainable(Built& built, const Gradients& gradients, Model& model, Update update, AllSlots&... slots) {
  if constexpr (is_tensor<Gradients>) {
    for_each_trainable(built, std::tuple<Gradients>(gradients), model, update, slots...);
  } else {
    const auto variables = variables_of(model);
    using Variables = std::remove_const_t<decltype(variables)>;
    if constexpr (!require_its_model<Variables, AllSlots...>())
      return;
    else if constexpr (!gradients_fit<Gradients, Variables>)
      static_cast<void>(cairn::detail::refuse<these_gradients_do_not_fit<Gradients, Variables>>());
    else
      step(built, variables, AnyGradients(gradients), update, std::array{without_types(slots)...});
  }
}

}  // namespace cairn::keras::detail
