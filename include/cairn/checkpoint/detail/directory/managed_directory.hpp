// What a CheckpointManager does, without its types: the list of checkpoints, the state file, what is deleted and when.
//
//   prepare()   before a save: the lock, and whatever others did to the directory meanwhile
//   keep()      after its files are complete: the state file, then deletions; may run in the background's thread
//   prune()     the deletions without a save (checkpoint/prune.hpp)
#pragma once

#include "../../../core/durability.hpp"
#include "../../../io/file_system.hpp"
#include "../../fall_back.hpp"
#include "../../manager_options.hpp"
#include "../../retention.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cairn::checkpoint::detail {

// prepare() and keep() are never called at the same time; latest(), checkpoints() and best() may be called at any time.
// live_directory.hpp has the implementation.
class ManagedDirectory {
 public:
  enum class Kind {
    manager,  // what has timestamps is managed
    saver,    // tf.train.Saver's: all that is named, in its order, each perhaps with a .meta file
  };

  // Reads the state file; touches nothing. Throws Error: invalid_argument for options that cannot be meant; data_loss
  // for a damaged state file, unless options.fall_back.
  [[nodiscard]] static std::shared_ptr<ManagedDirectory> make(io::FileSystem& files, std::string directory,
                                                              const CheckpointManagerOptions& options,
                                                              std::string extension = ".index",
                                                              Kind kind = Kind::manager);

  ManagedDirectory() = default;
  ManagedDirectory(const ManagedDirectory&) = delete;
  ManagedDirectory& operator=(const ManagedDirectory&) = delete;
  virtual ~ManagedDirectory() = default;

  [[nodiscard]] virtual const CheckpointManagerOptions& options() const noexcept = 0;
  [[nodiscard]] virtual const std::string& directory() const noexcept = 0;

  [[nodiscard]] virtual std::optional<std::string> latest() const = 0;
  [[nodiscard]] virtual std::vector<std::string> checkpoints() const = 0;
  [[nodiscard]] virtual std::optional<std::string> best() const = 0;
  // Those that are kept as the best.
  [[nodiscard]] virtual std::vector<std::string> kept_as_best() const = 0;
  [[nodiscard]] virtual const FallBackReport& report() const noexcept = 0;

  // Throws Error (not_found) when no checkpoint of that path is there, although the file `checkpoint` names it.
  virtual void require_there(const std::string& path) const = 0;

  // Takes the lock, and looks at what happened since this manager was here. The save lasts as long as what is returned.
  // `path` is where a number that was given leads: only a checkpoint that this manager keeps may be written over.
  // Throws Error: failed_precondition when another process has the lock; already_exists.
  [[nodiscard]] virtual std::shared_ptr<const void> prepare(const std::optional<std::string>& path,
                                                            Durability durability) = 0;

  // The highest number that a file of the checkpoint's name had at prepare().
  [[nodiscard]] virtual std::int64_t highest_number() const = 0;

  // Where the save puts the second name of what it writes: WriterOptions::second_name.
  [[nodiscard]] virtual std::string* second_name() noexcept = 0;

  // What is to be remembered of the checkpoint that is going to be saved now. Calls the user's functions.
  [[nodiscard]] virtual KeptCheckpoint describe() const = 0;

  // After the files of `saved` are complete. Nothing is deleted before the state file no longer names it. Throws Error
  // when the disk refuses, after all that it does not refuse; the next call goes on with what is left to do.
  virtual void keep(KeptCheckpoint saved, Durability durability) = 0;

  // Deletes what a save would, without one; never the latest. Returns the paths. After prepare().
  virtual std::vector<std::string> prune(Durability durability) = 0;
  // Before: another rule of which are kept as the best than the one that the state file notes, which stays noted.
  virtual void use_best_rule(const BestRule& rule) = 0;
  [[nodiscard]] virtual BestRule best_rule() const = 0;
  // What prune() would delete, as far as the state file says that was read.
  [[nodiscard]] virtual std::vector<std::string> too_many() const = 0;
};

}  // namespace cairn::checkpoint::detail
