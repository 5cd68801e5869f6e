#include <cairn/core/detail/function_ref.hpp>

#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

using cairn::core::detail::FunctionRef;

namespace {

int call(FunctionRef<int(int)> function, int argument) { return function(argument); }

}  // namespace

TEST_CASE("a function that is handed over is called where it is, with what it refers to") {
  int calls = 0;
  auto add = [&calls, sum = 0](int by) mutable {
    ++calls;
    return sum += by;
  };
  CHECK(call(add, 2) == 2);
  CHECK(call(add, 3) == 5);  // a copy would have begun anew
  CHECK(calls == 2);
}

TEST_CASE("constant functions, members of classes and copies of a reference can be called") {
  const auto twice = [](int number) { return 2 * number; };
  CHECK(call(twice, 21) == 42);
  const std::function<int(int)> stored = twice;
  CHECK(call(stored, 4) == 8);
  const FunctionRef<int(int)> first = twice;
  const FunctionRef<int(int)> second = first;
  CHECK(second(5) == 10);
}

TEST_CASE("arguments go through as they are, and results are converted") {
  const auto take = [](std::unique_ptr<std::string> text, std::string& copy) {
    copy = *text;
    return copy.c_str();
  };
  const FunctionRef<std::string(std::unique_ptr<std::string>, std::string&)> function = take;
  std::string copy;
  CHECK(function(std::make_unique<std::string>("moved"), copy) == "moved");
  CHECK(copy == "moved");
  static_assert(!std::is_convertible_v<decltype(take), FunctionRef<void(int)>>);
}
