// A state saved into memory, and restored from there: the walk and the match without files.
//
//   SavedState saved(root_of(model));        // what a checkpoint would hold; tests may change it
//   saved.restore(root_of(other));
#pragma once

#include <cairn/core/error.hpp>
#include <cairn/core/object_graph.hpp>
#include <cairn/graph/detail/container_types.hpp>
#include <cairn/graph/detail/leaf_types.hpp>
#include <cairn/graph/detail/match.hpp>
#include <cairn/graph/detail/struct_type.hpp>
#include <cairn/graph/detail/walk.hpp>

#include "support/errors.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::test {

template <class T>
graph::detail::Root root_of(T& object) {
  return {.object = graph::detail::slot_of(object).get(), .children = {}};
}
template <class T>
graph::detail::Root child(std::string name, T& object) {
  return {.object = {}, .children = {{std::move(name), graph::detail::slot_of(object)}}};
}

struct Restored {
  std::vector<std::string> matched, only_in_checkpoint, only_in_program;
  std::vector<Mismatch> mismatched;
};
using Names = std::vector<std::string>;

class SavedState final : public graph::detail::TensorSource {
 public:
  struct Value {
    DType dtype = DT_INVALID;
    Shape shape;
    std::vector<std::byte> bytes;
    std::vector<std::string> strings;
  };

  ObjectGraph graph;
  std::map<std::string, Value, std::less<>> values;
  std::set<std::string, std::less<>> damaged;  // keys that fail their checksum
  mutable std::size_t reads = 0;
  std::size_t reads_until_failure = static_cast<std::size_t>(-1);

  SavedState() = default;
  explicit SavedState(const graph::detail::Root& root) {
    const graph::detail::LiveGraph live = graph::detail::walk(root);
    graph = live.graph;
    std::size_t next = 0;  // of live.tensors
    for (std::size_t id = 0; id < live.objects.size(); ++id) {
      if (graph[id].attributes.empty()) continue;
      if (next < live.tensors.size() && live.tensors[next].node == static_cast<std::int32_t>(id)) {
        const graph::detail::LiveTensors& several = live.tensors[next++];
        auto key = several.keys.begin();
        for (const auto& item : several.tensors) keep(*key++, item.tensor.view());
      } else {
        keep(std::string(graph[id].attributes[0].checkpoint_key),
             live.objects[id].type->leaf()->value(live.objects[id].address).view);
      }
    }
  }
  void keep(const std::string& key, const TensorView& view) {
    Value& value = values[key];
    value.dtype = view.dtype();
    value.shape = view.shape();
    value.bytes.resize(tensor::detail::bytes_of(view));
    value.strings.resize(view.strings().size());
    tensor::detail::copy_elements(view, value.bytes, value.strings);
  }

  Restored restore(const graph::detail::Root& root, OnMismatch on_mismatch = OnMismatch::error) const {
    graph.require_ids("file");
    graph::detail::RestorePlan plan = match(graph, *this, root, {.on_mismatch = on_mismatch});
    plan.check();
    plan.commit();
    const graph::detail::MatchStatus status = plan.status();
    return {status.matched.strings(), status.only_in_checkpoint, status.only_in_program, status.mismatched};
  }

  [[nodiscard]] std::string name() const override { return "file"; }
  [[nodiscard]] Description find(std::string_view key) const override {
    const auto value = values.find(key);
    if (value == values.end()) return {.is_there = false};
    return {value->second.dtype, value->second.shape};
  }
  void read(std::string_view key, core::detail::Boxes, std::span<std::byte> out) const override {
    const auto& bytes = checked(key).bytes;
    if (bytes.size() != out.size()) throw Error(ErrorCode::internal, "read of another size");
    std::copy(bytes.begin(), bytes.end(), out.begin());
  }
  [[nodiscard]] bool is_whole(const void*) const noexcept override { return false; }
  std::uint32_t read_piece(std::string_view, const void*, std::uint64_t, std::span<std::byte>) const override {
    return 0;
  }
  void require_checksum(std::string_view, const void*, const std::uint32_t*, std::uint64_t) const override {}
  [[nodiscard]] std::size_t threads_for(std::uint64_t) const noexcept override { return 1; }
  void for_each_task(std::size_t, std::size_t, Work) const override {}
  void read_strings(std::string_view key, std::span<std::string> out) const override {
    const auto& strings = checked(key).strings;
    if (strings.size() != out.size()) throw Error(ErrorCode::data_loss, "other strings than the shape says");
    std::copy(strings.begin(), strings.end(), out.begin());
  }
  [[nodiscard]] core::detail::Own<Bulk> bulk(core::detail::Vec<Wanted> wanted) const override {
    return core::detail::Own<Bulk>(new OneByOne(*this, std::move(wanted)));
  }

  // "name -> id" of each child, for comparing.
  [[nodiscard]] Names children(std::size_t node) const {
    Names names;
    for (const auto each : graph[node].children)
      names.push_back(std::string(each.local_name) + " -> " + std::to_string(each.node_id));
    return names;
  }
  [[nodiscard]] Names keys() const {
    Names names;
    for (const auto& each : values) names.push_back(each.first);
    return names;
  }

 private:
  class OneByOne final : public Bulk {
   public:
    OneByOne(const SavedState& source, core::detail::Vec<Wanted> wanted)
        : source_(source), wanted_(std::move(wanted)) {}
    [[nodiscard]] bool read(bool undo) override {
      if (undo) return true;
      for (const Wanted& each : wanted_) (void)source_.checked(each.key);
      return wanted_.empty();
    }
    void read_rest() override {
      for (const Wanted& each : wanted_) source_.read(each.key, each.boxes, each.out);
    }

   private:
    const SavedState& source_;
    core::detail::Vec<Wanted> wanted_;
  };

  [[nodiscard]] const Value& checked(std::string_view key) const {
    if (++reads > reads_until_failure) throw Error(ErrorCode::unavailable, "the disk failed");
    if (damaged.contains(key)) throw Error(ErrorCode::data_loss, "checksum of " + std::string(key));
    return values.find(key)->second;
  }
};

// Graphs of one's own: node ids are positions.
struct NodeOfTest {
  std::vector<std::pair<std::int32_t, std::string>> children;
  std::string key;
};
inline NodeOfTest node(std::vector<std::pair<std::int32_t, std::string>> children, std::string key = "") {
  return {std::move(children), std::move(key)};
}
inline void add_node(ObjectGraph& graph, const std::vector<std::pair<std::int32_t, std::string>>& children,
                     const std::string& key = "") {
  const std::int32_t id = graph.add_node();
  for (const auto& [child, name] : children) graph.add_child(id, {child, name});
  if (!key.empty()) graph.add_attribute(id, {"VARIABLE_VALUE", "", key});
}
inline ObjectGraph graph_of(const std::vector<NodeOfTest>& nodes) {
  ObjectGraph graph;
  for (const NodeOfTest& each : nodes) add_node(graph, each.children, each.key);
  return graph;
}

}  // namespace cairn::test
