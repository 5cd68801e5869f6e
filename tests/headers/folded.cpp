// A program that uses what is in several doors. It ends with status 0 when it has read what it wrote. single.py makes
// doors.hpp, which includes all folded headers.
#include "doors.hpp"

#include <cstdint>
#include <filesystem>

struct Training {
  cairn::Variable<float, 3> weights;
  std::int64_t step = 0;
};

int main() {
  Training training;
  training.step = 7;
  cairn::Checkpoint checkpoint{training};
  cairn::CheckpointManager<decltype(checkpoint), cairn::format::Json> manager{checkpoint, "json"};
  manager.save();
  checkpoint.save("training/ckpt");

  cairn::CheckpointEditor{"training"}.set("weights", {1.0f, 2.0f, 6.0f}).write("edited/ckpt");
  const cairn::TensorStatistics figures = cairn::statistics(cairn::CheckpointReader{"edited/ckpt"}, "weights");
  cairn::write_picture("edited/ckpt", "edited.html");
  cairn::convert("edited/ckpt", cairn::FileFormat::npz, "edited.npz");

  checkpoint.restore("edited/ckpt").assert_consumed();
  const bool edited = training.weights(2) == 6.0f && figures.mean == 3.0;
  manager.restore().assert_consumed();
  const bool written = std::filesystem::exists("edited.html") && cairn::read_npz("edited.npz").contains("weights");
  return edited && written && training.weights(2) == 0.0f && training.step == 7 ? 0 : 1;
}
