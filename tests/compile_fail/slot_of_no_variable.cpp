// expect: SlotVariables
// expect: cairn: only Variables have slot variables.
// errors: 1
#include <cairn/checkpoint.hpp>

struct Model {
  cairn::Variable<float, 2> kernel;
  float rate = 0;
};

void use(Model& model, cairn::SlotVariables& momentums) {
#ifdef CAIRN_WRONG
  momentums[model.rate] = 1;
#else
  momentums[model.kernel](0) = 1;
#endif
}
