// ArchivedState: a Checkpoint's state in numbered archives, for a manager of another format than TensorFlow's bundles.
#pragma once

#include "../../bundle/detail/no_checkpoint.hpp"
#include "../../core/detail/fail.hpp"
#include "../../core/detail/keys.hpp"
#include "../../core/detail/shared.hpp"
#include "../../core/error.hpp"
#include "../../io/detail/watch.hpp"
#include "../load_status.hpp"
#include "../options.hpp"
#include "archive_form.hpp"
#include "directory/state_file.hpp"
#include "save/save_job.hpp"
#include "tracked_state.hpp"

#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <utility>

namespace CAIRN_NAMESPACE::checkpoint::detail {

// It refers to both for one call: the state counts and waits, the form knows the user's types.
class ArchivedState {
 public:
  ArchivedState(TrackedState& state, ArchiveForm& form) : state_(state), form_(form) {}

  // TrackedState::save(), with one file of this form.
  std::string save(const std::string& prefix, std::optional<std::int64_t> number, const CheckpointOptions& options,
                   core::detail::Own<AfterSave> after, std::optional<std::int64_t> highest_there,
                   std::string* second_name) const {
    return state_.save_numbered(prefix, number, options, &after, nullptr, highest_there, second_name, form_.extension(),
                                [&](const SaveRequest& request, std::int64_t counter) { publish(request, counter); });
  }

  // Restores what save() wrote, completely or not at all. Throws Error: not_found; data_loss.
  [[nodiscard]] LoadStatus restore(const std::string& path) const {
    state_.wait();
    state_.forget_frozen();
    const std::string file = archive_at(path, form_.extension());
    const std::string bytes = read_archive(state_.files_, file);
    auto record = core::detail::make_shared<RestoreRecord>();
    record->path = path;
    record->matched.add_all(form_.names());
    record->matched.add(core::detail::save_counter_name);
    record->nontrivial = true;
    state_.create_counter();
    const auto counter = state_.counter_.type->leaf()->land(state_.counter_.address, DT_INT64, Shape{});
    const std::string before = form_.encode(state_.get_counter());
    try {
      TrackedState::set_counter(*counter, form_.decode(bytes));
    } catch (const std::exception& error) {
      (void)form_.decode(before);
      core::detail::fail(ErrorCode::data_loss,
                         {"the checkpoint \"", file, "\" is not what the program archives: ", error.what(),
                          "; restore one that the same program saved"},
                         {.file = file});
    }
    return LoadStatus(std::move(record));
  }

 private:
  // Writes the file now, or leaves it to the background.
  void publish(const SaveRequest& request, std::int64_t counter) const {
    LaterFile archive{&write_now, request.path + form_.extension(), form_.encode(counter)};
    if (request.options.enable_async) return state_.background(request.options).save(request, std::move(archive));
    const io::detail::Watch watch(request.options.progress, request.options.stop, request.files, "saving", archive.path,
                                  io::detail::Watch::writing);
    write_now({watch.files(), request.path, request.options, nullptr, request.second_name}, archive.path,
              std::move(archive.bytes));
    watch.finish();
  }
  static void write_now(const SaveRequest& request, const std::string& path, std::string bytes) {
    write_archive(request.files, path, std::move(bytes), request.options.durability, request.second_name);
  }

  // Returns the file of the archive at `path`, which has no extension, or of the latest archive of a directory.
  [[nodiscard]] std::string archive_at(const std::string& path, const std::string& extension) const {
    std::string file = path + extension;
    if (state_.files_.exists(file) || !state_.files_.is_directory(path)) return file;
    const auto state = bundle::detail::read_state(state_.files_, path);
    if (!state) bundle::detail::fail_no_checkpoint_in(path, state_.files_);
    return state->model_checkpoint_path + extension;
  }

  TrackedState& state_;
  ArchiveForm& form_;
};

}  // namespace CAIRN_NAMESPACE::checkpoint::detail
