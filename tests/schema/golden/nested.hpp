// Restores from nested/ckpt-3:
//
//   saved::Training state;
//   cairn::Checkpoint{state}.restore(path).assert_consumed();
#pragma once

#include <cairn/cairn.hpp>

#include <complex>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace saved {

struct Layer {
  cairn::Variable<float, 3, 2> kernel;
  cairn::Variable<float, 2> bias;
};

struct History {
  cairn::Variable<float, 4> loss;
  cairn::Variable<float, 0> metric;
};

struct Heads {
  Layer left;
  Layer right;
  Layer up;
};

struct Inner {
  std::vector<Layer> layers = std::vector<Layer>(12);
  Heads heads;
  History history;
  std::vector<std::vector<cairn::Variable<float>>> lists = std::vector<std::vector<cairn::Variable<float>>>(2);
  cairn::Variable<float, 0, 3> no_elements;
  std::tuple<Layer, cairn::Variable<std::int32_t>> tuple;
  // without values: nothing no_layers no_heads
};

struct Training2 {
  Inner inner;
  std::int64_t step = 0;
};

struct Training {
  Training2 training;
};

}  // namespace saved
