// Which checkpoints a manager keeps: the newest max_to_keep, and of the older ones what is n hours apart.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cairn::detail {

struct KeptCheckpoint {
  std::string path;
  double timestamp;  // seconds since 1970, when it was saved
};

struct Retention {
  std::vector<KeptCheckpoint> kept;  // oldest first
  double last_preserved_timestamp;

  // Takes what is too old out of `kept` and returns the paths that are to be deleted. A checkpoint that is n hours or
  // more after the last preserved one is preserved: it leaves the list, and its files stay for good. The rule is judged
  // when a checkpoint falls out of the newest, as TensorFlow's CheckpointManager._sweep does.
  [[nodiscard]] std::vector<std::string> sweep(std::optional<std::size_t> max_to_keep,
                                               std::optional<double> every_n_hours) {
    std::vector<std::string> deleted;
    while (max_to_keep && kept.size() > *max_to_keep) {
      KeptCheckpoint oldest = std::move(kept.front());
      kept.erase(kept.begin());
      if (every_n_hours && oldest.timestamp - *every_n_hours * 3600 >= last_preserved_timestamp)
        last_preserved_timestamp = oldest.timestamp;
      else
        deleted.push_back(std::move(oldest.path));
    }
    return deleted;
  }
};

}  // namespace cairn::detail
