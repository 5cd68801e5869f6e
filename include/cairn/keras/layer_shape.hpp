// input_shape<Layer>, output_shape<Layer, In>: the shapes that a layer takes and gives, as types. A Sequential compares
// its layers by them before anything is computed.
//
//   struct Dense { using input_shape = Extents<784>;
//                  template <class In> using output_shape = ...; };      // Extents<784> -> Extents<10>
//
//   keras::output_shape<keras::Flatten, keras::Extents<5, 5, 8>>           // Extents<200>
//   keras::output_shape<keras::Dense<784, 10>, keras::Extents<12>>         // NoShape: it does not fit
//
// A shape is that of one example, without the batch axis. A layer's member `input_shape` has the last axes that the
// layer needs, with cairn::dynamic for an extent that may be any; a layer that takes every shape has no such member.
// Its member `output_shape<In>` is NoShape where In does not fit. A layer of the user's own may have both members, one
// or none: a shape that is missing is UnknownShape, and is checked where the layer is called.
#pragma once

#include "../tensor/tensor.hpp"

#include <cstddef>
#include <type_traits>

namespace CAIRN_NAMESPACE::keras {

// The shape of one example.
template <std::size_t... Values>
using Extents = tensor::detail::Extent<Values...>;

struct NoShape {};       // the input does not fit into the layer
struct UnknownShape {};  // the layer's type does not tell the shape

namespace detail {

template <class Layer>
concept SaysItsInput = requires { typename Layer::input_shape; };
template <class Layer, class In>
concept SaysItsOutput = requires { typename Layer::template output_shape<In>; };

template <class Layer>
struct InputShape {
  using type = UnknownShape;
};
template <SaysItsInput Layer>
struct InputShape<Layer> {
  using type = typename Layer::input_shape;
};

template <class Layer, class In>
struct OutputShape {
  using type = UnknownShape;
};
template <class Layer, class In>
  requires(!std::is_same_v<In, UnknownShape> && SaysItsOutput<Layer, In>)
struct OutputShape<Layer, In> {
  using type = typename Layer::template output_shape<In>;
};
// Where the input is unknown, the output is that for the layer's own input_shape. A Sequential whose first layer has no
// input_shape is asked for its output all the same.
template <SaysItsInput Layer>
struct OutputShape<Layer, UnknownShape> : OutputShape<Layer, typename Layer::input_shape> {};
template <SaysItsInput Layer>
  requires std::is_same_v<typename Layer::input_shape, UnknownShape>
struct OutputShape<Layer, UnknownShape> {
  using type = typename Layer::template output_shape<UnknownShape>;
};
template <class Layer>
  requires(!SaysItsInput<Layer>)
struct OutputShape<Layer, UnknownShape> {
  using type = UnknownShape;
};

}  // namespace detail

// The last axes that a layer takes. UnknownShape where its type does not tell, or where it takes every shape.
template <class Layer>
using input_shape = typename detail::InputShape<Layer>::type;
// The shape that a layer gives for an example of shape In. NoShape where In does not fit, UnknownShape where the
// layer's type does not tell.
template <class Layer, class In = input_shape<Layer>>
using output_shape = typename detail::OutputShape<Layer, In>::type;

}  // namespace CAIRN_NAMESPACE::keras
