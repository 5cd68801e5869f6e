#include "cairn/reflect/members.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace {

struct Plain {
  int step;
};
struct Trainer {
  int weights;
  std::thread worker;
  int bias;
  int rate;
};
template <class T>
struct Swapped {
  T first, second;
};

template <class T, std::size_t I>
std::vector<std::string> names() {
  const auto all = cairn::reflect::detail::all_names<T, I>();
  return {all.begin(), all.end()};
}

}  // namespace

template <>
inline constexpr auto cairn::members<Trainer> =
    cairn::describe(cairn::rename<"weights">("kernel", "w"), cairn::not_saved<"worker">(),
                    cairn::rename<"rate">("learning_rate", "rate"));
template <class T>
inline constexpr auto cairn::members<Swapped<T>> =
    cairn::describe(cairn::rename<"first">("second"), cairn::rename<"second">("first"));

TEST_CASE("a member that nobody describes is saved under its own name") {
  CHECK(cairn::reflect::detail::is_saved<Plain, 0>());
  CHECK(cairn::reflect::detail::saved_name<Plain, 0>() == "step");
  CHECK(names<Plain, 0>() == std::vector<std::string>{"step"});
  CHECK(cairn::reflect::detail::is_saved<Trainer, 2>());
  CHECK(cairn::reflect::detail::saved_name<Trainer, 2>() == "bias");
}

TEST_CASE("a renamed member is saved under the first name and known by all, its own included") {
  CHECK(cairn::reflect::detail::saved_name<Trainer, 0>() == "kernel");
  CHECK(names<Trainer, 0>() == std::vector<std::string>{"kernel", "w", "weights"});
}

TEST_CASE("its own name is not listed twice") {
  CHECK(names<Trainer, 3>() == std::vector<std::string>{"learning_rate", "rate"});
}

TEST_CASE("a member is left out by its name or by its type") {
  CHECK_FALSE(cairn::reflect::detail::is_saved<Trainer, 1>());
  struct Local {
    cairn::NotSaved<std::thread> worker;
    int step = 0;
    const cairn::NotSaved<int> constant;
  };
  CHECK_FALSE(cairn::reflect::detail::is_saved<Local, 0>());
  CHECK(cairn::reflect::detail::is_saved<Local, 1>());
  CHECK_FALSE(cairn::reflect::detail::is_saved<Local, 2>());
}

TEST_CASE("a class template is described once for all arguments") {
  CHECK(cairn::reflect::detail::saved_name<Swapped<int>, 0>() == "second");
  CHECK(cairn::reflect::detail::saved_name<Swapped<Plain>, 1>() == "first");
}

TEST_CASE("a member marked by its type is used like a pointer and made like a value") {
  struct Local {
    cairn::NotSaved<int> number;
    cairn::NotSaved<std::string> text;
    cairn::NotSaved<std::unique_ptr<int>> owned;
  } local{3, std::string("abc"), std::make_unique<int>(4)};
  *local.number += 1;
  CHECK(*local.number == 4);
  CHECK(local.text->size() == 3);
  CHECK(**local.owned == 4);
  const Local& constant = local;
  CHECK(constant.text->size() == 3);
  CHECK(*constant.number == 4);
  CHECK(*Local{}.number == 0);
}
