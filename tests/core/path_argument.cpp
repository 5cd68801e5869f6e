#include <cairn/core/path_argument.hpp>

#include <doctest/doctest.h>

#include "support/scratch.hpp"

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace {

[[nodiscard]] std::string text_of(const cairn::PathArgument& path) { return path.string(); }
[[nodiscard]] std::string text_of_optional(const std::optional<cairn::PathArgument>& path) {
  return path ? path->string() : "nothing";
}

}  // namespace

TEST_CASE("a path is given as text of any kind, or as std::filesystem has it") {
  const std::string string = "run/ckpt-1";
  char buffer[] = "run/ckpt-1";
  CHECK(text_of("run/ckpt-1") == string);
  CHECK(text_of(buffer) == string);
  CHECK(text_of(string) == string);
  CHECK(text_of(std::string_view(string)) == string);
  CHECK(text_of(u8"run/ckpt-1") == string);
  CHECK(text_of(std::u8string(u8"run/ckpt-1")) == string);
  CHECK(text_of(std::filesystem::path("run") / "ckpt-1") == string);
  CHECK(text_of(std::string("a\0b", 3)).size() == 3);
  static_assert(!std::is_convertible_v<int, cairn::PathArgument>);
  static_assert(!std::is_default_constructible_v<cairn::PathArgument>);
}

TEST_CASE("an entry of a directory is its path") {
  const cairn::test::ScratchDirectory scratch;
  std::ofstream(scratch.path() / "one") << "text";
  for (const std::filesystem::directory_entry& entry : std::filesystem::directory_iterator(scratch.path()))
    CHECK(text_of(entry) == (scratch.path() / "one").generic_string());
}

TEST_CASE("a path that may be missing is given in the same ways, or as an optional") {
  CHECK(text_of_optional("a") == "a");
  CHECK(text_of_optional(std::filesystem::path("a")) == "a");
  CHECK(text_of_optional(std::optional<std::string>("a")) == "a");
  CHECK(text_of_optional(std::optional<std::filesystem::path>("a")) == "a");
  CHECK(text_of_optional(std::optional<std::string>()) == "nothing");
  CHECK(text_of_optional(std::nullopt) == "nothing");
  CHECK(text_of_optional({}) == "nothing");
}
