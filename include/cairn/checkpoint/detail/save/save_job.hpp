// One save of a Checkpoint: what is written, where, and the one function that writes it. A walk of the tracked objects
// makes a job, and a snapshot of them; a job may leave some values to data files that other checkpoints have as well.
//
//   frozen values | what registered savers wrote, all other values | data files of other checkpoints
//   the object graph last, as TensorFlow orders them
#pragma once

#include "../../../bundle/detail/kept_bundle.hpp"
#include "../../../bundle/detail/layout.hpp"
#include "../../../bundle/object_graph.hpp"
#include "../../../bundle/writer.hpp"
#include "../../../core/detail/fail.hpp"
#include "../../../core/detail/function_ref.hpp"
#include "../../../core/detail/own.hpp"
#include "../../../core/detail/vec.hpp"
#include "../../../core/error.hpp"
#include "../../../graph/detail/root.hpp"
#include "../../../graph/detail/savers.hpp"
#include "../../../graph/detail/walk.hpp"
#include "../../../io/file_system.hpp"
#include "../../../io/path.hpp"
#include "../../../io/threads.hpp"
#include "../../../tensor/tensor_view.hpp"
#include "../../options.hpp"
#include "../directory/state_file.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::checkpoint::detail {

// What a CheckpointManager does behind a save; none of the functions is pure (below).
class AfterSave {
 public:
  AfterSave() = default;
  AfterSave(const AfterSave&) = delete;
  AfterSave& operator=(const AfterSave&) = delete;
  virtual ~AfterSave() = default;

  virtual void run(const std::string&) {}
};

// Where a save goes. It refers to what it is made of.
struct SaveRequest {
  io::FileSystem& files;
  const std::string& path;
  const CheckpointOptions& options;
  core::detail::Own<AfterSave>* after = nullptr;       // runs behind the callbacks; a save in the background takes it
  std::string* second_name = nullptr;                  // WriterOptions::second_name
  void (*name)(const SaveRequest& request) = nullptr;  // at the very end

  void run_callbacks() const {
    if (const auto* const call = options.write_callbacks.feature()) call->run(*options.write_callbacks.list(), path);
    if (after != nullptr) (*after)->run(path);
    if (name != nullptr) name(*this);
  }
};

// Names the checkpoint, and no other, in the state file of its directory.
inline void name_as_only(const SaveRequest& request) {
  const std::string& path = request.path;
  const std::string directory =
      std::string_view(path).find_first_of(io::separators) == std::string::npos ? "" : io::parent_directory(path);
  write_state(request.files, directory, {path, {path}, {}, 0}, request.options.durability);
}

// The classes here that have virtual functions are how a save sees the features that options and registered savers bring.
// Each feature has one class below, and no function is pure: g++ -O2 takes the only class that has a pure function into
// every program that calls it.
//
// The objects that registered savers save: the class of every SavedBySavers of a LiveGraph, whose code is in programs
// that register a saver. What the savers wrote beside the checkpoint lives as long as this object:
//
//   save_fn(objects, "run/ckpt-3-Custom.stacks")  ->  run/ckpt-3-Custom.stacks.index, ...   ->  run/ckpt-3
class FilesOfSavers : public graph::detail::SavedBySavers {
 public:
  // Calls the savers, and opens what they wrote. Throws what they throw; Error (not_found and others) for a prefix where
  // they wrote nothing.
  virtual void write(const std::string&, io::FileSystem&) {}
  // Plans copies of all tensors.
  virtual void add_to(bundle::detail::BundleWriter&) const {}
};

// A value on its way to a data file.
struct SavedValue {
  std::string_view key;               // a text of the walk
  TensorView view;                    // of the user's memory, or of what `owner` keeps alive
  std::shared_ptr<const void> owner;  // may be null
  // Of a partitioned tensor of which the view is a copy: how it is planned. `owner` keeps it alive.
  const tensor::detail::ScatteredElements* parts = nullptr;
};

struct SaveJob {
  // Calls the savers.
  SaveJob(graph::detail::LiveGraph& live, const SaveRequest& request)
      : graph(&live.graph), by_savers(static_cast<FilesOfSavers*>(live.by_savers.get())) {
    if (by_savers != nullptr) by_savers->write(request.path, request.files);
  }

  const ObjectGraph* graph;
  FilesOfSavers* by_savers;  // null where there are none
  // The values to be written, first `frozen` ones, which have a data file of their own; empty where they are not listed.
  core::detail::Vec<SavedValue> values{};
  std::size_t frozen = 0;
  core::detail::Vec<bundle::detail::SharedDataFile> shared{};
};

// The value of a node that is one tensor. An object that has none does not know its path: the Error says it.
[[nodiscard]] inline graph::detail::LeafValue value_of(const graph::detail::LiveGraph& live, std::size_t id) {
  const graph::detail::Object& object = live.objects[id];
  try {
    return object.type->leaf()->value(object.address);
  } catch (const Error& error) {
    const auto node = static_cast<std::int32_t>(id);
    const std::string path = live.graph.path(node);
    core::detail::fail(error.code(), {path, " cannot be saved: ", error.what()},
                       {.key = live.graph.attributes(node)[0].checkpoint_key});
  }
}

// Calls sink(node id, key, view, owner) for every value of the graph, in the order of the data file.
inline void for_each_value(
    const graph::detail::LiveGraph& live,
    core::detail::FunctionRef<void(std::size_t, std::string_view, TensorView&&, std::shared_ptr<const void>&&)> sink) {
  std::size_t next = 0;  // of live.tensors
  for (std::size_t id = 0; id < live.objects.size(); ++id) {
    const auto attributes = live.graph.attributes(static_cast<std::int32_t>(id));
    if (attributes.empty()) continue;
    if (next < live.tensors.size() && live.tensors[next].node == static_cast<std::int32_t>(id)) {
      const graph::detail::LiveTensors& several = live.tensors[next++];
      auto key = several.keys.begin();
      for (const NamedTensors::Item& item : several.tensors)
        sink(id, *key++, item.tensor.view(), std::shared_ptr<const void>());
      continue;
    }
    graph::detail::LeafValue value = value_of(live, id);
    sink(id, attributes[0].checkpoint_key, std::move(value.view), std::move(value.kept));
  }
}

// Plans every value of the graph: add(key, view) hands it to a writer. They will be read from the user's memory,
// without a copy. Returns what must live until then, too.
[[nodiscard]] inline core::detail::Vec<std::shared_ptr<const void>> plan_values(
    const graph::detail::LiveGraph& live, core::detail::FunctionRef<void(std::string_view, TensorView&&)> add) {
  core::detail::Vec<std::shared_ptr<const void>> kept;
  for_each_value(live, [&](std::size_t, std::string_view key, TensorView&& view, std::shared_ptr<const void>&& owner) {
    add(key, std::move(view));
    if (owner != nullptr) kept.push_back(std::move(owner));
  });
  return kept;
}

// Writes and publishes the checkpoint. add(writer, is_frozen) plans the values of the two kinds; for a large graph, a
// second thread encodes the graph meanwhile. The graph owns the keys of the writer. finish(writer) finishes it. Returns
// the encoded graph as a string tensor of one element. Throws Error with the codes of Writer::finish, and
// ErrorCode::invalid_argument for a name that is not UTF-8.
inline std::vector<std::string> write_job(const SaveRequest& request, SaveJob& job,
                                          core::detail::FunctionRef<void(bundle::detail::BundleWriter&, bool)> add,
                                          core::detail::FunctionRef<void(bundle::detail::BundleWriter&)> finish) {
  const CheckpointOptions& options = request.options;
  bundle::detail::BundleWriter writer(request.path,
                                      {.durability = options.durability,
                                       .shard_size = options.shard_size,
                                       .data_alignment = options.data_alignment,
                                       .threads = options.threads,
                                       .second_name = request.second_name},
                                      request.files);
  if (job.frozen != 0) {
    add(writer, true);
    writer.begin_shard();
  }
  if (job.by_savers != nullptr) job.by_savers->add_to(writer);
  writer.reserve(job.graph->size() + 1);  // and the graph
  constexpr std::size_t usual_node_bytes = 100;
  const std::size_t threads = io::threads_for(job.graph->size() * usual_node_bytes, options.threads);
  const std::size_t encoder = threads > 1 ? 1 : 0;
  std::vector<std::string> encoded(1);
  io::run_in_threads(encoder + 1, [&](std::size_t i) {
    if (i == 0) add(writer, false);
    if (i == encoder) encoded[0] = bundle::encode_object_graph(*job.graph);
  });
  writer.add_kept(bundle::object_graph_key, TensorView(Shape{}, encoded));
  finish(writer);
  return encoded;
}

// CheckpointOptions::incremental: the memory of the last incremental save. incremental.hpp has the class.
class SaveMemory {
 public:
  SaveMemory() = default;
  SaveMemory(const SaveMemory&) = delete;
  SaveMemory& operator=(const SaveMemory&) = delete;
  virtual ~SaveMemory() = default;

  // Saves the state as it is now.
  virtual void write(const graph::detail::Root&, const SaveRequest&) {}

  // Lists in the job of a later save what is to be written, and what other files have. Nothing else may be asked until
  // the save has ended.
  virtual void plan(SaveJob&, const graph::detail::LiveGraph&, const SaveRequest&) {}
  // Remembers a planned save that is complete.
  virtual void remember(bundle::detail::Layout) noexcept {}
  // A restore may have changed the frozen values: each is written once more.
  virtual void forget_frozen() noexcept {}
};

// A save in the background that is no bundle: a file, and the function that writes it.
struct LaterFile {
  void (*write)(const SaveRequest& request, const std::string& path, std::string bytes) = nullptr;
  std::string path{}, bytes{};
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
  virtual void save(const graph::detail::Root&, const SaveRequest&, SaveMemory*) {}
  // Leaves the file to the thread, and then the callbacks.
  virtual void save(const SaveRequest&, LaterFile) {}

  // Waits for the save that is under way; throws what went wrong in it, once.
  virtual void rethrow() {}
  // Waits, and leaves what went wrong to rethrow().
  virtual void wait() noexcept {}
};

}  // namespace CAIRN_NAMESPACE::checkpoint::detail
