// A list of three Variables has no fourth one.
// expect: cairn: this list of Variables has no element of that index.
#include "cairn/tensor/variable_list.hpp"

using Weight = cairn::Variable<float, 2>;

Weight& use(const cairn::VariableList<Weight, Weight, Weight>& list) {
#ifdef CAIRN_WRONG
  return list.get<3>();
#else
  return list.get<2>();
#endif
}
