// Checkpoint::get names the wrong path and the nearest one, through named children.
// expect: no_such_path<
// expect: model.biasses
// expect: model.biases
// expect: cairn: this path does not lead to a member
// errors: 1
#include <cairn/checkpoint.hpp>

using namespace cairn::literals;

struct Model {
  cairn::Variable<float, 3> weights;
  cairn::Variable<float, 3> biases;
};

void use() {
  Model model;
  std::int64_t step = 0;
  cairn::Checkpoint checkpoint{"model"_a = model, "step"_a = step};
#ifdef CAIRN_WRONG
  static_cast<void>(checkpoint.get<"model.biasses">());
#else
  static_cast<void>(checkpoint.get<"model.biases">());
#endif
}
