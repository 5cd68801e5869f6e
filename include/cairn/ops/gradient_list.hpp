// GradientList: the gradients of a VariableList, in the order of the Variables. GradientTape::gradient() returns one.
//
//   const auto gradients = tape.gradient(loss, model.trainable_variables());
//   gradients.get<0>()                          // cairn::Tensor<float, 784, 10>
//   auto [kernel, bias] = gradients.as_tuple(); // to change them: apply_gradients takes std::tuple(kernel, bias), too
#pragma once

#include "../core/detail/type_list.hpp"
#include "../core/detail/vec.hpp"
#include "../tensor/tensor.hpp"

#include <cstddef>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>

namespace CAIRN_NAMESPACE {

namespace ops::detail {

// A gradient without its type. The tensors that are made of it share its elements.
struct AnyGradient {
  Shape shape = {};
  tensor::detail::GradientNote note = {};
  tensor::detail::Elements elements = {};

  template <class AsTensor>
  [[nodiscard]] AsTensor as() const {
    AsTensor gradient(elements, shape);
    gradient.set_gradient_note(note);
    return gradient;
  }
};

}  // namespace ops::detail

// The gradients of some Variables, one Tensor of a Variable's shape and dtype each. Copies of a list share the
// gradients, and so do the tensors that get() and as_tuple() return. No function changes the gradients: a write to a
// tensor changes a copy of its own. Several threads may read one list.
template <class... Tensors>
class GradientList {
  template <std::size_t I>  // const, because a write to the tensor that get() returns would be lost
  using Element = const core::detail::NthType<(I < sizeof...(Tensors) ? I : 0), Tensors...>;

 public:
  // Returns the gradient of Variable I, counted from 0. An index of size() or more does not compile.
  template <std::size_t I>
  [[nodiscard]] Element<I> get() const {
    static_assert(I < sizeof...(Tensors), "cairn: this list of gradients has no element of that index.");
    return gradients_[I].template as<std::remove_const_t<Element<I>>>();
  }
  template <std::size_t I>
  [[nodiscard]] friend Element<I> get(const GradientList& list) {
    return list.template get<I>();
  }
  [[nodiscard]] static constexpr std::size_t size() noexcept { return sizeof...(Tensors); }

  // Returns the gradients as a tuple, for std::apply, for std::get, and to change them before apply_gradients.
  // Compilers refuse a std::tuple of more than some hundred elements; get<I>() has no such limit.
  [[nodiscard]] std::tuple<Tensors...> as_tuple() const {
    return [this]<std::size_t... I>(std::index_sequence<I...>) {
      return std::tuple<Tensors...>(gradients_[I].template as<Tensors>()...);
    }(std::index_sequence_for<Tensors...>{});
  }

  // The rest is for the gradient tape and for optimizers. There must be as many gradients as types.
  explicit GradientList(core::detail::Vec<ops::detail::AnyGradient> gradients) noexcept
      : gradients_(std::move(gradients)) {}
  [[nodiscard]] std::span<const ops::detail::AnyGradient> untyped() const& noexcept { return gradients_; }
  void untyped() const&& = delete;  // it refers to the list

 private:
  core::detail::Vec<ops::detail::AnyGradient> gradients_;
};

}  // namespace CAIRN_NAMESPACE

template <class... Tensors>
struct std::tuple_size<cairn::GradientList<Tensors...>> : std::integral_constant<std::size_t, sizeof...(Tensors)> {};
template <std::size_t I, class... Tensors>
struct std::tuple_element<I, cairn::GradientList<Tensors...>> {
  using type = const cairn::core::detail::NthType<I, Tensors...>;
};
