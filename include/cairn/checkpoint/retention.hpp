// The checkpoints that a manager keeps: the newest max_to_keep, the best by a metric, and of the others those that are
// n hours apart.
#pragma once

#include "../core/detail/floats.hpp"
#include "../core/detail/sort.hpp"
#include "../core/detail/vec.hpp"
#include "../version.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE {

// Tells whether the smallest or the largest value of a metric is the best.
enum class BestMode { min, max };

// Keeps the `count` best checkpoints beside the newest max_to_keep.
//
// Metrics and rule are noted in the file `checkpoint`. A manager without keep_best, and cairn::prune, keep the
// checkpoints that the noted rule keeps: the best is not lost because a program was once started without the option.
//
//   CheckpointManager manager{checkpoint, "training",
//                             {.max_to_keep = 3, .keep_best = {{.count = 2, .metric = [&] { return loss; }}}}};
struct KeepBest {
  // The number of checkpoints that stay as the best; at least 1.
  std::int64_t count = 1;
  // The metric of the state that is being saved. It is called at every save, before anything is written. A checkpoint
  // with NaN is never the best.
  std::function<double()> metric;
  // Tells which value is the best.
  BestMode mode = BestMode::min;
};

namespace checkpoint::detail {

struct KeptCheckpoint {
  std::string path;
  double timestamp;  // seconds since 1970, when it was saved
  std::optional<double> metric{};
};

// The number of checkpoints that stay as the best, and the mode. A file `checkpoint` of an older version does not say
// the mode; then the best of both modes stay.
struct BestRule {
  std::size_t count = 0;
  std::optional<BestMode> mode = BestMode::min;
};

struct RetentionRules {
  std::optional<std::size_t> max_to_keep{};
  std::optional<double> every_n_hours{};
  BestRule best{};
};

// Returns indices into `kept`, the best first; of equal ones the newer comes first. Checkpoints without a metric are
// not among them.
[[nodiscard]] inline core::detail::Vec<std::size_t> best_of(const core::detail::Vec<KeptCheckpoint>& kept,
                                                            const BestRule& rule) {
  if (!rule.mode) {
    core::detail::Vec<std::size_t> both = best_of(kept, {rule.count, BestMode::min});
    const core::detail::Vec<std::size_t> largest = best_of(kept, {rule.count, BestMode::max});
    for (const std::size_t each : largest) both.push_back(each);
    return both;
  }
  core::detail::Vec<std::size_t> order;
  for (std::size_t i = kept.size(); i-- > 0;)
    if (kept[i].metric && !core::detail::is_nan(*kept[i].metric)) order.push_back(i);
  core::detail::sort(order, [&](std::size_t a, std::size_t b) {
    return rule.mode == BestMode::min ? *kept[a].metric < *kept[b].metric : *kept[a].metric > *kept[b].metric;
  });
  order.resize(std::min(order.size(), rule.count));
  return order;
}

struct Retention {
  core::detail::Vec<KeptCheckpoint> kept;  // oldest first
  double last_preserved_timestamp;

  // Removes the checkpoints that are too old from `kept`, and returns the paths that are to be deleted. A checkpoint
  // that was saved n hours or more after the last preserved one is preserved: it leaves the list, and its files stay
  // for good. That is decided when a checkpoint is no longer among the newest, as in TensorFlow's
  // CheckpointManager._sweep, and is not among the best. `stays` is kept in any case.
  [[nodiscard]] std::vector<std::string> sweep(const RetentionRules& rules,
                                               const std::optional<std::string>& stays = std::nullopt) {
    std::vector<std::string> deleted;
    if (!rules.max_to_keep || kept.size() <= *rules.max_to_keep) return deleted;
    const std::size_t old = kept.size() - *rules.max_to_keep;
    const core::detail::Vec<std::size_t> best = best_of(kept, rules.best);
    core::detail::Vec<KeptCheckpoint> stay;
    for (std::size_t i = 0; i < kept.size(); ++i) {
      KeptCheckpoint& each = kept[i];
      if (i >= old || each.path == stays || std::find(best.begin(), best.end(), i) != best.end())
        stay.push_back(std::move(each));
      else if (rules.every_n_hours && each.timestamp - *rules.every_n_hours * 3600 >= last_preserved_timestamp)
        last_preserved_timestamp = each.timestamp;
      else
        deleted.push_back(std::move(each.path));
    }
    kept = std::move(stay);
    return deleted;
  }
};

}  // namespace checkpoint::detail
}  // namespace CAIRN_NAMESPACE
