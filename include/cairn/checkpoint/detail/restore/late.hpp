// Checkpoint::track: a child that comes after a restore takes the values that the restore found for its name.
//
// A restore keeps its Restoration while values wait in it; everything else is here, where only `track` leads.
#pragma once

#include "../../../graph/detail/match.hpp"
#include "../../../graph/detail/object.hpp"
#include "../../../graph/detail/root.hpp"
#include "../tracked_state.hpp"
#include "graph_restoration.hpp"
#include "name_restoration.hpp"
#include "restoration.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::checkpoint::detail {

// Returns true when this restore had values waiting for the child; they are in the child then. `root` is without the
// child. When it throws, neither the child nor what waits has changed.
inline bool GraphRestoration::restore_child(const graph::detail::Root& root, std::string_view name,
                                            graph::detail::Slot slot) {
  const graph::detail::RestorePlan::Progress before = plan_.progress();
  bool found = false;
  try {
    found = plan_.match_child(root, name, slot);
    prepare();
    commit();
  } catch (...) {
    plan_.roll_back(before);
    throw;
  }
  return found;
}
// Returns and throws what the function above does. A name says all here, whatever else the root has.
inline bool NameRestoration::restore_child(std::string_view name, graph::detail::Slot slot) {
  try {
    check(graph::detail::Root{.object = {}, .children = {{std::string(name), slot}}});
    const bool found = matching_->has_claimed;
    commit();
    return found;
  } catch (...) {
    matching_.reset();
    throw;
  }
}
[[nodiscard]] inline bool restore_child(Restoration& restoration, const graph::detail::Root& root,
                                        std::string_view name, graph::detail::Slot slot) {
  if (auto* const by_graph = dynamic_cast<GraphRestoration*>(&restoration))
    return by_graph->restore_child(root, name, slot);
  return static_cast<NameRestoration&>(restoration).restore_child(name, slot);
}

inline void TrackedState::track(std::string name, graph::detail::Slot slot) {
  root_.list([&](const graph::detail::Child& child) {
    if (child.name == name) refuse_taken(name);
  });
  root_.children.reserve(root_.children.size() + 1);
  if (!pending_.empty()) {
    wait();
    forget_frozen();
  }
  for (std::size_t i = pending_.size(); i-- > 0;)
    if (restore_child(*pending_[i], root_, name, slot)) break;
  root_.children.push_back({std::move(name), slot});
  erase_if(pending_, [](const auto& each) { return !each->is_pending(); });
}

}  // namespace CAIRN_NAMESPACE::checkpoint::detail
