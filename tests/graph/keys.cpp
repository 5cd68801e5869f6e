// TensorFlow's names of keys, as measured.
#include <cairn/graph/keys.hpp>

#include <doctest/doctest.h>

using namespace cairn::detail;

TEST_CASE("dots are doubled before slashes are replaced, and nothing else changes") {
  CHECK(escape_local_name("a/b") == "a.Sb");
  CHECK(escape_local_name("a.b") == "a..b");
  CHECK(escape_local_name(".S") == "..S");
  CHECK(escape_local_name("a.S") == "a..S");
  CHECK(escape_local_name("d/.ATTRIBUTES/f") == "d.S..ATTRIBUTES.Sf");
  CHECK(escape_local_name("") == "");
  CHECK(escape_local_name("ein Name, größer") == "ein Name, größer");
}

TEST_CASE("a key is the path below the root, then the attribute") {
  const std::string model = child_path("", true, "model");
  CHECK(attribute_key(child_path(model, false, "a/b"), variable_value) == "model/a.Sb/.ATTRIBUTES/VARIABLE_VALUE");
  CHECK(attribute_key("", variable_value) == "/.ATTRIBUTES/VARIABLE_VALUE");
  CHECK(attribute_key(child_path("", true, ""), variable_value) == "/.ATTRIBUTES/VARIABLE_VALUE");
}
