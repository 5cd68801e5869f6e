// Which objects CheckpointOptions::frozen names.
//
//   frozen_nodes(live, {"model.embedding", "model.encoder.*"})   true for these nodes, and for all that is below them
#pragma once

#include "../../../core/detail/fail.hpp"
#include "../../../core/detail/shown_path.hpp"
#include "../../../core/detail/vec.hpp"
#include "../../../core/error.hpp"
#include "../../../graph/detail/pattern.hpp"
#include "../../../graph/detail/walk.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace CAIRN_NAMESPACE::checkpoint::detail {

// By node id. An object that is reached over several edges is named by each of them. The save counter is never one.
// Throws Error (invalid_argument) for a path that nothing has.
[[nodiscard]] inline core::detail::Vec<bool> frozen_nodes(const graph::detail::LiveGraph& live,
                                                          const std::vector<std::string>& paths) {
  const std::size_t size = live.graph.size();
  const auto children_of = [&](std::size_t id) { return live.graph.children(static_cast<std::int32_t>(id)); };
  core::detail::Vec<bool> is_frozen(size);
  if (paths.empty()) return is_frozen;
  core::detail::Vec<bool> is_met(paths.size()), is_named(size);
  std::vector<std::string> path_of(size);  // over the edge that leads there first
  core::detail::Vec<std::size_t> named;
  std::size_t counter = 0;
  is_named[0] = true;
  for (std::size_t id = 0; id < size; ++id)
    for (const ObjectReference child : children_of(id)) {
      const auto target = static_cast<std::size_t>(child.node_id);
      if (id == 0 && child.local_name == core::detail::save_counter_name) {
        counter = target;
        continue;
      }
      const std::string path =
          id == 0 ? std::string(child.local_name) : core::detail::ShownPath::join(path_of[id], child.local_name);
      bool is_here = false;
      for (std::size_t i = 0; i < paths.size(); ++i)
        if (graph::detail::match_pattern(paths[i], path)) is_here = is_met[i] = true;
      if (is_here && !is_frozen[target]) {
        is_frozen[target] = true;
        named.push_back(target);
      }
      if (!is_named[target]) path_of[target] = path;
      is_named[target] = true;
    }
  for (std::size_t i = 0; i < paths.size(); ++i)
    if (!is_met[i])
      core::detail::fail(
          ErrorCode::invalid_argument,
          {"nothing that is tracked has the path \"", paths[i],
           "\", which CheckpointOptions::frozen names; paths are written with dots, \"model.embedding\", as "
           "matched() of a restore lists them, and \"*\" stands for any text, also none"});
  while (!named.empty()) {
    const std::size_t id = named.back();
    named.pop_back();
    for (const ObjectReference child : children_of(id)) {
      const auto target = static_cast<std::size_t>(child.node_id);
      if (is_frozen[target] || target == 0) continue;
      is_frozen[target] = true;
      named.push_back(target);
    }
  }
  if (counter != 0) is_frozen[counter] = false;
  return is_frozen;
}

}  // namespace CAIRN_NAMESPACE::checkpoint::detail
