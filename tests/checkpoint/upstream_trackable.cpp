// Cases of TensorFlow's data_structures_test.py, base_test.py, autotrackable_test.py, base_delegate_test.py,
// python_state_test.py, restore_test.py, checkpoint_utils_test.py and tensor_callable_test.py with their names;
// tests/README.md lists where the others are.
#include <cairn/cereal.hpp>
#include <cairn/checkpoint.hpp>
#include <cairn/edit/variables.hpp>

#include <doctest/doctest.h>

#include <cereal/types/map.hpp>
#include <cereal/types/stack.hpp>
#include <cereal/types/string.hpp>

#include "io/files.hpp"
#include "support/scratch.hpp"

#include <map>
#include <memory>
#include <stack>
#include <string>
#include <tuple>
#include <vector>

using namespace cairn::literals;
using cairn::test::code_of;
using cairn::test::sentence_of;
using Names = std::vector<std::string>;

namespace {
struct Leaf {
  float v = 0;
};
Names keys_of(const std::string& path) {
  Names keys;
  for (const auto& [key, shape] : cairn::list_variables(path)) keys.push_back(key);
  std::erase(keys, "_CHECKPOINTABLE_OBJECT_GRAPH");
  return keys;
}
}  // namespace

template <>
inline constexpr auto cairn::members<Leaf> = cairn::describe(cairn::lists_as_nodes());

TEST_CASE("testNesting, testListBasic: elements of lists in lists are children called by their index") {
  const cairn::test::ScratchDirectory scratch;
  std::vector<std::vector<Leaf>> nested{{{1}, {2}}, {{3}}};
  cairn::Checkpoint checkpoint{"list"_a = nested};
  const std::string path = checkpoint.write(scratch.path() / "p");
  CHECK(keys_of(path) == Names{"list/0/0/v/.ATTRIBUTES/VARIABLE_VALUE", "list/0/1/v/.ATTRIBUTES/VARIABLE_VALUE",
                               "list/1/0/v/.ATTRIBUTES/VARIABLE_VALUE"});
}

TEST_CASE("testIMulPositive: an object twice in a list, under two names") {
  const cairn::test::ScratchDirectory scratch;
  const auto leaf = std::make_shared<Leaf>(Leaf{5});
  std::vector<std::shared_ptr<Leaf>> list(10);
  list[4] = list[9] = leaf;
  cairn::Checkpoint checkpoint{"list"_a = list};
  const std::string path = checkpoint.write(scratch.path() / "p");
  CHECK(keys_of(path) == Names{"list/4/v/.ATTRIBUTES/VARIABLE_VALUE"});
  leaf->v = 0;
  checkpoint.read(path).assert_consumed();
  CHECK(leaf->v == 5);
}

TEST_CASE("testMutateWithoutTrackableComponents: a list of plain numbers is one value, whatever is done to it") {
  const cairn::test::ScratchDirectory scratch;
  std::vector<int> list{1, 2, 3};
  cairn::Checkpoint checkpoint{"list"_a = list};
  list.erase(list.begin());
  list.insert(list.begin(), {7, 8});
  const std::string path = checkpoint.write(scratch.path() / "p");
  CHECK(keys_of(path) == Names{"list/.ATTRIBUTES/VARIABLE_VALUE"});
  list.clear();
  checkpoint.read(path).assert_consumed();
  CHECK(list == std::vector<int>{7, 8, 2, 3});
}

TEST_CASE("lists that were changed between two saves are saved as they are (TensorFlow refuses)") {
  // testDelItem, testSort, testMutationDirtiesList, testOutOfBandEditDirtiesList
  const cairn::test::ScratchDirectory scratch;
  std::vector<Leaf> list{{3}, {1}, {2}};
  cairn::Checkpoint checkpoint{"list"_a = list};
  checkpoint.write(scratch.path() / "p");
  list.erase(list.begin());
  list.insert(list.begin(), {9});
  const std::string path = checkpoint.write(scratch.path() / "p");
  list = {{0}};
  checkpoint.read(path).assert_consumed();
  CHECK(list.size() == 3);
  CHECK(list[0].v == 9);
}

TEST_CASE("testNamedTuple, testUnnamedSubclassing: a struct has names, a tuple indices, and they interchange") {
  const cairn::test::ScratchDirectory scratch;
  std::tuple<Leaf, float> tuple{{1}, 2.0f};
  cairn::Checkpoint checkpoint{"t"_a = tuple};
  const std::string path = checkpoint.write(scratch.path() / "p");
  CHECK(keys_of(path) == Names{"t/0/v/.ATTRIBUTES/VARIABLE_VALUE", "t/1/.ATTRIBUTES/VARIABLE_VALUE"});
  struct {
    Leaf x;
    float y = 0;
  } named;
  cairn::Checkpoint by_name{"t"_a = named};
  by_name.read(path, {.rename = {{"t.0", "t.x"}, {"t.1", "t.y"}}}).assert_consumed();
  CHECK(named.x.v == 1);
  CHECK(named.y == 2);
}

TEST_CASE("testNamedSubclassing: a struct beside a tuple in one member has edges by name and by index") {
  const cairn::test::ScratchDirectory scratch;
  struct {
    Leaf x{1};
    std::tuple<Leaf> elements{Leaf{2}};
  } both;
  cairn::Checkpoint checkpoint{"t"_a = both};
  const std::string path = checkpoint.write(scratch.path() / "p");
  CHECK(keys_of(path) == Names{"t/elements/0/v/.ATTRIBUTES/VARIABLE_VALUE", "t/x/v/.ATTRIBUTES/VARIABLE_VALUE"});
}

TEST_CASE("testNonStringKeys: a map with other keys than strings has no edge for each, but its keys and its values") {
  const cairn::test::ScratchDirectory scratch;
  std::map<int, float> map{{1, 2.0f}, {3, 4.0f}};
  cairn::Checkpoint checkpoint{"map"_a = map};
  const std::string path = checkpoint.write(scratch.path() / "p");
  CHECK(keys_of(path) == Names{"map/keys/.ATTRIBUTES/VARIABLE_VALUE", "map/values/.ATTRIBUTES/VARIABLE_VALUE"});
  CHECK(cairn::load_variable(path, "map/keys/.ATTRIBUTES/VARIABLE_VALUE").dtype() == cairn::DT_INT32);
  map.clear();
  checkpoint.read(path).assert_consumed();
  CHECK(map == std::map<int, float>{{1, 2.0f}, {3, 4.0f}});
}

TEST_CASE("testDeepCopyTrackable: the copy of a map is tracked with elements of its own") {
  const cairn::test::ScratchDirectory scratch;
  std::map<std::string, Leaf> original{{"b", {1}}};
  std::map<std::string, Leaf> copy = original;
  copy["b"].v = 2;
  cairn::Checkpoint checkpoint{"original"_a = original, "copy"_a = copy};
  const std::string path = checkpoint.write(scratch.path() / "p");
  CHECK(keys_of(path) == Names{"copy/b/v/.ATTRIBUTES/VARIABLE_VALUE", "original/b/v/.ATTRIBUTES/VARIABLE_VALUE"});
  original["b"].v = copy["b"].v = 0;
  checkpoint.read(path).assert_consumed();
  CHECK(original["b"].v == 1);
  CHECK(copy["b"].v == 2);
}

TEST_CASE("testNestedLists: lists in lists, and a list that is left out") {
  const cairn::test::ScratchDirectory scratch;
  struct {
    std::vector<std::vector<Leaf>> nested{{{1}}, {{2}, {3}}};
    cairn::NotSaved<std::vector<Leaf>> no_dependency{{{4}}};
  } state;
  cairn::Checkpoint checkpoint{state};
  const std::string path = checkpoint.write(scratch.path() / "p");
  CHECK(keys_of(path) == Names{"nested/0/0/v/.ATTRIBUTES/VARIABLE_VALUE", "nested/1/0/v/.ATTRIBUTES/VARIABLE_VALUE",
                               "nested/1/1/v/.ATTRIBUTES/VARIABLE_VALUE"});
}

TEST_CASE("testWrapper: what a class archives comes back, though it never was a tensor") {
  const cairn::test::ScratchDirectory scratch;
  std::stack<std::string> state({"wrapped"});
  cairn::Checkpoint checkpoint{"state"_a = state};
  const std::string path = checkpoint.write(scratch.path() / "p");
  CHECK(cairn::load_variable(path, "state/.ATTRIBUTES/VARIABLE_VALUE").dtype() == cairn::DT_STRING);
  state.top() = "other";
  checkpoint.read(path).assert_consumed();
  CHECK(state.top() == "wrapped");
}

TEST_CASE("testSaveRestoreNumpyState, testDocstringExample: arrays appear in a fresh object as they were saved") {
  const cairn::test::ScratchDirectory scratch;
  std::map<std::string, std::vector<double>> arrays{{"a", {1, 1}}, {"b", {1, 1}}};
  cairn::Checkpoint checkpoint{"numpy"_a = arrays};
  const std::string first = checkpoint.save(scratch.path() / "ckpt");
  arrays["a"] = {2, 2};
  arrays["c"] = {3, 3};
  const std::string second = checkpoint.save(scratch.path() / "ckpt");
  std::map<std::string, std::vector<double>> fresh;
  cairn::Checkpoint loading{"numpy"_a = fresh};
  loading.restore(first).assert_consumed();
  CHECK(fresh == std::map<std::string, std::vector<double>>{{"a", {1, 1}}, {"b", {1, 1}}});
  loading.restore(second).assert_consumed();
  CHECK(fresh.at("a") == std::vector<double>{2, 2});
  CHECK(fresh.at("c") == std::vector<double>{3, 3});
}

TEST_CASE("test_callable: what is made when it is saved is made once per save") {
  const cairn::test::ScratchDirectory scratch;
  struct Lazy {
    int* calls;
    std::int64_t value = 0;
    [[nodiscard]] cairn::NamedTensors serialize_to_tensors() const {
      cairn::NamedTensors tensors;
      tensors.add("VARIABLE_VALUE", std::int64_t{++*calls});
      return tensors;
    }
    void restore_from_tensors(const cairn::NamedTensors& tensors) { tensors.get("VARIABLE_VALUE", value); }
  };
  int calls = 0;
  Lazy lazy{&calls};
  cairn::Checkpoint checkpoint{"lazy"_a = lazy};
  std::string path;
  for (int i = 1; i <= 3; ++i) {
    path = checkpoint.save(scratch.path() / "ckpt");
    CHECK(calls == i);
  }
  std::int64_t number = 0;
  cairn::Checkpoint loading{"lazy"_a = number};  // where the program has a plain number, that is what it is
  loading.restore(path).assert_consumed();
  CHECK(number == 3);
}

TEST_CASE("testLoopAssignedModule: an object that holds itself is one node") {
  const cairn::test::ScratchDirectory scratch;
  struct Module {
    float v = 1;
    std::tuple<Module*> loop;
  } module;
  std::get<0>(module.loop) = &module;
  cairn::Checkpoint checkpoint{"module"_a = module};
  const std::string path = checkpoint.write(scratch.path() / "p");
  CHECK(keys_of(path) == Names{"module/v/.ATTRIBUTES/VARIABLE_VALUE"});
  module.v = 0;
  checkpoint.read(path).assert_consumed();
  CHECK(module.v == 1);
}

TEST_CASE("testOverwrite, testAddVariableOverwrite: a second child of a name is refused") {
  Leaf first, second;
  cairn::Checkpoint checkpoint{"a"_a = first};
  CHECK(code_of([&] { checkpoint.track("a", second); }) == cairn::ErrorCode::already_exists);
}

TEST_CASE("testAssertConsumedWithUnusedPythonState: nothing but what is tracked is in a file") {
  const cairn::test::ScratchDirectory scratch;
  Leaf leaf{1};
  cairn::Checkpoint checkpoint{leaf};
  const std::string path = checkpoint.write(scratch.path() / "p");
  CHECK(keys_of(path) == Names{"v/.ATTRIBUTES/VARIABLE_VALUE"});
  checkpoint.read(path).assert_consumed();
}

TEST_CASE("testAssertConsumedFailsWithUsedPythonState: a string that nobody takes is reported") {
  const cairn::test::ScratchDirectory scratch;
  struct {
    float v = 1;
    std::string foo_attr = "a string";
  } saved;
  cairn::Checkpoint first{saved};
  const std::string path = first.write(scratch.path() / "p");
  Leaf leaf;
  cairn::Checkpoint second{leaf};
  CHECK(sentence_of([&] { second.read(path).assert_consumed(); }).find("foo_attr") != std::string::npos);
}

TEST_CASE("testMultipleAssignment, testRemoveDependency: what a pointer names now is the child") {
  const cairn::test::ScratchDirectory scratch;
  Leaf one{1}, two{2};
  struct {
    Leaf* leaf = nullptr;
  } root;
  cairn::Checkpoint checkpoint{root};
  root.leaf = &one;
  root.leaf = &two;
  const std::string path = checkpoint.write(scratch.path() / "p");
  two.v = 0;
  checkpoint.read(path).assert_consumed();
  CHECK(one.v == 1);
  CHECK(two.v == 2);
  root.leaf = nullptr;
  CHECK(keys_of(checkpoint.write(scratch.path() / "p")).empty());
}

TEST_CASE("test_checkpoint (base_delegate_test): a class that hands on to another one restores its files") {
  const cairn::test::ScratchDirectory scratch;
  Leaf inner{3};
  struct {
    std::reference_wrapper<Leaf> delegate;
  } outer{inner};
  cairn::Checkpoint saving{"a"_a = inner};
  const std::string path = saving.write(scratch.path() / "p");
  inner.v = 0;
  cairn::Checkpoint loading{"a"_a = outer.delegate};
  loading.read(path).assert_consumed();
  CHECK(inner.v == 3);
}

TEST_CASE("test_restore_nodes: a part is named by its path, and others are left alone") {
  const cairn::test::ScratchDirectory scratch;
  struct {
    Leaf a{1}, b{2};
  } saved;
  cairn::Checkpoint first{saved};
  const std::string path = first.write(scratch.path() / "p");
  Leaf only, other{7};
  cairn::Checkpoint second{"only"_a = only};
  second.read(path, {.rename = {{"b", "only"}}}).assert_existing_objects_matched();
  CHECK(only.v == 2);
  CHECK(other.v == 7);
  // error cases: an unknown node; an object that expects a value where there is none, and the other way round
  CHECK(code_of([&] { second.read(path, {.rename = {{"c", "only"}}}).expect_partial(); }) ==
        cairn::ErrorCode::invalid_argument);
  float value = 0;
  cairn::Checkpoint third{"a"_a = value};
  CHECK(code_of([&] { third.read(path).assert_existing_objects_matched(); }) == cairn::ErrorCode::failed_precondition);
  std::map<std::string, Leaf> fewer;
  struct {
    float v = 0, w = 0;
  } more;
  cairn::Checkpoint fourth{"a"_a = more};
  CHECK(fourth.read(path).only_in_program() == Names{"a.w"});
}

TEST_CASE("testNoCheckpoints, testNoTensor, testGetTensor, testGetAllVariables") {
  const cairn::test::ScratchDirectory scratch;
  CHECK(code_of([&] { (void)cairn::load_variable(scratch.path(), "var1"); }) == cairn::ErrorCode::not_found);
  struct {
    cairn::Variable<float, 1, 10> var1;
    cairn::Variable<float, 10, 10> var2;
    cairn::Variable<float, 100, 100> var3;
  } state;
  state.var1(0, 3) = 4;
  cairn::Checkpoint checkpoint{state};
  checkpoint.save(scratch.path() / "ckpt");
  CHECK(code_of([&] { (void)cairn::load_variable(scratch.path(), "var5"); }) == cairn::ErrorCode::not_found);
  CHECK(cairn::load_variable(scratch.path(), "var1/.ATTRIBUTES/VARIABLE_VALUE").span<float>()[3] == 4);
  const auto all = cairn::list_variables(scratch.path());
  REQUIRE(all.size() == 5);
  CHECK(all[2].first == "var1/.ATTRIBUTES/VARIABLE_VALUE");
  CHECK(all[4].second == cairn::Shape{100, 100});
}

TEST_CASE("testInitFromCheckpoint, testInitFromRootCheckpoint, testInitToRootCheckpoint: scopes as renames") {
  const cairn::test::ScratchDirectory scratch;
  struct {
    Leaf scope{1};
    float my1 = 2;
  } saved;
  cairn::Checkpoint first{saved};
  const std::string path = first.write(scratch.path() / "p");
  struct Live {
    Leaf useful_scope;
    float my1 = 0;
  } live;
  cairn::Checkpoint scoped{live};
  scoped.read(path, {.rename = {{"scope.*", "useful_scope.*"}}}).assert_consumed();
  CHECK(live.useful_scope.v == 1);
  struct {
    Leaf scope;
    float my1 = 0;
  } inner;
  cairn::Checkpoint from_root{"some_scope"_a = inner};
  from_root.read(path, {.rename = {{"*", "some_scope.*"}}}).assert_consumed();
  CHECK(inner.my1 == 2);
  Leaf lifted;
  cairn::Checkpoint to_root{lifted};
  to_root.read(path, {.rename = {{"scope.*", "*"}}}).assert_existing_objects_matched();
  CHECK(lifted.v == 1);
}

TEST_CASE("testInitWithScopeDoesNotCaptureSuffixes: a scope ends at its separator") {
  const cairn::test::ScratchDirectory scratch;
  struct {
    Leaf scope{1}, scope_1{2};
  } saved;
  cairn::Checkpoint first{saved};
  const std::string path = first.write(scratch.path() / "p");
  struct {
    Leaf other, scope_1;
  } live;
  cairn::Checkpoint second{live};
  second.read(path, {.rename = {{"scope", "other"}}}).assert_consumed();
  CHECK(live.other.v == 1);
  CHECK(live.scope_1.v == 2);
}

TEST_CASE("testInitFromCheckpointMissing: whatever a map names wrongly is refused, and nothing changes") {
  const cairn::test::ScratchDirectory scratch;
  struct {
    Leaf scope{1};
    cairn::Variable<float, 1, 10> my1;
  } saved;
  cairn::Checkpoint first{saved};
  const std::string path = first.write(scratch.path() / "p");
  struct {
    Leaf mine;
    cairn::Variable<float, 10, 10> my1;
  } live;
  live.mine.v = 5;
  cairn::Checkpoint second{live};
  const auto code = [&](cairn::RestoreOptions options) {
    return code_of([&] { second.read(path, options).assert_existing_objects_matched(); });
  };
  CHECK(code({.rename = {{"no_var", "mine"}}}) == cairn::ErrorCode::invalid_argument);        // no such tensor
  CHECK(code({.rename = {{"no_scope.*", "mine.*"}}}) == cairn::ErrorCode::invalid_argument);  // no such scope
  CHECK(code({.rename = {{"scope", "mine"}}}) == cairn::ErrorCode::invalid_argument);         // my1's shape
  CHECK(code({.prefix = "no_scope"}) == cairn::ErrorCode::invalid_argument);                  // nothing below it
  CHECK(code({.rename = {{"scope", ""}}}) == cairn::ErrorCode::invalid_argument);             // no new name
  CHECK(code({.rename = {{"scope", "yours"}}, .on_mismatch = cairn::OnMismatch::skip}) ==
        cairn::ErrorCode::failed_precondition);  // no such object
  CHECK(live.mine.v == 5);
}
