// PrintedValues: the dtypes and shapes of a checkpoint's values, from which print_struct finds their C++ types.
#pragma once

#include "../core/dtype.hpp"
#include "../core/shape.hpp"

#include <map>
#include <string>

namespace CAIRN_NAMESPACE {

// The dtype and shape that a checkpoint's index has for a value.
struct PrintedValue {
  // A partitioned tensor has the shape of the whole.
  DType dtype = DT_INVALID;
  Shape shape;
};
// The values by their keys in the bundle.
using PrintedValues = std::map<std::string, PrintedValue, std::less<>>;

}  // namespace CAIRN_NAMESPACE
