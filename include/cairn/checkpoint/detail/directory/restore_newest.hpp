// CheckpointManagerOptions::fall_back: of a directory with damage, the newest checkpoint that is good is restored.
#pragma once

#include "../../../core/detail/fail.hpp"
#include "../../../core/detail/function_ref.hpp"
#include "../../../core/detail/maps.hpp"
#include "../../../core/error.hpp"
#include "../../fall_back.hpp"
#include "../../load_status.hpp"
#include "../../manager_options.hpp"
#include "managed_directory.hpp"

#include <cstddef>
#include <mutex>
#include <string>
#include <vector>

namespace CAIRN_NAMESPACE::checkpoint::detail {

inline LoadStatus FallBackFeature::call(ManagedDirectory& directory,
                                        core::detail::FunctionRef<LoadStatus(const std::string&)> restore) {
  FallBackReport& report = directory.report_;
  report = {};
  if (!directory.state_damage_.path.empty()) report.damaged.push_back(directory.state_damage_);
  LoadStatus status;
  core::detail::HashMap<std::string, bool> tried;
  const auto try_path = [&](const std::string& path) {
    if (report.restored || !tried.insert(path, true)) return;
    try {
      status = restore(path);
      report.restored = path;
    } catch (const Error& error) {
      if (!is_damage(error.code())) throw;
      report.damaged.push_back({path, error.code(), error.what()});
    }
  };
  const auto& kept = directory.retention_.kept;
  const auto& named = directory.named_;
  if (directory.latest_) try_path(*directory.latest_);
  for (std::size_t i = kept.size(); i-- > 0;) try_path(kept[i].path);
  for (std::size_t i = named.size(); i-- > 0;) try_path(named[i]);
  if (!report.restored && report.damaged.empty()) return status;
  if (!report.restored)
    for (const std::string& path : found_newest_first(directory.files_, directory.directory_,
                                                      directory.options_.checkpoint_name, directory.extension_))
      try_path(path);
  if (!report.restored)
    core::detail::fail(report.damaged.front().code,
                       {"no checkpoint in \"", directory.folder(), "\" can be restored: ", report.to_string()},
                       {.file = report.damaged.front().path});
  // The next state file names only what is good; the damaged files stay where they are, for whoever wants to look.
  const std::lock_guard guard(directory.mutex_);
  for (const FallBackReport::Damaged& each : report.damaged) {
    erase_if(directory.retention_.kept, [&](const KeptCheckpoint& one) { return one.path == each.path; });
    directory.passed_over_.push_back(each.path);
  }
  directory.latest_ = report.restored;
  return status;
}

}  // namespace CAIRN_NAMESPACE::checkpoint::detail
