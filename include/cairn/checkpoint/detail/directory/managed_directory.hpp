// What a CheckpointManager does, without its types: the list of checkpoints, the state file, what is deleted and when.
//
//   prepare()   before a save: the lock, and whatever others did to the directory meanwhile
//   keep()      after its files are complete: the state file, then deletions; may run in the background's thread
//   prune()     the deletions without a save (checkpoint/prune.hpp)
#pragma once

#include "../../../bundle/detail/publication.hpp"
#include "../../../core/detail/fail.hpp"
#include "../../../core/detail/maps.hpp"
#include "../../../core/detail/own.hpp"
#include "../../../core/detail/shared.hpp"
#include "../../../core/detail/sort.hpp"
#include "../../../core/detail/vec.hpp"
#include "../../../core/durability.hpp"
#include "../../../io/file_system.hpp"
#include "../../fall_back.hpp"
#include "../../manager_options.hpp"
#include "../../retention.hpp"
#include "deletions.hpp"
#include "directory_lock.hpp"
#include "numbering.hpp"
#include "state_file.hpp"
#include "state_notes.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::checkpoint::detail {

// prepare() and keep() are never called at the same time; latest(), checkpoints() and best() may be called at any time.
class ManagedDirectory {
 public:
  enum class Kind {
    manager,  // what has timestamps is managed
    saver,    // tf.train.Saver's: all that is named, in its order, each perhaps with a .meta file
  };

  // Reads the state file; touches nothing. `extension` is that of the file that makes a checkpoint exist. Throws Error:
  // invalid_argument for options that cannot be meant; data_loss for a damaged state file, unless options.fall_back.
  CAIRN_COLD ManagedDirectory(io::FileSystem& files, std::string directory, const CheckpointManagerOptions& options,
                              std::string extension = ".index", Kind kind = Kind::manager)
      : files_(files),
        directory_(std::move(directory)),
        extension_(std::move(extension)),
        options_(options),
        lock_(files, directory_),
        is_savers_(kind == Kind::saver),
        deletions_(files, directory_, extension_, is_savers_) {
    require_legal(options_);
    if (options_.max_to_keep) rules_.max_to_keep = static_cast<std::size_t>(*options_.max_to_keep);
    rules_.every_n_hours = options_.keep_checkpoint_every_n_hours;
    if (options_.keep_best)
      noted_best_ = rules_.best = {static_cast<std::size_t>(options_.keep_best->count), options_.keep_best->mode};
    const double now = options_.now();
    retention_.last_preserved_timestamp = now - 1;
    if (const auto state = read(state_text_)) adopt(*state, decode_notes(state_text_), now);
  }

  ManagedDirectory(const ManagedDirectory&) = delete;
  ManagedDirectory& operator=(const ManagedDirectory&) = delete;
  ~ManagedDirectory() {
    if (lock_.is_held()) deletions_.leave();
  }

  [[nodiscard]] const CheckpointManagerOptions& options() const noexcept { return options_; }
  [[nodiscard]] const std::string& directory() const noexcept { return directory_; }

  [[nodiscard]] std::optional<std::string> latest() const {
    const std::lock_guard guard(mutex_);
    return latest_;
  }
  [[nodiscard]] std::vector<std::string> checkpoints() const {
    const std::lock_guard guard(mutex_);
    std::vector<std::string> paths;
    for (const KeptCheckpoint& each : retention_.kept) paths.push_back(each.path);
    return paths;
  }
  [[nodiscard]] std::optional<std::string> best() const {
    const std::lock_guard guard(mutex_);
    const core::detail::Vec<std::size_t> first = best_of(retention_.kept, {1, rules_.best.mode});
    return first.empty() ? std::nullopt : std::optional(retention_.kept[first[0]].path);
  }
  // Those that are kept as the best.
  [[nodiscard]] std::vector<std::string> kept_as_best() const {
    const std::lock_guard guard(mutex_);
    std::vector<std::string> paths;
    for (const std::size_t i : best_of(retention_.kept, rules_.best)) paths.push_back(retention_.kept[i].path);
    return paths;
  }
  [[nodiscard]] const FallBackReport& report() const noexcept { return report_; }

  // Takes the lock, and looks at what happened since this manager was here. The save lasts as long as what is returned.
  // `path` is where a number that was given leads: only a checkpoint that this manager keeps may be written over.
  // Throws Error: failed_precondition when another process has the lock; already_exists.
  [[nodiscard]] CAIRN_COLD core::detail::Shared<DirectoryLock::Saving> prepare(const std::optional<std::string>& path,
                                                                               Durability durability) {
    // Later it is known that the directory is there: the lock is in place.
    const std::string state_path = bundle::detail::state_file_path(directory_);
    const bool in_place = lock_.is_in_place();
    if (!in_place) files_.create_directories(folder(), durability);
    if (!lock_.is_held() && files_.is_directory(state_path))
      core::detail::fail(ErrorCode::failed_precondition,
                         {"\"", state_path,
                          "\" is a folder, where the file must be that names the checkpoints; give it another name, "
                          "or save to another directory"},
                         {.file = state_path});
    auto saving = lock_.begin(in_place);
    if (saving->since == DirectoryLock::Since::now) is_taken_over_ = false;
    if (saving->since == DirectoryLock::Since::joined) is_taken_over_ = true;
    names_ = files_.list_directory(folder());
    if (!is_taken_over_) take_over();
    is_taken_over_ = true;
    forget_missing();
    deletions_.begin_save();
    if (path && !is_own(*path) && exists(*path))
      core::detail::fail(ErrorCode::already_exists,
                         {"there is a checkpoint \"", *path,
                          "\" already, which this manager has not saved; give another number, or remove it if it is "
                          "not needed"},
                         {.file = *path + extension_});
    return saving;
  }

  // Throws Error (not_found) when no checkpoint of that path is there, although the file `checkpoint` names it.
  CAIRN_COLD void require_there(const std::string& path) const {
    if (exists(path)) return;
    core::detail::fail(ErrorCode::not_found,
                       {"the file \"", bundle::detail::state_file_path(directory_), "\" names \"", path,
                        "\" as the latest checkpoint, but \"", path, extension_,
                        "\" is not there; restore another checkpoint by its path, or have the file written anew from "
                        "what is there: repair"},
                       {.file = path + extension_});
  }

  // The highest number that a file of the checkpoint's name had at prepare().
  [[nodiscard]] std::int64_t highest_number() const {
    return detail::highest_number(names_, options_.checkpoint_name, extension_);
  }

  // Where the save puts the second name of what it writes: WriterOptions::second_name.
  [[nodiscard]] std::string* second_name() noexcept { return deletions_.second_name(); }

  // What is to be remembered of the checkpoint that is going to be saved now. Calls the user's functions.
  [[nodiscard]] KeptCheckpoint describe() const {
    return {{}, options_.now(), options_.keep_best ? std::optional(options_.keep_best->metric()) : std::nullopt};
  }

  // After the files of `saved` are complete. Nothing is deleted before the state file no longer names it. Throws Error
  // when the disk refuses, after all that it does not refuse; the next call goes on with what is left to do.
  void keep(KeptCheckpoint saved, Durability durability) {
    const std::string path = saved.path;
    admit(std::move(saved));
    try {
      write_names(durability);
      deletions_.remove(durability, names_);
    } catch (const Error& error) {
      bundle::detail::fail_after_complete(path, error);
    }
  }

  // Deletes what a save would, without one; never the latest. Returns the paths. After prepare().
  std::vector<std::string> prune(Durability durability) {
    std::unique_lock guard(mutex_);
    const std::vector<std::string> old = retention_.sweep(rules_, latest_);
    guard.unlock();
    for (const std::string& path : old) deletions_.add(path);
    if (!old.empty()) write_names(durability);
    deletions_.remove(durability, names_);
    return old;
  }
  // Before: another rule of which are kept as the best than the one that the state file notes, which stays noted.
  void use_best_rule(const BestRule& rule) {
    rules_.best = rule;
    is_best_given_ = true;
  }
  [[nodiscard]] BestRule best_rule() const { return rules_.best; }
  // What prune() would delete, as far as the state file says that was read.
  [[nodiscard]] std::vector<std::string> too_many() const { return Retention(retention_).sweep(rules_, latest_); }

 private:
  friend FallBackFeature;

  CAIRN_COLD void admit(KeptCheckpoint saved) {
    const std::lock_guard guard(mutex_);
    auto& kept = retention_.kept;
    erase_if(kept, [&](const KeptCheckpoint& each) { return each.path == saved.path; });
    deletions_.save(saved.path);
    latest_ = saved.path;
    kept.push_back(std::move(saved));
    for (std::string& old : retention_.sweep(rules_)) deletions_.add(std::move(old));
  }

  CAIRN_COLD void write_names(Durability durability) {
    deletions_.prepare_state();
    CheckpointState state{*latest_, {}, {}, retention_.last_preserved_timestamp};
    StateNotes notes{.keep_best = noted_best_};
    for (const KeptCheckpoint& each : retention_.kept) {
      state.all_model_checkpoint_paths.push_back(each.path);
      if (!is_savers_) state.all_model_checkpoint_timestamps.push_back(each.timestamp);
      if (each.metric) notes.metrics.push_back({relative_to(directory_, each.path), *each.metric});
    }
    write_state(files_, directory_, std::move(state), durability, encode_notes(std::move(notes)));
    deletions_.state_is_written();
  }

  [[nodiscard]] bool exists(const std::string& path) const { return files_.exists(path + extension_); }
  [[nodiscard]] std::string folder() const { return directory_.empty() ? "." : directory_; }

  // The state file as it is now; nothing when there is none, or with fall_back when it is damaged.
  [[nodiscard]] core::detail::Own<CheckpointState> read(std::string& text) {
    try {
      return bundle::detail::read_state(files_, directory_, &text);
    } catch (const Error& error) {
      if (!options_.fall_back || error.code() != ErrorCode::data_loss) throw;
      state_damage_ = {bundle::detail::state_file_path(directory_), error.code(), error.what()};
      return nullptr;
    }
  }

  // tf.train.CheckpointManager.__init__: only what is newer than the last preserved checkpoint is managed, and so
  // nothing of a state file without timestamps, which Checkpoint::save writes.
  CAIRN_COLD void adopt(const CheckpointState& state, const StateNotes& notes, double now) {
    if (!options_.keep_best) noted_best_ = notes.keep_best;
    if (!options_.keep_best && !is_best_given_) rules_.best = notes.best_rule();
    latest_ = state.model_checkpoint_path;
    named_ = state.all_model_checkpoint_paths;
    // A clock that went back leaves older files alone rather than deleting them.
    retention_.last_preserved_timestamp = std::min(state.last_preserved_timestamp, now);
    const auto& paths = state.all_model_checkpoint_paths;
    const auto& timestamps = state.all_model_checkpoint_timestamps;
    // What is named twice is one checkpoint, as old as its last mention.
    core::detail::HashMap<std::string_view, std::size_t> last_mention, noted;
    for (std::size_t i = 0; i < paths.size(); ++i) last_mention[paths[i]] = i;
    for (std::size_t i = 0; i < notes.metrics.size(); ++i) noted[notes.metrics[i].path] = i;
    core::detail::Vec<KeptCheckpoint> kept;
    for (std::size_t i = 0; i < paths.size(); ++i) {
      if (*last_mention.find(paths[i]) != i) continue;
      const double timestamp = i < timestamps.size() ? std::min(timestamps[i], now) : 0;
      const std::size_t* const note = noted.find(relative_to(directory_, paths[i]));
      // One of the best may be older than what was preserved. Whoever wrote the state file may have named anything:
      // only what is in the directory may be deleted one day.
      const bool is_managed =
          is_savers_ || timestamp > retention_.last_preserved_timestamp || (note != nullptr && i < timestamps.size());
      if (is_managed && is_inside(directory_, paths[i]))
        kept.push_back(
            {paths[i], timestamp, note == nullptr ? std::nullopt : std::optional(notes.metrics[*note].value)});
    }
    // What the file named when it was read before, and another program's state does not, is still ours if it is there.
    for (const KeptCheckpoint& each : retention_.kept)
      if (!last_mention.contains(each.path) && each.timestamp > retention_.last_preserved_timestamp &&
          exists(each.path))
        kept.push_back(each);
    core::detail::sort(kept,
                       [](const KeptCheckpoint& a, const KeptCheckpoint& b) { return a.timestamp < b.timestamp; });
    retention_.kept = std::move(kept);
  }

  // What another manager of this process has deleted, or somebody by hand, must not be named again.
  void forget_missing() {
    const std::lock_guard guard(mutex_);
    erase_if(retention_.kept, [&](const KeptCheckpoint& each) {
      const auto names = names_beside(directory_, names_, each.path);
      if (names.empty()) return !exists(each.path);
      return !std::binary_search(names.begin(), names.end(), io::file_name(each.path) + extension_);
    });
  }

  // The first in this process, with the lock: nobody else is at work here now.
  CAIRN_COLD void take_over() {
    std::string text;
    const auto state = read(text);
    {
      const std::lock_guard guard(mutex_);
      if (state && text != state_text_) adopt(*state, decode_notes(text), options_.now());
    }
    state_text_ = text;
    deletions_.take_over(names_, options_.checkpoint_name, [&](const std::string& path) {
      if (std::find(passed_over_.begin(), passed_over_.end(), path) != passed_over_.end()) return false;
      if (!is_named(path)) return true;
      // A checkpoint that was never named, and that fall_back has restored: from now on this manager's.
      const std::lock_guard guard(mutex_);
      if (std::find(named_.begin(), named_.end(), path) == named_.end() && !is_kept(path))
        retention_.kept.push_back({path, options_.now()});
      return false;
    });
  }

  [[nodiscard]] bool is_kept(const std::string& path) const {
    for (const KeptCheckpoint& each : retention_.kept)
      if (each.path == path) return true;
    return false;
  }
  [[nodiscard]] bool is_named(const std::string& path) const {
    return latest_ == path || std::find(named_.begin(), named_.end(), path) != named_.end() || is_kept(path);
  }
  [[nodiscard]] bool is_own(const std::string& path) const {
    return is_kept(path) || std::find(passed_over_.begin(), passed_over_.end(), path) != passed_over_.end() ||
           deletions_.contains(path);
  }

  io::FileSystem& files_;
  std::string directory_;
  std::string extension_;  // of the file that makes a checkpoint exist
  CheckpointManagerOptions options_;
  RetentionRules rules_;
  BestRule noted_best_;  // by keep_best; without it what the state file notes of an earlier manager
  bool is_best_given_ = false;
  DirectoryLock lock_;
  bool is_savers_;
  Deletions deletions_;

  mutable std::mutex mutex_;  // of the next two, where the background may be at work
  std::optional<std::string> latest_;
  Retention retention_{};

  std::vector<std::string> names_;          // in the directory, sorted: one look for each save
  std::string state_text_;                  // of the state file when it was read
  std::vector<std::string> named_;          // in it, managed or not
  FallBackReport::Damaged state_damage_{};  // without a path where the state file could be read
  FallBackReport report_;
  std::vector<std::string> passed_over_;  // damaged, and left alone
  bool is_taken_over_ = false;
};

}  // namespace CAIRN_NAMESPACE::checkpoint::detail
