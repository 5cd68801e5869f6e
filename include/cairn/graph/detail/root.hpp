// Where a walk begins: what a Checkpoint tracks.
#pragma once

#include "../../core/detail/vec.hpp"
#include "object.hpp"

#include <string>

namespace CAIRN_NAMESPACE::graph::detail {

struct RootChild {
  std::string name;
  Slot slot;
};

// The root of what is tracked: an object of its own (a struct), or named children, or both: then the object's children
// come first.
struct Root {
  Object object;
  core::detail::Vec<RootChild> children;

  void list(const ChildSink& sink) const {
    if (object) object.type->children(object.address, sink);
    list_added(sink);
  }
  void list_added(const ChildSink& sink) const {
    for (const RootChild& child : children) sink({.name = child.name, .slot = child.slot});
  }
};

}  // namespace CAIRN_NAMESPACE::graph::detail
