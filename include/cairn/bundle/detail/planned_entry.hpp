// A tensor that is planned: its entry but for where it lies, its bytes, and what it counts for when shards are filled.
#pragma once

#include "../../tensor/tensor_view.hpp"
#include "../entry.hpp"
#include "../naming.hpp"
#include "planned_bytes.hpp"
#include "string_tensor.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace cairn::bundle::detail {

[[nodiscard]] inline bundle::Entry entry_of(const TensorView& tensor) {
  bundle::Entry entry;
  entry.dtype = tensor.dtype();
  entry.shape = tensor.shape();
  entry.size = tensor.dtype() == DT_STRING ? detail::encoded_size(tensor.strings()) : tensor.bytes().size();
  return entry;
}
[[nodiscard]] inline PlannedBytes source_of(const TensorView& tensor) {
  if (tensor.dtype() == DT_STRING) return PlannedBytes::of_strings(tensor.strings());
  return PlannedBytes::of_numbers(tensor.bytes());
}

// What a tensor that is not cut counts for when shards are filled, in TensorFlow's way: of strings their bytes alone,
// of the object graph nothing, nor of variants.
[[nodiscard]] inline std::uint64_t counted_bytes(std::string_view key, const TensorView& tensor) {
  if (key == bundle::object_graph_key) return 0;
  std::uint64_t sum = tensor.bytes().size();
  for (const std::string& element : tensor.strings()) sum += element.size();
  return sum;
}
[[nodiscard]] inline std::uint64_t counted_bytes(std::string_view key, const bundle::Entry& entry) {
  return key == bundle::object_graph_key || entry.dtype == DT_VARIANT ? 0 : entry.size;
}

}  // namespace cairn::bundle::detail
