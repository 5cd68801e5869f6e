// The names under which layers are saved and found again: Keras 3's, and for restoring Keras 2's and the members'.
#include "cairn/keras.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string_view>
#include <vector>

namespace keras = cairn::keras;

namespace {

using Names = std::vector<std::string_view>;

template <class Layer, std::size_t I>
Names names() {
  const auto all = cairn::reflect::detail::all_names<Layer, I>();
  return Names(all.begin(), all.end());
}

}  // namespace

TEST_CASE("layers are saved under Keras 3's names and found under Keras 2's") {
  CHECK(names<keras::Dense<4, 3>, 0>() == Names{"_kernel", "kernel"});
  CHECK(names<keras::Dense<4, 3>, 1>() == Names{"bias"});
  CHECK(names<keras::Conv2D<4, 3, 2>, 0>() == Names{"_kernel", "kernel"});
  CHECK(names<keras::Embedding<4, 3>, 0>() == Names{"_embeddings", "embeddings"});
  CHECK(names<keras::BatchNormalization<4>, 0>() == Names{"gamma"});
  CHECK(names<keras::BatchNormalization<4>, 3>() == Names{"moving_variance"});
  CHECK(names<keras::LSTM<4, 3>, 0>() == Names{"cell"});
  CHECK(names<decltype(keras::LSTM<4, 3>::cell), 1>() == Names{"recurrent_kernel"});
}

TEST_CASE("a bias that is not there is not saved") {
  CHECK(cairn::reflect::detail::is_saved<keras::Dense<4, 3>, 1>());
  CHECK(!cairn::reflect::detail::is_saved<keras::Dense<4, 3, keras::use_bias<false>>, 1>());
  CHECK(!cairn::reflect::detail::is_saved<keras::BatchNormalization<4, keras::scale<false>>, 0>());
}
