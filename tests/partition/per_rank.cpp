#include <cairn/partition/per_rank.hpp>

#include <doctest/doctest.h>

#include "partition/states.hpp"

#include <memory>
#include <random>
#include <sstream>

using namespace cairn;
using namespace cairn::test;
using cairn::partition::detail::PresentRank;
using cairn::testing::MemoryFileSystem;

namespace {

struct Particles {
  std::vector<double> mass;
  std::int64_t step = 0;
};
struct Own {
  PerRank<Particles> particles;
};
// The state of all ranks, as they save it together.
struct OfAll {
  std::vector<std::unique_ptr<Particles>> particles;
};
void save(io::FileSystem& files, int ranks) {
  OfAll all;
  for (int rank = 0; rank < ranks; ++rank)
    all.particles.push_back(std::make_unique<Particles>(
        Particles{std::vector<double>(static_cast<std::size_t>(rank) + 1, rank), rank * 10}));
  CheckpointIn(files, all).write("p");
}
LoadStatus restore(io::FileSystem& files, Own& own, int rank, int ranks, const RestoreOptions& options = {}) {
  const PresentRank present(rank, ranks);
  return CheckpointIn(files, own).read("p", options);
}

}  // namespace

TEST_CASE("one process is rank 0 of 1") {
  struct State {
    PerRank<std::mt19937_64> random{std::mt19937_64(7)};
    std::int64_t step = 3;
  } state;
  MemoryFileSystem files;
  (*state.random)();
  CheckpointIn(files, state).write("p");
  const std::mt19937_64 saved = *state.random;
  (*state.random)();
  const LoadStatus status = CheckpointIn(files, state).read("p");
  status.assert_consumed();
  CHECK(std::vector<std::string>(status.matched().begin(), status.matched().end()) ==
        std::vector<std::string>{"step", "random.0"});
  CHECK(*state.random == saved);
}

TEST_CASE("each rank restores its own of as many ranks, and leaves the others' to those") {
  MemoryFileSystem files;
  save(files, 3);
  for (int rank = 0; rank < 3; ++rank) {
    Own own;
    restore(files, own, rank, 3).assert_consumed().assert_existing_objects_matched();
    CHECK(own.particles->step == rank * 10);
    CHECK(own.particles->mass == std::vector<double>(static_cast<std::size_t>(rank) + 1, rank));
  }
}

TEST_CASE("another number of ranks is refused, or skipped, or what the rule says") {
  MemoryFileSystem files;
  save(files, 3);
  Own own{Particles{{5}, 5}};
  const Error error = error_of([&] { return restore(files, own, 1, 2); });
  CHECK(error.code() == ErrorCode::invalid_argument);
  CHECK(std::string_view(error.what())
            .starts_with("particles in p is a value of each of 3 ranks in the checkpoint, a value of each of 2 ranks "
                         "in the program"));
  CHECK(contains(error.what(), "cairn::OnOtherRanks::keep"));
  CHECK(own.particles->step == 5);
  const LoadStatus skipped = restore(files, own, 1, 2, {.on_mismatch = OnMismatch::skip});
  CHECK(skipped.mismatched().size() == 1);
  CHECK(skipped.only_in_checkpoint().empty());
  CHECK(own.particles->step == 5);

  for (const int ranks : {2, 5})
    for (int rank = 0; rank < ranks; ++rank) {
      Own keep{{Particles{{5}, 5}, OnOtherRanks::keep}}, drop{{Particles{{5}, 5}, OnOtherRanks::drop}};
      restore(files, keep, rank, ranks).assert_consumed();
      CHECK(keep.particles->step == (rank < 3 ? rank * 10 : 5));
      restore(files, drop, rank, ranks).assert_consumed();
      CHECK(drop.particles->step == 5);
      CHECK(drop.particles->mass == std::vector<double>{5});
    }
}

TEST_CASE("a function makes one rank's value of what all ranks have saved") {
  MemoryFileSystem files;
  save(files, 4);
  const auto join = [](SavedRanks<Particles>& saved) {
    Particles mine{{}, saved.present().step};
    for (int rank = saved.rank(); rank < saved.size(); rank += saved.ranks())
      for (const double mass : saved.read(rank).mass) mine.mass.push_back(mass);
    return mine;
  };
  for (int rank = 0; rank < 3; ++rank) {
    Own own{{Particles{{9}, 8}, join}};
    restore(files, own, rank, 3).assert_consumed();
    const std::vector<std::vector<double>> expected{{0, 3, 3, 3, 3}, {1, 1}, {2, 2, 2}};
    CHECK(own.particles->mass == expected[static_cast<std::size_t>(rank)]);
    CHECK(own.particles->step == 8);
  }
  // As many ranks need no function.
  Own own{{Particles{{9}, 8}, join}};
  restore(files, own, 3, 4).assert_consumed();
  CHECK(own.particles->step == 30);
}

TEST_CASE("a function that throws, or asks for a rank that there was not, leaves everything as it was") {
  MemoryFileSystem files;
  save(files, 2);
  Own own{{Particles{{9}, 8}, [](SavedRanks<Particles>& saved) { return saved.read(2); }}};
  CHECK(code_of([&] { restore(files, own, 0, 1); }) == ErrorCode::out_of_range);
  CHECK(own.particles->step == 8);
  own.particles = {Particles{{9}, 8}, [](SavedRanks<Particles>&) -> Particles { throw std::runtime_error("no"); }};
  CHECK_THROWS_AS(restore(files, own, 0, 1), std::runtime_error);
  CHECK(own.particles->mass == std::vector<double>{9});
}

TEST_CASE("a value that was saved before it was a rank's own is listed, and no rank has it") {
  struct Before {
    Particles particles{{1}, 2};
  } before;
  MemoryFileSystem files;
  CheckpointIn(files, before).write("p");
  Own own{Particles{{5}, 5}};
  const LoadStatus status = CheckpointIn(files, own).read("p");
  CHECK(status.only_in_checkpoint().size() == 2);
  CHECK(status.only_in_program().size() == 2);
  CHECK(own.particles->step == 5);
}
