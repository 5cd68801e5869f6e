#include <cairn/bundle/files.hpp>

#include <doctest/doctest.h>

#include <cairn/testing/memory_file_system.hpp>

#include "io/files.hpp"

#include <string>
#include <vector>

namespace bundle = cairn::bundle;

TEST_CASE("removing a bundle takes its files and no others") {
  cairn::testing::MemoryFileSystem files;
  files.create_directory("d");
  for (const char* const name :
       {"ckpt-1.index", "ckpt-1.data-00000-of-00002", "ckpt-1.data-00001-of-00002", "ckpt-10.index",
        "ckpt-10.data-00000-of-00001", "ckpt-1.data-old", "checkpoint", "ckpt-1.index.cairn-tmp-1-2"})
    cairn::test::write_file(files, std::string("d/") + name, "");
  CHECK(bundle::checkpoint_exists("d/ckpt-1", files));
  CHECK(bundle::data_files("d/ckpt-1", files) ==
        std::vector<std::string>{"d/ckpt-1.data-00000-of-00002", "d/ckpt-1.data-00001-of-00002"});
  bundle::remove_checkpoint("d/ckpt-1", files);
  CHECK_FALSE(bundle::checkpoint_exists("d/ckpt-1", files));
  CHECK(files.list_directory("d") == std::vector<std::string>{"checkpoint", "ckpt-1.data-old",
                                                              "ckpt-1.index.cairn-tmp-1-2",
                                                              "ckpt-10.data-00000-of-00001", "ckpt-10.index"});
}

TEST_CASE("removing what is not there is no failure") {
  cairn::testing::MemoryFileSystem files;
  bundle::remove_checkpoint("none/ckpt-1", files);
  bundle::remove_checkpoint("ckpt-1", files);
  CHECK(bundle::data_files("none/ckpt-1", files).empty());
}
