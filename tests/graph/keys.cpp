// TensorFlow's names of keys, as measured.
#include <cairn/graph/keys.hpp>

#include <doctest/doctest.h>

#include <string>

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
  std::string path;
  append_child_path(path, true, "model");
  append_child_path(path, false, "a/b");
  CHECK(attribute_key(path, variable_value) == "model/a.Sb/.ATTRIBUTES/VARIABLE_VALUE");
  CHECK(attribute_key("", variable_value) == "/.ATTRIBUTES/VARIABLE_VALUE");
  std::string empty_name;
  append_child_path(empty_name, true, "");
  CHECK(attribute_key(empty_name, variable_value) == "/.ATTRIBUTES/VARIABLE_VALUE");
}
