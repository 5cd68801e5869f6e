// A restore by the object graph that tf.train.Checkpoint and cairn write.
#pragma once

#include "../../../bundle/object_graph.hpp"
#include "../../../graph/detail/match.hpp"
#include "../../../graph/detail/node_table.hpp"
#include "../../options.hpp"
#include "restoration.hpp"
#include "source.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace cairn::checkpoint::detail {

class GraphRestoration final : public Restoration {
 public:
  // Throws Error: data_loss for a damaged graph; invalid_argument for a prefix or a rename that fits nothing.
  GraphRestoration(bundle::Reader reader, const std::string& path, const RestoreOptions& options)
      : Restoration(path),
        source_(std::move(reader), options.threads),
        saved_(read_graph(options)),
        matcher_(*saved_, source_, {options.on_mismatch, options.on_mismatch_at}, options.cast,
                 options.skip_slot_variables),
        skip_slot_variables_(options.skip_slot_variables),
        is_part_(!options.prefix.empty()) {}

  void check(const graph::detail::Root& root) override {
    matcher_.match(root);
    prepare();
  }
  void commit() override {
    matcher_.plan().commit(source_);
    publish();
  }

  bool restore_child(const graph::detail::Root& root, std::string_view name, graph::detail::Slot slot);  // late.hpp

  [[nodiscard]] bool is_pending() const override { return matcher_.is_pending(); }
  [[nodiscard]] bool is_superseded_by(const Restoration& newer) const override {
    const auto* const other = dynamic_cast<const GraphRestoration*>(&newer);
    return other != nullptr && matcher_.is_superseded_by(other->matcher_);
  }

 private:
  [[nodiscard]] core::detail::Own<const graph::detail::NodeTable> read_graph(const RestoreOptions& options) const {
    const RenameFeature* const feature = rename_feature_of(options.prefix, options.rename);
    if (feature != nullptr) return feature->read_graph(source_.reader(), options.prefix, options.rename.list());
    return core::detail::make_own<const graph::detail::NodeTable>(bundle::detail::read_flat_graph(source_.reader()),
                                                                  source_.name());
  }

  void prepare() {
    matcher_.plan().check(source_);
    next_.matched = matcher_.matched();
    next_.only_in_checkpoint = matcher_.only_in_checkpoint(skip_slot_variables_);
    next_.only_in_program = matcher_.only_in_program();
    next_.mismatched.clear();
    append(next_.mismatched, matcher_.mismatched());
    next_.nontrivial = matcher_.is_nontrivial();
    if (is_part_) excuse_save_counter(next_);
  }

  BundleSource source_;
  core::detail::Own<const graph::detail::NodeTable> saved_;
  graph::detail::Matcher matcher_;
  bool skip_slot_variables_;
  bool is_part_;
};

}  // namespace cairn::checkpoint::detail
