// propose_renames: the renames that restore a checkpoint whose values have other names than those of the program, found by
// shapes and order. model.export() of Keras 3 is such: it has a model's variables as "variables.0", "variables.1".
//
//   checkpoint.read("exported", {.rename = cairn::propose_renames(model, "exported", "model")});
//   std::cout << cairn::to_string(cairn::propose_renames(model, "exported", "model"));    // lines to look at and to paste
//
// They are guesses: where values of one shape stand in another order, they get each other's. What the program computes
// then tells.
#pragma once

#include "../bundle/reader.hpp"
#include "../core/detail/shown_path.hpp"
#include "../core/dtype.hpp"
#include "../core/path_argument.hpp"
#include "../core/shape.hpp"
#include "../graph/rename.hpp"
#include "../io/native.hpp"
#include "checkpoint_view.hpp"
#include "trackable_view.hpp"

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE {

namespace edit::detail {

struct NamedValue {
  std::string path;
  DType dtype;
  Shape shape;
};

// The program's values in the order of Keras: what an object holds itself comes before what the objects in it hold.
class ValuesInProgram {
 public:
  ValuesInProgram(const LiveObjects& live, std::string_view name) : live_(live), name_(name) { visit(0); }

  [[nodiscard]] std::vector<std::pair<std::string, graph::detail::Object>>& all() noexcept { return all_; }

 private:
  void visit(std::size_t id) {
    if (!visited_.insert(id).second) return;
    const LiveObjects::Node& node = live_.nodes[id];
    if (node.object.type->leaf() != nullptr) {
      std::string path(name_);
      if (!path.empty() && !node.path.empty()) path = core::detail::ShownPath::join(path, node.path);
      all_.emplace_back(path.empty() ? node.path : path, node.object);
      return;
    }
    for (const bool are_values : {true, false})
      for (const LiveObjects::Edge& edge : node.children)
        if ((live_.nodes[edge.node].object.type->leaf() != nullptr) == are_values) visit(edge.node);
  }

  const LiveObjects& live_;
  std::string_view name_;
  std::set<std::size_t> visited_;
  std::vector<std::pair<std::string, graph::detail::Object>> all_;
};

// The values below each child of a checkpoint's root, in the order of the file. A value that several hold is the first's.
class ValuesInCheckpoint {
 public:
  ValuesInCheckpoint(const CheckpointView& view, const bundle::Reader& reader) : view_(view) {
    for (const auto& [key, entry] : reader.entries()) entries_.emplace(key, NamedValue{{}, entry.dtype, entry.shape});
    visited_.insert(0);
    for (const auto& [name, node] : view.children(0)) {
      values_ = {};
      visit(node, name, 0);
      if (!values_.empty()) groups_.push_back(std::move(values_));
    }
  }

  [[nodiscard]] const std::vector<std::vector<NamedValue>>& groups() const noexcept { return groups_; }

 private:
  static constexpr int max_depth = 1000;  // a graph of a file may be deeper than the stack

  void visit(std::int32_t node, const std::string& path, int depth) {
    if (depth > max_depth || !visited_.insert(node).second) return;
    for (const SerializedTensor tensor : view_.object_graph()[node].attributes)
      if (const auto entry = entries_.find(std::string(tensor.checkpoint_key)); entry != entries_.end())
        values_.push_back({path, entry->second.dtype, entry->second.shape});
    for (const auto& [name, child] : view_.children(node))
      visit(child, core::detail::ShownPath::join(path, name), depth + 1);
  }

  const CheckpointView& view_;
  std::unordered_map<std::string, NamedValue> entries_;
  std::set<std::int32_t> visited_;
  std::vector<NamedValue> values_;
  std::vector<std::vector<NamedValue>> groups_;
};

[[nodiscard]] inline std::vector<Rename> propose_renames(const LiveObjects& live, const std::string& path,
                                                         std::string_view name, io::FileSystem& files) {
  const CheckpointView view(path, files);
  const bundle::Reader reader(bundle::find_checkpoint(path, files), files);
  const ValuesInCheckpoint saved(view, reader);
  std::set<std::string> names;
  for (const std::vector<NamedValue>& group : saved.groups())
    for (const NamedValue& value : group) names.insert(value.path);
  ValuesInProgram program(live, name);
  std::set<std::string> found;  // by its name
  for (const auto& value : program.all())
    if (names.contains(value.first)) found.insert(value.first);

  // The best group has most of the program's values; of several such the first is taken. Values of one shape are in order.
  std::vector<Rename> best;
  for (const std::vector<NamedValue>& group : saved.groups()) {
    std::vector<Rename> renames;
    std::vector<bool> is_taken(group.size());
    for (const auto& [to, object] : program.all()) {
      if (found.contains(to)) continue;
      const auto fits = [&, &to_object = object](const NamedValue& value) {
        const graph::detail::LeafType& leaf = *to_object.type->leaf();
        return !found.contains(value.path) && leaf.dtype(to_object.address) == value.dtype &&
               leaf.accepts(to_object.address, value.shape);
      };
      std::size_t next = 0;
      while (next < group.size() && (is_taken[next] || !fits(group[next]))) ++next;
      if (next == group.size()) continue;
      renames.push_back({group[next].path, to});
      is_taken[next] = true;
    }
    if (renames.size() > best.size()) best = std::move(renames);
  }
  return best;
}

}  // namespace edit::detail

// Proposes renames for values of `object` that the checkpoint does not have under their names. `name` is the name by which
// a Checkpoint tracks the object, as "model"; it is empty for an object that is the root. `path` is a checkpoint's, that
// of a directory (its latest), or a SavedModel's. The result fits RestoreOptions::rename; it is empty where no value fits,
// and has no line for a value whose dtype and shape no saved one has. Nothing is restored.
//
// Throws Error with ErrorCode::not_found when there is no checkpoint; ErrorCode::invalid_argument for a checkpoint of
// TensorFlow 1, which has no object graph; ErrorCode::data_loss for a damaged one; ErrorCode::failed_precondition for a
// checkpoint of a CheckpointManager with another format than TensorFlow's. The object belongs to one thread during the
// call.
template <class T>
[[nodiscard]] std::vector<Rename> propose_renames(T& object, const PathArgument& path, std::string_view name = {},
                                                  io::FileSystem& files = io::native()) {
  return edit::detail::propose_renames(TrackableView(object).live(), path.string(), name, files);
}

// Returns the renames as they stand in a program, a line each:
//
//   {.rename = {{"variables.0", "model.hidden._kernel"},
//               {"variables.1", "model.hidden.bias"}}}
[[nodiscard]] inline std::string to_string(const std::vector<Rename>& renames) {
  std::string text = "{.rename = {";
  for (std::size_t i = 0; i < renames.size(); ++i)
    text += (i == 0 ? "{\"" : ",\n            {\"") + renames[i].from + "\", \"" + renames[i].to + "\"}";
  return text + "}}\n";
}

}  // namespace CAIRN_NAMESPACE
