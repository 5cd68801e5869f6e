#include "cairn/keras/trainable_variables.hpp"

#include <doctest/doctest.h>

#include "cairn/keras/dense.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

using cairn::Variable;

namespace {

struct Linear {
  Variable<float, 3, 2> weights;
  Variable<float, 2> biases;
};
struct Block {
  std::string name;
  Linear linear;
  std::array<Variable<double>, 2> scales;
  Variable<std::int64_t> counter;
  std::vector<float> losses;
  std::array<float, 5000> table{};
};

}  // namespace

TEST_CASE("the variables of a plain struct are listed as declared") {
  Linear model;
  const auto variables = cairn::trainable_variables(model);
  CHECK(variables.size() == 2);
  CHECK(&variables.get<0>() == &model.weights);
  CHECK(&variables.get<1>() == &model.biases);
}

TEST_CASE("structs within structs and arrays are looked into; what is no floating-point variable is passed by") {
  Block block;
  const auto variables = cairn::trainable_variables(block);
  CHECK(variables.size() == 4);
  CHECK(&variables.get<1>() == &block.linear.biases);
  CHECK(&variables.get<3>() == &block.scales[1]);
}

TEST_CASE("tuples, pairs and owning pointers are looked into, raw pointers are not") {
  struct Holder {
    std::tuple<Linear, int> first;
    std::pair<int, Variable<float>> second;
    std::unique_ptr<Linear> third = std::make_unique<Linear>();
    std::shared_ptr<Variable<float, 1>> fourth = std::make_shared<Variable<float, 1>>();
    std::optional<Variable<float, 2>> fifth{std::in_place};
    Linear* not_mine = nullptr;
  };
  Holder holder;
  const auto variables = cairn::trainable_variables(holder);
  CHECK(variables.size() == 7);
  CHECK(&variables.get<3>() == &holder.third->weights);
  CHECK(&variables.get<6>() == &*holder.fifth);
}

TEST_CASE("an empty pointer in the way is reported") {
  struct Holder {
    std::unique_ptr<Linear> linear;
  };
  Holder holder;
  try {
    static_cast<void>(cairn::trainable_variables(holder));
    FAIL("nothing was thrown");
  } catch (const cairn::Error& error) {
    CHECK(error.code() == cairn::ErrorCode::failed_precondition);
  }
}

TEST_CASE("a class that lists its variables itself is asked") {
  class Hidden {
   public:
    auto trainable_variables() { return std::tie(weight_); }

   private:
    Variable<float> weight_;
  };
  struct Model {
    Hidden hidden;
    cairn::keras::Dense<2, 2> dense;
  };
  Model model;
  CHECK(cairn::trainable_variables(model).size() == 3);
}

TEST_CASE("a variable by itself is a list of one") {
  Variable<float, 5> variable;
  CHECK(&cairn::trainable_variables(variable).get<0>() == &variable);
}

TEST_CASE("functions and handles in a struct are passed by") {
  struct Model {
    Variable<float> weight;
    std::function<void()> callback;
    std::shared_ptr<int> handle;
  };
  Model model;
  CHECK(cairn::trainable_variables(model).size() == 1);
}
