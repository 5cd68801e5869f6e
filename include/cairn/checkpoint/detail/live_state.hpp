// What TrackedState does: counting, the kept plan, snapshots, the background, restores that wait.
#pragma once

#include "../../bundle/files.hpp"
#include "../../bundle/writer.hpp"
#include "../../core/detail/function_ref.hpp"
#include "../../core/detail/own.hpp"
#include "../../core/detail/sort.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/durability.hpp"
#include "../../core/error.hpp"
#include "../../graph/detail/leaf_types.hpp"
#include "../../graph/detail/slot_types.hpp"
#include "../../graph/detail/walk.hpp"
#include "../../io/posix.hpp"
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
#include "save/save_features.hpp"
#include "save/save_graph.hpp"
#include "save/save_request.hpp"
#include "save/saver_files.hpp"
#include "save/write_values.hpp"
#include "tracked_state.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <exception>
#include <functional>
#include <limits>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::checkpoint::detail {

class LiveState final : public TrackedState {
 public:
  LiveState(graph::detail::Root root, io::FileSystem& files) : files_(files), root_(std::move(root)) {
    std::vector<std::string> names;
    root_.list([&](const graph::detail::Child& child) { names.push_back(std::string(child.name)); });
    core::detail::sort(names);
    for (std::size_t i = 1; i < names.size(); ++i)
      if (names[i] == names[i - 1]) throw taken(names[i]);
  }

  [[nodiscard]] io::FileSystem& files() noexcept override { return files_; }

  [[nodiscard]] std::int64_t save_counter() override {
    create_counter();
    return get_counter();
  }

  std::string write(const std::string& prefix, const CheckpointOptions& options) override {
    sync();
    bundle::require_prefix(prefix);
    const std::function<void(const std::string&)> nothing;
    const SaveRequest request{files_, prefix, options, nothing, nullptr};
    publish(request);
    if (!options.enable_async) request.run_callbacks();
    return prefix;
  }

  void sync() override {
    if (background_ != nullptr) background_->rethrow();
  }
  void wait() noexcept override {
    if (background_ != nullptr) background_->wait();
  }

  std::string save(const std::string& prefix, std::optional<std::int64_t> number, const CheckpointOptions& options,
                   const std::function<void(const std::string&)>& after, std::optional<std::int64_t> highest_there,
                   std::string* second_name) override {
    return save_numbered(prefix, number, options, after, highest_there, second_name, ".index",
                         [&](const SaveRequest& request, std::int64_t) { publish(request); });
  }

  [[nodiscard]] LoadStatus restore(const std::string& path, const RestoreOptions& options, bool with_counter) override {
    wait();  // the save that is under way may be the checkpoint that is asked for
    forget_frozen();
    core::detail::Own<Restoration> restoration = open(path, options);
    const bool is_new = with_counter && create_counter();
    try {
      restoration->check(root_);
      pending_.reserve(pending_.size() + 1);
      restoration->commit();
    } catch (...) {
      if (is_new) remove_counter();
      throw;
    }
    // An older restore waits on only for what this one has nothing for: a program that restores part of many
    // checkpoints, one after the other, must not keep all their files open.
    erase_if(pending_, [&](const auto& each) { return each->is_superseded_by(*restoration); });
    LoadStatus status = restoration->status();
    if (restoration->is_pending()) pending_.push_back(std::move(restoration));
    return status;
  }

  void track_child(std::string name, graph::detail::Slot slot);  // restore/late.hpp

 private:
  friend class ArchivedState;

  // save(), whatever the files are: publish(request, counter) writes them. Their names have this extension.
  std::string save_numbered(const std::string& prefix, std::optional<std::int64_t> number,
                            const CheckpointOptions& options, const std::function<void(const std::string&)>& after,
                            std::optional<std::int64_t> highest_there, std::string* second_name,
                            std::string_view extension,
                            core::detail::FunctionRef<void(const SaveRequest&, std::int64_t)> publish) {
    sync();
    bundle::require_prefix(prefix);
    const bool is_new = create_counter();
    const std::int64_t before = get_counter();
    core::detail::Own<graph::detail::Landing> counter;
    std::string path;
    const SaveRequest request{files_, path, options, after, second_name};
    try {
      counter = counter_.type->leaf()->land(counter_.address, Shape{});
      if (!number && !highest_there) highest_there = highest_number(files_, prefix, extension);
      const std::int64_t highest = number ? before : std::max(before, *highest_there);
      if (highest == std::numeric_limits<std::int64_t>::max())
        throw Error(ErrorCode::out_of_range, "there is no number after " + std::to_string(highest) +
                                                 ", which the save counter or a file called " + prefix +
                                                 " has; set the counter back, or save under another name")
            .in_file(prefix);
      const std::int64_t next = highest + 1;
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
  [[nodiscard]] core::detail::Own<Restoration> open(const std::string& path, const RestoreOptions& options) {
    bundle::Reader reader(path, files_);
    const std::string prefix = reader.prefix();
    if (bundle::has_object_graph(reader))
      return core::detail::make_own<GraphRestoration>(std::move(reader), prefix, options);
    return core::detail::make_own<NameRestoration>(std::move(reader), prefix, options);
  }

  [[nodiscard]] static Error taken(std::string_view name) {
    return Error(ErrorCode::already_exists, "the checkpoint tracks an object called \"" + std::string(name) +
                                                "\" already; track this one under another name");
  }

  static void require_legal(const CheckpointOptions& options) {
    if (options.incremental && options.shard_size != 0)
      throw Error(ErrorCode::invalid_argument,
                  "an incremental save has data files by what has changed, not by a shard_size; give one of the two");
    if (!options.incremental && !options.frozen.empty())
      throw Error(ErrorCode::invalid_argument,
                  "frozen says which values an incremental save need not read; give {.incremental = true} as well");
  }

  void forget_frozen() {
    if (incremental_ != nullptr) incremental_->forget_frozen();
  }
  // What an option's feature remembers from one call to the next.
  [[nodiscard]] SaveMemory& incremental(const CheckpointOptions& options) {
    if (incremental_ == nullptr) incremental_ = options.incremental.make();
    return *incremental_;
  }
  [[nodiscard]] Background& background(const CheckpointOptions& options) {
    if (background_ == nullptr) background_ = options.enable_async.make();
    return *background_;
  }

  // Writes now, or copies the state and leaves the rest to the background. Nothing may be under way there.
  void publish(const SaveRequest& request) {
    const CheckpointOptions& options = request.options;
    require_legal(options);
    SaveMemory* const memory = options.incremental ? &incremental(options) : nullptr;
    if (options.enable_async) return background(options).save(root_, request, memory);
    if (memory != nullptr) return memory->write(root_, request);
    const bool may_cut = options.shard_size != 0;
    if (plan_ && !may_cut && plan_->data_alignment() == options.data_alignment &&
        plan_->write(root_, files_, request.path, options.durability, options.threads, request.second_name))
      return;
    plan_.reset();
    graph::detail::LiveGraph live = graph::detail::walk(root_, options.skip_slot_variables);
    bundle::detail::KeptBundle kept;
    std::vector<std::string> graph;
    {
      const SaverFiles by_savers(live, request.path, files_);
      bundle::detail::BundleWriter writer(request.path, request.writer_options(), files_);
      by_savers.add_to(writer);
      graph = finish_with_graph(writer, write_values(writer, live, options.threads), may_cut ? nullptr : &kept);
    }
    try {
      plan_ = KeptPlan::make(std::move(live), std::move(graph), std::move(kept));
    } catch (const std::bad_alloc&) {  // the checkpoint is complete, and the next save can plan anew
    }
  }

  // True when there was none before. A root that has a child of that name counts with it, as in TensorFlow.
  bool create_counter() {
    if (counter_) return false;
    root_.list([&](const graph::detail::Child& child) {
      if (child.name == core::detail::save_counter_name) counter_ = child.slot.get();
    });
    if (counter_) {
      if (counter_.type->leaf() == nullptr || counter_.type->leaf()->dtype() != DT_INT64 ||
          !counter_.type->leaf()->accepts(counter_.address, Shape{}))
        throw Error(ErrorCode::failed_precondition,
                    "the tracked object called save_counter is a " + std::string(counter_.type->name()) +
                        ", but the number of saves must be one int64; rename it, or make it a std::int64_t");
      return false;
    }
    root_.children.push_back({std::string(core::detail::save_counter_name), graph::detail::slot_of(own_counter_)});
    counter_ = root_.children.back().slot.get();
    return true;
  }
  void remove_counter() {
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

  io::FileSystem& files_;
  graph::detail::Root root_;
  graph::detail::Object counter_;  // empty until the first save or restore
  Variable<std::int64_t> own_counter_{0, {.name = std::string(core::detail::save_counter_name), .trainable = false}};
  core::detail::Vec<core::detail::Own<Restoration>> pending_;  // oldest first
  core::detail::Own<KeptPlan> plan_;                           // of the last save in the foreground
  core::detail::Own<SaveMemory> incremental_;                  // made by the first save that is one
  core::detail::Own<Background> background_;  // also; the last member: it waits before anything else ends
};

inline std::shared_ptr<TrackedState> TrackedState::make(graph::detail::Root root, io::FileSystem& files) {
  return std::make_shared<LiveState>(std::move(root), files);
}

}  // namespace cairn::checkpoint::detail
