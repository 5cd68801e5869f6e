// tensor: values in memory.
//
//   cairn::Variable<float, 784, 10> weights;                     // identity: trained, tracked, saved
//   const cairn::Tensor<float, 784, 10> before = weights.value(); // a value: what operations take and return
//
//   tensor/variable.hpp     Variable: owns its elements, has a name
//   tensor/tensor.hpp       Tensor: the same without identity
//   tensor/variable_list.hpp  VariableList: references to Variables of different types; variable_traits.hpp: these as data
//   tensor/any_tensor.hpp   AnyTensor: dtype and shape known at run time
//   tensor/tensor_view.hpp  TensorView: dtype, shape and bytes, owning nothing
//   tensor/mapped_tensor.hpp  MappedTensor: a view and what keeps it alive, as it lies in a file
//   tensor/cast.hpp         Cast: numbers of one dtype as numbers of another
//   tensor/print.hpp        operator<<: tensors as text
//   tensor/dense_array.hpp  extents and indices, shared by Variable and Tensor
#pragma once

#include "tensor/any_tensor.hpp"
#include "tensor/cast.hpp"
#include "tensor/mapped_tensor.hpp"
#include "tensor/print.hpp"
#include "tensor/tensor.hpp"
#include "tensor/tensor_view.hpp"
#include "tensor/variable.hpp"
#include "tensor/variable_list.hpp"
#include "tensor/variable_traits.hpp"
