// types: arrays of other libraries, and of your own, as members of a state.
//
//   #include <cairn/types/eigen.hpp>
//
//   struct Model { Eigen::MatrixXf kernel; Eigen::Vector3d bias; };      // kernel  float32 [rows, columns]
//                                                                        // bias    float64 [3]
//
// The type gives the rank of the tensor: a type of one row or one column is a vector [size], but a matrix that has one
// column at run time is [rows, 1]. A dynamic extent takes that of the checkpoint. Where an extent is fixed, or the
// array is a view, a checkpoint of another shape is an Error (ErrorCode::invalid_argument), and the restore changes
// nothing.
//
// For an array class of your own, specialise ArrayInterface before the class is first used as a member:
//
//   template <>
//   struct cairn::ArrayInterface<my::Field> {
//     using value_type = double;
//     static constexpr std::array<std::size_t, 2> extents{cairn::dynamic, cairn::dynamic};
//     static cairn::ArrayLayout layout(const my::Field& field) {
//       return {field.data(), {field.rows(), field.columns()}, {field.bytes_of_a_row(), sizeof(double)}};
//     }
//     static my::Field make(const cairn::Shape& shape) { return my::Field(shape[0], shape[1]); }
//   };
//
// Each library has a header below types/, which includes the library. No other door includes one of them, or this one.
//
//   types/armadillo.hpp        Armadillo's Mat, Col, Row, Cube and SpMat
//   types/boost.hpp            Boost's multi_array and multi_array_ref, uBLAS's matrix and vector
//   types/dlpack.hpp           DLPack's DLTensor and DLManagedTensor
//   types/eigen.hpp            Eigen's Matrix, Array, Map, Ref, Quaternion and SparseMatrix
//   types/eigen_tensor.hpp     Eigen's Tensor, TensorFixedSize and TensorMap
//   types/mdspan.hpp           std::mdspan
//   types/opencv.hpp           OpenCV's Mat, Mat_, Matx, Vec, Point, Size and Rect
//   types/torch.hpp            LibTorch's Tensor, and torch::nn::Module by its names
//   types/xtensor.hpp          xtensor's xarray, xtensor, xtensor_fixed and views
//   types/array_interface.hpp  ArrayInterface, ArrayLayout: how an array class of your own joins
#pragma once

#include "reflect/detail/refusals.hpp"

#include "types/array_interface.hpp"
#include "types/detail/array_type.hpp"
#include "types/detail/inline_arrays.hpp"
