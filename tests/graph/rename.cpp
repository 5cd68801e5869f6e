// Old paths and new ones, without a checkpoint.
#include <cairn/graph/rename.hpp>

#include <doctest/doctest.h>

#include "io/files.hpp"

#include <string>

using namespace cairn;
using cairn::graph::detail::renamed;
using cairn::graph::detail::renamed_from_beginning;
using cairn::test::code_of;

TEST_CASE("wildcards of the new path are what those of the old one stood for") {
  CHECK(renamed({"a.*", "b.*"}, "a.kernel") == "b.kernel");
  CHECK(renamed({"a.*", "b.*"}, "a.") == "b.");
  CHECK(!renamed({"a.*", "b.*"}, "ab.kernel"));
  CHECK(renamed({"*.kernel", "*.weight"}, "m.kernel.kernel") == "m.kernel.weight");
  CHECK(renamed({"*.*.k", "*-*"}, "a.b.c.k") == "a-b.c");
  CHECK(renamed({"*", "outer.*"}, "a.b") == "outer.a.b");
  CHECK(renamed({"**", "*|*"}, "abc") == "|abc");
  CHECK(renamed({"a", "b"}, "a") == "b");
  CHECK(renamed({"layer_?.*", "block_?.*"}, "layer_1.kernel") == "block_1.kernel");
  CHECK(renamed({"*_[01]_?", "[01]?*"}, "layer_1_x") == "1xlayer");
}

TEST_CASE("a wildcard that the old path does not have is refused; without any there they are letters") {
  CHECK(code_of([] { cairn::graph::detail::require_legal({{"a.*", "b.?"}}); }) == ErrorCode::invalid_argument);
  CHECK(code_of([] { cairn::graph::detail::require_legal({{"a?", "*"}}); }) == ErrorCode::invalid_argument);
  CHECK(code_of([] { cairn::graph::detail::require_legal({{"a", "*"}}); }) == ErrorCode::invalid_argument);
  CHECK_NOTHROW(cairn::graph::detail::require_legal({{"a", "b[0]?"}}));
  CHECK(renamed({"a", "b[0]?"}, "a") == "b[0]?");
}

TEST_CASE("what is not used of the old path is left out") {
  CHECK(renamed({"v*.layer.*", "layer"}, "v1.layer.0") == "layer");
}

TEST_CASE("a rule that fits the beginning keeps the rest, up to a separator only") {
  CHECK(renamed_from_beginning({"old", "new"}, "old/kernel", '/') == "new/kernel");
  CHECK(renamed_from_beginning({"old/*", "new/*"}, "old/dense/kernel", '/') == "new/dense/kernel");
  CHECK(!renamed_from_beginning({"old", "new"}, "older/kernel", '/'));
}
