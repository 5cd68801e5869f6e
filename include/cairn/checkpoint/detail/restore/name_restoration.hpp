// A restore from a checkpoint without an object graph, as tf.compat.v1.train.Saver writes them: each variable is found
// by its name (TensorFlow's NameBasedSaverStatus).
//
//   struct Model { cairn::Variable<float, 4, 2> kernel{{.name = "dense/kernel"}}; std::int64_t global_step; };
//
// takes "dense/kernel" and "global_step": a Variable that was given a name goes by it, everything else by its path in
// the program, with "/" between the names. {.prefix = "scope"} looks for "scope/dense/kernel" instead.
#pragma once

#include "../../../core/detail/keys.hpp"
#include "../../../core/detail/own.hpp"
#include "../../../core/detail/vec.hpp"
#include "../../../graph/detail/match.hpp"
#include "../../../graph/detail/walk.hpp"
#include "../../options.hpp"
#include "entries_by_name.hpp"
#include "restoration.hpp"
#include "source.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::checkpoint::detail {

class NameRestoration final : public Restoration {
 public:
  CAIRN_COLD NameRestoration(bundle::Reader reader, const std::string& path, const RestoreOptions& options)
      : Restoration(path),
        source_(std::move(reader)),
        by_name_(entries_by_name(options)),
        on_mismatch_(options.on_mismatch, options.on_mismatch_at),
        cast_(options.cast),
        is_unclaimed_(source_.reader().entries().size()) {
    for (const NamedEntry& each : by_name_.names) {
      if (!is_unclaimed_[each.entry]) ++unclaimed_;
      is_unclaimed_[each.entry] = true;
    }
  }

  CAIRN_COLD void check(const graph::detail::Root& root) override {
    matching_ = core::detail::make_own<Matching>(*this, root);
    matching_->plan.match(root);
    watch.expect(source_.sought_bytes);
    matching_->plan.check();
    const graph::detail::MatchStatus status = matching_->plan.status();
    next_ = {};
    next_.name_based = true;
    next_.matched.add_all(record().matched);
    next_.matched.add_all(status.matched);
    append(next_.mismatched, record().mismatched);
    append(next_.mismatched, status.mismatched);
    append(next_.only_in_program, record().only_in_program);
    append(next_.only_in_program, status.only_in_program);
    for (const auto& [name, entry] : by_name_.names) {
      if (!is_unclaimed_[entry] || matching_->is_claimed[entry]) continue;
      const std::string& key = source_.reader().entries()[entry].first;
      next_.only_in_checkpoint.push_back(key);
      if (!is_its_own(name, key)) ((next_.only_in_checkpoint.back() += " (renamed to ") += name) += ")";
    }
    next_.nontrivial = !next_.matched.empty();
    excuse_save_counter(next_);
  }
  void commit() override {
    watch.go_on(!matching_->plan.read());
    matching_->plan.commit();
    for (std::size_t i = 0; i < is_unclaimed_.size(); ++i) {
      if (!is_unclaimed_[i] || !matching_->is_claimed[i]) continue;
      is_unclaimed_[i] = false;
      --unclaimed_;
    }
    matching_.reset();
    publish();
  }

  [[nodiscard]] const bundle::Reader& reader() const noexcept { return source_.reader(); }
  // RestoreActions' functions of these names.
  void read() { static_cast<void>(matching_->plan.read()); }
  void undo() noexcept { matching_->plan.undo(); }

  bool restore_child(std::string_view name, graph::detail::Slot slot);  // late.hpp

  [[nodiscard]] bool is_pending() const override { return unclaimed_ != 0; }
  [[nodiscard]] CAIRN_COLD bool is_superseded_by(const Restoration& newer) const override {
    const auto* const other = dynamic_cast<const NameRestoration*>(&newer);
    if (other == nullptr) return false;
    for (const auto& [name, entry] : by_name_.names)
      if (is_unclaimed_[entry] && other->by_name_.find(name) == nullptr) return false;
    return true;
  }

 private:
  [[nodiscard]] EntriesByName entries_by_name(const RestoreOptions& options) const {
    const RenameFeature* const feature = rename_feature_of(options.prefix, options.rename);
    return feature == nullptr ? entries_by_key(source_.reader())
                              : feature->list_names(source_.reader(), options.prefix, options.rename.list());
  }

  // The program's own graph, as if the checkpoint held it: each value under the key that its name means.
  struct Matching {
    CAIRN_COLD Matching(const NameRestoration& restoration, const graph::detail::Root& root)
        : is_claimed(restoration.is_unclaimed_.size()),
          saved(restoration.graph_of(graph::detail::walk(root).graph, *this)),
          plan(saved, restoration.source_,
               {.on_mismatch = restoration.on_mismatch_, .cast = restoration.cast_, .is_made_up = true}) {}
    core::detail::Vec<bool> is_claimed;  // by entry
    bool has_claimed = false;
    ObjectGraph saved;
    graph::detail::RestorePlan plan;
  };

  [[nodiscard]] CAIRN_COLD ObjectGraph graph_of(ObjectGraph graph, Matching& matching) const {
    for (std::size_t id = 0; id < graph.size(); ++id) {
      const auto node = static_cast<std::int32_t>(id);
      const ObjectGraph::Node live = graph[node];
      // Several tensors have no names there.
      const bool is_variable = !live.attributes.empty() && live.attributes[0].name == core::detail::variable_value;
      const NamedEntry* found = nullptr;
      if (is_variable) {
        const SerializedTensor attribute = live.attributes[0];
        found = attribute.full_name == unnamed ? by_name_.find(path_of_key(attribute.checkpoint_key))
                                               : by_name_.find(attribute.full_name);
      }
      if (found == nullptr) {
        graph.erase_attributes(node, [](const SerializedTensor&) { return true; });
        continue;
      }
      graph.set_key(node, 0, source_.reader().entries()[found->entry].first);
      matching.is_claimed[found->entry] = matching.has_claimed = true;
    }
    return graph;
  }

  static constexpr std::string_view unnamed = "Variable";  // what everything is called that was not given a name

  // "dense.S1/kernel/.ATTRIBUTES/VARIABLE_VALUE" is the key of what the program calls dense/1, kernel.
  [[nodiscard]] static std::string path_of_key(std::string_view key) {
    key.remove_suffix(core::detail::variable_value_suffix.size());
    return core::detail::unescape_local_name(key).value_or("");
  }

  BundleSource source_;
  EntriesByName by_name_;
  graph::detail::MismatchPolicy on_mismatch_;
  graph::detail::Casting cast_;
  core::detail::Vec<bool> is_unclaimed_;  // by entry: it has a name, and no object has taken it yet
  std::size_t unclaimed_ = 0;             // the number of those
  core::detail::Own<Matching> matching_;
};

}  // namespace CAIRN_NAMESPACE::checkpoint::detail
