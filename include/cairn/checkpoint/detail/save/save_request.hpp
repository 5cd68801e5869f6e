// One save of a Checkpoint: everything that the parts of a save must know besides the values.
#pragma once

#include "../../../bundle/writer_options.hpp"
#include "../../../io/file_system.hpp"
#include "../../options.hpp"

#include <functional>
#include <string>

namespace cairn::checkpoint::detail {

// It refers to what it is made of.
struct SaveRequest {
  io::FileSystem& files;
  const std::string& path;
  const CheckpointOptions& options;
  const std::function<void(const std::string&)>& after;  // is called with the path behind the callbacks; may be empty
  std::string* second_name;                              // WriterOptions'

  [[nodiscard]] bundle::WriterOptions writer_options() const {
    return {.durability = options.durability,
            .shard_size = options.shard_size,
            .data_alignment = options.data_alignment,
            .threads = options.threads,
            .second_name = second_name};
  }

  void run_callbacks() const {
    for (const WriteCallback& callback : options.write_callbacks) callback(path);
    if (after) after(path);
  }
};

}  // namespace cairn::checkpoint::detail
