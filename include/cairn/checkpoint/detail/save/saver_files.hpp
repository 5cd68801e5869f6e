// What registered savers write beside a checkpoint that is being saved, until it is part of that checkpoint.
//
//   save_fn(objects, "run/ckpt-3-Custom.stacks")  ->  run/ckpt-3-Custom.stacks.index, ...   ->  run/ckpt-3
#pragma once

#include "../../../bundle/files.hpp"
#include "../../../bundle/reader.hpp"
#include "../../../bundle/writer.hpp"
#include "../../../core/detail/own.hpp"
#include "../../../core/detail/vec.hpp"
#include "../../../core/error.hpp"
#include "../../../graph/detail/walk.hpp"
#include "../../../io/file_system.hpp"

#include <string>
#include <vector>

namespace cairn::checkpoint::detail {

class SaverFiles {
 public:
  // Calls the savers, and opens what they wrote. Throws what they throw; Error (not_found and others) for a prefix
  // where they wrote nothing.
  SaverFiles(const graph::detail::LiveGraph& live, const std::string& prefix, io::FileSystem& files) : files_(files) {
    try {
      live.savers.for_each([&](const CheckpointSaver& saver, const Trackables& objects) {
        for (std::string& written : saver.save_fn(objects, prefix + "-" + saver.registered_name())) {
          if (written == prefix)
            throw Error(ErrorCode::invalid_argument,
                        "the registered saver " + saver.registered_name() + " wrote to " + prefix +
                            ", which is the checkpoint's own path; write to the prefix that save_fn is given")
                .in_file(prefix);
          prefixes_.push_back(std::move(written));
          readers_.push_back(core::detail::make_own<const bundle::Reader>(prefixes_.back(), files_));
        }
      });
    } catch (...) {
      remove();
      throw;
    }
  }
  SaverFiles(const SaverFiles&) = delete;
  SaverFiles& operator=(const SaverFiles&) = delete;
  // The files go, whether they are part of the checkpoint now or the save has failed.
  ~SaverFiles() { remove(); }

  // Plans copies of all tensors; this must live until the writer has written them.
  void add_to(bundle::Writer& writer) const {
    for (const auto& reader : readers_)
      for (const auto& [key, entry] : reader->entries()) writer.add_copy(*reader, key);
  }

 private:
  void remove() noexcept {
    readers_.clear();
    for (const std::string& prefix : prefixes_) {
      try {
        bundle::remove_checkpoint(prefix, files_);
      } catch (const Error&) {  // what stays is in nobody's way, and the checkpoint is complete without it
      }
    }
    prefixes_.clear();
  }

  io::FileSystem& files_;
  std::vector<std::string> prefixes_;
  core::detail::Vec<core::detail::Own<const bundle::Reader>> readers_;
};

}  // namespace cairn::checkpoint::detail
