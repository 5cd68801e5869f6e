// Every kind of member that can be tracked, in structs of structs.
#include <cairn/cereal.hpp>
#include <cairn/checkpoint.hpp>

#include <doctest/doctest.h>

#include <cairn/bundle/reader.hpp>

#include "cereal/classes.hpp"
#include "checkpoint/states.hpp"

#include <array>
#include <complex>
#include <deque>
#include <list>
#include <map>
#include <tuple>
#include <unordered_map>

using namespace cairn::test;
using cairn::Variable;

namespace {

enum class Phase : std::int8_t { begin, end };
struct Nothing {};
struct Values {
  Variable<float, 2> variable;
  Variable<std::int64_t> scalar;
  Variable<double, cairn::dynamic, 2> rows;
  std::int8_t small = 0;
  bool flag = false;
  Phase phase = Phase::begin;
  std::complex<float> complex;
  cairn::half half{};
  std::array<std::uint16_t, 3> array{};
  std::vector<double> numbers;
  std::string text;
  std::vector<std::string> texts;
  Nothing nothing;
  cairn::NotSaved<int> not_saved{7};
};
struct Containers {
  std::vector<Values> vector;
  std::array<Values, 2> array;
  std::deque<Values> deque;
  std::list<std::vector<Values>> list;
  std::tuple<Values, float> tuple;
  std::pair<std::string, Values> pair;
  std::map<std::string, Values> map;
  std::unordered_map<std::string, std::map<std::string, float>> unordered_map;
  std::vector<Nothing> nothings;
};
struct Pointers {
  std::optional<Values> optional;
  std::unique_ptr<Values> unique;
  std::shared_ptr<Values> shared, same;
  std::vector<std::shared_ptr<Values>> list;
  std::map<std::string, std::shared_ptr<Values>> map;
  Values* raw = nullptr;
  Pointers* self = nullptr;
};
struct Classes {
  Point serialize;
  Secret private_members;
  Split split;
  Outside outside;
  Versioned versioned;
  Minimal minimal;
  Derived derived;
  Bird bird;
  Holder holder;
  Foreign foreign;
  std::variant<float, std::string> variant;
  std::map<int, float> map;
  std::vector<Point> points;
  std::unique_ptr<Versioned> pointer;
};
struct Everything {
  struct {
    Values values;
    Containers containers;
  } plain;
  Pointers pointers;
  Classes classes;
};

void fill(Values& values, int seed) {
  const auto number = static_cast<float>(seed);
  values.variable = {number, number + 1};
  values.scalar.assign(seed);
  values.rows.assign(cairn::Tensor<double, cairn::dynamic, 2>(cairn::Shape{seed, 2}));
  values.small = static_cast<std::int8_t>(seed);
  values.flag = true;
  values.phase = Phase::end;
  values.complex = {number, -number};
  values.half = cairn::half(number);
  values.array = {1, 2, static_cast<std::uint16_t>(seed)};
  values.numbers.assign(static_cast<std::size_t>(seed), 0.5);
  values.text = "text " + std::to_string(seed);
  values.texts.assign(static_cast<std::size_t>(seed), "one");
}
template <class Range>
void fill_all(Range& range, int seed) {
  for (auto& each : range) fill(each, seed++);
}

// `size` of everything that can have a size.
void fill(Everything& all, std::size_t size) {
  fill(all.plain.values, 1);
  Containers& containers = all.plain.containers;
  containers.vector.resize(size);
  containers.deque.resize(size);
  containers.list.assign(size, std::vector<Values>(size));
  containers.nothings.resize(size);
  fill_all(containers.vector, 1);
  fill_all(containers.array, 3);
  fill_all(containers.deque, 2);
  for (auto& inner : containers.list) fill_all(inner, 4);
  fill(std::get<0>(containers.tuple), 5);
  std::get<1>(containers.tuple) = 1;
  containers.pair.first = "pair";
  fill(containers.pair.second, 6);
  for (std::size_t i = 0; i < size; ++i) {
    fill(containers.map["key/" + std::to_string(i)], 7);
    containers.unordered_map["u." + std::to_string(i)]["x"] = 2;
    all.pointers.list.push_back(std::make_shared<Values>());
    fill(*all.pointers.list.back(), 8);
  }
  if (size != 0) {
    all.pointers.optional.emplace();
    all.pointers.unique = std::make_unique<Values>();
    fill(*all.pointers.optional, 1);
    fill(*all.pointers.unique, 2);
    all.pointers.shared = all.pointers.same = all.pointers.list[0];
    all.pointers.map["first"] = all.pointers.list[0];
    all.classes.pointer = std::make_unique<Versioned>();
    all.classes.pointer->value = 5;
  }
  Classes& classes = all.classes;
  classes.serialize.x = 1;
  classes.private_members = Secret(static_cast<std::int32_t>(size));
  classes.split.values.assign(size, 2);
  classes.outside.text = "outside";
  classes.versioned.value = 3;
  classes.minimal.value = 4;
  classes.derived.more = "more";
  classes.bird.song = "song";
  classes.holder.points.resize(size);
  classes.foreign.variant = "text";
  classes.variant = "text";
  classes.map[static_cast<int>(size)] = 1;
  classes.points.resize(size);
}

void lead_to_each_other(Everything& all) {
  all.pointers.raw = &all.plain.values;
  all.pointers.self = &all.pointers;
}

// Every key of a checkpoint with what it holds.
std::map<std::string, cairn::AnyTensor> tensors(cairn::io::FileSystem& files, const std::string& prefix) {
  const cairn::bundle::Reader reader(prefix, files);
  std::map<std::string, cairn::AnyTensor> all;
  for (const auto& item : reader.entries()) all.emplace(item.first, reader.read(item.first));
  return all;
}

}  // namespace

TEST_CASE("every kind of member comes back in structs of structs, whatever was there: nothing, less, more") {
  cairn::testing::MemoryFileSystem files;
  for (const std::size_t saved_size : {0u, 1u, 3u}) {
    Everything saved;
    fill(saved, saved_size);
    lead_to_each_other(saved);
    const std::string path = CheckpointIn(files, saved).write("saved");
    const auto expected = tensors(files, path);
    CHECK(expected.size() > 60);
    for (const std::size_t size : {0u, 2u, 5u}) {
      CAPTURE(saved_size);
      CAPTURE(size);
      Everything live;
      if (size != 0) fill(live, size);
      lead_to_each_other(live);
      live.plain.values.not_saved = 9;
      CheckpointIn(files, live).read(path).assert_consumed();
      CHECK(*live.plain.values.not_saved == 9);
      CHECK(live.plain.containers.nothings.size() == saved_size);
      CHECK(live.pointers.optional.has_value() == (saved_size != 0));
      if (saved_size != 0) {
        CHECK(live.pointers.list[0] == live.pointers.shared);
        CHECK(live.pointers.list[0] == live.pointers.same);
        CHECK(live.pointers.list[0] == live.pointers.map.at("first"));
      }
      CHECK((tensors(files, CheckpointIn(files, live).write("again")) == expected));
    }
  }
}

TEST_CASE("a struct of a hundred members, in a list in a struct, comes back") {
  struct Hundred {
    float m0, m1, m2, m3, m4, m5, m6, m7, m8, m9;
    float m10, m11, m12, m13, m14, m15, m16, m17, m18, m19;
    float m20, m21, m22, m23, m24, m25, m26, m27, m28, m29;
    float m30, m31, m32, m33, m34, m35, m36, m37, m38, m39;
    float m40, m41, m42, m43, m44, m45, m46, m47, m48, m49;
    float m50, m51, m52, m53, m54, m55, m56, m57, m58, m59;
    float m60, m61, m62, m63, m64, m65, m66, m67, m68, m69;
    float m70, m71, m72, m73, m74, m75, m76, m77, m78, m79;
    float m80, m81, m82, m83, m84, m85, m86, m87, m88, m89;
    float m90, m91, m92, m93, m94, m95, m96, m97, m98, m99;
  };
  struct {
    std::vector<Hundred> list{2};
  } saved, live;
  saved.list[1].m0 = 1;
  saved.list[1].m99 = 2;
  cairn::testing::MemoryFileSystem files;
  const std::string path = CheckpointIn(files, saved).write("p");
  CheckpointIn(files, live).read(path).assert_consumed();
  CHECK(live.list[1].m0 == 1);
  CHECK(live.list[1].m99 == 2);
  CHECK(live.list[1].m98 == 0);
}
