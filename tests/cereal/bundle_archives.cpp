// BundleOutputArchive and BundleInputArchive as archives of their own: names, several values, what is refused.
#include <cairn/cereal/input.hpp>
#include <cairn/cereal/output.hpp>

#include <doctest/doctest.h>

#include <cairn/bundle/reader.hpp>
#include <cairn/checkpoint/registered_saver.hpp>
#include <cairn/graph/detail/container_types.hpp>
#include <cairn/graph/detail/leaf_types.hpp>
#include <cairn/graph/detail/struct_type.hpp>
#include <cairn/testing/memory_file_system.hpp>

#include "cereal/classes.hpp"
#include "io/files.hpp"
#include "support/scratch.hpp"

using namespace cairn;
using namespace cairn::test;

namespace {
struct Model {
  Variable<float, 2> weights;
  std::vector<Point> points;
};
}  // namespace

TEST_CASE("values are children of the root under their names, those without a name are counted") {
  cairn::testing::MemoryFileSystem files;
  Model model;
  model.weights = {1, 2};
  model.points.resize(2);
  {
    BundleOutputArchive archive("p", {}, files);
    const std::int64_t step = 5;
    archive(cereal::make_nvp("model", model), step);
    archive(std::string("a temporary"));
  }
  const bundle::Reader reader("p", files);
  CHECK(reader.contains("model/weights/.ATTRIBUTES/VARIABLE_VALUE"));
  CHECK(reader.contains("model/points/1/y/.ATTRIBUTES/VARIABLE_VALUE"));
  CHECK(reader.contains("value0/.ATTRIBUTES/VARIABLE_VALUE"));
  CHECK(reader.contains("value1/.ATTRIBUTES/VARIABLE_VALUE"));
  BundleInputArchive archive("p", files);
  std::int64_t step = 0;
  std::string text;
  Model back;
  archive(step, text);
  archive(cereal::make_nvp("model", back));  // in any order
  CHECK(step == 5);
  CHECK(text == "a temporary");
  CHECK(back.weights(1) == 2);
  CHECK(back.points.size() == 2);
}

TEST_CASE("a path is given as std::filesystem has it, and a directory means its latest checkpoint") {
  const ScratchDirectory scratch;
  std::int64_t step = 5;
  {
    BundleOutputArchive archive(scratch.path() / "ckpt-1");
    archive(step);
  }
  write_file(io::native(), (scratch.path() / "checkpoint").string(), "model_checkpoint_path: \"ckpt-1\"\n");
  step = 0;
  BundleInputArchive archive(scratch.path());
  archive(step);
  CHECK(step == 5);
}

TEST_CASE("a name given twice is refused, one that is not there is not found, and the value stays") {
  cairn::testing::MemoryFileSystem files;
  {
    BundleOutputArchive archive("p", {}, files);
    archive(cereal::make_nvp("a", 1));
    const Error error = error_of([&] { return archive(cereal::make_nvp("a", 2)), 0; });
    CHECK(error.code() == ErrorCode::already_exists);
    CHECK(std::string(error.what()) == "the archive p has a value called \"a\" already; names must differ");
  }
  BundleInputArchive archive("p", files);
  int value = 7;
  CHECK(code_of([&] { archive(cereal::make_nvp("b", value)); }) == ErrorCode::not_found);
  CHECK(value == 7);
  double other = 7;
  CHECK(code_of([&] { archive(cereal::make_nvp("a", other)); }) == ErrorCode::invalid_argument);
  CHECK(other == 7);
}

TEST_CASE("an object that a registered saver saves is refused by an archive, which goes on with the next value") {
  struct Saved {
    float value = 1;
  } saved;
  struct Holder {
    Saved* inside;
  } holder{&saved};
  register_checkpoint_saver(
      {.name = "archived",
       .predicate = [](const Trackable& object) { return object.is<Saved>(); },
       .save_fn = [](const Trackables&, const std::string&) { return std::vector<std::string>(); },
       .restore_fn = [](const Trackables&, const std::string&) { return std::function<void()>(); }});
  cairn::testing::MemoryFileSystem files;
  {
    BundleOutputArchive archive("p", {}, files);
    const Error error = error_of([&] { return archive(cereal::make_nvp("holder", holder)), 0; });
    CHECK(error.code() == ErrorCode::unimplemented);
    CHECK(std::string(error.what()) ==
          "\"holder\" has objects that a registered saver saves, which only a cairn::Checkpoint can call");
    archive(cereal::make_nvp("a", 1));
  }
  CHECK(bundle::Reader("p", files).entries().size() == 2);
}

TEST_CASE("an archive that an exception ends publishes nothing; finish() can be called by hand") {
  cairn::testing::MemoryFileSystem files;
  try {
    BundleOutputArchive archive("p", {}, files);
    archive(1);
    throw 7;
  } catch (int) {}
  CHECK(files.list_directory(".").empty());
  BundleOutputArchive archive("p", {}, files);
  archive(1);
  archive.finish();
  CHECK(files.exists("p.index"));
}

TEST_CASE("a class that throws in load leaves its object as it was") {
  cairn::testing::MemoryFileSystem files;
  Strict source;
  source.value = -1;
  {
    BundleOutputArchive archive("p", {}, files);
    archive(cereal::make_nvp("s", source));
  }
  Strict target;
  BundleInputArchive archive("p", files);
  CHECK_THROWS_AS(archive(cereal::make_nvp("s", target)), std::domain_error);
  CHECK(target.value == 1);
}

TEST_CASE("there is no archive without a checkpoint") {
  cairn::testing::MemoryFileSystem files;
  CHECK(code_of([&] { BundleInputArchive("none", files); }) == ErrorCode::not_found);
}
