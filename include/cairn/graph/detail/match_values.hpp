// The values of one saved node and the live object that it is bound to: what fits is planned, what does not is listed.
#pragma once

#include "../../core/detail/fail.hpp"
#include "../../core/detail/keys.hpp"
#include "../../core/detail/shown_path.hpp"
#include "../../core/detail/sort.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/error.hpp"
#include "../../core/object_graph.hpp"
#include "../mismatch.hpp"
#include "object.hpp"
#include "restore_actions.hpp"
#include "restore_plan.hpp"
#include "tensor_source.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::graph::detail {

[[nodiscard]] inline std::string shown_type(DType dtype, const std::string& shape) {
  return to_string(dtype) + " " + shape;
}
// An object that earlier versions saved as one string, and that is bound to such a one. False for all others.
inline bool RestorePlan::take_earlier_form(std::uint32_t item) {
  const Object object = items_[item].object;
  const LeafType* const earlier = object.type->earlier_form();
  const std::int32_t node = items_[item].node;
  if (earlier == nullptr || saved_[node].attributes.size() != 1) return false;
  const TensorSource::Description saved = source_.find(saved_[node].attributes[0].checkpoint_key);
  if (!saved || saved.dtype != DT_STRING) return false;
  const LeafType* const leaf = object.type->leaf();
  if (leaf != nullptr && leaf->dtype(object.address) == DT_STRING && leaf->accepts(object.address, saved.shape))
    return false;
  return take(node, object, *earlier, item, actions_of(item));
}

// Of an item that is bound. False when the object needs a value that the node does not have.
inline bool RestorePlan::take_values(std::uint32_t item) {
  MatchItem& at = items_[item];
  auto found = saved_.has_registered_saver(at.node) ? Savers::Found::nothing : Savers::Found::plainly;
  if (savers_ != nullptr) found = savers_->restore(*this, item);
  if (found == Savers::Found::by_saver) at.keeps_structure = true;
  if (found != Savers::Found::plainly) return found == Savers::Found::by_saver;
  if (const LeafType* const leaf = at.object.type->leaf())
    return take(at.node, at.object, *leaf, item, actions_of(item));
  const SeveralTensorsType* const several = at.object.type->several_tensors();
  return several == nullptr || several->match(*this, item);
}

// A leaf that is bound. False when nothing is saved for it there.
inline bool RestorePlan::take(std::int32_t node, const Object& object, const LeafType& leaf, std::uint32_t value,
                              RestoreActions& actions) {
  const auto attributes = saved_.attributes(node);
  std::size_t index = attributes.size();  // of the last one that fits
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    const std::string_view name = attributes[i].name;
    if (name == core::detail::variable_value || (name == "py_state" && leaf.dtype(object.address) == DT_STRING))
      index = i;
  }
  if (index == attributes.size()) return false;
  const std::string_view key = attributes[index].checkpoint_key;
  const TensorSource::Description saved = find(node, key, value);
  // A saver gives the list its length, and its values.
  if (leaf.is_column() && items_[value].keeps_structure && !leaf.accepts(object.address, saved.shape)) return true;
  claim(node);
  for (std::size_t i = 0; i < attributes.size(); ++i)
    if (i != index) left_attributes_.push_back({node, attributes[i].name});
  const DType dtype = leaf.dtype(object.address, saved.dtype);
  const bool is_cast = options_.cast.allows(saved.dtype, dtype);
  const Conversion conversion = is_cast ? Conversion{saved.dtype, dtype, options_.cast} : Conversion{};
  if ((saved.dtype == dtype || is_cast) && leaf.accepts(object.address, saved.shape)) {
    actions.add(key, saved.place, leaf.land(object.address, dtype, saved.shape), conversion);
    matched_.push_back(value);
    return true;
  }
  const std::string path = path_of_value(value);
  Mismatch mismatch{path, std::string(key), shown_type(dtype, leaf.accepted(object.address)),
                    shown_type(saved.dtype, saved.shape.to_string())};
  if (saved.dtype == dtype || is_cast)
    if (auto part = options_.on_mismatch.land_part(path, leaf, object.address, saved.shape, mismatch.taken))
      actions.add(key, saved.place, std::move(part), conversion);
  add_mismatch(std::move(mismatch), path);
  return true;
}

inline TensorSource::Description RestorePlan::find(std::int32_t node, std::string_view key, std::uint32_t value) {
  TensorSource::Description saved = source_.find(key);
  if (!saved)
    core::detail::fail(ErrorCode::not_found,
                       {"the object graph of ", file(), " says that ", core::detail::path_or_root(path_of_value(value)),
                        " is saved under ", key, ", but there is no such key; the checkpoint was cut down or damaged"},
                       {.file = file(), .key = key});
  if (!options_.is_made_up && !saved_.is_copy(node)) bytes_.add(key, saved, source_);
  return saved;
}

// Of the object with that path.
CAIRN_COLD inline void RestorePlan::add_mismatch(Mismatch mismatch, std::string_view path) {
  const bool is_refused = on_mismatch(path) != OnMismatch::skip && mismatch.taken.empty();
  (is_refused ? refused_ : mismatched_).push_back(std::move(mismatch));
}

// The saved values that nobody took, in node order, without slot variables when those are not wanted: a node by its
// path, or single attributes of it where others were taken.
inline std::vector<std::string> RestorePlan::unclaimed() const {
  std::vector<std::string> paths;
  core::detail::Vec<LeftAttribute> left = left_attributes_;
  core::detail::sort(left, [](const LeftAttribute& a, const LeftAttribute& b) { return a.node < b.node; });
  const LeftAttribute* next = left.begin();
  for (std::size_t id = 0; id < saved_.size(); ++id) {
    const auto node = static_cast<std::int32_t>(id);
    const bool is_wanted = !options_.skip_slot_variables || !saved_.is_slot_variable(node);
    const ObjectGraph::Node saved = saved_[node];
    if (is_wanted && !bound_[id].is_claimed) {
      if (saved.registered_saver)
        paths.push_back(saved_.path(node) + "'s registered saver '" + std::string(saved.registered_saver->name) + "'");
      else if (!saved.attributes.empty())
        paths.push_back(node == 0 ? "(root)" : saved_.path_with_rename(node));
    }
    for (; next != left.end() && next->node == node; ++next)
      if (is_wanted) paths.push_back(saved_.path(node) + "'s attribute '" + std::string(next->name) + "'");
  }
  return paths;
}

}  // namespace CAIRN_NAMESPACE::graph::detail
