// Checkpoints that share data files: TensorFlow reads every one of them, and goes on in their directory.
#include <cairn/bundle/verify.hpp>

#include "interop/case.hpp"

using namespace cairn::literals;

namespace {

struct State {
  cairn::Variable<float, 500, 8> embedding;
  cairn::Variable<float, 2000> dense;
  cairn::Variable<float, 700> head;
  std::int64_t step = 0;
};

}  // namespace

void write(const std::filesystem::path& directory) {
  State state;
  fill(state.embedding, 1);
  fill(state.dense, 1);
  cairn::Checkpoint checkpoint{"embedding"_a = state.embedding, "dense"_a = state.dense, "head"_a = state.head,
                               "step"_a = state.step};
  cairn::CheckpointManager manager(checkpoint, directory, {.max_to_keep = 3});
  for (std::uint32_t number = 1; number <= 5; ++number) {
    fill(state.head, number);
    if (number == 4) fill(state.dense, 4);
    state.step = number;
    manager.save({.incremental = true, .frozen = {"embedding"}});
  }
}

void resume(const std::filesystem::path& directory) {
  State state;
  cairn::Checkpoint checkpoint{"embedding"_a = state.embedding, "dense"_a = state.dense, "head"_a = state.head,
                               "step"_a = state.step};
  for (const std::int64_t number : {4, 5, 6}) {
    const std::string path = directory / ("ckpt-" + std::to_string(number));
    CAIRN_EXPECT(cairn::verify(path).empty());
    checkpoint.restore(path).assert_consumed();
    CAIRN_EXPECT(state.step == number);
    CAIRN_EXPECT(is_filled(state.embedding, 1));
    CAIRN_EXPECT(is_filled(state.dense, 4));
    CAIRN_EXPECT(is_filled(state.head, number == 4 ? 4 : 5));
  }
}

void read(const std::filesystem::path& /*directory*/) {}
