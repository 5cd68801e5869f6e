// What CheckpointOptions::enable_async does: a save copies the state, and a thread writes the copy.
#pragma once

#include "../../../bundle/writer.hpp"
#include "../../../core/detail/own.hpp"
#include "../../../graph/detail/root.hpp"
#include "../../../graph/detail/walk.hpp"
#include "async_writer.hpp"
#include "save_features.hpp"
#include "save_graph.hpp"
#include "save_request.hpp"
#include "saver_files.hpp"
#include "snapshot.hpp"

#include <cstddef>
#include <utility>

namespace cairn::checkpoint::detail {

class BackgroundSaves final : public Background {
 public:
  void save(const graph::detail::Root& root, const SaveRequest& request, SaveMemory* memory) override {
    graph::detail::LiveGraph live = graph::detail::walk(root, request.options.skip_slot_variables);
    auto by_savers = core::detail::make_own<const SaverFiles>(live, request.path, request.files);
    if (memory == nullptr) {
      snapshot_.take(std::move(live), request.options.threads);
      return start(request, [this, by_savers = std::move(by_savers)](const SaveRequest& later) {
        bundle::detail::BundleWriter writer(later.path, later.writer_options(), later.files);
        by_savers->add_to(writer);
        snapshot_.write(writer, later.options.shard_size != 0);
      });
    }
    core::detail::Own<PartialSave> partial = memory->plan(live, request);
    snapshot_.take([&](ValueSink sink) { partial->hand_over(sink); }, live.graph, request.options.threads);
    start(request, [this, by_savers = std::move(by_savers), partial = std::move(partial)](const SaveRequest& later) {
      partial->write(later, *by_savers, snapshot_.graph(),
                     [&](bundle::detail::BundleWriter& writer, std::size_t first, std::size_t last) {
                       snapshot_.add_to(writer, false, first, last);
                     });
    });
  }

  void save(const SaveRequest& request, core::detail::Own<LaterWrite> work) override {
    start(request, [work = std::move(work)](const SaveRequest& later) { work->write(later); });
  }

  void rethrow() override { writer_.rethrow(); }
  void wait() noexcept override { writer_.wait(); }

 private:
  // Runs write(request) in the thread, and then the callbacks, with a request that refers to copies.
  template <class Write>
  void start(const SaveRequest& request, Write write) {
    writer_.start(request.path,
                  [&files = request.files, path = request.path, options = request.options, after = request.after,
                   second_name = request.second_name, write = std::move(write)]() mutable {
                    const SaveRequest later{files, path, options, after, second_name};
                    write(later);
                    later.run_callbacks();
                  });
  }

  Snapshot snapshot_;   // what the thread writes
  AsyncWriter writer_;  // the last member: it waits before anything else ends
};

inline core::detail::Own<Background> AsyncFeature::make() { return core::detail::make_own<BackgroundSaves>(); }

}  // namespace cairn::checkpoint::detail
