// The options of a save that carry their features are written and read as what they stand for: a bool, a number.
#include <cairn/checkpoint/options.hpp>

#include <doctest/doctest.h>

#include <cairn/checkpoint/manager.hpp>

#include "checkpoint/states.hpp"

#include <concepts>
#include <cstdint>
#include <string>
#include <vector>

using namespace cairn;
using namespace cairn::test;

namespace {

template <class Option>
void check_is_a_bool(Option CheckpointOptions::* option) {
  CheckpointOptions options;
  CHECK(!(options.*option));
  const bool flag = true;
  options.*option = flag;
  const bool read = options.*option;
  CHECK(read);
  if (options.*option) options.*option = false;
  CHECK(options.*option == false);
  CHECK((options.*option || flag));
  const CheckpointOptions copy = options;
  CHECK(copy.*option == options.*option);
  options.*option = {true};
  CHECK(copy.*option != options.*option);
  options = copy;
  CHECK_FALSE(options.*option);
  options.*option = CheckpointOptions{}.*option;
  static_assert(std::convertible_to<bool, Option> && std::convertible_to<Option, bool>);
}

}  // namespace

TEST_CASE("incremental and enable_async are written, read, compared and copied as a bool") {
  check_is_a_bool(&CheckpointOptions::incremental);
  check_is_a_bool(&CheckpointOptions::enable_async);
  for (const bool flag : {false, true}) {
    const CheckpointOptions options{.enable_async = flag, .incremental = !flag};
    CHECK(options.enable_async == flag);
    CHECK(options.incremental == !flag);
    CHECK((options.enable_async ? 1 : 2) == (flag ? 1 : 2));
    const SaveArguments both{.options = {.enable_async = flag, .incremental = flag}};
    CHECK((both.options.enable_async && both.options.incremental) == flag);
  }
}

TEST_CASE("an option that was written as false at run time asks for nothing: the save waits, and writes everything") {
  cairn::testing::MemoryFileSystem files;
  std::vector<float> values(1000, 1.0f);
  CheckpointIn checkpoint(files, values);
  const bool flag = values.empty();
  for (int i = 0; i < 2; ++i) {
    checkpoint.save("d/ckpt", {.enable_async = flag, .incremental = flag});
    CHECK(files.exists("d/ckpt-" + std::to_string(i + 1) + ".data-00000-of-00001"));
  }
}

TEST_CASE("shard_size is written, read, compared and copied as a number of bytes") {
  CheckpointOptions options;
  CHECK(options.shard_size == 0);
  const std::uint64_t size = 512;
  options.shard_size = size;
  const std::uint64_t read = options.shard_size;
  CHECK(read == 512);
  CHECK(options.shard_size != 0);
  CHECK(2 * options.shard_size == 1024);
  CHECK((options.shard_size > size / 2 && options.shard_size <= size));
  if (options.shard_size) options.shard_size = 1 << 20;
  CHECK(std::to_string(options.shard_size) == "1048576");
  const CheckpointOptions copy = options, small{.shard_size = 8}, none{.shard_size = copy.shard_size ? 0u : 1u << 20};
  CHECK(copy.shard_size == options.shard_size);
  CHECK(none.shard_size == 0);
  const bundle::WriterOptions of_writer{.shard_size = small.shard_size};
  CHECK(of_writer.shard_size == 8);

  cairn::testing::MemoryFileSystem files;
  std::vector<float> values(10, 1.0f);
  CheckpointIn checkpoint(files, values);
  const auto is_cut = [&](const CheckpointOptions& how) {
    const std::string path = checkpoint.save("d/ckpt", how);
    return !files.exists(path + ".data-00000-of-00001");
  };
  CHECK(is_cut(small));
  CHECK_FALSE(is_cut(none));
  CHECK(is_cut({.shard_size = small.shard_size}));
  CHECK_FALSE(is_cut({}));
}
