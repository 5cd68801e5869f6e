// CollectiveManager: what an mpi::CheckpointManager does, without its types. Rank 0 has the directory: the lock, the
// numbers, the state file, deletions, intervals, metrics. The others are told what they may ask for.
#pragma once

#include "../../checkpoint/detail/directory/managed_directory.hpp"
#include "../../checkpoint/detail/directory/numbering.hpp"
#include "../../checkpoint/detail/save_intervals.hpp"
#include "../../checkpoint/detail/signals.hpp"
#include "../../checkpoint/fall_back.hpp"
#include "../../checkpoint/load_status.hpp"
#include "../../checkpoint/manager_options.hpp"
#include "../../core/detail/own.hpp"
#include "../../core/detail/shared.hpp"
#include "../../core/error.hpp"
#include "../../format/varint.hpp"
#include "../../io/path.hpp"
#include "../options.hpp"
#include "agreement.hpp"
#include "channel.hpp"
#include "collective_state.hpp"
#include "message.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::mpi::detail {

[[nodiscard]] inline std::string text_of(const std::optional<std::int64_t>& number) {
  return number ? std::to_string(*number) : "nullopt";
}
[[nodiscard]] inline std::string text_of(const std::optional<double>& number) {
  return number ? std::to_string(*number) : "nullopt";
}
// The options that all ranks must give alike. Of functions only whether they are there.
[[nodiscard]] inline std::string text_of(const CheckpointManagerOptions& options) {
  std::string text = " with checkpoint_name " + quoted(options.checkpoint_name);
  text += ", max_to_keep " + text_of(options.max_to_keep);
  text += ", keep_checkpoint_every_n_hours " + text_of(options.keep_checkpoint_every_n_hours);
  text += ", checkpoint_interval " + text_of(options.checkpoint_interval);
  text += ", save_interval_secs " + text_of(options.save_interval_secs);
  text += ", last_checkpoint_step " + text_of(options.last_checkpoint_step);
  text += options.step_counter ? ", a step_counter" : ", no step_counter";
  text += options.fall_back ? ", fall_back" : ", no fall_back";
  text += options.save_on_signal ? ", save_on_signal" : ", no save_on_signal";
  text += options.init_fn ? ", an init_fn" : ", no init_fn";
  if (!options.keep_best) return text + ", no keep_best";
  return text + ", keep_best " + std::to_string(options.keep_best->count) +
         (options.keep_best->mode == BestMode::min ? " min" : " max");
}

// All members but those that say otherwise are collective.
class CollectiveManager {
 public:
  CollectiveManager(core::detail::Shared<CollectiveState> state, const std::string& directory,
                    const CheckpointManagerOptions& options)
      : state_(std::move(state)), path_(directory), options_(options), intervals_{options.last_checkpoint_step} {
    state_->begin("a CheckpointManager of " + quoted(directory) + text_of(options));
    together(channel(), [&] {
      checkpoint::detail::require_legal(options);
      if (is_first())
        directory_ = core::detail::make_own<checkpoint::detail::ManagedDirectory>(state_->files(), directory, options);
      if (options.save_on_signal) signals_ = options.save_on_signal.call();
    });
    tell();
  }
  CollectiveManager(const CollectiveManager&) = delete;
  CollectiveManager& operator=(const CollectiveManager&) = delete;
  ~CollectiveManager() { state_->end(); }

  // What all ranks were told last; not collective.
  [[nodiscard]] const std::optional<std::string>& latest() const noexcept { return latest_; }
  [[nodiscard]] const std::vector<std::string>& checkpoints() const noexcept { return checkpoints_; }
  [[nodiscard]] const std::optional<std::string>& best() const noexcept { return best_; }
  [[nodiscard]] const FallBackReport& report() const noexcept { return report_; }
  [[nodiscard]] std::optional<int> signal() const noexcept { return signal_; }
  [[nodiscard]] const std::string& directory() const noexcept { return path_; }
  [[nodiscard]] const CheckpointManagerOptions& options() const noexcept { return options_; }

  std::optional<std::string> save(const SaveArguments& arguments) {
    const CheckpointOptions& options = arguments.options;
    state_->begin("save to " + quoted(path_) + " with checkpoint_number " + text_of(arguments.checkpoint_number) +
                  (arguments.check_interval ? "" : ", check_interval false") + text_of(options));
    state_->sync();
    hear_signal();
    const bool is_signalled = signal_ && signal_ != answered_signal_;
    Completion completion;
    if (is_first()) completion.second_name = directory_->second_name();
    // What is known of the save when it has been decided, for whoever completes it.
    struct Known {
      std::optional<checkpoint::detail::KeptCheckpoint> saved;
      core::detail::Shared<checkpoint::detail::DirectoryLock::Saving> saving;
    };
    const auto known = core::detail::make_shared<Known>();
    completion.after = [directory = directory_.get(), known, durability = options.durability](const std::string& path) {
      known->saved->path = path;
      directory->keep(std::move(*known->saved), durability);
    };
    completion.news = [this] { return news(); };
    completion.hear = [this](std::string_view news) { hear(news); };
    double now = 0;
    auto path = state_->save(
        options, true,
        [&]() -> SavePlan {
          if (!intervals_.is_due(options_, arguments.check_interval)) {
            if (!is_signalled) return {.is_due = false};
            if (options_.step_counter) intervals_.last_step = options_.step_counter->value();
          }
          const std::string prefix = io::join_path(path_, options_.checkpoint_name);
          known->saved = directory_->describe();  // first: it may take its time
          now = known->saved->timestamp;
          known->saving = directory_->prepare(
              arguments.checkpoint_number
                  ? std::optional(checkpoint::detail::numbered_path(prefix, *arguments.checkpoint_number))
                  : std::nullopt,
              options.durability);
          return state_->numbered(prefix, arguments.checkpoint_number, directory_->highest_number());
        },
        std::move(completion));
    if (!path) return path;
    if (is_signalled) {
      state_->sync();
      answered_signal_ = signal_;
    }
    intervals_.last_time = now;  // which only rank 0 asks for
    return path;
  }

  [[nodiscard]] LoadStatus restore(const std::optional<std::string>& path, const RestoreOptions& options) {
    state_->begin("restore of " + (path ? quoted(*path) : "the latest checkpoint of " + quoted(path_)) +
                  text_of(options));
    state_->finish();
    LoadStatus status;
    if (path || !options_.fall_back) {
      const std::optional<std::string> chosen = path ? path : latest_;
      if (!chosen) return status;
      try {
        status = state_->restore_begun(*chosen, options, true);
      } catch (const Error& error) {
        if (!path && error.code() == ErrorCode::not_found)
          together(channel(), [&] {
            if (is_first()) directory_->require_there(*chosen);
          });
        throw;
      }
    } else {
      status = fall_back(options);
    }
    together(channel(), [&] {
      if (is_first()) intervals_.begin(options_);
    });
    return status;
  }

  std::optional<std::string> restore_or_initialize() {
    state_->begin("restore_or_initialize of " + quoted(path_));
    state_->finish();
    if (latest_ || options_.fall_back) {
      restore(std::nullopt, {}).expect_partial();
      if (auto path = options_.fall_back ? report_.restored : latest_) return path;
    }
    together(channel(), [&] {
      if (options_.init_fn) options_.init_fn();
    });
    return std::nullopt;
  }

  void sync() {
    state_->begin("sync of " + quoted(path_));
    state_->sync();
  }

 private:
  [[nodiscard]] Channel& channel() noexcept { return state_->channel(); }
  [[nodiscard]] bool is_first() noexcept { return channel().rank() == 0; }

  // The number of the last signal that any rank got.
  void hear_signal() {
    const std::optional<int> own = signals_ != nullptr ? signals_->signal() : std::nullopt;
    const std::uint64_t largest = ~channel().least(~static_cast<std::uint64_t>(own.value_or(0)));
    if (largest != 0) signal_ = static_cast<int>(largest);
  }

  // Rank 0 goes through the checkpoints, and tells the others each that is tried: "t" and its path, "d" when it is done.
  [[nodiscard]] LoadStatus fall_back(const RestoreOptions& options) {
    LoadStatus status;
    std::optional<Failure> failure;
    std::string message;
    if (is_first()) {
      failure = Failure::of([&] {
        status = options_.fall_back.call(*directory_, [&](const std::string& path) {
          message = "t" + path;
          channel().broadcast(message);
          return state_->restore_begun(path, options, true);
        });
      });
      message = "d";
      channel().broadcast(message);
    } else {
      for (channel().broadcast(message); message[0] == 't'; channel().broadcast(message)) try {
          status = state_->restore_begun(message.substr(1), options, true);
        } catch (const Error&) {  // NOLINT(bugprone-empty-catch): rank 0 has the same one, and says what comes next
        }
    }
    tell();
    agree(channel(), failure);
    return status;
  }

  // Rank 0 tells all what its directory has.
  void tell() {
    hear(from_first(channel(), [&] { return news(); }));
  }
  [[nodiscard]] std::string news() const {
    std::string message;
    put(message, directory_->latest());
    put(message, directory_->checkpoints());
    put(message, directory_->best());
    const FallBackReport& report = directory_->report();
    put(message, report.restored);
    format::append_varint(message, report.damaged.size());
    for (const FallBackReport::Damaged& each : report.damaged)
      put(message, std::string_view(Failure{each.code, each.problem, each.path, {}}.encode()));
    return message;
  }
  void hear(std::string_view news) {
    format::ByteReader message(news, "a message of rank 0");
    latest_ = take_optional(message);
    checkpoints_ = take_texts(message);
    best_ = take_optional(message);
    report_ = {};
    report_.restored = take_optional(message);
    for (std::uint64_t left = message.read_varint64(); left > 0; --left) {
      Failure each = Failure::decode(take_text(message));
      report_.damaged.push_back({std::move(each.file), each.code, std::move(each.sentence)});
    }
  }

  core::detail::Shared<CollectiveState> state_;
  std::string path_;
  CheckpointManagerOptions options_;
  core::detail::Own<checkpoint::detail::ManagedDirectory> directory_;  // on rank 0
  core::detail::Own<checkpoint::detail::Signals> signals_;             // null without save_on_signal
  checkpoint::detail::SaveIntervals intervals_;                        // on rank 0
  std::optional<int> signal_, answered_signal_;

  std::optional<std::string> latest_, best_;
  std::vector<std::string> checkpoints_;
  FallBackReport report_;
};

}  // namespace CAIRN_NAMESPACE::mpi::detail
