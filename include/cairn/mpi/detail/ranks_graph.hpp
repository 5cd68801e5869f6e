// The object graph of a state of which each rank has a part of its own: what is below a PerRank.
//
//   rank 0: root -> random -> "0" -> a          common: root -> random           checkpoint: root -> random -> "0" -> a
//   rank 1: root -> random -> "1" -> b, c       own: "0" -> a; "1" -> b, c                                   -> "1" -> b, c
//
// The common part is the same on every rank, in one order. Rank 0 puts the parts of all ranks behind it. A state without
// any PerRank is common as a whole, and its graph is left as the walk made it.
#pragma once

#include "../../core/detail/sort.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/object_graph.hpp"
#include "../../format/object_graph.hpp"
#include "../../format/varint.hpp"
#include "../../graph/detail/restore_plan.hpp"
#include "../../graph/detail/walk.hpp"
#include "../../partition/detail/per_rank_type.hpp"
#include "message.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::mpi::detail {

class RanksGraph {
 public:
  RanksGraph() = default;
  // `live` must outlive this.
  explicit RanksGraph(const graph::detail::LiveGraph& live) : live_(&live), common_id_(live.graph.size(), -1) {
    for (std::size_t id = 0; id < live.objects.size(); ++id) has_own_ = has_own_ || is_per_rank(id);
    if (!has_own_) {
      for (std::size_t id = 0; id < common_id_.size(); ++id) common_id_[id] = static_cast<std::int32_t>(id);
      return;
    }
    core::detail::Vec<std::int32_t> order;
    const auto meet = [&](std::int32_t id) {
      if (common_id_[static_cast<std::size_t>(id)] >= 0) return;
      common_id_[static_cast<std::size_t>(id)] = static_cast<std::int32_t>(order.size());
      order.push_back(id);
    };
    meet(0);
    for (std::size_t next = 0; next < order.size(); ++next) {
      const std::int32_t id = order[next];
      if (is_per_rank(static_cast<std::size_t>(id))) continue;
      for (const ObjectReference child : live.graph.children(id)) meet(child.node_id);
      for (const SlotVariableReference slot : live.graph[id].slot_variables) meet(slot.slot_variable_node_id);
    }
    for (const std::int32_t id : order) {
      const std::int32_t made = common_.add_node_of(
          live.graph, id, [&](std::int32_t child) { return common_id_[static_cast<std::size_t>(child)]; });
      if (is_per_rank(static_cast<std::size_t>(id)))
        static_cast<void>(common_.erase_children(made, [](const ObjectReference&) { return true; }));
    }
  }

  [[nodiscard]] bool has_own() const noexcept { return has_own_; }
  // The place of a node of the walk among those that all ranks have; -1 for one that is this rank's own.
  [[nodiscard]] std::int32_t common_id(std::int32_t node) const noexcept {
    return common_id_[static_cast<std::size_t>(node)];
  }
  // What is the same on every rank.
  [[nodiscard]] const ObjectGraph& common() const noexcept { return has_own_ ? common_ : live_->graph; }

  // What is this rank's own, for with().
  [[nodiscard]] std::string encode_own() const {
    core::detail::Vec<std::int32_t> own_id(common_id_.size(), -1);
    std::int32_t count = 0;
    for (std::size_t id = 0; id < common_id_.size(); ++id)
      if (common_id_[id] < 0) own_id[id] = count++;
    // A node that all ranks have is told by a number behind those of the own ones.
    const auto told = [&](std::int32_t id) {
      const std::int32_t own = own_id[static_cast<std::size_t>(id)];
      return own >= 0 ? own : count + common_id(id);
    };
    ObjectGraph own;
    for (std::size_t id = 0; id < common_id_.size(); ++id)
      if (common_id_[id] < 0) static_cast<void>(own.add_node_of(live_->graph, static_cast<std::int32_t>(id), told));
    std::string message;
    put(message, std::string_view(format::encode(own)));
    for (std::size_t id = 0; id < live_->objects.size(); ++id) {
      if (!is_per_rank(id) || common_id_[id] < 0) continue;
      for (const ObjectReference child : live_->graph.children(static_cast<std::int32_t>(id))) {
        format::append_varint(message, static_cast<std::uint64_t>(common_id_[id]));
        format::append_varint(message, static_cast<std::uint64_t>(told(child.node_id)));
        put(message, child.local_name);
      }
    }
    return message;
  }

  // The graph of the checkpoint: the common part, and what each rank has encoded.
  [[nodiscard]] ObjectGraph with(const std::vector<std::string>& all) && {
    struct Edge {
      std::int32_t from, to;
      std::string_view name;
    };
    core::detail::Vec<Edge> edges;
    for (const std::string& each : all) {
      format::ByteReader message(each, "a message of a rank");
      const ObjectGraph own = format::decode_object_graph(take_text(message));
      const auto count = static_cast<std::int32_t>(own.size()), base = static_cast<std::int32_t>(common_.size());
      const auto id_here = [&](std::int32_t told) { return told < count ? base + told : told - count; };
      for (std::int32_t id = 0; id < count; ++id) static_cast<void>(common_.add_node_of(own, id, id_here));
      while (!message.empty()) {
        const auto from = static_cast<std::int32_t>(message.read_varint64());
        const auto to = id_here(static_cast<std::int32_t>(message.read_varint64()));
        edges.push_back({from, to, take_text(message)});
      }
    }
    core::detail::Vec<std::uint32_t> order;  // those of one node together
    for (std::size_t i = 0; i < edges.size(); ++i) order.push_back(static_cast<std::uint32_t>(i));
    core::detail::sort(order, [&](std::uint32_t a, std::uint32_t b) {
      return edges[a].from != edges[b].from ? edges[a].from < edges[b].from : a < b;
    });
    for (const std::uint32_t i : order) common_.add_child(edges[i].from, {edges[i].to, edges[i].name});
    return std::move(common_);
  }

 private:
  [[nodiscard]] bool is_per_rank(std::size_t id) const {
    return id < live_->objects.size() && live_->objects[id] &&
           dynamic_cast<const partition::detail::AnyPerRankType*>(live_->objects[id].type) != nullptr;
  }

  const graph::detail::LiveGraph* live_ = nullptr;
  core::detail::Vec<std::int32_t> common_id_;  // by node of the walk
  ObjectGraph common_;                         // empty without own
  bool has_own_ = false;
};

}  // namespace CAIRN_NAMESPACE::mpi::detail
