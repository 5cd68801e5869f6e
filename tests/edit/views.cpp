#include <cairn/edit/checkpoint_view.hpp>
#include <cairn/edit/propose_renames.hpp>

#include <doctest/doctest.h>

#include "edit/states.hpp"

#include <cstdint>
#include <string>
#include <vector>

using cairn::CheckpointView;
using cairn::ErrorCode;
using cairn::TrackableView;
using cairn::test::code_of;
using Nodes = std::vector<std::int32_t>;

namespace {

struct Leaf {};
struct Root {
  Leaf leaf;
};
struct Pair {
  float leaf3 = 0, leaf4 = 0;
};
struct One {
  float leaf5 = 0;
};
struct Tree {
  Pair leaf1;
  One leaf2;
};
struct First {
  float leaf3 = 0;
};
struct Smaller {
  First leaf1;
  One leaf2;
};
struct Shared {
  std::shared_ptr<float> leaf3 = std::make_shared<float>(1.0f);
};
struct TwoShared {
  Shared leaf1, leaf2;
};

template <class T>
std::string save(const cairn::test::ScratchDirectory& scratch, T& root) {
  return cairn::Checkpoint{root}.save((scratch.path() / "ckpt").string());
}

}  // namespace

TEST_CASE("test_children of a CheckpointView: names in order, and the nodes they stand for") {
  const cairn::test::ScratchDirectory scratch;
  Root root;
  const CheckpointView view{save(scratch, root)};
  CHECK(view.children(0).begin()->first == "leaf");
  CHECK(view.children(0).at("leaf") == 1);
  CHECK(view.children(0).at("root") == 0);
  CHECK(view.children(1).empty());
  CHECK(view.path(1) == "leaf");
  CHECK(code_of([&] { (void)view.children(0).at("nobody"); }) == ErrorCode::not_found);
  for (const std::int32_t wrong : {-1, 3})
    CHECK(code_of([&] { (void)view.children(wrong); }) == ErrorCode::out_of_range);
}

TEST_CASE("test_all_nodes: the root first, then breadth first; a directory stands for its latest") {
  const cairn::test::ScratchDirectory scratch;
  Root root;
  save(scratch, root);
  CHECK(CheckpointView{scratch.path()}.descendants() == Nodes{0, 1, 2});
}

TEST_CASE("test_match: nodes fit objects of the same names; diff has what is left on either side") {
  const cairn::test::ScratchDirectory scratch;
  Tree tree;
  const CheckpointView view{save(scratch, tree)};
  Smaller smaller;
  const auto matched = view.match(smaller);
  Nodes ids;
  for (const auto& item : matched) ids.push_back(item.first);
  CHECK(ids == Nodes{0, 1, 2, 4, 6});
  CHECK(matched.at(0).get_if<Smaller>() == &smaller);
  CHECK(matched.at(4).get_if<float>() == &smaller.leaf1.leaf3);
  CHECK(matched.at(6).get_if<double>() == nullptr);
  CHECK(matched.at(6).path == "leaf2.leaf5");
  CHECK(matched.at(6).type_name() == "float");
  const auto [same, only_in_checkpoint, only_in_program] = view.diff(smaller);
  CHECK(same.size() == 5);
  CHECK(only_in_checkpoint == Nodes{3, 5});
  CHECK(view.path(3) == "save_counter");
  CHECK(only_in_program.empty());

  const CheckpointView less{save(scratch, smaller)};
  REQUIRE(less.diff(tree).only_in_program.size() == 1);
  CHECK(less.diff(tree).only_in_program[0].path == "leaf1.leaf4");
}

TEST_CASE("test_match_overlapping_nodes: a node that two objects fit gets the first of them") {
  const cairn::test::ScratchDirectory scratch;
  TwoShared saved;
  saved.leaf2.leaf3 = saved.leaf1.leaf3;
  const CheckpointView view{save(scratch, saved)};
  TwoShared program;
  const auto diff = view.diff(program);
  CHECK(diff.matched.size() == 4);
  CHECK(diff.matched.at(4).get_if<float>() == program.leaf1.leaf3.get());
  REQUIRE(diff.only_in_program.size() == 1);
  CHECK(diff.only_in_program[0].get_if<float>() == program.leaf2.leaf3.get());
}

TEST_CASE("test_children and test_descendants of a TrackableView: the objects of a program, each once") {
  Root root;
  const TrackableView view{root};
  const auto objects = view.descendants();
  REQUIRE(objects.size() == 2);
  CHECK(objects[0].get_if<Root>() == &root);
  CHECK(objects[1].get_if<Leaf>() == &root.leaf);
  const auto children = view.children(view.root());
  CHECK(children.size() == 1);
  CHECK(children.at("leaf") == objects[1]);
  Leaf other;
  CHECK(code_of([&] { (void)view.children(TrackableView{other}.root()); }) == ErrorCode::not_found);
}

TEST_CASE("a checkpoint without an object graph is refused, and one that is not there is not found") {
  const cairn::test::ScratchDirectory scratch;
  const std::string path = (scratch.path() / "v1").string();
  cairn::bundle::Writer(path).finish();
  CHECK(code_of([&] { CheckpointView{path}; }) == ErrorCode::invalid_argument);
  CHECK(code_of([&] { CheckpointView{scratch.path() / "nothing"}; }) == ErrorCode::not_found);
}

namespace {

struct Old {
  cairn::Variable<float, 2> first{{1, 2}};
  std::int64_t between = 7;
  cairn::Variable<float, 2> second{{3, 4}};
  cairn::Variable<float, 3> third{{5, 6, 7}};
};
struct Part {
  cairn::Variable<float, 2> b;
};
struct New {
  Part part;
  cairn::Variable<float, 2> a;  // an object's own values come before what it holds
  cairn::Variable<double, 3> third_in_double;
  cairn::Variable<float, 3> last;
};

}  // namespace

TEST_CASE(
    "renames are proposed by shapes, dtypes and order, and restore; a value that fits none, and a name that fits, have "
    "none") {
  const cairn::test::ScratchDirectory scratch;
  const std::string path = scratch.path() / "old";
  Old old;
  using namespace cairn::literals;
  cairn::Checkpoint{"old"_a = old}.write(path);
  New object;
  const std::vector<cairn::Rename> renames = cairn::propose_renames(object, path, "model");
  CHECK(cairn::to_string(renames) ==
        "{.rename = {{\"old.first\", \"model.a\"},\n            {\"old.third\", \"model.last\"},\n            "
        "{\"old.second\", \"model.part.b\"}}}\n");
  CHECK(cairn::to_string(cairn::propose_renames(object, path)).find("{\"old.second\", \"part.b\"}") !=
        std::string::npos);
  CHECK(cairn::propose_renames(old, path, "old").empty());
  CHECK(code_of([&] { (void)cairn::propose_renames(old, std::string(scratch.path() / "none")); }) ==
        ErrorCode::not_found);
}
