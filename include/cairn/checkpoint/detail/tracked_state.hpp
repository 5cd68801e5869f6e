// TrackedState: the work of a Checkpoint without its types, in one object that Checkpoint and CheckpointManager share.
#pragma once

#include "../../graph/detail/root.hpp"
#include "../../io/posix.hpp"
#include "../load_status.hpp"
#include "../options.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace cairn::checkpoint::detail {

// One thread at a time may call it. live_state.hpp has the implementation.
class TrackedState {
 public:
  // Throws Error (already_exists) when the root object has a child of a name that another one is given.
  [[nodiscard]] static std::shared_ptr<TrackedState> make(graph::detail::Root root,
                                                          io::FileSystem& files = io::posix());

  TrackedState() = default;
  TrackedState(const TrackedState&) = delete;
  TrackedState& operator=(const TrackedState&) = delete;
  virtual ~TrackedState() = default;

  [[nodiscard]] virtual io::FileSystem& files() noexcept = 0;

  // The Checkpoint whose state this is, wherever it has been moved to.
  [[nodiscard]] const void* owner() const noexcept { return owner_; }
  void belongs_to(const void* owner) noexcept { owner_ = owner; }

  [[nodiscard]] virtual std::int64_t save_counter() = 0;

  // Writes without numbering.
  virtual std::string write(const std::string& prefix, const CheckpointOptions& options) = 0;

  // Waits for a save in the background; throws what went wrong in it, once.
  virtual void sync() = 0;
  // Waits, and leaves what went wrong to sync() or the next save.
  virtual void wait() noexcept = 0;

  // Counts, writes `prefix`-<number>, runs the callbacks and then `after(path)`. The number is the counter's next value
  // or beyond every checkpoint of that name that is on the disk: a process that has not restored must not write over
  // what another one saved. When anything fails before the files are complete, the counter is what it was; in the
  // background, where it would change under the program's hands, the counter has counted a number without files.
  // `highest_there` is the highest number on the disk, where the caller has just looked. `second_name` is
  // WriterOptions'; it must live until after() was called.
  virtual std::string save(const std::string& prefix, std::optional<std::int64_t> number,
                           const CheckpointOptions& options, const std::function<void(const std::string&)>& after,
                           std::optional<std::int64_t> highest_there = std::nullopt,
                           std::string* second_name = nullptr) = 0;

  // restore(): with the save counter. read(): without.
  [[nodiscard]] virtual LoadStatus restore(const std::string& path, const RestoreOptions& options,
                                           bool with_counter) = 0;

  // Adds a child, and restores it from the newest restore that has values waiting under that name. Throws Error:
  // already_exists when the name is taken; what a restore throws. Then the child is not added.
  // restore/late.hpp has it, which no program has that never calls it.
  void track(std::string name, graph::detail::Slot slot);

 private:
  const void* owner_ = nullptr;
};

}  // namespace cairn::checkpoint::detail
