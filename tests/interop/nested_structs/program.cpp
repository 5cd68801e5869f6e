// Structs in structs: nodes in nodes, in the order of their members.
#include "interop/case.hpp"

using namespace cairn::literals;

namespace {

struct Dense {
  cairn::Variable<float, 3, 4> kernel;
  cairn::Variable<float, 4> bias;
};
struct Block {
  Dense query, key;
  double scale = 0;
};
struct Nothing {};
struct Deep {
  cairn::Variable<float, 2, 2, 2> leaf;
};
struct F {
  Deep f;
};
struct E {
  F e;
};
struct D {
  E d;
};
struct C {
  D c;
};
struct B {
  C b;
};
struct A {
  B a;
};
struct Training {
  Block second, first;
  Nothing nothing;
  A deep;
  std::int64_t step = 0;
  bool done = false;
};

template <class Use>
void each(Training& training, std::array<std::int32_t, 2>& alpha, Use use) {
  std::uint32_t seed = 1;
  for (Block* block : {&training.second, &training.first}) {
    for (Dense* dense : {&block->query, &block->key}) {
      use(dense->kernel, seed++);
      use(dense->bias, seed++);
    }
    use(block->scale, seed++);
    seed = 11;
  }
  use(training.deep.a.b.c.d.e.f.leaf, 31U);
  use(training.step, 41U);
  use(training.done, 42U);
  use(alpha, 51U);
}

}  // namespace

void write(const std::filesystem::path& directory) {
  Training training;
  std::array<std::int32_t, 2> alpha{};
  each(training, alpha, [](auto& value, std::uint32_t seed) { fill(value, seed); });
  cairn::Checkpoint checkpoint{"training"_a = training, "alpha"_a = alpha};
  CAIRN_EXPECT(checkpoint.save(directory / "ckpt") == (directory / "ckpt-1").string());
}

void read(const std::filesystem::path& directory) {
  Training training;
  std::array<std::int32_t, 2> alpha{};
  cairn::Checkpoint checkpoint{"training"_a = training, "alpha"_a = alpha};
  const auto status = checkpoint.restore(cairn::latest_checkpoint(directory));
  status.assert_consumed().assert_existing_objects_matched().assert_nontrivial_match();
  CAIRN_EXPECT(status.matched().size() == 15);
  each(training, alpha, [](auto& value, std::uint32_t seed) { CAIRN_EXPECT(is_filled(value, seed)); });
  CAIRN_EXPECT(checkpoint.save_counter() == 1);
}
