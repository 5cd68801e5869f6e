// What an incremental save need not write: values that are what they were in the last one stay in its data files, of
// which the new checkpoint has names of its own (hard links).
//
//   ckpt-1   shard 0: embedding | shard 1: everything else
//   ckpt-2   shard 0: what changed | shards 1, 2: those of ckpt-1, with the bytes of what changed in them unused
//
// No file is written to after it was published, and each checkpoint has names for all that it needs: they can be
// deleted in any order.
#pragma once

#include "../../../bundle/detail/layout.hpp"
#include "../../../core/detail/maps.hpp"
#include "../../../core/detail/own.hpp"
#include "../../../core/detail/sort.hpp"
#include "../../../core/detail/vec.hpp"
#include "../../../core/dtype.hpp"
#include "../../../core/durability.hpp"
#include "../../../core/error.hpp"
#include "../../../format/detail/polyval.hpp"
#include "../../../io/file_system.hpp"
#include "../../../io/path.hpp"
#include "../../../tensor/tensor_view.hpp"
#include "hash_values.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>

#if defined(__APPLE__)
#include <sys/random.h>
#endif
#include <unistd.h>

namespace cairn::checkpoint::detail {

// One save: what it shares, and what it writes.
struct IncrementalPlan {
  struct Value {
    std::string key;
    TensorView view;
    std::shared_ptr<const void> owner;  // of what the view shows, where that is not the user's memory
    bool is_frozen = false;
  };
  // A value in the data files, with what tells whether it has changed since.
  struct Known {
    bool is_frozen = false;
    format::detail::PolyvalHash hash{};
    bundle::Entry entry{};      // when the save is complete; `shard` is the place in its list of data files
    bool is_forgotten = false;  // it may have changed all the same

    [[nodiscard]] bool is_same(const TensorView& view, const Known& now) const {
      return !is_forgotten && view.dtype() == entry.dtype && view.shape() == entry.shape &&
             now.is_frozen == is_frozen && now.hash == hash;
    }
  };

  core::detail::Vec<Value> frozen;  // to be written, to a data file of their own
  core::detail::Vec<Value> others;  // to be written; what may stay unchanged comes first
  core::detail::Vec<bundle::detail::SharedDataFile> shared;
  core::detail::HashMap<std::string, Known> known;  // what the next save may share
};

// Remembers the last incremental save. Belongs to one thread at a time.
class IncrementalSaves {
 public:
  // Smaller values are written each time: to compare and to remember them would not cost less.
  static constexpr std::size_t min_compared_bytes = 1024;
  // A data file is shared while at least 1/max_bytes_per_used of its bytes are still used. Otherwise the used ones are
  // written anew, so that all data files together are never larger than max_bytes_per_used times the state.
  static constexpr std::uint64_t max_bytes_per_used = 2;
  // Of more data files those that have least are written anew.
  static constexpr std::size_t max_shared_files = 16;

  // Compares, by so many threads at most, and gives data files their second names, beside `prefix`. Reads no value that
  // is frozen and was so before. Throws Error when the disk refuses.
  [[nodiscard]] IncrementalPlan plan(core::detail::Vec<IncrementalPlan::Value> values, io::FileSystem& files,
                                     const std::string& prefix, Durability durability, std::uint64_t data_alignment,
                                     std::size_t threads) {
    if (std::exchange(data_alignment_, data_alignment) != data_alignment) forget();
    if (!polyval_) polyval_ = core::detail::make_own<const format::detail::Polyval>(random_key());
    IncrementalPlan plan;
    core::detail::Vec<std::span<const std::byte>> compared;
    for (const auto& value : values)
      if (is_compared(value)) compared.push_back(value.view.bytes());
    const core::detail::Vec<format::detail::PolyvalHash> hashes = hash_values(*polyval_, compared, threads);

    core::detail::Vec<const IncrementalPlan::Known*> unchanged(values.size());
    core::detail::Vec<std::uint64_t> used(files_.size());
    auto hash = hashes.begin();
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto& value = values[i];
      const bool is_hashed = is_compared(value);
      if (!is_hashed && !value.is_frozen) continue;
      IncrementalPlan::Known known{value.is_frozen, is_hashed ? *hash++ : format::detail::PolyvalHash{}};
      const IncrementalPlan::Known* const saved = saved_.find(value.key);
      if (saved != nullptr && saved->is_same(value.view, known)) {
        unchanged[i] = saved;
        used[file_of(*saved)] += saved->entry.size;
      }
      plan.known.insert(value.key, std::move(known));
    }

    files.create_directories(io::parent_directory(prefix), durability);
    constexpr std::size_t none = max_shared_files;
    core::detail::Vec<std::size_t> shared_as(files_.size(), none);
    for (const std::size_t file : worth_sharing(used, durability)) {
      bundle::detail::SharedDataFile shared = bundle::detail::share(files, files_[file], prefix);
      if (shared.name == nullptr) continue;
      shared_as[file] = plan.shared.size();
      plan.shared.push_back(std::move(shared));
    }
    core::detail::Vec<IncrementalPlan::Value> small;
    for (std::size_t i = 0; i < values.size(); ++i) {
      auto& value = values[i];
      const std::size_t shared = unchanged[i] == nullptr ? none : shared_as[file_of(*unchanged[i])];
      if (shared != none)
        plan.shared[shared].entries.emplace_back(value.key, unchanged[i]->entry);
      else if (value.is_frozen)
        plan.frozen.push_back(std::move(value));
      else
        (is_compared(value) ? plan.others : small).push_back(std::move(value));
    }
    for (IncrementalPlan::Value& value : small) plan.others.push_back(std::move(value));
    return plan;
  }

  // The checkpoint is complete: it is what the next save compares with.
  void remember(IncrementalPlan& plan, bundle::detail::Layout layout) noexcept {
    for (auto& [key, entry] : layout.entries)
      if (IncrementalPlan::Known* const known = plan.known.find(key)) known->entry = std::move(entry);
    saved_ = std::move(plan.known);
    files_ = std::move(layout.files);
  }

  // What is frozen may have changed, by a restore: it is written once more.
  void forget_frozen() {
    for (auto& each : saved_) each.value.is_forgotten = each.value.is_frozen;
  }
  void forget() noexcept { saved_.clear(); }

 private:
  [[nodiscard]] static bool is_compared(const IncrementalPlan::Value& value) {
    return !value.is_frozen && value.view.dtype() != DT_STRING && value.view.bytes().size() >= min_compared_bytes;
  }
  [[nodiscard]] static std::size_t file_of(const IncrementalPlan::Known& saved) {
    return static_cast<std::size_t>(saved.entry.shard);
  }

  [[nodiscard]] core::detail::Vec<std::size_t> worth_sharing(const core::detail::Vec<std::uint64_t>& used,
                                                             Durability durability) const {
    core::detail::Vec<std::size_t> numbers;
    for (std::size_t i = 0; i < files_.size(); ++i)
      if (used[i] != 0 && used[i] >= files_[i].size / max_bytes_per_used &&
          (files_[i].is_durable || durability == Durability::none))
        numbers.push_back(i);
    core::detail::sort(numbers, [&](std::size_t a, std::size_t b) { return used[a] > used[b]; });
    if (numbers.size() > max_shared_files) numbers.resize(max_shared_files);
    return numbers;
  }

  // Drawn by lot, and told nobody: that is what the hash's bound rests on.
  [[nodiscard]] static format::detail::PolyvalHash random_key() {
    std::uint64_t words[2] = {0, 0};
    if (::getentropy(words, sizeof words) != 0)
      throw Error(ErrorCode::unavailable,
                  "the system gives no random numbers, which an incremental save compares values with; save without "
                  "incremental");
    if ((words[0] | words[1]) == 0) words[0] = 1;  // a key of zero would make all hashes alike
    return {words[0], words[1]};
  }

  core::detail::Own<const format::detail::Polyval> polyval_;
  core::detail::HashMap<std::string, IncrementalPlan::Known> saved_;  // by key; `shard` is the place in files_
  core::detail::Vec<bundle::detail::DataFile> files_;
  std::uint64_t data_alignment_ = 1;  // in them
};

}  // namespace cairn::checkpoint::detail
