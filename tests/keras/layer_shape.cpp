#include "cairn/keras/layer_shape.hpp"

#include <doctest/doctest.h>

#include "cairn/keras.hpp"

#include <type_traits>

namespace keras = cairn::keras;
using cairn::dynamic;
using keras::Extents;
using keras::NoShape;
using keras::UnknownShape;

namespace {

template <class Layer, class In, class Out>
constexpr bool makes = std::is_same_v<keras::output_shape<Layer, In>, Out>;

struct Own {
  auto operator()(const auto& x) const { return x; }
};

}  // namespace

TEST_CASE("layers say what they make of a shape") {
  static_assert(makes<keras::Dense<5, 3>, Extents<5>, Extents<3>>);
  static_assert(makes<keras::Dense<5, 3>, Extents<7, 5>, Extents<7, 3>>);
  static_assert(makes<keras::Dense<5, 3>, Extents<dynamic>, Extents<3>>);
  static_assert(makes<keras::Conv2D<3, 8, 3>, Extents<28, 27, 3>, Extents<26, 25, 8>>);
  static_assert(
      makes<keras::Conv2D<3, 8, 3, keras::strides<2>, keras::padding<"same">>, Extents<28, 27, 3>, Extents<14, 14, 8>>);
  static_assert(makes<keras::Conv2D<3, 8, 3>, Extents<dynamic, 27, 3>, Extents<dynamic, 25, 8>>);
  static_assert(makes<keras::MaxPooling2D<>, Extents<5, 6, 4>, Extents<2, 3, 4>>);
  static_assert(makes<keras::GlobalAveragePooling2D, Extents<5, 6, 4>, Extents<4>>);
  static_assert(makes<keras::Flatten, Extents<5, 6, 4>, Extents<120>>);
  static_assert(makes<keras::Flatten, Extents<dynamic, 4>, Extents<dynamic>>);
  static_assert(makes<keras::Embedding<9, 4>, Extents<7>, Extents<7, 4>>);
  static_assert(makes<keras::Embedding<9, 4>, Extents<>, Extents<4>>);
  static_assert(makes<keras::LSTM<3, 4>, Extents<dynamic, 3>, Extents<4>>);
  static_assert(makes<keras::GRU<3, 4, keras::return_sequences<true>>, Extents<7, 3>, Extents<7, 4>>);
  static_assert(makes<keras::BatchNormalization<4>, Extents<5, 6, 4>, Extents<5, 6, 4>>);
  static_assert(makes<keras::Dropout<0.5>, Extents<5, 6>, Extents<5, 6>>);
}

TEST_CASE("layers say when a shape does not fit") {
  static_assert(makes<keras::Dense<5, 3>, Extents<4>, NoShape>);
  static_assert(makes<keras::Dense<5, 3>, Extents<>, NoShape>);
  static_assert(makes<keras::Conv2D<3, 8, 3>, Extents<28, 28, 1>, NoShape>);
  static_assert(makes<keras::Conv2D<3, 8, 3>, Extents<28, 3>, NoShape>);
  static_assert(makes<keras::Conv2D<3, 8, 3>, Extents<2, 28, 3>, NoShape>);
  static_assert(makes<keras::MaxPooling2D<>, Extents<1, 6, 4>, NoShape>);
  static_assert(makes<keras::LSTM<3, 4>, Extents<3>, NoShape>);
  static_assert(makes<keras::LayerNormalization<4>, Extents<4, 3>, NoShape>);
  static_assert(makes<keras::Input<4>, Extents<4, 4>, NoShape>);
}

TEST_CASE("a layer of one's own need not say anything") {
  static_assert(makes<Own, Extents<4>, UnknownShape>);
  static_assert(std::is_same_v<keras::output_shape<keras::Sequential<Own, keras::Dense<4, 2>>>, Extents<2>>);
  static_assert(std::is_same_v<keras::output_shape<keras::Sequential<Own, keras::Flatten>>, UnknownShape>);
}

TEST_CASE("a sequential model takes what its first layer takes, and gives what its last one gives") {
  using Images =
      keras::Sequential<keras::Input<28, 28, 1>, keras::Conv2D<1, 32, 3, keras::relu>, keras::MaxPooling2D<2>,
                        keras::Flatten, keras::Dropout<0.5>, keras::Dense<5408, 10, keras::softmax>>;
  static_assert(std::is_same_v<keras::input_shape<Images>, Extents<28, 28, 1>>);
  static_assert(std::is_same_v<keras::output_shape<Images>, Extents<10>>);
  static_assert(makes<Images, Extents<27, 28, 1>, NoShape>);
  static_assert(makes<keras::Sequential<Images, keras::Dense<10, 2>>, Extents<28, 28, 1>, Extents<2>>);
  const Images model;
  static_assert(
      std::is_same_v<decltype(model(cairn::Tensor<float, dynamic, 28, 28, 1>())), cairn::Tensor<float, dynamic, 10>>);
  CHECK(model(cairn::Tensor<float, dynamic, 28, 28, 1>(cairn::Shape{2, 28, 28, 1})).shape() == cairn::Shape{2, 10});
}

TEST_CASE("images whose size is known at run time only go through, or are refused in words") {
  const keras::Sequential<keras::Conv2D<1, 4, 3>, keras::MaxPooling2D<2>, keras::Flatten> model;
  cairn::Tensor<float, 2, dynamic, dynamic, 1> images(cairn::Shape{2, 8, 6, 1});
  CHECK(model(images).shape() == cairn::Shape{2, 24});
  images = cairn::Tensor<float, 2, dynamic, dynamic, 1>(cairn::Shape{2, 2, 6, 1});
  CHECK_THROWS_WITH_AS(static_cast<void>(model(images)), doctest::Contains("has no place on images"), cairn::Error);
}
