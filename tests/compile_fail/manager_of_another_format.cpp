// A type that is no format is refused.
// expect: cairn: a CheckpointManager writes format::TensorBundle or, below an include of <cairn/cereal.hpp>
#include <cairn/checkpoint.hpp>

struct Json {};

void use() {
  std::int64_t step = 0;
  cairn::Checkpoint checkpoint{step};
#ifdef CAIRN_WRONG
  cairn::CheckpointManager<decltype(checkpoint), Json> manager{checkpoint, "training"};
#else
  cairn::CheckpointManager<decltype(checkpoint), cairn::format::TensorBundle> manager{checkpoint, "training"};
#endif
}
