// types: arrays of other libraries, and of your own, as members of a state.
//
//   #include <cairn/types/eigen.hpp>
//
//   struct Model { Eigen::MatrixXf kernel; Eigen::Vector3d bias; };      // kernel  float32 [rows, columns]
//                                                                        // bias    float64 [3]
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
//   types/xtensor.hpp          xtensor's xarray, xtensor, xtensor_fixed and views
//   types/array_interface.hpp  ArrayInterface, ArrayLayout: how an array class of your own joins
#pragma once

#include "reflect/detail/refusals.hpp"

#include "types/array_interface.hpp"
#include "types/detail/array_type.hpp"
