// A saved node and its live object: restored by a registered saver where one of them belongs to it, by the node's
// values otherwise.
#pragma once

#include "../../core/error.hpp"
#include "../registered_saver.hpp"
#include "match_values.hpp"
#include "node_table.hpp"
#include "restore_plan.hpp"
#include "shown_path.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace cairn::graph::detail {

class SaverMatcher {
 public:
  enum class Found {
    plainly,   // the values of the node are the object's, or it has none
    by_saver,  // a registered saver restores it
    nothing,   // the object needs something that is not there
  };

  explicit SaverMatcher(const NodeTable& saved) : saved_(saved) {}

  // `path` is the object's ValuePath. Throws Error with ErrorCode::invalid_argument when the saver of that name does
  // not take the object and does not let it be skipped; what ValueMatcher throws.
  Found take(std::int32_t node, const Object& object, const ValuePath& path, ValueMatcher& values,
             RestorePlan& plan) const {
    const core::detail::FlatGraph::Node saved = saved_[node];
    if (saved.registered_saver) return take_recorded(node, *saved.registered_saver, object, path, values, plan);
    if (const CheckpointSaver* const saver = savers_.find(object); saver != nullptr) {
      if (saved.attributes.empty()) return Found::nothing;
      // Saved before the class had a saver.
      return planned(node, *saver, saved.attributes[0].checkpoint_key, object, path, values, plan);
    }
    const auto take = [&](const auto* type) {
      return type == nullptr || values.take(node, object, *type, path, plan) ? Found::plainly : Found::nothing;
    };
    return object.type->leaf() != nullptr ? take(object.type->leaf()) : take(object.type->several_tensors());
  }

 private:
  Found take_recorded(std::int32_t node, const core::detail::FlatGraph::Saver& recorded, const Object& object,
                      const ValuePath& path, ValueMatcher& values, RestorePlan& plan) const {
    const CheckpointSaver* const saver = savers_.find(recorded.name);
    if (saver == nullptr) return Found::nothing;
    if (saver->predicate(Trackable(object)))
      return planned(node, *saver, recorded.object_name, object, path, values, plan);
    if (!saver->strict_predicate_restore) return Found::nothing;
    const std::string file = values.source().name();
    if (values.on_mismatch(path()) != OnMismatch::skip)
      throw Error(ErrorCode::invalid_argument,
                  path_or_root(path()) + " was saved in " + file + " with the registered saver named \"" +
                      std::string(recorded.name) + "\", but this saver cannot be used to restore the " +
                      std::string(object.type->name()) +
                      " in the program, because its predicate does not pass. Change the predicate, or register the "
                      "saver with {.strict_predicate_restore = false}")
          .in_file(file)
          .at_key(std::string(recorded.object_name));
    values.claim_all(node);
    values.add_mismatch({path(), std::string(recorded.object_name), std::string(object.type->name()),
                         "what the registered saver " + std::string(recorded.name) + " saved"});
    return Found::by_saver;
  }

  static Found planned(std::int32_t node, const CheckpointSaver& saver, std::string_view name, const Object& object,
                       const ValuePath& path, ValueMatcher& values, RestorePlan& plan) {
    plan.add(saver, name, object);
    values.claim_all(node);
    values.add_matched(path);
    return Found::by_saver;
  }

  const NodeTable& saved_;
  RegisteredSavers savers_ = registered_savers();
};

}  // namespace cairn::graph::detail
