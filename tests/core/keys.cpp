// TensorFlow's names of keys, as measured.
#include <cairn/core/detail/keys.hpp>

#include <doctest/doctest.h>

#include <string>

TEST_CASE("dots are doubled before slashes are replaced, and nothing else changes") {
  CHECK(cairn::core::detail::escape_local_name("a/b") == "a.Sb");
  CHECK(cairn::core::detail::escape_local_name("a.b") == "a..b");
  CHECK(cairn::core::detail::escape_local_name(".S") == "..S");
  CHECK(cairn::core::detail::escape_local_name("a.S") == "a..S");
  CHECK(cairn::core::detail::escape_local_name("d/.ATTRIBUTES/f") == "d.S..ATTRIBUTES.Sf");
  CHECK(cairn::core::detail::escape_local_name("") == "");
  CHECK(cairn::core::detail::escape_local_name("ein Name, größer") == "ein Name, größer");
}

TEST_CASE("a key is the path below the root, then the attribute") {
  std::string path;
  cairn::core::detail::append_child_path(path, true, "model");
  cairn::core::detail::append_child_path(path, false, "a/b");
  CHECK(cairn::core::detail::attribute_key(path, cairn::core::detail::variable_value) ==
        "model/a.Sb/.ATTRIBUTES/VARIABLE_VALUE");
  CHECK(cairn::core::detail::attribute_key("", cairn::core::detail::variable_value) == "/.ATTRIBUTES/VARIABLE_VALUE");
  std::string empty_name;
  cairn::core::detail::append_child_path(empty_name, true, "");
  CHECK(cairn::core::detail::attribute_key(empty_name, cairn::core::detail::variable_value) ==
        "/.ATTRIBUTES/VARIABLE_VALUE");
}
