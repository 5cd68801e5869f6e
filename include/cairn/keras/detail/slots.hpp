// Slots: what an optimizer keeps for each trainable Variable of a model, a Variable like it.
//
//   optimizer.momentums.get<0>()      // cairn::Variable<float, 784, 10>&, of the model's first trainable Variable
#pragma once

#include "../../core/detail/type_list.hpp"
#include "../../core/detail/vec.hpp"
#include "../../tensor/variable_list.hpp"
#include "../trainable_variables.hpp"

#include <cstddef>
#include <cstring>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>

namespace CAIRN_NAMESPACE::keras::detail {

using tensor::detail::VariableTraits;

// Slots without their types, so that compilers make no code for each. Zeros at first. Those that were moved from may
// only be assigned to or destroyed.
class AnySlots {
 public:
  explicit AnySlots(std::span<const VariableTraits> traits) : traits_(traits) {
    variables_.reserve(traits.size());
    for (const VariableTraits& each : traits) variables_.push_back(each.make());
  }
  AnySlots(const AnySlots& other) : AnySlots(other.traits_.first(other.size())) { copy(other); }
  AnySlots(AnySlots&& other) noexcept = default;
  AnySlots& operator=(const AnySlots& other) {
    if (size() != other.size())  // one of them was moved from
      *this = AnySlots(other);
    else if (this != &other)
      copy(other);
    return *this;
  }
  AnySlots& operator=(AnySlots&& other) noexcept {
    std::swap(traits_, other.traits_);
    variables_.swap(other.variables_);
    return *this;
  }
  ~AnySlots() {
    for (std::size_t i = 0; i < size(); ++i) traits_[i].destroy(variables_[i]);
  }

  [[nodiscard]] std::size_t size() const noexcept { return variables_.size(); }
  [[nodiscard]] void* operator[](std::size_t index) const noexcept { return variables_[index]; }

  // The elements of one; those of a Variable with a dynamic extent learn their shape here.
  [[nodiscard]] void* data(std::size_t index, const Shape& shape) {
    if (traits_[index].set_shape != nullptr) require_shape(index, shape);
    return parts(index).elements().data();
  }
  void clear() noexcept {
    for (std::size_t i = 0; i < size(); ++i) {
      const Elements& elements = parts(i).elements();
      std::memset(elements.data(), 0, elements.size() * size_of(traits_[i].dtype));
    }
  }

 private:
  using Elements = tensor::detail::Elements;
  using VariableParts = tensor::detail::VariableParts;

  [[nodiscard]] VariableParts& parts(std::size_t index) const {
    return *static_cast<VariableParts*>(variables_[index]);
  }
  void copy(const AnySlots& other) {
    for (std::size_t i = 0; i < size(); ++i) {
      require_shape(i, traits_[i].shape_of(other[i]));
      const VariableParts& from = other.parts(i);
      VariableParts& to = parts(i);
      to.elements().assign(from.elements().data());
      to.set_name(from.name());
      to.set_trainable(from.trainable());
    }
  }
  void require_shape(std::size_t index, const Shape& shape) {
    void* const variable = variables_[index];
    if (traits_[index].shape_of(variable) == shape) return;
    Elements zeros(traits_[index].dtype, traits_[index].declared.count_required(shape));
    parts(index).swap_elements(zeros);
    traits_[index].reshape(variable, shape);
  }

  std::span<const VariableTraits> traits_;
  core::detail::Vec<void*> variables_;
};

template <class... Variables>
[[nodiscard]] core::detail::TypeList<std::remove_const_t<Variables>...> slot_types_of(
    const VariableList<Variables...>&);
template <class... Variables>
[[nodiscard]] constexpr std::span<const VariableTraits> traits_in(core::detail::TypeList<Variables...>) noexcept {
  return tensor::detail::traits_of<Variables...>;
}
template <std::size_t I, class... Variables>
[[nodiscard]] std::type_identity<core::detail::NthType<I, Variables...>> slot_type_at(
    core::detail::TypeList<Variables...>);

// Element i belongs to the i-th Variable of the model's list.
template <class Model>
class Slots {
 public:
  using Types = decltype(slot_types_of(cairn::trainable_variables(std::declval<Model&>())));
  template <std::size_t I>
  using Slot = typename decltype(slot_type_at<(I < Types::size ? I : 0)>(Types{}))::type;

  Slots() : slots_(traits_in(Types{})) {}

  [[nodiscard]] static constexpr std::size_t size() noexcept { return Types::size; }

  template <std::size_t I>
  [[nodiscard]] auto& get() noexcept {  // auto: the refusal comes before what does not fit to another slot
    static_assert(
        I < size(),
        "cairn: an optimizer has no slot of that index. It has one for each trainable Variable of its model.");
    return *static_cast<Slot<I>*>(slots_[I]);
  }
  template <std::size_t I>
  [[nodiscard]] const auto& get() const noexcept {
    static_assert(
        I < size(),
        "cairn: an optimizer has no slot of that index. It has one for each trainable Variable of its model.");
    return *static_cast<const Slot<I>*>(slots_[I]);
  }
  template <std::size_t I>
  [[nodiscard]] friend auto& get(Slots& slots) noexcept {
    return slots.template get<I>();
  }
  template <std::size_t I>
  [[nodiscard]] friend const auto& get(const Slots& slots) noexcept {
    return slots.template get<I>();
  }

  [[nodiscard]] AnySlots& untyped() noexcept { return slots_; }

 private:
  AnySlots slots_;
};

}  // namespace CAIRN_NAMESPACE::keras::detail

template <class Model>
struct std::tuple_size<cairn::keras::detail::Slots<Model>>
    : std::integral_constant<std::size_t, cairn::keras::detail::Slots<Model>::size()> {};
template <std::size_t I, class Model>
struct std::tuple_element<I, cairn::keras::detail::Slots<Model>> {
  using type = typename cairn::keras::detail::Slots<Model>::template Slot<I>;
};
