// A checkpoint without its optimizer, for those who only run the model, and a layer under a new name. On the command
// line:
//
//   cairn edit training --erase optimizer --rename model.encoder=model.backbone --out shipped/ckpt

#include <cairn/cairn.hpp>
#include <cairn/edit.hpp>

#include <iostream>

struct Layer {
  cairn::Variable<float, 64, 64> kernel;
  cairn::Variable<float, 64> bias;
};

struct Training {
  struct {
    Layer encoder, head;
  } model;
  struct {
    std::vector<Layer> momentums = std::vector<Layer>(2), velocities = std::vector<Layer>(2);
    float learning_rate = 0.001f;
  } optimizer;
};

// What the program that runs the model has.
struct Inference {
  struct {
    Layer backbone, head;
  } model;
};

int main() {
  Training training;
  training.model.encoder.bias(0) = 0.25f;
  cairn::Checkpoint{training}.save("training/ckpt");

  // An object's path stands for all that is below it. The object graph follows, and with it the keys.
  cairn::CheckpointEditor editor{"training"};
  editor.erase("optimizer").rename("model.encoder", "model.backbone").write("shipped/ckpt");
  for (const auto& [key, type] : editor.values())
    std::cout << key << "  " << to_string(type.first) << ' ' << type.second.to_string() << '\n';

  const auto bytes = [](const char* path) { return cairn::bundle::Reader(path).data_bytes(); };
  std::cout << bytes("training/ckpt-1") << " bytes became " << bytes("shipped/ckpt") << '\n';

  Inference inference;
  cairn::Checkpoint{inference}.restore("shipped/ckpt").assert_consumed();
  std::cout << "the backbone's first bias is " << inference.model.backbone.bias(0) << '\n';
}
