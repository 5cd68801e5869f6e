// Crafted checkpoints with right checksums: an Error or a restore, never a crash, a hang or memory without end.
#include <cairn/checkpoint/detail/tracked_state.hpp>

#include <doctest/doctest.h>

#include <cairn/bundle/object_graph.hpp>
#include <cairn/bundle/reader.hpp>
#include <cairn/bundle/writer.hpp>
#include <cairn/cereal.hpp>

#include "bundle/bundles.hpp"
#include "checkpoint/states.hpp"

#include <cereal/types/set.hpp>
#include <cereal/types/variant.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <variant>

using namespace cairn;
using namespace cairn::test;
using namespace cairn::literals;

namespace {

// A checkpoint whose root has one child "x" with this entry, whose bytes are `bytes`.
void put_value(io::FileSystem& files, bundle::Entry entry, std::string bytes) {
  ObjectGraph graph;
  while (graph.size() < 2) graph.add_node();
  graph.add_child(0, {1, "x"});
  graph.add_attribute(1, {"VARIABLE_VALUE", "", "x"});
  const std::vector<std::string> encoded{bundle::encode_object_graph(graph)};
  cairn::testing::MemoryFileSystem other;
  bundle::Writer writer("g", {}, other);
  writer.add(std::string(bundle::object_graph_key), TensorView(Shape{}, encoded));
  writer.finish();
  const bundle::Reader reader("g", other);
  bundle::Entry graph_entry = reader.lookup(bundle::object_graph_key);
  std::string shard = read_file(other, "g.data-00000-of-00001");
  entry.offset = shard.size();
  shard += bytes;
  bundle::Index index;
  index.entries = {{std::string(bundle::object_graph_key), graph_entry}, {"x", entry}};
  put_bundle(files, "p", index, {shard});
}

template <class T>
std::optional<ErrorCode> restore_into(T& target, const bundle::Entry& entry, const std::string& bytes) {
  cairn::testing::MemoryFileSystem files;
  put_value(files, entry, bytes);
  return code_of([&] { CheckpointIn(files, "x"_a = target).read("p").expect_partial(); });
}

}  // namespace

TEST_CASE("a shape of terabytes over a file of bytes takes no memory") {
  const std::int64_t huge = std::int64_t{1} << 40;
  bundle::Entry numbers = entry_of(DT_FLOAT, Shape{huge}, "");
  numbers.size = static_cast<std::uint64_t>(huge) * 4;
  std::vector<float> list{1};
  CHECK(restore_into(list, numbers, "abcd") == ErrorCode::data_loss);
  CHECK(list == std::vector<float>{1});
  Variable<float, dynamic> variable(Shape{1});
  CHECK(restore_into(variable, numbers, "abcd") == ErrorCode::data_loss);
  bundle::Entry strings = entry_of(DT_STRING, Shape{huge}, "");
  strings.size = static_cast<std::uint64_t>(huge);
  std::vector<std::string> names{"old"};
  CHECK(restore_into(names, strings, "abcd") == ErrorCode::data_loss);
  bundle::Entry few = entry_of(DT_STRING, Shape{huge}, "abcd");
  CHECK(restore_into(names, few, "abcd") == ErrorCode::data_loss);
  CHECK(names == std::vector<std::string>{"old"});
  bundle::Entry bools = entry_of(DT_BOOL, Shape{huge}, "");
  bools.size = static_cast<std::uint64_t>(huge);
  std::vector<bool> bits{true};
  CHECK(restore_into(bits, bools, "abcd") == ErrorCode::data_loss);
  std::set<bool> flags{true};
  CHECK(restore_into(flags, bools, "abcd") == ErrorCode::data_loss);
  std::set<std::string> words{"old"};
  CHECK(restore_into(words, few, "abcd") == ErrorCode::data_loss);
  CHECK(words == std::set<std::string>{"old"});
}

TEST_CASE("bytes that cereal never wrote are refused, and the value stays") {
  using Variant = std::variant<int, std::string>;
  const std::vector<std::string> garbage{std::string(),
                                         std::string(1, '\1'),
                                         std::string(4, '\xff'),
                                         std::string(20, '\xff'),
                                         std::string("\1\0\0\0\1", 5),
                                         std::string("\1\1\0\0\0\xff\xff\xff\xff\xff\xff\xff\x7f", 13)};
  for (const std::string& bytes : garbage) {
    CAPTURE(bytes.size());
    cairn::testing::MemoryFileSystem files;
    std::string stored = bytes;
    CheckpointIn(files, "x"_a = stored).write("p");
    Variant variant = std::string("old");
    CHECK(code_of([&] { CheckpointIn(files, "x"_a = variant).read("p"); }) == ErrorCode::data_loss);
    CHECK(std::get<std::string>(variant) == "old");
    std::set<std::string> set{"old"};
    CHECK(code_of([&] { CheckpointIn(files, "x"_a = set).read("p"); }) == ErrorCode::data_loss);
    CHECK(set.size() == 1);
  }
}

TEST_CASE("garbage where the object graph should be is an error for every length") {
  float a = 1;
  for (std::size_t length = 0; length < 64; ++length)
    for (const char byte : {'\0', '\n', '\x12', '\xff'}) {
      cairn::testing::MemoryFileSystem files;
      const std::vector<std::string> garbage{std::string(length, byte)};
      bundle::Writer writer("p", {}, files);
      writer.add(std::string(bundle::object_graph_key), TensorView(Shape{}, garbage));
      writer.finish();
      const auto code = code_of([&] { CheckpointIn(files, "a"_a = a).read("p").expect_partial(); });
      CHECK((code == std::nullopt || code == ErrorCode::data_loss));
      CHECK(a == 1);
    }
}

TEST_CASE("a graph of a hundred thousand edges between few nodes is walked once") {
  struct Node {
    float value = 0;
    std::map<std::string, std::unique_ptr<Node>> children;
  };
  ObjectGraph graph;
  while (graph.size() < 50) graph.add_node();
  for (std::int32_t from = 0; from < 50; ++from)
    for (std::int32_t edge = 0; edge < 2000; ++edge)
      graph.add_child(from, {edge % 50, from == 0       ? "x" + std::to_string(edge)
                                        : edge % 2 == 0 ? "children"
                                                        : std::to_string(edge)});
  cairn::testing::MemoryFileSystem files;
  const std::vector<std::string> encoded{bundle::encode_object_graph(graph)};
  bundle::Writer writer("p", {}, files);
  writer.add(std::string(bundle::object_graph_key), TensorView(Shape{}, encoded));
  writer.finish();
  std::map<std::string, std::unique_ptr<Node>> x1;
  CHECK(code_of([&] { CheckpointIn(files, "x1"_a = x1).read("p").expect_partial(); }) == std::nullopt);
}
