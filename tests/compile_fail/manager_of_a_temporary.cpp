// A manager keeps a reference to its checkpoint.
// expect: cairn: a CheckpointManager keeps a reference to its Checkpoint, and a temporary is gone before the first
// save. errors: 1
#include <cairn/checkpoint.hpp>

void use() {
  std::int64_t step = 0;
  cairn::Checkpoint checkpoint{step};
#ifdef CAIRN_WRONG
  cairn::CheckpointManager<decltype(checkpoint)> manager{cairn::Checkpoint{step}, "training"};
#else
  cairn::CheckpointManager<decltype(checkpoint)> manager{checkpoint, "training"};
#endif
}
