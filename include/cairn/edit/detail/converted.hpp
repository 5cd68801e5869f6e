// A tensor, or a NewValue, with the dtype and the shape of the value that it replaces.
#pragma once

#include "../../core/error.hpp"
#include "../../tensor/any_tensor.hpp"
#include "../../tensor/detail/convert_numbers.hpp"
#include "../new_value.hpp"

#include <algorithm>
#include <complex>
#include <cstddef>
#include <string>
#include <utility>

namespace CAIRN_NAMESPACE::edit::detail {

// Returns the tensor with another dtype. Throws Error with ErrorCode::out_of_range for a number that the dtype cannot
// hold, and for a fraction unless `may_cut_off`.
[[nodiscard]] inline AnyTensor converted(const AnyTensor& tensor, DType dtype, bool may_cut_off, const std::string& key,
                                         Cast cast = Cast::any) {
  AnyTensor result(dtype, tensor.shape());
  auto misfit = tensor::detail::convert(tensor.dtype(), tensor.bytes(), dtype, result.bytes(), cast);
  const bool loses_fractions =
      tensor::detail::number_range(tensor.dtype()).sort >= tensor::detail::NumberSort::floating &&
      tensor::detail::number_range(dtype).sort < tensor::detail::NumberSort::floating;
  if (!misfit && loses_fractions && !may_cut_off) {
    AnyTensor before(DT_COMPLEX128, tensor.shape()), after(DT_COMPLEX128, tensor.shape());
    static_cast<void>(tensor::detail::convert(tensor.dtype(), tensor.bytes(), DT_COMPLEX128, before.bytes()));
    static_cast<void>(tensor::detail::convert(dtype, result.bytes(), DT_COMPLEX128, after.bytes()));
    const auto a = before.span<std::complex<double>>(), b = after.span<std::complex<double>>();
    for (std::size_t i = 0; !misfit && i < a.size(); ++i)
      if (a[i] != b[i]) misfit = tensor::detail::Misfit{i, tensor::detail::number_text(a[i].real())};
  }
  if (misfit)
    throw Error(ErrorCode::out_of_range, "element " + std::to_string(misfit.index) + " of the value for " + key +
                                             " is " + misfit.value + ", which no " + to_string(dtype) + " can hold")
        .at_key(key)
        .expecting(to_string(dtype), misfit.value);
  return result;
}

// Returns the value in the form of the one that it replaces: the dtype stays, numbers are converted where it can hold
// them, and the shape stays unless `reshape`. A range fills any shape of as many elements. Throws Error with
// ErrorCode::invalid_argument for another shape, or texts for numbers or the reverse; ErrorCode::out_of_range for a
// number that the dtype cannot hold.
[[nodiscard]] inline AnyTensor fitted(NewValue value, DType dtype, Shape shape, const std::string& key,
                                      bool reshape = false) {
  if (reshape) shape = value.tensor().shape();
  const bool fills = value.is_range() && value.tensor().shape().num_elements() == shape.checked_num_elements();
  AnyTensor tensor = std::move(value).tensor();
  const auto refuse = [&](const std::string& way_out) {
    const std::string expected = to_string(dtype) + " " + shape.to_string();
    const std::string found = to_string(tensor.dtype()) + " " + tensor.shape().to_string();
    return Error(ErrorCode::invalid_argument,
                 "the value for " + key + " is " + found + ", and " + expected + " stands there; " + way_out)
        .at_key(key)
        .expecting(expected, found);
  };
  if (fills && tensor.shape() != shape) {
    AnyTensor shaped(tensor.dtype(), shape);
    std::copy(tensor.bytes().begin(), tensor.bytes().end(), shaped.bytes().begin());
    std::move(tensor.strings().begin(), tensor.strings().end(), shaped.strings().begin());
    tensor = std::move(shaped);
  }
  if (tensor.shape() != shape) throw refuse("give it that shape, or allow another one with {.reshape = true}");
  if (tensor.dtype() == dtype) return tensor;
  if (!tensor::detail::may_cast(Cast::any, tensor.dtype(), dtype))
    throw refuse("give it that dtype, or replace the value together with its dtype and shape");
  return converted(tensor, dtype, false, key);
}

}  // namespace CAIRN_NAMESPACE::edit::detail
