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
  static_assert(Layer::outputs == Next::inputs,
                "cairn: layer n+1 does not fit onto layer n of this Sequential (n, layer n, layer n+1 are the template "
                "arguments here): it must take rows as long as those that the layer before it gives.");
};
template <class... Layers>
struct LayersAreGiven {
  static_assert(sizeof...(Layers) > 0, "cairn: a Sequential needs at least one layer.");
};

template <std::size_t n, class Layer, class Next>
constexpr void require_fit() noexcept {
  if constexpr (SaysItsSizes<Layer> && SaysItsSizes<Next>)
    if constexpr (Layer::outputs != Next::inputs) static_cast<void>(cairn::detail::refuse<LayersFit<n, Layer, Next>>());
}

// Its return type is deduced, so that naming it is enough to have it looked through, once and with one error.
template <class... Layers>
[[nodiscard]] constexpr auto require_layers_fit() noexcept {
  if constexpr (sizeof...(Layers) == 0) {
    static_cast<void>(cairn::detail::refuse<LayersAreGiven<Layers...>>());
  } else {
    using All = std::tuple<Layers...>;
    [[maybe_unused]] const auto each = []<std::size_t... I>(std::index_sequence<I...>) {
      (require_fit<I, std::tuple_element_t<I, All>, std::tuple_element_t<I + 1, All>>(), ...);
    };
    each(std::make_index_sequence<sizeof...(Layers) - 1>{});
  }
  return true;
}

}  // namespace detail

// A plain struct: its layers are its state. A layer is anything that can be called with a tensor.
template <class... Layers>
struct Sequential {
  using LayersFit = decltype(detail::require_layers_fit<Layers...>());

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
