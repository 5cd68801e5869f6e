// Checkpoints of tf.compat.v1.train.Saver, which have no object graph: variables are found by their names.
#include <cairn/bundle/writer.hpp>
#include <cairn/checkpoint.hpp>
#include <cairn/edit/variables.hpp>

#include <doctest/doctest.h>

#include "io/files.hpp"
#include "support/data.hpp"
#include "support/scratch.hpp"

#include <map>
#include <span>
#include <string>
#include <vector>

using namespace cairn::literals;
using cairn::test::code_of;
using cairn::test::sentence_of;
using Names = std::vector<std::string>;

namespace {
const std::string saver = std::string(CAIRN_SOURCE_ROOT) + "/tests/checkpoint/v1/saver";

struct Dense {
  cairn::Variable<float, 2, 2> kernel{{.name = "model/dense/kernel"}};
  cairn::Variable<float, 2> bias{{.name = "model/dense/bias"}};
};
struct Model {
  Dense layer;
  cairn::Variable<float> scale{{.name = "model/dense_1"}};
};
struct Program {  // plain members and Variables without a name go by their path
  struct {
    struct {
      std::vector<float> bias;
    } dense;
    cairn::Variable<float, 3, 2> parts;
  } model;
  std::int64_t global_step = 0;
  std::string label;
};
}  // namespace

TEST_CASE("a Variable takes the value saved under its name, wherever it is in the program") {
  Model model;
  cairn::Checkpoint checkpoint{"net"_a = model};
  const cairn::LoadStatus status = checkpoint.restore(saver);
  CHECK(model.layer.kernel(1, 0) == 3);
  CHECK(model.layer.bias(1) == 6);
  CHECK(static_cast<float>(model.scale) == 7);
  CHECK(status.matched() == Names{"net.scale", "net.layer.kernel", "net.layer.bias"});
  CHECK(status.only_in_checkpoint() == Names{"global_step", "label", "model/parts"});
  // Nothing but the program's side is asserted, and the save counter is excused.
  CHECK_NOTHROW(status.assert_consumed().assert_existing_objects_matched().assert_nontrivial_match());
  CHECK(checkpoint.save_counter() == 0);
}

TEST_CASE("everything else goes by its path in the program; a partitioned variable comes whole") {
  Program program;
  cairn::Checkpoint checkpoint{program};
  checkpoint.restore(saver).assert_consumed();
  CHECK(program.model.dense.bias == std::vector<float>{5, 6});
  CHECK(program.model.parts(2, 1) == 5);
  CHECK(program.global_step == 42);
  CHECK(program.label == "run 1");
}

TEST_CASE("names with dots and slashes are names in a path as they are") {
  const cairn::test::ScratchDirectory scratch;
  cairn::bundle::Writer writer(scratch.path() / "ckpt");
  const std::vector<float> two{1, 2};
  for (const char* const name : {"dense/1/w..x", "v.Sy"})
    writer.add(name, cairn::TensorView{cairn::DT_FLOAT, {2}, std::as_bytes(std::span(two))});
  writer.finish();
  std::map<std::string, std::vector<float>> layer{{"w..x", {}}}, other{{"v.Sy", {}}};
  cairn::Checkpoint checkpoint{"dense/1"_a = layer, "v.Sy"_a = other["v.Sy"]};
  checkpoint.restore(scratch.path() / "ckpt").assert_consumed();
  CHECK(layer["w..x"] == two);
  CHECK(other["v.Sy"] == two);
}

TEST_CASE("a checkpoint of TensorFlow's old format V1 restores by names, too") {
  struct {
    cairn::Variable<float, 5, 2> rows{{.name = "net/rows"}};
    std::int64_t step = 0;
  } program;
  cairn::Checkpoint checkpoint{program};
  const cairn::LoadStatus status =
      checkpoint.restore(std::string(CAIRN_SOURCE_ROOT) + "/tests/bundle/format_v1/parts").assert_consumed();
  CHECK(program.rows(4, 1) == 9);
  CHECK(program.step == 7);
  CHECK(status.only_in_checkpoint() == Names{"net/bias"});
}

TEST_CASE("a variable without a saved value fails all three asserts") {
  Model model;
  cairn::Variable<float> other{{.name = "other"}};
  cairn::Checkpoint checkpoint{"model"_a = model, "other"_a = other};
  const cairn::LoadStatus status = checkpoint.restore(saver);
  CHECK(status.only_in_program() == Names{"other"});
  CHECK(code_of([&] { status.assert_consumed(); }) == cairn::ErrorCode::failed_precondition);
  CHECK(code_of([&] { status.assert_existing_objects_matched(); }) == cairn::ErrorCode::failed_precondition);
  CHECK(code_of([&] { status.assert_nontrivial_match(); }) == cairn::ErrorCode::failed_precondition);
}

TEST_CASE("what is tracked later is found by its names, too") {
  std::int64_t global_step = 0;
  cairn::Checkpoint checkpoint{"global_step"_a = global_step};
  const cairn::LoadStatus status = checkpoint.restore(saver);
  CHECK(global_step == 42);
  Model model;
  checkpoint.track("net", model);
  CHECK(model.layer.bias(0) == 5);
  CHECK(status.only_in_checkpoint() == Names{"label", "model/parts"});
  cairn::Variable<double, 3> misfit{{.name = "model/parts"}};
  CHECK(code_of([&] { checkpoint.track("misfit", misfit); }) == cairn::ErrorCode::invalid_argument);
  cairn::Variable<double, 3, 2> parts{{.name = "unknown"}};
  checkpoint.track("parts", parts);
  CHECK(status.only_in_program() == Names{"parts"});
}

TEST_CASE("another dtype or shape changes nothing") {
  Model model;
  cairn::Variable<float, 5> parts{{.name = "model/parts"}};
  cairn::Checkpoint checkpoint{"a"_a = model, "b"_a = parts};
  CHECK(code_of([&] { checkpoint.restore(saver).expect_partial(); }) == cairn::ErrorCode::invalid_argument);
  CHECK(model.layer.bias(0) == 0);
  CHECK(checkpoint.restore(saver, {.on_mismatch = cairn::OnMismatch::skip}).mismatched().size() == 1);
  CHECK(model.layer.bias(0) == 5);
  cairn::Variable<double, 2> wide{{.name = "model/dense/bias"}};
  cairn::Checkpoint casting{"wide"_a = wide};
  casting.restore(saver, {.cast = cairn::Cast::widen}).assert_consumed();
  CHECK(wide(1) == 6);
}

TEST_CASE("names can be renamed, a scope by itself or with a star") {
  struct Renamed {
    struct {
      std::vector<float> bias;
    } head;
    cairn::Variable<float> scale{{.name = "factor"}};
  } program;
  cairn::Checkpoint checkpoint{program};
  checkpoint.restore(saver, {.rename = {{"model/dense", "head"}, {"model/dense_1", "factor"}}}).assert_consumed();
  CHECK(program.head.bias == std::vector<float>{5, 6});
  CHECK(static_cast<float>(program.scale) == 7);
  program.head.bias.clear();
  checkpoint.restore(saver, {.rename = {{"model/dense_1", "factor"}, {"model/dense/*", "head/*"}}}).assert_consumed();
  CHECK(program.head.bias == std::vector<float>{5, 6});
}

TEST_CASE("renames and prefixes that fit nothing, or two values to one name, are refused") {
  Program program;
  cairn::Checkpoint checkpoint{program};
  const auto sentence = [&](const cairn::RestoreOptions& options) {
    return sentence_of([&] { checkpoint.restore(saver, options).expect_partial(); });
  };
  CHECK(sentence({.rename = {{"model/dens", "x"}}}).find("the nearest name in it is \"model/dense\"") !=
        std::string::npos);
  CHECK(sentence({.prefix = "modle"}).find("no variable below \"modle/\"") != std::string::npos);
  CHECK(sentence({.rename = {{"model/dense/*", "x"}}}).find("the same name, \"x\"") != std::string::npos);
  CHECK(program.global_step == 0);
}

TEST_CASE("adam of TensorFlow 1, whole, partitioned and sharded, into a struct of its names") {
  const auto data = cairn::test::data_directory();
  if (!data) return cairn::test::skip("CAIRN_TEST_DATA names no folder");
  for (const char* const name : {"v1_saver_adam", "v1_partitioned_axis0", "v1_partitioned_axis1", "v1_saver_momentum",
                                 "v1_saver_momentum_sharded"}) {
    CAPTURE(name);
    struct Layer {
      cairn::Variable<float, 6, 10> weights;
      cairn::Variable<float, 10> biases;
    };
    struct {
      Layer layer1;
      std::int64_t global_step = 0;
    } program;
    const std::string prefix = (*data / "checkpoints" / name / "model.ckpt-3").string();
    cairn::Checkpoint checkpoint{program};
    const cairn::LoadStatus status = checkpoint.restore(prefix);
    CHECK_NOTHROW(status.assert_consumed());
    CHECK(program.global_step == 3);
    const cairn::AnyTensor weights = cairn::load_variable(prefix, "layer1/weights");
    CHECK(program.layer1.weights(5, 9) == weights.span<float>()[59]);
    CHECK(status.only_in_checkpoint().size() >= 2);  // the optimizer's
  }
}
