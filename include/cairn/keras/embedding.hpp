// Embedding: looks up a row of numbers for each id.
//
//   keras::Embedding<1000, 16> layer;   // ids in [0, 1000)
//   const auto y = layer(ids);          // [n, 5] of integers -> [n, 5, 16]
#pragma once

#include "../ops/gather.hpp"
#include "../reflect/members.hpp"
#include "arguments.hpp"
#include "detail/example_shape.hpp"
#include "detail/optional_variable.hpp"
#include "initializers.hpp"
#include "layer_shape.hpp"

#include <cstddef>

namespace CAIRN_NAMESPACE::keras {

// A plain struct of one Variable: a row of `output_dim` numbers for each of `input_dim` ids.
template <std::size_t input_dim, std::size_t output_dim, auto... arguments>
struct Embedding {
  static_assert(input_dim > 0 && output_dim > 0, "cairn: each size of a layer is at least 1.");
  // The element type of the rows.
  using T = detail::element_type<arguments...>;
  // The output has one axis more than the input.
  template <class Shape>
  using output_shape = typename detail::OneMoreAxis<Shape, output_dim>::type;
  using ArgumentsAreKnown = decltype(detail::Arguments<Embedding, ElementType<void>>::template require<arguments...>());

  // The rows, [input_dim, output_dim], begin as random_uniform.
  Variable<T, input_dim, output_dim> embeddings{random_uniform<T, input_dim, output_dim>(), {.name = "embeddings"}};

  // The input are integers of any shape [...], the output [..., output_dim]. Throws Error with
  // ErrorCode::invalid_argument for an id that is not in [0, input_dim).
  [[nodiscard]] auto operator()(const ops::detail::Operand auto& ids) const { return gather(embeddings, ids); }

  // Returns references to the trainable Variables, in Keras' order.
  [[nodiscard]] auto trainable_variables() { return detail::list_of_present(embeddings); }
  [[nodiscard]] auto trainable_variables() const { return detail::list_of_present(embeddings); }
};

}  // namespace CAIRN_NAMESPACE::keras

// A save writes Keras 3's name of the rows; a restore finds Keras 2's "embeddings", too.
template <std::size_t input_dim, std::size_t output_dim, auto... arguments>
inline constexpr auto cairn::members<cairn::keras::Embedding<input_dim, output_dim, arguments...>> =
    cairn::describe(cairn::rename<"embeddings">("_embeddings"));
