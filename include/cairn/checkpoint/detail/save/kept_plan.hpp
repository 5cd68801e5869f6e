// What a save has found out that holds for the next one as well, as long as the structure of the state stays: the
// graph, the keys, where each value lies, the index. The next save compares the state with it while it walks, value by
// value, and takes memory for none of them; at the first difference it plans anew.
#pragma once

#include "../../../bundle/detail/kept_bundle.hpp"
#include "../../../bundle/detail/string_tensor.hpp"
#include "../../../core/detail/own.hpp"
#include "../../../core/detail/vec.hpp"
#include "../../../core/durability.hpp"
#include "../../../graph/detail/same_graph.hpp"
#include "../../../graph/detail/walk.hpp"
#include "save_job.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::checkpoint::detail {

class KeptPlan {
 public:
  // Makes the plan of a complete save of `live`, whose encoded graph is `graph`; it is called after the save succeeded.
  // Returns null if the structure of the state can never be the same again.
  [[nodiscard]] static core::detail::Own<KeptPlan> make(graph::detail::LiveGraph live, std::vector<std::string> graph,
                                                        bundle::detail::KeptBundle kept) {
    if (!kept || !graph::detail::can_be_same_graph(live)) return nullptr;
    return core::detail::Own<KeptPlan>(new KeptPlan(std::move(live), std::move(graph), std::move(kept)));
  }

  // Saves the state as it is now. False, without a trace, when the plan does not fit it: the keys, dtypes, shapes or
  // data_alignment are others, strings are longer or shorter, the prefix has a checkpoint already. Throws what
  // Writer::finish throws.
  [[nodiscard]] bool write(const graph::detail::Root& root, const SaveRequest& request) {
    const CheckpointOptions& options = request.options;
    if (bundle_.data_alignment() != options.data_alignment) return false;
    sources_.clear();
    kept_.clear();
    const bool fits = graph::detail::is_same_graph(root, live_) && find_sources();
    const bool is_written = fits && bundle_.write(request.files, request.path, sources_, options.durability,
                                                  options.threads, request.second_name);
    kept_.clear();
    return is_written;
  }

 private:
  KeptPlan(graph::detail::LiveGraph live, std::vector<std::string> graph, bundle::detail::KeptBundle kept)
      : live_(std::move(live)), graph_(std::move(graph)), bundle_(std::move(kept)) {}

  // Where the values are, and whether they have the size that was planned.
  [[nodiscard]] bool find_sources() {
    const bundle::detail::PlannedEntries& entries = bundle_.entries();
    sources_.reserve(entries.size());
    for (std::size_t id = 0; id < live_.objects.size(); ++id) {
      if (live_.graph.attributes(static_cast<std::int32_t>(id)).empty()) continue;
      graph::detail::LeafValue value = value_of(live_, id);
      if (sources_.size() + 1 >= entries.size() || value.view.is_partitioned()) return false;
      const bundle::Entry& entry = entries[sources_.size()].entry;
      if (value.view.dtype() != entry.dtype || value.view.shape() != entry.shape) return false;
      if (entry.dtype == DT_STRING && bundle::detail::encoded_size(value.view.strings()) != entry.size) return false;
      sources_.push_back(bundle::detail::PlannedBytes::of(value.view));
      if (value.kept != nullptr) kept_.push_back(std::move(value.kept));
    }
    sources_.push_back(bundle::detail::PlannedBytes::of(TensorView(Shape{}, graph_)));
    return sources_.size() == entries.size();
  }

  graph::detail::LiveGraph live_;
  std::vector<std::string> graph_;  // the last of the values
  bundle::detail::KeptBundle bundle_;
  core::detail::Vec<bundle::detail::PlannedBytes> sources_;
  core::detail::Vec<std::shared_ptr<const void>> kept_;
};

}  // namespace CAIRN_NAMESPACE::checkpoint::detail
