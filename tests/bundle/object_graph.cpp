#include <cairn/bundle/object_graph.hpp>

#include <doctest/doctest.h>

#include <cairn/bundle/writer.hpp>

#include "bundle/bundles.hpp"

#include <string>
#include <vector>

namespace bundle = cairn::bundle;
using cairn::ErrorCode;
using cairn::Shape;
using cairn::TensorView;

namespace {

void save(cairn::io::FileSystem& files, const std::string& key, const std::vector<std::string>& value, Shape shape) {
  bundle::Writer writer("p", {}, files);
  writer.add(key, TensorView(std::move(shape), value));
  writer.finish();
}

}  // namespace

TEST_CASE("an object graph is read back as it was written") {
  bundle::ObjectGraph graph;
  while (graph.size() < 2) graph.add_node();
  graph.add_child(0, {1, "x", {}});
  graph.add_attribute(1, {"VARIABLE_VALUE", "Variable", "x/.ATTRIBUTES/VARIABLE_VALUE", {}});
  cairn::testing::MemoryFileSystem files;
  save(files, std::string(bundle::object_graph_key), {bundle::encode_object_graph(graph)}, {});
  const bundle::Reader reader("p", files);
  CHECK(bundle::has_object_graph(reader));
  CHECK(bundle::read_object_graph(reader) == graph);
}

TEST_CASE("a name-based checkpoint has no object graph, in a sentence") {
  cairn::testing::MemoryFileSystem files;
  save(files, "weights", {"w"}, {});
  const bundle::Reader reader("p", files);
  CHECK_FALSE(bundle::has_object_graph(reader));
  try {
    (void)bundle::read_object_graph(reader);
    FAIL("nothing was thrown");
  } catch (const cairn::Error& error) {
    CHECK(error.code() == ErrorCode::not_found);
    CHECK(std::string(error.what()).find("name-based") != std::string::npos);
  }
}

TEST_CASE("a graph that is no message, or not one string, is data_loss with its key") {
  for (const auto& value : {std::vector<std::string>{"\x0a\xff"}, {}, {"", ""}}) {
    cairn::testing::MemoryFileSystem files;
    const bool scalar = value.size() == 1;
    save(files, std::string(bundle::object_graph_key), value,
         scalar ? Shape{} : Shape{static_cast<std::int64_t>(value.size())});
    try {
      (void)bundle::read_object_graph(bundle::Reader("p", files));
      FAIL("nothing was thrown");
    } catch (const cairn::Error& error) {
      CHECK(error.code() == ErrorCode::data_loss);
      CHECK(error.key() == bundle::object_graph_key);
    }
  }
}
