// What optimizers of TensorFlow 1 and Keras 2 keep beside the graph.
#include <cairn/checkpoint.hpp>

#include "checkpoint/states.hpp"
#include "support/data.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

using namespace cairn::literals;

namespace {
const std::string slots = std::string(CAIRN_SOURCE_ROOT) + "/tests/checkpoint/v1/slots-1";
const std::string slot_m = "(root).opt's state 'm' for (root).w";
const std::string slot_v = "(root).opt's state 'v' for (root).w";

struct Powers {
  float beta1_power = 0, beta2_power = 0;
};
}  // namespace

TEST_CASE("slot variables that nobody claims are listed by what they are") {
  Powers opt;
  cairn::Variable<float, 2> w;
  cairn::Checkpoint checkpoint{"opt"_a = opt, "w"_a = w};
  const cairn::LoadStatus status = checkpoint.restore(slots);
  CHECK(status.only_in_checkpoint() == std::vector<std::string>{slot_m, slot_v});
  CHECK_NOTHROW(status.assert_existing_objects_matched());
  CHECK_THROWS_AS(status.assert_consumed(), cairn::Error);
  CHECK(opt.beta1_power == doctest::Approx(0.81));
}

TEST_CASE("with skip_slot_variables they need not be claimed, but the optimizer's own values must") {
  Powers opt;
  cairn::Variable<float, 2> w;
  cairn::Checkpoint checkpoint{"opt"_a = opt, "w"_a = w};
  const cairn::LoadStatus status = checkpoint.restore(slots, {.skip_slot_variables = true});
  CHECK_NOTHROW(status.assert_consumed());
  CHECK(status.only_in_checkpoint().empty());

  cairn::Checkpoint without{"w"_a = w};
  CHECK(without.restore(slots, {.skip_slot_variables = true}).only_in_checkpoint() ==
        std::vector<std::string>{"opt.beta1_power", "opt.beta2_power"});
}

TEST_CASE("slot variables can be given to objects of the program") {
  struct Adam {
    float beta1_power = 0, beta2_power = 0;
    struct Slots {
      cairn::Variable<float, 2> w;
    } m, v;
  } opt;
  cairn::Variable<float, 2> w;
  cairn::Checkpoint checkpoint{"opt"_a = opt, "w"_a = w};
  checkpoint.restore(slots, {.rename = {{"(root).opt's state 'm' for (root).*", "opt.m.*"}, {slot_v, "opt.v.w"}}})
      .assert_consumed();
  CHECK(opt.m.w(0) == doctest::Approx(0.1));
  CHECK(opt.v.w(1) == doctest::Approx(0.001));
}

TEST_CASE("the prefix of an optimizer leaves out slots of variables elsewhere") {
  Powers opt;
  cairn::Checkpoint checkpoint{opt};
  CHECK_NOTHROW(checkpoint.read(slots, {.prefix = "opt"}).assert_consumed());
  CHECK(opt.beta2_power == doctest::Approx(0.998001));
}

namespace {

struct Model {
  cairn::Variable<float, 3> w;
  cairn::Variable<float> b;
};
struct Adam {
  float beta1_power = 0;
  cairn::SlotVariables m, v;
};
struct Training {
  Model model;
  Adam optimizer;
};
const std::string m_of_w = "model/w/.OPTIMIZER_SLOT/optimizer/m/.ATTRIBUTES/VARIABLE_VALUE";
const std::string state_m_of_w = "(root).optimizer's state 'm' for (root).model.w";

void fill(Training& training) {
  training.model.w.assign({1, 2, 3});
  training.optimizer.beta1_power = 0.9f;
  training.optimizer.m[training.model.w].assign({4, 5, 6});
  training.optimizer.m[training.model.b].assign(7);
  training.optimizer.v[training.model.w].assign({8, 9, 10});
}
std::string saved_training(cairn::io::FileSystem& files) {
  Training training;
  fill(training);
  return cairn::test::CheckpointIn(files, "model"_a = training.model, "optimizer"_a = training.optimizer).write("p");
}
cairn::ObjectGraph graph_of(cairn::io::FileSystem& files, const std::string& path) {
  return cairn::bundle::read_object_graph(cairn::bundle::Reader(path, files));
}

}  // namespace

TEST_CASE("slot variables are nodes behind all others, by slot and then by variable") {
  cairn::testing::MemoryFileSystem files;
  const auto graph = graph_of(files, saved_training(files));
  // 0 root, 1 model, 2 optimizer, 3 w, 4 b, 5 beta1_power
  REQUIRE(graph.size() == 9);
  REQUIRE(graph[2].children.size() == 1);
  const auto found = graph[2].slot_variables;
  REQUIRE(found.size() == 3);
  CHECK(found[0] == cairn::SlotVariableReference{3, "m", 6});
  CHECK(found[1] == cairn::SlotVariableReference{4, "m", 7});
  CHECK(found[2] == cairn::SlotVariableReference{3, "v", 8});
  CHECK(graph[6].attributes[0].checkpoint_key == m_of_w);
  CHECK(graph[6].attributes[0].name == "VARIABLE_VALUE");
}

TEST_CASE("testDeferredSlotRestoration: a restore makes the slot variables that the checkpoint has") {
  cairn::testing::MemoryFileSystem files;
  const std::string path = saved_training(files);
  Training training;
  cairn::test::CheckpointIn checkpoint(files, "model"_a = training.model, "optimizer"_a = training.optimizer);
  const cairn::LoadStatus status = checkpoint.read(path);
  CHECK_NOTHROW(status.assert_consumed());
  CHECK(status.matched().size() == 6);
  REQUIRE(training.optimizer.m.find(training.model.w) != nullptr);
  CHECK(training.optimizer.m[training.model.w](2) == 6);
  CHECK(training.optimizer.m[training.model.b] == 7);
  CHECK(training.optimizer.v[training.model.w](0) == 8);
  CHECK(training.optimizer.v.find(training.model.b) == nullptr);
}

TEST_CASE("testDeferredSlotRestoration: slot variables wait for the optimizer") {
  cairn::testing::MemoryFileSystem files;
  const std::string path = saved_training(files);
  Training training;
  cairn::test::CheckpointIn checkpoint(files, "model"_a = training.model);
  const cairn::LoadStatus status = checkpoint.read(path);
  CHECK(status.only_in_checkpoint().size() == 4);
  files.remove(path + ".index");
  checkpoint.track("optimizer", training.optimizer);
  CHECK_NOTHROW(status.assert_consumed());
  CHECK(training.optimizer.m[training.model.w](1) == 5);
}

TEST_CASE("testDeferredSlotRestoration: slot variables wait for their variables") {
  cairn::testing::MemoryFileSystem files;
  const std::string path = saved_training(files);
  Training training;
  cairn::test::CheckpointIn checkpoint(files, "optimizer"_a = training.optimizer);
  const cairn::LoadStatus status = checkpoint.read(path);
  CHECK(training.optimizer.m.size() == 0);
  checkpoint.track("model", training.model);
  CHECK_NOTHROW(status.assert_consumed());
  CHECK(training.optimizer.v[training.model.w](1) == 9);
}

TEST_CASE("an object without slots in the place of the optimizer leaves them in the checkpoint") {
  cairn::testing::MemoryFileSystem files;
  const std::string path = saved_training(files);
  struct {
    float beta1_power = 0;
  } optimizer;
  Model model;
  cairn::test::CheckpointIn checkpoint(files, "model"_a = model, "optimizer"_a = optimizer);
  const cairn::LoadStatus status = checkpoint.read(path);
  CHECK(status.only_in_checkpoint().size() == 3);
  CHECK(status.only_in_checkpoint().front() == state_m_of_w);
}

TEST_CASE("slot variables that the checkpoint does not have are missed") {
  cairn::testing::MemoryFileSystem files;
  Training without;
  without.optimizer.m[without.model.w];
  const std::string path =
      cairn::test::CheckpointIn(files, "model"_a = without.model, "optimizer"_a = without.optimizer).write("p");
  Training training;
  fill(training);
  cairn::test::CheckpointIn checkpoint(files, "model"_a = training.model, "optimizer"_a = training.optimizer);
  const cairn::LoadStatus status = checkpoint.read(path);
  CHECK(status.only_in_program() == std::vector<std::string>{"(root).optimizer's state 'm' for (root).model.b",
                                                             "(root).optimizer's state 'v' for (root).model.w"});
  CHECK(training.optimizer.m[training.model.w](0) == 0);
  CHECK(training.optimizer.v[training.model.w](0) == 8);

  // Those of an optimizer that is missing as a whole, too; those for variables that are not tracked are not looked at.
  cairn::Variable<float> elsewhere;
  training.optimizer.m[elsewhere];
  cairn::test::CheckpointIn other(files, "model"_a = training.model, "other"_a = training.optimizer);
  CHECK(other.read(path).only_in_program().size() == 4);
}

TEST_CASE("testSkipSlotVarRestore: skipped slot variables are neither restored nor missed nor written") {
  cairn::testing::MemoryFileSystem files;
  const std::string path = saved_training(files);
  Training training;
  training.optimizer.m[training.model.w].assign({7, 7, 7});
  cairn::test::CheckpointIn checkpoint(files, "model"_a = training.model, "optimizer"_a = training.optimizer);
  CHECK_NOTHROW(checkpoint.read(path, {.skip_slot_variables = true}).assert_consumed());
  CHECK(training.model.w(0) == 1);
  CHECK(training.optimizer.m[training.model.w](0) == 7);
  CHECK(training.optimizer.v.size() == 0);

  const auto graph = graph_of(files, checkpoint.write("without", {.skip_slot_variables = true}));
  CHECK(graph.size() == 6);
  CHECK(graph[2].slot_variables.empty());
}

TEST_CASE("a slot variable of another shape refuses the whole restore") {
  cairn::testing::MemoryFileSystem files;
  Training training;
  fill(training);
  struct {
    cairn::Variable<float, 3> w;
    cairn::Variable<float, 2> b;
  } model;
  struct {
    cairn::SlotVariables m;
  } optimizer;
  cairn::test::CheckpointIn checkpoint(files, "model"_a = model, "optimizer"_a = optimizer);
  const std::string path = saved_training(files);
  CHECK_THROWS_AS(static_cast<void>(checkpoint.read(path)), cairn::Error);
  CHECK(optimizer.m.size() == 0);
  CHECK(model.w(0) == 0);
}

TEST_CASE("a slot variable that is tracked as well is refused when it is saved") {
  cairn::testing::MemoryFileSystem files;
  Training training;
  fill(training);
  cairn::test::CheckpointIn checkpoint(files, "model"_a = training.model, "optimizer"_a = training.optimizer,
                                       "m"_a = training.optimizer.m[training.model.w]);
  CHECK_THROWS_AS(checkpoint.write("p"), cairn::Error);
  CHECK_FALSE(files.exists("p.index"));
}

TEST_CASE("slot variables for elements of a list that grows are refused, for those of a new list restored") {
  cairn::testing::MemoryFileSystem files;
  std::vector<cairn::Variable<float, 1>> list{{1}, {2}};
  struct {
    cairn::SlotVariables m;
  } optimizer, restored;
  optimizer.m[list[1]].assign({5});
  const std::string path = cairn::test::CheckpointIn(files, "list"_a = list, "optimizer"_a = optimizer).write("p");

  std::vector<cairn::Variable<float, 1>> empty;
  cairn::test::CheckpointIn(files, "list"_a = empty, "optimizer"_a = restored).read(path).assert_consumed();
  REQUIRE(restored.m.find(empty.at(1)) != nullptr);
  CHECK(restored.m[empty[1]](0) == 5);

  std::vector<cairn::Variable<float, 1>> one{{7}};
  cairn::test::CheckpointIn checkpoint(files, "list"_a = one, "optimizer"_a = restored);
  CHECK_THROWS_AS(static_cast<void>(checkpoint.read(path)), cairn::Error);
  CHECK(one.size() == 1);
  CHECK(one[0](0) == 7);
}

TEST_CASE("TensorFlow's AdamOptimizer is restored, and its graph written again") {
  const auto data = cairn::test::data_directory();
  if (!data) return cairn::test::skip("CAIRN_TEST_DATA names no folder with checkpoints");
  struct {
    cairn::Variable<float, 3, 2> w;
    cairn::Variable<float, 2> b;
    std::vector<cairn::Variable<float, 1>> deep{1};
  } model;
  struct {
    cairn::Variable<float> beta1_power{0, {.name = "beta1_power"}}, beta2_power{0, {.name = "beta2_power"}};
    cairn::SlotVariables m, v;
  } optimizer;
  cairn::Checkpoint checkpoint{"model"_a = model, "optimizer"_a = optimizer};
  const std::string path = (*data / "checkpoints" / "v1_optimizer_slots_object_based" / "ckpt-2").string();
  checkpoint.restore(path).assert_consumed();
  CHECK(optimizer.m.size() == 3);
  CHECK(optimizer.v[model.deep[0]](0) != 0);
  CHECK(checkpoint.save_counter() == 2);

  cairn::testing::MemoryFileSystem files;
  cairn::test::CheckpointIn again(files, "model"_a = model, "optimizer"_a = optimizer);
  static_cast<void>(again.save_counter());
  auto written = graph_of(files, again.write("p"));
  auto theirs = cairn::bundle::read_object_graph(cairn::bundle::Reader(path));
  for (cairn::ObjectGraph* const graph : {&written, &theirs})
    for (std::int32_t id = 0; static_cast<std::size_t>(id) < graph->size(); ++id) {
      const auto found = (*graph)[id].attributes;
      const std::vector<cairn::SerializedTensor> attributes(found.begin(), found.end());
      graph->erase_attributes(id, [](const cairn::SerializedTensor&) { return true; });
      for (const cairn::SerializedTensor each : attributes)  // "Variable/Adam_1" for our "Variable/v"
        graph->add_attribute(id, {each.name, "", each.checkpoint_key});
    }
  CHECK(written == theirs);
}

namespace {

// Numbers and slots of Keras 2's legacy SGD.
struct Momentum {
  std::int64_t iter = 0;
  float momentum = 0;
  cairn::SlotVariables momentums;
};
struct EarlierMomentum {
  std::int64_t iter = 0;
  float momentum = 0;
  cairn::SlotVariables speeds;
};

}  // namespace

template <>
inline constexpr auto cairn::members<Momentum> = cairn::describe(cairn::rename<"momentums">("momentum", "speeds"));

TEST_CASE("slot variables may be called as a child of their optimizer is, and be restored by an earlier name") {
  cairn::testing::MemoryFileSystem files;
  Model model;
  Momentum optimizer{.iter = 3, .momentum = 0.5f, .momentums = {}};
  optimizer.momentums[model.w].assign({4, 5, 6});
  cairn::test::CheckpointIn saved(files, "model"_a = model, "optimizer"_a = optimizer);
  const auto graph = graph_of(files, saved.write("p"));
  CHECK(graph[2].slot_variables[0].slot_name == "momentum");
  CHECK(graph[graph.size() - 1].attributes[0].checkpoint_key ==
        "model/w/.OPTIMIZER_SLOT/optimizer/momentum/.ATTRIBUTES/VARIABLE_VALUE");

  Model other;
  Momentum its_optimizer;
  cairn::test::CheckpointIn checkpoint(files, "model"_a = other, "optimizer"_a = its_optimizer);
  CHECK_NOTHROW(checkpoint.read("p").assert_consumed());
  CHECK(its_optimizer.momentum == 0.5f);
  CHECK(its_optimizer.momentums[other.w](2) == 6);

  EarlierMomentum earlier;
  earlier.speeds[model.w].assign({7, 8, 9});
  cairn::test::CheckpointIn(files, "model"_a = model, "optimizer"_a = earlier).write("e");
  CHECK_NOTHROW(checkpoint.read("e").assert_consumed());
  CHECK(its_optimizer.momentums[other.w](2) == 9);
}

TEST_CASE("slot variables of what a restore puts into an empty optional belong to it") {
  struct State {
    std::optional<Model> model;
    std::optional<Momentum> optimizer;
  };
  State saved;
  saved.optimizer.emplace().momentums[saved.model.emplace().w].assign({4, 5, 6});
  cairn::testing::MemoryFileSystem files;
  cairn::test::CheckpointIn(files, saved).write("p");
  State restored;
  cairn::test::CheckpointIn(files, restored).read("p").assert_consumed();
  REQUIRE((restored.model && restored.optimizer));
  REQUIRE(restored.optimizer->momentums.size() == 1);
  CHECK(restored.optimizer->momentums[restored.model->w](2) == 6);
}
