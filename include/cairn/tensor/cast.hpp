// Cast: how a restore converts the numbers of a checkpoint when the program's dtype is another.
//
//   checkpoint.restore(path, {.cast = cairn::Cast::widen});
#pragma once

#include "../version.hpp"

namespace CAIRN_NAMESPACE {

// The conversions that a restore may make where the dtype in the checkpoint differs from the program's:
//   never     none. The value is a mismatch, as in TensorFlow.
//   widen     only those where every value of the saved type is a value of the program's type: int32 to int64 or
//             double; float, half or bfloat16 to float or double; bool to any number; real to complex.
//   any       from any number to any number. A value that is too large for the program's type, and a value with an
//             imaginary part where that type is real, is an Error with ErrorCode::out_of_range. Digits may be lost, and
//             fractions are cut off toward zero, as tf.cast does.
//   saturate  from any number to any number, and a value that is too large becomes the largest or smallest finite
//             number of the program's type, as in tf.saturate_cast: 300 as int8 is 127. An infinity stays an infinity
//             where the type has one. A NaN as an integer, and a value with an imaginary part where the program's type
//             is real, are Errors with ErrorCode::out_of_range.
// A string is never converted.
enum class Cast { never, widen, any, saturate };

}  // namespace CAIRN_NAMESPACE
