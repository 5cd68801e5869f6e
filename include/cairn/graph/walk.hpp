// The walk over a user's state: breadth first from the root, children in the order their parents list them, each object
// once. Node ids, child order and keys are TensorFlow's (python/checkpoint/graph_view.py).
//
//   LiveGraph graph = walk(root);   // graph.message is what is saved, graph.objects[i] the user's object of node i
#pragma once

#include "../core/error.hpp"
#include "../core/hash_index.hpp"
#include "../core/object_graph.hpp"
#include "keys.hpp"
#include "named_tensors.hpp"
#include "object.hpp"
#include "object_set.hpp"
#include "registered_saver.hpp"
#include "walk_slots.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <numeric>
#include <string>
#include <string_view>
#include <unordered_map>
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
  std::vector<LiveSlots> slots;
  RegisteredSavers registered = registered_savers();
  std::map<const CheckpointSaver*, Trackables> savers;  // the objects that each of them saves
  std::vector<std::shared_ptr<void>> kept;              // copies that classes with their own save() made for this walk
};

// A node has checkpoint values when it or anything below it has some: TensorFlow's has_checkpoint_values, which
// tells a restore what is worth waiting for.
inline void fill_has_checkpoint_values(TrackableObjectGraph& graph) {
  // The parents of node i are parents[begin[i]] up to parents[begin[i + 1]].
  std::vector<std::size_t> begin(graph.nodes.size() + 2);
  for (const TrackableObject& node : graph.nodes)
    for (const ObjectReference& child : node.children) ++begin[static_cast<std::size_t>(child.node_id) + 2];
  std::partial_sum(begin.begin(), begin.end(), begin.begin());
  std::vector<std::int32_t> parents(begin.back());
  std::vector<std::int32_t> reached;
  for (std::size_t id = 0; id < graph.nodes.size(); ++id) {
    TrackableObject& node = graph.nodes[id];
    for (const ObjectReference& child : node.children)
      parents[begin[static_cast<std::size_t>(child.node_id) + 1]++] = static_cast<std::int32_t>(id);
    node.has_checkpoint_values =
        !node.attributes.empty() || !node.slot_variables.empty() || node.registered_saver.has_value();
    if (*node.has_checkpoint_values) reached.push_back(static_cast<std::int32_t>(id));
  }
  while (!reached.empty()) {
    const auto id = static_cast<std::size_t>(reached.back());
    reached.pop_back();
    for (std::size_t i = begin[id]; i < begin[id + 1]; ++i) {
      auto& flag = graph.nodes[static_cast<std::size_t>(parents[i])].has_checkpoint_values;
      if (*flag) continue;
      flag = true;
      reached.push_back(parents[i]);
    }
  }
}

[[nodiscard]] inline SmallList<SerializedTensor> attributes_of(const SeveralTensorsType& type,
                                                               const NamedTensors& tensors, std::string_view path) {
  const std::string_view saveable = type.saveable_name();
  if (!saveable.empty()) return {{std::string(saveable), "", attribute_key(path, saveable)}};
  SmallList<SerializedTensor> attributes;
  for (const NamedTensors::Item& item : tensors)
    attributes.push_back({escape_local_name(item.name), "", attribute_key(path, item.name)});
  return attributes;
}

// One pass of walk(). Loose edges lead to what `known` has; `met_loose` tells that there are some.
[[nodiscard]] inline LiveGraph walk_edges(const Root& root, const ObjectSet& known, bool& met_loose) {
  LiveGraph live;
  // Each node's path is made when it is its turn, out of its parent's, which is the one before's more often than not:
  // together they are as large as all keys.
  struct From {
    std::int32_t parent;
    std::uint32_t child;  // among the parent's
  };
  std::vector<From> from(1);
  std::string parent_path;
  std::size_t parent_of_path = 0;
  HashIndex ids;
  const auto id_of = [&](const Object& object) {
    return ids.insert(ObjectHash{}(object), live.objects.size(),
                      [&](std::size_t id) { return live.objects[id] == object; });
  };
  if (root.object) (void)id_of(root.object);
  live.objects.push_back(root.object);
  live.message.nodes.emplace_back();
  const auto append_name_of = [&](std::string& path, std::size_t id) {
    const auto parent = static_cast<std::size_t>(from[id].parent);
    append_child_path(path, parent == 0, live.message.nodes[parent].children[from[id].child].local_name);
  };
  std::vector<std::size_t> above;
  std::string path;
  const auto find_path = [&](std::size_t id) {
    path.clear();
    if (id == 0) return;
    const auto parent = static_cast<std::size_t>(from[id].parent);
    std::size_t at = parent;
    for (; at != 0 && at != parent_of_path; at = static_cast<std::size_t>(from[at].parent)) above.push_back(at);
    if (at != parent_of_path) parent_path.clear();
    for (; !above.empty(); above.pop_back()) append_name_of(parent_path, above.back());
    parent_of_path = parent;
    path += parent_path;
    append_name_of(path, id);
  };

  for (std::size_t id = 0; id < live.objects.size(); ++id) {
    const Object object = live.objects[id];
    find_path(id);
    if (const CheckpointSaver* saver = object ? live.registered.find(object) : nullptr) {
      live.savers[saver].emplace(path, Trackable(object));
      live.message.nodes[id].registered_saver = RegisteredSaver{saver->registered_name(), path};
    } else if (const LeafType* leaf = object ? object.type->leaf() : nullptr) {
      live.message.nodes[id].attributes.push_back({std::string(variable_value),
                                                   std::string(leaf->full_name(object.address)),
                                                   attribute_key(path, variable_value)});
    } else if (const SeveralTensorsType* type = object ? object.type->several_tensors() : nullptr) {
      live.tensors[static_cast<std::int32_t>(id)] = type->serialize(object.address);
      live.message.nodes[id].attributes = attributes_of(*type, live.tensors[static_cast<std::int32_t>(id)], path);
    }
    // Functions are handed over by reference: each copy into a std::function would take memory.
    const auto note_slots = [&](std::string_view name, const SlotVariableSet& set) {
      live.slots.push_back({static_cast<std::int32_t>(id), path, std::string(name), &set});
    };
    if (object && !holds_values(object)) object.type->slot_variables(object.address, std::ref(note_slots));
    const auto visit = [&](const Child& child) {
      const Object target = child.slot.get();
      if (!target) return;
      if (child.slot.type->is_loose()) {
        met_loose = true;
        if (!known.contains(target)) return;
      }
      const auto [target_id, is_new] = id_of(target);
      if (is_new) {
        live.objects.push_back(target);
        from.push_back(
            {static_cast<std::int32_t>(id), static_cast<std::uint32_t>(live.message.nodes[id].children.size())});
        live.message.nodes.emplace_back();
      }
      if (child.kept != nullptr) live.kept.push_back(child.kept);
      live.message.nodes[id].children.push_back({static_cast<std::int32_t>(target_id), std::string(child.name)});
    };
    if (id == 0)
      root.list(std::ref(visit));
    else
      object.type->children(object.address, std::ref(visit));
  }
  return live;
}

inline void require_different_keys(const TrackableObjectGraph& graph) {
  std::vector<const std::string*> keys;
  HashIndex index;
  for (const TrackableObject& node : graph.nodes)
    for (const SerializedTensor& attribute : node.attributes) {
      const std::string& key = attribute.checkpoint_key;
      if (!index.insert(std::hash<std::string_view>{}(key), keys.size(), [&](std::size_t i) { return *keys[i] == key; })
               .second)
        throw Error(ErrorCode::invalid_argument,
                    "two values would be saved under the key " + key +
                        "; give the members different names (an empty name is the same as its parent)")
            .at_key(key);
      keys.push_back(&key);
    }
}

// Walks what is there now. Throws Error (invalid_argument) when two values would get the same key.
[[nodiscard]] inline LiveGraph walk(const Root& root, bool skip_slot_variables = false) {
  bool met_loose = false;
  LiveGraph live = walk_edges(root, {}, met_loose);
  if (met_loose)  // and again, now that it is known what there is: a loose edge may be the shorter path to it
    live = walk_edges(root, ObjectSet(live.objects.begin(), live.objects.end()), met_loose);
  if (!skip_slot_variables) add_slot_variables(live.message, live.objects, live.slots);
  fill_has_checkpoint_values(live.message);

  require_different_keys(live.message);
  return live;
}

}  // namespace cairn::detail
