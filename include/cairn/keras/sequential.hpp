// Sequential: layers one after the other.
//
//   keras::Sequential<keras::Dense<784, 10, keras::relu>, keras::Dense<10, 10, keras::softmax>> model;
//   const auto y = model(x);
//   model.layer<0>().kernel
#pragma once

#include "../ops/operand.hpp"
#include "trainable_variables.hpp"

#include <cstddef>
#include <tuple>
#include <utility>

namespace cairn::keras {

namespace detail {

// A layer that says how long the rows are that it takes and gives. A layer of the user's own need not say it.
template <class Layer>
concept SaysItsSizes = requires {
  Layer::inputs;
  Layer::outputs;
};

// Instantiated with the first layer's index and both layers, so that the compiler names them.
template <std::size_t n, class Layer, class Next>
struct LayersFit {
  static constexpr bool value = true;
};
template <std::size_t n, SaysItsSizes Layer, SaysItsSizes Next>
struct LayersFit<n, Layer, Next> {
  static_assert(Layer::outputs == Next::inputs,
                "cairn: layer n+1 does not fit onto layer n of this Sequential (n, layer n, layer n+1 are the template "
                "arguments here): it must take rows as long as those that the layer before it gives.");
  static constexpr bool value = true;
};

template <class... Layers>
[[nodiscard]] constexpr bool layers_fit() noexcept {
  using All = std::tuple<Layers...>;
  return []<std::size_t... I>(std::index_sequence<I...>) {
    return (LayersFit<I, std::tuple_element_t<I, All>, std::tuple_element_t<I + 1, All>>::value && ...);
  }
  (std::make_index_sequence<sizeof...(Layers) - 1>{});
}

}  // namespace detail

// A plain struct: its layers are its state. A layer is anything that can be called with a tensor.
template <class... Layers>
struct Sequential {
  static_assert(sizeof...(Layers) > 0, "cairn: a Sequential needs at least one layer.");
  static_assert(detail::layers_fit<Layers...>());

  std::tuple<Layers...> layers{};

  template <cairn::detail::Operand X>
  [[nodiscard]] auto operator()(const X& x) const {
    return call<0>(x);
  }

  template <std::size_t I>
  [[nodiscard]] auto& layer() noexcept {
    return std::get<I>(layers);
  }
  template <std::size_t I>
  [[nodiscard]] const auto& layer() const noexcept {
    return std::get<I>(layers);
  }
  [[nodiscard]] static constexpr std::size_t size() noexcept { return sizeof...(Layers); }

  [[nodiscard]] auto trainable_variables() { return cairn::trainable_variables(layers); }
  [[nodiscard]] auto trainable_variables() const { return cairn::trainable_variables(layers); }

 private:
  template <std::size_t I, class X>
  [[nodiscard]] auto call(const X& x) const {
    if constexpr (I + 1 == sizeof...(Layers))
      return std::get<I>(layers)(x);
    else
      return call<I + 1>(std::get<I>(layers)(x));
  }
};

}  // namespace cairn::keras
