// Keyword arguments have Keras' names, and none that is in the way of a program's own.
#include "cairn/keras/arguments.hpp"

#include <doctest/doctest.h>

#include "cairn/keras.hpp"

#include <type_traits>
#include <vector>

namespace keras = cairn::keras;

TEST_CASE("names of std, cairn and cairn::keras stand side by side") {
  using namespace std;
  using namespace cairn;
  using namespace cairn::keras;
  using Model = Sequential<Input<6, 6, 1>, Conv2D<1, 2, kernel_size<3, 2>, strides<1>, padding<"same">>,
                           MaxPooling2D<pool_size<1, 2>>, AveragePooling2D<pool_size<3>>, Flatten, Dense<4, 1>>;
  static_assert(parameter_count<Model> == 3 * 2 * 2 + 2 + 4 + 1);
  CHECK(size(vector{1, 2, 3}) == 3);
  CHECK(summary(Model()).find("Total params: 19\n") != string::npos);
}

TEST_CASE("a pool is 2 x 2 when it is left out") {
  static_assert(std::is_same_v<keras::MaxPooling2D<>, keras::MaxPooling2D<keras::pool_size<2, 2>>>);
  static_assert(std::is_same_v<keras::AveragePooling2D<>, keras::AveragePooling2D<keras::pool_size<2, 2>>>);
  cairn::Tensor<float, 1, 3, 2, 1> image;
  for (int i = 0; i < 6; ++i) image.data()[i] = static_cast<float>(i);
  const auto average = keras::AveragePooling2D<>()(image);
  REQUIRE(average.shape() == cairn::Shape{1, 1, 1, 1});
  CHECK(average.data()[0] == 1.5f);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
TEST_CASE("keras::size, what kernel_size and pool_size were called before, means the same") {
  static_assert(std::is_same_v<keras::Conv2D<1, 2, keras::size<3, 5>>, keras::Conv2D<1, 2, keras::kernel_size<3, 5>>>);
  static_assert(std::is_same_v<keras::MaxPooling2D<keras::size<3, 5>>, keras::MaxPooling2D<keras::pool_size<3, 5>>>);
}
#pragma GCC diagnostic pop
