// A restore by the object graph that tf.train.Checkpoint and cairn write.
#pragma once

#include "../archive/source.hpp"
#include "../bundle/object_graph.hpp"
#include "../graph/match.hpp"
#include "../graph/node_table.hpp"
#include "../graph/renamed_graph.hpp"
#include "../graph/saved_graph.hpp"
#include "options.hpp"
#include "restoration.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace cairn::detail {

class GraphRestoration final : public Restoration {
 public:
  // Throws Error: data_loss for a damaged graph; invalid_argument for a prefix or a rename that fits nothing.
  GraphRestoration(bundle::Reader reader, const std::string& path, const RestoreOptions& options)
      : Restoration(path),
        source_(std::move(reader), options.threads),
        saved_(selected(options)),
        matcher_(*saved_, source_, {options.on_mismatch, options.on_mismatch_at}, options.cast,
                 options.skip_slot_variables),
        skip_slot_variables_(options.skip_slot_variables),
        is_part_(!options.prefix.empty()) {}

  void check(const Root& root) override {
    matcher_.match(root);
    prepare();
  }
  void commit() override {
    matcher_.plan().commit(source_);
    publish();
  }

  bool restore_child(const Root& root, std::string_view name, Slot slot) override {
    const Matcher::Progress before = matcher_.progress();
    bool found = false;
    try {
      found = matcher_.match_child(root, name, slot);
      prepare();
      commit();
    } catch (...) {
      matcher_.roll_back(before);
      throw;
    }
    return found;
  }

  [[nodiscard]] bool is_pending() const override { return matcher_.is_pending(); }
  [[nodiscard]] bool is_superseded_by(const Restoration& newer) const override {
    const auto* const other = dynamic_cast<const GraphRestoration*>(&newer);
    return other != nullptr && matcher_.is_superseded_by(other->matcher_);
  }

 private:
  [[nodiscard]] std::shared_ptr<const NodeTable> selected(const RestoreOptions& options) const {
    const std::string file = source_.name();
    if (options.prefix.empty() && options.rename.empty())
      return std::make_shared<const NodeTable>(read_flat_graph(source_.reader()), file);
    auto saved = std::make_shared<const SavedGraph>(bundle::read_object_graph(source_.reader()), file);
    if (!options.prefix.empty()) saved = below(*saved, options.prefix, file);
    return with_renames(std::move(saved), options.rename, file);
  }

  void prepare() {
    matcher_.plan().check(source_);
    next_.matched = matcher_.matched();
    next_.only_in_checkpoint = matcher_.only_in_checkpoint(skip_slot_variables_);
    next_.only_in_program = matcher_.only_in_program();
    next_.mismatched = matcher_.mismatched();
    next_.nontrivial = matcher_.is_nontrivial();
    if (is_part_) excuse_save_counter(next_);
  }

  BundleSource source_;
  std::shared_ptr<const NodeTable> saved_;
  Matcher matcher_;
  bool skip_slot_variables_;
  bool is_part_;
};

}  // namespace cairn::detail
