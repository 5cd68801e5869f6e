#include "cairn/reflect/detail/reflect.hpp"
#include "cairn/tensor/variable.hpp"

#include <doctest/doctest.h>

#include <any>
#include <array>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

// "a b c": the names that for_each_member meets, each with the place it should have.
template <class T>
std::string names(T& object) {
  std::string text;
  std::size_t next = 0;
  cairn::reflect::detail::for_each_member(
      object, [&]<std::size_t I>(std::integral_constant<std::size_t, I>, auto& member) {
        static_assert(std::is_same_v<std::remove_const_t<std::remove_reference_t<decltype(member)>>,
                                     std::remove_const_t<cairn::reflect::detail::MemberType<T, I>>>);
        CHECK(I == next++);
        CHECK(static_cast<const void*>(std::addressof(member)) ==
              static_cast<const void*>(std::addressof(cairn::reflect::detail::get_member<T, I>(object))));
        text += (text.empty() ? "" : " ") + std::string(cairn::reflect::detail::member_name<T, I>());
      });
  CHECK(next == cairn::reflect::detail::member_count<T>());
  return text;
}

struct Empty {};
struct One {
  int only;
};
struct Model {
  cairn::Variable<float, 784, 10> weights;
  cairn::Variable<float, 10> biases;
};

}  // namespace

TEST_CASE("a struct's members are counted, named, typed and reached in the order of declaration") {
  Model model;
  CHECK(names(model) == "weights biases");
  static_assert(cairn::reflect::detail::member_count<Model>() == 2 &&
                cairn::reflect::detail::member_count<const Model>() == 2);
  static_assert(std::is_same_v<cairn::reflect::detail::MemberType<Model, 1>, cairn::Variable<float, 10>>);
  static_assert(std::is_same_v<cairn::reflect::detail::MemberType<const Model, 1>, cairn::Variable<float, 10>>);
  CHECK(&cairn::reflect::detail::get_member<Model, 0>(model) == &model.weights);
}

TEST_CASE("the members of a const struct are const") {
  const Model model;
  cairn::reflect::detail::for_each_member(
      model, [](auto, auto& member) { static_assert(std::is_const_v<std::remove_reference_t<decltype(member)>>); });
  static_assert(std::is_same_v<decltype(cairn::reflect::detail::get_member<const Model, 0>(model)),
                               const cairn::Variable<float, 784, 10>&>);
}

TEST_CASE("structs with no member and with one are structs like others") {
  Empty empty;
  One one{3};
  CHECK(names(empty).empty());
  CHECK(names(one) == "only");
  CHECK(cairn::reflect::detail::get_member<One, 0>(one) == 3);
}

TEST_CASE("what is written through a member is in the struct") {
  One one{3};
  cairn::reflect::detail::for_each_member(one, [](auto, auto& member) { member = 4; });
  CHECK(one.only == 4);
}

TEST_CASE("members are reached at compile time, too") {
  static_assert([] {
    struct Pair {
      int first, second;
    } pair{1, 2};
    int sum = 0;
    cairn::reflect::detail::for_each_member(
        pair, [&](auto index, int& member) { sum += static_cast<int>(index) * 10 + member; });
    return sum;
  }() == 13);
}

TEST_CASE("const members, defaults and members without one are no obstacle") {
  struct Fixed {
    Fixed(int, int) {}
  };
  struct Mixed {
    const int constant = 3;
    Fixed fixed;
    double rate = 0.5;
    Fixed another;
  } mixed{1, {1, 2}, 2.0, {3, 4}};
  CHECK(names(mixed) == "constant fixed rate another");
  static_assert(std::is_same_v<cairn::reflect::detail::MemberType<Mixed, 0>, const int>);
}

TEST_CASE("members that cannot be copied or moved are no obstacle") {
  struct Owning {
    std::unique_ptr<int> pointer;
    std::mutex mutex;
    std::atomic<int> atomic = 1;
    std::vector<std::unique_ptr<int>> pointers;
  } owning;
  CHECK(names(owning) == "pointer mutex atomic pointers");
}

TEST_CASE("members that can be made from anything are counted once") {
  struct Greedy {
    std::any any;
    std::function<void()> function;
    std::optional<std::string> optional;
    std::string string;
  } greedy;
  CHECK(names(greedy) == "any function optional string");
  struct OneGreedy {
    std::any any;
  } one;
  CHECK(names(one) == "any");
}

TEST_CASE("an optional of a struct that only this file knows is no obstacle") {
  struct Optional {
    std::optional<Model> model;
    std::unique_ptr<Model> owned;
  } optional;
  CHECK(names(optional) == "model owned");
  struct Copyable {
    std::optional<Model> model;
  } copyable;
  CHECK(names(copyable) == "model");
}

TEST_CASE("aggregates inside are members, not their members") {
  struct Outer {
    Model first;
    Empty empty;
    [[no_unique_address]] Empty without_place;
    std::pair<int, One> pair;
    std::tuple<int, One> tuple;
    std::map<std::string, One> map;
  } outer;
  CHECK(names(outer) == "first empty without_place pair tuple map");
}

TEST_CASE("arrays of what has a destructor are members") {
  struct Arrays {
    std::array<cairn::Variable<float, 2>, 3> variables;
    std::array<Model, 2> models;
    std::array<std::string, 4> strings;
    std::array<std::array<std::vector<int>, 2>, 2> nested;
    std::array<int, 0> none;
  } arrays;
  CHECK(names(arrays) == "variables models strings nested none");
}

TEST_CASE("the size of a struct does not matter") {
  struct Large {
    std::array<float, 1'000'000> pixels;
    std::array<One, 100'000> ones;
    int step;
  };
  const auto large = std::make_unique<Large>();
  CHECK(names(*large) == "pixels ones step");
}

TEST_CASE("a struct may hold more of itself") {
  struct Tree {
    int value = 0;
    std::vector<Tree> children;
    std::unique_ptr<Tree> next;
  } tree;
  CHECK(names(tree) == "value children next");
}

TEST_CASE("what only looks like a plain struct is none") {
  static_assert(cairn::reflect::detail::PlainStruct<Model> && cairn::reflect::detail::PlainStruct<const Model> &&
                cairn::reflect::detail::PlainStruct<Empty>);
  static_assert(!cairn::reflect::detail::PlainStruct<std::array<int, 2>> &&
                !cairn::reflect::detail::PlainStruct<std::pair<int, int>> &&
                !cairn::reflect::detail::PlainStruct<std::tuple<int>>);
  static_assert(!cairn::reflect::detail::PlainStruct<std::string> &&
                !cairn::reflect::detail::PlainStruct<std::vector<int>> && !cairn::reflect::detail::PlainStruct<int> &&
                !cairn::reflect::detail::PlainStruct<int*>);
  static_assert(!cairn::reflect::detail::PlainStruct<int[3]> && !cairn::reflect::detail::PlainStruct<Model&> &&
                !cairn::reflect::detail::PlainStruct<cairn::Variable<float>>);
  union Either {
    int whole;
    float part;
  };
  static_assert(!cairn::reflect::detail::PlainStruct<Either>);
}

#define TEN_MEMBERS(t) \
  int t##0 = 0, t##1 = 0, t##2 = 0, t##3 = 0, t##4 = 0, t##5 = 0, t##6 = 0, t##7 = 0, t##8 = 0, t##9 = 0;
TEST_CASE("a struct may have a hundred members") {
  struct Hundred {
    TEN_MEMBERS(a)
    TEN_MEMBERS(b)
    TEN_MEMBERS(c)
    TEN_MEMBERS(d)
    TEN_MEMBERS(e)
    TEN_MEMBERS(f)
    TEN_MEMBERS(g)
    TEN_MEMBERS(h)
    TEN_MEMBERS(i)
    TEN_MEMBERS(j)
  } hundred;
  static_assert(cairn::reflect::detail::member_count<Hundred>() == 100 &&
                cairn::reflect::detail::member_name<Hundred, 99>() == "j9");
  hundred.j9 = 7;
  CHECK(cairn::reflect::detail::get_member<Hundred, 99>(hundred) == 7);
}

namespace {
struct HoldsMoveOnlyElements {
  std::vector<std::unique_ptr<int>> pointers;
  int last = 0;
};
}  // namespace

TEST_CASE("a container of elements that can only be moved is a member like any other, also under clang") {
  CHECK(cairn::reflect::detail::member_count<HoldsMoveOnlyElements>() == 2);
}
