// Restores from names/ckpt-1:
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

struct Map {
  float child = 0;
  float s = 0;
  float s2 = 0;
  float child2 = 0;
  float child_0 = 0;
  float child_10 = 0;
  float child_2 = 0;
  float a = 0;
  float a_b = 0;
  float a_b2 = 0;
  float d_ATTRIBUTES_f = 0;
  float gr_e = 0;
  float two_words = 0;
};

struct Training {
  Map map;
};

}  // namespace saved

template <>
inline constexpr auto cairn::members<saved::Map> =
    cairn::describe(cairn::rename<"child">("."),
                    cairn::rename<"s">("..S"),
                    cairn::rename<"s2">(".S"),
                    cairn::rename<"child2">("/"),
                    cairn::rename<"child_0">("0"),
                    cairn::rename<"child_10">("10"),
                    cairn::rename<"child_2">("2"),
                    cairn::rename<"a_b">("a.b"),
                    cairn::rename<"a_b2">("a/b"),
                    cairn::rename<"d_ATTRIBUTES_f">("d/.ATTRIBUTES/f"),
                    cairn::rename<"gr_e">("gr\303\274\303\237e"),
                    cairn::rename<"two_words">("two words"));
