// Checkpoint<Model> is not what a Checkpoint of a Model is.
// expect: cairn: Checkpoint<Model> is not the type of a Checkpoint of a Model. Write cairn::CheckpointOf<Model>.
#include "cairn/checkpoint/checkpoint.hpp"

struct Model {
  cairn::Variable<float, 4> weights;
};

struct Trainer {
  Model model;
#ifdef CAIRN_WRONG
  cairn::Checkpoint<Model> checkpoint{model};
#else
  cairn::CheckpointOf<Model> checkpoint{model};
#endif
};

void use() {
  Trainer trainer;
  trainer.checkpoint.save("training/ckpt");
}
