#include <cairn/format/detail/utf8.hpp>
#include <cairn/picture/picture.hpp>

#include <doctest/doctest.h>

#include <cairn/bundle/writer.hpp>
#include <cairn/picture/detail/tensor.hpp>
#include <cairn/picture/detail/text.hpp>
#include <cairn/testing/faulty_file_system.hpp>
#include <cairn/testing/memory_file_system.hpp>

#include "edit/states.hpp"
#include "support/data.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bundle = cairn::bundle;
using cairn::ErrorCode;
using cairn::ObjectGraph;
using cairn::Picture;
using cairn::pictures::detail::PictureRow;
using cairn::pictures::detail::PictureTree;
using cairn::test::code_of;
using Kind = PictureRow::Kind;

namespace {

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t times = 0;
  for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + part.size())) ++times;
  return times;
}

// A checkpoint with this object graph, and a float32 of one element under each of the keys.
void write_graph(cairn::io::FileSystem& files, const ObjectGraph& graph, const std::vector<std::string>& keys,
                 const std::string& path = "x") {
  const std::vector<std::string> value{bundle::encode_object_graph(graph)};
  const float number = 0.5f;
  bundle::Writer writer(path, {}, files);
  for (const std::string& key : keys) writer.add(key, {cairn::DT_FLOAT, {}, std::as_bytes(std::span(&number, 1))});
  writer.add(std::string(bundle::object_graph_key), cairn::TensorView({}, value));
  writer.finish();
}

PictureTree tree_of(cairn::io::FileSystem& files, std::size_t max_rows = 1000) {
  const bundle::Reader reader("x", files);
  const auto graph = cairn::edit::detail::read_saved_graph(reader);
  return graph ? cairn::pictures::detail::ObjectTree(reader, *graph, max_rows).make()
               : cairn::pictures::detail::tree_of_names(reader, max_rows);
}

// "name", or "name -> the number of the row that it refers to", indented.
std::string shown(const PictureTree& tree) {
  std::string text;
  for (const PictureRow& row : tree.rows) {
    for (std::int32_t above = row.parent; above >= 0; above = tree.rows[static_cast<std::size_t>(above)].parent)
      text += ' ';
    text += row.name;
    if (row.kind == Kind::reference) text += " -> " + std::to_string(row.target);
    if (row.kind == Kind::slot) text += " for " + std::to_string(row.target);
    if (row.tensor >= 0) text += " = " + tree.tensors[static_cast<std::size_t>(row.tensor)].first;
    text += '\n';
  }
  return text;
}

// What a page may contain outside of its own text: no control character, nothing that is not UTF-8.
bool is_plain(std::string_view text) {
  return cairn::format::detail::is_valid_utf8(text) && std::all_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) >= 0x20 || c == '\n';
         });
}

// The quotes of every line of a drawing are in pairs: nothing got out of a name.
bool quotes_are_even(std::string_view dot) {
  bool is_open = false;
  for (std::size_t i = 0; i < dot.size(); ++i) {
    if (is_open && dot[i] == '\\')
      ++i;
    else if (dot[i] == '"')
      is_open = !is_open;
    else if (dot[i] == '\n' && is_open)
      return false;
  }
  return !is_open;
}

constexpr std::string_view hostile_name =
    "</script><img src=x onerror=alert(1)>\"'&amp;\\ \x01\x1b[31m\xff \u2028 \u202e <!--";

}  // namespace

TEST_CASE("every object has one place, breadth first, and is referred to from elsewhere") {
  ObjectGraph graph;
  while (graph.size() < 6) graph.add_node();
  graph.add_child(0, {1, "model"});
  graph.add_child(0, {2, "optimizer"});
  graph.add_child(1, {3, "w"});
  graph.add_child(1, {0, "owner"});
  graph.add_child(1, {1, "self"});
  graph.add_child(2, {3, "first"});
  graph.add_slot_variable(2, {3, "m", 4});
  graph.add_attribute(3, {"VARIABLE_VALUE", "", "w"});
  graph.add_attribute(4, {"VARIABLE_VALUE", "", "m"});
  graph.add_attribute(5, {"keys", "", "table_keys"});
  graph.add_attribute(5, {"values", "", "table_values"});
  cairn::testing::MemoryFileSystem files;
  write_graph(files, graph, {"w", "m", "table_keys", "table_values", "left over"});
  CHECK(shown(tree_of(files)) ==
        "(root)\n model\n optimizer\n  w = w\n  owner -> 0\n  self -> 1\n  first -> 3\n  m for 3 = m\n"
        "(held by nothing)\n node 5\n  keys = table_keys\n  values = table_values\n"
        "(not in the object graph)\n left over = left over\n");
  const std::string dot = Picture("x", {}, files).dot();
  CHECK(count(dot, " -> ") == 12);
  CHECK(dot.find("  r1 -> r3;\n") != dot.npos);
  CHECK(dot.find("  r1 -> r0 [label=\"owner\", style=dashed, constraint=false];\n") != dot.npos);
  CHECK(dot.find("  r3 [label=\"w\\nfloat32 []\\n4 B\", style=filled, fillcolor=\"#dbeafe\", tooltip=\"w\"];\n") !=
        dot.npos);
  CHECK(dot.starts_with("digraph checkpoint {\n"));
  CHECK(dot.ends_with("}\n"));
}

TEST_CASE("the names of a checkpoint without a graph are a tree, whatever stands between them in order") {
  cairn::testing::MemoryFileSystem files;
  const float number = 1;
  bundle::Writer writer("x", {}, files);
  for (const char* const name : {"a/b", "a", "a.b", "a/b/Adam", "/c", "d//e"})
    writer.add(name, {cairn::DT_FLOAT, {}, std::as_bytes(std::span(&number, 1))});
  writer.finish();
  CHECK(shown(tree_of(files)) ==
        "(all names)\n \n  c = /c\n a = a\n a.b = a.b\n  b = a/b\n   Adam = a/b/Adam\n d\n  \n   e = d//e\n");
}

TEST_CASE("names and strings that are made to do harm get into page and drawing as texts only") {
  ObjectGraph graph;
  while (graph.size() < 2) graph.add_node();
  const std::string valid(hostile_name.substr(0, hostile_name.find('\xff')));  // protobuf takes UTF-8 only
  graph.add_child(0, {1, valid});
  graph.add_attribute(1, {"VARIABLE_VALUE", "", valid});
  graph.add_attribute(1, {valid, "", "strings"});
  const std::vector<std::string> value{bundle::encode_object_graph(graph)}, strings{std::string(hostile_name), ""};
  cairn::testing::MemoryFileSystem files;
  bundle::Writer writer("x", {}, files);
  writer.add(std::string(hostile_name), cairn::TensorView({2}, strings));
  writer.add("strings", cairn::TensorView({2}, strings));
  writer.add(valid, cairn::TensorView({2}, strings));
  writer.add(std::string(bundle::object_graph_key), cairn::TensorView({}, value));
  writer.finish();
  const Picture picture("x", {}, files);
  const std::string html = picture.html();
  CHECK(is_plain(html));
  CHECK(count(html, "</script>") == 3);
  CHECK(count(html, "<script") == 3);
  CHECK(count(html, "<img") == 0);
  CHECK(count(html, "<!--") == 0);
  CHECK(html.find("\\u003c/script\\u003e\\u003cimg src=x onerror=alert(1)\\u003e\\\"'\\u0026amp;\\\\ \\\\x01\\\\x1b[31m"
                  "\\\\xff \\\\u2028 \\\\u202e \\u003c!--") != html.npos);
  const std::string dot = picture.dot();
  CHECK(is_plain(dot));
  CHECK(quotes_are_even(dot));
  CHECK(dot.find("onerror=alert(1)>\\\"'&amp;amp;\\\\ \\\\x01") != dot.npos);
}

TEST_CASE("texts are cut where a character begins, and spelled where they have no picture") {
  using cairn::pictures::detail::readable, cairn::pictures::detail::shortened, cairn::pictures::detail::html_text,
      cairn::pictures::detail::bytes_text;
  CHECK(shortened("abc", 3) == "abc");
  CHECK(shortened("a\u00e4b", 2) == "a\u2026");
  CHECK(readable("\u00e4\t\n\x7f\xc3") == "\u00e4\\t\\n\\x7f\\xc3");
  CHECK(readable(std::string_view("\0", 1)) == "\\x00");
  CHECK(readable("\u0085\ufeff\U000e0041\U0001f600") == "\\u0085\\ufeff\\ue0041\U0001f600");
  CHECK(html_text("<a href=\"&\">") == "&lt;a href=&quot;&amp;&quot;&gt;");
  CHECK(bytes_text(999) == "999 B");
  CHECK(bytes_text(31'360) == "31.4 kB");
  CHECK(bytes_text(999'500) == "1.00 MB");
  CHECK(bytes_text(std::numeric_limits<std::uint64_t>::max()) == "18.4 EB");
  CHECK(cairn::pictures::detail::grouped(1'234'567) == "1,234,567");
  CHECK(cairn::pictures::detail::grouped(999) == "999");
}

TEST_CASE("a graph with more children than a picture has rows, and one as deep, are cut and say so") {
  constexpr std::int32_t many = 300'000;
  const std::string name(30, 'c');  // shorter ones are refused when the graph is read
  ObjectGraph wide, deep;
  while (wide.size() < 2) wide.add_node();
  for (std::int32_t i = 0; i < many; ++i) wide.add_child(0, {1, name});
  while (deep.size() < many) deep.add_node();
  for (std::int32_t i = 0; i + 1 < many; ++i) deep.add_child(i, {i + 1, name});
  for (const ObjectGraph* const graph : {&wide, &deep}) {
    cairn::testing::MemoryFileSystem files;
    write_graph(files, *graph, {});
    const Picture picture("x", {}, files);
    const std::string html = picture.html();
    CHECK(html.size() < 16'000'000);
    CHECK(html.find("objects and names are left out") != html.npos);
    CHECK(picture.dot().find("more objects and names are left out") != std::string::npos);
  }
}

TEST_CASE("tensors that share their bytes are read as often as the data files have bytes, and no more") {
  cairn::testing::MemoryFileSystem files;
  const std::vector<float> numbers(250, 1.0f);
  bundle::Writer writer("x", {}, files);
  writer.add("t", {cairn::DT_FLOAT, {250}, std::as_bytes(std::span(numbers))});
  writer.finish();
  bundle::Index index = bundle::Reader("x", files).index();
  index.entries.emplace_back("u", index.entries[0].second);
  files.remove("x.index");
  cairn::test::write_file(files, "x.index", bundle::encode_index(std::move(index)));
  const std::string html = Picture("x", {}, files).html();
  CHECK(html.find("<b>1 tensor could not be read.</b>") != html.npos);
  CHECK(count(html, "together the tensors ask for more bytes than the data files have") == 1);
}

TEST_CASE("a damaged tensor is shown with its problem, beside the others") {
  const cairn::test::Saved saved(3);
  std::string data = cairn::test::read_file(cairn::io::native(), saved.path + ".data-00000-of-00001");
  const bundle::Reader reader(saved.path);
  data[static_cast<std::size_t>(reader.lookup(cairn::test::key("model/layers/0/bias")).offset)] ^= 1;
  cairn::io::native().remove(saved.path + ".data-00000-of-00001");
  cairn::test::write_file(cairn::io::native(), saved.path + ".data-00000-of-00001", data);
  const std::string html = cairn::picture(saved.path).html();
  CHECK(html.find("<b>1 tensor could not be read.</b>") != html.npos);
  CHECK(count(html, "\"the tensor \\\"model/layers/0/bias") == 1);
  const std::string index_only = cairn::picture(saved.path, {.statistics = false}).html();
  CHECK(index_only.find("could not be read") == index_only.npos);
}

TEST_CASE("a picture is written as what its file's name says, and replaces the old one at one instant") {
  const cairn::test::Saved saved(3);
  const auto read = [](const std::string& path) { return cairn::test::read_file(cairn::io::native(), path); };
  cairn::write_picture(saved.path, saved.at("a.html"));
  CHECK(read(saved.at("a.html")) == cairn::picture(saved.path).html());
  cairn::write_picture(saved.scratch.path(), saved.at("a.dot"));
  CHECK(read(saved.at("a.dot")) == cairn::picture(saved.path).dot());
  CHECK(code_of([&] { cairn::write_picture(saved.path, saved.at("a.svg")); }) == ErrorCode::invalid_argument);
  CHECK(code_of([&] { cairn::write_picture(saved.path, saved.path + ".index"); }) == ErrorCode::invalid_argument);
  CHECK(code_of([&] { cairn::write_picture(saved.at("none"), saved.at("a.html")); }) == ErrorCode::not_found);
  cairn::testing::FaultyFileSystem counting(cairn::io::native());
  cairn::write_picture(saved.path, saved.at("a.html"), {}, counting);
  std::uint64_t refused = 0;
  for (std::uint64_t at = 1; at <= counting.calls(); ++at) {
    cairn::testing::FaultyFileSystem faulty(cairn::io::native(), {.at = at});
    try {
      cairn::write_picture(saved.path, saved.at("a.html"), {}, faulty);
    } catch (const cairn::Error&) {
      ++refused;
    }
    CHECK(count(read(saved.at("a.html")), "</html>") == 1);
  }
  CHECK(refused > 5);
  for (const auto& file : std::filesystem::directory_iterator(saved.scratch.path()))
    CHECK_FALSE(cairn::io::is_temporary(file.path().string()));
}

TEST_CASE(
    "a page is as large as it may be: figures of all tensors come first, and all of the largest ones' statistics") {
  cairn::testing::MemoryFileSystem files;
  const std::vector<float> numbers(216, 0.5f);
  bundle::Writer writer("x", {}, files);
  for (std::size_t size = 16; size < numbers.size(); ++size)
    writer.add("t" + std::to_string(size),
               {cairn::DT_FLOAT, {static_cast<std::int64_t>(size)}, std::as_bytes(std::span(numbers).first(size))});
  writer.finish();
  const auto html = [&](cairn::PictureOptions options) { return Picture("x", options, files).html(); };
  constexpr std::string_view figures = "\n.5 .5 .5 0", all = "\n[0,0,0,0,\"0.5\",";
  const std::string bare = html({.statistics = false}), full = html({});
  CHECK(count(bare, figures) + count(bare, all) == 0);
  CHECK(count(full, all) == 200);
  const std::string none = html({.max_page_bytes = 0});
  CHECK(none.size() < bare.size() + 100);
  const std::string between = html({.max_page_bytes = (bare.size() + full.size()) / 2});
  CHECK(between.size() <= (bare.size() + full.size()) / 2);
  CHECK(count(between, all) > 50);
  CHECK(count(between, figures) > 50);
  CHECK(count(between, all) + count(between, figures) == 200);
  const std::string few = html({.max_page_bytes = bare.size() + 1200});
  CHECK(few.size() <= bare.size() + 1200);
  CHECK(count(few, figures) > 50);
  CHECK(count(few, all) == 0);
}

TEST_CASE("every checkpoint of the corpus has a picture with all of its tensors") {
  const auto data = cairn::test::data_directory();
  if (!data) return cairn::test::skip("CAIRN_TEST_DATA names no folder");
  std::size_t pictures = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(*data)) {
    const std::string path = file.path().string();
    if (!path.ends_with(".index")) continue;
    CAPTURE(path);
    const bundle::Reader reader(path);
    const Picture picture(path);
    const std::string html = picture.html(), dot = picture.dot();
    CHECK(is_plain(html));
    CHECK(is_plain(dot));
    CHECK(quotes_are_even(dot));
    CHECK((html.find("could not be read") == html.npos) == (path.find("missing_slice") == path.npos));
    const std::size_t tensors = reader.entries().size() - (bundle::has_object_graph(reader) ? 1u : 0u);
    CHECK(html.find("\"tensors\":[" + std::to_string(tensors) + ",") != html.npos);
    ++pictures;
  }
  CHECK(pictures > 100);
}

namespace {

struct Layer {
  cairn::Variable<float, 64, 32> kernel;
  cairn::Variable<float, 32> bias;
};
struct Model {
  Layer first, second, third;
  Model* self = this;
  std::string note = "trained on <b>Sundays</b>";
};
struct Optimizer {
  std::vector<cairn::Variable<float, 64, 32>*> weights;  // the model's
  std::int64_t step = 12;
};
struct Pictured {
  Model model;
  Optimizer optimizer;
  cairn::Variable<float, 5> odd;
  cairn::Variable<bool, 7> flags;
};
struct Small {
  cairn::Variable<float, 4, 2> kernel;
  cairn::Variable<float, 2> bias;
};
struct Many {
  std::vector<Small> layers;
};

// Names of which keys are not made by putting "/" between them, as slot variables' and those of several values.
void write_keys(const std::string& path) {
  ObjectGraph graph;
  while (graph.size() < 8) graph.add_node();
  graph.add_child(0, {1, "a/b.c"});
  graph.add_child(0, {2, "table"});
  graph.add_child(0, {3, "optimizer"});
  graph.add_child(0, {4, "\u03b8\u0302"});
  graph.add_child(0, {5, "\u03b8\u0303"});
  graph.add_child(0, {6, "other"});
  graph.add_slot_variable(3, {1, "m", 7});
  graph.add_attribute(1, {"VARIABLE_VALUE", "", "a.Sb..c/.ATTRIBUTES/VARIABLE_VALUE"});
  graph.add_attribute(2, {"keys", "", "table/.ATTRIBUTES/keys"});
  graph.add_attribute(2, {"values", "", "table/.ATTRIBUTES/values"});
  graph.add_attribute(4, {"VARIABLE_VALUE", "", "\u03b8\u0302/.ATTRIBUTES/VARIABLE_VALUE"});
  graph.add_attribute(5, {"VARIABLE_VALUE", "", "\u03b8/.ATTRIBUTES/VARIABLE_VALUE"});
  graph.add_attribute(6, {"VARIABLE_VALUE", "", "elsewhere"});
  graph.add_attribute(7, {"VARIABLE_VALUE", "", "a.Sb..c/.OPTIMIZER_SLOT/optimizer/m/.ATTRIBUTES/VARIABLE_VALUE"});
  std::int32_t above = 0;
  for (int step = 0; step < 70; ++step) {
    const auto node = static_cast<std::int32_t>(graph.size());
    graph.add_node();
    graph.add_child(above, {node, "deep"});
    above = node;
  }
  graph.add_attribute(above, {"VARIABLE_VALUE", "", "deep down"});
  std::vector<std::string> keys{"deep down", "not in the graph"};
  for (std::int32_t node = 0; node < 8; ++node)
    for (const auto attribute : graph[node].attributes) keys.emplace_back(attribute.checkpoint_key);
  write_graph(cairn::io::native(), graph, keys, path);
}

}  // namespace

// tests/browser/picture.py opens them in a real browser: they are left in the folder that CAIRN_PICTURES names.
TEST_CASE("pages for a browser: a model with shared weights, hostile names, a hundred thousand tensors, names only") {
  const cairn::test::ScratchDirectory scratch;
  const char* const kept = std::getenv("CAIRN_PICTURES");
  const std::filesystem::path folder =
      kept == nullptr ? std::filesystem::path(scratch.path()) : std::filesystem::path(kept);
  const auto at = [&](const char* name) { return (scratch.path() / name).string(); };

  Pictured pictured;
  std::mt19937 random(7);
  std::normal_distribution<float> normal(0, 0.05f);
  for (Layer* const layer : {&pictured.model.first, &pictured.model.second, &pictured.model.third}) {
    for (float& element : layer->kernel.span()) element = normal(random);
    pictured.optimizer.weights.push_back(&layer->kernel);
  }
  pictured.odd.assign({std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(), 1, 2, 3});
  cairn::write_picture(cairn::Checkpoint{pictured}.write(at("model")), folder / "model.html");

  Many many{std::vector<Small>(kept == nullptr ? 5'000 : 50'000)};
  for (std::size_t i = 0; i < many.layers.size(); ++i) {
    for (float& element : many.layers[i].kernel.span()) element = normal(random);
    many.layers[i].bias.assign({static_cast<float>(i), -1});
  }
  cairn::write_picture(cairn::Checkpoint{many}.write(at("many"), {.durability = cairn::Durability::none}),
                       folder / "many.html");
  CHECK(std::filesystem::file_size(folder / "many.html") <= 6'000'000);

  write_keys(at("keys"));
  cairn::write_picture(at("keys"), folder / "keys.html");

  const float number = 0.5f;
  bundle::Writer writer(at("names"));
  for (const char* const name : {"dense/kernel", "dense/kernel/Adam", "dense/bias", "global_step"})
    writer.add(name, {cairn::DT_FLOAT, {}, std::as_bytes(std::span(&number, 1))});
  writer.add("dense/" + std::string(hostile_name), {cairn::DT_FLOAT, {}, std::as_bytes(std::span(&number, 1))});
  writer.finish();
  cairn::write_picture(at("names"), folder / "names.html");
  CHECK(std::filesystem::exists(folder / "names.html"));
}
