#include <cairn/edit/checkpoint_editor.hpp>

#include <doctest/doctest.h>

#include <cairn/bundle/verify.hpp>
#include <cairn/bundle/writer.hpp>
#include <cairn/edit/diff.hpp>
#include <cairn/testing/memory_file_system.hpp>

#include "bundle/bundles.hpp"
#include "edit/states.hpp"
#include "support/stopping.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

using namespace cairn::literals;
using cairn::CheckpointEditor;
using cairn::ErrorCode;
using cairn::test::code_of;
using cairn::test::key;
using cairn::test::problems_of;
using cairn::test::Saved;
using cairn::test::Training;

TEST_CASE("the mean of three: floating values are averaged, everything else stays") {
  const Saved a(0), b(30), c(60);
  CheckpointEditor editor{c.path};
  editor.average({a.path, b.path}).write(c.at("mean"));
  Training training;
  link(training);
  cairn::Checkpoint{training}.restore(c.at("mean")).assert_consumed();
  CHECK(training.model.layers[0].kernel(0, 0) == 31);
  CHECK(training.optimizer.momentums[1](1, 2) == 60);
  CHECK(training.optimizer.iterations == 60);
  CHECK(editor.get("model.layers.0.kernel").span<float>()[0] == 31);
}

TEST_CASE("the paths that a manager tells can be averaged, and the checkpoint's own among them counts once") {
  const Saved a(0), b(30), c(60);
  const std::vector<std::string> paths{a.path, b.path, c.path};
  CHECK(CheckpointEditor{c.path}.average(paths).get("model.layers.0.kernel").span<float>()[0] == 31);
}

TEST_CASE("a value is averaged with the same value of another checkpoint, whatever key it has there") {
  const Saved saved(40);
  cairn::test::Body model;
  for (auto& layer : model.layers)
    for (float& element : layer.kernel.span()) element = 1;
  const std::string other = cairn::Checkpoint{"model"_a = model}.write(saved.at("model"));
  CheckpointEditor editor{other};
  REQUIRE(editor.contains(key("model/layers/0/kernel")));
  editor.average({saved.path});
  CHECK(editor.get("model.layers.0.kernel").span<float>()[0] == 21);
  CHECK(code_of([&] { CheckpointEditor{saved.path}.average({other}); }) == ErrorCode::not_found);
  CheckpointEditor reshaped{saved.path};
  reshaped.replace("model.layers.0.bias", 1.0f).write(saved.at("reshaped"));
  CHECK(code_of([&] { CheckpointEditor{saved.path}.average({saved.at("reshaped")}); }) == ErrorCode::invalid_argument);
}

TEST_CASE("the mean of tensors of many pieces is that of each element, in every floating dtype") {
  cairn::testing::MemoryFileSystem files;
  constexpr std::size_t count = 150'001;
  const auto write = [&](const std::string& prefix, int times) {
    std::vector<double> numbers(count);
    for (std::size_t i = 0; i < count; ++i) numbers[i] = times * static_cast<double>(i % 61);
    const cairn::TensorView doubles = cairn::test::view_of(numbers, {count});
    cairn::bundle::Writer writer(prefix, {}, files);
    std::vector<cairn::AnyTensor> tensors;
    for (const cairn::DType dtype : {cairn::DT_FLOAT, cairn::DT_DOUBLE, cairn::DT_HALF, cairn::DT_BFLOAT16,
                                     cairn::DT_COMPLEX64, cairn::DT_COMPLEX128}) {
      tensors.emplace_back(dtype, doubles.shape());
      REQUIRE(!cairn::tensor::detail::convert(cairn::DT_DOUBLE, doubles.bytes(), dtype, tensors.back().bytes()));
    }
    for (const cairn::AnyTensor& tensor : tensors) writer.add(cairn::to_string(tensor.dtype()), tensor.view());
    writer.finish();
  };
  write("a", 1);
  write("b", 2);
  write("c", 6);
  write("expected", 3);
  CheckpointEditor{"c", files}.average({"a", "b"}).write("mean");
  CHECK(cairn::diff("mean", "expected", {}, files).empty());
  CHECK(cairn::verify("mean", files).empty());

  const std::string shard = cairn::bundle::data_path("b", 0, 1);
  std::string bytes = cairn::test::read_file(files, shard);
  bytes[count * 4 - 1] ^= 1;  // of the float32
  files.remove(shard);
  cairn::test::write_file(files, shard, bytes);
  CHECK(code_of([&] { CheckpointEditor{"c", files}.average({"a", "b"}).write("mean"); }) == ErrorCode::data_loss);
  CHECK(cairn::diff("mean", "expected", {}, files).empty());
}

TEST_CASE("the union of two: objects of one path become one, and what both have must be the same") {
  const Saved saved(3);
  CheckpointEditor{saved.path}.erase("model").write(saved.at("left"));
  CheckpointEditor{saved.path}
      .erase("optimizer")
      .rename("note", "text")
      .set("save_counter", 9)
      .write(saved.at("right"));
  CheckpointEditor both{saved.at("left")};
  both.merge(saved.at("right"));
  CHECK(both.get("save_counter").scalar<std::int64_t>() == 1);
  CHECK(both.get("model.layers.1.bias") == CheckpointEditor{saved.path}.get("model.layers.1.bias"));
  CHECK(both.contains(key("text")));
  both.write(saved.at("both"));
  CHECK(problems_of(saved.at("both")).empty());
  Training training;
  link(training);
  cairn::Checkpoint{training}.restore(saved.at("both")).assert_existing_objects_matched();

  CheckpointEditor{saved.path}.set("note", "other").write(saved.at("other"));
  CheckpointEditor editor{saved.path};
  CHECK(code_of([&] { editor.merge(saved.at("other")); }) == ErrorCode::already_exists);
  CHECK(editor.to_string().empty());
  editor.merge(saved.path);
  CHECK(editor.to_string().empty());
}

TEST_CASE("values are copied from another checkpoint as they are, onto old names and new ones") {
  const Saved saved(3), other(50);
  CheckpointEditor editor{saved.path};
  editor.copy(other.path, "model.layers.0.bias").copy(other.path, "optimizer.iterations", "counts.other");
  editor.copy(other.path, "note", "optimizer.learning_rate");
  CHECK(editor.get("model.layers.0.bias").span<float>()[0] == 57);
  CHECK(editor.get("optimizer.learning_rate").dtype() == cairn::DT_STRING);
  editor.write(saved.at("new"));
  CHECK(problems_of(saved.at("new")).empty());
  const cairn::bundle::Reader reader(saved.at("new"));
  CHECK(reader.read(key("counts/other")).scalar<std::int64_t>() == 50);
  CHECK(reader.lookup(key("model/layers/0/bias")).crc32c ==
        cairn::bundle::Reader(other.path).lookup(key("model/layers/0/bias")).crc32c);
  CHECK(code_of([&] { editor.copy(other.path, "nothing", "here"); }) == ErrorCode::not_found);
  CHECK_FALSE(editor.contains("here"));
}

TEST_CASE("a checkpoint of TensorFlow 1 is edited by its names alone") {
  const cairn::test::ScratchDirectory scratch;
  const std::string path = (scratch.path() / "v1").string(), copy = (scratch.path() / "copy").string();
  const float weight = 2;
  const std::int64_t step = 5;
  cairn::bundle::Writer writer(path);
  for (const char* const name : {"dense/kernel", "dense/bias", "densely"})
    writer.add(name, cairn::TensorView(cairn::DT_FLOAT, {}, std::as_bytes(std::span(&weight, 1))));
  writer.add("step", cairn::TensorView(cairn::DT_INT64, {}, std::as_bytes(std::span(&step, 1))));
  writer.finish();

  CheckpointEditor editor{path};
  editor.rename("dense", "layer").set("step", 6).add("new", 1.5).erase("layer/b*");
  editor.write(copy);
  const cairn::bundle::Reader reader(copy);
  CHECK(reader.entries().size() == 4);
  CHECK(reader.read("layer/kernel").scalar<float>() == 2);
  CHECK(reader.read("densely").scalar<float>() == 2);
  CHECK(reader.read("step").scalar<std::int64_t>() == 6);
  CHECK(reader.read("new").scalar<double>() == 1.5);
  CHECK(code_of([&] { editor.rename("densely", "step"); }) == ErrorCode::already_exists);
  CHECK(code_of([&] { editor.set("layer.kernel", 1); }) == ErrorCode::not_found);
  editor.erase("layer");
  CHECK(editor.values().size() == 3);
  CheckpointEditor others{copy};
  others.erase("*").merge(path);
  CHECK(others.values().size() == 4);
}

TEST_CASE("an edit, an average and a union that are stopped leave nothing behind, and the editor can write again") {
  cairn::testing::MemoryFileSystem files;
  files.create_directories("d");
  const std::vector<float> numbers(500, 1), others(500, 3);
  const std::int64_t step = 7;
  for (const auto& [path, values] : {std::pair("d/a", &numbers), std::pair("d/b", &others)}) {
    cairn::bundle::Writer writer(path, {}, files);
    writer.add("numbers", cairn::test::view_of(*values, {500}));
    writer.add("step", cairn::test::view_of(step));
    writer.finish();
  }
  using cairn::ProgressCallback;
  using cairn::StopRequest;
  const auto write = [&](CheckpointEditor& editor, const char* path) {
    const auto told =
        cairn::test::stopped_everywhere(files, "d", [&](const ProgressCallback& progress, const StopRequest& stop) {
          editor.write(path, {.progress = progress, .stop = stop});
        });
    CHECK(told.front().bytes_in_all == 2008);
    CHECK(told.back().bytes_in_all == 2008);
    return cairn::bundle::Reader(path, files).read("numbers").span<float>()[0];
  };
  CheckpointEditor mean("d/a", files);
  CHECK(write(mean.average({"d/b"}), "d/mean") == 2);
  CheckpointEditor set("d/a", files);
  CHECK(write(set.set("numbers", std::vector<float>(500, 5)), "d/set") == 5);
  CHECK(write(set, "d/set") == 5);  // over itself
  CheckpointEditor both("d/a", files);
  CHECK(write(both.erase("step").merge("d/a"), "d/both") == 1);
}
