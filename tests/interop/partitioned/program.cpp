// Tensors in boxes, saved and restored by one process.
#include "interop/case.hpp"

#include <cairn/partition.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

using cairn::Box;
using cairn::Partitioned;
using cairn::Shape;
using namespace cairn::literals;

namespace {

struct State {
  Partitioned<float> w{Shape{10, 4}};
  Partitioned<double> c{Shape{7, 3, 5}};
  Partitioned<bool> b{Shape{9}};
  Partitioned<std::int64_t> n{Shape{4, 6}};
  cairn::PerRank<std::vector<float>> own{std::vector<float>(6)};
};

// The bytes of each element that is here are those of one filled tensor.
template <class T, class Use>
void with_elements(Partitioned<T>& tensor, std::uint32_t seed, Use use) {
  Partitioned<T> whole{tensor.shape()};
  fill(whole.span(), seed);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::size_t rest = i;
    std::size_t index[3] = {};
    for (std::size_t axis = tensor.shape().rank(); axis-- > 0;) {
      const auto extent = static_cast<std::size_t>(tensor.shape()[axis]);
      index[axis] = rest % extent;
      rest /= extent;
    }
    const auto visit = [&](auto... at) {
      if (tensor.contains(at...)) use(tensor(at...), whole.span()[i]);
    };
    if (tensor.shape().rank() == 1) visit(index[0]);
    if (tensor.shape().rank() == 2) visit(index[0], index[1]);
    if (tensor.shape().rank() == 3) visit(index[0], index[1], index[2]);
  }
}
template <class Use>
void with_all(State& state, Use use) {
  with_elements(state.w, 1, use);
  with_elements(state.c, 3, use);
  with_elements(state.b, 4, use);
  with_elements(state.n, 5, use);
}
void set(State& state) {
  with_all(state, [](auto& here, const auto& value) { std::memcpy(&here, &value, sizeof here); });
  fill(*state.own, 7);
}
bool is_set(State& state) {
  bool is_right = true;
  with_all(state,
           [&](auto& here, const auto& value) { is_right = is_right && std::memcmp(&here, &value, sizeof here) == 0; });
  return is_right;
}

// Every tensor divided among so many ranks: by rows, by columns, or in blocks; and all boxes of all ranks.
std::vector<State> ranks() {
  std::vector<State> all(4);
  for (int rank = 0; rank < 3; ++rank) {
    State& state = all[static_cast<std::size_t>(rank)];
    state.w = {Shape{10, 4}, cairn::block_rows(10, rank, 3)};
    state.c = {Shape{7, 3, 5}, cairn::block_of_axis(2, 5, rank, 3)};
    state.b = {Shape{9}, cairn::block_rows(9, rank, 3)};
    state.n = {Shape{4, 6}, cairn::grid_block({4, 6}, {rank % 2, rank / 2}, {2, 2})};
  }
  all[3].w = {Shape{10, 4}, {{{0, 0}, {10, 1}}, {{0, 1}, {5, 3}}, {{5, 1}, {5, 3}}}};
  all[3].c = {Shape{7, 3, 5}, {{{0, 0, 0}, {7, 2, 5}}, {{0, 2, 0}, {7, 1, 5}}}};
  all[3].b = {Shape{9}, {{{5}, {4}}, {{0}, {5}}}};
  all[3].n = {Shape{4, 6}, {{{0, 0}, {2, 2}}, {{0, 2}, {2, 4}}, {{2, 0}, {2, 4}}, {{2, 4}, {2, 2}}}};
  return all;
}

}  // namespace

void read(const std::filesystem::path& directory) {
  for (const char* const name : {"whole", "cut", "v1"})
    for (State& state : ranks()) {
      const cairn::LoadStatus status = cairn::Checkpoint{"state"_a = state}.read(directory / name);
      if (std::string_view(name) != "v1") {
        status.assert_consumed();
        CAIRN_EXPECT(is_filled(*state.own, 7));
      }
      CAIRN_EXPECT(is_set(state));
    }
  struct Sharded {
    Partitioned<float> w{Shape{10, 4}, cairn::block_columns(4, 1, 3)};
  } sharded;
  cairn::Checkpoint{"state"_a = sharded}.read(directory / "sharded").assert_consumed();
  with_elements(sharded.w, 1,
                [](float& here, const float& value) { CAIRN_EXPECT(std::memcmp(&here, &value, sizeof here) == 0); });
}

void write(const std::filesystem::path& directory) {
  State one;
  set(one);
  cairn::Checkpoint{"state"_a = one}.write(directory / "one");
  State boxes = ranks()[3];
  set(boxes);
  cairn::Checkpoint checkpoint{"state"_a = boxes};
  checkpoint.write(directory / "boxes");
  checkpoint.write(directory / "async", {.enable_async = true});
  checkpoint.sync();
  checkpoint.write(directory / "incremental", {.incremental = true});
  checkpoint.write(directory / "planned");
}
