// TrackableView: the objects of a program as TensorFlow would track them, each with the objects that it holds and their
// names.
//
//   const cairn::TrackableView view{training};
//   for (const cairn::TrackedObject& object : view.descendants()) std::cout << object.path << '\n';
#pragma once

#include "../core/detail/shown_path.hpp"
#include "../core/error.hpp"
#include "../graph/detail/container_types.hpp"
#include "../graph/detail/copied_types.hpp"
#include "../graph/detail/keyed_map_type.hpp"
#include "../graph/detail/leaf_types.hpp"
#include "../graph/detail/object_type.hpp"
#include "../graph/detail/struct_type.hpp"
#include "../graph/detail/tracked_slot.hpp"
#include "../graph/detail/valarray_type.hpp"
#include "../graph/detail/variant_type.hpp"
#include "../graph/detail/walk.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE {

// One object of the program: its path and its address. It is valid while the object lives.
struct TrackedObject {
  std::string path;  // names with dots between them; empty for the root
  graph::detail::Object object = {};

  // Returns the name of the object's C++ type as the compiler spells it, for a message.
  [[nodiscard]] std::string_view type_name() const noexcept { return object.type->name(); }
  // Returns a pointer to the object; null when it is no T.
  template <class T>
  [[nodiscard]] T* get_if() const {
    return object.type == &graph::detail::object_type<T>() ? static_cast<T*>(object.address) : nullptr;
  }
  // Compares the objects alone: one object may have several paths.
  friend bool operator==(const TrackedObject& a, const TrackedObject& b) noexcept { return a.object == b.object; }
};

// Names and the nodes or objects that they stand for, in order:
//
//   for (const auto& [name, node] : view.children(0)) ...
//   view.children(0).at("model")
template <class Node>
class NamedNodes {
 public:
  // Adds a name. A name that is there already keeps its place and stands for the new node, as in a Python dict.
  void set(std::string_view name, Node node) {
    const auto [place, is_new] = places_.try_emplace(std::string(name), nodes_.size());
    if (is_new)
      nodes_.emplace_back(std::string(name), std::move(node));
    else
      nodes_[place->second].second = std::move(node);
  }
  [[nodiscard]] auto begin() const noexcept { return nodes_.begin(); }
  [[nodiscard]] auto end() const noexcept { return nodes_.end(); }
  [[nodiscard]] std::size_t size() const noexcept { return nodes_.size(); }
  [[nodiscard]] bool empty() const noexcept { return nodes_.empty(); }
  [[nodiscard]] bool contains(const std::string& name) const { return places_.contains(name); }
  // Returns the node of a name. Throws Error with ErrorCode::not_found when there is none.
  [[nodiscard]] const Node& at(const std::string& name) const {
    const auto place = places_.find(name);
    if (place == places_.end()) throw Error(ErrorCode::not_found, "there is no child of the name \"" + name + "\"");
    return nodes_[place->second].second;
  }

 private:
  std::vector<std::pair<std::string, Node>> nodes_;
  std::unordered_map<std::string, std::size_t> places_;
};

namespace edit::detail {

// The objects of a program by number, breadth first, each once.
struct LiveObjects {
  struct Edge {
    std::string name;
    std::vector<std::string> other_names;
    std::size_t node;
  };
  struct Node {
    graph::detail::Object object;
    std::string path;
    std::vector<Edge> children;
  };
  std::vector<Node> nodes;
  std::vector<std::shared_ptr<void>> kept;  // keeps the copies alive that classes with their own save() made

  explicit LiveObjects(const graph::detail::Object& root) {
    std::unordered_map<graph::detail::Object, std::size_t, graph::detail::ObjectHash> ids{{root, 0}};
    nodes.push_back({root, {}, {}});
    for (std::size_t id = 0; id < nodes.size(); ++id) {
      const graph::detail::Object object = nodes[id].object;
      object.type->children(object.address, [&](const graph::detail::Child& child) {
        const graph::detail::Object target = child.slot.get();
        if (!target) return;
        const auto [place, is_new] = ids.emplace(target, nodes.size());
        if (is_new)
          nodes.push_back({target,
                           nodes[id].path.empty() ? std::string(child.name)
                                                  : core::detail::ShownPath::join(nodes[id].path, child.name),
                           {}});
        if (child.kept != nullptr) kept.push_back(child.kept);
        nodes[id].children.push_back(
            {std::string(child.name), {child.other_names.begin(), child.other_names.end()}, place->second});
      });
    }
  }

  [[nodiscard]] TrackedObject tracked(std::size_t id) const { return {nodes[id].path, nodes[id].object}; }
};

}  // namespace edit::detail

// The objects below a root at the time when the view is made. The view refers to the objects and must not outlive them.
// All members may be called by several threads at the same time.
class TrackableView {
 public:
  // Walks any object that a Checkpoint can track. A const object and a temporary do not compile.
  template <class T>
    requires(!std::is_same_v<std::remove_const_t<T>, TrackableView>)
  explicit TrackableView(T& root) : live_(graph::detail::tracked_slot(root).get()) {
    static_assert(!std::is_const_v<T>,
                  "cairn: a const object cannot be tracked, because a restore writes to it. Pass an object that is not "
                  "const.");
  }
  template <class T>
    requires(!std::is_lvalue_reference_v<T> && !std::is_same_v<std::remove_const_t<T>, TrackableView>)
  explicit TrackableView(T&& root) : TrackableView(root) {
    static_assert(std::is_lvalue_reference_v<T>,
                  "cairn: a TrackableView refers to the object, and a temporary is gone at once. Give it a variable "
                  "that lives as long as the view.");
  }

  // Returns the object that the view was made of.
  [[nodiscard]] TrackedObject root() const { return live_.tracked(0); }

  // Returns the children of an object by name, in the order in which they are saved. Throws Error with
  // ErrorCode::not_found for an object that the view does not have.
  [[nodiscard]] NamedNodes<TrackedObject> children(const TrackedObject& object) const {
    for (const auto& node : live_.nodes) {
      if (node.object != object.object) continue;
      NamedNodes<TrackedObject> children;
      for (const auto& edge : node.children) children.set(edge.name, live_.tracked(edge.node));
      return children;
    }
    throw Error(ErrorCode::not_found, "the object \"" + object.path + "\" is none of those that the root holds");
  }

  // Returns all objects, each once, breadth first; the root comes first.
  [[nodiscard]] std::vector<TrackedObject> descendants() const {
    std::vector<TrackedObject> objects;
    for (std::size_t id = 0; id < live_.nodes.size(); ++id) objects.push_back(live_.tracked(id));
    return objects;
  }

  // Returns the objects by number, for CheckpointView.
  [[nodiscard]] const edit::detail::LiveObjects& live() const noexcept { return live_; }

 private:
  edit::detail::LiveObjects live_;
};

}  // namespace CAIRN_NAMESPACE
