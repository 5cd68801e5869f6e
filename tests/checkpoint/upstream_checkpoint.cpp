// Cases of TensorFlow's checkpoint_test.py, with its names; tests/README.md lists where the others are.
#include <cairn/checkpoint.hpp>
#include <cairn/edit/variables.hpp>

#include <doctest/doctest.h>

#include <cairn/bundle/writer.hpp>

#include "io/files.hpp"
#include "support/scratch.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

using namespace cairn::literals;
using cairn::test::code_of;
using cairn::test::sentence_of;
using Names = std::vector<std::string>;

namespace {
struct Trackable {
  std::optional<float> v, v1, v2;
};
Names keys_of(const std::string& path) {
  Names keys;
  for (const auto& [key, shape] : cairn::list_variables(path)) keys.push_back(key);
  return keys;
}
}  // namespace

TEST_CASE("testAddVariable, testShapeDtype: keys come from member names, dtype and shape from the members") {
  const cairn::test::ScratchDirectory scratch;
  struct {
    cairn::Variable<cairn::half, 2> ones{cairn::half(1.0f), cairn::half(1.0f)};
    cairn::Variable<double> scalar = 3.0;
  } object;
  cairn::Checkpoint checkpoint{object};
  const std::string path = checkpoint.write(scratch.path() / "p");
  CHECK(keys_of(path) ==
        Names{"_CHECKPOINTABLE_OBJECT_GRAPH", "ones/.ATTRIBUTES/VARIABLE_VALUE", "scalar/.ATTRIBUTES/VARIABLE_VALUE"});
  CHECK(cairn::load_variable(path, "ones/.ATTRIBUTES/VARIABLE_VALUE").dtype() == cairn::DT_HALF);
  CHECK(cairn::load_variable(path, "ones/.ATTRIBUTES/VARIABLE_VALUE").shape() == cairn::Shape{2});
}

TEST_CASE("testMoreComplexSaveableReturned: one saved value becomes two variables, as the class will have it") {
  const cairn::test::ScratchDirectory scratch;
  struct Mirrored {
    float non_dep_variable = 1, mirrored = 2;
    [[nodiscard]] cairn::NamedTensors serialize_to_tensors() const {
      cairn::NamedTensors tensors;
      tensors.add("foo", non_dep_variable);
      return tensors;
    }
    void restore_from_tensors(const cairn::NamedTensors& tensors) {
      tensors.get("foo", non_dep_variable);
      tensors.get("foo", mirrored);
    }
  } v;
  cairn::Checkpoint checkpoint{"v"_a = v};
  v.non_dep_variable = 42;
  v.mirrored = 43;
  const std::string path = checkpoint.save(scratch.path() / "ckpt");
  CHECK(keys_of(path)[1] == "save_counter/.ATTRIBUTES/VARIABLE_VALUE");
  CHECK(keys_of(path)[2] == "v/.ATTRIBUTES/foo");
  v.non_dep_variable = v.mirrored = 0;
  checkpoint.restore(path).assert_consumed();
  CHECK(v.non_dep_variable == 42);
  CHECK(v.mirrored == 42);
}

TEST_CASE("testMoreComplexSaveableReturnedWithGlobalName: two variables of one global name take one saved value") {
  const cairn::test::ScratchDirectory scratch;
  const std::string prefix = (scratch.path() / "ckpt").generic_string();
  const float saved = 42;  // as a name-based saver writes it
  cairn::bundle::Writer writer(prefix);
  writer.add("global_name", cairn::TensorView(cairn::DT_FLOAT, {}, std::as_bytes(std::span(&saved, 1))));
  writer.finish();
  cairn::Variable<float> v1{{.name = "global_name"}}, v2{{.name = "global_name"}};
  cairn::Checkpoint checkpoint{"v1"_a = v1, "v2"_a = v2};
  checkpoint.read(prefix).assert_consumed();
  CHECK(static_cast<float>(v1) == 42);
  CHECK(static_cast<float>(v2) == 42);
}

TEST_CASE("testPassingCheckpointOptions: save, write, restore and read take options") {
  const cairn::test::ScratchDirectory scratch;
  const cairn::CheckpointOptions options{.durability = cairn::Durability::none};
  float v = 1;
  cairn::Checkpoint checkpoint{"v"_a = v};
  const std::string saved = checkpoint.save(scratch.path() / "a", options);
  const std::string written = checkpoint.write(scratch.path() / "b", options);
  for (const bool numbered : {false, true}) {
    v = 2;
    const cairn::RestoreOptions by_name{.rename = {{"v", "v"}}};
    (numbered ? checkpoint.restore(saved, by_name) : checkpoint.read(written, by_name)).assert_consumed();
    CHECK(v == 1);
  }
}

TEST_CASE("testFreezing: what is attached after a restore is restored then; the counter goes on") {
  const cairn::test::ScratchDirectory scratch;
  float v = 3;
  cairn::Checkpoint saving{"v"_a = v};
  std::string path;
  for (int i = 0; i < 12; ++i) path = saving.save(scratch.path() / "ckpt");
  cairn::Checkpoint loading;
  const cairn::LoadStatus status = loading.restore(path);
  CHECK(loading.save_counter() == 12);
  float late = 0;
  loading.track("v", late);
  CHECK(late == 3);
  CHECK_NOTHROW(status.assert_consumed());
  CHECK(loading.save(scratch.path() / "ckpt") == (scratch.path() / "ckpt-13").generic_string());
}

TEST_CASE("testAssertConsumedNoCheckpoint, and a status of nothing says so in every assertion") {
  const cairn::test::ScratchDirectory scratch;
  float v = 1;
  std::optional<cairn::LoadStatus> status;
  {
    cairn::Checkpoint checkpoint{"v"_a = v};
    status = checkpoint.restore(checkpoint.save(scratch.path() / "ckpt"));
  }
  CHECK_NOTHROW(status->assert_consumed());
  cairn::Checkpoint checkpoint{"v"_a = v};
  const cairn::LoadStatus nothing = checkpoint.restore(std::nullopt);
  CHECK(sentence_of([&] { nothing.assert_consumed(); }).find("No checkpoint specified") == 0);
  CHECK(sentence_of([&] { nothing.assert_existing_objects_matched(); }).find("No checkpoint specified") == 0);
  CHECK(sentence_of([&] { nothing.assert_nontrivial_match(); }).find("No checkpoint specified") == 0);
  CHECK_NOTHROW(nothing.expect_partial());
}

TEST_CASE("a checkpoint that has nothing in common with the program but the root is no match") {
  const cairn::test::ScratchDirectory scratch;
  float v = 1, w = 2;
  cairn::Checkpoint saving{"v"_a = v};
  cairn::Checkpoint loading{"w"_a = w};
  const std::string path = saving.write(scratch.path() / "ckpt");
  const cairn::LoadStatus status = loading.read(path);
  CHECK(
      sentence_of([&] {
        status.assert_nontrivial_match();
      }).find("has nothing in common with the program but the root; check the names under which objects are tracked") !=
      std::string::npos);
  CHECK_NOTHROW(saving.read(path).assert_nontrivial_match());
  CHECK(w == 2);
  // After restore() the save counter is something in common, for TensorFlow, too.
  CHECK_NOTHROW(loading.restore(saving.save(scratch.path() / "saved")).assert_nontrivial_match());
}

TEST_CASE("testDeepCopyCheckpoint: a copy of a state is saved as itself, and the original restores it") {
  const cairn::test::ScratchDirectory scratch;
  struct Model {
    cairn::Variable<float> v = 1.0f;
  } original;
  Model copy = original;
  copy.v.assign(2.0f);
  cairn::Checkpoint of_copy{copy};
  const std::string path = of_copy.save(scratch.path() / "ckpt");
  CHECK(static_cast<float>(original.v) == 1);
  cairn::Checkpoint of_original{original};
  of_original.restore(path).assert_consumed();
  CHECK(static_cast<float>(original.v) == 2);
}

TEST_CASE("testCustomNumbering: write() numbers nothing and returns the path it was given") {
  const cairn::test::ScratchDirectory scratch;
  std::int64_t step = 0;
  cairn::Checkpoint checkpoint{"step"_a = step};
  for (; step < 5; ++step) {
    const std::string path = (scratch.path() / ("ckpt-" + std::to_string(step))).generic_string();
    CHECK(checkpoint.write(path) == path);
  }
  checkpoint.read((scratch.path() / "ckpt-3").generic_string()).assert_consumed();
  CHECK(step == 3);
  CHECK(!std::filesystem::exists(scratch.path() / "checkpoint"));
}

TEST_CASE("testPartialRestoreWarningAttribute, testAttributeException: a value for an object without one is listed") {
  const cairn::test::ScratchDirectory scratch;
  struct {
    float v1 = 1, v2 = 2;
  } saved;
  cairn::Checkpoint first{saved};
  const std::string path = first.write(scratch.path() / "p");
  struct {
    struct {
    } v1;
    float v2 = 0;
  } without;
  cairn::Checkpoint second{without};
  const cairn::LoadStatus status = second.read(path);
  CHECK(without.v2 == 2);
  CHECK(status.only_in_checkpoint() == Names{"v1"});
  CHECK_NOTHROW(status.assert_existing_objects_matched());
  const std::string sentence = sentence_of([&] { status.assert_consumed(); });
  CHECK(sentence.find("only in checkpoint  v1") != std::string::npos);
}

TEST_CASE("testSilencePartialWarning: expect_partial() says that a part is enough, and nothing is printed") {
  const cairn::test::ScratchDirectory scratch;
  Trackable saved{.v = 1.0f, .v1 = std::nullopt, .v2 = 2.0f};
  cairn::Checkpoint first{saved};
  const std::string path = first.write(scratch.path() / "p");
  float v = 0;
  cairn::Checkpoint second{"v"_a = v};
  CHECK(second.read(path).expect_partial().only_in_checkpoint() == Names{"v2"});
}

TEST_CASE("testVariableNameEscaping, testNumberedPath, testLocalNameValidation") {
  const cairn::test::ScratchDirectory scratch;
  const auto only_key = [&](const std::string& name, const std::string& inner) {
    std::map<std::string, std::map<std::string, float>> root{{name, {{inner, 1.0f}}}};
    cairn::Checkpoint checkpoint{root};
    Names keys = keys_of(checkpoint.write(scratch.path() / "p"));
    std::erase(keys, "_CHECKPOINTABLE_OBJECT_GRAPH");
    return keys.at(0);
  };
  CHECK(only_key("a", "b/c") == "a/b.Sc/.ATTRIBUTES/VARIABLE_VALUE");
  CHECK(only_key("a/b", "c/") == "a.Sb/c.S/.ATTRIBUTES/VARIABLE_VALUE");
  CHECK(only_key("d", ".S") == "d/..S/.ATTRIBUTES/VARIABLE_VALUE");
  CHECK(only_key("d", ".ATTRIBUTES/f") == "d/..ATTRIBUTES.Sf/.ATTRIBUTES/VARIABLE_VALUE");
  CHECK(only_key("leaf", "v") == "leaf/v/.ATTRIBUTES/VARIABLE_VALUE");
  CHECK(only_key(".ATTRIBUTES", "v") == "..ATTRIBUTES/v/.ATTRIBUTES/VARIABLE_VALUE");
}

TEST_CASE("testLateDependencyTracking, testDepAfterVar, testRestoreOnAssign: values wait for the object") {
  const cairn::test::ScratchDirectory scratch;
  struct Dependency {
    float var = 123;
  } dep;
  cairn::Checkpoint saving{"dep"_a = dep};
  const std::string path = saving.save(scratch.path() / "ckpt");

  cairn::Checkpoint loading;
  const cairn::LoadStatus status = loading.restore(path);
  CHECK_NOTHROW(status.assert_existing_objects_matched());
  CHECK(code_of([&] { status.assert_consumed(); }) == cairn::ErrorCode::failed_precondition);
  Dependency late{4};
  loading.track("dep", late);
  CHECK(late.var == 123);
  CHECK_NOTHROW(status.assert_existing_objects_matched().assert_consumed());
}

TEST_CASE("testOverlappingRestores: the last restore decides, whatever the order of tracking") {
  const cairn::test::ScratchDirectory scratch;
  struct Dependency {
    float var = 0;
  } dep;
  cairn::Checkpoint saving{"dep"_a = dep};
  dep.var = 1;
  const std::string first = saving.save(scratch.path() / "first");
  dep.var = 2;
  const std::string second = saving.save(scratch.path() / "second");
  for (const bool reverse : {false, true}) {
    cairn::Checkpoint loading;
    loading.restore(reverse ? second : first).expect_partial();
    loading.restore(reverse ? first : second).expect_partial();
    Dependency late;
    loading.track("dep", late);
    CHECK(late.var == (reverse ? 1 : 2));
  }
}

TEST_CASE("testAmbiguousLoad: one saved object for two live ones fails both assertions") {
  const cairn::test::ScratchDirectory scratch;
  struct Leaf {
    float v = 0;
  };
  struct Shared {
    std::shared_ptr<Leaf> a = std::make_shared<Leaf>(Leaf{3}), b = a;
  } shared;
  cairn::Checkpoint saving{shared};
  const std::string path = saving.save(scratch.path() / "ckpt");
  struct {
    Leaf a, b;
  } split;
  cairn::Checkpoint loading{split};
  const cairn::LoadStatus status = loading.restore(path);
  CHECK(split.a.v == 3);
  CHECK(split.b.v == 0);
  CHECK(code_of([&] { status.assert_consumed(); }) == cairn::ErrorCode::failed_precondition);
  CHECK(code_of([&] { status.assert_existing_objects_matched(); }) == cairn::ErrorCode::failed_precondition);
}

TEST_CASE("testObjectsCombined: two saved objects fill one live one") {
  const cairn::test::ScratchDirectory scratch;
  std::map<std::string, float> one{{"v1", 1.0f}}, two{{"v2", 2.0f}};
  cairn::Checkpoint saving{"one"_a = one, "two"_a = two};
  const std::string path = saving.save(scratch.path() / "ckpt");
  struct Both {
    float v1 = 0, v2 = 0;
  } both;
  cairn::Checkpoint loading{"one"_a = both, "two"_a = both};
  loading.restore(path).assert_consumed();
  CHECK(both.v1 == 1);
  CHECK(both.v2 == 2);
}

TEST_CASE("testEmptyContainersIgnored, test_restore_after_adding_empty_trackable_data_structure") {
  const cairn::test::ScratchDirectory scratch;
  struct Leaf {
    cairn::Variable<float> v;
  };
  struct {
    std::vector<Leaf> empty;
    float v = 1;
  } saved;
  cairn::Checkpoint saving{saved};
  const std::string path = saving.save(scratch.path() / "ckpt");
  struct {
    float v = 0;
    std::vector<Leaf> other;
    std::map<std::string, Leaf> more;
  } live;
  cairn::Checkpoint loading{live};
  loading.restore(path).assert_existing_objects_matched().assert_consumed().assert_nontrivial_match();
  CHECK(live.v == 1);
}

TEST_CASE("testDependencyLoop: a cycle is saved and restored, at once and when it is tracked late") {
  const cairn::test::ScratchDirectory scratch;
  struct Node {
    float v = 0;
    Node* other = nullptr;
  };
  Node first{1, nullptr}, second{2, &first};
  first.other = &second;
  cairn::Checkpoint saving{"first"_a = first};
  const std::string path = saving.save(scratch.path() / "ckpt");
  for (const bool late : {false, true}) {
    Node a, b{0, &a};
    a.other = &b;
    cairn::Checkpoint loading;
    if (!late) loading.track("first", a);
    const cairn::LoadStatus status = loading.restore(path);
    if (late) loading.track("first", a);
    CHECK_NOTHROW(status.assert_consumed());
    CHECK(a.v == 1);
    CHECK(b.v == 2);
  }
}

TEST_CASE("testCheckpointState, testCheckpointStateChangingVarList: all files stay, the state names the last") {
  const cairn::test::ScratchDirectory scratch;
  float var = 0;
  std::vector<float> more(10);
  cairn::Checkpoint checkpoint{"var"_a = var};
  std::string first;
  for (std::size_t i = 0; i < 10; ++i) {
    const std::string path = checkpoint.save(scratch.path() / "ckpt");
    if (i == 0) first = path;
    var += 1;
    checkpoint.track("var_" + std::to_string(i), more[i]);
  }
  for (int i = 1; i <= 10; ++i)
    CHECK(std::filesystem::exists(scratch.path() / ("ckpt-" + std::to_string(i) + ".index")));
  const auto state = cairn::get_checkpoint_state(scratch.path());
  REQUIRE(state);
  CHECK(state->all_model_checkpoint_paths == Names{(scratch.path() / "ckpt-10").generic_string()});
  more[3] = 7;
  const cairn::LoadStatus status = checkpoint.restore(first);
  CHECK(var == 0);
  CHECK(more[3] == 7);  // not in that checkpoint
  CHECK(status.only_in_program().size() == 10);
}

TEST_CASE("test_write_checkpoint_path_tensor_does_not_exist_from_function: a folder that cannot be made is told") {
  const cairn::test::ScratchDirectory scratch;
  float v = 1;
  cairn::Checkpoint checkpoint{"v"_a = v};
  const std::string made = checkpoint.write(scratch.path() / "new/folders/ckpt");  // TensorFlow makes the last only
  v = 0;
  checkpoint.read(made).assert_consumed();
  CHECK(v == 1);
  cairn::test::write_file(cairn::io::native(), (scratch.path() / "file").generic_string(), "");
  CHECK(sentence_of([&] {
          checkpoint.write(scratch.path() / "file/ckpt");
        }).find((scratch.path() / "file").generic_string()) != std::string::npos);
}

TEST_CASE("test_inititialize_with_data_structures: lists and maps as named objects") {
  const cairn::test::ScratchDirectory scratch;
  std::vector<cairn::Variable<float>> list;
  list.emplace_back(0.0f);
  list.emplace_back(1.0f);
  std::map<std::string, cairn::Variable<float>> map{{"var1", cairn::Variable<float>(2.0f)}};
  cairn::Checkpoint checkpoint{"a"_a = list, "b"_a = map};
  const std::string path = checkpoint.save(scratch.path() / "ckpt");
  list[1].assign(-5.0f);
  map.at("var1").assign(-6.0f);
  checkpoint.restore(path).assert_consumed();
  CHECK(static_cast<float>(list[1]) == 1);
  CHECK(static_cast<float>(map.at("var1")) == 2);
}

TEST_CASE("test_initialize_with_root_object, test_root_arg: root and named objects interchange by name") {
  const cairn::test::ScratchDirectory scratch;
  struct Model {
    float v = 0;
  } model;
  float extra = 0, late = 0;
  cairn::Checkpoint with_root{model, "extra"_a = extra};
  model.v = 3;
  extra = 4;
  const std::string path = with_root.save(scratch.path() / "ckpt");
  CHECK(with_root.save_counter() == 1);

  float v = 0;
  extra = 0;
  cairn::Checkpoint by_names{"v"_a = v, "extra"_a = extra};
  by_names.restore(path).assert_existing_objects_matched();
  CHECK(v == 3);
  CHECK(extra == 4);
  with_root.track("late", late);
  late = 5;
  const std::string later = with_root.save(scratch.path() / "ckpt");
  late = model.v = 0;
  with_root.restore(later).assert_consumed();
  CHECK(late == 5);
  CHECK(model.v == 3);
}

TEST_CASE("test_checkpoint_saved_model_compatibility: a SavedModel's folder is its checkpoint") {
  const cairn::test::ScratchDirectory scratch;
  float v = 6;
  cairn::Checkpoint checkpoint{"v"_a = v};
  checkpoint.write(scratch.path() / "model/variables/variables");
  cairn::test::write_file(cairn::io::native(), (scratch.path() / "model/saved_model.pb").generic_string(), "");
  v = 0;
  checkpoint.read((scratch.path() / "model").generic_string()).assert_consumed();
  CHECK(v == 6);
  CHECK(code_of([&] { checkpoint.read((scratch.path() / "nothing").generic_string()).expect_partial(); }) ==
        cairn::ErrorCode::not_found);
}

TEST_CASE("test_deferred_dependency_avoids_reference_cycles, test_weakref_root: nothing that is tracked is owned") {
  const cairn::test::ScratchDirectory scratch;
  auto node = std::make_shared<float>(3.0f);
  std::weak_ptr<float> watched = node;
  cairn::Checkpoint checkpoint{"v"_a = *node};
  const std::string path = checkpoint.write(scratch.path() / "p");
  {
    cairn::Checkpoint pending;
    const cairn::LoadStatus status = pending.read(path);
    CHECK(node.use_count() == 1);
    pending.track("v", *node);
    CHECK(node.use_count() == 1);
    node.reset();
    CHECK(watched.expired());
    CHECK(status.matched() == Names{"v"});  // the status looks at nothing that is gone
  }
}

TEST_CASE("test_defer_objects_with_values_only: what has no values below it is not waited for") {
  const cairn::test::ScratchDirectory scratch;
  struct Empty {};
  struct {
    Empty nothing;
    std::vector<Empty> also_nothing{2};
    float v = 1;
  } saved;
  cairn::Checkpoint saving{saved};
  const std::string path = saving.write(scratch.path() / "p");
  float v = 0;
  cairn::Checkpoint loading{"v"_a = v};
  loading.read(path).assert_consumed();
}

TEST_CASE("test_restore_incompatible_shape, and what came before it is as it was") {
  const cairn::test::ScratchDirectory scratch;
  struct {
    float a = 1;
    cairn::Variable<float, 2> b;
  } saved;
  cairn::Checkpoint saving{saved};
  const std::string path = saving.write(scratch.path() / "p");
  struct {
    float a = 0;
    cairn::Variable<float, 3> b;
  } live;
  cairn::Checkpoint loading{live};
  CHECK(code_of([&] { loading.read(path).expect_partial(); }) == cairn::ErrorCode::invalid_argument);
  CHECK(live.a == 0);  // TensorFlow has assigned it by now
}

TEST_CASE("test_save_restore_fspath, test_read_write_fspath: paths are std::filesystem's") {
  const cairn::test::ScratchDirectory scratch;
  float v = 1;
  cairn::Checkpoint checkpoint{"v"_a = v};
  const std::filesystem::path saved = checkpoint.save(scratch.path() / "a");
  const std::filesystem::path written = checkpoint.write(scratch.path() / "b");
  v = 2;
  checkpoint.restore(saved).assert_consumed();
  CHECK(v == 1);
  v = 2;
  checkpoint.read(written).assert_consumed();
  CHECK(v == 1);
}

TEST_CASE("test_CheckpointOption_MaxShardSizePolicy (sharding_policies_test): eight data files of ten bytes at most") {
  const cairn::test::ScratchDirectory scratch;
  struct {
    cairn::Variable<std::int32_t, 3, 2> v0;
    cairn::Variable<float, 3, 2, 1> v1;
    std::string v2 = "test_string";
  } root;
  root.v0(2, 1) = 5;
  cairn::Checkpoint checkpoint{root};
  const std::string path = checkpoint.save(scratch.path() / "ckpt", {.shard_size = 10});
  CHECK(cairn::bundle::data_files(path).size() == 8);  // three for v0 and for v1, one for v2, one for counter and graph
  root.v0(2, 1) = 0;
  root.v2.clear();
  checkpoint.restore(path).assert_consumed();
  CHECK(root.v0(2, 1) == 5);
  CHECK(root.v2 == "test_string");
}

TEST_CASE("test_resource_variable (functional_saver_test): one file into another variable of that name") {
  const cairn::test::ScratchDirectory scratch;
  cairn::Variable<float> v1 = 2.0f, v2 = 1.0f;
  cairn::Checkpoint first{"x"_a = v1};
  const std::string path = first.write(scratch.path() / "ckpt");
  CHECK(std::filesystem::exists(path + ".index"));
  CHECK(std::filesystem::exists(path + ".data-00000-of-00001"));
  cairn::Checkpoint second{"x"_a = v2};
  second.read(path).assert_consumed();
  CHECK(static_cast<float>(v2) == 2);
}
