// CheckpointOptions::enable_async: a save copies the state, and a thread writes the copy, one save at a time. No failure
// is lost: the next save or sync() throws it, or it is said on the standard error output.
#pragma once

#include "../../../core/detail/fail.hpp"
#include "../../../core/detail/own.hpp"
#include "../../../core/detail/vec.hpp"
#include "../../../core/error.hpp"
#include "../../../graph/detail/root.hpp"
#include "../../../graph/detail/walk.hpp"
#include "../../../io/detail/watch.hpp"
#include "background_thread.hpp"
#include "save_job.hpp"
#include "snapshot.hpp"

#include <atomic>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <mutex>
#include <string>
#include <utility>

namespace CAIRN_NAMESPACE::checkpoint::detail {

// Belongs to one thread, which saves, waits and asks; what runs in the thread of a save may do none of these.
class BackgroundSaves final : public Background {
 public:
  BackgroundSaves() { Everywhere::all().add(this); }
  // Waits. A failure that nobody has been told by then goes to the standard error output: a destructor has no other way
  // to say it.
  ~BackgroundSaves() override {
    wait();
    Everywhere::all().remove(this);
    tell();
  }

  void save(const graph::detail::Root& root, const SaveRequest& request, SaveMemory* memory) override {
    auto save = core::detail::make_own<Save>(request);
    save->live = graph::detail::walk(root, request.options.skip_slot_variables);
    save->job = core::detail::make_own<SaveJob>(save->live, request);
    save->memory = memory;
    SaveJob& job = *save->job;
    if (memory != nullptr)
      memory->plan(job, save->live, request);
    else
      for_each_value(save->live,
                     [&](std::size_t, std::string_view key, TensorView&& view, std::shared_ptr<const void>&& owner) {
                       job.values.push_back({key, std::move(view), std::move(owner)});
                     });
    snapshot_.take(job.values, request.options.threads);
    save->live.objects = {};
    for (graph::detail::LiveTensors& each : save->live.tensors) each.tensors = {};
    save->live.kept = {};
    start(std::move(save));
  }

  void save(const SaveRequest& request, LaterFile file) override {
    auto save = core::detail::make_own<Save>(request);
    save->file = std::move(file);
    start(std::move(save));
  }

  void wait() noexcept override {
    if (here() != this) thread_.join();
  }

  void rethrow() override {
    if (here() == this)
      core::detail::fail(ErrorCode::failed_precondition,
                         {"a write callback of the checkpoint \"", path_,
                          "\" asked for another save or sync, which would wait for itself; do that after the callback"},
                         {.file = path_});
    wait();
    throw_failure();
  }

 private:
  // What the thread has to do: copies of what a request refers to, and what is to be written.
  struct Save {
    explicit Save(const SaveRequest& request)
        : files(request.files),
          path(request.path),
          options(request.options),
          second_name(request.second_name),
          name(request.name) {
      if (request.after != nullptr) after = std::move(*request.after);
    }

    io::FileSystem& files;
    std::string path;
    CheckpointOptions options;
    core::detail::Own<AfterSave> after;
    std::string* second_name;
    void (*name)(const SaveRequest&);
    graph::detail::LiveGraph live;   // its graph and keys, and what savers wrote
    core::detail::Own<SaveJob> job;  // null for a file
    SaveMemory* memory = nullptr;    // null for a save of all values
    LaterFile file;
  };

  // exit() ends a program without the destructors of what is on its stacks. It waits here for the saves that are under
  // way, and tells what nobody has asked for. TensorFlow's does the same, with Python's atexit.
  class Everywhere {
   public:
    [[nodiscard]] static Everywhere& all() {
      static Everywhere& all = *new Everywhere;  // does not end: objects with static duration may end later
      static const AtExit at_exit;
      return all;
    }
    void add(BackgroundSaves* saves) {
      const std::lock_guard lock(mutex_);
      if (const auto process = io::detail::process_number(); std::exchange(process_, process) != process)
        saves_.clear();  // a fork
      saves_.push_back(saves);
    }
    void remove(BackgroundSaves* saves) noexcept {
      const std::lock_guard lock(mutex_);
      erase(saves_, saves);
    }

   private:
    struct AtExit {
      AtExit() = default;
      AtExit(const AtExit&) = delete;
      AtExit& operator=(const AtExit&) = delete;
      ~AtExit() {
        // A fork has none of its parent's threads, and a save that calls exit() would wait for itself.
        if (io::detail::process_number() != all().process_ || here() != nullptr) return;
        const std::lock_guard lock(all().mutex_);
        for (BackgroundSaves* const saves : all().saves_) {
          saves->is_under_way_.wait(true);
          saves->tell();
        }
      }
    };
    io::detail::ProcessNumber process_ = io::detail::process_number();
    std::mutex mutex_;
    core::detail::Vec<BackgroundSaves*> saves_;
  };

  // Whose thread this is; null in other threads.
  [[nodiscard]] static const BackgroundSaves*& here() noexcept {
    static thread_local const BackgroundSaves* saves = nullptr;
    return saves;
  }

  // Throws Error (resource_exhausted) when the system has no thread left.
  void start(core::detail::Own<Save> save) {
    path_ = save->path;
    save_ = std::move(save);
    is_under_way_.store(true);
    try {
      thread_.start(path_, &BackgroundSaves::run, this);
    } catch (...) {
      save_.reset();
      is_under_way_.store(false);
      throw;
    }
  }

  static void* run(void* place) noexcept {
    BackgroundSaves& saves = *static_cast<BackgroundSaves*>(place);
    here() = &saves;
    try {
      saves.write(*saves.save_);
    } catch (...) {
      saves.failure_ = std::current_exception();
    }
    saves.save_.reset();  // what it holds ends before anybody is told that it has ended
    saves.is_under_way_.store(false);
    saves.is_under_way_.notify_all();
    return nullptr;
  }

  void write(Save& save) const {
    const io::detail::Watch watch(save.options.progress, save.options.stop, save.files, "saving", save.path,
                                  io::detail::Watch::writing);
    const SaveRequest request{watch.files(),    save.path, save.options, save.after ? &save.after : nullptr,
                              save.second_name, save.name};
    if (save.job == nullptr) {
      save.file.write(request, save.file.path, std::move(save.file.bytes));
    } else {
      const bool cuts = request.options.shard_size != 0;
      write_job(
          request, *save.job,
          [&](bundle::detail::BundleWriter& writer, bool is_frozen) {
            const core::detail::Vec<SavedValue>& values = save.job->values;
            snapshot_.add_to(writer, values, cuts, is_frozen ? 0 : save.job->frozen,
                             is_frozen ? save.job->frozen : values.size());
          },
          [&](bundle::detail::BundleWriter& writer) {
            if (save.memory == nullptr) return writer.finish();
            save.memory->remember(bundle::detail::finish_sharing(writer, save.job->shared));
          });
    }
    watch.finish();
    request.run_callbacks();
  }

  // Throws what went wrong in the last save, once. The thread must have ended.
  void throw_failure() {
    if (!failure_) return;
    try {
      std::rethrow_exception(std::exchange(failure_, nullptr));
    } catch (const Error& failure) {
      Error told(failure.code(),
                 "the save of the checkpoint \"" + path_ + "\" in the background failed: " + failure.what());
      told.in_file(failure.file()).at_key(failure.key()).expecting(failure.expected(), failure.found());
      if (failure.offset()) told.at_offset(*failure.offset());
      throw told;
    }
  }
  // Says it on the standard error output, where there is nobody left to throw it to.
  void tell() {
    try {
      throw_failure();
    } catch (const std::exception& error) {
      std::fprintf(stderr, "cairn: %s\n", error.what());
    } catch (...) {
      std::fprintf(stderr, "cairn: the save of the checkpoint \"%s\" in the background failed\n", path_.c_str());
    }
  }

  Snapshot snapshot_;             // what the thread writes
  core::detail::Own<Save> save_;  // the thread's
  std::string path_;              // of the last save
  std::exception_ptr failure_;    // of the last save, until somebody was told
  std::atomic<bool> is_under_way_ = false;
  BackgroundThread thread_;
};

inline core::detail::Own<Background> AsyncFeature::call() { return core::detail::make_own<BackgroundSaves>(); }

}  // namespace CAIRN_NAMESPACE::checkpoint::detail
