// std::variant: the number of its alternative, and what that is by itself. A restore makes the alternative that was saved.
#include <cairn/graph/detail/variant_type.hpp>
#include <cairn/reflect/describe.hpp>
#include <cairn/reflect/static_keys.hpp>

#include <doctest/doctest.h>

#include "graph/saved_state.hpp"
#include "support/errors.hpp"

#include <bit>
#include <cstring>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

using namespace cairn;
using namespace cairn::test;

namespace {

struct Linear {
  double k = 1;
};
struct Quadratic {
  double k = 1;
  std::vector<double> q;
  Variable<float, 2> w;
};
struct Throws {
  operator Variable<float, 2>() const { throw std::runtime_error("no"); }  // NOLINT(google-explicit-constructor)
};
using Force = std::variant<Linear, Quadratic, std::string>;

void set_index(SavedState& saved, std::int64_t index) {
  auto& bytes = saved.values.find("it/index/.ATTRIBUTES/VARIABLE_VALUE")->second.bytes;
  std::memcpy(bytes.data(), &index, sizeof index);
}

}  // namespace

TEST_CASE("a variant is its index and its alternative") {
  Force force = Quadratic{2, {3, 4}, {}};
  const SavedState saved(child("it", force));
  CHECK(saved.keys() == Names{"it/index/.ATTRIBUTES/VARIABLE_VALUE", "it/value/k/.ATTRIBUTES/VARIABLE_VALUE",
                              "it/value/q/.ATTRIBUTES/VARIABLE_VALUE", "it/value/w/.ATTRIBUTES/VARIABLE_VALUE"});
  CHECK(saved.values.begin()->second.dtype == DT_INT64);
  CHECK(saved.values.begin()->second.bytes[std::endian::native == std::endian::little ? 0 : 7] == std::byte{1});
}

TEST_CASE("a restore makes the alternative that was saved, and keeps one that is there where it is") {
  Force force = Quadratic{2, {3, 4}, {}};
  const SavedState saved(child("it", force));
  for (Force again : {Force(Linear{7}), Force("text"), Force(Quadratic{})}) {
    const auto* const before = std::get_if<Quadratic>(&again);
    const float* const elements = before == nullptr ? nullptr : before->w.data();
    const Restored restored = saved.restore(child("it", again));
    CHECK(restored.matched.size() == 4);
    CHECK(restored.only_in_program.empty());
    REQUIRE(again.index() == 1);
    CHECK(std::get<1>(again).k == 2);
    CHECK(std::get<1>(again).q == std::vector<double>{3, 4});
    if (before != nullptr) CHECK(std::get<1>(again).w.data() == elements);
  }
  force = "now a text";
  const SavedState text(child("it", force));
  Force again;
  text.restore(child("it", again));
  CHECK(std::get<std::string>(again) == "now a text");
}

TEST_CASE("a variant of nothing, and variants in lists and in each other") {
  using Inner = std::variant<std::monostate, int>;
  using Outer = std::variant<std::vector<Inner>, Inner>;
  struct State {
    Inner nothing;
    Outer list, one;
    std::vector<Outer> many;
    std::monostate unit;
  } state, again;
  state.list = std::vector<Inner>{1, {}, 3};
  state.one = Inner(5);
  state.many = {Inner(7), std::vector<Inner>{9}};
  again.nothing = 3;
  again.many.resize(5);
  const SavedState saved(root_of(state));
  const Restored restored = saved.restore(root_of(again));
  CHECK(restored.only_in_checkpoint.empty());
  CHECK(restored.only_in_program.empty());
  CHECK(again.nothing == state.nothing);
  CHECK(again.list == state.list);
  CHECK(again.one == state.one);
  CHECK(again.many == state.many);
}

TEST_CASE("an index that is no alternative's is a mismatch, and nothing changes") {
  Force force = Linear{5};
  SavedState saved(child("it", force));
  for (const std::int64_t index : {std::int64_t{3}, std::int64_t{-1}, std::int64_t{1} << 40}) {
    set_index(saved, index);
    force = Linear{7};
    CHECK(code_of([&] { saved.restore(child("it", force)); }) == ErrorCode::invalid_argument);
    CHECK(std::get<0>(force).k == 7);
    const Restored restored = saved.restore(child("it", force), OnMismatch::skip);
    CHECK(restored.mismatched.size() == 1);
    CHECK(restored.only_in_checkpoint == Names{"it.value.k"});
    CHECK(std::get<0>(force).k == 7);
  }
  set_index(saved, 3);
  CHECK(
      sentence_of([&] { saved.restore(child("it", force)); }) ==
      "it/index/.ATTRIBUTES/VARIABLE_VALUE in file is int64 3 in the checkpoint, int64 below 3 in the program "
      "(it.index); nothing was restored. Restore into the same architecture, or skip what differs with {.on_mismatch = "
      "cairn::OnMismatch::skip}");
}

TEST_CASE("a variant that holds no alternative is not saved") {
  std::variant<int, Variable<float, 2>> variant;
  CHECK_THROWS_AS(variant.emplace<1>(Throws()), std::runtime_error);
  REQUIRE(variant.valueless_by_exception());
  CHECK(code_of([&] { SavedState(child("it", variant)); }) == ErrorCode::failed_precondition);
  CHECK(sentence_of([&] { SavedState(child("it", variant)); }).find("holds no alternative, since an exception came") !=
        std::string::npos);
}

TEST_CASE("a pointer leads into the alternative that a restore makes") {
  struct State {
    std::variant<int, Linear> force;
    Linear* pointer = nullptr;
  } state, again;
  state.force = Linear{5};
  state.pointer = &std::get<1>(state.force);
  const SavedState saved(root_of(state));
  CHECK(saved.restore(root_of(again)).only_in_checkpoint.empty());
  REQUIRE(again.force.index() == 1);
  CHECK(again.pointer == &std::get<1>(again.force));
}

TEST_CASE("what the type tells of a variant") {
  CHECK(static_keys<std::variant<int, Linear>>.size() == 1);
  CHECK(describe<std::variant<int, double>>() ==
        "std::variant<int, double>\n"
        "  index: int64 []\n"
        "  value: (optional) int32 []\n"
        "  value: (optional) float64 []\n");
}
