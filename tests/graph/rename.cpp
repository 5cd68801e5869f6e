// Old paths and new ones, without a checkpoint.
#include <cairn/graph/rename.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace cairn;
using detail::match_pattern;
using detail::renamed;
using detail::renamed_from_beginning;

TEST_CASE("a star stands for one letter at least, and as little as possible") {
  CHECK(renamed({"a.*", "b.*"}, "a.kernel") == "b.kernel");
  CHECK(!renamed({"a.*", "b.*"}, "a."));
  CHECK(!renamed({"a.*", "b.*"}, "ab.kernel"));
  CHECK(renamed({"*.kernel", "*.weight"}, "m.kernel.kernel") == "m.kernel.weight");
  CHECK(renamed({"*.*.k", "*-*"}, "a.b.c.k") == "a-b.c");
  CHECK(renamed({"*", "outer.*"}, "a.b") == "outer.a.b");
  CHECK(renamed({"**", "*|*"}, "abc") == "a|bc");
  CHECK(!renamed({"*", "*"}, ""));
  CHECK(renamed({"a", "b"}, "a") == "b");
}

TEST_CASE("what is not used of the old path is left out") {
  CHECK(renamed({"v*.layer.*", "layer"}, "v1.layer.0") == "layer");
}

TEST_CASE("a rule that fits the beginning keeps the rest, up to a separator only") {
  CHECK(renamed_from_beginning({"old", "new"}, "old/kernel", '/') == "new/kernel");
  CHECK(renamed_from_beginning({"old/*", "new/*"}, "old/dense/kernel", '/') == "new/dense/kernel");
  CHECK(!renamed_from_beginning({"old", "new"}, "older/kernel", '/'));
}

TEST_CASE("a pattern of many stars over a long text takes no time worth mentioning") {
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "*a";
  CHECK(!match_pattern(pattern + "b", std::string(20'000, 'a')));
}
