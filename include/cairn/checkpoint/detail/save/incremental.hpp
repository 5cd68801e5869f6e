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
#include "../../../core/detail/function_ref.hpp"
#include "../../../core/detail/maps.hpp"
#include "../../../core/detail/own.hpp"
#include "../../../core/detail/sort.hpp"
#include "../../../core/detail/vec.hpp"
#include "../../../core/dtype.hpp"
#include "../../../core/durability.hpp"
#include "../../../core/error.hpp"
#include "../../../format/detail/keyed_hash.hpp"
#include "../../../graph/detail/root.hpp"
#include "../../../graph/detail/walk.hpp"
#include "../../../io/path.hpp"
#include "../../../io/threads.hpp"
#include "../../../tensor/tensor_view.hpp"
#include "frozen_values.hpp"
#include "save_job.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#if defined(_WIN32)
#include <random>
#else
#if defined(__APPLE__)
#include <sys/random.h>
#endif
#include <unistd.h>
#endif

namespace CAIRN_NAMESPACE::checkpoint::detail {

// Remembers the last incremental save. Belongs to one thread at a time.
class IncrementalSaves final : public SaveMemory {
 public:
  // Smaller values are written each time: to compare and to remember them would not cost less.
  static constexpr std::size_t min_compared_bytes = 1024;
  // A data file is shared while at least 1/max_bytes_per_used of its bytes are still used. Otherwise the used ones are
  // written anew, so that all data files together are never larger than max_bytes_per_used times the state.
  static constexpr std::uint64_t max_bytes_per_used = 2;
  // Of more data files those that have least are written anew.
  static constexpr std::size_t max_shared_files = 16;

  void write(const graph::detail::Root& root, const SaveRequest& request) override {
    graph::detail::LiveGraph live = graph::detail::walk(root, request.options.skip_slot_variables);
    SaveJob job(live, request);
    plan(job, live, request);
    write_job(
        request, job,
        [&](bundle::detail::BundleWriter& writer, bool is_frozen) {
          const std::size_t last = is_frozen ? job.frozen : job.values.size();
          for (std::size_t i = is_frozen ? 0 : job.frozen; i < last; ++i)
            writer.add_kept(job.values[i].key, job.values[i].view);
        },
        [&](bundle::detail::BundleWriter& writer) { remember(bundle::detail::finish_sharing(writer, job.shared)); });
  }

  // Compares, by so many threads at most, and gives data files their second names, beside the path. Reads no value that
  // is frozen and was so before. Throws Error (invalid_argument) for a path in `frozen` that nothing has; Error when the
  // disk refuses.
  void plan(SaveJob& job, const graph::detail::LiveGraph& live, const SaveRequest& request) override {
    const CheckpointOptions& options = request.options;
    if (std::exchange(data_alignment_, options.data_alignment) != options.data_alignment) saved_.clear();
    if (!hash_) hash_ = random_hash();
    planned_.clear();
    const core::detail::Vec<bool> is_frozen = frozen_nodes(live, options.frozen);
    core::detail::Vec<Value> values;
    core::detail::Vec<bundle::detail::PlannedBytes> compared;
    const auto add = [&](std::size_t id, std::string_view key, TensorView&& view, std::shared_ptr<const void>&& owner) {
      const bool is_compared = !is_frozen[id] && view.dtype() != DT_STRING && !view.is_partitioned() &&
                               tensor::detail::bytes_of(view) >= min_compared_bytes;
      if (is_compared) compared.push_back(bundle::detail::PlannedBytes::of(view));
      values.push_back({{key, std::move(view), std::move(owner)}, is_frozen[id], is_compared});
    };
    for_each_value(live, add);
    const core::detail::Vec<format::detail::KeyedHash::Value> hashes = hash_values(compared, options.threads);

    core::detail::Vec<const Known*> unchanged(values.size());
    core::detail::Vec<std::uint64_t> used(files_.size());
    auto hash = hashes.begin();
    for (std::size_t i = 0; i < values.size(); ++i) {
      const Value& value = values[i];
      if (!value.is_compared && !value.is_frozen) continue;
      Known known{value.is_frozen, value.is_frozen ? format::detail::KeyedHash::Value{} : *hash++};
      const Known* const saved = saved_.find(value.key);
      if (saved != nullptr && saved->is_same(value.view, known)) {
        unchanged[i] = saved;
        used[saved->file()] += saved->entry.size;
      }
      planned_.insert(value.key, std::move(known));
    }

    request.files.create_directories(io::parent_directory(request.path), options.durability);
    constexpr std::size_t none = max_shared_files;
    core::detail::Vec<std::size_t> shared_as(files_.size(), none);
    for (const std::size_t file : worth_sharing(used, options.durability)) {
      bundle::detail::SharedDataFile shared = bundle::detail::share(request.files, files_[file], request.path);
      if (shared.name == nullptr) continue;
      shared_as[file] = job.shared.size();
      job.shared.push_back(std::move(shared));
    }
    // Frozen values first, and of the others first those that may stay unchanged.
    const auto list = [&](core::detail::FunctionRef<bool(const Value&)> is_listed) {
      for (std::size_t i = 0; i < values.size(); ++i) {
        const bool is_shared = unchanged[i] != nullptr && shared_as[unchanged[i]->file()] != none;
        if (!is_shared && is_listed(values[i])) job.values.push_back(std::move(values[i]));
      }
    };
    list([](const Value& value) { return value.is_frozen; });
    job.frozen = job.values.size();
    list([](const Value& value) { return value.is_compared; });
    list([](const Value& value) { return !value.is_frozen && !value.is_compared; });
    for (std::size_t i = 0; i < values.size(); ++i)
      if (unchanged[i] != nullptr && shared_as[unchanged[i]->file()] != none)
        job.shared[shared_as[unchanged[i]->file()]].entries.emplace_back(values[i].key, unchanged[i]->entry);
  }

  // The checkpoint is complete: it is what the next save compares with.
  void remember(bundle::detail::Layout layout) noexcept override {
    for (auto& [key, entry] : layout.entries)
      if (Known* const known = planned_.find(key); known != nullptr && entry.slices.empty())
        known->entry = std::move(entry);
    saved_ = std::move(planned_);
    files_ = std::move(layout.files);
  }

  void forget_frozen() noexcept override {
    for (auto& each : saved_) each.value.is_forgotten = each.value.is_frozen;
  }

 private:
  struct Value : SavedValue {
    bool is_frozen, is_compared;
  };
  // A value in the data files, with what tells whether it has changed since.
  struct Known {
    bool is_frozen = false;
    format::detail::KeyedHash::Value hash{};
    bundle::Entry entry{};      // when the save is complete; `shard` is the place in its list of data files
    bool is_forgotten = false;  // it may have changed all the same

    [[nodiscard]] bool is_same(const TensorView& view, const Known& now) const {
      return !is_forgotten && view.dtype() == entry.dtype && view.shape() == entry.shape &&
             now.is_frozen == is_frozen && now.hash == hash;
    }
    [[nodiscard]] std::size_t file() const { return static_cast<std::size_t>(entry.shard); }
  };

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

  // By so many threads at most.
  [[nodiscard]] core::detail::Vec<format::detail::KeyedHash::Value> hash_values(
      const core::detail::Vec<bundle::detail::PlannedBytes>& values, std::size_t threads) const {
    constexpr std::size_t piece_bytes = format::detail::KeyedHash::piece_bytes;
    struct Piece {
      std::size_t value, begin, size;
      format::detail::KeyedHash::Value hash{};
    };
    core::detail::Vec<Piece> pieces;
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      bytes += values[i].size;
      for (std::size_t begin = 0; begin < values[i].size; begin += piece_bytes)
        pieces.push_back({i, begin, std::min(values[i].size - begin, piece_bytes)});
    }
    io::for_each_task(pieces.size(), io::threads_for(bytes, threads), [&](std::size_t i, std::size_t) {
      Piece& piece = pieces[i];
      const bundle::detail::PlannedBytes& value = values[piece.value];
      if (value.kind == bundle::detail::PlannedBytes::Kind::scattered) {
        core::detail::Vec<std::byte> buffer(piece.size);
        const std::span<std::byte> gathered(buffer.data(), buffer.size());
        static_cast<const tensor::detail::ScatteredElements*>(value.data)->gather(piece.begin, gathered);
        piece.hash = hash_->hash_piece(gathered);
      } else {
        piece.hash = hash_->hash_piece(value.bytes().subspan(piece.begin, piece.size));
      }
    });
    core::detail::Vec<format::detail::KeyedHash::Value> hashes(values.size());
    for (const Piece& piece : pieces) hashes[piece.value] = hash_->join(hashes[piece.value], piece.hash);
    return hashes;
  }

  // The keys are drawn by lot, and told nobody: that is what the hash's bound rests on.
  [[nodiscard]] static core::detail::Own<const format::detail::KeyedHash> random_hash() {
    auto hash = core::detail::make_own<format::detail::KeyedHash>();
    auto rest = std::as_writable_bytes(std::span(hash.get(), 1));
#if defined(_WIN32)
    std::random_device lots;
    for (std::byte& each : rest) each = static_cast<std::byte>(lots());
#else
    for (constexpr std::size_t most = 256; !rest.empty(); rest = rest.subspan(std::min(rest.size(), most)))
      if (::getentropy(rest.data(), std::min(rest.size(), most)) != 0)
        throw Error(ErrorCode::unavailable,
                    "the system gives no random numbers, which an incremental save compares values with; save without "
                    "incremental");
#endif
    return hash;
  }

  core::detail::Own<const format::detail::KeyedHash> hash_;
  core::detail::HashMap<std::string, Known> saved_;    // by key; `shard` is the place in files_
  core::detail::HashMap<std::string, Known> planned_;  // what the next save may share, when the present one is complete
  core::detail::Vec<bundle::detail::DataFile> files_;
  std::uint64_t data_alignment_ = 1;  // in them
};

inline core::detail::Own<SaveMemory> IncrementalFeature::call() { return core::detail::make_own<IncrementalSaves>(); }

}  // namespace CAIRN_NAMESPACE::checkpoint::detail
