// The struct changed after the checkpoint was written, and the old checkpoint still loads.

#include <cairn/cairn.hpp>

#include <iostream>

namespace v1 {  // How it was when the checkpoint was written.
struct Schedule {
  float rate = 0.5f;
  void serialize(auto& archive, std::uint32_t /*version*/) { archive(CEREAL_NVP(rate)); }
};
struct Model {
  cairn::Variable<float, 2> weights, bias;
  std::vector<float> losses;
  Schedule schedule;
};
}  // namespace v1

namespace v2 {  // How it is now.
struct Schedule {
  float rate = 0, decay = 0.25f;
  void serialize(auto& archive, std::uint32_t version) {
    archive(CEREAL_NVP(rate));
    if (version >= 1) archive(CEREAL_NVP(decay));
  }
};
struct Dense {
  cairn::Variable<float, 2> kernel, bias;  // kernel was called weights
};
struct Model {
  Dense dense;             // weights and bias have moved into a struct
  std::int64_t epoch = 3;  // is new, and losses are gone
  Schedule schedule;       // its class has version 1 now, with one more value
};
}  // namespace v2
CEREAL_CLASS_VERSION(v2::Schedule, 1)  // version 0 is what was saved

// A member renamed: said once, beside the type. It is saved as kernel, and found as weights, too.
template <>
inline constexpr auto cairn::members<v2::Dense> = cairn::describe(cairn::rename<"kernel">("kernel", "weights"));

int main() {
  v1::Model old{{}, {}, {0.9f, 0.7f}, {}};
  old.weights.assign({1, 2});
  old.bias.assign({3, 4});
  const std::string path = cairn::Checkpoint{old}.save("old/ckpt");

  // Members moved: said where the old checkpoint is restored, old path -> new path.
  v2::Model model;
  cairn::Checkpoint checkpoint{model};
  const auto status = checkpoint.restore(path, {.rename = {{"weights", "dense.weights"}, {"bias", "dense.bias"}}});

  // What was added keeps its default, what was removed is left over: the status lists both.
  std::cout << status.assert_nontrivial_match() << "kernel " << model.dense.kernel << ", bias " << model.dense.bias
            << ", epoch " << model.epoch << ", rate " << model.schedule.rate << ", decay " << model.schedule.decay
            << '\n';

  // Saved again, everything is where it belongs.
  checkpoint.restore(checkpoint.save("new/ckpt")).assert_consumed();
}
