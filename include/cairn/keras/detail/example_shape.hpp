// The shapes of examples and of batches of them, as the layers compute with them, and the refusal of an input that does
// not fit into a layer.
#pragma once

#include "../../core/detail/refuse.hpp"
#include "../../tensor/tensor.hpp"
#include "../layer_shape.hpp"

#include <cstddef>
#include <type_traits>
#include <utility>

namespace CAIRN_NAMESPACE::keras::detail {

[[nodiscard]] constexpr bool extents_fit(std::size_t found, std::size_t wanted) noexcept {
  return found == wanted || found == dynamic || wanted == dynamic;
}

// True when the last axes of In fit to the extents of Wanted.
template <class In, class Wanted>
[[nodiscard]] constexpr bool ends_with() noexcept {
  if constexpr (In::rank < Wanted::rank) {
    return false;
  } else {
    for (std::size_t back = 1; back <= Wanted::rank; ++back)
      if (!extents_fit(In::values[In::rank - back], Wanted::values[Wanted::rank - back])) return false;
    return true;
  }
}

// The shape whose extents are Holder::values.
template <class Holder, class Axes = std::make_index_sequence<Holder::values.size()>>
struct ExtentsOf;
template <class Holder, std::size_t... Axes>
struct ExtentsOf<Holder, std::index_sequence<Axes...>> {
  using type = Extents<Holder::values[Axes]...>;
};

// In with another extent, `becomes`, of the last axis, which must be `wanted` long; NoShape where it is not.
template <class In, std::size_t becomes>
struct WithLastAxis {
  static constexpr auto values = [] {
    auto result = In::values;
    result[In::rank - 1] = becomes;
    return result;
  }();
};
template <class In, std::size_t wanted, std::size_t becomes, bool fits = ends_with<In, Extents<wanted>>()>
struct LastAxis {
  using type = NoShape;
};
template <class In, std::size_t wanted, std::size_t becomes>
struct LastAxis<In, wanted, becomes, true> : ExtentsOf<WithLastAxis<In, becomes>> {};
template <class In, std::size_t wanted, std::size_t becomes>
using last_axis = typename LastAxis<In, wanted, becomes>::type;

template <class In, std::size_t last>
struct OneMoreAxis;
template <std::size_t... Values, std::size_t last>
struct OneMoreAxis<Extents<Values...>, last> {
  using type = Extents<Values..., last>;
};

// The number of elements of one example; dynamic when it is known at run time only.
template <class In>
[[nodiscard]] constexpr std::size_t element_count() noexcept {
  return In::is_static ? In::initial_count : dynamic;
}

// The extents of an operand in two parts: the batch size, and the shape of one example.
template <class E>
struct Batch {
  static constexpr std::size_t size = 0;
  using example = NoShape;
};
template <std::size_t N, std::size_t... Values>
struct Batch<Extents<N, Values...>> {
  static constexpr std::size_t size = N;
  using example = Extents<Values...>;
};
template <class X>
using example_shape = typename Batch<typename X::extents_type>::example;
template <class X>
inline constexpr std::size_t batch_size = Batch<typename X::extents_type>::size;

// The tensor type of a batch of examples.
template <class T, std::size_t N, class Example>
struct BatchTensor;
template <class T, std::size_t N, std::size_t... Values>
struct BatchTensor<T, N, Extents<Values...>> {
  using type = Tensor<T, N, Values...>;
};
template <class T, std::size_t N, class Example>
using batch_tensor = typename BatchTensor<T, N, Example>::type;

// The refusal of an input. The compiler names its template arguments: the input, the layer, the shape of one example of
// the input, and the shape that the layer takes.
template <class X, class Layer, class Came, class Taken>
struct InputFits {
  static_assert(
      !std::is_same_v<X, X>,
      "cairn: this input does not fit into this layer. The template arguments here: the input, the layer, the "
      "shape of one example of the input, and the last axes that the layer takes; 18446744073709551615 is an "
      "extent that may be any.");
};
template <class X, class Layer, class Came, class Taken>
struct InputHasElements {
  static_assert(
      std::is_same_v<Came, Taken>,
      "cairn: the elements of this input are of another type than those of the layer's Variables, and nothing "
      "is cast silently. The template arguments here: the input, the layer, and both types; keras::dtype<T> "
      "gives a layer Variables of T.");
};

// True when X has the element type of the layer; a layer without Variables takes any. fits_into is true when the shape
// fits as well.
template <class X, class Layer>
[[nodiscard]] constexpr bool has_elements_for() noexcept {
  if constexpr (requires { typename Layer::input_type; })
    return std::is_same_v<typename X::value_type, typename Layer::input_type>;
  else
    return true;
}
template <class X, class Layer>
[[nodiscard]] constexpr bool fits_into() noexcept {
  if constexpr (std::is_same_v<example_shape<X>, NoShape> || !has_elements_for<X, Layer>())
    return false;
  else
    return !std::is_same_v<output_shape<Layer, example_shape<X>>, NoShape>;
}
// Ends the compilation with the reason why X does not fit.
template <class X, class Layer>
constexpr void refuse_input() noexcept {
  if constexpr (!has_elements_for<X, Layer>())
    static_cast<void>(
        core::detail::refuse<InputHasElements<X, Layer, typename X::value_type, typename Layer::input_type>>());
  else
    static_cast<void>(core::detail::refuse<InputFits<X, Layer, example_shape<X>, input_shape<Layer>>>());
}

// The type of the tensor that the layer makes of X, which fits, with elements of type T.
template <class T, class X, class Layer>
using output_tensor = batch_tensor<T, batch_size<X>, output_shape<Layer, example_shape<X>>>;

}  // namespace CAIRN_NAMESPACE::keras::detail
