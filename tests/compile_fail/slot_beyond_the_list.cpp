// A model of two Variables leads to no third slot.
// expect: cairn: an optimizer has no slot of that index.
#include "cairn/keras/adam.hpp"

struct Model {
  cairn::Variable<float, 2, 3> kernel;
  cairn::Variable<float, 3> bias;
};

float use(cairn::keras::Adam<Model>& optimizer) {
#ifdef CAIRN_WRONG
  return optimizer.momentums.get<2>()(0);
#else
  return optimizer.momentums.get<1>()(0);
#endif
}
