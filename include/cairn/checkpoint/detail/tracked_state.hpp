// TrackedState: the work of a Checkpoint without its types, in one object that Checkpoint and CheckpointManager share:
// counting, saves in the foreground and in the background, restores, and those that wait for objects.
#pragma once

#include "../../bundle/detail/kept_bundle.hpp"
#include "../../bundle/files.hpp"
#include "../../core/detail/fail.hpp"
#include "../../core/detail/function_ref.hpp"
#include "../../core/detail/keys.hpp"
#include "../../core/detail/own.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/error.hpp"
#include "../../graph/detail/leaf_types.hpp"
#include "../../graph/detail/root.hpp"
#include "../../graph/detail/slot_types.hpp"
#include "../../graph/detail/walk.hpp"
#include "../../io/detail/watch.hpp"
#include "../../io/native.hpp"
#include "../../io/path.hpp"
#include "../load_status.hpp"
#include "../options.hpp"
#include "directory/numbering.hpp"
#include "directory/state_file.hpp"
#include "restore/graph_restoration.hpp"
#include "restore/name_restoration.hpp"
#include "restore/restoration.hpp"
#include "save/background_saves.hpp"
#include "save/incremental.hpp"
#include "save/kept_plan.hpp"
#include "save/save_job.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::mpi::detail {
class CollectiveState;  // mpi/detail/collective_state.hpp
}  // namespace CAIRN_NAMESPACE::mpi::detail

namespace CAIRN_NAMESPACE::checkpoint::detail {

// One thread at a time may call it.
class TrackedState {
 public:
  // Throws Error (already_exists) when the root object has a child of a name that another one is given.
  CAIRN_COLD explicit TrackedState(graph::detail::Root root, io::FileSystem& files = io::native())
      : files_(files), root_(std::move(root)) {
    for (const graph::detail::RootChild& given : root_.children) {
      std::size_t count = 0;
      root_.list([&](const graph::detail::Child& child) { count += std::size_t{child.name == given.name}; });
      if (count > 1) refuse_taken(given.name);
    }
  }
  TrackedState(const TrackedState&) = delete;
  TrackedState& operator=(const TrackedState&) = delete;

  [[nodiscard]] io::FileSystem& files() noexcept { return files_; }

  // The Checkpoint whose state this is, wherever it has been moved to.
  [[nodiscard]] const void* owner() const noexcept { return owner_; }
  void belongs_to(const void* owner) noexcept { owner_ = owner; }

  [[nodiscard]] std::int64_t save_counter() {
    create_counter();
    return get_counter();
  }

  // Writes without numbering.
  std::string write(const std::string& prefix, const CheckpointOptions& options) {
    sync();
    bundle::require_prefix(prefix);
    const SaveRequest request{files_, prefix, options};
    publish(request);
    if (!options.enable_async) request.run_callbacks();
    return prefix;
  }

  // Saves under the next number, and names the checkpoint in the state file of its directory.
  CAIRN_COLD std::string save(const std::string& prefix, const CheckpointOptions& options) {
    return save_numbered(prefix, std::nullopt, options, nullptr, &name_as_only, std::nullopt, nullptr, ".index",
                         [&](const SaveRequest& request, std::int64_t) { publish(request); });
  }

  // Counts, writes `prefix`-<number>, runs the callbacks and then `after`. The number is the counter's next value
  // or beyond every checkpoint of that name that is on the disk: a process that has not restored must not write over
  // what another one saved. When anything fails before the files are complete, the counter is what it was; in the
  // background, where it would change under the program's hands, the counter has counted a number without files.
  // `highest_there` is the highest number on the disk, where the caller has just looked. `second_name` is
  // WriterOptions'; it must live until `after` has run.
  std::string save(const std::string& prefix, std::optional<std::int64_t> number, const CheckpointOptions& options,
                   core::detail::Own<AfterSave> after, std::optional<std::int64_t> highest_there = std::nullopt,
                   std::string* second_name = nullptr) {
    return save_numbered(prefix, number, options, &after, nullptr, highest_there, second_name, ".index",
                         [&](const SaveRequest& request, std::int64_t) { publish(request); });
  }

  // Waits for a save in the background; throws what went wrong in it, once.
  void sync() {
    if (background_ != nullptr) background_->rethrow();
  }
  // Waits, and leaves what went wrong to sync() or the next save.
  void wait() noexcept {
    if (background_ != nullptr) background_->wait();
  }

  // restore(): with the save counter. read(): without.
  [[nodiscard]] CAIRN_COLD LoadStatus restore(const std::string& path, const RestoreOptions& options,
                                              bool with_counter) {
    wait();  // the save that is under way may be the checkpoint that is asked for
    forget_frozen();
    io::detail::Watch watch(options.progress, options.stop, files_, "restoring", path, io::detail::Watch::reading);
    core::detail::Own<Restoration> restoration =
        open(bundle::Reader(bundle::detail::open_bundle(path, watch.files())), options);
    restoration->watch.take(watch);
    const bool is_new = with_counter && create_counter();
    try {
      restoration->check(root_);
      pending_.reserve(pending_.size() + 1);
      restoration->commit();
    } catch (...) {
      if (is_new) remove_counter();
      throw;
    }
    restoration->watch.finish();
    // An older restore waits on only for what this one has nothing for: a program that restores part of many
    // checkpoints, one after the other, must not keep all their files open.
    erase_if(pending_, [&](const auto& each) { return each->is_superseded_by(*restoration); });
    LoadStatus status = restoration->status();
    if (restoration->is_pending()) pending_.push_back(std::move(restoration));
    return status;
  }

  // Adds a child, and restores it from the newest restore that has values waiting under that name. Throws Error:
  // already_exists when the name is taken; what a restore throws. Then the child is not added.
  void track(std::string name, graph::detail::Slot slot);  // restore/late.hpp

 private:
  friend class ArchivedState;
  friend mpi::detail::CollectiveState;

  // save(), whatever the files are: publish(request, counter) writes them. Their names have this extension.
  std::string save_numbered(const std::string& prefix, std::optional<std::int64_t> number,
                            const CheckpointOptions& options, core::detail::Own<AfterSave>* after,
                            void (*name)(const SaveRequest&), std::optional<std::int64_t> highest_there,
                            std::string* second_name, std::string_view extension,
                            core::detail::FunctionRef<void(const SaveRequest&, std::int64_t)> publish) {
    sync();
    bundle::require_prefix(prefix);
    const bool is_new = create_counter();
    const std::int64_t before = get_counter();
    core::detail::Own<graph::detail::Landing> counter;
    std::string path;
    const SaveRequest request{files_, path, options, after, second_name, name};
    try {
      counter = counter_.type->leaf()->land(counter_.address, DT_INT64, Shape{});
      if (!number && !highest_there) highest_there = highest_number(files_, prefix, extension);
      const std::int64_t highest = number ? before : std::max(before, *highest_there);
      const std::int64_t next = number_after(highest, prefix);
      set_counter(*counter, next);
      path = numbered_path(prefix, number.value_or(next));
      publish(request, next);
    } catch (...) {
      if (counter != nullptr) set_counter(*counter, before);
      if (is_new) remove_counter();
      throw;
    }
    if (!options.enable_async) request.run_callbacks();
    return path;
  }

  // Throws Error: not_found without such a checkpoint; data_loss for a damaged one; invalid_argument for options that
  // fit nothing in it.
  [[nodiscard]] CAIRN_COLD static core::detail::Own<Restoration> open(bundle::Reader reader,
                                                                      const RestoreOptions& options) {
    const std::string prefix = reader.prefix();
    using Opened = core::detail::Own<Restoration>;
    if (bundle::has_object_graph(reader)) return Opened(new GraphRestoration(std::move(reader), prefix, options));
    return Opened(new NameRestoration(std::move(reader), prefix, options));
  }

  [[noreturn]] static void refuse_taken(std::string_view name) {
    core::detail::fail(ErrorCode::already_exists, {"the checkpoint tracks an object called \"", name,
                                                   "\" already; track this one under another name"});
  }

  static void require_legal(const CheckpointOptions& options) {
    if (options.incremental && options.shard_size != 0)
      core::detail::fail(ErrorCode::invalid_argument,
                         {"an incremental save has data files by what has changed, not by a shard_size; give one of "
                          "the two"});
    if (!options.incremental && !options.frozen.empty())
      core::detail::fail(ErrorCode::invalid_argument, {"frozen says which values an incremental save need not read; "
                                                       "give {.incremental = true} as well"});
  }

  void forget_frozen() {
    if (incremental_ != nullptr) incremental_->forget_frozen();
  }
  [[nodiscard]] Background& background(const CheckpointOptions& options) {
    if (background_ == nullptr) background_ = options.enable_async.call();
    return *background_;
  }

  // Writes now, or copies the state and leaves the rest to the background. Nothing may be under way there.
  void publish(const SaveRequest& request) {
    const CheckpointOptions& options = request.options;
    require_legal(options);
    if (options.incremental && incremental_ == nullptr) incremental_ = options.incremental.call();
    SaveMemory* const memory = options.incremental ? incremental_.get() : nullptr;
    if (options.enable_async) return background(options).save(root_, request, memory);
    const io::detail::Watch watch(options.progress, options.stop, request.files, "saving", request.path,
                                  io::detail::Watch::writing);
    write_now({watch.files(), request.path, options, nullptr, request.second_name}, memory);
    watch.finish();
  }
  void write_now(const SaveRequest& request, SaveMemory* memory) {
    const CheckpointOptions& options = request.options;
    if (memory != nullptr) return memory->write(root_, request);
    const bool may_cut = options.shard_size != 0;
    if (plan_ && !may_cut && plan_->write(root_, request)) return;
    plan_.reset();
    graph::detail::LiveGraph live = graph::detail::walk(root_, options.skip_slot_variables);
    SaveJob job(live, request);
    core::detail::Vec<std::shared_ptr<const void>> owners;
    bundle::detail::KeptBundle kept;
    std::vector<std::string> graph = write_job(
        request, job,
        [&](bundle::detail::BundleWriter& writer, bool) {
          owners = plan_values(live,
                               [&](std::string_view key, TensorView&& view) { writer.add_kept(key, std::move(view)); });
        },
        [&](bundle::detail::BundleWriter& writer) {
          if (may_cut) return writer.finish();
          kept = bundle::detail::finish_keeping(writer, options.data_alignment);
        });
    try {
      plan_ = KeptPlan::make(std::move(live), std::move(graph), std::move(kept));
    } catch (const std::bad_alloc&) {  // the checkpoint is complete, and the next save can plan anew
    }
  }

  // True when there was none before. A root that has a child of that name counts with it, as in TensorFlow.
  CAIRN_COLD bool create_counter() {
    if (counter_) return false;
    root_.list([&](const graph::detail::Child& child) {
      if (child.name == core::detail::save_counter_name) counter_ = child.slot.get();
    });
    if (counter_) {
      if (counter_.type->leaf() == nullptr || counter_.type->leaf()->dtype(counter_.address) != DT_INT64 ||
          !counter_.type->leaf()->accepts(counter_.address, Shape{}))
        core::detail::fail(ErrorCode::failed_precondition,
                           {"the tracked object called save_counter is a ", counter_.type->name(),
                            ", but the number of saves must be one int64; rename it, or make it a std::int64_t"});
      return false;
    }
    root_.children.push_back({std::string(core::detail::save_counter_name), graph::detail::slot_of(own_counter_)});
    counter_ = root_.children.back().slot.get();
    return true;
  }
  CAIRN_COLD void remove_counter() {
    for (std::size_t i = root_.children.size(); i-- > 0;)
      if (root_.children[i].name == core::detail::save_counter_name) root_.children.erase(root_.children.begin() + i);
    counter_ = {};
  }

  [[nodiscard]] std::int64_t get_counter() const {
    std::int64_t value = 0;
    const graph::detail::LeafValue leaf = counter_.type->leaf()->value(counter_.address);
    std::memcpy(&value, leaf.view.bytes().data(), sizeof value);
    return value;
  }
  // Through a landing made beforehand, so that the counter can be set back when memory is short.
  static void set_counter(graph::detail::Landing& landing, std::int64_t value) noexcept {
    std::memcpy(landing.bytes().data(), &value, sizeof value);
    landing.commit();
  }

  const void* owner_ = nullptr;
  io::FileSystem& files_;
  graph::detail::Root root_;
  graph::detail::Object counter_;  // empty until the first save or restore
  Variable<std::int64_t> own_counter_{0, {.name = std::string(core::detail::save_counter_name), .trainable = false}};
  core::detail::Vec<core::detail::Own<Restoration>> pending_;  // oldest first
  core::detail::Own<KeptPlan> plan_;                           // of the last save in the foreground
  core::detail::Own<SaveMemory> incremental_;                  // made by the first save that is one
  core::detail::Own<Background> background_;  // also; the last member: it waits before anything else ends
};

}  // namespace CAIRN_NAMESPACE::checkpoint::detail
