// Pointers and optionals: what was not there when it was saved goes, what was comes, sharing included.
#include <cairn/graph/detail/slot_types.hpp>

#include <doctest/doctest.h>

#include "graph/saved_state.hpp"

#include <functional>
#include <memory>
#include <optional>

using namespace cairn;
using namespace cairn::test;

namespace {
struct Leaf {
  float value = 0;
};
template <class P>
struct Holder {
  P pointer;
  float beside = 0;
};
template <class P>
P full(float value);
template <>
std::optional<Leaf> full(float value) {
  return Leaf{value};
}
template <>
std::unique_ptr<Leaf> full(float value) {
  return std::make_unique<Leaf>(Leaf{value});
}
template <>
std::shared_ptr<Leaf> full(float value) {
  return std::make_shared<Leaf>(Leaf{value});
}
}  // namespace

TEST_CASE_TEMPLATE("what an optional or owning pointer held comes back, and appears where there was nothing", P,
                   std::optional<Leaf>, std::unique_ptr<Leaf>, std::shared_ptr<Leaf>) {
  Holder<P> source{full<P>(3), 4};
  const SavedState saved(root_of(source));
  Holder<P> empty;
  CHECK(saved.restore(root_of(empty)).only_in_checkpoint.empty());
  REQUIRE(empty.pointer);
  CHECK(empty.pointer->value == 3);
  Holder<P> other{full<P>(9), 0};
  const Leaf* const object = &*other.pointer;
  saved.restore(root_of(other));
  CHECK(&*other.pointer == object);  // restored where it is
  CHECK(object->value == 3);
}

TEST_CASE_TEMPLATE("what was empty when it was saved is empty again", P, std::optional<Leaf>, std::unique_ptr<Leaf>,
                   std::shared_ptr<Leaf>) {
  Holder<P> source{P{}, 4};
  const SavedState saved(root_of(source));
  Holder<P> target{full<P>(9), 0};
  const Restored restored = saved.restore(root_of(target));
  CHECK_FALSE(target.pointer);
  CHECK(target.beside == 4);
  CHECK(restored.only_in_program.empty());
}

TEST_CASE("pointers that shared an object share one again") {
  struct State {
    std::shared_ptr<Leaf> one, two;
    std::weak_ptr<Leaf> weak;
  };
  State source;
  source.one = source.two = std::make_shared<Leaf>(Leaf{5});
  source.weak = source.one;
  const SavedState saved(root_of(source));
  State target;
  saved.restore(root_of(target));
  REQUIRE(target.one != nullptr);
  CHECK(target.one == target.two);
  CHECK(target.weak.lock() == target.one);
  CHECK(target.one.use_count() == 2);
  CHECK(target.one->value == 5);
  State half;
  half.one = std::make_shared<Leaf>();
  saved.restore(root_of(half));
  CHECK(half.one == half.two);
}

TEST_CASE("pointers that shared an object in the file but not in the program: the first one has the value") {
  struct State {
    std::shared_ptr<Leaf> one, two;
  };
  State source;
  source.one = source.two = std::make_shared<Leaf>(Leaf{5});
  const SavedState saved(root_of(source));
  State target{std::make_shared<Leaf>(Leaf{1}), std::make_shared<Leaf>(Leaf{2})};
  const Restored restored = saved.restore(root_of(target));
  CHECK(target.one->value == 5);
  CHECK(target.two->value == 2);
  CHECK(restored.only_in_program == Names{"two.value"});
}

TEST_CASE("two saved objects may come together in one: values of both, and the first of what both have") {
  struct First {
    float common = 1, first = 2;
  };
  struct Second {
    float common = 3, second = 4;
    std::vector<Variable<float>> list = std::vector<Variable<float>>(3);
  };
  struct {
    First one;
    Second two;
  } source;
  struct Both {
    float common = 0, first = 0, second = 0;
    std::vector<Variable<float>> list;
  };
  const SavedState saved(root_of(source));
  struct {
    std::shared_ptr<Both> one = std::make_shared<Both>(), two = one;
  } target;
  const Restored restored = saved.restore(root_of(target));
  CHECK(target.one->common == 1);
  CHECK(target.one->first == 2);
  CHECK(target.one->second == 4);
  CHECK(restored.only_in_program.empty());
  CHECK(restored.only_in_checkpoint.empty());
}

TEST_CASE("raw pointers and references lead to the object; an empty raw pointer stays empty and is listed") {
  Leaf object{3}, referred{4};
  struct State {
    Leaf* raw;
    std::reference_wrapper<Leaf> reference;
  } source{&object, referred};
  const SavedState saved(root_of(source));
  object.value = referred.value = 0;
  saved.restore(root_of(source));
  CHECK(object.value == 3);
  CHECK(referred.value == 4);
  State empty{nullptr, referred};
  CHECK(saved.restore(root_of(empty)).only_in_checkpoint == Names{"raw.value"});
  CHECK(empty.raw == nullptr);
}

TEST_CASE("an optional behind a pointer behind an optional appears as a whole") {
  struct State {
    std::optional<std::unique_ptr<std::optional<float>>> deep;
  };
  State source;
  source.deep = std::make_unique<std::optional<float>>(6.f);
  const SavedState saved(root_of(source));
  State target;
  saved.restore(root_of(target));
  REQUIRE(target.deep.has_value());
  CHECK(**target.deep->get() == 6);
}

TEST_CASE("a failed restore creates and clears nothing") {
  struct State {
    std::unique_ptr<Leaf> comes;
    std::optional<Leaf> goes;
    std::shared_ptr<Leaf> shared;
    float last = 0;
  };
  State source;
  source.comes = std::make_unique<Leaf>();
  source.shared = std::make_shared<Leaf>();
  SavedState saved(root_of(source));
  saved.damaged.insert("last/.ATTRIBUTES/VARIABLE_VALUE");
  State target;
  target.goes = Leaf{7};
  CHECK(code_of([&] { saved.restore(root_of(target)); }) == ErrorCode::data_loss);
  CHECK(target.comes == nullptr);
  CHECK(target.goes->value == 7);
  CHECK(target.shared == nullptr);
}
