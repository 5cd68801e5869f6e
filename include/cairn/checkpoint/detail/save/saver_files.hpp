// What registered savers write beside a checkpoint that is being saved, until it is part of that checkpoint.
//
//   save_fn(objects, "run/ckpt-3-Custom.stacks")  ->  run/ckpt-3-Custom.stacks.index, ...   ->  run/ckpt-3
//
// A program that registers no saver has none of the code behind the two interfaces.
#pragma once

#include "../../../bundle/writer.hpp"
#include "../../../core/detail/own.hpp"
#include "../../../graph/detail/savers.hpp"
#include "../../../graph/detail/walk.hpp"
#include "../../../io/file_system.hpp"

#include <string>

namespace cairn::checkpoint::detail {

// The files go with it, whether they are part of the checkpoint then or the save has failed.
class WrittenBySavers {
 public:
  WrittenBySavers() = default;
  WrittenBySavers(const WrittenBySavers&) = delete;
  WrittenBySavers& operator=(const WrittenBySavers&) = delete;
  virtual ~WrittenBySavers() = default;

  // Plans copies of all tensors; this must live until the writer has written them.
  virtual void add_to(bundle::Writer& writer) const = 0;
};

// The objects that savers save: what every SavedBySavers of a LiveGraph is.
class SavedObjects : public graph::detail::SavedBySavers {
 public:
  // Calls the savers. Throws what they throw; Error (not_found and others) for a prefix where they wrote nothing.
  [[nodiscard]] virtual core::detail::Own<WrittenBySavers> write(const std::string& prefix,
                                                                 io::FileSystem& files) const = 0;
};

class SaverFiles {
 public:
  // Throws what SavedObjects::write throws.
  SaverFiles(const graph::detail::LiveGraph& live, const std::string& prefix, io::FileSystem& files) {
    if (live.by_savers != nullptr) written_ = static_cast<const SavedObjects&>(*live.by_savers).write(prefix, files);
  }

  void add_to(bundle::Writer& writer) const {
    if (written_ != nullptr) written_->add_to(writer);
  }

 private:
  core::detail::Own<WrittenBySavers> written_;
};

}  // namespace cairn::checkpoint::detail
