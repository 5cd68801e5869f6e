// PrintedValues: the dtypes and shapes of a checkpoint's values, from which print_struct finds their C++ types.
#pragma once

#include "../core/detail/keys.hpp"
#include "../core/dtype.hpp"
#include "../core/object_graph.hpp"
#include "../core/shape.hpp"
#include "detail/print_names.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn {

// The dtype and shape that a checkpoint's index has for a value.
struct PrintedValue {
  DType dtype = DT_INVALID;
  Shape shape;
};
// The values by their keys in the bundle.
using PrintedValues = std::map<std::string, PrintedValue, std::less<>>;

namespace schema::detail {

// The C++ type of an element; empty for a dtype that has none.
[[nodiscard]] inline std::string_view element_type(DType dtype) noexcept {
  switch (dtype) {
    case DT_FLOAT:
      return "float";
    case DT_DOUBLE:
      return "double";
    case DT_HALF:
      return "cairn::half";
    case DT_BFLOAT16:
      return "cairn::bfloat16";
    case DT_FLOAT8_E5M2:
      return "cairn::float8_e5m2";
    case DT_FLOAT8_E4M3FN:
      return "cairn::float8_e4m3fn";
    case DT_INT8:
      return "std::int8_t";
    case DT_INT16:
      return "std::int16_t";
    case DT_INT32:
      return "std::int32_t";
    case DT_INT64:
      return "std::int64_t";
    case DT_UINT8:
      return "std::uint8_t";
    case DT_UINT16:
      return "std::uint16_t";
    case DT_UINT32:
      return "std::uint32_t";
    case DT_UINT64:
      return "std::uint64_t";
    case DT_INT4:
      return "cairn::int4";
    case DT_UINT4:
      return "cairn::uint4";
    case DT_BOOL:
      return "bool";
    case DT_COMPLEX64:
      return "std::complex<float>";
    case DT_COMPLEX128:
      return "std::complex<double>";
    case DT_STRING:
      return "std::string";
    default:
      return "";
  }
}

[[nodiscard]] inline std::string extents_text(const Shape& shape) {
  std::string text;
  for (const std::int64_t extent : shape) text += ", " + std::to_string(extent);
  return text;
}
// The type of a Variable: "cairn::Variable<float, 784, 10>".
[[nodiscard]] inline std::string variable_type(DType dtype, const Shape& shape, bool is_dynamic = false) {
  std::string text = "cairn::Variable<" + std::string(element_type(dtype));
  for (const std::int64_t extent : shape) text += is_dynamic ? ", cairn::dynamic" : ", " + std::to_string(extent);
  return text + ">";
}
// The simplest type of a member: "float", "std::string" or "std::vector<std::string>" where the shape allows it, else a
// Variable.
[[nodiscard]] inline std::string plain_type(DType dtype, const Shape& shape) {
  if (shape.rank() == 0) return std::string(element_type(dtype));
  if (dtype == DT_STRING && shape.rank() == 1) return "std::vector<std::string>";
  return variable_type(dtype, shape);
}

// The value of a node: none, one tensor, several tensors, or one that cannot be printed.
struct NodeValue {
  enum class Kind { none, one, several, impossible };
  Kind kind = Kind::none;
  PrintedValue one;  // set for Kind::one
  // Set for Kind::several, which a class with serialize_to_tensors restores: the names that the class has to give.
  std::string saveable_name;
  std::vector<std::pair<std::string, PrintedValue>> several;
  std::string reason;  // tells for Kind::impossible why the value cannot be printed
};

[[nodiscard]] inline NodeValue value_of(const TrackableObject& node, const PrintedValues& values) {
  NodeValue result;
  const auto impossible = [&](std::string reason) {
    result.kind = NodeValue::Kind::impossible;
    result.reason = std::move(reason);
    return result;
  };
  if (node.registered_saver)
    return impossible("saved by the registered saver \"" + node.registered_saver->name +
                      "\"; give the program one of that name (cairn::register_checkpoint_saver)");
  if (node.attributes.empty()) return result;
  const auto no_elements = [](DType dtype) { return dtype != DT_STRING && size_of(dtype) == 0; };
  if (node.attributes.size() == 1) {
    const SerializedTensor& only = node.attributes[0];
    const auto found = values.find(only.checkpoint_key);
    const bool is_state = only.name == "py_state" && found != values.end() && found->second.dtype == DT_STRING;
    if (found != values.end() && (only.name == core::detail::variable_value || is_state) &&
        !element_type(found->second.dtype).empty()) {
      result.kind = NodeValue::Kind::one;
      result.one = found->second;
      return result;
    }
  }
  for (const SerializedTensor& attribute : node.attributes) {
    const auto found = values.find(attribute.checkpoint_key);
    if (found != values.end()) {
      if (no_elements(found->second.dtype))
        return impossible("of dtype " + to_string(found->second.dtype) + ", which only TensorFlow has values of");
      // In a graph the names of a class's tensors are escaped as in keys.
      result.several.emplace_back(core::detail::unescape_local_name(attribute.name).value_or(attribute.name),
                                  found->second);
      continue;
    }
    // The attribute's key is the beginning of other keys: "table" for "table-keys" and "table-values".
    const std::string& stem = attribute.checkpoint_key;
    auto next = values.lower_bound(stem);
    const bool has_any = next != values.end() && next->first.starts_with(stem);
    if (!has_any || node.attributes.size() != 1)
      return impossible("saved under the key \"" + stem + "\", which is not there");
    for (; next != values.end() && next->first.starts_with(stem); ++next) {
      if (no_elements(next->second.dtype))
        return impossible("of dtype " + to_string(next->second.dtype) + ", which only TensorFlow has values of");
      result.several.emplace_back(next->first.substr(stem.size()), next->second);
    }
    result.saveable_name = attribute.name;
  }
  result.kind = NodeValue::Kind::several;
  return result;
}

}  // namespace schema::detail
}  // namespace cairn
