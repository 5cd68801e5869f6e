// A member saved under another name than it has, found under any of its names; and one that is left out.
#include "interop/case.hpp"

using namespace cairn::literals;

namespace {

struct Model {
  cairn::Variable<float, 2, 3> weights;
  cairn::Variable<float, 3> bias;
  std::vector<float> cache{1, 2, 3};
  cairn::NotSaved<int> uses{7};
};

}  // namespace

template <>
inline constexpr auto cairn::members<Model> =
    cairn::describe(cairn::rename<"weights">("_kernel", "w"), cairn::not_saved<"cache">());

void write(const std::filesystem::path& directory) {
  Model model;
  fill(model.weights, 1);
  fill(model.bias, 2);
  std::vector<Model> list(1);
  fill(list[0].weights, 3);
  fill(list[0].bias, 4);
  cairn::Checkpoint checkpoint{"model"_a = model, "list"_a = list};
  checkpoint.save(directory / "ckpt");
}

void read(const std::filesystem::path& directory) {
  for (const char* name : {"_kernel-1", "w-1", "weights-1"}) {
    Model model;
    std::vector<Model> list;
    cairn::Checkpoint checkpoint{"model"_a = model, "list"_a = list};
    checkpoint.restore((directory / name).string()).assert_consumed();
    CAIRN_EXPECT(is_filled(model.weights, 1) && is_filled(model.bias, 2));
    CAIRN_EXPECT(list.size() == 1 && is_filled(list[0].weights, 3) && is_filled(list[0].bias, 4));
    CAIRN_EXPECT(model.cache == std::vector<float>{1, 2, 3} && *model.uses == 7);
  }
}
