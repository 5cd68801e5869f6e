// DLPack's tensors as members of a state: the CPU tensors that CuPy, JAX, PyTorch, TVM and others exchange.
//
//   struct State { DLManagedTensor* weights; };      // or DLTensor, or a smart pointer to either of them
//
// The dtype, shape and strides are those of the tensor; lanes are one more axis, the last one. The tensor does not
// belong to cairn: a restore writes the elements where they are, the checkpoint must have the shape and dtype of the
// tensor, and nothing calls the deleter. Memory of a device causes an Error with ErrorCode::unimplemented; memory of
// the host that a GPU can read, kDLCUDAHost and kDLROCMHost, is allowed.
#pragma once

#include "array_interface.hpp"
#include "detail/array_type.hpp"
#include "detail/device_memory.hpp"

#include <dlpack/dlpack.h>

#include <cstddef>
#include <cstdint>
#include <string>

namespace CAIRN_NAMESPACE {

namespace types::detail {

// DT_INVALID for what TensorFlow has no dtype for. The codes without a name are those of later versions of DLPack.
[[nodiscard]] constexpr DType dtype_of_dlpack(const DLDataType& type) noexcept {
  constexpr unsigned boolean = 6, float8_e4m3fn = 10, float8_e5m2 = 12;
  switch (unsigned{type.code} * 256 + unsigned{type.bits}) {
    case kDLInt * 256 + 8:
      return DT_INT8;
    case kDLInt * 256 + 16:
      return DT_INT16;
    case kDLInt * 256 + 32:
      return DT_INT32;
    case kDLInt * 256 + 64:
      return DT_INT64;
    case kDLUInt * 256 + 8:
      return DT_UINT8;
    case kDLUInt * 256 + 16:
      return DT_UINT16;
    case kDLUInt * 256 + 32:
      return DT_UINT32;
    case kDLUInt * 256 + 64:
      return DT_UINT64;
    case kDLFloat * 256 + 16:
      return DT_HALF;
    case kDLFloat * 256 + 32:
      return DT_FLOAT;
    case kDLFloat * 256 + 64:
      return DT_DOUBLE;
    case kDLBfloat * 256 + 16:
      return DT_BFLOAT16;
    case kDLComplex * 256 + 64:
      return DT_COMPLEX64;
    case kDLComplex * 256 + 128:
      return DT_COMPLEX128;
    case boolean * 256 + 8:
      return DT_BOOL;
    case float8_e4m3fn * 256 + 8:
      return DT_FLOAT8_E4M3FN;
    case float8_e5m2 * 256 + 8:
      return DT_FLOAT8_E5M2;
    default:
      return DT_INVALID;
  }
}

}  // namespace types::detail

template <>
struct ArrayInterface<DLTensor> {
  [[nodiscard]] static DType dtype(const DLTensor& tensor, DType) noexcept {
    return types::detail::dtype_of_dlpack(tensor.dtype);
  }
  [[nodiscard]] static ArrayLayout layout(const DLTensor& tensor) {
    const int device = static_cast<int>(tensor.device.device_type);
    if (device != kDLCPU && device != kDLCUDAHost && device != kDLROCMHost)
      types::detail::refuse_device_memory(
          "DLTensor", std::to_string(tensor.device.device_id) + " of DLPack's type " + std::to_string(device),
          "a DLTensor of the same dtype and shape, to which the tensor is copied before a save (for CUDA with "
          "cudaMemcpy(staging.data, tensor.data, bytes, cudaMemcpyDeviceToHost)), and from which it is copied back "
          "after a restore");
    ArrayLayout layout{.data = static_cast<const std::byte*>(tensor.data) + tensor.byte_offset};
    const auto lanes = std::int64_t{tensor.dtype.lanes == 0 ? std::uint16_t{1} : tensor.dtype.lanes};
    const auto element_bytes = static_cast<std::int64_t>(size_of(types::detail::dtype_of_dlpack(tensor.dtype)));
    for (int axis = 0; axis < tensor.ndim; ++axis) {
      layout.shape.push_back(tensor.shape[axis]);
      if (tensor.strides != nullptr) layout.strides.push_back(tensor.strides[axis] * lanes * element_bytes);
    }
    if (lanes != 1) {
      layout.shape.push_back(lanes);
      if (tensor.strides != nullptr) layout.strides.push_back(element_bytes);
    }
    if (tensor.data == nullptr && layout.shape.num_elements() != 0)
      throw Error(ErrorCode::failed_precondition, "a DLTensor of shape " + layout.shape.to_string() +
                                                      " has no memory: its data is null; give it some before it is "
                                                      "saved or restored");
    return layout;
  }
};

template <>
struct ArrayInterface<DLManagedTensor> {
  [[nodiscard]] static DType dtype(const DLManagedTensor& tensor, DType saved) noexcept {
    return ArrayInterface<DLTensor>::dtype(tensor.dl_tensor, saved);
  }
  [[nodiscard]] static ArrayLayout layout(const DLManagedTensor& tensor) {
    return ArrayInterface<DLTensor>::layout(tensor.dl_tensor);
  }
};

}  // namespace CAIRN_NAMESPACE
