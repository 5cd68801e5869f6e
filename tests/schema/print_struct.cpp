#include <cairn/schema/print_struct.hpp>

#include <doctest/doctest.h>

#include <cairn/edit/checkpoint_reader.hpp>
#include <cairn/edit/checkpoint_view.hpp>

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

using cairn::ObjectGraph;
using cairn::print_struct;
using cairn::PrintedValues;
using cairn::PrintStructOptions;
using cairn::Shape;

namespace {

const std::string root = CAIRN_SOURCE_ROOT;

std::string printed(const std::string& prefix, PrintStructOptions options = {}) {
  const cairn::CheckpointReader reader(prefix);
  PrintedValues values;
  for (const auto& [key, entry] : reader.bundle().entries())
    values.emplace(key, cairn::PrintedValue{entry.dtype, entry.shape});
  return print_struct(cairn::CheckpointView(prefix).object_graph(), values, options);
}
bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// A graph of a root with values, each a child of its own.
struct Small {
  ObjectGraph graph;
  PrintedValues values;

  Small() { (void)graph.add_node(); }
  std::int32_t add(std::int32_t parent, const std::string& name, cairn::DType dtype = cairn::DT_INVALID,
                   const Shape& shape = {}) {
    const std::int32_t id = graph.add_node();
    if (dtype != cairn::DT_INVALID) {
      const std::string key = std::to_string(id);
      graph.add_attribute(id, {"VARIABLE_VALUE", "", key});
      values[key] = {dtype, shape};
    }
    link(parent, name, id);
    return id;
  }
  void link(std::int32_t parent, const std::string& name, std::int32_t child) {
    graph.add_child(parent, {child, name});
  }
  [[nodiscard]] std::string text() const { return print_struct(graph, values); }
};

}  // namespace

TEST_CASE("what is printed of the small checkpoints that TensorFlow wrote is what it was") {
  for (const std::string prefix :
       {"nested/ckpt-3", "scalars_and_strings/ckpt-1", "shared/ckpt-1", "names/ckpt-1", "variables/ckpt-1"}) {
    CAPTURE(prefix);
    const std::string name = prefix.substr(0, prefix.find('/'));
    const std::string text =
        printed(root + "/tests/interop/bytes_equal/golden/" + prefix, {.name = "Training", .made_from = prefix});
    const std::string path = root + "/tests/schema/golden/" + name + ".hpp";
    if (std::getenv("CAIRN_WRITE_GOLDEN") != nullptr) std::ofstream(path) << text;
    std::ifstream file(path);
    CHECK(text == std::string(std::istreambuf_iterator<char>(file), {}));
  }
}

TEST_CASE("a name that C++ cannot have becomes one that it can, and is saved as it was") {
  Small small;
  for (const char* const name :
       {"class", "a-b", "a b", "2nd", "__x", "_Upper", "NULL", "\xc3\xa4", "cairn", "fine", "a_b"})
    small.add(0, name, cairn::DT_FLOAT);
  const std::string text = small.text();
  for (const char* const part : {"float class_ = 0;", "float a_b2 = 0;", "float a_b3 = 0;", "float child_2nd = 0;",
                                 "float fine = 0;", "float a_b = 0;", "cairn::rename<\"class_\">(\"class\")",
                                 "cairn::rename<\"a_b2\">(\"a-b\")", "(\"\\303\\244\")", "float null = 0;"})
    CHECK(has(text, part));
  CHECK_FALSE(has(text, "rename<\"a_b\">"));
}

TEST_CASE("the tensors of a class have their names back; what no name is spelled as stays as it is") {
  Small small;
  const std::int32_t table = small.add(0, "table");
  for (const std::string spelled : {"a.Sb", "a..b", "a..b.c"}) {
    small.graph.add_attribute(table, {spelled, "", spelled});
    small.values[spelled] = {cairn::DT_FLOAT, Shape{2}};
  }
  const std::string text = small.text();
  for (const char* const part : {"tensors.add(\"a/b\", ", "tensors.add(\"a.b\", ", "tensors.add(\"a..b.c\", "})
    CHECK(has(text, part));
}

TEST_CASE("objects with equal members have one struct; lists of equal elements are vectors, others tuples") {
  Small small;
  const auto layers = small.add(0, "layers");
  for (const char* const index : {"0", "1"}) {
    const auto layer = small.add(layers, index);
    small.add(layer, "kernel", cairn::DT_FLOAT, Shape{2, 3});
    small.add(layer, "name", cairn::DT_STRING);
  }
  const auto mixed = small.add(0, "mixed");
  small.add(mixed, "1", cairn::DT_INT64);
  small.add(mixed, "0", cairn::DT_STRING, Shape{4});
  const auto gap = small.add(0, "gap");
  small.add(gap, "2", cairn::DT_BOOL);
  const std::string text = small.text();
  CHECK(has(text, "struct Layer {\n  cairn::Variable<float, 2, 3> kernel;\n  std::string name;\n};"));
  CHECK(has(text, "std::vector<Layer> layers = std::vector<Layer>(2);"));
  CHECK(has(text, "std::tuple<cairn::Variable<std::string, 4>, cairn::Variable<std::int64_t>> mixed;"));
  CHECK(has(text, "bool child_2 = false;"));
  CHECK(has(text, "read(path).assert_consumed()"));
}

TEST_CASE("what is held twice is a shared pointer, and a cycle is closed by a weak one") {
  Small small;
  const auto a = small.add(0, "a"), b = small.add(0, "b");
  const auto w = small.add(a, "w", cairn::DT_FLOAT, Shape{2});
  small.link(b, "w", w);
  small.link(a, "b", b);
  small.link(b, "a", a);
  small.link(a, "up", 0);
  const std::string text = small.text();
  CHECK(has(text, "std::shared_ptr<cairn::Variable<float, 2>> w;"));
  CHECK(has(text, "std::weak_ptr<A> a;"));
  CHECK(has(text, "std::weak_ptr<B> b;"));
  CHECK(has(text, "std::shared_ptr<A> a;"));
  CHECK(has(text, "// left out: \"up\" is the root itself"));
  CHECK(has(text, "assert_consumed"));
}

TEST_CASE("more children than a struct can have members are a map or a vector, if they can be one") {
  Small maps, mixed;
  const auto all = maps.add(0, "all"), some = mixed.add(0, "some");
  for (int i = 0; i < 101; ++i) {
    maps.add(all, "v" + std::to_string(i), cairn::DT_FLOAT, Shape{i});
    mixed.add(some, "v" + std::to_string(i), i == 0 ? cairn::DT_FLOAT : cairn::DT_INT64);
  }
  CHECK(has(maps.text(), "std::map<std::string, cairn::Variable<float, cairn::dynamic>> all;"));
  CHECK(has(mixed.text(), "// left out: \"some\": 101 children of different types"));
  CHECK(has(mixed.text(), "expect_partial"));
}

TEST_CASE("what no C++ value can hold is left out with its reason; other dtypes of numbers are AnyTensors") {
  Small small;
  small.add(0, "it", cairn::DT_VARIANT);
  small.add(0, "q", cairn::DT_QINT8, Shape{3, 5});
  const std::int32_t saver = small.add(0, "saver");
  small.graph.set_registered_saver(saver, {"Custom.Saver", "x"});
  small.graph.add_attribute(small.add(0, "gone"), {"VARIABLE_VALUE", "", "nowhere"});
  small.add(0, "", cairn::DT_FLOAT);
  small.add(0, "nothing");
  const std::string text = small.text();
  for (const char* const part :
       {"\"it\": of dtype variant",
        "cairn::AnyTensor variable_value{*cairn::dtype_from_name(\"qint8\"), cairn::Shape{3, 5}};",
        "registered saver \"Custom.Saver\"", "\"gone\": saved under the key \"nowhere\", which is not there",
        "empty name", "// without values: nothing", "expect_partial"})
    CHECK(has(text, part));
}

TEST_CASE("slot variables that are called as a child are a member of another name, and Keras 2's optimizer is named") {
  Small small;
  const auto w = small.add(0, "w", cairn::DT_FLOAT, Shape{2});
  const auto optimizer = small.add(0, "optimizer");
  for (const std::string name : {"iter", "decay", "momentum"})
    small.add(optimizer, name, name == "iter" ? cairn::DT_INT64 : cairn::DT_FLOAT);
  const auto slot = static_cast<std::int32_t>(small.graph.size());
  small.graph.add_attribute(small.graph.add_node(), {"VARIABLE_VALUE", "", "slot"});
  small.values["slot"] = {cairn::DT_FLOAT, Shape{2}};
  small.graph.add_slot_variable(optimizer, {w, "momentum", slot});
  const std::string text = small.text();
  CHECK(has(text, "  float momentum = 0;\n"));
  CHECK(has(text, "  cairn::SlotVariables momentum2;\n"));
  CHECK(has(text, "cairn::rename<\"momentum2\">(\"momentum\")"));
  CHECK(has(text, "cairn::keras::v2::legacy::SGD<Model>"));
  CHECK(!has(text, "left out"));
  CHECK(has(text, "assert_consumed()"));
}

TEST_CASE("names for structs and namespaces are checked") {
  const Small small;
  for (const char* const name : {"", "a b", "1", "class", "x;"})
    CHECK_THROWS_AS(static_cast<void>(print_struct(small.graph, small.values, {.name = name})), cairn::Error);
  CHECK_THROWS_AS(static_cast<void>(print_struct({}, {})), cairn::Error);
  CHECK(has(print_struct(small.graph, small.values, {.name = "A", .name_space = ""}), "struct A {\n};"));
  CHECK(has(print_struct(small.graph, small.values, {.made_from = "a\nb\\"}), "// Restores from a_b_:\n"));
}
