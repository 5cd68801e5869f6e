// tensor: values in memory.
//
//   cairn::Variable<float, 784, 10> weights;                     // identity: trained, tracked, saved
//   const cairn::Tensor<float, 784, 10> before = weights.value(); // a value: operations take and return Tensors
//
//   tensor/variable.hpp       Variable: a tensor with identity; it owns its elements and has a name
//   tensor/tensor.hpp         Tensor: a value without identity
//   tensor/variable_list.hpp  VariableList: references to Variables of different types
//   tensor/any_tensor.hpp     AnyTensor: a tensor whose dtype and shape are known at run time
//   tensor/tensor_view.hpp    TensorView: dtype, shape and bytes of a tensor that somebody else owns
//   tensor/mapped_tensor.hpp  MappedTensor: a view of a file's memory, and the owner that keeps the memory alive
//   tensor/cast.hpp           Cast: how a restore converts numbers of one dtype to another
//   tensor/print.hpp          operator<<: tensors as text
//   tensor/dense_array.hpp    dynamic: an extent that is known at run time only
#pragma once

#include "tensor/any_tensor.hpp"
#include "tensor/cast.hpp"
#include "tensor/dense_array.hpp"
#include "tensor/mapped_tensor.hpp"
#include "tensor/print.hpp"
#include "tensor/tensor.hpp"
#include "tensor/tensor_view.hpp"
#include "tensor/variable.hpp"
#include "tensor/variable_list.hpp"
