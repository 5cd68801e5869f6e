// The walk over a user's state: breadth first from the root, children in the order their parents list them, each object
// once. Node ids, child order and keys are TensorFlow's (python/checkpoint/graph_view.py).
//
//   LiveGraph graph = walk(root);   // graph.message is what is saved, graph.objects[i] the user's object of node i
#pragma once

#include "../core/error.hpp"
#include "../core/object_graph.hpp"
#include "keys.hpp"
#include "named_tensors.hpp"
#include "object.hpp"
#include "object_set.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace cairn::detail {

struct RootChild {
  std::string name;
  Slot slot;
};

// The root of what is tracked: an object of its own (a struct), or named children, or both: then the object's children
// come first.
struct Root {
  Object object;
  std::vector<RootChild> children;

  void list(const ChildSink& sink) const {
    if (object) object.type->children(object.address, sink);
    list_added(sink);
  }
  void list_added(const ChildSink& sink) const {
    for (const RootChild& child : children) sink({.name = child.name, .slot = child.slot});
  }
};

struct LiveGraph {
  TrackableObjectGraph message;
  std::vector<Object> objects;                             // by node id; node 0 is empty when the root has no object
  std::unordered_map<std::int32_t, NamedTensors> tensors;  // by node id, of objects that are several
  std::vector<std::shared_ptr<void>> kept;  // copies that classes with their own save() made for this walk
};

// A node has checkpoint values when it or anything below it has an attribute: TensorFlow's has_checkpoint_values, which
// tells a restore what is worth waiting for.
inline void fill_has_checkpoint_values(TrackableObjectGraph& graph) {
  std::vector<std::vector<std::int32_t>> parents(graph.nodes.size());
  std::vector<std::int32_t> reached;
  for (std::size_t id = 0; id < graph.nodes.size(); ++id) {
    TrackableObject& node = graph.nodes[id];
    for (const ObjectReference& child : node.children)
      parents[static_cast<std::size_t>(child.node_id)].push_back(static_cast<std::int32_t>(id));
    node.has_checkpoint_values = !node.attributes.empty();
    if (*node.has_checkpoint_values) reached.push_back(static_cast<std::int32_t>(id));
  }
  while (!reached.empty()) {
    const auto id = static_cast<std::size_t>(reached.back());
    reached.pop_back();
    for (const std::int32_t parent : parents[id]) {
      auto& flag = graph.nodes[static_cast<std::size_t>(parent)].has_checkpoint_values;
      if (*flag) continue;
      flag = true;
      reached.push_back(parent);
    }
  }
}

// One pass of walk(). Loose edges lead to what `known` has; `met_loose` tells that there are some.
[[nodiscard]] inline LiveGraph walk_edges(const Root& root, const ObjectSet& known, bool& met_loose) {
  LiveGraph live;
  std::vector<std::string> paths(1);
  std::unordered_map<Object, std::int32_t, ObjectHash> ids;
  live.objects.push_back(root.object);
  live.message.nodes.emplace_back();
  if (root.object) ids.emplace(root.object, 0);

  for (std::size_t id = 0; id < live.objects.size(); ++id) {
    const Object object = live.objects[id];
    const std::string path = std::move(paths[id]);
    if (const LeafType* leaf = object ? object.type->leaf() : nullptr)
      live.message.nodes[id].attributes.push_back({std::string(variable_value),
                                                   std::string(leaf->full_name(object.address)),
                                                   attribute_key(path, variable_value)});
    if (const SeveralTensorsType* type = object ? object.type->several_tensors() : nullptr) {
      NamedTensors& tensors = live.tensors[static_cast<std::int32_t>(id)] = type->serialize(object.address);
      for (const NamedTensors::Item& item : tensors)
        live.message.nodes[id].attributes.push_back({escape_local_name(item.name), "", attribute_key(path, item.name)});
    }
    const auto visit = [&](const Child& child) {
      const Object target = child.slot.get();
      if (!target) return;
      if (child.slot.type->is_loose()) {
        met_loose = true;
        if (!known.contains(target)) return;
      }
      const auto [place, is_new] = ids.emplace(target, static_cast<std::int32_t>(live.objects.size()));
      if (is_new) {
        live.objects.push_back(target);
        live.message.nodes.emplace_back();
        paths.push_back(child_path(path, id == 0, child.name));
      }
      if (child.kept != nullptr) live.kept.push_back(child.kept);
      live.message.nodes[id].children.push_back({place->second, std::string(child.name)});
    };
    if (id == 0)
      root.list(visit);
    else
      object.type->children(object.address, visit);
  }
  return live;
}

// Walks what is there now. Throws Error (invalid_argument) when two values would get the same key.
[[nodiscard]] inline LiveGraph walk(const Root& root) {
  bool met_loose = false;
  LiveGraph live = walk_edges(root, {}, met_loose);
  if (met_loose)  // and again, now that it is known what there is: a loose edge may be the shorter path to it
    live = walk_edges(root, ObjectSet(live.objects.begin(), live.objects.end()), met_loose);
  fill_has_checkpoint_values(live.message);

  std::unordered_set<std::string_view> keys;
  for (const TrackableObject& node : live.message.nodes)
    for (const SerializedTensor& attribute : node.attributes)
      if (!keys.insert(attribute.checkpoint_key).second)
        throw Error(ErrorCode::invalid_argument,
                    "two values would be saved under the key " + attribute.checkpoint_key +
                        "; give the members different names (an empty name is the same as its parent)")
            .at_key(attribute.checkpoint_key);
  return live;
}

}  // namespace cairn::detail
