// Sequential: a model of layers that are called one after the other.
//
//   keras::Sequential<keras::Dense<784, 10, keras::relu>, keras::Dense<10, 10, keras::softmax>> model;
//   const auto y = model(x);
//   model.layer<0>().kernel
//
//   keras::Sequential<
//       keras::Input<28, 28, 1>,
//       keras::Conv2D<1, 32, 3, keras::relu>,
//       keras::MaxPooling2D<2>,
//       keras::Flatten,
//       keras::Dropout<0.5>,
//       keras::Dense<5408, 10, keras::softmax>>
#pragma once

#include "../ops/reshape.hpp"
#include "detail/example_shape.hpp"
#include "detail/saved_sequential.hpp"
#include "detail/static_sequential.hpp"
#include "layer_shape.hpp"
#include "trainable_variables.hpp"
#include "training_mode.hpp"

#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

namespace CAIRN_NAMESPACE::keras {

// Keras' Input: the shape of one example, so that the compiler knows all shapes. It is the first layer of a Sequential.
// It may be left out, as in Keras; it is needed where a layer's type does not tell its input (a Conv2D takes images of
// any size).
template <std::size_t... Shape>
struct Input {
  // The output has the shape of the input, and is NoShape for another input.
  using input_shape = Extents<Shape...>;
  template <class In>
  using output_shape =
      std::conditional_t<In::rank == sizeof...(Shape) && detail::ends_with<In, input_shape>(), input_shape, NoShape>;

  // Returns its input; one of another shape does not compile.
  template <ops::detail::Operand X>
  [[nodiscard]] auto operator()(const X& x) const {
    if constexpr (!detail::fits_into<X, Input>()) detail::refuse_input<X, Input>();
    return ops::detail::as_tensor(x);
  }
};

namespace detail {

// The refusal of two layers. The compiler names its template arguments: the first layer's index, both layers, the shape
// that the first one gives, and the shape that the second one takes.
template <std::size_t n, class Layer, class Next, class Gives, class Takes>
struct LayersFit {
  static_assert(
      !std::is_same_v<Layer, Layer>,
      "cairn: layer n+1 does not fit onto layer n of this Sequential. The template arguments here: n, layer n, "
      "layer n+1, the shape of one example that layer n gives, and the last axes that layer n+1 takes; "
      "18446744073709551615 is an extent that may be any.");
};
template <class... Layers>
struct LayersAreGiven {
  static_assert(sizeof...(Layers) > 0, "cairn: a Sequential needs at least one layer.");
};

// The shape that the last layer gives, or NoShape where a layer does not fit.
template <class In, class... Layers>
struct ShapeBehind {
  using type = In;
};
template <class In, class Layer, class... Rest>
struct ShapeBehind<In, Layer, Rest...> : ShapeBehind<keras::output_shape<Layer, In>, Rest...> {};
template <class Layer, class... Rest>
struct ShapeBehind<NoShape, Layer, Rest...> {
  using type = NoShape;
};

// The refusal of the first layer from layer n on that does not fit, where layer n-1 gives the shape In; void where all
// fit. It is returned as a type, so that the compiler refuses it near the user's line.
template <std::size_t n, class In, class Before, class Layer, class... Rest>
[[nodiscard]] consteval auto first_misfit() noexcept {
  using Out = keras::output_shape<Layer, In>;
  if constexpr (std::is_same_v<Out, NoShape>)
    return std::type_identity<LayersFit<n - 1, Before, Layer, In, keras::input_shape<Layer>>>{};
  else if constexpr (sizeof...(Rest) > 0)
    return first_misfit<n + 1, Out, Layer, Rest...>();
  else
    return std::type_identity<void>{};
}
template <class First, class... Rest>
[[nodiscard]] consteval auto first_misfit_behind() noexcept {
  if constexpr (std::is_same_v<typename ShapeBehind<keras::output_shape<First>, Rest...>::type, NoShape>)
    return first_misfit<1, keras::output_shape<First>, First, Rest...>();
  else if constexpr (std::is_same_v<keras::input_shape<First>, UnknownShape>)  // an Embedding takes any
    return first_misfit<1, keras::output_shape<First, Extents<dynamic>>, First, Rest...>();
  else
    return std::type_identity<void>{};
}

// Without an Input the number of axes of an example is unknown, and many layers take any number. True when there is a
// number of axes, from one to four, that all layers take.
template <class... Layers>
[[nodiscard]] constexpr bool fit_with_some_rank() noexcept {
  return !(std::is_same_v<typename ShapeBehind<Extents<dynamic>, Layers...>::type, NoShape> &&
           std::is_same_v<typename ShapeBehind<Extents<dynamic, dynamic>, Layers...>::type, NoShape> &&
           std::is_same_v<typename ShapeBehind<Extents<dynamic, dynamic, dynamic>, Layers...>::type, NoShape> &&
           std::is_same_v<typename ShapeBehind<Extents<dynamic, dynamic, dynamic, dynamic>, Layers...>::type, NoShape>);
}

// The return type is deduced: therefore the compiler checks the layers, once and with one error, as soon as the
// function is named.
template <class... Layers>
[[nodiscard]] constexpr auto require_layers_fit() noexcept {
  if constexpr (sizeof...(Layers) == 0) {
    static_cast<void>(core::detail::refuse<LayersAreGiven<Layers...>>());
  } else if constexpr (sizeof...(Layers) > 1 && !fit_with_some_rank<Layers...>()) {
    using Misfit = typename decltype(first_misfit_behind<Layers...>())::type;
    if constexpr (!std::is_void_v<Misfit>) static_cast<void>(core::detail::refuse<Misfit>());
  }
  return true;
}

template <class... Layers>
struct FirstInput {
  using type = UnknownShape;
};
template <class First, class... Rest>
struct FirstInput<First, Rest...> {
  using type = keras::input_shape<First>;
};

}  // namespace detail

// A plain struct of layers, saved as Keras 3 saves a Sequential. A layer is anything that can be called with a tensor.
// The compiler refuses layers that do not fit onto each other. Several threads may call a model without
// keras::training.
template <class... Layers>
struct Sequential {
  // Layers that do not fit onto each other do not compile.
  using LayersFit = decltype(detail::require_layers_fit<Layers...>());

  // The shape that the first layer takes, and the shape that the last one gives (layer_shape.hpp).
  using input_shape = typename detail::FirstInput<Layers...>::type;
  template <class In>
  using output_shape = typename detail::ShapeBehind<In, Layers...>::type;

  // The layers, in the order in which they are called; an Input is one of them.
  std::tuple<Layers...> layers{};

  // Calls the layers one after the other, for inference. Errors of the layers pass through: ErrorCode::invalid_argument
  // for dynamic extents that do not fit, ErrorCode::unimplemented for a recurrent layer while a GradientTape records.
  template <ops::detail::Operand X>
  [[nodiscard]] auto operator()(const X& x) const {
    return call<0>(layers, x);
  }
  // Calls the layers one after the other in training: `mode` is handed to the layers that take it (training_mode.hpp).
  template <ops::detail::Operand X>
  [[nodiscard]] auto operator()(const X& x, Training mode) {
    return call<0>(layers, x, mode);
  }

  // Returns layer I, counted from 0; an Input counts. size() is the number of layers.
  template <std::size_t I>
  [[nodiscard]] auto& layer() noexcept {
    return std::get<I>(layers);
  }
  template <std::size_t I>
  [[nodiscard]] const auto& layer() const noexcept {
    return std::get<I>(layers);
  }
  [[nodiscard]] static constexpr std::size_t size() noexcept { return sizeof...(Layers); }

  // Returns references to the trainable Variables of all layers, in the order of the layers (trainable_variables.hpp).
  [[nodiscard]] auto trainable_variables() { return cairn::trainable_variables(layers); }
  [[nodiscard]] auto trainable_variables() const { return cairn::trainable_variables(layers); }

 private:
  template <std::size_t I, class All, class X, class... Mode>
  [[nodiscard]] static auto call(All& all, const X& x, Mode... mode) {
    auto y = detail::call_layer(std::get<I>(all), x, mode...);
    if constexpr (I + 1 == sizeof...(Layers))
      return y;
    else
      return call<I + 1>(all, y, mode...);
  }
};

// A Sequential that is saved as Keras 3 saves keras.Model(inputs, outputs) whose layers are called one after the other.
// A Sequential is restored from a Functional's checkpoint, too, and the other way round.
template <class... Layers>
struct Functional : Sequential<Layers...> {};

namespace v2 {
// A Sequential that is saved as Keras 2 and tf-keras save a Sequential or a functional model (dialect.hpp).
template <class... Layers>
struct Sequential : keras::Sequential<Layers...> {};
}  // namespace v2

template <std::size_t... Shape, class... Layers>
inline constexpr bool detail::has_input<Sequential<Input<Shape...>, Layers...>> = true;
template <std::size_t... Shape, class... Layers>
inline constexpr bool detail::has_input<Functional<Input<Shape...>, Layers...>> = true;
template <std::size_t... Shape, class... Layers>
inline constexpr bool detail::has_input<v2::Sequential<Input<Shape...>, Layers...>> = true;

}  // namespace CAIRN_NAMESPACE::keras

template <class... Layers>
struct cairn::reflect::detail::Adapter<cairn::keras::Sequential<Layers...>> {
  using type = keras::detail::SequentialTypeOf<keras::Sequential<Layers...>, keras::detail::SequentialForm::sequential>;
};
template <class... Layers>
struct cairn::reflect::detail::Adapter<cairn::keras::Functional<Layers...>> {
  using type = keras::detail::SequentialTypeOf<keras::Functional<Layers...>, keras::detail::SequentialForm::functional>;
};
template <class... Layers>
struct cairn::reflect::detail::Adapter<cairn::keras::v2::Sequential<Layers...>> {
  using type =
      keras::detail::SequentialTypeOf<keras::v2::Sequential<Layers...>, keras::detail::SequentialForm::keras_2>;
};
template <class... Layers>
struct cairn::reflect::detail::StaticForm<cairn::keras::Sequential<Layers...>>
    : cairn::keras::detail::StaticSequential<cairn::keras::Sequential<Layers...>,
                                             cairn::keras::detail::SequentialForm::sequential> {};
template <class... Layers>
struct cairn::reflect::detail::StaticForm<cairn::keras::Functional<Layers...>>
    : cairn::keras::detail::StaticSequential<cairn::keras::Functional<Layers...>,
                                             cairn::keras::detail::SequentialForm::functional> {};
template <class... Layers>
struct cairn::reflect::detail::StaticForm<cairn::keras::v2::Sequential<Layers...>>
    : cairn::keras::detail::StaticSequential<cairn::keras::v2::Sequential<Layers...>,
                                             cairn::keras::detail::SequentialForm::keras_2> {};
