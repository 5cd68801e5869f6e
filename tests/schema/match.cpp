// Types and checkpoints side by side. What the compiler refuses is in compile_fail.
#include <cairn/schema.hpp>

#include <doctest/doctest.h>

#include "compile_fail/trained.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace cairn;

namespace {

struct Model {
  Variable<float, 3, 2> weights;
  Variable<float, 2> biases;
};
struct Training {
  Variable<float, 3, dynamic> weights;
  std::vector<float> biases;
  std::int64_t step = 0;
  std::optional<std::string> note;       // may be empty: nobody misses it
  std::unique_ptr<Model> other;          // likewise
  std::vector<Model> models;             // of any length
  std::map<std::string, Model> by_name;  // likewise
  NotSaved<int> cache;
};
struct Wrong {
  Variable<double, 3, 2> weights;
  std::optional<std::array<float, 3>> biases;
  Model stpe;
  std::vector<Model> step;
};

constexpr auto by_graph = schema::parse(trained);
constexpr auto by_keys = schema::parse<trained_checkpoint::index>();
constexpr auto value = schema::parse(trained_checkpoint::index, trained_checkpoint::graph);

static_assert(schema::matches<Training>(by_graph) && schema::matches<Training>(by_keys));
static_assert(schema::matches<Model>(value) && schema::matches<Model, value>());
static_assert(schema::differences<Model>(by_graph).empty());
static_assert(schema::differences<Wrong>(by_graph).count == 3);

}  // namespace

TEST_CASE("what differs is listed, by the graph and by the keys") {
  for (const schema::Report& report :
       {schema::differences<Wrong>(by_graph), schema::differences<Wrong>(by_keys), schema::differences<Wrong>(value)})
    CHECK(report.to_string() ==
          "weights is float64 [3, 2] in the struct, float32 [3, 2] in the checkpoint\n"
          "biases is float32 [3] in the struct, float32 [2] in the checkpoint\n"
          "stpe is not in the checkpoint\n");
}

TEST_CASE("a file as a value is matched when the program runs, too") {
  CHECK(schema::matches<Model>(value));
  CHECK(!schema::matches<Wrong>(value));
}
