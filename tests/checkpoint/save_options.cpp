// The options of a save that carry their features are written and read as what they stand for: a bool, a number.
#include <cairn/checkpoint/options.hpp>

#include <doctest/doctest.h>

#include <cairn/checkpoint/manager.hpp>

#include "checkpoint/states.hpp"

#include <concepts>
#include <cstdint>
#include <type_traits>

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
