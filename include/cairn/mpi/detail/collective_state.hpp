// CollectiveState: the work of an mpi::Checkpoint without its types, which its manager shares: what cairn's TrackedState
// does for one process, done by all ranks together.
#pragma once

#include "../../bundle/detail/shards.hpp"
#include "../../bundle/files.hpp"
#include "../../bundle/find_checkpoint.hpp"
#include "../../bundle/index.hpp"
#include "../../bundle/reader.hpp"
#include "../../checkpoint/detail/directory/numbering.hpp"
#include "../../checkpoint/detail/directory/state_file.hpp"
#include "../../checkpoint/detail/restore/graph_restoration.hpp"
#include "../../checkpoint/detail/restore/name_restoration.hpp"
#include "../../checkpoint/detail/tracked_state.hpp"
#include "../../checkpoint/load_status.hpp"
#include "../../checkpoint/options.hpp"
#include "../../core/detail/fail.hpp"
#include "../../core/detail/function_ref.hpp"
#include "../../core/detail/own.hpp"
#include "../../core/error.hpp"
#include "../../format/varint.hpp"
#include "../../graph/detail/root.hpp"
#include "../../io/file_system.hpp"
#include "../../io/native.hpp"
#include "../../io/path.hpp"
#include "../../io/whole_file.hpp"
#include "../../partition/detail/present_rank.hpp"
#include "../communicator.hpp"
#include "../options.hpp"
#include "agreement.hpp"
#include "channel.hpp"
#include "collective_save.hpp"
#include "message.hpp"
#include "partly_read.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <mpi.h>

namespace CAIRN_NAMESPACE::mpi::detail {

// What rank 0 has decided about a save.
struct SavePlan {
  bool is_due = true;
  std::string path = {};
  std::optional<std::int64_t> counter = {};  // nullopt leaves the save counter alone

  [[nodiscard]] std::string encode() const {
    std::string message;
    format::append_varint(message, is_due ? 1 : 0);
    put(message, std::string_view(path));
    format::append_varint(message, counter ? 1 : 0);
    format::append_varint(message, static_cast<std::uint64_t>(counter.value_or(0)));
    return message;
  }
  [[nodiscard]] static SavePlan decode(std::string_view bytes) {
    format::ByteReader message(bytes, "a message of a rank");
    SavePlan plan;
    plan.is_due = message.read_varint64() != 0;
    plan.path = take_text(message);
    const bool counts = message.read_varint64() != 0;
    const auto counter = static_cast<std::int64_t>(message.read_varint64());
    if (counts) plan.counter = counter;
    return plan;
  }
};

[[nodiscard]] inline std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

// The options that all ranks must give alike.
[[nodiscard]] inline std::string text_of(const CheckpointOptions& options) {
  return core::detail::sentence_of(
      {" with durability ", options.durability == Durability::full ? "full" : "none", ", shard_size ",
       std::uint64_t{options.shard_size}, ", data_alignment ", options.data_alignment, ", enable_async ",
       options.enable_async ? "true" : "false", ", check_replicas ", options.check_replicas ? "true" : "false",
       ", writers ", options.writers, ", skip_slot_variables ", options.skip_slot_variables ? "true" : "false",
       ", incremental ", options.incremental ? "true" : "false"});
}
[[nodiscard]] inline std::string text_of(const RestoreOptions& options) {
  std::string text = " with ";
  for (const Rename& each : options.rename) text += "rename " + quoted(each.from) + " to " + quoted(each.to) + ", ";
  if (!options.prefix.empty()) text += "prefix " + quoted(static_cast<const std::string&>(options.prefix)) + ", ";
  return text + "skip_slot_variables " + (options.skip_slot_variables ? "true" : "false");
}

// All members but those that say otherwise are collective, and belong to one thread at a time.
class CollectiveState {
 public:
  // Throws Error (already_exists) when the root object has a child of a name that another one is given.
  CollectiveState(const Communicator& comm, core::detail::FunctionRef<graph::detail::Root()> make_root,
                  io::FileSystem& files = io::native())
      : channel_(Channel::of(comm)), files_(files) {
    begin_call(channel_, "a new Checkpoint");
    number_ = channel_.next_number();
    together(channel_, [&] { state_ = core::detail::make_own<checkpoint::detail::TrackedState>(make_root(), files); });
  }
  CollectiveState(const CollectiveState&) = delete;
  CollectiveState& operator=(const CollectiveState&) = delete;
  ~CollectiveState() { end(); }

  [[nodiscard]] Channel& channel() noexcept { return channel_; }
  [[nodiscard]] io::FileSystem& files() noexcept { return files_; }
  // Not collective.
  [[nodiscard]] std::int64_t save_counter() { return state_->save_counter(); }

  // The beginning of every call.
  void begin(const std::string& call) {
    begin_call(channel_, call + " of Checkpoint " + std::to_string(number_) +
                             (open_ != nullptr ? " after a save in the background" : ""));
  }
  // Completes the save that is under way in the background. Throws what went wrong in it or in one that was completed
  // by finish(), once.
  void sync() {
    finish();
    if (left_) std::exchange(left_, std::nullopt)->raise();
  }
  // Completes it, and leaves what went wrong to sync().
  void finish() {
    if (open_ == nullptr) return;
    const core::detail::Own<CollectiveSave> save = std::move(open_);
    left_ = Failure::of([&] {
      save->publish(channel_);
      save->complete(channel_);
    });
    if (left_)
      left_->sentence =
          "the save of the checkpoint " + quoted(save->path()) + " in the background failed: " + left_->sentence;
  }
  // At the end of the Checkpoint or of its manager, which is no place to throw. Collective where a save is under way.
  void end() noexcept {
    if (open_ == nullptr && !left_) return;
    try {
      int is_finalized = 0;
      MPI_Finalized(&is_finalized);
      if (open_ != nullptr && (is_finalized != 0 || std::uncaught_exceptions() > 0)) {
        std::fprintf(stderr,
                     "cairn: the save of the checkpoint \"%s\" in the background was not completed, because %s; call "
                     "sync() on every rank before\n",
                     open_->path().c_str(),
                     is_finalized != 0 ? "MPI was finalized" : "an exception has ended this rank's part of it");
        open_.reset();
        return;
      }
      if (open_ != nullptr) begin("the end");
      sync();
    } catch (const std::exception& error) {
      if (channel_.rank() == 0) std::fprintf(stderr, "cairn: %s\n", error.what());
      open_.reset();
    }
  }

  // TrackedState's functions of these names.
  std::string write(const std::string& prefix, const CheckpointOptions& options) {
    begin("write to " + quoted(prefix) + text_of(options));
    sync();
    return *save(options, false,
                 [&] {
                   bundle::require_prefix(prefix);
                   return SavePlan{true, prefix, {}};
                 },
                 {});
  }
  std::string save(const std::string& prefix, const CheckpointOptions& options) {
    begin("save to " + quoted(prefix) + text_of(options));
    sync();
    Completion completion;
    const std::string directory =
        std::string_view(prefix).find_first_of(io::separators) == std::string::npos ? "" : io::parent_directory(prefix);
    completion.after = [&files = files_, directory, durability = options.durability](const std::string& path) {
      checkpoint::detail::write_state(files, directory, {path, {path}, {}, 0}, durability);
    };
    return *save(
        options, true,
        [&] {
          bundle::require_prefix(prefix);
          return numbered(prefix, std::nullopt, checkpoint::detail::highest_number(files_, prefix));
        },
        std::move(completion));
  }
  [[nodiscard]] LoadStatus restore(const std::string& path, const RestoreOptions& options, bool with_counter) {
    begin((with_counter ? "restore of " : "read of ") + quoted(path) + text_of(options));
    finish();
    return restore_begun(path, options, with_counter);
  }

  // On rank 0, not collective: the path and the counter of a save under the next number, or under the number that is
  // given. TrackedState::save says which the next one is.
  [[nodiscard]] SavePlan numbered(const std::string& prefix, std::optional<std::int64_t> number,
                                  std::int64_t highest_there) {
    const std::int64_t before = state_->get_counter();
    const std::int64_t next =
        checkpoint::detail::number_after(number ? before : std::max(before, highest_there), prefix);
    return {true, checkpoint::detail::numbered_path(prefix, number.value_or(next)), next};
  }

  // After begin() and sync(). `decide` is called on rank 0; `counts` says whether its plan has a counter. nullopt where it
  // says that no save is due. When it throws, the counter of every rank is what it was before, unless the checkpoint is
  // complete.
  std::optional<std::string> save(const CheckpointOptions& options, bool counts,
                                  core::detail::FunctionRef<SavePlan()> decide, Completion completion) {
    bool is_new = false;
    std::optional<std::int64_t> before;
    core::detail::Own<graph::detail::Landing> counter;
    core::detail::Own<CollectiveSave> save;
    try {
      std::string decision;
      together(channel_, [&] {
        require_legal(options);
        if (counts) {
          is_new = state_->create_counter();
          before = state_->get_counter();
        }
        if (channel_.rank() == 0) decision = decide().encode();
      });
      channel_.broadcast(decision);
      const SavePlan plan = SavePlan::decode(decision);
      if (!plan.is_due) return std::nullopt;
      together(channel_, [&] {
        if (plan.counter) {
          counter = state_->counter_.type->leaf()->land(state_->counter_.address, DT_INT64, Shape{});
          checkpoint::detail::TrackedState::set_counter(*counter, *plan.counter);
        }
        // Folders are there before any rank needs them.
        if (channel_.rank() == 0) files_.create_directories(io::parent_directory(plan.path), options.durability);
        save = core::detail::make_own<CollectiveSave>(files_, plan.path, options, std::move(completion));
      });
      save->plan(channel_, state_->root_);
      if (options.enable_async) {
        together(channel_, [&] { save->write_later(); });
        open_ = std::move(save);
        return open_->path();
      }
      const std::optional<Failure> failure = Failure::of([&] { save->write(); });
      agree(channel_, failure);
      save->publish(channel_);
    } catch (...) {
      if (counter != nullptr) checkpoint::detail::TrackedState::set_counter(*counter, *before);
      if (is_new) state_->remove_counter();
      throw;
    }
    save->complete(channel_);
    return save->path();
  }

  // After begin() and finish(). When it throws, every tracked value of every rank is what it was before, but for what
  // RestoreActions::commit says.
  [[nodiscard]] LoadStatus restore_begun(const std::string& path, const RestoreOptions& options, bool with_counter) {
    std::optional<bundle::Reader> reader;
    std::string opened = from_first(channel_, [&] { return open_on_first(path, reader); });
    core::detail::Own<checkpoint::detail::Restoration> restoration;
    bool is_new = false;
    try {
      const partition::detail::PresentRank present(channel_.rank(), channel_.size());
      together(channel_, [&] {
        if (options.progress || options.stop)
          core::detail::fail(ErrorCode::unimplemented,
                             {"many ranks cannot watch or stop a restore together: leave progress and stop out, or "
                              "restore with cairn::Checkpoint on one rank"});
        if (!reader) reader.emplace(open(opened));
        opened = {};
        restoration = checkpoint::detail::TrackedState::open(std::move(*reader), options);
        is_new = with_counter && state_->create_counter();
        restoration->check(state_->root_);
      });
      try {
        together(channel_, [&] { read(*restoration); });
        require_read_together(channel_, reader_of(*restoration), present.partly_read());
      } catch (...) {
        undo(*restoration);
        throw;
      }
      together(channel_, [&] { restoration->commit(); });
    } catch (...) {
      if (is_new) state_->remove_counter();
      throw;
    }
    return restoration->status();
  }

 private:
  static void require_legal(const CheckpointOptions& options) {
    if (options.incremental)
      core::detail::fail(ErrorCode::unimplemented,
                         {"many ranks cannot save what has changed alone: leave incremental out, or save with "
                          "cairn::Checkpoint on one rank"});
    if (options.writers < 0)
      core::detail::fail(ErrorCode::invalid_argument,
                         {"writers is ", options.writers, ", but must be a number of ranks, or 0 for all"});
  }

  // What all ranks need to know of a checkpoint: its prefix, the bytes of its index, and how many its data files have.
  [[nodiscard]] std::string open_on_first(const std::string& path, std::optional<bundle::Reader>& reader) {
    const bundle::detail::FoundBundle found = bundle::detail::find_bundle(path, files_);
    std::string message;
    const bool is_v1 = static_cast<bool>(found.v1);
    format::append_varint(message, is_v1 ? 1 : 0);
    put(message, std::string_view(is_v1 ? path : found.prefix));
    if (is_v1) return message;  // all values of such a file are in one table, which each rank decodes
    const std::string bytes =
        io::read_whole_file(*found.index, bundle::index_path(found.prefix), bundle::max_index_bytes);
    reader.emplace(opened(found.prefix, bytes, 0));
    std::uint64_t asked = 0;
    for (const auto& item : reader->entries()) asked += item.second.size;
    for (const auto& item : reader->slices()) asked += item.second.size;
    constexpr std::uint64_t worth_a_look = std::uint64_t{16} << 20;  // ByteClaim's
    std::uint64_t data_bytes = 0;
    if (asked > worth_a_look) {
      // So that one rank opens all data files for it, and not every rank.
      data_bytes = reader->data_bytes();
      reader.emplace(opened(found.prefix, bytes, data_bytes));
    }
    format::append_varint(message, data_bytes);
    message += bytes;
    return message;
  }
  [[nodiscard]] bundle::Reader open(std::string_view bytes) {
    format::ByteReader message(bytes, "a message of rank 0");
    const bool is_v1 = message.read_varint64() != 0;
    const std::string prefix(take_text(message));
    if (is_v1) return bundle::Reader(prefix, files_);
    const std::uint64_t data_bytes = message.read_varint64();
    return opened(prefix, message.read_bytes(message.remaining()), data_bytes);
  }
  [[nodiscard]] bundle::Reader opened(const std::string& prefix, std::string_view index_bytes,
                                      std::uint64_t data_bytes) {
    bundle::Index index = bundle::decode_index(index_bytes, bundle::index_path(prefix));
    const std::int32_t num_shards = index.num_shards;
    return bundle::Reader(bundle::detail::OpenBundle{prefix, std::move(index),
                                                     bundle::detail::Shards(files_, prefix, num_shards), data_bytes});
  }

  [[nodiscard]] static const bundle::Reader& reader_of(const checkpoint::detail::Restoration& restoration) {
    if (const auto* const by_graph = dynamic_cast<const checkpoint::detail::GraphRestoration*>(&restoration))
      return by_graph->reader();
    return static_cast<const checkpoint::detail::NameRestoration&>(restoration).reader();
  }
  static void read(checkpoint::detail::Restoration& restoration) {
    if (auto* const by_graph = dynamic_cast<checkpoint::detail::GraphRestoration*>(&restoration))
      return by_graph->read();
    static_cast<checkpoint::detail::NameRestoration&>(restoration).read();
  }
  static void undo(checkpoint::detail::Restoration& restoration) noexcept {
    if (auto* const by_graph = dynamic_cast<checkpoint::detail::GraphRestoration*>(&restoration))
      return by_graph->undo();
    static_cast<checkpoint::detail::NameRestoration&>(restoration).undo();
  }

  Channel& channel_;
  io::FileSystem& files_;
  std::uint64_t number_ = 0;  // among the Checkpoints of the communicator
  core::detail::Own<checkpoint::detail::TrackedState> state_;
  core::detail::Own<CollectiveSave> open_;  // the save that is under way in the background
  std::optional<Failure> left_;             // of the last one, until somebody was told
};

}  // namespace CAIRN_NAMESPACE::mpi::detail
