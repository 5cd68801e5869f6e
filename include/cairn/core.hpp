// core: the words that all parts share.
//
//   try { checkpoint.restore("training/ckpt-7").assert_consumed(); }
//   catch (const cairn::Error& error) { if (error.code() == cairn::ErrorCode::not_found) start_afresh(); }
//
//   core/error.hpp         Error: what the world does wrong, with TensorFlow's codes
//   core/dtype.hpp         DType: TensorFlow's element types
//   core/element.hpp       which C++ type is which DType
//   core/half.hpp          bfloat16, half, float8, int4: storage types
//   core/shape.hpp         Shape: extents, element counts checked for overflow
//   core/object_graph.hpp  TensorFlow's object graph as structs (rare.hpp: what they hardly ever have;
//                          small_blocks.hpp: memory for their short lists); flat_graph.hpp for very many nodes
//   core/hash_index.hpp    a hash table for things that somebody else keeps
//   core/text_pool.hpp     texts that are very many and stay where they are
//   core/fixed_string.hpp  text as a template argument
//   core/type_list.hpp     lists of types of any length
//   core/clock.hpp         the clocks that options have unless a program gives its own
//   core/refuse.hpp        how a template refuses a type in one sentence
#pragma once

#include "core/dtype.hpp"
#include "core/element.hpp"
#include "core/error.hpp"
#include "core/fixed_string.hpp"
#include "core/half.hpp"
#include "core/hash_index.hpp"
#include "core/shape.hpp"
