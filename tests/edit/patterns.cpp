// What names and patterns of edits take: keys, paths, slot variables; scopes of name-based checkpoints.
#include <cairn/edit/checkpoint_editor.hpp>

#include <doctest/doctest.h>

#include <cairn/edit/checkpoint_reader.hpp>

#include "edit/states.hpp"

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <vector>

using cairn::CheckpointEditor;
using cairn::ErrorCode;
using cairn::test::code_of;
using cairn::test::has;
using cairn::test::key;
using cairn::test::keys_of;
using cairn::test::problems_of;
using cairn::test::Saved;
using cairn::test::sentence_of;

namespace {

using Names = std::vector<std::string>;

// A variable w, and an optimizer of Keras 2 with the slot variables m and v for it.
const std::string with_slots = std::string(CAIRN_SOURCE_ROOT) + "/tests/checkpoint/v1/slots-1";
const std::string slot_m = key("w/.OPTIMIZER_SLOT/opt/m"), slot_v = key("w/.OPTIMIZER_SLOT/opt/v");

// A name-based checkpoint of float32 scalars, with their numbers as values.
std::string save_names(const std::string& path, std::initializer_list<const char*> names, float value = 0) {
  cairn::bundle::Writer writer(path);
  std::vector<float> values;
  for (std::size_t i = 0; i < names.size(); ++i) values.push_back(value += 1);
  const float* next = values.data();
  for (const char* const name : names)
    writer.add(name, cairn::TensorView(cairn::DT_FLOAT, {}, std::as_bytes(std::span(next++, 1))));
  writer.finish();
  return path;
}

// The keys that an erase leaves, checked to be a whole checkpoint.
Names left_by(const std::string& path, std::initializer_list<const char*> patterns) {
  CheckpointEditor editor{path};
  const std::size_t before = editor.values().size();
  std::size_t taken = 0;
  for (const char* const pattern : patterns) taken += editor.erase(pattern).last_edit().tensors;
  CHECK(before - taken == editor.values().size());
  const cairn::test::ScratchDirectory scratch;
  editor.write(scratch.path() / "new");
  CHECK(problems_of((scratch.path() / "new").string()) == "");
  return keys_of(editor);
}

Names cast_by(const std::string& path, const char* pattern) {
  CheckpointEditor editor{path};
  editor.cast(pattern, cairn::DT_HALF);
  Names keys;
  for (const auto& [name, value] : editor.values())
    if (value.first == cairn::DT_HALF) keys.push_back(name);
  CHECK(editor.last_edit().tensors == keys.size());
  return keys;
}

}  // namespace

TEST_CASE("a pattern that fits only slot variables takes these, by their paths or their keys") {
  const Names others{key("opt/beta1_power"), key("opt/beta2_power"), key("save_counter"), key("w")};
  for (const char* const pattern : {"opt.[mv].w", "opt.?.w", "opt/?/*", "*.OPTIMIZER_SLOT*", "w/.OPTIMIZER_SLOT/*/?/*"})
    CHECK(left_by(with_slots, {pattern}) == others);
  CHECK(left_by(with_slots, {"*.m.*"}).size() == 5);
  CHECK(left_by(with_slots, {"opt.m.w", "opt/v/w"}) == others);  // exact names
  CHECK(left_by(with_slots, {"opt*"}) == Names{key("save_counter"), key("w")});
  CHECK(left_by(with_slots, {"*opt*"}) == Names{key("save_counter"), key("w")});
  CHECK(left_by(with_slots, {"w*"}) == Names{others.begin(), others.begin() + 3});
  CHECK(left_by(with_slots, {"*VARIABLE_VALUE"}).empty());
  CHECK(left_by(with_slots, {"*"}).empty());
}

TEST_CASE("a full key takes that tensor alone: slot variables of a variable without a value stay") {
  CHECK(left_by(with_slots, {key("w").c_str()}) ==
        Names{key("opt/beta1_power"), key("opt/beta2_power"), key("save_counter"), slot_m, slot_v});
  CHECK(left_by(with_slots, {"w/.ATTRIB*", slot_m.c_str()}) ==
        Names{key("opt/beta1_power"), key("opt/beta2_power"), key("save_counter"), slot_v});
  CHECK(left_by(with_slots, {"w"}).size() == 3);
}

TEST_CASE("what a pattern holds is cast with its slot variables") {
  CHECK(cast_by(with_slots, "*").size() == 5);
  CHECK(cast_by(with_slots, "opt").size() == 4);
  CHECK(cast_by(with_slots, "w") == Names{key("w")});
  CHECK(cast_by(with_slots, "w*") == Names{key("w"), slot_m, slot_v});
  CHECK(cast_by(with_slots, "opt.m.*") == Names{slot_m});
  CHECK(cast_by(with_slots, "opt.v.w") == Names{slot_v});
  CheckpointEditor editor{with_slots};
  CHECK(has(sentence_of([&] { editor.cast("save*", cairn::DT_HALF); }),
            "save_counter/.ATTRIBUTES/VARIABLE_VALUE is int64"));
  CHECK(editor.cast("*", cairn::DT_FLOAT).last_edit().tensors == 0);
}

TEST_CASE("a slot variable is read and renamed by its path") {
  CHECK(cairn::CheckpointReader(with_slots).key_of("opt.m.w") == slot_m);
  CHECK(cairn::CheckpointReader(with_slots).key_of("opt/v/w") == slot_v);
  CheckpointEditor editor{with_slots};
  editor.rename("opt.m.*", "opt.mean.*").rename("opt/v/w", "opt/a..b/w");
  CHECK(editor.last_edit().tensors == 1);
  CHECK(keys_of(editor) == Names{key("opt/beta1_power"), key("opt/beta2_power"), key("save_counter"), key("w"),
                                 key("w/.OPTIMIZER_SLOT/opt/a..b"), key("w/.OPTIMIZER_SLOT/opt/mean")});
  CHECK(editor.get("opt.mean.w") == cairn::CheckpointReader(with_slots).get_tensor("opt.m.w"));
  CHECK(editor.contains("opt.a.b.w"));
  CHECK(code_of([&] { editor.rename("opt.mean.w", "other.mean.w"); }) == ErrorCode::invalid_argument);
  CHECK(code_of([&] { editor.rename("opt.mean.w", "opt.a.b.w"); }) == ErrorCode::already_exists);
  const cairn::test::ScratchDirectory scratch;
  editor.write(scratch.path() / "new");
  CHECK(problems_of((scratch.path() / "new").string()) == "");
}

TEST_CASE("a pattern is compared with every path of an object, and takes it there only") {
  const Saved saved;
  // The kernels' keys are those of optimizer.weights.
  CHECK(left_by(saved.path, {"model.layers.?.kernel"}).size() == 10);
  CHECK(left_by(saved.path, {"*.kernel", "optimizer/weights/*"}).size() == 8);
  CHECK(left_by(saved.path, {"optimizer/weights/?/*VALUE"}).size() == 8);  // fits no path: the values, wherever held
  CHECK(left_by(saved.path, {"*weights*"}).size() == 10);
  struct Part {
    std::int64_t a = 1, b = 2;
  };
  struct Program {
    std::shared_ptr<Part> first = std::make_shared<Part>();
    struct {
      std::shared_ptr<Part> again;
    } deep;
  } program;
  program.deep.again = program.first;
  const std::string path = cairn::Checkpoint{program}.save(saved.at("shared"));
  CHECK(left_by(path, {"deep.*.a"}) == Names{key("first/b"), key("save_counter")});
  CHECK(left_by(path, {"deep/again/[ab]"}) == Names{key("save_counter")});
}

TEST_CASE("an erase says where that is held which it leaves") {
  const Saved saved;
  CheckpointEditor editor{saved.path};
  editor.erase("optimizer.weights.0");
  CHECK(editor.last_edit().tensors == 0);
  CHECK(editor.last_edit().still_held == Names{"model.layers.0.kernel"});
  editor.erase("model.layers.0.kernel");
  CHECK(editor.last_edit().tensors == 1);
  CHECK(editor.last_edit().still_held.empty());
  CHECK(editor.erase("*weights*").last_edit().tensors == 0);
}

TEST_CASE("patterns with brackets and question marks; what fits nothing is refused") {
  const Saved saved;
  CHECK(left_by(saved.path, {"model.layers.[0-1].bias"}).size() == 8);
  CHECK(left_by(saved.path, {"model.layers.[!1]"}).size() == 9);
  CHECK(left_by(saved.path, {"not?"}).size() == 9);
  CheckpointEditor editor{saved.path};
  for (const char* const pattern : {"model.layers.[2-9]", "not??", "*.kernels", "note/*/x", "save_counter?"})
    CHECK(code_of([&] { editor.erase(pattern); }) == ErrorCode::not_found);
  editor.rename("model.layers.?", "model.layers.n?");
  CHECK(editor.last_edit().tensors == 4);
  CHECK(editor.contains("model.layers.n1.bias"));
  CHECK(code_of([&] { editor.rename("note", "a*"); }) == ErrorCode::invalid_argument);
  editor.add("a[0]", 1).add("a0", 2);
  editor.erase("a[0]");  // the name itself
  CHECK(editor.contains("a0"));
  CHECK(!editor.contains("a[0]"));
  editor.erase("a[0]");
  CHECK(!editor.contains("a0"));
}

TEST_CASE("without a graph a name is one tensor, and a scope where there is none of that name") {
  const cairn::test::ScratchDirectory scratch;
  const std::string path = save_names((scratch.path() / "names").string(),
                                      {"net/b/deep/x", "net/w", "net/w/Adam", "net/w/Adam_1", "net2", "step"});
  CHECK(left_by(path, {"net/w"}) == Names{"net/b/deep/x", "net/w/Adam", "net/w/Adam_1", "net2", "step"});
  CHECK(left_by(path, {"net/w/"}) == Names{"net/b/deep/x", "net/w", "net2", "step"});
  CHECK(left_by(path, {"net/w/*"}) == Names{"net/b/deep/x", "net/w", "net2", "step"});
  CHECK(left_by(path, {"*/Adam*"}) == Names{"net/b/deep/x", "net/w", "net2", "step"});
  CHECK(left_by(path, {"net"}) == Names{"net2", "step"});
  CHECK(left_by(path, {"net/"}) == Names{"net2", "step"});
  CHECK(left_by(path, {"net/?"}) == Names{"net/w/Adam", "net/w/Adam_1", "net2", "step"});
  CHECK(left_by(path, {"net*"}) == Names{"step"});
  CHECK(cast_by(path, "net/b") == Names{"net/b/deep/x"});
  CHECK(cast_by(path, "net/w") == Names{"net/w"});

  CheckpointEditor editor{path};
  editor.rename("net/w", "net/v");
  CHECK(editor.last_edit().tensors == 1);
  editor.rename("net/w/", "slots/w/").rename("net/b", "c");
  CHECK(keys_of(editor) == Names{"c/deep/x", "net/v", "net2", "slots/w/Adam", "slots/w/Adam_1", "step"});
  editor.rename("*/Adam*", "*/m*");
  CHECK(editor.last_edit().tensors == 2);
  CHECK(editor.contains("slots/w/m_1"));
  CHECK(code_of([&] { editor.rename("slots/w/*", "net?"); }) == ErrorCode::invalid_argument);
  CHECK(code_of([&] { editor.rename("slots/w/m", "net2"); }) == ErrorCode::already_exists);
  CHECK(has(sentence_of([&] { editor.rename("step*", "*"); }), "leaves \"step\" without a name"));
}

TEST_CASE("scopes and patterns are copied from name-based checkpoints, onto what is there, too") {
  const cairn::test::ScratchDirectory scratch;
  const std::string path = save_names((scratch.path() / "names").string(), {"net/b", "net/w", "net/w/Average", "step"});
  CheckpointEditor editor{path};
  editor.copy(path, "*/Average", "*");
  CHECK(editor.last_edit().tensors == 1);
  CHECK(editor.get("net/w").scalar<float>() == 3);
  CHECK(editor.copy(path, "net", "net2").last_edit().tensors == 3);
  CHECK(editor.get("net2/w/Average").scalar<float>() == 3);
  editor.copy(path, "net/[bw]", "x/[bw]");
  CHECK(keys_of(editor) ==
        Names{"net/b", "net/w", "net/w/Average", "net2/b", "net2/w", "net2/w/Average", "step", "x/b", "x/w"});
  CHECK(code_of([&] { editor.copy(path, "none/*", "x/*"); }) == ErrorCode::not_found);

  const Saved saved;  // names of a name-based one are paths of one with a graph
  CheckpointEditor other{saved.path};
  other.copy(path, "net/*", "model/layers/0/*").copy(path, "step", "note");
  CHECK(other.get("model.layers.0.w").scalar<float>() == 2);
  CHECK(other.get("note").scalar<float>() == 4);
  other.write(saved.at("new"));
  CHECK(problems_of(saved.at("new")).empty());
  CHECK(code_of([&] { editor.copy(saved.path, "model", "m"); }) == ErrorCode::invalid_argument);
  CHECK(keys_of(editor).size() == 9);
}

TEST_CASE("objects are copied from another checkpoint with all that is below, shared as it was there") {
  const Saved saved(3), source(50);
  CheckpointEditor editor{saved.path};
  SUBCASE("onto what is there") {
    CHECK(editor.copy(source.path, "model.layers.1").last_edit().tensors == 2);
    CHECK(editor.get("optimizer.weights.1") ==
          cairn::CheckpointReader(source.path).get_tensor("model.layers.1.kernel"));
    CHECK(editor.get("model.layers.0.bias") == cairn::CheckpointReader(saved.path).get_tensor("model.layers.0.bias"));
    CHECK(editor.values().size() == 10);
  }
  SUBCASE("to another place") {
    CHECK(editor.copy(source.path, "*", "teacher.*").last_edit().tensors == 9);
    CHECK(editor.values().size() == 19);
    CHECK(!editor.contains("teacher.save_counter"));
    CHECK(editor.get("teacher.model.layers.1.kernel") ==
          cairn::CheckpointReader(source.path).get_tensor("model.layers.1.kernel"));
    editor.set("teacher.model.layers.1.kernel", {1, 2, 3, 4, 5, 6});
    CHECK(editor.get("teacher.optimizer.weights.1").span<float>()[5] == 6);
  }
  SUBCASE("by a pattern, with slashes") {
    CHECK(editor.copy(source.path, "model/layers/*/bias", "biases/*").last_edit().tensors == 2);
    CHECK(editor.contains(key("biases/1")));
  }
  SUBCASE("each place gets what the other one shares") {
    editor.copy(source.path, "optimizer.weights", "a").copy(source.path, "model.layers", "b");
    editor.erase("model").erase("optimizer");
    CHECK(editor.copy(saved.path, "*.kernel", "b.0.kernel").last_edit().tensors == 1);
    CHECK(editor.values().size() == 8);
  }
  editor.write(saved.at("new"));
  CHECK(problems_of(saved.at("new")).empty());
}

TEST_CASE("an optimizer is copied with its slot variables, for variables that are here") {
  CheckpointEditor editor{with_slots};
  editor.erase("opt");
  CHECK(editor.copy(with_slots, "opt").last_edit().tensors == 4);
  CHECK(keys_of(editor) == keys_of(CheckpointEditor{with_slots}));
  editor.erase("w");
  const std::string sentence = sentence_of([&] { editor.copy(with_slots, "opt", "second"); });
  CHECK(has(sentence, "belongs to \"w\", which this checkpoint does not have"));
  CHECK(!editor.contains("second.beta1_power"));
}
