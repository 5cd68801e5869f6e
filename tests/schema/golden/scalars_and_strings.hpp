// Restores from scalars_and_strings/ckpt-1:
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

struct Strings {
  std::string empty;
  std::string text;
  std::vector<std::string> several;
  std::vector<std::string> none;
  cairn::Variable<std::string, 2, 2> table;
};

struct Scalars {
  bool a = false;
  std::int8_t b = 0;
  std::uint16_t c = 0;
  std::uint64_t d = 0;
  float e = 0;
  std::complex<double> f{};
  cairn::half g{};
  cairn::bfloat16 h{};
  cairn::int4 i{};
  cairn::float8_e4m3fn j{};
};

struct Training {
  Scalars scalars;
  Strings strings;
};

}  // namespace saved
