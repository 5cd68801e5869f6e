// Slot variables: what TensorFlow 1's AdamOptimizer keeps for each variable.
#include "interop/case.hpp"

using namespace cairn::literals;

namespace {

struct Model {
  cairn::Variable<float, 3, 2> w;
  cairn::Variable<float, 2> b;
  std::vector<cairn::Variable<float, 1>> deep{1};
};
struct Adam {
  cairn::Variable<float> beta1_power, beta2_power;
  cairn::SlotVariables m, v;
};

}  // namespace

void read(const std::filesystem::path& directory) {
  const std::string path = (directory / "slots").string();
  Model model;
  Adam optimizer;
  cairn::Checkpoint checkpoint{"model"_a = model, "optimizer"_a = optimizer};
  checkpoint.read(path).assert_consumed();
  CAIRN_EXPECT(optimizer.m.size() == 3 && optimizer.v.size() == 3);
  CAIRN_EXPECT(is_filled(optimizer.m[model.w], 4) && is_filled(optimizer.v[model.w], 5));
  CAIRN_EXPECT(optimizer.m[model.b](0) > 0.18f && optimizer.m[model.b](0) < 0.20f);

  Adam later;
  cairn::Checkpoint growing{"model"_a = model};
  const auto status = growing.read(path);
  growing.track("optimizer", later);
  status.assert_consumed();
  CAIRN_EXPECT(is_filled(later.m[model.w], 4) && later.v.size() == 3);
}

void write(const std::filesystem::path& directory) {
  Model model;
  Adam optimizer;
  fill(model.w, 1);
  fill(model.b, 2);
  fill(model.deep[0], 3);
  fill(optimizer.m[model.w], 4);
  fill(optimizer.v[model.w], 5);
  fill(optimizer.m[model.b], 6);
  fill(optimizer.v[model.b], 6);
  fill(optimizer.m[model.deep[0]], 7);
  fill(optimizer.v[model.deep[0]], 7);
  cairn::Checkpoint checkpoint{"model"_a = model, "optimizer"_a = optimizer};
  checkpoint.write(directory / "slots");
  checkpoint.write(directory / "without_slots", {.skip_slot_variables = true});
}
