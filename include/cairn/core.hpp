// core: the types that all other folders use.
//
//   try { checkpoint.restore("training/ckpt-7").assert_consumed(); }
//   catch (const cairn::Error& error) { if (error.code() == cairn::ErrorCode::not_found) start_afresh(); }
//
//   core/error.hpp         Error, ErrorCode: the one exception of the library, with TensorFlow's codes
//   core/dtype.hpp         DType: TensorFlow's element types, their names and sizes
//   core/element.hpp       dtype_of<T>, Element: which C++ type is which DType
//   core/half.hpp          half, bfloat16, float8_e5m2, int4, ...: storage types that C++20 lacks
//   core/durability.hpp    Durability: whether a save waits for the disk
//   core/path_argument.hpp PathArgument: the parameter of every function that takes a path
//   core/shape.hpp         Shape: a tensor's extents; element counts are checked for overflow
//   core/box.hpp           Box: a block of a tensor's elements
//   core/object_graph.hpp  ObjectGraph: TensorFlow's object graph
//   core/fixed_string.hpp  FixedString: text as a template argument
#pragma once

#include "core/box.hpp"
#include "core/dtype.hpp"
#include "core/durability.hpp"
#include "core/element.hpp"
#include "core/error.hpp"
#include "core/fixed_string.hpp"
#include "core/half.hpp"
#include "core/object_graph.hpp"
#include "core/path_argument.hpp"
#include "core/shape.hpp"
