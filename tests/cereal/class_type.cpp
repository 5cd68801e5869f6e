// Classes with cereal's functions inside a tracked state: nodes with names, restored as a whole or not at all.
#include <cairn/cereal/detail/class_type.hpp>

#include <doctest/doctest.h>

#include <cairn/cereal/detail/archived_type.hpp>

#include "cereal/classes.hpp"
#include "graph/saved_state.hpp"

#include <cereal/archives/portable_binary.hpp>

#include <map>

CEREAL_REGISTER_TYPE(cairn::test::Square)
CEREAL_REGISTER_POLYMORPHIC_RELATION(cairn::test::Shape2D, cairn::test::Square)
CEREAL_REGISTER_TYPE(cairn::test::Around)
CEREAL_REGISTER_POLYMORPHIC_RELATION(cairn::test::Shape2D, cairn::test::Around)

using namespace cairn;
using namespace cairn::test;

namespace {
struct Inner {
  float a = 1;
  std::vector<Point> list;
};
// Loads a struct into a local, and keeps part of it.
class Picky {
 public:
  Inner kept;
  bool saves_inner = true;
  template <class Archive>
  void save(Archive& archive) const {
    if (saves_inner) archive(cereal::make_nvp("inner", kept));
  }
  template <class Archive>
  void load(Archive& archive) {
    Inner local;
    archive(cereal::make_nvp("inner", local));
    kept.a = local.a;
  }
};
class Sharing {
 public:
  std::shared_ptr<Point> point;
  float not_archived = 3;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(point));
  }
};
}  // namespace

TEST_CASE("a class is a node with a child per name; what a save() has in locals is saved, too") {
  Split split;
  split.values = {1, 2};
  const SavedState saved(child("split", split));
  CHECK(saved.children(1) == Names{"count -> 2", "sum -> 3", "values -> 4"});
  CHECK(saved.values.contains("split/sum/.ATTRIBUTES/VARIABLE_VALUE"));
}

TEST_CASE("a class version is a child of its own; a checkpoint without one is version 0") {
  Versioned source;
  source.value = 4;
  SavedState saved(child("v", source));
  CHECK(saved.values.contains("v/cereal_class_version/.ATTRIBUTES/VARIABLE_VALUE"));
  Versioned target;
  saved.restore(child("v", target));
  CHECK(target.loaded_version == 3);
  saved.graph.erase_children(1, [](const ObjectReference& each) { return each.local_name != "value"; });
  saved.restore(child("v", target));
  CHECK(target.loaded_version == 0);
  CHECK(target.value == 4);
  CHECK(saved.restore(child("v", target)).only_in_program.empty());  // nothing is missed: that is version 0
}

TEST_CASE("a list of classes of numbers that archive themselves is a list of nodes") {
  struct State {
    std::vector<Point> points;
    std::map<int, Point> by_number;
  } source, target;
  source.points.resize(2);
  source.points[1].y = 5;
  source.by_number[3].x = 7;
  const SavedState saved(root_of(source));
  CHECK(saved.values.contains("points/1/y/.ATTRIBUTES/VARIABLE_VALUE"));
  CHECK(saved.values.contains("by_number/values/0/x/.ATTRIBUTES/VARIABLE_VALUE"));
  saved.restore(root_of(target));
  CHECK(target.points[1].y == 5);
  CHECK(target.by_number.at(3).x == 7);
}

TEST_CASE("what a class does not archive stays as it was") {
  Sharing source, target;
  source.point = std::make_shared<Point>();
  target.not_archived = 42;
  SavedState(child("s", source)).restore(child("s", target));
  CHECK(target.point != nullptr);
  CHECK(target.not_archived == 42);
}

TEST_CASE("an object that a class shares is restored where it is, after all checks") {
  struct State {
    Sharing sharing;
    float last = 0;
  } source, target;
  source.sharing.point = std::make_shared<Point>();
  source.sharing.point->x = 5;
  SavedState saved(root_of(source));
  target.sharing.point = std::make_shared<Point>();
  const auto same = target.sharing.point;
  saved.damaged = {"last/.ATTRIBUTES/VARIABLE_VALUE"};
  CHECK(code_of([&] { saved.restore(root_of(target)); }) == ErrorCode::data_loss);
  CHECK(same->x == 0);
  saved.damaged.clear();
  saved.restore(root_of(target));
  CHECK(target.sharing.point == same);
  CHECK(same->x == 5);
}

TEST_CASE("a struct that a class loads but the file lacks is listed, though it was a local") {
  Picky source;
  source.saves_inner = false;
  const SavedState saved(child("p", source));
  Picky target;
  target.kept.list.resize(2);
  CHECK(saved.restore(child("p", target)).only_in_program == Names{"p.inner.a"});
}

TEST_CASE("many objects of one class in a list come back, each with its own") {
  std::vector<Picky> source(20);
  for (std::size_t i = 0; i < source.size(); ++i) source[i].kept.a = static_cast<float>(i);
  const SavedState saved(child("list", source));
  std::vector<Picky> target(3);
  saved.restore(child("list", target));
  REQUIRE(target.size() == 20);
  for (std::size_t i = 0; i < target.size(); ++i) CHECK(target[i].kept.a == static_cast<float>(i));
}

TEST_CASE("a class that throws in load leaves everything as it was, whatever it throws") {
  struct State {
    std::vector<float> before;
    Strict strict;
    std::vector<Point> after;
  } source, target;
  source.before = {1, 2};
  source.strict.value = -1;
  source.after.resize(3);
  const SavedState saved(root_of(source));
  CHECK_THROWS_AS(saved.restore(root_of(target)), std::domain_error);
  CHECK(target.before.empty());
  CHECK(target.strict.value == 1);
  CHECK(target.after.empty());
}

TEST_CASE("a damaged value within a class leaves the class as it was") {
  Holder source;
  source.points.resize(2);
  source.split.values = {1, 2};
  SavedState saved(child("h", source));
  for (const std::string& key : saved.keys()) {
    saved.damaged = {key};
    Holder target;
    target.points.resize(1);
    CHECK(code_of([&] { saved.restore(child("h", target)); }) == ErrorCode::data_loss);
    CHECK(target.points.size() == 1);
    CHECK(target.split.values.empty());
  }
}

TEST_CASE("a pointer to a polymorphic class is cereal's: one string, with the class that is behind it") {
  std::unique_ptr<Shape2D> source = std::make_unique<Square>(3.f);
  const SavedState saved(child("shape", source));
  CHECK(saved.values.begin()->second.dtype == DT_STRING);
  std::unique_ptr<Shape2D> target;
  saved.restore(child("shape", target));
  REQUIRE(target != nullptr);
  CHECK(target->area() == 9);
}

TEST_CASE("bytes that are cut, or name a class nobody registered, are an error, and the pointer stays") {
  std::shared_ptr<Shape2D> shape = std::make_shared<Square>(3.f);
  SavedState saved(child("shape", shape));
  std::string& bytes = saved.values.begin()->second.strings[0];
  const std::string good = bytes;
  auto target = shape;
  const auto restore = [&] { return code_of([&] { saved.restore(child("shape", target)); }); };
  for (std::size_t size = 0; size < good.size(); ++size) {
    bytes = good.substr(0, size);
    CHECK(restore() == ErrorCode::data_loss);
  }
  bytes = good;
  ++bytes[good.find("Square")];
  CHECK(restore() == ErrorCode::data_loss);
  CHECK(target == shape);
}

TEST_CASE("bytes whose objects lie deeper in each other than those of a program are an error, before the stack ends") {
  std::unique_ptr<Shape2D> nested = std::make_unique<Square>(3.f);
  for (int i = 0; i < 400; ++i) nested = std::make_unique<Around>(std::move(nested));
  const SavedState saved(child("shape", nested));
  std::unique_ptr<Shape2D> target = std::make_unique<Square>(2.f);
  const Error error = error_of([&] { return saved.restore(child("shape", target)), 0; });
  CHECK(error.code() == ErrorCode::data_loss);
  CHECK(contains(error.what(), "its values lie deeper in each other than those of a program do"));
  CHECK(target->area() == 4);
}
