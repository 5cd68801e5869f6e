// A schedule for an optimizer whose type says nothing of it.
// expect: this_optimizer_has_a_number_as_its_rate<cairn::keras::schedules::CosineDecay
// expect: cairn: the learning rate of this optimizer is a number, unless a schedule's type is its second template
// errors: 1
#include "cairn/keras.hpp"

namespace keras = cairn::keras;
using Layer = keras::Dense<4, 3>;
using keras::schedules::CosineDecay;

#ifdef CAIRN_WRONG
keras::Adam<Layer> optimizer{.learning_rate = CosineDecay{.initial_learning_rate = 0.01, .decay_steps = 100}};
#else
keras::Adam<Layer, CosineDecay> optimizer{.learning_rate = {.initial_learning_rate = 0.01, .decay_steps = 100}};
#endif
