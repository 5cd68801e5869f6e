// One restore: the file it reads, what it has found, and what it still waits for. By the object graph of the checkpoint
// (graph_restoration.hpp), or by the names of variables where there is none (name_restoration.hpp).
#pragma once

#include "../../../bundle/find_checkpoint.hpp"
#include "../../../core/error.hpp"
#include "../../../graph/detail/match.hpp"
#include "../../../io/detail/watch.hpp"
#include "../../../io/file_system.hpp"
#include "../../../io/path.hpp"
#include "../../load_status.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::checkpoint::detail {

// Holds the files open while saved values wait for objects that are not there yet, so that they can be restored even
// when the checkpoint has been deleted meanwhile.
class Restoration {
 public:
  explicit Restoration(const std::string& path) : record_(core::detail::make_shared<RestoreRecord>()) {
    record_->path = path;
  }
  Restoration(const Restoration&) = delete;
  Restoration& operator=(const Restoration&) = delete;
  virtual ~Restoration() = default;

  // Matches, checks everything but the bytes of a large state, and changes nothing yet.
  virtual void check(const graph::detail::Root& root) = 0;
  // After check(). Throws when those bytes are damaged; nothing has changed then, unless the disk failed after all had
  // been found whole (RestorePlan::commit). Takes no memory: what could not be had
  // would leave the values half restored.
  virtual void commit() = 0;
  // True while there are saved values that could still find an object.
  [[nodiscard]] virtual bool is_pending() const = 0;
  // True when the newer one has something for all that this one waits for.
  [[nodiscard]] virtual bool is_superseded_by(const Restoration& newer) const = 0;

  [[nodiscard]] LoadStatus status() const { return LoadStatus(record_); }

  // RestoreOptions::progress and stop. It has the files from which the restoration reads, as long as that waits.
  io::detail::Watch watch;

 protected:
  // The save counter that a restore makes need not be in every checkpoint.
  static void excuse_save_counter(RestoreRecord& record) {
    erase(record.only_in_program, core::detail::save_counter_name);
  }

  static void append(std::vector<Mismatch>& list, const std::vector<Mismatch>& more) {
    for (const Mismatch& each : more) list.push_back(each);
  }
  static void append(std::vector<std::string>& list, const std::vector<std::string>& more) {
    for (const std::string& each : more) list.push_back(each);
  }

  // What the status will show after commit(), ready to be moved there.
  RestoreRecord next_;
  CAIRN_COLD void publish() noexcept {
    next_.path = std::move(record_->path);
    *record_ = std::move(next_);
  }
  [[nodiscard]] const RestoreRecord& record() const noexcept { return *record_; }

 private:
  core::detail::Shared<RestoreRecord> record_;
};

}  // namespace CAIRN_NAMESPACE::checkpoint::detail
