// One restore: the file it reads, what it has found, and what it still waits for.
#pragma once

#include "../archive/source.hpp"
#include "../bundle/object_graph.hpp"
#include "../core/error.hpp"
#include "../graph/match.hpp"
#include "../io/file_system.hpp"
#include "load_status.hpp"
#include "options.hpp"

#include <memory>
#include <string>
#include <utility>

namespace cairn::detail {

// Where a SavedModel directory keeps its checkpoint; the path itself otherwise.
[[nodiscard]] inline std::string checkpoint_prefix_of(io::FileSystem& files, const std::string& path) {
  if (!files.is_directory(path)) return path;
  for (const char* const name : {"saved_model.pb", "saved_model.pbtxt"})
    if (files.exists(io::join_path(path, name))) return io::join_path(path, "variables/variables");
  if (files.exists(bundle::index_path(path))) return path;
  throw Error(ErrorCode::failed_precondition, path +
                                                  " is a directory, not a checkpoint's path; ask for "
                                                  "cairn::latest_checkpoint(\"" +
                                                  path + "\"), or name one in it, such as " +
                                                  io::join_path(path, "ckpt-1"))
      .in_file(path);
}

// Holds the files open while saved values wait for objects that are not there yet, so that they can be restored even
// when the checkpoint has been deleted meanwhile.
class Restoration {
 public:
  // Throws Error: not_found without such a checkpoint; unimplemented for a name-based one; data_loss for a damaged one.
  Restoration(io::FileSystem& files, const std::string& path, const RestoreOptions& options)
      : source_(bundle::Reader(checkpoint_prefix_of(files, path), files)),
        saved_(read_graph(source_.reader()), source_.name()),
        matcher_(saved_, source_, options.on_mismatch),
        record_(std::make_shared<RestoreRecord>()) {
    record_->path = path;
  }

  // Matches, checks everything, and changes nothing yet.
  void match(const Root& root) { matcher_.match(root); }
  // A child that is tracked later. True when this restore had values waiting for it; they are in the child then. When
  // it throws, neither the child nor what waits has changed.
  bool restore_child(std::string_view name, Slot slot) {
    const Matcher::Progress before = matcher_.progress();
    bool found = false;
    try {
      found = matcher_.match_child(name, slot);
      check();
    } catch (...) {
      matcher_.roll_back(before);
      throw;
    }
    commit();
    return found;
  }

  void check() { matcher_.plan().check(source_); }
  void commit() {
    matcher_.plan().commit(source_);
    record_->fill_from(matcher_);
  }

  [[nodiscard]] bool is_pending() const { return matcher_.is_pending(); }
  [[nodiscard]] bool is_superseded_by(const Restoration& newer) const {
    return matcher_.is_superseded_by(newer.matcher_);
  }
  [[nodiscard]] LoadStatus status() const { return LoadStatus(record_); }

 private:
  [[nodiscard]] static TrackableObjectGraph read_graph(const bundle::Reader& reader) {
    if (!bundle::has_object_graph(reader))
      throw Error(ErrorCode::unimplemented,
                  "the checkpoint " + reader.prefix() +
                      " is name-based (tf.compat.v1.train.Saver wrote it): it has no object graph to restore by. Read "
                      "its tensors one by one with cairn::load_variable")
          .in_file(bundle::index_path(reader.prefix()));
    return bundle::read_object_graph(reader);
  }

  BundleSource source_;
  SavedGraph saved_;
  Matcher matcher_;
  std::shared_ptr<RestoreRecord> record_;
};

}  // namespace cairn::detail
