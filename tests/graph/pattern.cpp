#include <cairn/graph/detail/pattern.hpp>

#include <doctest/doctest.h>

#include <optional>
#include <random>
#include <string>
#include <string_view>

namespace {

using Found = std::optional<cairn::core::detail::Vec<std::string_view>>;
bool fits(std::string_view pattern, std::string_view text) {
  const bool by_states = [&] {
    const cairn::graph::detail::PatternStates states(pattern);
    return states.fits(states.after(states.begin(), text));
  }();
  const bool found = cairn::graph::detail::match_pattern(pattern, text).has_value();
  if (pattern != text) CHECK(found == by_states);  // a text that is the pattern fits, whatever is in it
  return found;
}

}  // namespace

TEST_CASE("a star stands for any text, also none, and a question mark for one character") {
  CHECK(fits("*", ""));
  CHECK(fits("*/Adam*", "net/w/Adam"));
  CHECK(fits("*/Adam*", "net/w/Adam_1"));
  CHECK(fits("*optimizer*", "optimizer"));
  CHECK(!fits("v*", "w"));
  CHECK(fits("layer_?", "layer_0"));
  CHECK(!fits("layer_?", "layer_"));
  CHECK(!fits("layer_?", "layer_10"));
  CHECK(fits("?", "\u00e9"));
  CHECK(!fits("??", "\u00e9"));
  CHECK(fits("*?", "a\u00e9"));
  CHECK(cairn::graph::detail::match_pattern("*.*", "a.b.c") == Found({"a", "b.c"}));
  CHECK(cairn::graph::detail::match_pattern("?[xy]*", "axbc") == Found({"a", "x", "bc"}));
  CHECK(cairn::graph::detail::match_pattern("**", "abc") == Found({"", "abc"}));
}

TEST_CASE("brackets stand for one of their characters, as in a shell") {
  CHECK(fits("a[bc]d", "abd"));
  CHECK(!fits("a[bc]d", "aed"));
  CHECK(fits("[0-9]", "7"));
  CHECK(!fits("[!0-9]", "7"));
  CHECK(fits("[^0-9]", "x"));
  CHECK(fits("[]a]", "]"));
  CHECK(fits("[!]a]", "b"));
  CHECK(fits("[a-]", "-"));
  CHECK(fits("[*]", "*"));
  CHECK(!fits("[*]", "a"));
  CHECK(fits("[\u00e0-\u00ef]", "\u00e9"));
  CHECK(fits("a[b", "a[b"));  // no set: letters
  CHECK(fits("[]", "[]"));
  CHECK(cairn::graph::detail::is_pattern("[ab]"));
  CHECK(!cairn::graph::detail::is_pattern("a[b"));
  CHECK(!cairn::graph::detail::is_pattern("model.kernel"));
}

TEST_CASE("a name that is the pattern letter for letter fits") {
  CHECK(fits("a[0]", "a[0]"));
  CHECK(fits("a[0]", "a0"));
  CHECK(cairn::graph::detail::match_pattern("a[0]*", "a[0]*") == Found({"[0]", "*"}));
}

TEST_CASE("a pattern of many stars over a long text takes no time worth mentioning") {
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "*a";
  CHECK(!cairn::graph::detail::match_pattern(pattern + "b", std::string(20'000, 'a')));
}

TEST_CASE("piece by piece the same fits as at once") {
  std::mt19937 random(7);
  const auto text_of = [&](std::string_view letters, std::size_t most) {
    std::string text;
    for (std::size_t length = random() % (most + 1); text.size() < length;) text += letters[random() % letters.size()];
    return text;
  };
  int fitting = 0;
  for (int i = 0; i < 20'000; ++i) fitting += fits(text_of("ab*?[]!-", 7), text_of("ab", 6)) ? 1 : 0;
  CHECK(fitting > 1000);
}
