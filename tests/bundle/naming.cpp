#include <cairn/bundle/naming.hpp>

#include <doctest/doctest.h>

namespace bundle = cairn::bundle;

TEST_CASE("the files of a checkpoint have TensorFlow's names") {
  CHECK(bundle::index_path("training/ckpt-3") == "training/ckpt-3.index");
  CHECK(bundle::data_path("training/ckpt-3", 0, 1) == "training/ckpt-3.data-00000-of-00001");
  CHECK(bundle::data_path("p", 12, 345) == "p.data-00012-of-00345");
  CHECK(bundle::data_path("p", 99'999, 123'456) == "p.data-99999-of-123456");
  CHECK(bundle::data_path("", 0, 1) == ".data-00000-of-00001");
}

TEST_CASE("a data file's name is known by its prefix and tells the number of shards") {
  CHECK(bundle::shards_of_data_name("ckpt-1.data-00000-of-00001", "ckpt-1") == 1);
  CHECK(bundle::shards_of_data_name("ckpt-1.data-00006-of-00007", "ckpt-1") == 7);
  CHECK(bundle::shards_of_data_name("a.data-99999-of-123456", "a") == 123'456);
  for (const char* const name :
       {"ckpt-1.index", "ckpt-10.data-00000-of-00001", "ckpt-1.data-0-of-1", "ckpt-1.data-00001-of-00001",
        "ckpt-1.data-00000-of-00001.cairn-tmp-1-2", "ckpt-1.data-00000-of-0000a", "ckpt-1.data-000000-of-00001",
        "ckpt-1.data-00000", "ckpt-1", "", "ckpt-1.data-00000-of-99999999999", "my-ckpt-1.data-00000-of-00001"})
    CHECK_FALSE(bundle::shards_of_data_name(name, "ckpt-1").has_value());
}
