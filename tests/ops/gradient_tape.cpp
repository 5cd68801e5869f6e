#include "cairn/ops/gradient_tape.hpp"

#include <doctest/doctest.h>

#include "cairn/ops/arithmetic.hpp"
#include "cairn/ops/math.hpp"
#include "cairn/ops/reduce.hpp"
#include "cairn/tensor/variable_list.hpp"

#include <thread>
#include <tuple>

using cairn::GradientTape;
using cairn::Tensor;
using cairn::Variable;

TEST_CASE("a variable used several times gets the sum of its gradients") {
  Variable<float> x(3.0f);
  GradientTape tape;
  const auto y = x * x + cairn::square(x) * 2.0f + x;
  CHECK(tape.gradient(y, x) == 19.0f);
}

TEST_CASE("gradients for several variables come in the order that was asked for") {
  Variable<float> x(3.0f);
  Variable<float, 2> y{1, 2};
  GradientTape tape;
  const auto loss = cairn::reduce_sum(y * x);
  const auto [by_y, by_x] = tape.gradient(loss, std::tie(y, x));
  CHECK(by_x == 3.0f);
  CHECK(by_y[0] == 3.0f);
  CHECK(by_y[1] == 3.0f);
}

TEST_CASE("a variable that the loss does not depend on gets zeros") {
  Variable<float, 2> used{1, 2};
  Variable<float, 3> unused{1, 2, 3};
  GradientTape tape;
  const auto loss = cairn::reduce_sum(used);
  const auto gradients = tape.gradient(loss, std::tie(used, unused));
  for (const float value : std::get<1>(gradients).span()) CHECK(value == 0.0f);
}

TEST_CASE("the gradients of a list are read by index or by binding, and changed as a tuple") {
  Variable<float, 2> x{1, 2};
  Variable<double> y(3.0);
  Variable<float, 0> nothing;
  GradientTape tape({.persistent = true});
  const auto loss = cairn::reduce_sum(x * 4.0f);
  const auto gradients = tape.gradient(loss, cairn::tensor::detail::list_of(std::tie(x, y, nothing)));
  static_assert(gradients.size() == 3);
  const auto& [by_x, by_y, by_nothing] = gradients;
  CHECK(by_x[1] == 4.0f);
  CHECK(by_y == 0.0);
  CHECK(by_nothing.size() == 0);
  CHECK(gradients.get<0>().data() == get<0>(gradients).data());
  auto changed = gradients.as_tuple();
  std::get<0>(changed)[1] = 5.0f;
  CHECK(by_x[1] == 4.0f);
}

TEST_CASE("a Variable that changed its shape after it was recorded has no gradient") {
  Variable<float, cairn::dynamic> x(cairn::Shape{3});
  GradientTape tape;
  const auto loss = cairn::reduce_sum(x);
  x = Variable<float, cairn::dynamic>(cairn::Shape{2});
  CHECK_THROWS_WITH_AS(static_cast<void>(tape.gradient(loss, x)), doctest::Contains("changed its shape"), cairn::Error);
}

TEST_CASE("a loss that is no scalar counts as the sum of its elements") {
  Variable<float, 3> x{1, 2, 3};
  GradientTape tape;
  const auto y = cairn::square(x);
  CHECK(tape.gradient(y, x)[2] == 6.0f);
}

TEST_CASE("gradients are of the values at the time of the operation") {
  Variable<float> x(3.0f);
  GradientTape tape;
  const auto y = cairn::square(x);
  x.assign(100.0f);
  CHECK(tape.gradient(y, x) == 6.0f);
}

TEST_CASE("writing into a result does not change what the tape remembers of it") {
  Variable<float, 1> x{3.0f};
  GradientTape tape;
  auto y = cairn::exp(x * 0.0f);
  const auto z = y * x;
  y[0] = 1000;
  CHECK(tape.gradient(z, x)[0] == 1.0f);
}

TEST_CASE("what was computed before the tape began is a constant") {
  Variable<float> x(3.0f);
  const auto before = cairn::square(x);
  GradientTape tape;
  const auto y = before * x;
  CHECK(tape.gradient(y, x) == 9.0f);
}

TEST_CASE("a tape that was asked cannot be asked again, and has stopped recording") {
  Variable<float> x(3.0f);
  GradientTape tape;
  const auto y = cairn::square(x);
  static_cast<void>(tape.gradient(y, x));
  CHECK(cairn::square(x).tape_id() == 0);
  try {
    static_cast<void>(tape.gradient(y, x));
    FAIL("nothing was thrown");
  } catch (const cairn::Error& error) {
    CHECK(error.code() == cairn::ErrorCode::failed_precondition);
  }
}

TEST_CASE("a persistent tape can be asked again") {
  Variable<float> x(3.0f);
  GradientTape tape{{.persistent = true}};
  const auto y = cairn::square(x);
  const auto z = y * x;
  CHECK(tape.gradient(y, x) == 6.0f);
  CHECK(tape.gradient(z, x) == 27.0f);
}

TEST_CASE("all tapes of a thread record, in whichever order they end") {
  Variable<float> x(3.0f);
  auto outer = std::make_unique<GradientTape>();
  const auto y = cairn::square(x);
  GradientTape inner;
  const auto z = y * x;
  CHECK(outer->gradient(z, x) == 27.0f);
  outer.reset();
  CHECK(inner.gradient(z, x) == 9.0f);  // y is a constant to it
}

TEST_CASE("a tape records its own thread only") {
  Variable<float> x(3.0f);
  GradientTape tape;
  std::uint64_t elsewhere = 1;
  std::thread([&] { elsewhere = cairn::square(x).tape_id(); }).join();
  CHECK(elsewhere == 0);
  CHECK(cairn::square(x).tape_id() != 0);
}

TEST_CASE("the gradient of a variable by itself is one") {
  Variable<float, 2> x{3, 4};
  GradientTape tape;
  CHECK(tape.gradient(x, x)[1] == 1.0f);
}

TEST_CASE("a variable that changes its shape under the tape is reported") {
  Variable<float, cairn::dynamic> x(cairn::Shape{2});
  GradientTape tape;
  const auto first = cairn::reduce_sum(x);
  x.assign(Tensor<float, cairn::dynamic>(cairn::Shape{5}));
  const auto both = first + cairn::reduce_sum(x);
  CHECK_THROWS_AS(static_cast<void>(tape.gradient(both, x)), cairn::Error);
}

TEST_CASE("integers are not recorded") {
  Variable<int> x(3);
  GradientTape tape;
  CHECK((x * 2).tape_id() == 0);
}
