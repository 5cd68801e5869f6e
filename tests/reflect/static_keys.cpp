// What the compiler says of a state is what the walk finds in an object of it.
#include <cairn/reflect/static_keys.hpp>

#include <doctest/doctest.h>

#include <cairn/graph/detail/container_types.hpp>
#include <cairn/graph/detail/leaf_types.hpp>
#include <cairn/graph/detail/walk.hpp>
#include <cairn/reflect/describe.hpp>
#include <cairn/reflect/members.hpp>

#include "graph/saved_state.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

using namespace cairn;
using namespace cairn::test;

namespace {

struct Layer {
  Variable<float, 3, 2> kernel;
  std::array<double, 2> bias{};
  std::unique_ptr<Layer> next;
};
struct Network {
  std::array<Layer, 11> layers;
  std::tuple<std::int8_t, Layer> pair;
  NotSaved<int> seen;
};
struct Everything {
  Network network;
  std::int64_t step = 0;
  bool is_done = false;
  std::string note;
  std::vector<std::string> words;
  std::vector<bool> flags;
  std::vector<float> losses;
  std::vector<Layer> more;
  std::map<std::string, Layer> named;
  std::optional<std::int32_t> seed;
};
struct Empty {};
struct Dots {
  float weights = 0;
};

}  // namespace

template <>
inline constexpr auto cairn::members<Dots> = describe(rename<"weights">("a.b/c"));

namespace {

// The keys that a checkpoint of this object has.
template <class State>
std::vector<std::string> walked_keys(State& state) {
  std::vector<std::string> keys;
  const cairn::ObjectGraph graph = cairn::graph::detail::walk({cairn::graph::detail::slot_of(state).get(), {}}).graph;
  for (std::size_t id = 0; id < graph.size(); ++id)
    for (const auto attribute : graph[id].attributes) keys.emplace_back(attribute.checkpoint_key);
  std::sort(keys.begin(), keys.end());
  return keys;
}
template <class State>
std::vector<std::string> keys_of_type() {
  std::vector<std::string> keys(static_keys<State>.begin(), static_keys<State>.end());
  std::sort(keys.begin(), keys.end());
  return keys;
}

}  // namespace

TEST_CASE("the static keys are those of a new object") {
  Everything everything;
  CHECK(keys_of_type<Everything>() == walked_keys(everything));
  CHECK(static_keys<Everything>.size() == 11 * 2 + 3 + 6);
  CHECK(static_keys<Everything>.front() == "network/layers/0/kernel/.ATTRIBUTES/VARIABLE_VALUE");
  Dots dots;
  CHECK(keys_of_type<Dots>() == walked_keys(dots));
  CHECK(static_keys<Dots>.front() == "a..b.Sc/.ATTRIBUTES/VARIABLE_VALUE");
  CHECK(static_keys<Empty>.empty());
  CHECK(static_keys<Variable<float>>.front() == "/.ATTRIBUTES/VARIABLE_VALUE");
}

TEST_CASE("parameters are the numbers in Variables; bytes count all values of known size") {
  static_assert(parameter_count<Network> == 12 * 6);
  static_assert(parameter_count<Everything> == parameter_count<Network>);
  static_assert(static_bytes<Network> == 12 * (6 * 4 + 16) + 1);
  static_assert(static_bytes<Everything> == static_bytes<Network> + 8 + 1);
  CHECK(static_bytes<Empty> == 0);
}

TEST_CASE("describe shows the tree of a type, one that holds itself once") {
  CHECK(describe<Layer>().substr(describe<Layer>().find('\n')) ==
        "\n  kernel: float32 [3, 2]\n  bias: float64 [2]\n  next: (optional) " +
            std::string(cairn::core::detail::type_name<Layer>()) + ", as above\n");
  CHECK(describe<Dots>().find("\n  a.b/c: float32 []\n") != std::string::npos);
  const std::string everything = describe<Everything>();
  for (const char* const line :
       {"\n    layers: std::array<", "\n      10: ", "\n        kernel: float32 [3, 2]\n", "\n  losses: float32 [?]\n",
        "\n  flags: bool [?]\n", "\n  words: string [?]\n", "\n    *: ", "\n  seed: (optional) int32 []\n"})
    CHECK_MESSAGE(everything.find(line) != std::string::npos, everything, line);
  CHECK(describe<Variable<float, 2>>() == "float32 [2]\n");
}
