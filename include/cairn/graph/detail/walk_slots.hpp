// Slot variables in the graph of a live state: nodes behind all others, in TensorFlow's order.
//
//   node 2 (optimizer) { slot_variables: (m, 4, 8) (m, 5, 9) (v, 4, 10) (v, 5, 11) }
//   node 8 { VARIABLE_VALUE: key <path of node 4>/.OPTIMIZER_SLOT/<path of node 2>/m/.ATTRIBUTES/VARIABLE_VALUE }
#pragma once

#include "../../core/detail/fail.hpp"
#include "../../core/detail/hash_index.hpp"
#include "../../core/detail/keys.hpp"
#include "../../core/detail/sort.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/error.hpp"
#include "../../core/object_graph.hpp"
#include "object.hpp"
#include "slot_variable_set.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace CAIRN_NAMESPACE::graph::detail {

class SlotsOfWalk final : public WalkedSlots {
 public:
  void note(std::int32_t node, const std::string& path, const Object& object) override {
    object.type->slot_variables(object.address, [&](std::string_view name, const SlotVariableSet& set, auto&&) {
      slots_.push_back({node, path, std::string(name), &set});
    });
  }
  [[nodiscard]] bool empty() const noexcept override { return slots_.empty(); }

  void add_to(ObjectGraph& graph, core::detail::Vec<Object>& objects) const override { add(graph, objects); }

 private:
  // Optimizers come in the order of their nodes, and of one its slots as its members are declared; of a slot its
  // variables in the order of their nodes. Throws Error with ErrorCode::unimplemented for one that somebody holds, too,
  // or has no key. It is no virtual function: the body of one that stands behind its class is in every program.
  void add(ObjectGraph& graph, core::detail::Vec<Object>& objects) const;

  struct LiveSlots {
    std::int32_t optimizer = 0;
    std::string optimizer_path;
    std::string name;
    const SlotVariableSet* set = nullptr;
  };
  core::detail::Vec<LiveSlots> slots_;
};

inline void SlotsOfWalk::add(ObjectGraph& graph, core::detail::Vec<Object>& objects) const {
  if (slots_.empty()) return;
  core::detail::HashIndex ids;  // of objects
  const auto insert = [&](const Object& object, std::size_t id) {
    return ids.insert(ObjectHash{}(object), id, [&](std::size_t i) { return objects[i] == object; }).second;
  };
  for (std::size_t id = 0; id < objects.size(); ++id)
    if (objects[id]) insert(objects[id], id);
  struct Held {
    std::int32_t variable;
    Object slot;
  };
  for (const LiveSlots& each : slots_) {
    core::detail::Vec<Held> held;
    each.set->list([&](const Object& variable, const Object& slot) {
      const std::size_t found =
          ids.find(ObjectHash{}(variable), [&](std::size_t id) { return objects[id] == variable; });
      if (found != core::detail::HashIndex::none) held.push_back({static_cast<std::int32_t>(found), slot});
    });
    core::detail::sort(held, [](const Held& a, const Held& b) { return a.variable < b.variable; });
    for (const auto& [variable, slot] : held) {
      const auto id = static_cast<std::int32_t>(objects.size());
      const auto attributes = graph.attributes(variable);
      if (attributes.empty())
        core::detail::fail(ErrorCode::unimplemented,
                           {"a variable of \"", each.optimizer_path, "\" has the slot variable \"", each.name,
                            "\", but a registered saver saves the variable itself, so that there "
                            "is no key for its slot; let one saver save both"});
      const SerializedTensor original = attributes[0];
      if (!insert(slot, objects.size()))
        core::detail::fail(ErrorCode::unimplemented, {"a slot variable for ", original.checkpoint_key,
                                                      " is also a tracked object of its own, or the slot variable of "
                                                      "another; TensorFlow cannot read such files"});
      std::string_view path = original.checkpoint_key;
      path.remove_suffix(core::detail::variable_value_suffix.size());
      const std::string key = core::detail::attribute_key(
          core::detail::slot_variable_path(path, each.optimizer_path, each.name), core::detail::variable_value);
      const std::string full_name = std::string(original.full_name) + "/" + each.name;
      graph.add_attribute(graph.add_node(), {core::detail::variable_value, full_name, key});
      objects.push_back(slot);
      graph.add_slot_variable(each.optimizer, {variable, each.name, id});
    }
  }
}

}  // namespace CAIRN_NAMESPACE::graph::detail
