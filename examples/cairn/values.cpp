#include "values.hpp"

#include "output.hpp"

#include <cairn/tensor/detail/convert_numbers.hpp>
#include <cairn/tensor/detail/number_types.hpp>
#include <cairn/tensor/print.hpp>

#include <complex>
#include <cstring>
#include <functional>
#include <type_traits>

namespace tool {

namespace {

using cairn::AnyTensor;
using cairn::DType;
using cairn::Shape;

// Quantized numbers are the integers that they are stored as.
[[nodiscard]] DType number_dtype(DType dtype) {
  switch (dtype) {
    case cairn::DT_QINT8:
      return cairn::DT_INT8;
    case cairn::DT_QUINT8:
      return cairn::DT_UINT8;
    case cairn::DT_QINT16:
      return cairn::DT_INT16;
    case cairn::DT_QUINT16:
      return cairn::DT_UINT16;
    case cairn::DT_QINT32:
      return cairn::DT_INT32;
    default:
      return dtype;
  }
}

// Calls use(value) with one element. False where C++ has no type for the dtype.
template <class Use>
bool with_element(const AnyTensor& tensor, std::size_t index, Use use) {
  if (tensor.dtype() == cairn::DT_STRING) {
    use(tensor.strings()[index]);
    return true;
  }
  const std::byte* const at = tensor.bytes().data() + index * cairn::size_of(tensor.dtype());
  return cairn::tensor::detail::with_number_type(number_dtype(tensor.dtype()), [&]<class T>(std::type_identity<T>) {
    if constexpr (std::is_same_v<T, bool>) {
      use(*at != std::byte{0});  // the bytes of a file may say anything
    } else {
      T value;
      std::memcpy(&value, at, sizeof value);
      use(value);
    }
  });
}

template <class T>
void append_number(std::string& text, T value) {
  char digits[64];
  text.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

void append_element(std::string& text, const AnyTensor& tensor, std::size_t index, bool full) {
  with_element(tensor, index, [&](const auto& value) {
    using T = std::remove_cvref_t<decltype(value)>;
    if constexpr (std::is_same_v<T, std::string>)
      ((text += '"') += shown(value)) += '"';
    else if constexpr (std::is_same_v<T, double>)
      full ? append_number(text, value) : cairn::tensor::detail::append_element(text, value);
    else
      cairn::tensor::detail::append_element(text, value);
  });
}

void append_axis(std::string& text, const AnyTensor& tensor, std::size_t axis, std::size_t first, std::size_t count,
                 bool shorten, bool full) {
  const Shape& shape = tensor.shape();
  if (axis == shape.rank()) return append_element(text, tensor, first, full);
  const auto extent = static_cast<std::size_t>(shape[axis]);
  const std::size_t step = extent == 0 ? 0 : count / extent;
  const std::size_t below = shape.rank() - axis - 1;
  const std::string between = below == 0 ? " " : std::string(below, '\n') + std::string(axis + 1, ' ');
  constexpr std::size_t edge = cairn::tensor::detail::print_edge_items;
  text += '[';
  for (std::size_t i = 0; i < extent; ++i) {
    if (i > 0) text += between;
    if (shorten && extent > 2 * edge && i == edge) {
      (text += "...") += between;
      i = extent - edge;
    }
    append_axis(text, tensor, axis + 1, first + i * step, step, shorten, full);
  }
  text += ']';
}

void json_axis(Json& json, const AnyTensor& tensor, std::size_t axis, std::size_t first, std::size_t count) {
  if (axis < tensor.shape().rank()) {
    const auto extent = static_cast<std::size_t>(tensor.shape()[axis]);
    json.begin('[');
    for (std::size_t i = 0; i < extent; ++i)
      json_axis(json, tensor, axis + 1, first + i * (count / extent), count / extent);
    json.end(']');
    return;
  }
  with_element(tensor, first, [&](const auto& value) {
    using T = std::remove_cvref_t<decltype(value)>;
    if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, bool> || std::is_floating_point_v<T>) {
      json.value(value);
    } else if constexpr (std::is_same_v<T, std::complex<float>> || std::is_same_v<T, std::complex<double>>) {
      json.begin('[').value(value.real()).value(value.imag()).end(']');
    } else if constexpr (std::is_same_v<T, std::uint64_t>) {
      json.value(value);
    } else if constexpr (std::is_integral_v<T>) {
      json.value(static_cast<std::int64_t>(value));
    } else if constexpr (std::is_same_v<T, cairn::int4> || std::is_same_v<T, cairn::uint4>) {
      json.value(static_cast<std::int32_t>(value));
    } else {
      json.value(static_cast<float>(value));
    }
  });
}

[[nodiscard]] bool has_elements_here(const AnyTensor& tensor) {
  return tensor.dtype() == cairn::DT_STRING || cairn::tensor::detail::number_range(number_dtype(tensor.dtype())).sort !=
                                                   cairn::tensor::detail::NumberSort::none;
}
void require_elements(const AnyTensor& tensor) {
  if (!has_elements_here(tensor))
    throw cairn::Error(cairn::ErrorCode::unimplemented, "values of dtype " + cairn::to_string(tensor.dtype()) +
                                                            " cannot be shown: C++ has no type for them");
}

}  // namespace

std::string values_text(const AnyTensor& tensor, bool full) {
  require_elements(tensor);
  const auto count = static_cast<std::size_t>(tensor.shape().num_elements());
  if (count == 0) return "[]";  // whatever the other extents are
  std::string text;
  const bool is_scalar = tensor.shape().rank() == 0;
  append_axis(text, tensor, 0, 0, count, !full && count > cairn::tensor::detail::print_threshold, full || is_scalar);
  return text;
}

void values_json(Json& json, const AnyTensor& tensor) {
  require_elements(tensor);
  json_axis(json, tensor, 0, 0, static_cast<std::size_t>(tensor.shape().num_elements()));
}

}  // namespace tool
