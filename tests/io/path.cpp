#include <cairn/io/path.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace io = cairn::io;

TEST_CASE("the folder of a path is never empty") {
  CHECK(io::parent_directory("a/b") == "a");
  CHECK(io::parent_directory("a") == ".");
  CHECK(io::parent_directory("") == ".");
  CHECK(io::parent_directory("/a") == "/");
  CHECK(io::parent_directory("/") == "/");
  CHECK(io::parent_directory("a/") == "a");
  CHECK(io::parent_directory("a//b") == "a");
  CHECK(io::parent_directory("//a") == "/");
}

TEST_CASE("the name of a path is what stands behind its last slash") {
  CHECK(io::file_name("a/b.index") == "b.index");
  CHECK(io::file_name("b") == "b");
  CHECK(io::file_name("a/") == "");
}

TEST_CASE("a relative name is joined to its folder, an absolute one stands for itself") {
  CHECK(io::join_path("training", "ckpt-1") == "training/ckpt-1");
  CHECK(io::join_path("training/", "ckpt-1") == "training/ckpt-1");
  CHECK(io::join_path("", "ckpt-1") == "ckpt-1");
  CHECK(io::join_path("training", "/data/ckpt-1") == "/data/ckpt-1");
  CHECK(io::join_path("/d", "./k") == "/d/./k");
}

TEST_CASE("a path is made normal, and relative to a folder, as std::filesystem does it") {
  CHECK(io::normal_path("./a/b/../c") == "a/c");
  CHECK(io::normal_path("//") == "/");
  CHECK(io::relative_path("run/a", "run/b") == "../a");
  CHECK(io::relative_path("/run/a", "b") == std::nullopt);
  CHECK(io::relative_path("a", "..") == std::nullopt);

  const std::vector<std::string> parts{"", "/", "//", "a", "a/", "bc/", "./", ".", "../", ".."};
  std::vector<std::string> paths{""};
  for (std::size_t first = 0, last = 1, length = 0; length < 4; ++length, first = last, last = paths.size())
    for (std::size_t i = first; i < last; ++i)
      for (const std::string& part : parts)
        if (!part.empty()) paths.push_back(paths[i] + part);
  std::size_t different = 0;
  for (const std::string& path : paths)  // libstdc++ leaves "//" as it is
    different += path.find_first_not_of('/') != std::string::npos &&
                 io::normal_path(path) != std::filesystem::path(path).lexically_normal().generic_string();
  CHECK(different == 0);
  for (std::size_t i = 0; i < paths.size(); i += 37)
    for (std::size_t j = i % 7; j < paths.size(); j += 41) {
      constexpr bool is_windows = std::filesystem::path::preferred_separator ==
                                  '\\';  // there "/a" is seen from a drive, and "//a" is a machine
      if (is_windows && (paths[i].starts_with("/") || paths[j].starts_with("/"))) continue;
      const std::string expected = std::filesystem::path(paths[i]).lexically_relative(paths[j]).generic_string();
      const auto found = io::relative_path(paths[i], paths[j]);
      different += found ? *found != expected : !expected.empty();
    }
  CHECK(different == 0);
}
