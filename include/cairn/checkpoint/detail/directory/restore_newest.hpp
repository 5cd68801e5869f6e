// CheckpointManagerOptions::fall_back: of a directory with damage, the newest checkpoint that is good is restored.
#pragma once

#include "../../../core/detail/function_ref.hpp"
#include "../../../core/detail/maps.hpp"
#include "../../../core/detail/own.hpp"
#include "../../../core/error.hpp"
#include "../../fall_back.hpp"
#include "../../load_status.hpp"
#include "../../manager_options.hpp"
#include "live_directory.hpp"
#include "managed_directory.hpp"

#include <cstddef>
#include <mutex>
#include <string>
#include <vector>

namespace cairn::checkpoint::detail {

// A manager's view of the feature, whose code is in programs that write the option.
class FallBack {
 public:
  FallBack() = default;
  FallBack(const FallBack&) = delete;
  FallBack& operator=(const FallBack&) = delete;
  virtual ~FallBack() = default;

  // LiveDirectory::restore_newest().
  [[nodiscard]] virtual LoadStatus restore_newest(
      ManagedDirectory& directory, core::detail::FunctionRef<LoadStatus(const std::string&)> restore) const = 0;
};

inline LoadStatus LiveDirectory::restore_newest(core::detail::FunctionRef<LoadStatus(const std::string&)> restore) {
  report_ = {};
  if (!state_damage_.path.empty()) report_.damaged.push_back(state_damage_);
  LoadStatus status;
  core::detail::HashMap<std::string, bool> tried;
  const auto first_good = [&](const std::vector<std::string>& paths) {
    for (const std::string& path : paths) {
      if (!tried.insert(path, true)) continue;
      try {
        status = restore(path);
        report_.restored = path;
        return true;
      } catch (const Error& error) {
        if (!is_damage(error.code())) throw;
        report_.damaged.push_back({path, error.code(), error.what()});
      }
    }
    return false;
  };
  if (first_good(named_newest_first()) ||
      (!report_.damaged.empty() &&
       first_good(found_newest_first(files_, directory_, options_.checkpoint_name, extension_)))) {
    pass_over_damaged();
    return status;
  }
  if (report_.damaged.empty()) return status;
  throw Error(report_.damaged.front().code,
              "no checkpoint in \"" + folder() + "\" can be restored: " + report_.to_string())
      .in_file(report_.damaged.front().path);
}

inline std::vector<std::string> LiveDirectory::named_newest_first() const {
  std::vector<std::string> paths;
  if (latest_) paths.push_back(*latest_);
  for (std::size_t i = retention_.kept.size(); i-- > 0;) paths.push_back(retention_.kept[i].path);
  for (std::size_t i = named_.size(); i-- > 0;) paths.push_back(named_[i]);
  return paths;
}

// The next state file names only what is good; the damaged files stay where they are, for whoever wants to look.
inline void LiveDirectory::pass_over_damaged() {
  const std::lock_guard guard(mutex_);
  for (const FallBackReport::Damaged& each : report_.damaged) {
    erase_if(retention_.kept, [&](const KeptCheckpoint& kept) { return kept.path == each.path; });
    passed_over_.push_back(each.path);
  }
  latest_ = report_.restored;
}

class FallBackToOlder final : public FallBack {
 public:
  [[nodiscard]] LoadStatus restore_newest(
      ManagedDirectory& directory, core::detail::FunctionRef<LoadStatus(const std::string&)> restore) const override {
    return static_cast<LiveDirectory&>(directory).restore_newest(restore);
  }
};

inline core::detail::Own<FallBack> FallBackFeature::make() { return core::detail::make_own<FallBackToOlder>(); }

}  // namespace cairn::checkpoint::detail
