#include <cairn/edit/checkpoint_editor.hpp>
#include <cairn/edit/variables.hpp>

#include <doctest/doctest.h>

#include <cairn/bundle/reader.hpp>
#include <cairn/bundle/rewrite.hpp>
#include <cairn/bundle/writer.hpp>
#include <cairn/testing/faulty_file_system.hpp>

#include "bundle/bundles.hpp"
#include "edit/states.hpp"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

using cairn::CheckpointEditor;
using cairn::ErrorCode;
using cairn::test::code_of;
using cairn::test::files_of;
using cairn::test::has;
using cairn::test::key;
using cairn::test::keys_of;
using cairn::test::problems_of;
using cairn::test::Saved;
using cairn::test::sentence_of;
using cairn::test::Training;

namespace {

std::string taken(const std::string& prefix, const std::string& name) {
  return "the checkpoint " + prefix + " has \"" + name + "\" already; erase that first, or take another name";
}
// Writes a checkpoint as tf.compat.v1.train.Saver does, with one value, "w".
std::string name_based(const std::string& prefix) {
  cairn::bundle::Writer writer(prefix);
  const cairn::AnyTensor value(cairn::Shape{}, std::span<const float>({1}));
  writer.add("w", value.view());
  writer.finish();
  return prefix;
}

}  // namespace

TEST_CASE("a value is set by its key, by its path with dots, and by its path with slashes") {
  const Saved saved;
  CheckpointEditor editor{saved.path};
  editor.set(key("optimizer/learning_rate"), 0.25f).set("optimizer.iterations", 7).set("note", "edited");
  editor.set("model/layers/0/bias", std::vector<float>{1, 2, 3});
  editor.write(saved.at("new"));
  Training training;
  link(training);
  cairn::Checkpoint{training}.restore(saved.at("new")).assert_consumed();
  CHECK(training.optimizer.learning_rate == 0.25f);
  CHECK(training.optimizer.iterations == 7);
  CHECK(training.note == "edited");
  CHECK(training.model.layers[0].bias(2) == 3);
  CHECK(problems_of(saved.at("new")).empty());
}

TEST_CASE("set keeps dtype and shape: numbers are converted, and what cannot be is refused") {
  const Saved saved;
  CheckpointEditor editor{saved.path};
  editor.set("optimizer.learning_rate", 0.1).set("optimizer.iterations", 3.0);
  CHECK(editor.get("optimizer.learning_rate").scalar<float>() == 0.1f);
  CHECK(editor.get("optimizer.iterations").scalar<std::int64_t>() == 3);
  CHECK(code_of([&] { editor.set("optimizer.iterations", 3.5); }) == ErrorCode::out_of_range);
  CHECK(code_of([&] { editor.set("optimizer.learning_rate", 1e300); }) == ErrorCode::out_of_range);
  CHECK(code_of([&] { editor.set("optimizer.learning_rate", "much"); }) == ErrorCode::invalid_argument);
  CHECK(has(sentence_of([&] { editor.set("model.layers.0.bias", 1.0f); }),
            "is float32 [], and float32 [3] stands there"));
  CHECK(code_of([&] { editor.set("model.layers.0.bias", {1.0f, 2.0f}); }) == ErrorCode::invalid_argument);
  editor.set("model.layers.0.kernel", {1, 2, 3, 4, 5, 6});  // a range fills any shape
  CHECK(editor.get("model.layers.0.kernel").shape() == cairn::Shape{2, 3});
  CHECK(editor.get("model.layers.0.kernel").span<float>()[5] == 6);
  CHECK(editor.get("optimizer.iterations").scalar<std::int64_t>() == 3);

  editor.replace("model.layers.0.bias", std::vector<double>{1, 2});
  CHECK(editor.get("model.layers.0.bias").dtype() == cairn::DT_DOUBLE);
}

TEST_CASE("a name that the checkpoint does not have is refused with the nearest one") {
  const Saved saved;
  CheckpointEditor editor{saved.path};
  CHECK(
      has(sentence_of([&] { editor.set("optimizer.learning_rat", 1.0f); }),
          "has nothing of the name \"optimizer.learning_rat\"; the nearest name in it is \"optimizer.learning_rate\""));
  CHECK(has(sentence_of([&] { editor.set(key("nota"), "x"); }), "nearest name in it is \"" + key("note") + "\""));
  CHECK(has(sentence_of([&] { editor.erase("optimiser.*"); }), "nearest name in it is \"optimizer\""));
  CHECK(code_of([&] { editor.rename("modell", "net"); }) == ErrorCode::not_found);
  CHECK(code_of([&] { editor.cast("modell.*", cairn::DT_HALF); }) == ErrorCode::not_found);
  CHECK(code_of([&] { editor.set("model", 1); }) == ErrorCode::not_found);  // an object without a value of its own
  CHECK(has(sentence_of([&] { (void)editor.get("model.layers.0"); }),
            " has no value of the name \"model.layers.0\"; it is an object with the values \"model.layers.0.kernel\""));
  CHECK(has(sentence_of([&] { editor.copy(saved.path, "modell.layers", "x"); }), "has nothing of the name"));
  CHECK(has(sentence_of([&] { editor.set("zzz", 1); }), "has nothing of the name \"zzz\"; no name in it is near"));
  CHECK(editor.to_string().empty());
}

TEST_CASE("what is erased by path goes with all below it, but what something else holds stays and gets its key") {
  const Saved saved(20);
  CheckpointEditor editor{saved.path};
  REQUIRE(editor.contains(key("optimizer/weights/0")));  // where the walk met the kernel first
  SUBCASE("by a pattern") { editor.erase("optimizer.*"); }
  SUBCASE("by the path of what holds all of it") { editor.erase("optimizer"); }
  SUBCASE("spelled as in keys") { editor.erase("optimizer/*"); }
  CHECK(keys_of(editor) == std::vector<std::string>{key("model/layers/0/bias"), key("model/layers/0/kernel"),
                                                    key("model/layers/1/bias"), key("model/layers/1/kernel"),
                                                    key("note"), key("save_counter")});
  editor.write(saved.at("new"));
  CHECK(problems_of(saved.at("new")).empty());
  struct Shipped {
    cairn::test::Body model;
    std::string note;
  } shipped;
  cairn::Checkpoint{shipped}.restore(saved.at("new")).assert_consumed();
  CHECK(shipped.model.layers[1].bias(2) == 38);
  const auto graph = editor.object_graph();
  CHECK(std::none_of(graph[0].children.begin(), graph[0].children.end(),
                     [](const auto& child) { return child.local_name == "optimizer"; }));
  CHECK(cairn::io::native().open(saved.at("new") + ".data-00000-of-00001")->size() <
        cairn::io::native().open(saved.path + ".data-00000-of-00001")->size());
}

TEST_CASE("a value that is erased by its key goes wherever it is held; a pattern of keys takes several") {
  const Saved saved;
  CheckpointEditor editor{saved.path};
  editor.erase(key("optimizer/weights/0"));
  CHECK_FALSE(editor.contains("model.layers.0.kernel"));
  CHECK_FALSE(editor.contains("optimizer.weights.0"));
  editor.erase(key("optimizer/momentums/*"));
  CHECK(editor.values().size() == 7);
  const auto graph = editor.object_graph();
  for (std::size_t id = 0; id < graph.size(); ++id)
    for (const auto attribute : graph[id].attributes) CHECK(editor.contains(attribute.checkpoint_key));
  editor.write(saved.at("new"));
  CHECK(problems_of(saved.at("new")).empty());
  CHECK(code_of([&] { editor.erase("_CHECKPOINTABLE_OBJECT_GRAPH"); }) == ErrorCode::invalid_argument);
  editor.erase("*").write(saved.at("empty"));
  CHECK(problems_of(saved.at("empty")).empty());
  CHECK(editor.values().empty());
}

TEST_CASE("a subtree is renamed with its keys; the same objects keep their places") {
  const Saved saved(20);
  CheckpointEditor editor{saved.path};
  editor.rename("model", "net").rename("net.layers.*", "net.blocks.*").rename("*.kernel", "*.weights");
  CHECK(editor.contains(key("net/blocks/1/bias")));
  CHECK(editor.contains("net.blocks.1.weights"));
  CHECK_FALSE(editor.contains("net.layers"));
  CHECK(editor.object_graph()[0].children[1].local_name == "net");
  CHECK(editor.get("optimizer.weights.1") == editor.get("net.blocks.1.weights"));
  editor.write(saved.at("new"));
  CHECK(problems_of(saved.at("new")).empty());

  CHECK(sentence_of([&] { editor.rename("note", "optimizer"); }) == taken(saved.path, "optimizer"));
  CHECK(sentence_of([&] {
          editor.rename(key("note"), "text");
        }).find("would change the attribute's name, which says what kind of value it is") != std::string::npos);
  for (const auto& names : {std::pair(key("note"), key("")), std::pair(key(""), key("text"))})
    CHECK(sentence_of([&] { editor.rename(names.first, names.second); }) ==
          "the root cannot be renamed, and nothing can become the root");
  for (const auto& names : {std::pair("", "x"), std::pair("note", "")})
    CHECK(sentence_of([&] { editor.rename(names.first, names.second); }) ==
          "the rename of \"" + std::string(names.first) + "\" to \"" + names.second +
              "\" has an empty path; write \"*\" for everything below the root, or use {.prefix = ...}");
  editor.rename(key("note"), key("text/of.Sit"));
  CHECK(editor.get("text.of/it").strings()[0] == "first");
}

TEST_CASE("a slot variable cannot have the name of another one of its optimizer and variable") {
  const std::string with_slots = std::string(CAIRN_SOURCE_ROOT) + "/tests/checkpoint/v1/slots-1";
  CheckpointEditor editor{with_slots};
  CHECK(sentence_of([&] { editor.rename("opt.m.w", "opt.v.w"); }) == taken(with_slots, "opt.v.w"));
  CHECK(editor.to_string().empty());
  editor.rename("opt.m.w", "opt.n.w");
  CHECK(editor.contains(key("w/.OPTIMIZER_SLOT/opt/n")));
}

TEST_CASE("a checkpoint with an object graph and a name-based one are not merged") {
  const Saved saved;
  const std::string names = name_based(saved.at("names"));
  const auto refusal = [](const std::string& here, const std::string& there) {
    CheckpointEditor editor{here};
    const std::string sentence = sentence_of([&] { editor.merge(there); });
    CHECK(editor.to_string().empty());
    return sentence;
  };
  for (const auto& [here, there] : {std::pair(saved.path, names), std::pair(names, saved.path)})
    CHECK(refusal(here, there) ==
          "the checkpoints " + here + " and " + there +
              " cannot be merged: one has an object graph, the other is name-based, as tf.compat.v1.train.Saver writes "
              "them; copy single values over instead");
}

TEST_CASE("everything below the root can be moved into an object, without the counter of saves") {
  const Saved saved;
  CheckpointEditor editor{saved.path};
  editor.rename("*", "inner.*");
  CHECK(editor.contains(key("inner/note")));
  CHECK(editor.contains(key("save_counter")));
  CHECK(editor.values().size() == 10);
  struct Outer {
    Training inner;
  } outer;
  link(outer.inner);
  editor.write(saved.at("new"));
  cairn::Checkpoint{outer}.restore(saved.at("new")).assert_consumed();
}

TEST_CASE("names can be exchanged by way of a third") {
  const Saved saved(5);
  CheckpointEditor editor{saved.path};
  const auto first = editor.get("model.layers.0.bias"), second = editor.get("model.layers.1.bias");
  editor.rename("model.layers.0.bias", "aside").rename("model.layers.1.bias", "model.layers.0.bias");
  editor.rename("aside", "model.layers.1.bias");
  CHECK(editor.get("model.layers.0.bias") == second);
  CHECK(editor.get(key("model/layers/1/bias")) == first);
  CHECK(editor.to_string().find("rename   " + key("model/layers/0/bias") + "  to  " + key("model/layers/1/bias")) !=
        std::string::npos);
}

TEST_CASE("a value whose key a tensor outside of the object graph has is not added") {
  const Saved saved;
  const std::string prefix = saved.at("beside");
  cairn::bundle::Writer writer(prefix);
  const cairn::AnyTensor value(cairn::Shape{}, std::span<const float>({1})),
      graph(cairn::Shape{}, cairn::bundle::Reader(saved.path).read_strings(cairn::bundle::object_graph_key));
  writer.add(std::string(cairn::bundle::object_graph_key), graph.view());
  writer.add(key("x"), value.view());
  writer.finish();
  CheckpointEditor editor{prefix};
  CHECK(sentence_of([&] { editor.add("x", 2.0f); }) == taken(prefix, key("x")));
  CHECK(editor.get(key("x")) == value);
  CHECK(editor.to_string().empty());
}

TEST_CASE("a value without a name, or with a name that is taken, is not added to a name-based checkpoint") {
  const Saved saved;
  const std::string prefix = name_based(saved.at("names"));
  CheckpointEditor editor{prefix};
  CHECK(sentence_of([&] { editor.add("", 1.0f); }) == "a value without a name cannot be added");
  CHECK(sentence_of([&] { editor.add("w", 1.0f); }) == taken(prefix, "w"));
  CHECK(editor.to_string().empty());
}

TEST_CASE("values are added below old and new objects") {
  const Saved saved;
  CheckpointEditor editor{saved.path};
  editor.add("model.layers.0.scale", 2.0f).add(key("extra/a.Sb"), std::vector<std::string>{"x", "y"});
  CHECK(editor.contains(key("model/layers/0/scale")));
  CHECK(editor.contains("extra.a/b"));
  for (const std::string& name : {std::string("note"), key("note"), key("model/layers/0/kernel")})
    CHECK(sentence_of([&] { editor.add(name, 1); }) == taken(saved.path, name));
  CHECK(sentence_of([&] { editor.add("note/.ATTRIBUTES/", 1); }) ==
        "\"note/.ATTRIBUTES/\" has no attribute's name at its end; a variable's is \"/.ATTRIBUTES/VARIABLE_VALUE\"");
  for (const char* const wrong : {"", "a..b", "a.S.b/c", "_CHECKPOINTABLE_OBJECT_GRAPH"})
    CHECK(code_of([&] { editor.add(wrong, 1); }) == ErrorCode::invalid_argument);
  editor.write(saved.at("new"));
  CHECK(problems_of(saved.at("new")).empty());
  CHECK(cairn::bundle::Reader(saved.at("new")).read_strings(key("extra/a.Sb"))[1] == "y");
  CHECK(editor.object_graph()[0].has_checkpoint_values == true);
}

TEST_CASE("numbers are cast by name, or by pattern within their sort, and what does not fit is refused at once") {
  const Saved saved(20);
  CheckpointEditor editor{saved.path};
  editor.cast("*", cairn::DT_HALF);
  CHECK(editor.get("model.layers.0.kernel").dtype() == cairn::DT_HALF);
  CHECK(editor.get("optimizer.iterations").dtype() == cairn::DT_INT64);
  CHECK(editor.get("note").dtype() == cairn::DT_STRING);
  editor.cast("model", cairn::DT_DOUBLE);
  CHECK(editor.get("model.layers.0.kernel").span<double>()[0] == 21);
  CHECK(editor.get("optimizer.momentums.0").dtype() == cairn::DT_HALF);
  editor.cast("optimizer.iterations", cairn::DT_FLOAT);
  editor.write(saved.at("new"));
  CHECK(cairn::bundle::Reader(saved.at("new")).read(key("optimizer/iterations")).scalar<float>() == 20);
  CHECK(cairn::bundle::Reader(saved.at("new")).lookup(key("optimizer/momentums/0")).dtype == cairn::DT_HALF);

  CheckpointEditor other{saved.path};
  const std::string sentence = sentence_of([&] { other.cast("model.layers.1.kernel", cairn::DT_INT4); });
  CHECK(has(sentence, "element 0 of " + key("optimizer/weights/1")));
  CHECK(has(sentence, "is 30, which no int4 can hold"));
  CHECK(code_of([&] { other.cast("note", cairn::DT_FLOAT); }) == ErrorCode::invalid_argument);
  CHECK(code_of([&] { other.cast("*", cairn::DT_STRING); }) == ErrorCode::invalid_argument);
  CHECK(other.to_string().empty());
}

TEST_CASE("a value takes another shape where that is said, and keeps its dtype") {
  const Saved saved;
  CheckpointEditor editor{saved.path};
  const cairn::AnyTensor grown(cairn::Shape{4, 3},
                               std::span<const std::int64_t>({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}));
  CHECK(has(sentence_of([&] { editor.set("model.layers.0.kernel", grown); }), "allow another one"));
  editor.set("model.layers.0.kernel", grown, {.reshape = true}).set("model.layers.0.bias", 2, {.reshape = true});
  CHECK(code_of([&] { editor.set("model.layers.0.kernel", "text", {.reshape = true}); }) ==
        ErrorCode::invalid_argument);
  CHECK(code_of([&] { editor.set("optimizer.iterations", {1.5}, {.reshape = true}); }) == ErrorCode::out_of_range);
  editor.write(saved.at("new"));
  const cairn::bundle::Reader reader(saved.at("new"));
  CHECK(editor.key_of("model.layers.0.kernel") == key("optimizer/weights/0"));
  const cairn::AnyTensor kernel = reader.read(key("optimizer/weights/0"));
  CHECK(kernel.shape() == cairn::Shape{4, 3});
  CHECK(kernel.span<float>()[11] == 12);
  CHECK(reader.read(key("model/layers/0/bias")).scalar<float>() == 2);
  CHECK(problems_of(saved.at("new")).empty());
}

TEST_CASE("a cast that saturates gives what is too large the nearest number") {
  const Saved saved(126);  // kernels up to 138
  CheckpointEditor editor{saved.path};
  editor.set("model.layers.0.bias", {-1e9f, 1e9f, 0.75f});
  CHECK(code_of([&] { editor.cast("model.layers.0.bias", cairn::DT_INT8); }) == ErrorCode::out_of_range);
  editor.cast("model.layers.0.bias", cairn::DT_INT8, cairn::Cast::saturate);
  editor.cast("model.layers.0.kernel", cairn::DT_INT8, cairn::Cast::saturate);
  editor.write(saved.at("new"));
  const cairn::bundle::Reader reader(saved.at("new"));
  const cairn::AnyTensor bias = reader.read(key("model/layers/0/bias"));
  CHECK(std::vector<std::int8_t>(bias.span<std::int8_t>().begin(), bias.span<std::int8_t>().end()) ==
        std::vector<std::int8_t>{-128, 127, 0});
  CHECK(reader.read(editor.key_of("model.layers.0.kernel")).span<std::int8_t>()[5] == 127);
  editor.set("model.layers.1.bias", {std::numeric_limits<float>::quiet_NaN(), 0.0f, 0.0f});
  CHECK(code_of([&] { editor.cast("model.layers.1.bias", cairn::DT_INT8, cairn::Cast::saturate); }) ==
        ErrorCode::out_of_range);
}

TEST_CASE(
    "a partitioned tensor stays partitioned when it is renamed, set, cast and averaged, not when it is reshaped") {
  const cairn::test::ScratchDirectory scratch;
  const auto at = [&](const char* name) { return (scratch.path() / name).string(); };
  const cairn::Shape whole{4, 2};
  const auto write = [&](const char* name, float first) {
    cairn::bundle::Writer writer(at(name));
    const cairn::AnyTensor a(cairn::Shape{1, 2}, std::span<const float>({first, first + 1}));
    const cairn::AnyTensor b(cairn::Shape{3, 2}, std::span<const float>({2, 3, 4, 5, 6, 7}));
    const cairn::AnyTensor c(cairn::Shape{2}, {"x", "y"}), d(cairn::Shape{1}, {"z"});
    for (const char* const key : {"renamed", "set", "cast", "averaged", "reshaped"}) {
      writer.add_slice(key, whole, {{0, 1}, {}}, a.view());
      writer.begin_shard();
      writer.add_slice(key, whole, {{1, 3}, {}}, b.view());
    }
    writer.add_slice("texts", cairn::Shape{3}, {{0, 2}}, c.view());
    writer.add_slice("texts", cairn::Shape{3}, {{2, 1}}, d.view());
    writer.finish();
  };
  write("in", 0);
  write("other", 10);
  CheckpointEditor editor{at("in")};
  editor.average({at("other")});
  editor.rename("renamed", "new name")
      .set("texts", std::vector<std::string>{"1", "2", "3"})
      .cast("cast", cairn::DT_HALF);
  editor.set("set", {8, 7, 6, 5, 4, 3, 2, 1}).set("reshaped", {1.5f}, {.reshape = true}).write(at("out"));
  const cairn::bundle::Reader reader(at("out")), input(at("in"));
  CHECK(problems_of(at("out")).empty());
  CHECK(reader.num_shards() == input.num_shards());
  for (const char* const key : {"new name", "set", "cast", "averaged", "texts"})
    CHECK(reader.lookup(key).slices == input.lookup(key == std::string("new name") ? "renamed" : key).slices);
  CHECK(reader.read("set").span<float>()[7] == 1);
  CHECK(reader.read("set").span<float>()[1] == 7);
  CHECK(reader.read("averaged").span<float>()[0] == 5);
  CHECK(reader.read("averaged").span<float>()[7] == 7);
  CHECK(static_cast<float>(reader.read("cast").span<cairn::half>()[1]) == 6);
  CHECK(reader.read_strings("texts") == std::vector<std::string>{"1", "2", "3"});
  CHECK(reader.lookup("reshaped").slices.empty());

  CheckpointEditor{at("other")}.rename("renamed", "new name").write(at("other"));
  CHECK(cairn::bundle::Reader(at("other")).lookup("new name").slices == input.lookup("renamed").slices);
}

TEST_CASE("writing onto the input leaves the new one there, and the editor goes on with it") {
  const Saved saved;
  CheckpointEditor editor{saved.path};
  editor.set("note", "second").erase("optimizer").write(saved.path);
  CHECK(editor.to_string().empty());
  editor.set("note", "third").write(saved.path);
  CHECK(problems_of(saved.path).empty());
  CHECK(cairn::bundle::Reader(saved.path).read_strings(key("note"))[0] == "third");
  CHECK(code_of([&] { editor.write(saved.scratch.path()); }) == ErrorCode::invalid_argument);
}

TEST_CASE("a checkpoint of TensorFlow's old format V1 is edited into one of today's, and never in place") {
  const std::string golden = std::string(CAIRN_SOURCE_ROOT) + "/tests/bundle/format_v1/";
  const cairn::test::ScratchDirectory scratch;
  const auto at = [&](const char* name) { return (scratch.path() / name).string(); };
  std::filesystem::copy_file(golden + "all", at("all"));
  CheckpointEditor editor{at("all")};
  editor.erase("string");
  editor.set("scalar", 5);
  CHECK(code_of([&] { editor.write(at("all")); }) == ErrorCode::invalid_argument);
  CHECK(has(sentence_of([&] { editor.write(at("all")); }),
            "is in TensorFlow's old format V1, which is read and not written"));
  editor.write(at("new"));
  CHECK(problems_of(at("new")).empty());
  const cairn::CheckpointReader before(golden + "all"), after(at("new"));
  CHECK(after.get_variable_to_shape_map().size() + 1 == before.get_variable_to_shape_map().size());
  for (const auto& item : after.get_variable_to_shape_map())
    if (item.first != "scalar") CHECK(after.get_tensor(item.first) == before.get_tensor(item.first));
  CHECK(after.get_tensor("scalar").scalar<std::int64_t>() == 5);

  // Parts stay parts.
  CheckpointEditor split{golden + "split"};
  split.rename("w", "v");
  split.write(at("split"));
  CHECK(problems_of(at("split")).empty());
  CHECK(cairn::load_variable(at("split"), "v") == cairn::load_variable(golden + "split", "w"));
}

TEST_CASE("the list of changes says what a write will do") {
  const Saved saved;
  CheckpointEditor editor{saved.path};
  editor.rename("note", "text").set("text", "x").erase("optimizer.momentums").add("new", 1);
  CHECK(editor.to_string() == "erase    " + key("optimizer/momentums/0") + "  float32 [2, 3]\n" +  //
                                  "erase    " + key("optimizer/momentums/1") + "  float32 [2, 3]\n" + "add      " +
                                  key("new") + "  int32 []\n" +  //
                                  "rename   " + key("note") + "  to  " + key("text") + "\n" + "change   " +
                                  key("text") + "  string []\n");
  const auto changes = editor.changes();
  CHECK(changes.size() == 5);
  CHECK(changes[3].kind == cairn::CheckpointChange::Kind::rename);
  CHECK(changes[3].from == key("note"));
  CHECK(changes[3].key == key("text"));
  CHECK(changes[4].from.empty());
}

TEST_CASE("what was saved empty stays so through edits, until something is put there") {
  struct State {
    std::optional<float> some, other;
    float w = 1;
  };
  struct Whole {
    State state;
  } empty, one{{{}, 2.0f, 3}};
  const Saved saved;
  const auto restored = [](const std::string& path) {
    Whole whole{{7.0f, 8.0f, 0}};
    CHECK(cairn::Checkpoint{whole}.read(path).only_in_program().empty());
    return std::move(whole.state);
  };
  const std::string path = cairn::Checkpoint{empty}.write(saved.at("empty"));
  CheckpointEditor editor{path};
  editor.rename("state", "renamed").write(saved.at("renamed"));
  struct {
    State renamed{7.0f, 8.0f, 0};
  } renamed;
  cairn::Checkpoint{renamed}.read(saved.at("renamed")).assert_consumed();
  CHECK_FALSE(renamed.renamed.some);
  CHECK_FALSE(renamed.renamed.other);

  CheckpointEditor{path}.add("state.some", 5.0f).write(saved.at("added"));
  CHECK(restored(saved.at("added")).some == 5.0f);
  CHECK_FALSE(restored(saved.at("added")).other);

  cairn::Checkpoint{one}.write(saved.at("one"));
  CheckpointEditor{saved.at("one")}.erase("state.w").write(saved.at("part"));
  CheckpointEditor{path}.merge(saved.at("part")).write(saved.at("union"));
  CHECK_FALSE(restored(saved.at("union")).some);
  CHECK(restored(saved.at("union")).other == 2.0f);
  CHECK(restored(saved.at("union")).w == 1);
}

TEST_CASE("where values keep their sizes, the files go over with these in their places, as if all were written anew") {
  const Saved saved;
  // The second data file begins in the middle of the tensors.
  cairn::bundle::rewrite(cairn::bundle::Reader(saved.path), saved.at("two"), {.shard_size = 60});
  for (const std::string& path : {saved.path, saved.at("two")}) {
    CheckpointEditor patched{path}, anew{path};
    CHECK(anew.values().size() == patched.size());  // a list of all values
    for (CheckpointEditor* const editor : {&patched, &anew}) {
      editor->set("optimizer.iterations", 7)
          .set("note", "edits")
          .set("model.layers.1.bias", std::vector<float>{1, 2, 3});
      editor->set("optimizer/iterations", 8);
      CHECK(editor->get("optimizer.iterations").scalar<std::int64_t>() == 8);
      CHECK(editor->dtype_and_shape("note") == std::pair(cairn::DT_STRING, cairn::Shape{}));
      CHECK(editor->changes().size() == 3);
    }
    CHECK(patched.to_string() == anew.to_string());
    patched.write(saved.at("patched"));
    anew.write(saved.at("anew"));
    CHECK(files_of(saved.at("patched")) == files_of(saved.at("anew")));
    CHECK(problems_of(saved.at("patched")).empty());
    CHECK(cairn::load_variable(saved.at("patched"), "note").strings()[0] == "edits");
    // Another size, another dtype, and more edits after it was written.
    for (CheckpointEditor* const editor : {&patched, &anew})
      editor->set("note", "a longer note").replace("optimizer.iterations", std::vector<float>{1, 2});
    patched.write(saved.at("longer"));
    anew.write(saved.at("longer anew"));
    CHECK(files_of(saved.at("longer")) == files_of(saved.at("longer anew")));
    // Over the checkpoint that is there, whose data files have the numbers that these would have, and over that again.
    for (const float bias : {4.0f, 5.0f, 6.0f}) {
      CheckpointEditor onto{saved.at("patched")}, onto_anew{saved.at("anew")};
      CHECK(onto_anew.values().size() == onto.size());
      for (CheckpointEditor* const editor : {&onto, &onto_anew})
        editor->set("model.layers.1.bias", std::vector<float>{1, 2, bias});
      onto.write(saved.at("patched"));
      onto_anew.write(saved.at("anew"));
      CHECK(files_of(saved.at("patched")) == files_of(saved.at("anew")));
      CHECK(problems_of(saved.at("patched")).empty());
      CHECK(cairn::load_variable(saved.at("patched"), "model.layers.1.bias").span<float>()[2] == bias);
    }
    for (const char* const name : {"patched", "anew", "longer", "longer anew"})
      cairn::bundle::remove_checkpoint(saved.at(name));
  }
}

TEST_CASE("bytes that are damaged are not copied beside a value that is set") {
  const Saved saved;
  const std::string data = saved.path + ".data-00000-of-00001";
  std::string bytes = cairn::test::read_file(cairn::io::native(), data);
  const cairn::bundle::Entry bias = cairn::bundle::Reader(saved.path).lookup(key("model/layers/1/bias"));
  const cairn::bundle::Entry graph = cairn::bundle::Reader(saved.path).lookup("_CHECKPOINTABLE_OBJECT_GRAPH");
  for (const std::uint64_t at : {bias.offset + 5, graph.offset + graph.size - 1}) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    std::filesystem::remove(data);
    cairn::test::write_file(cairn::io::native(), data, damaged);
    const auto set = [&](const std::string& name, auto value) {
      CheckpointEditor editor{saved.path};
      editor.set(name, value).write(saved.at("new"));
    };
    CHECK(code_of([&] { set(key("optimizer/iterations"), 7); }) == ErrorCode::data_loss);
    CHECK_FALSE(cairn::bundle::checkpoint_exists(saved.at("new")));
    CHECK(cairn::bundle::data_files(saved.at("new")).empty());
    if (at != bias.offset + 5) continue;
    set(key("model/layers/1/bias"), std::vector<float>{1, 2, 3});  // what was damaged is replaced
    CHECK(problems_of(saved.at("new")).empty());
    cairn::bundle::remove_checkpoint(saved.at("new"));
  }
}

TEST_CASE("one value among many is set with little memory for the others, and with the bytes read once") {
  const cairn::test::ScratchDirectory scratch;
  const std::string path = (scratch.path() / "many").string();
  constexpr std::size_t count = 5'000;
  {
    cairn::bundle::Writer writer(path, {.durability = cairn::Durability::none});
    const std::vector<float> numbers(100, 1);
    for (std::size_t i = 0; i < count; ++i)
      writer.add("layer_" + std::to_string(i),
                 cairn::TensorView(cairn::DT_FLOAT, {100}, std::as_bytes(std::span(numbers))));
    writer.finish();
  }
  cairn::testing::FaultyFileSystem files(cairn::io::native());
  CheckpointEditor editor(path, files);
  CHECK(editor.size() == count);
  editor.set("layer_77", 5.0f, {.reshape = true}).set("layer_78", std::vector<float>(100, 3));
  CHECK(editor.get("layer_77").shape() == cairn::Shape{});
  editor.replace("layer_77", std::vector<float>(100, 2)).write((scratch.path() / "new").string());
  const std::uint64_t all = std::filesystem::file_size(path + ".index") + count * 400;
  CHECK(files.bytes_read() < all + 3 * 262'144);
  CHECK(cairn::load_variable((scratch.path() / "new").string(), "layer_77").span<float>()[99] == 2);
  // In its own place: no more but what the header of the old index takes.
  const std::uint64_t before = files.bytes_read();
  CheckpointEditor(path, files).set("layer_9", std::vector<float>(100, 4)).write(path);
  CHECK(files.bytes_read() - before < all + 3 * 262'144);
  CHECK(cairn::load_variable(path, "layer_9").span<float>()[99] == 4);
  CHECK(problems_of(path).empty());
  CHECK(problems_of((scratch.path() / "new").string()).empty());
}
