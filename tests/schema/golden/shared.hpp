// Restores from shared/ckpt-1:
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

struct One;
struct Ring;
struct Other;

struct List {
  std::shared_ptr<cairn::Variable<float, 3>> w;
};

struct Other {
  float value = 0;
  std::weak_ptr<Ring> next;
  std::weak_ptr<Other> self_;
};

struct Ring {
  float value = 0;
  std::weak_ptr<Other> next;
};

struct One {
  cairn::Variable<float, 3> w;
};

struct Training {
  std::tuple<List, std::shared_ptr<One>, std::shared_ptr<One>> list;
  std::shared_ptr<One> one;
  std::shared_ptr<One> same;
  std::shared_ptr<Ring> ring;
  std::shared_ptr<Other> other;
  std::shared_ptr<cairn::Variable<float, 3>> inside;
  // left out: "root" is the root itself
};

}  // namespace saved
