#include <cairn/core/detail/rare.hpp>

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>

using cairn::core::detail::Rare;
using cairn::core::detail::RareText;

TEST_CASE("a rare value is absent, present, and copied deeply") {
  static_assert(sizeof(Rare<std::string>) == sizeof(void*));
  Rare<std::string> value;
  CHECK_FALSE(value);
  CHECK(value == Rare<std::string>());
  value = std::string("text");
  Rare<std::string> copy = value;
  CHECK(copy == value);
  *copy += "s";
  CHECK(*value == "text");
  CHECK_FALSE(copy == value);
  CHECK_FALSE(copy == Rare<std::string>());
  value = copy;
  CHECK(value->size() == 5);
  value.emplace();
  CHECK(value->empty());
  value = Rare<std::string>();
  CHECK_FALSE(value.has_value());
}

TEST_CASE("a rare text grows, and an empty one is the same as none") {
  RareText text;
  CHECK(text.empty());
  CHECK(text == RareText(""));
  text.append("a");
  text.append("b");
  CHECK(std::string_view(text) == "ab");
  std::string more = "x";
  more += text;
  CHECK(more == "xab");
}
