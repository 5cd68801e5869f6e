// What many ranks promise, tried by as many ranks as mpirun gives (run.py gives 8): those of a communicator of fewer ranks,
// too, so that one run saves and restores on many numbers of them.
//
//   program cases DIRECTORY [NAME]        all cases, or those with NAME in their names
//   program save|restore|tensorflow DIRECTORY SEED   one call, for or after TensorFlow, or after a kill
//   program lives DIRECTORY RANK CALL     saves until RANK is killed before its file call of that number
#include <cairn/checkpoint.hpp>
#include <cairn/mpi.hpp>
#include <cairn/testing.hpp>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include <signal.h>
#include <unistd.h>

#include "mpi/checkpoint_in.hpp"
#include "mpi/harness.hpp"
#include "mpi/state.hpp"
#include "support/counting_files.hpp"

namespace cairn::test {
namespace {

std::string scratch;  // the same on every rank

[[nodiscard]] std::string fresh(const std::string& name) {
  static int count = 0;
  return scratch + "/" + name + "-" + std::to_string(count++);
}
void barrier() { MPI_Barrier(MPI_COMM_WORLD); }
[[nodiscard]] std::vector<std::string> files_in(const std::string& directory) {
  std::vector<std::string> names;
  if (!std::filesystem::is_directory(directory)) return names;
  for (const auto& each : std::filesystem::directory_iterator(directory)) names.push_back(each.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}
[[nodiscard]] bool has_temporary_files(const std::string& directory) {
  for (const std::string& each : files_in(directory))
    if (each.find("cairn-tmp") != std::string::npos) return true;
  return false;
}
// By rank 0 alone, between two barriers.
void flip_byte(const std::string& path, std::uint64_t at) {
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  barrier();
  if (rank == 0) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<std::streamoff>(at));
    const int byte = file.get();
    file.seekp(static_cast<std::streamoff>(at));
    file.put(static_cast<char>(byte ^ 0x10));
  }
  barrier();
}

void every_number_of_ranks_and_division() {
  std::size_t turn = 0;
  for (const int savers : {1, 2, 3, 4, 7})
    for (const Division division : divisions) {
      const std::string directory = fresh("divided");
      const int seed = static_cast<int>(++turn);
      on_first(savers, [&](const mpi::Communicator& comm) {
        State state = full_state(comm, division, seed);
        mpi::Checkpoint checkpoint{comm, state};
        const std::string path = checkpoint.save(directory + "/ckpt");
        REQUIRE(path == directory + "/ckpt-1");
        REQUIRE(checkpoint.save_counter() == 1);
      });
      REQUIRE(!has_temporary_files(directory));
      for (const int restorers : {1, 2, 3, 5, 8})
        on_first(restorers, [&](const mpi::Communicator& comm) {
          State state = empty_state(comm, divisions[(turn + static_cast<std::size_t>(restorers)) % divisions.size()]);
          mpi::Checkpoint checkpoint{comm, state};
          if (restorers <= savers)
            checkpoint.restore(directory).assert_consumed();
          else
            checkpoint.restore(directory).expect_partial();
          const std::string wrong = wrong_in(state, comm, seed, savers);
          require(wrong.empty(), wrong);
        });
    }
}

void one_process_restores_what_ranks_saved() {
  const std::string directory = fresh("single");
  const mpi::Communicator world(MPI_COMM_WORLD);
  State state = full_state(world, Division::by_blocks, 3);
  mpi::Checkpoint{world, state}.save(directory + "/ckpt");
  if (world.rank() == 0) {
    State whole = empty_state({MPI_COMM_SELF}, Division::by_rows);
    cairn::Checkpoint checkpoint{whole};
    checkpoint.restore(directory).expect_partial();
    REQUIRE(wrong_in(whole, {MPI_COMM_SELF}, 3, world.size()).empty());
    checkpoint.save(directory + "/again");
  }
  barrier();
  State again = empty_state(world, Division::by_columns);
  mpi::Checkpoint{world, again}.restore(directory + "/again-2").expect_partial();
  REQUIRE(wrong_in(again, world, 3, 1).empty());
}

struct Large {
  Partitioned<double> field;
  Variable<double, 1000> alike;
};

void a_rank_reads_the_bytes_that_it_needs() {
  const std::string directory = fresh("bytes");
  constexpr std::int64_t n = 64, m = 16384;
  const Shape whole{n, m};
  on_first(4, [&](const mpi::Communicator& comm) {
    Large state{.field = {whole, block_rows(n, comm.rank(), 4)}, .alike = {}};
    std::int64_t at = 0;
    for (double& each : state.field.span()) each = static_cast<double>(at++);
    mpi::Checkpoint{comm, state}.write(directory + "/rows");
  });
  const auto bytes_read = [&](Large& state, const mpi::Communicator& comm) {
    CountingFileSystem files(io::native());
    CheckpointIn checkpoint(files, comm, state);
    checkpoint.restore(directory + "/rows").expect_partial();
    return files.counts().bytes_read;
  };
  constexpr std::uint64_t besides = 16000 + 8000;  // the index, the graph, what is alike, gaps that are read along
  for (const int count : {3, 4, 8})
    on_first(count, [&](const mpi::Communicator& comm) {
      Large in_rows{.field = {whole, block_rows(n, comm.rank(), count)}, .alike = {}};
      REQUIRE(bytes_read(in_rows, comm) <= in_rows.field.size() * 8 + besides);
      Large in_columns{.field = {whole, block_columns(m, comm.rank(), count)}, .alike = {}};
      REQUIRE(bytes_read(in_columns, comm) <= in_columns.field.size() * 8 + besides);
    });
}

void replicated_values_are_divided() {
  const std::string directory = fresh("replicated");
  struct Alike {
    Variable<double, 1000> a, b, c, d;
    std::int64_t step = 0;
  } state;
  on_first(4, [&](const mpi::Communicator& comm) {
    mpi::Checkpoint checkpoint{comm, state};
    checkpoint.write(directory + "/all");
    checkpoint.write(directory + "/two", {.writers = 2});
    std::uintmax_t sizes[4] = {};
    for (int i = 0; i < 4; ++i)
      sizes[i] = std::filesystem::file_size(directory + "/all.data-0000" + std::to_string(i) + "-of-00004");
    REQUIRE(sizes[0] < 8600 && sizes[1] == 8000 && sizes[2] == 8000 && sizes[3] == 8000);
    REQUIRE(std::filesystem::file_size(directory + "/two.data-00001-of-00002") == 16000);
  });
}

struct Particle {
  double x = 0, y = 0;
};
struct Notes {
  std::string text;
  std::vector<std::string> lines;
  std::vector<Particle> particles;  // columns, whose numbers do not lie together
  Partitioned<std::int32_t> in_boxes{Shape{4, 6}, {Box{{0, 0}, Shape{4, 2}}, Box{{0, 2}, Shape{4, 4}}}};
};
struct Grouped {
  State state;
  PerRank<Notes> notes;
};
[[nodiscard]] Grouped empty_grouped(const mpi::Communicator& comm, Division division) {
  return {empty_state(comm, division), PerRank<Notes>(Notes{}, OnOtherRanks::keep)};
}
[[nodiscard]] Grouped full_grouped(const mpi::Communicator& comm, Division division, int seed) {
  Grouped grouped = empty_grouped(comm, division);
  fill(grouped.state, comm, seed);
  const auto number = static_cast<std::size_t>(comm.rank());
  grouped.notes->text = "rank " + std::to_string(number);
  grouped.notes->lines.assign(number, std::string(40 * number, 'x'));
  for (std::size_t i = 0; i < number; ++i) grouped.notes->particles.push_back({static_cast<double>(i), seed + 0.5});
  for (std::int32_t& each : grouped.notes->in_boxes.span()) each = static_cast<std::int32_t>(number);
  return grouped;
}
[[nodiscard]] std::string wrong_in_grouped(Grouped& grouped, const mpi::Communicator& comm, int seed, int saved) {
  const auto number = static_cast<std::size_t>(comm.rank());
  const Notes& notes = *grouped.notes;
  if (comm.rank() < saved) {
    if (notes.text != "rank " + std::to_string(number)) return "text is " + notes.text;
    if (notes.lines != std::vector<std::string>(number, std::string(40 * number, 'x'))) return "lines";
    if (notes.particles.size() != number) return "particles";
    for (std::size_t i = 0; i < number; ++i)
      if (notes.particles[i].x != static_cast<double>(i) || notes.particles[i].y != seed + 0.5) return "a particle";
    for (const std::int32_t each : notes.in_boxes.span())
      if (each != comm.rank()) return "in_boxes";
  }
  return wrong_in(grouped.state, comm, seed, saved);
}

void some_ranks_write_for_their_neighbours() {
  const std::string directory = fresh("writers");
  int seed = 0;
  for (const int writers : {1, 2, 3, 7, 9})
    for (const bool is_other : {false, true}) {  // a save in the background, in small files, with divisions by turns
      ++seed;
      const std::string path = directory + "/" + std::to_string(seed);
      const Division division = writers == 2 ? (is_other ? Division::some_empty : Division::by_blocks)
                                             : (is_other ? Division::uneven : Division::scattered);
      on_first(7, [&](const mpi::Communicator& comm) {
        Grouped grouped = full_grouped(comm, division, seed);
        mpi::Checkpoint checkpoint{comm, grouped};
        mpi::CheckpointOptions options{.check_replicas = true, .writers = writers};
        if (is_other) options.shard_size = 5000, options.enable_async = true, options.check_replicas = false;
        checkpoint.write(path, options);
        if (is_other) grouped = full_grouped(comm, division, 77);  // after the copy
        checkpoint.sync();
      });
      std::uint64_t files = 0, largest = 0;
      for (const std::string& name : files_in(directory)) {
        if (name.rfind(std::to_string(seed) + ".data-", 0) != 0) continue;
        ++files;
        largest = std::max<std::uint64_t>(largest, std::filesystem::file_size(directory + "/" + name));
      }
      if (is_other)
        REQUIRE(files >= 6 && largest < 10000);  // with the object graph
      else
        REQUIRE(files == static_cast<std::uint64_t>(std::min(writers, 7)));
      for (const int restorers : {1, 3, 7})
        on_first(restorers, [&](const mpi::Communicator& comm) {
          Grouped grouped = empty_grouped(comm, Division::by_columns);
          mpi::Checkpoint{comm, grouped}.read(path).assert_consumed();
          const std::string wrong = wrong_in_grouped(grouped, comm, seed, 7);
          require(wrong.empty(), wrong);
        });
      if (mpi::Communicator(MPI_COMM_WORLD).rank() == 0) {
        Grouped grouped = empty_grouped({MPI_COMM_SELF}, Division::by_rows);
        cairn::Checkpoint{grouped}.read(path).expect_partial();
        REQUIRE(wrong_in_grouped(grouped, {MPI_COMM_SELF}, seed, 7).empty());
      }
      barrier();
    }
  REQUIRE(!has_temporary_files(directory));
}

void a_failure_in_a_group_of_ranks() {
  const std::string directory = fresh("group");
  on_first(7, [&](const mpi::Communicator& comm) {
    Grouped grouped = full_grouped(comm, Division::by_rows, 1);
    mpi::Checkpoint checkpoint{comm, grouped};
    const mpi::CheckpointOptions options{.writers = 2};  // ranks 0 and 4
    const auto boxes_are_refused = [&](int rank, int of, const std::string& words) {
      if (comm.rank() == rank)
        grouped.state.field = Partitioned<double>(Shape{rows, columns}, block_rows(rows, of, comm.size()));
      const Error error = error_of([&] { checkpoint.write(directory + "/ckpt", options); });
      REQUIRE(error.code() == ErrorCode::invalid_argument && says(error, words));
      if (comm.rank() == rank) grouped = full_grouped(comm, Division::by_rows, 1);
    };
    boxes_are_refused(6, 5, "the boxes of rank 6 and ranks 4 to 5 share elements");
    boxes_are_refused(6, 0, "two ranks hold the same part");
    boxes_are_refused(3, 6, "two ranks hold the same part");
    if (comm.rank() == 2)
      grouped.state.field = Partitioned<double>(Shape{rows, columns}, Box{{rows - 2, 0}, Shape{1, columns}});
    REQUIRE(says(error_of([&] { checkpoint.write(directory + "/ckpt", options); }),
                 "the boxes of ranks 0 to 3 and ranks 4 to 6 share elements"));
    grouped = full_grouped(comm, Division::by_rows, 1);
    if (comm.rank() == 5) static_cast<void>(Partitioned<std::int32_t>(std::move(grouped.notes->in_boxes)));
    REQUIRE(says(error_of([&] { checkpoint.write(directory + "/ckpt", options); }), "rank 5 of 7 failed"));
    grouped = full_grouped(comm, Division::by_rows, 1);
    testing::FaultyFileSystem files(io::native(), {.at = comm.rank() == 4 ? std::uint64_t{2} : 0, .number = ENOSPC});
    CheckpointIn faulty(files, comm, grouped);
    REQUIRE(says(error_of([&] { faulty.write(directory + "/ckpt", options); }), "rank 4 of 7 failed"));
    MPI_Barrier(comm.handle());
    const bool is_empty = files_in(directory).empty();
    MPI_Barrier(comm.handle());
    REQUIRE(is_empty);
    checkpoint.write(directory + "/ckpt", options);  // all are where they were
  });
}

void differing_calls() {
  const mpi::Communicator world(MPI_COMM_WORLD);
  const std::string directory = fresh("differ");
  State state = full_state(world, Division::by_rows, 1);
  mpi::Checkpoint checkpoint{world, state}, other{world, state};
  const bool is_odd = world.rank() == 2;
  const auto differs = [&](const std::function<void()>& call, const std::string& one, const std::string& two) {
    const Error error = error_of(call);
    REQUIRE(error.code() == ErrorCode::invalid_argument);
    REQUIRE(says(error, "Rank 0: " + one) && says(error, "rank 2: " + two));
  };
  const std::string a = directory + "/a", b = directory + "/b";
  differs([&] { checkpoint.write(is_odd ? b : a); }, "write to \"" + a, "write to \"" + b);
  differs([&] { checkpoint.write(a, {.check_replicas = is_odd}); }, "write to \"" + a, "write to \"" + a);
  differs([&] { is_odd ? static_cast<void>(checkpoint.save(a)) : static_cast<void>(checkpoint.write(a)); },
          "write to \"" + a, "save to \"" + a);
  differs([&] { is_odd ? static_cast<void>(checkpoint.restore(a)) : static_cast<void>(checkpoint.save(a)); },
          "save to \"" + a, "restore of \"" + a);
  differs([&] { (is_odd ? other : checkpoint).write(a); }, "write to \"" + a, "write to \"" + a);
  differs([&] { is_odd ? static_cast<void>(mpi::Checkpoint(world, state)) : checkpoint.sync(); }, "sync of Checkpoint",
          "a new Checkpoint");
  differs([&] { mpi::CheckpointManager(checkpoint, directory, {.max_to_keep = is_odd ? 2 : 3}); },
          "a CheckpointManager", "a CheckpointManager");
  barrier();
  REQUIRE(files_in(directory).empty());
  checkpoint.write(a);  // all are where they were
  checkpoint.restore(a).expect_partial();
}

struct WithList {
  std::vector<Variable<float, 4>> list;
  Tensor<float, dynamic> tensor{Shape{4}};
};

void differing_structures() {
  const mpi::Communicator world(MPI_COMM_WORLD);
  const std::string directory = fresh("structures");
  const bool is_odd = world.rank() == 3;
  WithList state;
  state.list.resize(is_odd ? 2 : 1);
  mpi::Checkpoint checkpoint{world, state};
  Error error = error_of([&] { checkpoint.write(directory + "/ckpt"); });
  REQUIRE(error.code() == ErrorCode::invalid_argument && says(error, "rank 3 has \"list.1 float32 [4]\""));
  state.list.resize(1);
  if (is_odd) state.tensor = Tensor<float, dynamic>(Shape{5});
  error = error_of([&] { checkpoint.write(directory + "/ckpt"); });
  REQUIRE(says(error, "rank 0 has \"tensor float32 [4]\", rank 3 has \"tensor float32 [5]\""));
  barrier();
  REQUIRE(files_in(directory).empty());

  State partitioned = empty_state(world, Division::by_rows);
  if (is_odd) partitioned.field = Partitioned<double>(Shape{rows, columns + 1}, block_rows(rows, 3, world.size()));
  mpi::Checkpoint divided{world, partitioned};
  REQUIRE(says(error_of([&] { divided.write(directory + "/ckpt"); }),
               "rank 0 has \"field partitioned float64 [37, 23]\", rank 3 has \"field partitioned float64 [37, 24]\""));
}

void boxes_that_overlap_or_leave_gaps() {
  const mpi::Communicator world(MPI_COMM_WORLD);
  const std::string directory = fresh("boxes");
  State state = full_state(world, Division::by_rows, 1);
  mpi::Checkpoint checkpoint{world, state};
  if (world.rank() == 2) state.field = Partitioned<double>(Shape{rows, columns}, block_rows(rows, 1, world.size()));
  Error error = error_of([&] { checkpoint.write(directory + "/ckpt"); });
  REQUIRE(error.code() == ErrorCode::invalid_argument && says(error, "two ranks hold the same part"));
  if (world.rank() == 2)
    state.field = Partitioned<double>(Shape{rows, columns}, Box{{6, 0}, Shape{3, columns}});  // one row is rank 1's
  REQUIRE(says(error_of([&] { checkpoint.write(directory + "/ckpt"); }), "the boxes of rank 1 and rank 2 share"));
  if (world.rank() == 2) state.field = Partitioned<double>(Shape{rows, columns}, std::vector<Box>{});
  REQUIRE(says(error_of([&] { checkpoint.write(directory + "/ckpt"); }), "together hold 736 of the 851 elements"));
  state.field = Partitioned<double>(Shape{rows, columns}, std::vector<Box>{});
  REQUIRE(says(error_of([&] { checkpoint.write(directory + "/ckpt"); }), "no rank holds any element"));
  barrier();
  REQUIRE(files_in(directory).empty());
}

void a_failing_call_of_one_rank() {
  const std::string all = fresh("fails");
  on_first(3, [&](const mpi::Communicator& comm) {
    for (const int victim : {0, 2}) {
      std::uint64_t calls = 0;
      for (std::uint64_t at = 0; at <= calls; at += victim == 0 ? 3 : 1) {
        const std::string directory = all + "/" + std::to_string(victim) + "-" + std::to_string(at);
        State state = full_state(comm, Division::by_rows, 1);
        mpi::Checkpoint good{comm, state};
        mpi::CheckpointManager(good, directory, {.max_to_keep = 1}).save();
        testing::FaultyFileSystem files(io::native(), {.at = comm.rank() == victim ? at : 0, .number = ENOSPC});
        bool has_failed = false, is_complete = false;
        CheckpointIn checkpoint(files, comm, state);
        try {
          mpi::CheckpointManager<CheckpointIn> manager(checkpoint, directory, {.max_to_keep = 1});
          manager.restore().expect_partial();
          fill(state, comm, 2);
          manager.save();
        } catch (const Error& error) {
          has_failed = true;
          is_complete = std::string(error.what()).find("is complete") != std::string::npos;
          REQUIRE(says(error, "rank " + std::to_string(victim) + " of 3 failed"));
          REQUIRE(is_complete || checkpoint.save_counter() <= 1);
        }
        if (at == 0) calls = files.calls();
        MPI_Bcast(&calls, 1, MPI_UINT64_T, victim, comm.handle());
        State later = empty_state(comm, Division::by_columns);
        mpi::Checkpoint reader{comm, later};
        reader.restore(directory).assert_consumed();
        // A complete one need not be named yet.
        const std::int64_t step = is_complete ? later.step : has_failed ? 1 : 2;
        const std::string wrong = wrong_in(later, comm, static_cast<int>(step), 3);
        require(wrong.empty(), wrong + " after call " + std::to_string(at));
        REQUIRE(!has_failed || is_complete || !has_temporary_files(directory));
      }
      REQUIRE(calls > 4);
    }
  });
}

// At every call: the values are what they were, on all ranks.
void a_failing_read_of_one_rank() {
  const std::string directory = fresh("reads");
  on_first(3, [&](const mpi::Communicator& comm) {
    State saved = full_state(comm, Division::by_rows, 1);
    mpi::Checkpoint{comm, saved}.write(directory + "/ckpt");
    for (const int victim : {0, 1})
      for (std::uint64_t at = 1;; ++at) {
        testing::FaultyFileSystem files(io::native(), {.at = comm.rank() == victim ? at : 0});
        State state = full_state(comm, Division::by_columns, 2);
        CheckpointIn checkpoint(files, comm, state);
        try {
          checkpoint.restore(directory + "/ckpt").expect_partial();
          break;
        } catch (const Error& error) {
          REQUIRE(says(error, "rank " + std::to_string(victim) + " of 3 failed"));
        }
        const std::string wrong = wrong_in(state, comm, 2, 3);
        require(wrong.empty(), wrong);
        REQUIRE(at < 200);
      }
  });
}

// More than is staged: what was read in place before another rank failed is put back, zeros or not.
void a_large_state_with_damage() {
  const mpi::Communicator world(MPI_COMM_WORLD);
  struct Big {
    std::vector<double> numbers;
    Partitioned<double> field;
  };
  constexpr std::size_t count = 1'000'000;
  const std::string directory = fresh("damage");
  const auto make = [&](double value) {
    Big state{.numbers = std::vector<double>(count, value),
              .field = {Shape{64, 1000}, block_rows(64, world.rank(), world.size())}};
    for (double& each : state.field.span()) each = value;
    return state;
  };
  const auto has = [&](const Big& state, double value) {
    return std::all_of(state.numbers.begin(), state.numbers.end(), [&](double each) { return each == value; }) &&
           std::all_of(state.field.span().begin(), state.field.span().end(),
                       [&](double each) { return each == value; });
  };
  Big saved = make(7);
  mpi::Checkpoint{world, saved}.write(directory + "/ckpt");
  // The last rank's rows: only they have the byte, and the others have read theirs by then.
  flip_byte(directory + "/ckpt.data-00007-of-00008", 100);
  for (const double before : {0.0, 5.0}) {
    Big state = make(before);
    mpi::Checkpoint checkpoint{world, state};
    const Error error = error_of([&] { checkpoint.restore(directory + "/ckpt").expect_partial(); });
    REQUIRE(error.code() == ErrorCode::data_loss && says(error, "rank "));
    REQUIRE(has(state, before));
  }
  flip_byte(directory + "/ckpt.data-00007-of-00008", 100);
  Big state = make(0);
  mpi::Checkpoint{world, state}.restore(directory + "/ckpt").expect_partial();
  REQUIRE(has(state, 7));
  // One rank alone cannot read a value of the large ones: the others have it in place already.
  on_first(3, [&](const mpi::Communicator& comm) {
    for (const double before : {0.0, 5.0}) {
      Big few{.numbers = std::vector<double>(count, before),
              .field = {Shape{64, 1000}, block_rows(64, comm.rank(), 3)}};
      std::uint64_t calls = 0;
      {
        testing::FaultyFileSystem counted(io::native());
        Big probe{.numbers = std::vector<double>(count), .field = {Shape{64, 1000}, block_rows(64, comm.rank(), 3)}};
        CheckpointIn(counted, comm, probe).restore(directory + "/ckpt").expect_partial();
        calls = counted.calls();
      }
      testing::FaultyFileSystem files(io::native(), {.at = comm.rank() == 1 ? calls : 0});
      CheckpointIn checkpoint(files, comm, few);
      REQUIRE(says(error_of([&] { checkpoint.restore(directory + "/ckpt").expect_partial(); }), "rank 1 of 3 failed"));
      REQUIRE(std::all_of(few.numbers.begin(), few.numbers.end(), [&](double each) { return each == before; }));
    }
  });
}

void an_exception_of_the_program() {
  const mpi::Communicator world(MPI_COMM_WORLD);
  const std::string directory = fresh("exception");
  State state = full_state(world, Division::by_rows, 1);
  mpi::Checkpoint checkpoint{world, state};
  if (world.rank() == 5) static_cast<void>(Variable<float, 40, 50>(std::move(state.weights)));
  Error error = error_of([&] { checkpoint.save(directory + "/ckpt"); });
  REQUIRE(error.code() == ErrorCode::failed_precondition && says(error, "rank 5 of 8 failed"));
  REQUIRE(checkpoint.save_counter() == 0);
  state.weights = Variable<float, 40, 50>();
  const int thrower = 4;
  error = error_of([&] {
    checkpoint.save(directory + "/ckpt", {.write_callbacks = {[&] {
                                            if (world.rank() == thrower)
                                              throw std::runtime_error("the mail server is away");
                                          }}});
  });
  REQUIRE(says(error, "rank 4 of 8 failed") && says(error, "the mail server is away"));
  checkpoint.restore(directory + "/ckpt-1").expect_partial();  // the files stay
  // All of one mind: no rank is named.
  error = error_of([&] { checkpoint.restore(directory + "/none").expect_partial(); });
  REQUIRE(error.code() == ErrorCode::not_found);
  error = error_of([&] { checkpoint.write(directory + "/x", {.incremental = true}); });
  REQUIRE(error.code() == ErrorCode::unimplemented && std::string(error.what()).find("rank 0 of") == std::string::npos);
}

void states_that_have_drifted_apart() {
  const mpi::Communicator world(MPI_COMM_WORLD);
  const std::string directory = fresh("drift");
  State state = full_state(world, Division::by_rows, 1);
  mpi::Checkpoint checkpoint{world, state};
  checkpoint.write(directory + "/good", {.check_replicas = true});
  if (world.rank() == 1 || world.rank() == 6) state.weights.data()[1999] += 1;
  if (world.rank() == 3) state.name += "!";
  const Error error = error_of([&] { checkpoint.write(directory + "/bad", {.check_replicas = true}); });
  REQUIRE(error.code() == ErrorCode::failed_precondition);
  REQUIRE(says(error, "weights of ranks 1 and 6 is not that of rank 0") &&
          says(error, "name of rank 3 is not that of rank 0"));
  checkpoint.write(directory + "/bad");
}

void saves_in_the_background() {
  const mpi::Communicator world(MPI_COMM_WORLD);
  const std::string directory = fresh("async");
  State state = full_state(world, Division::scattered, 1);
  mpi::Checkpoint checkpoint{world, state};
  mpi::CheckpointManager manager{checkpoint, directory, {.max_to_keep = 2}};
  const auto path = manager.save({.enable_async = true});
  REQUIRE(path == directory + "/ckpt-1" && !manager.latest_checkpoint());
  fill(state, world, 2);  // the copies are what they were
  manager.sync();
  REQUIRE(manager.latest_checkpoint() == path);
  manager.save({.enable_async = true});
  fill(state, world, 3);
  manager.save();
  REQUIRE((manager.checkpoints() == std::vector<std::string>{directory + "/ckpt-2", directory + "/ckpt-3"}));
  checkpoint.restore(directory + "/ckpt-2").expect_partial();
  REQUIRE(wrong_in(state, world, 2, world.size()).empty());
  {
    testing::FaultyFileSystem files(io::native(), {.at = world.rank() == 3 ? std::uint64_t{3} : 0, .number = ENOSPC});
    CheckpointIn faulty(files, world, state);
    faulty.write(directory + "/later", {.enable_async = true});
    const Error error = error_of([&] { faulty.sync(); });
    REQUIRE(error.code() == ErrorCode::resource_exhausted &&
            says(error, "in the background failed: rank 3 of 8 failed"));
    faulty.sync();
  }
  {  // the end completes it
    mpi::Checkpoint last{world, state};
    last.write(directory + "/last", {.enable_async = true});
  }
  checkpoint.restore(directory + "/last").expect_partial();
  REQUIRE(!has_temporary_files(directory));
}

void a_manager_of_many_ranks() {
  const mpi::Communicator world(MPI_COMM_WORLD);
  const std::string directory = fresh("manager");
  State state = full_state(world, Division::by_rows, 1);
  double loss = 3;
  int initialized = 0;
  {
    mpi::Checkpoint checkpoint{world, state};
    mpi::CheckpointManager manager{checkpoint,
                                   directory,
                                   {.max_to_keep = 1,
                                    .step_counter = state.step,
                                    .checkpoint_interval = 10,
                                    .init_fn = [&] { ++initialized; },
                                    .keep_best = {{.count = 1, .metric = [&] { return loss; }}},
                                    .save_on_signal = true}};
    REQUIRE(!manager.restore_or_initialize() && initialized == 1);
    REQUIRE(manager.save() == directory + "/ckpt-1");
    state.step += world.rank() == 0 ? 5 : 50;  // rank 0's step counts
    REQUIRE(!manager.save());
    state.step = 20;
    loss = 4;
    REQUIRE(manager.save());
    REQUIRE(manager.best_checkpoint() == directory + "/ckpt-1" && manager.checkpoints().size() == 2);
    if (world.rank() == 6) ::raise(SIGTERM);
    state.step = 21;
    REQUIRE(manager.save() == directory + "/ckpt-3" && manager.signal() == SIGTERM);
    REQUIRE(!manager.save());
    REQUIRE(manager.save({.checkpoint_number = 9, .check_interval = false, .options = {}}) ==
            std::nullopt);  // same step
  }
  flip_byte(directory + "/ckpt-3.data-00001-of-00008", 30);
  State later = empty_state(world, Division::by_rows);
  mpi::Checkpoint checkpoint{world, later};
  mpi::CheckpointManager strict{checkpoint, directory};
  REQUIRE(error_of([&] { strict.restore_or_initialize(); }).code() == ErrorCode::data_loss);
  mpi::CheckpointManager lenient{checkpoint, directory, {.fall_back = true}};
  REQUIRE(lenient.restore_or_initialize() == directory + "/ckpt-1");
  REQUIRE(lenient.fall_back_report().damaged.size() == 1 && later.step == 1);
  barrier();
  if (world.rank() == 0) std::filesystem::remove(directory + "/ckpt-3.index");
  barrier();
  REQUIRE(
      says(error_of([&] { strict.restore().expect_partial(); }), "names \"" + directory + "/ckpt-3\" as the latest"));
}

void what_each_rank_has_of_its_own() {
  const std::string directory = fresh("own");
  on_first(4, [&](const mpi::Communicator& comm) {
    State state = full_state(comm, Division::by_rows, 1);
    mpi::Checkpoint{comm, state}.write(directory + "/ckpt");
  });
  on_first(3, [&](const mpi::Communicator& comm) {
    State state = empty_state(comm, Division::by_rows, OnOtherRanks::error);
    mpi::Checkpoint checkpoint{comm, state};
    const Error error = error_of([&] { checkpoint.read(directory + "/ckpt").expect_partial(); });
    REQUIRE(error.code() == ErrorCode::invalid_argument && says(error, "4 ranks") && says(error, "3 ranks"));
    REQUIRE(state.step == 0 && state.own->number == -1);
    state.own = PerRank<Own>(Own{-1, {}}, OnOtherRanks::drop);
    checkpoint.read(directory + "/ckpt").assert_consumed();
    REQUIRE(state.step == 1 && state.own->number == -1);
    state.own = PerRank<Own>(Own{-1, {}}, [](SavedRanks<Own>& saved) {
      Own mine;
      for (int rank = saved.rank(); rank < saved.size(); rank += saved.ranks()) mine.number += saved.read(rank).number;
      return mine;
    });
    checkpoint.read(directory + "/ckpt").assert_consumed();
    REQUIRE(state.own->number == (comm.rank() == 0 ? 100 + 103 : 100 + comm.rank()));
  });
}

const std::vector<Case> cases{
    {"what some ranks save in some division, others restore in others", every_number_of_ranks_and_division},
    {"one process restores what ranks saved, and they what it saved", one_process_restores_what_ranks_saved},
    {"a rank reads the bytes that it needs, and few others", a_rank_reads_the_bytes_that_it_needs},
    {"values that all ranks have are divided among them by size", replicated_values_are_divided},
    {"some ranks write for their neighbours, and have a data file each", some_ranks_write_for_their_neighbours},
    {"what fails in a group of ranks fails on all, with its rank", a_failure_in_a_group_of_ranks},
    {"ranks that make different calls are told so, and go on together", differing_calls},
    {"states of different structures are refused with what differs", differing_structures},
    {"boxes that overlap or leave gaps are refused with their ranks", boxes_that_overlap_or_leave_gaps},
    {"a file call that fails on one rank fails the save on all", a_failing_call_of_one_rank},
    {"a read that fails on one rank leaves the values of all", a_failing_read_of_one_rank},
    {"damage that one rank finds in a large state changes no rank", a_large_state_with_damage},
    {"an exception on one rank is an Error on all, with its number", an_exception_of_the_program},
    {"states that have drifted apart are refused with paths and ranks", states_that_have_drifted_apart},
    {"a save in the background is complete at the next call", saves_in_the_background},
    {"intervals, signals, metrics and falling back are of one mind", a_manager_of_many_ranks},
    {"what each rank has of its own follows the rule for other ranks", what_each_rank_has_of_its_own},
};

// Kills this process before a file call.
class KillingFileSystem final : public CountingFileSystem {
 public:
  KillingFileSystem(io::FileSystem& files, std::uint64_t at) : CountingFileSystem(files), at_(at) {}
  std::unique_ptr<io::ReadableFile> open(const std::string& path) override {
    count();
    return CountingFileSystem::open(path);
  }
  std::unique_ptr<io::WritableFile> create(const std::string& path) override {
    count();
    return CountingFileSystem::create(path);
  }
  void rename(const std::string& from, const std::string& to) override {
    count();
    CountingFileSystem::rename(from, to);
  }
  bool link(const std::string& from, const std::string& to) override {
    count();
    return CountingFileSystem::link(from, to);
  }
  void remove(const std::string& path) override {
    count();
    CountingFileSystem::remove(path);
  }
  void sync_directory(const std::string& path) override {
    count();
    CountingFileSystem::sync_directory(path);
  }

 private:
  void count() {
    if (++calls_ == at_) ::kill(::getpid(), SIGKILL);
  }
  std::uint64_t at_;
  std::atomic<std::uint64_t> calls_{0};
};

int lives(const std::string& directory, int victim, std::uint64_t at) {
  const mpi::Communicator world(MPI_COMM_WORLD);
  KillingFileSystem files(io::native(), world.rank() == victim ? at : 0);
  State state = empty_state(world, Division::by_rows);
  CheckpointIn checkpoint(files, world, state);
  mpi::CheckpointManager<CheckpointIn> manager(checkpoint, directory, {.max_to_keep = 2});
  manager.restore_or_initialize();
  const int first = static_cast<int>(state.step) + 1;
  for (int seed = first; seed < first + 4; ++seed) {
    fill(state, world, seed);
    manager.save();
    if (world.rank() == 0) std::printf("saved %d\n", seed), std::fflush(stdout);
  }
  return 0;
}
// What with_tensorflow.py has made.
struct FromTensorFlow {
  Partitioned<double> field;
};
int from_tensorflow(const std::string& directory) {
  const mpi::Communicator world(MPI_COMM_WORLD);
  for (const std::string name : {"/sharded", "/partitioner"})
    for (const Division division : divisions) {
      FromTensorFlow state{{Shape{rows, columns}, boxes_of(division, world.rank(), world.size())}};
      mpi::Checkpoint checkpoint{world, state};
      checkpoint.read(directory + name).assert_existing_objects_matched();
      for_each_element(state.field, [&](const double& element, std::int64_t i, std::int64_t j) {
        require(element == static_cast<double>(i * columns + j), "an element of " + name);
      });
    }
  return 0;
}
int one_call(const std::string& command, const std::string& directory, int seed) {
  const mpi::Communicator world(MPI_COMM_WORLD);
  if (command == "tensorflow") return from_tensorflow(directory);
  State state = empty_state(world, Division::by_blocks);
  mpi::Checkpoint checkpoint{world, state};
  mpi::CheckpointManager manager{checkpoint, directory};
  if (command == "save") {
    fill(state, world, seed);
    manager.save();
    return 0;
  }
  manager.restore().expect_partial();
  if (seed < 0) seed = static_cast<int>(state.step);
  const std::string wrong = wrong_in(state, world, seed, world.size());
  if (world.rank() == 0 && wrong.empty()) std::printf("step %d\n", seed);
  if (!wrong.empty()) std::printf("rank %d: %s\n", world.rank(), wrong.c_str());
  return wrong.empty() ? 0 : 1;
}

}  // namespace
}  // namespace cairn::test

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  int status = 2;
  try {
    if (arguments.size() >= 2) cairn::test::scratch = arguments[1];
    if (arguments.size() >= 2 && arguments[0] == "cases")
      status = cairn::test::run_cases(cairn::test::cases, arguments.size() > 2 ? arguments[2] : "");
    else if (arguments.size() == 4 && arguments[0] == "lives")
      status = cairn::test::lives(arguments[1], std::stoi(arguments[2]), std::stoull(arguments[3]));
    else if (arguments.size() == 3)
      status = cairn::test::one_call(arguments[0], arguments[1], std::stoi(arguments[2]));
  } catch (const std::exception& error) {
    std::printf("failed: %s\n", error.what());
    status = 1;
  }
  std::fflush(stdout);
  MPI_Finalize();
  return status;
}
