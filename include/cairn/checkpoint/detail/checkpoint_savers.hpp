// What registered savers do in a walk, a save and a restore. The first register_checkpoint_saver leads the engine here.
#pragma once

#include "../../bundle/files.hpp"
#include "../../bundle/reader.hpp"
#include "../../bundle/writer.hpp"
#include "../../core/detail/fail.hpp"
#include "../../core/detail/function_ref.hpp"
#include "../../core/detail/own.hpp"
#include "../../core/detail/shown_path.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/error.hpp"
#include "../../graph/detail/match_values.hpp"
#include "../../graph/detail/restore_plan.hpp"
#include "../../graph/detail/savers.hpp"
#include "../../graph/detail/walk.hpp"
#include "../../io/file_system.hpp"
#include "../checkpoint_saver.hpp"
#include "save/save_job.hpp"

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::checkpoint::detail {

// The objects of each saver, as a walk or a match comes to them.
class ObjectsOfSavers {
 public:
  void add(const CheckpointSaver& saver, std::string_view name, const graph::detail::Object& object) {
    bool is_known = false;
    for (const CheckpointSaver* const known : savers_) is_known |= known == &saver;
    if (!is_known) savers_.push_back(&saver);
    objects_.push_back({&saver, std::string(name), object});
  }
  // Calls use(saver, objects) for each saver. Of two objects of one name the last one counts, as in TensorFlow.
  void for_each(core::detail::FunctionRef<void(const CheckpointSaver&, const Trackables&)> use) const {
    for (const CheckpointSaver* const saver : savers_) {
      Trackables objects;
      for (const Named& each : objects_)
        if (each.saver == saver) objects.insert_or_assign(each.name, Trackable(each.object));
      use(*saver, objects);
    }
  }

 private:
  struct Named {
    const CheckpointSaver* saver;
    std::string name;
    graph::detail::Object object;
  };
  core::detail::Vec<const CheckpointSaver*> savers_;
  core::detail::Vec<Named> objects_;
};

// What a walk has left to savers, and the files of one save.
class SavedByCheckpointSavers final : public FilesOfSavers {
 public:
  ~SavedByCheckpointSavers() override {
    readers_.clear();
    for (const std::string& prefix : prefixes_) {
      try {
        bundle::remove_checkpoint(prefix, *files_);
      } catch (const Error&) {  // what stays is in nobody's way, and the checkpoint is complete without it
      }
    }
  }

  void write(const std::string& prefix, io::FileSystem& files) override {
    files_ = &files;
    objects.for_each([&](const CheckpointSaver& saver, const Trackables& each) {
      for (std::string& written : saver.save_fn(each, prefix + "-" + saver.registered_name())) {
        if (written == prefix)
          core::detail::fail(ErrorCode::invalid_argument,
                             {"the registered saver ", saver.registered_name(), " wrote to ", prefix,
                              ", which is the checkpoint's own path; write to the prefix that save_fn is given"},
                             {.file = prefix});
        prefixes_.push_back(std::move(written));
        readers_.push_back(core::detail::make_own<const bundle::Reader>(prefixes_.back(), files));
      }
    });
  }

  void add_to(bundle::detail::BundleWriter& writer) const override {
    for (const auto& reader : readers_)
      for (const auto& [key, entry] : reader->entries()) bundle::detail::add_copy(writer, *reader, key, key);
  }

  ObjectsOfSavers objects;

 private:
  io::FileSystem* files_ = nullptr;
  std::vector<std::string> prefixes_;
  core::detail::Vec<core::detail::Own<const bundle::Reader>> readers_;
};

class RestoredByCheckpointSavers final : public graph::detail::RestoredBySavers {
 public:
  void check(const std::string& merged_prefix) override {
    objects.for_each([&](const CheckpointSaver& saver, const Trackables& each) {
      put_.push_back(saver.restore_fn(each, merged_prefix));
    });
  }
  void commit() const override {
    for (const auto& put : put_)
      if (put) put();
  }

  ObjectsOfSavers objects;

 private:
  core::detail::Vec<std::function<void()>> put_;
};

// A saver, and those that were registered before it. None ends, so that whoever has read the pointer to the newest may
// go on, and objects with static duration may be saved at the program's end.
class CheckpointSavers final : public graph::detail::Savers {
 public:
  // Throws Error (already_exists) when there is a saver of that name.
  static void add(CheckpointSaver saver) {
    static std::mutex& mutex = *new std::mutex;
    const std::lock_guard lock(mutex);
    static const CheckpointSavers* newest = nullptr;
    const std::string name = saver.registered_name();
    if (newest != nullptr && newest->find(name) != nullptr)
      core::detail::fail(ErrorCode::already_exists, {"a checkpoint saver called ", name,
                                                     " is registered already; give this one another name or package"});
    newest = new CheckpointSavers(std::move(saver), newest);
    graph::detail::registered_savers() = newest;
  }

  [[nodiscard]] bool takes(const graph::detail::Object& object) const override { return find(object) != nullptr; }

  [[nodiscard]] bool save(const graph::detail::Object& object, const std::string& path,
                          graph::detail::LiveGraph& live) const override {
    const CheckpointSaver* const saver = find(object);
    if (saver == nullptr) return false;
    if (live.by_savers == nullptr) live.by_savers = core::detail::make_own<SavedByCheckpointSavers>();
    static_cast<SavedByCheckpointSavers&>(*live.by_savers).objects.add(*saver, path, object);
    live.graph.set_registered_saver(static_cast<std::int32_t>(live.graph.size()) - 1, {saver->registered_name(), path});
    return true;
  }

  [[nodiscard]] Found restore(graph::detail::RestorePlan& plan, std::uint32_t item) const override {
    const ObjectGraph::Node saved = plan.saved(item);
    if (saved.registered_saver) return restore_recorded(plan, item, *saved.registered_saver);
    const CheckpointSaver* const saver = find(plan.object(item));
    if (saver == nullptr) return Found::plainly;
    if (saved.attributes.empty()) return Found::nothing;
    // The object was saved before its class had a saver.
    return planned(plan, item, *saver, saved.attributes[0].checkpoint_key);
  }

 private:
  CheckpointSavers(CheckpointSaver saver, const CheckpointSavers* before) : saver_(std::move(saver)), before_(before) {}

  // The saver of this name, or the one that takes this object; null when there is none.
  [[nodiscard]] const CheckpointSaver* find(std::string_view registered_name) const {
    for (const CheckpointSavers* each = this; each != nullptr; each = each->before_)
      if (each->saver_.registered_name() == registered_name) return &each->saver_;
    return nullptr;
  }
  [[nodiscard]] const CheckpointSaver* find(const graph::detail::Object& object) const {
    for (const CheckpointSavers* each = this; each != nullptr; each = each->before_)
      if (each->saver_.predicate(Trackable(object))) return &each->saver_;
    return nullptr;
  }

  Found restore_recorded(graph::detail::RestorePlan& plan, std::uint32_t item, const RegisteredSaver& recorded) const {
    const graph::detail::Object& object = plan.object(item);
    const CheckpointSaver* const saver = find(recorded.name);
    if (saver == nullptr) return Found::nothing;
    if (saver->predicate(Trackable(object))) return planned(plan, item, *saver, recorded.object_name);
    if (!saver->strict_predicate_restore) return Found::nothing;
    const std::string file = plan.file(), path = plan.path(item);
    if (plan.on_mismatch(path) != OnMismatch::skip)
      core::detail::fail(
          ErrorCode::invalid_argument,
          {core::detail::path_or_root(path), " was saved in ", file, " with the registered saver named \"",
           recorded.name, "\", but this saver cannot be used to restore the ", object.type->name(),
           " in the program, because its predicate does not pass. Change the predicate, or register the "
           "saver with {.strict_predicate_restore = false}"},
          {.file = file, .key = recorded.object_name});
    plan.add_mismatch_by_saver(item, {path, std::string(recorded.object_name), std::string(object.type->name()),
                                      "what the registered saver " + std::string(recorded.name) + " saved"});
    return Found::by_saver;
  }

  static Found planned(graph::detail::RestorePlan& plan, std::uint32_t item, const CheckpointSaver& saver,
                       std::string_view name) {
    core::detail::Own<graph::detail::RestoredBySavers>& by_savers = plan.by_savers(item);
    if (by_savers == nullptr) by_savers = core::detail::make_own<RestoredByCheckpointSavers>();
    static_cast<RestoredByCheckpointSavers&>(*by_savers).objects.add(saver, name, plan.object(item));
    plan.add_matched_by_saver(item);
    return Found::by_saver;
  }

  CheckpointSaver saver_;
  const CheckpointSavers* before_;
};

}  // namespace CAIRN_NAMESPACE::checkpoint::detail
