// Cases of TensorFlow's sharding_policies_test.py, sharding_util_test.py and functional_saver_test.py, with their
// names; tests/README.md lists all.
#include <cairn/bundle/writer.hpp>

#include <doctest/doctest.h>

#include <cairn/bundle/merge.hpp>
#include <cairn/bundle/reader.hpp>
#include <cairn/bundle/rewrite.hpp>

#include "bundle/bundles.hpp"

#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

namespace bundle = cairn::bundle;
namespace io = cairn::io;
using bundle::Reader;
using bundle::Writer;
using cairn::ErrorCode;
using cairn::Shape;
using cairn::TensorView;
using cairn::test::code_of;
using cairn::test::view_of;
using Names = std::vector<std::string>;
using Shards = std::vector<Names>;

namespace {

const Names graph{"stands for an object graph, which counts as if it had no bytes"};

void add_graph(Writer& writer) { writer.add(std::string(bundle::object_graph_key), TensorView({}, graph)); }

// What each data file holds, in order: a key, and for a part its slice.
Shards shards_of(const Reader& reader) {
  Shards shards(static_cast<std::size_t>(reader.num_shards()));
  for (const auto& [shard, items] : bundle::contents(reader))
    for (const auto& item : items) {
      std::string text = item.key == bundle::object_graph_key ? "graph" : std::string(item.key);
      if (item.part) text += " " + cairn::bundle::detail::text_of_slice(reader.lookup(item.key).slices[*item.part]);
      shards[static_cast<std::size_t>(shard)].push_back(std::move(text));
    }
  return shards;
}

// v0 and v1 of ascending numbers, and the graph, in shards of `size`; all is read back.
Shards saved(const Shape& shape0, const Shape& shape1, std::uint64_t size) {
  cairn::testing::MemoryFileSystem files;
  std::vector<float> v0(static_cast<std::size_t>(shape0.num_elements()));
  std::vector<std::int32_t> v1(static_cast<std::size_t>(shape1.num_elements()));
  std::iota(v0.begin(), v0.end(), 0.0f);
  std::iota(v1.begin(), v1.end(), 4);
  Writer writer("p", {.shard_size = size}, files);
  writer.add("v0", view_of(v0, shape0));
  writer.add("v1", view_of(v1, shape1));
  add_graph(writer);
  writer.finish();
  const Reader reader("p", files);
  CHECK(reader.read("v0") == cairn::AnyTensor(view_of(v0, shape0)));
  CHECK(reader.read("v1") == cairn::AnyTensor(view_of(v1, shape1)));
  CHECK(reader.read_strings(bundle::object_graph_key) == graph);
  return shards_of(reader);
}

// Three floats, each in a data file of its own, as if three tasks had them, and the graph in the last.
void save_groups(io::FileSystem& files) {
  const std::vector<float> values{0, 1, 2};
  Writer writer("d/p", {}, files);
  for (std::size_t i = 0; i < 3; ++i) {
    writer.begin_shard();
    writer.add("v" + std::to_string(i), view_of(values[i]));
    writer.flush();
  }
  writer.begin_shard();
  add_graph(writer);
  writer.finish();
}

}  // namespace

TEST_CASE("test_ShardByTaskPolicy: groups of the caller's choice go to data files of their own") {
  cairn::testing::MemoryFileSystem files;
  save_groups(files);
  const Reader reader("d/p", files);
  CHECK(shards_of(reader) == Shards{{"v0"}, {"v1"}, {"v2"}, {"graph"}});
  CHECK(reader.read("v2").scalar<float>() == 2);
}

TEST_CASE("test_CheckpointOption_ShardByTaskPolicy, test_checkpoint_is_sharded_by_task: as many data files as groups") {
  cairn::testing::MemoryFileSystem files;
  save_groups(files);
  CHECK(files.list_directory("d") == Names{"p.data-00000-of-00004", "p.data-00001-of-00004", "p.data-00002-of-00004",
                                           "p.data-00003-of-00004", "p.index"});
}

TEST_CASE("test_MaxShardSizePolicy_1D: shards of 4, 8, 10, 16 and 18 bytes") {
  const Shape v0{4}, v1{4, 1};
  CHECK(saved(v0, v1, 4) == Shards{{"v0 0,1"},
                                   {"v0 1,1"},
                                   {"v0 2,1"},
                                   {"v0 3,1"},
                                   {"v1 0,1:0,1"},
                                   {"v1 1,1:0,1"},
                                   {"v1 2,1:0,1"},
                                   {"v1 3,1:0,1", "graph"}});
  const Shards halves{{"v0 0,2"}, {"v0 2,2"}, {"v1 0,2:0,1"}, {"v1 2,2:0,1", "graph"}};
  CHECK(saved(v0, v1, 8) == halves);
  CHECK(saved(v0, v1, 10) == halves);
  CHECK(saved(v0, v1, 16) == Shards{{"v0"}, {"v1", "graph"}});
  CHECK(saved(v0, v1, 18) == Shards{{"v0"}, {"v1", "graph"}});
}

TEST_CASE("test_MaxShardSizePolicy_2D: the axis that gives the fewest parts, in shards of 8, 10, 12 and 16 bytes") {
  const Shape v0{3, 2}, v1{3, 2, 1};
  const Shards rows{{"v0 0,1:0,2"},     {"v0 1,1:0,2"},     {"v0 2,1:0,2"},
                    {"v1 0,1:0,2:0,1"}, {"v1 1,1:0,2:0,1"}, {"v1 2,1:0,2:0,1", "graph"}};
  CHECK(saved(v0, v1, 8) == rows);
  CHECK(saved(v0, v1, 10) == rows);
  CHECK(saved(v0, v1, 12) == Shards{{"v0 0,3:0,1"}, {"v0 0,3:1,1"}, {"v1 0,3:0,1:0,1"}, {"v1 0,3:1,1:0,1", "graph"}});
  CHECK(saved(v0, v1, 16) == Shards{{"v0 0,2:0,2"}, {"v0 2,1:0,2", "v1 0,1:0,2:0,1"}, {"v1 1,2:0,2:0,1", "graph"}});
}

TEST_CASE("test_MaxShardSizePolicy_Strings: strings are not cut, so that they can be read back") {
  cairn::testing::MemoryFileSystem files;
  const Names strings(4, "TEN BYTES!");
  Writer writer("p", {.shard_size = 10}, files);
  writer.add("v0", TensorView({4}, strings));
  add_graph(writer);
  writer.finish();
  const Reader reader("p", files);
  CHECK(shards_of(reader) == Shards{{"graph"}, {"v0"}});
  CHECK(reader.read_strings("v0") == strings);
}

TEST_CASE("test_MaxShardSizePolicy_LargeScalar: a scalar larger than a shard has one of its own, the last") {
  cairn::testing::MemoryFileSystem files;
  const Names string{"TEN BYTES!"};
  Writer writer("p", {.shard_size = 8}, files);
  writer.add("v0", TensorView({}, string));
  add_graph(writer);
  writer.finish();
  CHECK(shards_of(Reader("p", files)) == Shards{{"graph"}, {"v0"}});
}

TEST_CASE("test_MaxShardSizePolicy_PreSlicedTensor: a part is cut into parts with their places in the whole") {
  cairn::testing::MemoryFileSystem files;
  const std::vector<float> part{1, 2, 3, 6, 7, 8};  // columns 1 to 3 of 5
  const auto shards = [&](std::uint64_t size) {
    Writer writer("p", {.shard_size = size}, files);
    writer.add_slice("v", {2, 5}, {{0, 2}, {1, 3}}, view_of(part, {2, 3}));
    add_graph(writer);
    writer.finish();
    const Reader reader("p", files);
    CHECK(reader.lookup("v").shape == Shape{2, 5});
    CHECK(reader.read_slice("v", {{0, 2}, {1, 3}}) == cairn::AnyTensor(view_of(part, {2, 3})));
    return shards_of(reader);
  };
  CHECK(shards(8) == Shards{{"v 0,2:1,1"}, {"v 0,1:2,2"}, {"v 1,1:2,2", "graph"}});
  CHECK(shards(12) == Shards{{"v 0,1:1,3"}, {"v 1,1:1,3", "graph"}});
}

TEST_CASE("test_validate_shards_correct: without a limit all tensors are in one data file, each once") {
  cairn::testing::MemoryFileSystem files;
  const std::vector<float> values{0, 1, 2};
  Writer writer("p", {}, files);
  for (std::size_t i = 0; i < 3; ++i) writer.add("v" + std::to_string(i), view_of(values[i]));
  add_graph(writer);
  writer.finish();
  CHECK(shards_of(Reader("p", files)) == Shards{{"v0", "v1", "v2", "graph"}});
}

TEST_CASE("test_validate_shards_duplicate_tensor: a tensor, or a part of one, in two shards is refused") {
  cairn::testing::MemoryFileSystem files;
  const float value = 1;
  Writer writer("p", {}, files);
  writer.add("v0", view_of(value));
  writer.add_slice("v1", {2}, {{0, 1}}, TensorView(cairn::DT_FLOAT, {1}, view_of(value).bytes()));
  writer.begin_shard();
  CHECK(code_of([&] { writer.add("v0", view_of(value)); }) == ErrorCode::already_exists);
  CHECK(code_of([&] {
          writer.add_slice("v1", {2}, {{0, 1}}, TensorView(cairn::DT_FLOAT, {1}, view_of(value).bytes()));
        }) == ErrorCode::already_exists);
}

TEST_CASE("test_validate_shards_added_tensor: bytes that belong to no tensor of the other bundle are not copied") {
  cairn::testing::MemoryFileSystem files;
  const float value = 1;
  Writer source("p", {}, files);
  source.add("v0", view_of(value));
  source.finish();
  const Reader reader("p", files);
  cairn::bundle::detail::BundleWriter writer("q", {}, files);
  CHECK(code_of([&] { cairn::bundle::detail::add_copy(writer, reader, "ADDED", "ADDED"); }) == ErrorCode::not_found);
  CHECK(code_of([&] { writer.add_stored("v0", reader.lookup("v0"), std::as_bytes(std::span("too many bytes"))); }) ==
        ErrorCode::invalid_argument);
}

TEST_CASE("test_validate_shards_shape_change, test_validate_shards_dtype_change: a part of something else is refused") {
  cairn::testing::MemoryFileSystem files;
  const std::vector<float> values{0, 1};
  const std::vector<std::int32_t> cast{0, 1};
  Writer writer("p", {}, files);
  writer.add_slice("v0", {2, 2}, {{0, 1}, {}}, view_of(values, {1, 2}));
  const auto code = [&](const Shape& full, TensorView part) {
    return code_of([&] { writer.add_slice("v0", full, {{1, 1}, {}}, std::move(part)); });
  };
  CHECK(code({2, 2}, view_of(values, {2, 1})) == ErrorCode::invalid_argument);  // transposed
  CHECK(code({3, 2}, view_of(values, {1, 2})) == ErrorCode::invalid_argument);  // of another tensor
  CHECK(code({2, 2}, view_of(cast, {1, 2})) == ErrorCode::invalid_argument);
  CHECK(code({2, 2}, view_of(values, {1, 2})) == std::nullopt);
}

TEST_CASE("test_validate_shards_tensor_removal: a part that no shard holds is reported, not taken for zeros") {
  cairn::testing::MemoryFileSystem files;
  const std::vector<float> values{0, 1};
  Writer writer("p", {}, files);
  writer.add_slice("v0", {2, 2}, {{0, 1}, {}}, view_of(values, {1, 2}));
  writer.finish();
  const Reader reader("p", files);
  CHECK(code_of([&] { (void)reader.read("v0"); }) == ErrorCode::data_loss);
  CHECK(reader.read_slice("v0", {{0, 1}, {}}).span<float>()[1] == 1);
}
