#include <cairn/io/path.hpp>

#include <doctest/doctest.h>

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
