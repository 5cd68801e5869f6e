// Restores from variables/ckpt-1:
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

struct Training {
  cairn::Variable<float, 3> losses;
  cairn::Variable<float, 2, 3> named;
  std::int64_t step = 0;
  cairn::Variable<double, 4> unnamed;
};

}  // namespace saved
