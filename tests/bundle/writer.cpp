#include <cairn/bundle/writer.hpp>

#include <doctest/doctest.h>

#include <cairn/bundle/object_graph.hpp>
#include <cairn/bundle/reader.hpp>

#include "bundle/bundles.hpp"
#include "support/scratch.hpp"

#include <bit>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace bundle = cairn::bundle;
namespace io = cairn::io;
using cairn::ErrorCode;
using cairn::Shape;
using cairn::TensorView;
using cairn::test::code_of;
using cairn::test::read_file;
using cairn::test::view_of;
using cairn::test::write_file;
using Names = std::vector<std::string>;

namespace {

void save(io::FileSystem& files, const std::string& prefix, const std::vector<float>& values) {
  bundle::Writer writer(prefix, {}, files);
  writer.add("x", view_of(values, {static_cast<std::int64_t>(values.size())}));
  writer.finish();
}

std::vector<float> load(io::FileSystem& files, const std::string& prefix) {
  const auto span = bundle::Reader(prefix, files).read("x");
  return {span.span<float>().begin(), span.span<float>().end()};
}

std::string from_hexadecimal(std::string_view text) {
  std::string bytes;
  std::optional<int> high;
  for (const char c : text) {
    if (c == ' ') continue;
    const int digit = c <= '9' ? c - '0' : c - 'a' + 10;
    if (high) bytes.push_back(static_cast<char>(*high * 16 + digit));
    high = high ? std::nullopt : std::optional(digit);
  }
  return bytes;
}

}  // namespace

// The bytes of tf.train.Checkpoint(x=tf.Variable(0.0)).write(P) of TensorFlow 2.21.
TEST_CASE("a checkpoint has TensorFlow's bytes") {
  const std::string key = "x/.ATTRIBUTES/VARIABLE_VALUE";
  bundle::ObjectGraph graph;
  while (graph.size() < 2) graph.add_node();
  graph.add_child(0, {1, "x", {}});
  graph.set_has_checkpoint_values(0, true);
  graph.add_attribute(1, {"VARIABLE_VALUE", "Variable", key, {}});
  graph.set_has_checkpoint_values(1, true);
  const std::vector<std::string> encoded{bundle::encode_object_graph(graph)};
  const float zero = 0;

  cairn::testing::MemoryFileSystem files;
  bundle::Writer writer("P", {}, files);
  writer.add(key, view_of(zero));
  writer.add(std::string(bundle::object_graph_key), TensorView(Shape{}, encoded));
  writer.finish();

  if (std::endian::native != std::endian::little) return;  // its header says so, and numbers are under the checksums
  const std::string index = read_file(files, "P.index");
  CHECK(index.size() == 188);
  CHECK(index == from_hexadecimal("000006 08011a020801 001c0d") + "_CHECKPOINTABLE_OBJECT_GRAPH" +
                     from_hexadecimal("0807120020042852 35aa56b093 001c0b") + key +
                     from_hexadecimal("080112002804 35a67b113a 0000000001000000 007c0fb4c3 0000000001000000 00c0f2a1b0"
                                      "000102 79 0067 0000000001000000 00dad7188e 6c08790e") +
                     std::string(36, '\0') + from_hexadecimal("57fb808b247547db"));
  const std::string data = read_file(files, "P.data-00000-of-00001");
  CHECK(data.size() == 86);
  CHECK(data.substr(0, 5) == std::string("\0\0\0\0\x4d", 5));
  CHECK(data.substr(9) == encoded[0]);
}

TEST_CASE("the data file holds the tensors in the order in which they were added, without gaps") {
  cairn::testing::MemoryFileSystem files;
  const std::vector<std::uint8_t> one{'1'}, two{'2', '2'}, none;
  bundle::Writer writer("p", {}, files);
  writer.add("z", view_of(two, {2}));
  writer.add("empty", view_of(none, {0}));
  writer.add("a", view_of(one, {}));
  writer.finish();
  CHECK(read_file(files, "p.data-00000-of-00001") == "221");
  const bundle::Reader reader("p", files);
  REQUIRE(reader.entries().size() == 3);
  CHECK(reader.entries()[0].first == "a");
  CHECK(reader.entries()[1].first == "empty");
  CHECK(reader.entries()[2].first == "z");
  CHECK(reader.lookup("a").offset == 2);
}

TEST_CASE("a bundle without tensors, or with none that has bytes, has an empty data file") {
  cairn::testing::MemoryFileSystem files;
  bundle::Writer("p", {}, files).finish();
  CHECK(read_file(files, "p.data-00000-of-00001").empty());
  CHECK(bundle::Reader("p", files).entries().empty());
}

TEST_CASE("after a flush the memory of the tensors may go") {
  cairn::testing::MemoryFileSystem files;
  bundle::Writer writer("p", {}, files);
  for (int round = 0; round < 3; ++round) {
    const std::vector<int> values(100'000, round);
    const Names names{"round " + std::to_string(round)};
    writer.add("values" + std::to_string(round), view_of(values, {100'000}));
    writer.add("name" + std::to_string(round), TensorView({}, names));
    writer.flush();
  }
  writer.finish();
  const bundle::Reader reader("p", files);
  for (int round = 0; round < 3; ++round) {
    CHECK(reader.read("values" + std::to_string(round)).span<int>()[99'999] == round);
    CHECK(reader.read_strings("name" + std::to_string(round)) == Names{"round " + std::to_string(round)});
  }
}

TEST_CASE("a key may be added once, and may not be empty") {
  cairn::testing::MemoryFileSystem files;
  const float value = 1;
  bundle::Writer writer("p", {}, files);
  writer.add("x", view_of(value));
  CHECK(code_of([&] { writer.add("x", view_of(value)); }) == ErrorCode::already_exists);
  writer.flush();
  CHECK(code_of([&] { writer.add("x", view_of(value)); }) == ErrorCode::already_exists);
  CHECK(code_of([&] { writer.add("", view_of(value)); }) == ErrorCode::invalid_argument);
  writer.add("y", view_of(value));
  writer.finish();
  CHECK(bundle::Reader("p", files).entries().size() == 2);
}

TEST_CASE("a part whose key a tensor has is refused as added twice") {
  cairn::testing::MemoryFileSystem files;
  const cairn::format::TensorSlice slice{{0, 1}, {0, 2}};
  const std::vector<float> row{1, 2};
  bundle::Writer writer("p", {}, files);
  writer.add(cairn::format::detail::encode_slice_key("w", slice), view_of(row, {2}));
  const cairn::Error error =
      cairn::test::error_of([&] { return writer.add_slice("w", {2, 2}, slice, view_of(row, {1, 2})), 0; });
  CHECK(error.code() == ErrorCode::already_exists);
  CHECK(error.key() == "w");
  CHECK(std::string(error.what()) == "the key \"w\" is added to checkpoint \"p\" twice");
}

TEST_CASE("a writer that is finished does nothing more") {
  cairn::testing::MemoryFileSystem files;
  const float value = 1;
  bundle::Writer writer("p", {}, files);
  writer.finish();
  CHECK(code_of([&] { writer.finish(); }) == ErrorCode::failed_precondition);
  CHECK(code_of([&] { writer.flush(); }) == ErrorCode::failed_precondition);
  CHECK(code_of([&] { writer.add("x", view_of(value)); }) == ErrorCode::failed_precondition);
}

TEST_CASE("a writer that is not finished publishes nothing and leaves nothing") {
  cairn::testing::MemoryFileSystem files;
  save(files, "p", {1});
  const Names before = files.list_directory(".");
  {
    const float value = 2;
    bundle::Writer writer("p", {}, files);
    writer.add("x", view_of(value));
    writer.flush();
    CHECK(files.list_directory(".").size() == before.size() + 1);
  }
  CHECK(files.list_directory(".") == before);
  CHECK(load(files, "p") == std::vector<float>{1});
}

TEST_CASE("the folder of a checkpoint is made") {
  const cairn::test::ScratchDirectory scratch;
  const std::string prefix = scratch.path() / "a/b with space/ckpt-1";
  save(io::native(), prefix, {1, 2});
  CHECK(load(io::native(), prefix) == std::vector<float>{1, 2});
  CHECK(io::native().list_directory(io::parent_directory(prefix)) ==
        Names{"ckpt-1.data-00000-of-00001", "ckpt-1.index"});
}

TEST_CASE("saving over a checkpoint takes a shard name that is free, and leaves one generation") {
  cairn::testing::MemoryFileSystem files;
  for (int round = 0; round < 4; ++round) {
    save(files, "p", {static_cast<float>(round)});
    CHECK(load(files, "p") == std::vector<float>{static_cast<float>(round)});
    CHECK(files.list_directory(".") ==
          Names{round % 2 == 0 ? "p.data-00000-of-00001" : "p.data-00001-of-00002", "p.index"});
  }
}

TEST_CASE("saving over a checkpoint of many shards removes them all") {
  cairn::testing::MemoryFileSystem files;
  bundle::Index index;
  index.num_shards = 3;
  cairn::test::put_bundle(files, "p", index, {"a", "b", "c"});
  write_file(files, "p.data-00000-of-00004", "not the old index'");
  save(files, "p", {1});
  CHECK(files.list_directory(".") == Names{"p.data-00000-of-00001", "p.data-00000-of-00004", "p.index"});
}

TEST_CASE("a data file that no index names is replaced, as a save that was killed left it") {
  cairn::testing::MemoryFileSystem files;
  write_file(files, "p.data-00000-of-00001", "left behind");
  save(files, "p", {1});
  CHECK(files.list_directory(".") == Names{"p.data-00000-of-00001", "p.index"});
  write_file(files, "p.data-00001-of-00002", "left behind");
  save(files, "p", {2});
  CHECK(files.list_directory(".") == Names{"p.data-00001-of-00002", "p.index"});
  CHECK(load(files, "p") == std::vector<float>{2});
}

TEST_CASE("over a damaged index no data file is replaced or removed") {
  cairn::testing::MemoryFileSystem files;
  write_file(files, "p.index", "damaged");
  write_file(files, "p.data-00000-of-00001", "perhaps good");
  save(files, "p", {1});
  CHECK(load(files, "p") == std::vector<float>{1});
  CHECK(read_file(files, "p.data-00000-of-00001") == "perhaps good");
  CHECK(files.exists("p.data-00001-of-00002"));
}

TEST_CASE("a prefix whose index is a folder is refused and nothing stays behind") {
  cairn::testing::MemoryFileSystem files;
  files.create_directories("p.index/below");
  CHECK(code_of([&] { save(files, "p", {1}); }) == ErrorCode::failed_precondition);
  CHECK(files.list_directory(".") == Names{"p.index"});
}

TEST_CASE("a folder that cannot be made is told") {
  cairn::testing::MemoryFileSystem files;
  write_file(files, "file", "");
  CHECK(code_of([&] { save(files, "file/below/ckpt-1", {1}); }) == ErrorCode::failed_precondition);
}

TEST_CASE("names as long as names may be are saved, longer ones refused") {
  const cairn::test::ScratchDirectory scratch;
  const std::string longest = scratch.path() / std::string(255 - std::string(".data-00000-of-00001").size(), 'n');
  save(io::native(), longest, {1});
  save(io::native(), longest, {2});
  CHECK(load(io::native(), longest) == std::vector<float>{2});
  CHECK(code_of([&] { save(io::native(), longest + "n", {1}); }) == ErrorCode::invalid_argument);
  CHECK(io::native().list_directory(scratch.path()).size() == 2);
}

TEST_CASE("a tensor that is not in memory is streamed, and must have the bytes that its dtype and shape ask for") {
  cairn::testing::MemoryFileSystem files;
  const auto stream = [](std::initializer_list<float> values) {
    return [values = std::vector<float>(values)](const bundle::Writer::Append& append) {
      for (const float& value : values) append(std::as_bytes(std::span(&value, 1)));
    };
  };
  bundle::Writer writer("p", {}, files);
  writer.add_streamed("values", cairn::DT_FLOAT, {2}, stream({1, 2}));
  CHECK(code_of([&] { writer.add_streamed("names", cairn::DT_STRING, {2}, stream({})); }) ==
        ErrorCode::invalid_argument);
  writer.finish();
  std::vector<float> values(2);
  bundle::Reader("p", files).read("values", std::as_writable_bytes(std::span(values)));
  CHECK(values == std::vector<float>{1, 2});

  bundle::Writer short_of_bytes("q", {}, files);
  short_of_bytes.add_streamed("values", cairn::DT_FLOAT, {2}, stream({1}));
  CHECK(code_of([&] { short_of_bytes.finish(); }) == ErrorCode::invalid_argument);
}

TEST_CASE("stored bytes go over as they are") {
  cairn::testing::MemoryFileSystem files;
  const Names names{"a", "", "bc"};
  const std::vector<double> values{1, 2};
  {
    bundle::Writer writer("from", {}, files);
    writer.add("names", TensorView({3}, names));
    writer.add("values", view_of(values, {2}));
    writer.finish();
  }
  const bundle::Reader from("from", files);
  const auto stored_names = from.read_stored("names");
  const auto stored_values = from.read_stored("values");
  cairn::bundle::detail::BundleWriter writer("to", {}, files);
  writer.add_stored("values", from.lookup("values"), stored_values);
  writer.add_stored("names", from.lookup("names"), stored_names);
  CHECK(code_of([&] { writer.add_stored("other", from.lookup("names"), stored_values); }) ==
        ErrorCode::invalid_argument);
  writer.finish();
  const bundle::Reader to("to", files);
  CHECK(to.read("values") == from.read("values"));
  CHECK(to.read_strings("names") == names);
}
