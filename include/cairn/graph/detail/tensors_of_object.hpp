// An object that is several tensors, in the walk and in a restore: what SeveralTensorsType does for all such classes.
#pragma once

#include "../../core/detail/keys.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/error.hpp"
#include "../mismatch.hpp"
#include "../named_tensors.hpp"
#include "match_values.hpp"
#include "object.hpp"
#include "restore_plan.hpp"
#include "tensor_source.hpp"
#include "walk.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::graph::detail {

[[nodiscard]] inline std::string shown_types(const NamedTensors& tensors) {
  std::string text;
  for (const NamedTensors::Item& item : tensors) {
    if (!text.empty()) text += ", ";
    (text += item.name) += " " + shown_type(item.tensor.dtype(), item.tensor.shape().to_string());
  }
  return text;
}

// Adds the tensors of an object to the last node of the graph, which is its node; `path` is its path.
inline void walk_tensors(const SeveralTensorsType& type, const void* object, const std::string& path, LiveGraph& live) {
  LiveTensors several{static_cast<std::int32_t>(live.graph.size()) - 1, type.serialize(object), {}};
  const std::string_view saveable = type.saveable_name();
  const std::string common = saveable.empty() ? "" : core::detail::attribute_key(path, saveable);
  if (!saveable.empty()) live.graph.add_attribute(several.node, {saveable, "", common});
  for (const NamedTensors::Item& item : several.tensors) {
    several.keys.push_back(saveable.empty() ? core::detail::attribute_key(path, item.name) : common + item.name);
    if (saveable.empty())
      live.graph.add_attribute(several.node, {core::detail::escape_local_name(item.name), "", several.keys.back()});
  }
  live.tensors.push_back(std::move(several));
}

inline bool RestorePlan::take_tensors(std::uint32_t item, const SeveralTensorsType& type) {
  const Object object = items_[item].object;
  const std::int32_t node = items_[item].node;
  const auto attributes = saved_.attributes(node);
  if (attributes.empty()) return false;
  const std::string path = this->path(item), first_key(attributes[0].checkpoint_key);
  const NamedTensors present = type.serialize(object.address);
  core::detail::Vec<bool> is_taken(attributes.size());
  NamedTensors values;
  bool fits = true;
  const auto refuse = [&](const std::string& name, const std::string& key, std::string expected, std::string found) {
    add_mismatch({path + "'s tensor '" + name + "'", key, std::move(expected), std::move(found)}, path);
    fits = false;
  };
  const std::string_view saveable = type.saveable_name();
  bool is_any_taken = false;
  for (const NamedTensors::Item& tensor : present) {
    const std::string name = saveable.empty() ? core::detail::escape_local_name(tensor.name) : std::string(saveable);
    const DType dtype = tensor.tensor.dtype();
    const std::string expected = shown_type(dtype, tensor.tensor.shape().to_string());
    std::size_t i = 0;
    while (i < attributes.size() && attributes[i].name != name) ++i;
    if (i == attributes.size()) {
      refuse(tensor.name, first_key, expected, "not there");
      continue;
    }
    if (saveable.empty() || !is_any_taken) is_taken[i] = is_any_taken = true;
    const std::string key = std::string(attributes[i].checkpoint_key) + (saveable.empty() ? "" : tensor.name);
    const TensorSource::Description saved = find(node, key, item);
    if (saved.dtype != dtype && !options_.cast.allows(saved.dtype, dtype))
      refuse(tensor.name, key, expected, shown_type(saved.dtype, saved.shape.to_string()));
    else if (fits)
      values.add(tensor.name, read(key, saved, dtype));
  }
  claim(node);
  for (std::size_t i = 0; i < is_taken.size(); ++i)
    if (!is_taken[i]) left_attributes_.push_back({node, attributes[i].name});
  if (!fits) return true;
  try {
    actions_of(item).add_value(type.restore(object.address, values));
    matched_.push_back(item);
  } catch (const Error& error) {
    if (on_mismatch(path) != OnMismatch::skip || error.code() != ErrorCode::invalid_argument) throw;
    mismatched_.push_back({path, first_key, shown_types(present), shown_types(values)});
  }
  return true;
}

inline AnyTensor RestorePlan::read(const std::string& key, const TensorSource::Description& saved, DType to) const {
  if (saved.dtype == DT_STRING) {
    std::vector<std::string> strings(static_cast<std::size_t>(saved.shape.num_elements()));
    source_.read_strings(key, strings);
    return {saved.shape, std::move(strings)};
  }
  AnyTensor value(saved.dtype, saved.shape);
  source_.read(key, {}, value.bytes());
  if (saved.dtype == to) return value;
  AnyTensor converted(to, saved.shape);
  options_.cast.convert(source_, key, saved.dtype, value.bytes(), to, converted.bytes());
  return converted;
}

}  // namespace CAIRN_NAMESPACE::graph::detail
