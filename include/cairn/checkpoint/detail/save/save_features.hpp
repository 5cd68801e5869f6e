// What a save knows of the features that CheckpointOptions carries: interfaces, whose classes are in a program that
// writes the option. LiveState owns an object of each from the first save that asks for it.
#pragma once

#include "../../../bundle/writer.hpp"
#include "../../../core/detail/flat_graph.hpp"
#include "../../../core/detail/function_ref.hpp"
#include "../../../core/detail/own.hpp"
#include "../../../graph/detail/root.hpp"
#include "../../../graph/detail/walk.hpp"
#include "../../../tensor/tensor_view.hpp"
#include "save_request.hpp"
#include "saver_files.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace cairn::checkpoint::detail {

// Takes a value: its key, its view, and what keeps alive what the view shows.
using ValueSink =
    core::detail::FunctionRef<void(std::string_view key, const TensorView& view, std::shared_ptr<const void> owner)>;

// A planned save of which only some values are written, while other files have the rest.
class PartialSave {
 public:
  PartialSave() = default;
  PartialSave(const PartialSave&) = delete;
  PartialSave& operator=(const PartialSave&) = delete;
  virtual ~PartialSave() = default;

  // Hands out the values that are to be written, and forgets them. They are numbered in this order.
  virtual void hand_over(ValueSink sink) = 0;

  // Writes and publishes the checkpoint; add(writer, first, last) plans the values from one number up to another.
  virtual void write(const SaveRequest& request, const SaverFiles& by_savers, const core::detail::FlatGraph& graph,
                     core::detail::FunctionRef<void(bundle::detail::BundleWriter&, std::size_t, std::size_t)> add) = 0;
};

// CheckpointOptions::incremental: the memory of the last incremental save. incremental.hpp has the class.
class SaveMemory {
 public:
  SaveMemory() = default;
  SaveMemory(const SaveMemory&) = delete;
  SaveMemory& operator=(const SaveMemory&) = delete;
  virtual ~SaveMemory() = default;

  // Saves the state as it is now.
  virtual void write(const graph::detail::Root& root, const SaveRequest& request) = 0;

  // Plans a save of `live` that is written later; nothing else may be asked until then.
  [[nodiscard]] virtual core::detail::Own<PartialSave> plan(const graph::detail::LiveGraph& live,
                                                            const SaveRequest& request) = 0;

  // A restore may have changed the frozen values: each is written once more.
  virtual void forget_frozen() = 0;
};

// What the thread of an asynchronous save writes, when that is no bundle.
class LaterWrite {
 public:
  LaterWrite() = default;
  LaterWrite(const LaterWrite&) = delete;
  LaterWrite& operator=(const LaterWrite&) = delete;
  virtual ~LaterWrite() = default;

  virtual void write(const SaveRequest& request) = 0;
};

// CheckpointOptions::enable_async: the thread that writes, and the copy of the state that it writes from.
// background_saves.hpp has the class. When it ends, it waits.
class Background {
 public:
  Background() = default;
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;
  virtual ~Background() = default;

  // Copies the state, and leaves the rest to the thread, the callbacks, too. `memory` is null for a save of all values.
  // Call rethrow() first.
  virtual void save(const graph::detail::Root& root, const SaveRequest& request, SaveMemory* memory) = 0;
  // Leaves to the thread what `later` writes, and then the callbacks.
  virtual void save(const SaveRequest& request, core::detail::Own<LaterWrite> later) = 0;

  // Waits for the save that is under way; throws what went wrong in it, once.
  virtual void rethrow() = 0;
  // Waits, and leaves what went wrong to rethrow().
  virtual void wait() noexcept = 0;
};

}  // namespace cairn::checkpoint::detail
