// Checkpoints of TensorFlow and Keras edited without their program; TensorFlow restores the results whole.
#include <cairn/bundle/verify.hpp>
#include <cairn/edit.hpp>

#include "interop/case.hpp"

#include <fstream>

using cairn::CheckpointEditor;

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

  const cairn::CheckpointView view{path("renamed")};
  std::ofstream file(path("view.txt"));
  for (const auto& [name, node] : view.children(0)) file << name << '=' << node << '\n';
  for (const std::int32_t node : view.descendants()) file << node << '\n';

  for (const char* const name : {"set", "shipped", "shipped_by_path", "averaged", "renamed", "moved", "grown", "merged",
                                 "half", "parts", "v1_edited"})
    for (const cairn::Finding& finding : cairn::verify(path(name)))
      CAIRN_EXPECT((std::cout << finding.problem << '\n', false));
}

void write(const std::filesystem::path&) {}
