// What the programs of this folder save: a state that is divided among ranks in many ways, whose values say where they are.
#pragma once

#include <cairn/mpi.hpp>
#include <cairn/partition.hpp>
#include <cairn/tensor/variable.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace cairn::test {

inline constexpr std::int64_t rows = 37, columns = 23;

enum class Division { by_rows, by_columns, by_blocks, uneven, some_empty, scattered };
inline constexpr std::array divisions{Division::by_rows, Division::by_columns, Division::by_blocks,
                                      Division::uneven,  Division::some_empty, Division::scattered};

// The boxes of one rank.
[[nodiscard]] inline std::vector<Box> boxes_of(Division division, int rank, int ranks) {
  const Shape whole{rows, columns};
  switch (division) {
    case Division::by_rows:
      return {block_rows(rows, rank, ranks).of(whole)};
    case Division::by_columns:
      return {block_columns(columns, rank, ranks).of(whole)};
    case Division::by_blocks: {
      std::array<int, 2> grid{};
      MPI_Dims_create(ranks, 2, grid.data());
      return {grid_block(whole, std::array{rank / grid[1], rank % grid[1]}, grid)};
    }
    case Division::uneven: {  // each rank has half of what is left, the last one all of it
      const auto begin = [&](int of) {
        std::int64_t at = 0;
        for (int i = 0; i < of; ++i) at += (rows - at) / 2;
        return at;
      };
      const std::int64_t end = rank + 1 == ranks ? rows : begin(rank + 1);
      return {Box{{begin(rank), 0}, Shape{end - begin(rank), columns}}};
    }
    case Division::some_empty: {  // ranks with even numbers have everything
      if (rank % 2 != 0) return {};
      return {block_rows(rows, rank / 2, (ranks + 1) / 2).of(whole)};
    }
    case Division::scattered: {  // each third row
      std::vector<Box> boxes;
      for (std::int64_t row = rank; row < rows; row += ranks) boxes.push_back({{row, 0}, Shape{1, columns}});
      return boxes;
    }
  }
  return {};
}

struct Own {
  std::int64_t number = 0;
  std::vector<double> several;  // of another length on each rank
};

struct State {
  Partitioned<double> field;
  Variable<float, 40, 50> weights;
  Variable<float, 60, 30> more;
  Partitioned<std::int32_t> nothing;  // a tensor without elements
  PerRank<Own> own;
  std::string name;
  std::int64_t step = 0;
};

[[nodiscard]] inline double field_at(std::int64_t row, std::int64_t column, int seed) {
  return static_cast<double>(seed * 100'000 + row * columns + column) + 0.5;
}

template <class Use>
void for_each_element(Partitioned<double>& field, Use use) {
  std::size_t at = 0;
  for (const Box& box : field.boxes())
    for (std::int64_t i = 0; i < box.shape[0]; ++i)
      for (std::int64_t j = 0; j < box.shape[1]; ++j) use(field.data()[at++], box.start[0] + i, box.start[1] + j);
}

// A state without values.
[[nodiscard]] inline State empty_state(const mpi::Communicator& comm, Division division,
                                       OnOtherRanks on_other_ranks = OnOtherRanks::keep) {
  State state;
  state.field = Partitioned<double>(Shape{rows, columns}, boxes_of(division, comm.rank(), comm.size()));
  state.nothing = Partitioned<std::int32_t>(Shape{0, 4});
  state.own = PerRank<Own>(Own{-1, {}}, on_other_ranks);
  return state;
}
inline void fill(State& state, const mpi::Communicator& comm, int seed) {
  for_each_element(state.field,
                   [&](double& element, std::int64_t i, std::int64_t j) { element = field_at(i, j, seed); });
  for (std::size_t i = 0; i < 2000; ++i) state.weights.data()[i] = static_cast<float>(i) + static_cast<float>(seed);
  for (std::size_t i = 0; i < 1800; ++i) state.more.data()[i] = static_cast<float>(i) - static_cast<float>(seed);
  state.own->number = seed * 100 + comm.rank();
  state.own->several.assign(static_cast<std::size_t>(comm.rank()), seed);
  state.name = "seed " + std::to_string(seed);
  state.step = seed;
}
[[nodiscard]] inline State full_state(const mpi::Communicator& comm, Division division, int seed) {
  State state = empty_state(comm, division);
  fill(state, comm, seed);
  return state;
}

// What is wrong; empty when all is right. `saved_ranks` is the number of ranks that saved the state.
[[nodiscard]] inline std::string wrong_in(State& state, const mpi::Communicator& comm, int seed, int saved_ranks) {
  std::string wrong;
  for_each_element(state.field, [&](double& element, std::int64_t i, std::int64_t j) {
    if (element != field_at(i, j, seed) && wrong.empty())
      wrong = "field[" + std::to_string(i) + ", " + std::to_string(j) + "] is " + std::to_string(element);
  });
  for (std::size_t i = 0; i < 2000; ++i)
    if (state.weights.data()[i] != static_cast<float>(i) + static_cast<float>(seed)) wrong = "weights";
  for (std::size_t i = 0; i < 1800; ++i)
    if (state.more.data()[i] != static_cast<float>(i) - static_cast<float>(seed)) wrong = "more";
  if (comm.rank() < saved_ranks && (state.own->number != seed * 100 + comm.rank() ||
                                    state.own->several.size() != static_cast<std::size_t>(comm.rank())))
    wrong = "own is " + std::to_string(state.own->number);
  if (comm.rank() >= saved_ranks && state.own->number != -1) wrong = "own of a rank that nobody has saved";
  if (state.name != "seed " + std::to_string(seed)) wrong = "name is " + state.name;
  if (state.step != seed) wrong = "step is " + std::to_string(state.step);
  return wrong;
}

}  // namespace cairn::test
