// Checkpoints of TensorFlow and Keras edited without their program; TensorFlow restores the results whole.
#include <cairn/bundle/verify.hpp>
#include <cairn/edit.hpp>

#include "interop/case.hpp"

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

using cairn::CheckpointEditor;

namespace {
constexpr std::size_t random_edits = 12;  // as case.py has it
}

void read(const std::filesystem::path& directory) {
  const auto path = [&](const char* name) { return (directory / name).string(); };
  const std::string last = path("keras/ckpt-3");

  CheckpointEditor set{path("keras")};
  set.set("optimizer._learning_rate", 0.0005).set("optimizer/_iterations", 70);
  set.set("model._functional._operations.1.bias", std::vector<float>(4, 0.25f)).write(path("set"));

  CheckpointEditor{last}.erase("optimizer.*").write(path("shipped"));
  CheckpointEditor{last}.erase("optimizer").write(path("shipped_by_path"));
  CheckpointEditor{last}.average({path("keras/ckpt-1"), path("keras/ckpt-2")}).write(path("averaged"));

  CheckpointEditor{path("state-1")}.rename("encoder", "backbone").write(path("renamed"));
  CheckpointEditor moved{path("state-1")};
  moved.rename("encoder.layers", "inner.body.blocks").rename("*.kernel", "*.weights").write(path("moved"));

  CheckpointEditor grown{path("part_a-1")};
  grown.add("extra.step", std::int64_t{7}).add("extra/name/.ATTRIBUTES/VARIABLE_VALUE", "hello");
  grown.copy(path("part_b-1"), "b.c", "taken").write(path("grown"));
  CheckpointEditor{path("part_a-1")}.merge(path("part_b-1")).write(path("merged"));
  CheckpointEditor{last}.cast("*", cairn::DT_HALF).write(path("half"));

  CheckpointEditor parts{path("sharded-1")};
  parts.rename("v", "v2").set("v2", {1, 2, 3}).write(path("parts"));

  CheckpointEditor v1{path("v1")};
  v1.rename("dense", "layer").erase("layer/bias").set("step", 5).write(path("v1_edited"));

  const std::string with_slots = path("slots");
  CheckpointEditor{with_slots}.erase("opt.momentum.*").write(path("no_slots"));
  CheckpointEditor{with_slots}.erase("v/.ATTRIBUTES/VARIABLE_VALUE").write(path("only_slots"));
  CheckpointEditor{with_slots}.rename("opt.momentum.v", "opt.mean.v").write(path("renamed_slots"));
  CheckpointEditor{with_slots}.erase("opt").copy(with_slots, "opt").write(path("copied_slots"));
  CheckpointEditor{last}
      .set("model._functional._operations.1.bias", std::vector<float>(4))
      .copy(last, "model")
      .write(path("copied"));

  // Names and patterns by chance; TensorFlow opens what they leave.
  std::mt19937 random(1);
  const std::vector<std::string> inputs{last, path("state-1"), with_slots, path("v1")};
  for (std::size_t i = 0; i < random_edits; ++i) {
    CheckpointEditor editor{inputs[i % inputs.size()]};
    for (int left = 3; left > 0 && !editor.values().empty(); --left) {
      const auto values = editor.values();
      std::string name = std::next(values.begin(), static_cast<std::ptrdiff_t>(random() % values.size()))->first;
      name.resize(std::min(name.find("/.ATTRIBUTES/"), name.size()));
      const std::size_t begin = random() % name.size();
      if (random() % 3 != 0) name.replace(begin, 1 + random() % (name.size() - begin), "*");
      try {
        if (left == 3)
          editor.rename(name, "moved/" + std::string(cairn::graph::detail::is_pattern(name) ? "*" : "it"));
        else if (left == 2)
          editor.erase(name);
        else
          editor.cast(name, cairn::DT_DOUBLE);
      } catch (const cairn::Error&) {  // then nothing has changed
      }
    }
    editor.write(path("random") + std::to_string(i));
    for (const cairn::Finding& finding : cairn::verify(path("random") + std::to_string(i)))
      CAIRN_EXPECT((std::cout << finding.problem << '\n', false));
  }

  const cairn::CheckpointView view{path("renamed")};
  std::ofstream file(path("view.txt"));
  for (const auto& [name, node] : view.children(0)) file << name << '=' << node << '\n';
  for (const std::int32_t node : view.descendants()) file << node << '\n';

  for (const char* const name :
       {"set", "shipped", "shipped_by_path", "averaged", "renamed", "moved", "grown", "merged", "half", "parts",
        "v1_edited", "no_slots", "only_slots", "renamed_slots", "copied_slots", "copied"})
    for (const cairn::Finding& finding : cairn::verify(path(name)))
      CAIRN_EXPECT((std::cout << finding.problem << '\n', false));
}

void write(const std::filesystem::path&) {}
