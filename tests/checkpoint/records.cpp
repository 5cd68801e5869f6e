// Lists of structs that hold only numbers: a tensor for each member, whatever the list is made of.
#include <doctest/doctest.h>

#include <cairn/checkpoint/checkpoint.hpp>
#include <cairn/edit/checkpoint_reader.hpp>
#include <cairn/reflect/describe.hpp>
#include <cairn/reflect/static_keys.hpp>

#include "support/errors.hpp"
#include "support/scratch.hpp"

#include <array>
#include <complex>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <fstream>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <vector>

using namespace cairn;
using namespace cairn::test;
using namespace cairn::literals;

namespace {

struct Vec3 {
  double x = 0, y = 0, z = 0;
  bool operator==(const Vec3&) const = default;
};
enum class Species : std::uint8_t { argon, neon };
struct Particle {
  std::array<double, 3> position{};
  Vec3 velocity;
  float mass = 1;
  bool is_alive = true;
  Species species = Species::argon;
  std::array<std::array<std::int16_t, 2>, 2> cells{};
  bool operator==(const Particle&) const = default;
};
// As an earlier version saved it.
struct ParticleAsNode {
  std::array<double, 3> position{};
  Vec3 velocity;
  float mass = 1;
  bool is_alive = true;
  Species species = Species::argon;
  std::array<std::vector<std::int16_t>, 2> cells{std::vector<std::int16_t>(2), std::vector<std::int16_t>(2)};
};
struct Cell {
  std::int32_t row = 0;
  double value = 0;
  bool operator==(const Cell&) const = default;
};
struct Marked {
  std::int32_t row = 0;
  double value = 0;
  bool operator==(const Marked&) const = default;
};
struct Renamed {
  std::int32_t row = 0;
  double value = 0;
  int cached = 0;
};

Particle particle(int seed) {
  const double n = seed;
  return {{n + .1, n + .2, n + .3},
          {10 * n, 20 * n, 30 * n},
          static_cast<float>(seed) / 2,
          seed % 2 == 0,
          seed % 3 == 0 ? Species::argon : Species::neon,
          {{{static_cast<std::int16_t>(seed), 1}, {2, static_cast<std::int16_t>(-seed)}}}};
}
template <class List>
List particles(int count) {
  List list;
  for (int i = 0; i < count; ++i) list.push_back(particle(i));
  return list;
}

template <class State>
std::string saved(State& state, const ScratchDirectory& scratch, const std::string& name = "ckpt",
                  const CheckpointOptions& options = {}) {
  Checkpoint checkpoint{"list"_a = state};
  std::string path = checkpoint.save(scratch.path() / name, options);
  checkpoint.sync();
  return path;
}
template <class State>
void restore(State& state, const std::string& path) {
  Checkpoint{"list"_a = state}.restore(path).assert_consumed();
}
void flip_a_byte(const std::string& prefix) {
  std::fstream file(prefix + ".data-00000-of-00001", std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(0, std::ios::end);  // the graph is there, and the columns before it
  const auto middle = static_cast<std::streamoff>(file.tellg()) / 4;
  file.seekg(middle);
  const char byte = static_cast<char>(file.get());
  file.seekp(middle);
  file.put(static_cast<char>(byte ^ 1));
}

}  // namespace

template <>
inline constexpr auto cairn::members<ParticleAsNode> = cairn::describe(cairn::lists_as_nodes());
template <>
inline constexpr auto cairn::members<Marked> = cairn::describe(cairn::lists_as_nodes());
template <>
inline constexpr auto cairn::members<Renamed> =
    cairn::describe(cairn::rename<"row">("line", "row_number"), cairn::not_saved<"cached">());

TEST_CASE("a list of structs of numbers is a tensor for each member") {
  const ScratchDirectory scratch;
  auto list = particles<std::vector<Particle>>(5);
  const CheckpointReader reader(saved(list, scratch));
  std::map<std::string, std::string> found;
  for (const auto& [key, shape] : reader.get_variable_to_shape_map())
    if (key.starts_with("list/"))
      found[key.substr(5, key.find("/.ATTRIBUTES") - 5)] =
          to_string(reader.get_variable_to_dtype_map().at(key)) + " " + shape.to_string();
  CHECK(found == std::map<std::string, std::string>{{"position", "float64 [5, 3]"},
                                                    {"velocity/x", "float64 [5]"},
                                                    {"velocity/y", "float64 [5]"},
                                                    {"velocity/z", "float64 [5]"},
                                                    {"mass", "float32 [5]"},
                                                    {"is_alive", "bool [5]"},
                                                    {"species", "uint8 [5]"},
                                                    {"cells", "int16 [5, 2, 2]"}});
  const AnyTensor position = reader.get_tensor("list/position/.ATTRIBUTES/VARIABLE_VALUE");
  CHECK(position.span<double>()[4] == list[1].position[1]);
  CHECK(reader.get_tensor("list/cells/.ATTRIBUTES/VARIABLE_VALUE").span<std::int16_t>()[4 * 3 + 3] == -3);
}

TEST_CASE_TEMPLATE("records come back into empty, shorter, longer and full lists of any kind", List,
                   std::vector<Particle>, std::deque<Particle>, std::list<Particle>) {
  const ScratchDirectory scratch;
  auto list = particles<List>(5);
  const std::string path = saved(list, scratch);
  for (const int present : {0, 2, 5, 9}) {
    List other = particles<List>(present);
    if (present != 0) other.front() = particle(77);
    restore(other, path);
    CHECK(other == list);
  }
  List none;
  const std::string empty = saved(none, scratch, "empty");
  List some = particles<List>(3);
  restore(some, empty);
  CHECK(some.empty());
}

TEST_CASE("records of an array, a map and lists in lists come back") {
  struct State {
    std::array<Particle, 2> two{};
    std::map<std::string, std::vector<Cell>> by_name;
    std::vector<std::vector<Vec3>> lines;
    std::unique_ptr<std::vector<Cell>> behind_a_pointer;
  };
  const ScratchDirectory scratch;
  State state;
  state.two = {particle(3), particle(4)};
  state.by_name["one"] = {{1, 2}, {3, 4}};
  state.by_name["none"] = {};
  state.lines = {{{1, 2, 3}, {4, 5, 6}}, {}, {{7, 8, 9}}};
  state.behind_a_pointer = std::make_unique<std::vector<Cell>>(std::vector<Cell>{{5, 6}});
  const std::string path = saved(state, scratch);
  State other;
  other.lines.resize(7);
  restore(other, path);
  CHECK(other.two == state.two);
  CHECK(other.by_name == state.by_name);
  CHECK(other.lines == state.lines);
  REQUIRE(other.behind_a_pointer != nullptr);
  CHECK(*other.behind_a_pointer == *state.behind_a_pointer);

  std::array<Cell, 2> cells{{{1, 2}, {3, 4}}};
  const std::string two = saved(cells, scratch, "two");
  std::array<Cell, 3> three{{{9, 9}, {9, 9}, {9, 9}}};
  CHECK(code_of([&] { restore(three, two); }) == ErrorCode::invalid_argument);
  CHECK(three[0] == Cell{9, 9});
  CHECK(three[2] == Cell{9, 9});
}

TEST_CASE("a list itself can be what a checkpoint tracks") {
  const ScratchDirectory scratch;
  auto list = particles<std::vector<Particle>>(3);
  const std::string path = Checkpoint{list}.save(scratch.path() / "ckpt");
  std::vector<Particle> other;
  Checkpoint{other}.restore(path).assert_consumed();
  CHECK(other == list);
}

TEST_CASE("a list that was saved node by node is restored into records") {
  const ScratchDirectory scratch;
  std::vector<Marked> nodes{{1, 1.5}, {2, 2.5}, {3, 3.5}};
  const std::string path = saved(nodes, scratch);
  CHECK(CheckpointReader(path).has_tensor("list/1/value/.ATTRIBUTES/VARIABLE_VALUE"));
  std::vector<Marked> same;
  restore(same, path);
  CHECK(same == nodes);
  for (const std::size_t present : {0u, 2u, 3u, 7u}) {
    std::vector<Cell> cells(present, Cell{9, 9});
    restore(cells, path);
    CHECK(cells == std::vector<Cell>{{1, 1.5}, {2, 2.5}, {3, 3.5}});
  }
  std::array<Cell, 3> fixed{};
  restore(fixed, path);
  CHECK(fixed[2] == Cell{3, 3.5});

  std::vector<Marked> none;
  const std::string empty = saved(none, scratch, "empty");
  std::vector<Cell> cells(2);
  restore(cells, empty);
  CHECK(cells.empty());

  std::vector<ParticleAsNode> old(2);
  old[1].position = {1, 2, 3};
  old[1].velocity.y = 4;
  std::vector<Particle> now;
  const std::string particles_path = saved(old, scratch, "particles");
  Checkpoint{"list"_a = now}.restore(particles_path).expect_partial();
  REQUIRE(now.size() == 2);
  CHECK(now[1].position == std::array<double, 3>{1, 2, 3});
  CHECK(now[1].velocity.y == 4);
}

TEST_CASE("a list of arrays is one tensor, and restores what was saved array by array") {
  const ScratchDirectory scratch;
  std::vector<std::array<double, 3>> positions{{1, 2, 3}, {4, 5, 6}};
  std::array<std::array<std::complex<float>, 2>, 2> matrix{{{{{1, 2}, {3, 4}}}, {{{5, 6}, {7, 8}}}}};
  const std::string path = saved(positions, scratch);
  CHECK(CheckpointReader(path).get_tensor("list/.ATTRIBUTES/VARIABLE_VALUE").shape() == Shape{2, 3});
  std::vector<std::array<double, 3>> other(5);
  restore(other, path);
  CHECK(other == positions);
  const std::string matrix_path = saved(matrix, scratch, "matrix");
  std::array<std::array<std::complex<float>, 2>, 2> matrix_again{};
  restore(matrix_again, matrix_path);
  CHECK(matrix_again == matrix);
  std::vector<std::array<double, 2>> narrower(2);
  CHECK(contains(sentence_of([&] { restore(narrower, path); }), "float64 [?, 2]"));

  std::vector<std::vector<double>> nodes{{1, 2, 3}, {4, 5, 6}};
  const std::string as_nodes = saved(nodes, scratch, "nodes");
  restore(other, as_nodes);
  CHECK(other == positions);
  other.clear();
  restore(other, as_nodes);
  CHECK(other == positions);
}

TEST_CASE("columns of another number of elements, or of another shape, are refused, and nothing changes") {
  struct Columns {
    std::vector<std::int32_t> row{1, 2, 3};
    std::vector<double> value{1, 2, 3};
  };
  const ScratchDirectory scratch;
  Columns columns;
  const std::string fitting = saved(columns, scratch, "fitting");
  std::vector<Cell> cells{{9, 9}};
  restore(cells, fitting);
  CHECK(cells == std::vector<Cell>{{1, 1}, {2, 2}, {3, 3}});
  columns.value.push_back(4);
  const std::string path = saved(columns, scratch);
  const std::vector<Cell> before = cells;
  const std::string sentence = sentence_of([&] { restore(cells, path); });
  CAPTURE(sentence);
  CHECK(contains(sentence, "list.value"));
  CHECK(contains(sentence, "float64 [3]"));
  CHECK(contains(sentence, "float64 [4]"));
  CHECK(cells == before);
  cells.resize(1);
  CHECK(code_of([&] { restore(cells, path); }) == ErrorCode::invalid_argument);
  CHECK(cells == std::vector<Cell>{{1, 1}});
}

TEST_CASE_TEMPLATE("few and many records come back, and a damaged column changes nothing", Count,
                   std::integral_constant<int, 20>, std::integral_constant<int, 200000>) {
  const ScratchDirectory scratch;
  auto list = particles<std::vector<Particle>>(Count::value);
  const std::string path = saved(list, scratch, "ckpt", {.data_alignment = 64});
  for (const int present : {Count::value, 3}) {
    auto other = particles<std::vector<Particle>>(present);
    other[1].mass = 5;
    restore(other, path);
    CHECK(other == list);
  }
  flip_a_byte(path);
  for (const int present : {Count::value, 3}) {
    auto other = particles<std::vector<Particle>>(present);
    for (Particle& each : other) each.mass = 5;
    const auto before = other;
    CHECK(code_of([&] { restore(other, path); }) == ErrorCode::data_loss);
    CHECK(other == before);
  }
}

TEST_CASE("a member that the checkpoint does not have keeps its values, and is told") {
  struct Older {
    std::vector<std::int32_t> row{1, 2, 3};
  };
  const ScratchDirectory scratch;
  Older older;
  const std::string path = saved(older, scratch);
  std::vector<Cell> cells{{0, 7}, {0, 8}};
  const LoadStatus status = Checkpoint{"list"_a = cells}.restore(path);
  CHECK(status.only_in_program() == std::vector<std::string>{"list.value"});
  CHECK(cells == std::vector<Cell>{{1, 7}, {2, 8}, {3, 0}});
}

TEST_CASE("members of records are renamed and left out as those of other structs") {
  const ScratchDirectory scratch;
  std::vector<Renamed> list{{1, 2, 3}};
  const std::string path = saved(list, scratch);
  CHECK(CheckpointReader(path).has_tensor("list/line/.ATTRIBUTES/VARIABLE_VALUE"));
  CHECK_FALSE(CheckpointReader(path).has_tensor("list/cached/.ATTRIBUTES/VARIABLE_VALUE"));
  struct Older {
    std::vector<std::int32_t> row_number{4, 5};
    std::vector<double> value{6, 7};
  };
  Older older;
  const std::string older_path = saved(older, scratch, "older");
  restore(list, older_path);
  REQUIRE(list.size() == 2);
  CHECK(list[0].row == 4);
  CHECK(list[0].cached == 3);
  CHECK(list[1].value == 7);
}

TEST_CASE("columns are cast, cut, shared and copied as other tensors") {
  const ScratchDirectory scratch;
  auto list = particles<std::vector<Particle>>(1000);
  std::vector<Particle> other;
  const std::string cut = saved(list, scratch, "cut", {.shard_size = 1000});
  CHECK_FALSE(std::filesystem::exists(cut + ".data-00000-of-00001"));
  restore(other, cut);
  CHECK(other == list);
  other.clear();
  const std::string async = saved(list, scratch, "async", {.enable_async = true});
  restore(other, async);
  CHECK(other == list);

  Checkpoint checkpoint{"list"_a = list};
  (void)checkpoint.save(scratch.path() / "first", {.incremental = true});
  list[500].mass = 3;
  const std::string second = checkpoint.save(scratch.path() / "second", {.incremental = true});
  CHECK(std::filesystem::exists(second + ".data-00001-of-00002"));  // the first one's columns that did not change
  other.clear();
  Checkpoint{"list"_a = other}.restore(second).assert_consumed();
  CHECK(other == list);

  struct Wide {
    std::vector<double> row{1, 2}, value{3, 4};
  };
  Wide wide;
  const std::string path = saved(wide, scratch, "wide");
  for (const std::size_t present : {0u, 2u}) {
    std::vector<Cell> cells(present);
    Checkpoint{"list"_a = cells}.restore(path, {.cast = Cast::any}).assert_consumed();
    CHECK(cells == std::vector<Cell>{{1, 3}, {2, 4}});
  }
}

TEST_CASE("a pointer to an element leads to it where the list is longer") {
  struct State {
    std::vector<Cell> cells{{1, 2}, {3, 4}};
    Cell* chosen = nullptr;
  };
  const ScratchDirectory scratch;
  State longer;
  longer.cells.resize(40);
  longer.chosen = &longer.cells[1];
  longer.cells[1] = {5, 6};
  const std::string path = saved(longer, scratch);
  State state;
  state.chosen = &state.cells[1];
  restore(state, path);
  REQUIRE(state.cells.size() == 40);
  CHECK(state.chosen == &state.cells[1]);
  CHECK(state.cells[1] == Cell{5, 6});
}

TEST_CASE("the compiler knows the columns") {
  struct State {
    std::vector<Cell> cells;
    std::array<Vec3, 2> two;
    std::vector<std::array<float, 3>> points;
  };
  CHECK(std::vector<std::string>(static_keys<State>.begin(), static_keys<State>.end()) ==
        std::vector<std::string>{"cells/row/.ATTRIBUTES/VARIABLE_VALUE", "cells/value/.ATTRIBUTES/VARIABLE_VALUE",
                                 "two/x/.ATTRIBUTES/VARIABLE_VALUE", "two/y/.ATTRIBUTES/VARIABLE_VALUE",
                                 "two/z/.ATTRIBUTES/VARIABLE_VALUE", "points/.ATTRIBUTES/VARIABLE_VALUE"});
  const std::string text = describe<State>();
  CHECK(contains(text, "    row: int32 [?]\n"));
  CHECK(contains(text, "    z: float64 [2]\n"));
  CHECK(contains(text, "  points: float32 [?, 3]\n"));
}
