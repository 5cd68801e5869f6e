#include <cairn/bundle/writer.hpp>
#include <cairn/edit/checkpoint_reader.hpp>
#include <cairn/edit/variables.hpp>

#include <doctest/doctest.h>

#include "edit/states.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

using cairn::CheckpointReader;
using cairn::ErrorCode;
using cairn::test::code_of;
using cairn::test::key;
using cairn::test::Saved;
using cairn::test::sentence_of;

TEST_CASE("a reader has TensorFlow's maps, and takes a checkpoint's path, its index's, or its folder's") {
  const Saved saved(3);
  for (const std::string& path : {saved.path, saved.path + ".index", saved.scratch.path().generic_string()}) {
    const CheckpointReader reader = cairn::load_checkpoint(path);
    CHECK(reader.prefix() == saved.path);
    const auto shapes = reader.get_variable_to_shape_map();
    CHECK(shapes.at(key("model/layers/0/bias")) == cairn::Shape{3});
    CHECK(shapes.at("_CHECKPOINTABLE_OBJECT_GRAPH").empty());
    CHECK(reader.get_variable_to_dtype_map().at(key("optimizer/iterations")) == cairn::DT_INT64);
    CHECK(reader.get_variable_to_dtype_map().size() == shapes.size());
  }
  CHECK(code_of([&] { (void)cairn::load_checkpoint(saved.at("nothing")); }) == ErrorCode::not_found);
}

TEST_CASE("tensors are read by key or by path, whole, as slices and in pieces") {
  const Saved saved(3);
  const CheckpointReader reader(saved.path);
  CHECK(reader.has_tensor("optimizer.iterations"));
  CHECK(reader.has_tensor(key("optimizer/iterations")));
  CHECK_FALSE(reader.has_tensor("optimizer"));
  CHECK_FALSE(reader.has_tensor("optimizer.iteration"));
  CHECK(reader.key_of("model.layers.0.kernel") == key("optimizer/weights/0"));
  CHECK(reader.get_tensor("optimizer.iterations").scalar<std::int64_t>() == 3);
  CHECK(reader.get_tensor("optimizer.iterations:0").scalar<std::int64_t>() == 3);
  const cairn::AnyTensor kernel = reader.get_tensor("model/layers/0/kernel");
  const cairn::AnyTensor row = reader.get_slice("model.layers.0.kernel", {{1, 1}, {}});
  CHECK(row.shape() == cairn::Shape{1, 3});
  CHECK(row.span<float>()[0] == kernel.span<float>()[3]);
  std::size_t bytes = 0;
  reader.get_pieces("model.layers.0.kernel",
                    [&](std::uint64_t, std::span<const std::byte> piece) { bytes += piece.size(); });
  CHECK(bytes == 24);
  const std::string sentence = sentence_of([&] { (void)reader.get_tensor("model.layers.0.kernl"); });
  CHECK(sentence == "Key model.layers.0.kernl not found in checkpoint " + saved.path +
                        "; the nearest name in it is \"model.layers.0.kernel\"");
}

TEST_CASE("a name of an object, or of a scope, is answered with the values below it") {
  const Saved saved(3);
  const auto sentence = [](const CheckpointReader& reader, const char* name) {
    return sentence_of([&] { (void)reader.get_tensor(name); });
  };
  CHECK(sentence(CheckpointReader(saved.path), "model.layers.0") ==
        "Key model.layers.0 not found in checkpoint " + saved.path +
            "; it is an object with the values \"model.layers.0.kernel\", \"model.layers.0.bias\"");

  // A lookup table names only the beginning of its keys.
  cairn::ObjectGraph graph;
  while (graph.size() < 3) graph.add_node();
  graph.add_child(0, {1, "table"});
  graph.add_child(0, {2, "empty"});
  graph.add_attribute(1, {.name = "table", .full_name = {}, .checkpoint_key = "table/.ATTRIBUTES/table"});
  const cairn::AnyTensor keys({1}, std::vector<std::string>{"a"});
  const cairn::AnyTensor bytes({}, std::vector<std::string>{cairn::bundle::encode_object_graph(graph)});
  cairn::bundle::Writer tables(saved.at("table"));
  tables.add("table/.ATTRIBUTES/table-keys", keys.view());
  tables.add("table/.ATTRIBUTES/table-values", keys.view());
  tables.add(cairn::bundle::object_graph_key, bytes.view());
  tables.finish();
  const CheckpointReader table(saved.at("table"));
  CHECK(sentence(table, "table")
            .ends_with("; it is an object with the values \"table/.ATTRIBUTES/table-keys\", "
                       "\"table/.ATTRIBUTES/table-values\""));
  CHECK(sentence(table, "empty").ends_with("; it is an object without values"));

  const float one = 1;
  cairn::bundle::Writer names(saved.at("names"));
  for (const char* const key : {"net/a", "net/b", "net/c", "net/d", "net/e", "net/f", "nets"})
    names.add(key, cairn::TensorView(cairn::DT_FLOAT, {}, std::as_bytes(std::span(&one, 1))));
  names.finish();
  const CheckpointReader named(saved.at("names"));
  CHECK(sentence(named, "net")
            .ends_with(R"(; it is a scope with the values "net/a", "net/b", "net/c", "net/d", "net/e" and others)"));
  CHECK(sentence(named, "other").ends_with("; no name in it is near"));
}

TEST_CASE("tensors are viewed by key or by path, where they lie in the file") {
  const Saved saved(3);
  const CheckpointReader reader(saved.path);
  for (const char* const name : {"model.layers.0.kernel", "optimizer.iterations", "_CHECKPOINTABLE_OBJECT_GRAPH"})
    CHECK(cairn::AnyTensor(reader.get_view(name)) == reader.get_tensor(name));
  CHECK(code_of([&] { (void)reader.get_view("model.layers.0.kernl"); }) == ErrorCode::not_found);

  const std::vector<float> weights{1, 2, 3};
  cairn::bundle::Writer writer(saved.at("aligned"), {.data_alignment = 64});
  writer.add("weights", cairn::TensorView(cairn::DT_FLOAT, {3}, std::as_bytes(std::span(weights))));
  writer.finish();
  const cairn::MappedTensor view =
      cairn::load_checkpoint(saved.at("aligned")).get_view("weights", cairn::bundle::Checksums::skip);
  CHECK(view.is_mapped());
  CHECK(view.span<float>()[2] == 3);
}

TEST_CASE("list_variables and load_variable take a checkpoint's path or its folder's") {
  const Saved saved(3);
  for (const std::string& path : {saved.path, saved.scratch.path().generic_string()}) {
    const auto variables = cairn::list_variables(path);
    CHECK(variables.front().first == "_CHECKPOINTABLE_OBJECT_GRAPH");
    CHECK(std::is_sorted(variables.begin(), variables.end(), [](auto& a, auto& b) { return a.first < b.first; }));
    CHECK(cairn::load_variable(path, "optimizer.iterations").scalar<std::int64_t>() == 3);
    CHECK(cairn::load_variable(path, key("optimizer/iterations") + ":0").scalar<std::int64_t>() == 3);
    CHECK(sentence_of([&] { (void)cairn::load_variable(path, "optimizer.iteration"); }) ==
          "Key optimizer.iteration not found in checkpoint " + saved.path +
              "; the nearest name in it is \"optimizer.iterations\"");
  }
  CHECK(code_of([&] { (void)cairn::list_variables(saved.at("none")); }) == ErrorCode::not_found);
}

TEST_CASE("debug_string is TensorFlow's") {
  const cairn::test::ScratchDirectory scratch;
  const std::string path = (scratch.path() / "x").string();
  cairn::bundle::Writer writer(path);
  const std::vector<std::byte> bytes(2 * 3 * 8);
  writer.add("half", cairn::TensorView(cairn::DT_HALF, {}, std::span(bytes).first(2)));
  writer.add("matrix", cairn::TensorView(cairn::DT_DOUBLE, {2, 3}, bytes));
  writer.add("v", cairn::TensorView(cairn::DT_BFLOAT16, {3}, std::span(bytes).first(6)));
  writer.finish();
  CHECK(CheckpointReader(path).debug_string() == "half (DT_HALF) []\nmatrix (DT_DOUBLE) [2,3]\nv (DT_BFLOAT16) [3]\n");
}

TEST_CASE("an object graph that is no such message is refused where a path is looked for in it") {
  const Saved saved;
  std::string many_nodes;
  for (int i = 0; i < 900'000; ++i) many_nodes += std::string_view("\x0a\0", 2);
  struct Wrong {
    std::string graph, sentence;
  };
  const std::vector<Wrong> wrong{
      {std::string("\x02\0", 2), "a field has number 0"},
      {"\x0a\x64"
       "abc",
       "it has 3 bytes left where 100 are announced"},
      {many_nodes, "its nodes would take many times the memory of the message"},
      {std::string("\x0a\x02\x02\0", 4), "a field has number 0"},
      {"\x0a\x02\x0a\x05", "it has 0 bytes left where 5 are announced"},
  };
  for (const Wrong& each : wrong) {
    CAPTURE(each.sentence);
    const std::string prefix = saved.at("wrong");
    cairn::bundle::Writer writer(prefix);
    const std::vector<std::string> graph{each.graph};
    writer.add(cairn::bundle::object_graph_key, cairn::TensorView({}, graph));
    writer.finish();
    const CheckpointReader reader(prefix);
    CHECK(code_of([&] { (void)reader.has_tensor("model.kernel"); }) == ErrorCode::data_loss);
    const std::string sentence = sentence_of([&] { (void)reader.get_tensor("model.kernel"); });
    CHECK_MESSAGE(sentence.find(each.sentence) != std::string::npos, sentence);
  }
}
