// A tensor in boxes that one process saves: as TensorFlow's slices under one key, and never without some of its elements.
#include <cairn/partition.hpp>

#include <doctest/doctest.h>

#include <cairn/bundle/reader.hpp>
#include <cairn/checkpoint/checkpoint.hpp>

#include "partition/states.hpp"

#include <numeric>
#include <span>
#include <utility>

using namespace cairn;
using namespace cairn::test;
using cairn::testing::MemoryFileSystem;

namespace {

constexpr std::string_view key = "pressure/.ATTRIBUTES/VARIABLE_VALUE";

bool holds(io::FileSystem& files, const std::string& prefix, std::size_t count, int first = 1) {
  const AnyTensor tensor = bundle::Reader(prefix, files).read(key);
  bool is_right = tensor.span<double>().size() == count;
  for (std::size_t i = 0; is_right && i < count; ++i) is_right = tensor.span<double>()[i] == value_at<double>(i, first);
  return is_right;
}
std::string contents(io::FileSystem& files, const std::string& prefix) {
  return read_file(files, prefix + ".index") + read_file(files, prefix + ".data-00000-of-00001");
}

}  // namespace

TEST_CASE("a Partitioned whose one box is the tensor is saved as a Variable is") {
  MemoryFileSystem files;
  Field field{Partitioned<double>{Shape{3, 4}, block_rows(3, 0, 1)}};
  fill(field.pressure);
  struct Plain {
    Variable<double, 3, 4> pressure;
  } plain;
  std::iota(plain.pressure.span().begin(), plain.pressure.span().end(), 1.0);
  for (const bool is_async : {false, true}) {
    const std::string suffix = is_async ? "a" : "";
    CheckpointIn one(files, field), other(files, plain);
    one.write("divided" + suffix, {.enable_async = is_async});
    other.write("plain" + suffix, {.enable_async = is_async});
    one.sync(), other.sync();
    CHECK(contents(files, "divided" + suffix) == contents(files, "plain" + suffix));
  }
}

TEST_CASE("boxes that cover a tensor are saved as its slices under one key, in every kind of save") {
  for (const std::vector<Box>& boxes : divisions({5, 7})) {
    MemoryFileSystem files;
    Field field{Partitioned<double>{Shape{5, 7}, boxes}};
    fill(field.pressure);
    CheckpointIn checkpoint(files, field);
    checkpoint.write("p");
    const bundle::Reader reader("p", files);
    CHECK(reader.entries().size() == 2);  // and the object graph
    std::size_t parts = 0;
    for (const Box& box : boxes) parts += box.shape.num_elements() != 0;
    CHECK(reader.lookup(key).slices.size() == (parts == 1 ? 0 : parts));
    CHECK(reader.lookup(key).shape == Shape{5, 7});
    CHECK(holds(files, "p", 35));
    checkpoint.write("again");
    CHECK(contents(files, "again") == contents(files, "p"));
    checkpoint.write("async", {.enable_async = true});
    fill(field.pressure, 100);
    checkpoint.sync();
    CHECK(contents(files, "async") == contents(files, "p"));
    fill(field.pressure);
    checkpoint.write("incremental", {.incremental = true});
    CHECK(holds(files, "incremental", 35));
    fill(field.pressure, 2);
    checkpoint.write("incremental2", {.incremental = true});
    CHECK(holds(files, "incremental2", 35, 2));
    checkpoint.write("both", {.enable_async = true, .incremental = true});
    checkpoint.sync();
    CHECK(holds(files, "both", 35, 2));
    checkpoint.write("sharded", {.shard_size = 100});
    CHECK(holds(files, "sharded", 35, 2));
    checkpoint.write("later", {.shard_size = 100, .enable_async = true});
    checkpoint.sync();
    CHECK(holds(files, "later", 35, 2));
  }
}

TEST_CASE("a save under way has the boxes as they were, whatever becomes of the Partitioned") {
  MemoryFileSystem files;
  Field field{Partitioned<double>{Shape{4}, {{{0}, {1}}, {{1}, {3}}}}};
  fill(field.pressure);
  CheckpointIn checkpoint(files, field);
  checkpoint.write("p", {.enable_async = true});
  field.pressure = {};
  checkpoint.sync();
  CHECK(holds(files, "p", 4));
}

TEST_CASE("a Partitioned that is not whole is refused by one process, with what is missing and the way out") {
  for (const CheckpointOptions& options :
       {CheckpointOptions{}, CheckpointOptions{.enable_async = true}, CheckpointOptions{.incremental = true}}) {
    MemoryFileSystem files;
    Field field{Partitioned<double>{Shape{4, 6}, {{{0, 0}, {4, 2}}, {{0, 2}, {3, 4}}}}};
    CheckpointIn checkpoint(files, field);
    const Error error = error_of([&] { return checkpoint.write("p", options); });
    CHECK(error.code() == ErrorCode::invalid_argument);
    CHECK(error.key() == key);
    const std::string said = error.what();
    CHECK(contains(said, "pressure cannot be saved: "));
    CHECK(contains(said, "[1, 4] from [3, 2] on is in none of its boxes"));
    CHECK(contains(said, "cairn::mpi::Checkpoint"));
    CHECK_FALSE(files.exists("p.index"));
    field.pressure = {Shape{4, 6}, std::vector<Box>{}};
    CHECK(contains(sentence_of([&] { checkpoint.write("p", options); }), "[4, 6] from [0, 0] on is in none"));
    field.pressure = {};
    CHECK(code_of([&] { checkpoint.write("p", options); }) == ErrorCode::failed_precondition);
    checkpoint.sync();
    CHECK_FALSE(files.exists("p.index"));
    field.pressure = Partitioned<double>{Shape{4, 6}};
    checkpoint.write("p", options);
  }
}

TEST_CASE("a plan that was kept of a whole tensor is not used for boxes, whole or not") {
  MemoryFileSystem files;
  Field field{Partitioned<double>{Shape{2, 3}}};
  fill(field.pressure);
  CheckpointIn checkpoint(files, field);
  checkpoint.write("whole");
  field.pressure = {Shape{2, 3}, {{{0, 0}, {2, 1}}, {{0, 1}, {2, 2}}}};
  fill(field.pressure, 5);
  checkpoint.write("boxes");
  CHECK(bundle::Reader("boxes", files).lookup(key).slices.size() == 2);
  CHECK(holds(files, "boxes", 6, 5));
  field.pressure = {Shape{2, 3}, block_rows(2, 0, 2)};
  CHECK(code_of([&] { checkpoint.write("half"); }) == ErrorCode::invalid_argument);
  field.pressure = Partitioned<double>{Shape{2, 3}};
  checkpoint.write("zero");
  CHECK(bundle::Reader("zero", files).lookup(key).slices.empty());
}

TEST_CASE("scalars, tensors without elements, and many axes are saved as well") {
  MemoryFileSystem files;
  struct State {
    Partitioned<std::int8_t> scalar{Shape{}};
    Partitioned<half> nothing{Shape{0, 3}, std::vector<Box>{}};
    Partitioned<std::int64_t> deep{
        Shape{2, 2, 2, 1, 2, 2}, {{{0, 0, 0, 0, 0, 0}, {2, 2, 1, 1, 2, 2}}, {{0, 0, 1, 0, 0, 0}, {2, 2, 1, 1, 2, 2}}}};
  } state, restored;
  state.scalar.span()[0] = 7;
  fill(state.deep);
  CheckpointIn(files, state).write("p");
  const bundle::Reader reader("p", files);
  CHECK(reader.lookup("nothing/.ATTRIBUTES/VARIABLE_VALUE").slices.empty());
  CHECK(reader.lookup("deep/.ATTRIBUTES/VARIABLE_VALUE").slices.size() == 2);
  restored.deep = Partitioned<std::int64_t>{Shape{2, 2, 2, 1, 2, 2}, block_of_axis(5, 2, 1, 2)};
  CheckpointIn(files, restored).read("p").assert_consumed();
  CHECK(restored.scalar.span()[0] == 7);
  CHECK(is_filled(restored.deep));
}
