// A restore by the object graph that tf.train.Checkpoint and cairn write.
#pragma once

#include "../../../bundle/object_graph.hpp"
#include "../../../core/object_graph.hpp"
#include "../../../graph/detail/match.hpp"
#include "../../options.hpp"
#include "restoration.hpp"
#include "source.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::checkpoint::detail {

class GraphRestoration final : public Restoration {
 public:
  // Throws Error: data_loss for a damaged graph; invalid_argument for a prefix or a rename that fits nothing.
  CAIRN_COLD GraphRestoration(bundle::Reader reader, const std::string& path, const RestoreOptions& options)
      : Restoration(path),
        source_(std::move(reader), options.threads),
        saved_(read_graph(options)),
        plan_(saved_, source_,
              {{options.on_mismatch, options.on_mismatch_at}, options.cast, options.skip_slot_variables}),
        is_part_(!options.prefix.empty()) {}

  void check(const graph::detail::Root& root) override {
    plan_.match(root);
    watch.expect(source_.sought_bytes);
    prepare();
  }
  CAIRN_COLD void commit() override {
    watch.go_on(!plan_.read());
    plan_.commit();
    publish();
  }
  [[nodiscard]] const bundle::Reader& reader() const noexcept { return source_.reader(); }
  // RestoreActions' functions of these names.
  void read() { static_cast<void>(plan_.read()); }
  void undo() noexcept { plan_.undo(); }

  bool restore_child(const graph::detail::Root& root, std::string_view name, graph::detail::Slot slot);  // late.hpp

  [[nodiscard]] bool is_pending() const override { return plan_.is_pending(); }
  [[nodiscard]] bool is_superseded_by(const Restoration& newer) const override {
    const auto* const other = dynamic_cast<const GraphRestoration*>(&newer);
    return other != nullptr && plan_.is_superseded_by(other->plan_);
  }

 private:
  [[nodiscard]] ObjectGraph read_graph(const RestoreOptions& options) const {
    const RenameFeature* const feature = rename_feature_of(options.prefix, options.rename);
    if (feature != nullptr) return feature->read_graph(source_.reader(), options.prefix, options.rename.list());
    return bundle::detail::read_checked_graph(source_.reader());
  }

  CAIRN_COLD void prepare() {
    plan_.check();
    graph::detail::MatchStatus status = plan_.status();
    next_.matched = std::move(status.matched);
    next_.mismatched = std::move(status.mismatched);
    next_.only_in_checkpoint = std::move(status.only_in_checkpoint);
    next_.only_in_program = std::move(status.only_in_program);
    next_.nontrivial = status.is_nontrivial;
    if (is_part_) excuse_save_counter(next_);
  }

  BundleSource source_;
  const ObjectGraph saved_;
  graph::detail::RestorePlan plan_;
  bool is_part_;
};

}  // namespace CAIRN_NAMESPACE::checkpoint::detail
