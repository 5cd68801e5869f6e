// The data files of a bundle that is read: what an entry must be before its bytes are touched, and the open shards.
#pragma once

#include "../../core/detail/fail.hpp"
#include "../../core/detail/own.hpp"
#include "../../core/detail/sort.hpp"
#include "../../core/detail/vec.hpp"
#include "../../io/file_system.hpp"
#include "../entry.hpp"
#include "../naming.hpp"
#include "stored_bytes.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::bundle::detail {

class FileInMemory final : public io::ReadableFile {
 public:
  explicit FileInMemory(core::detail::Vec<std::byte> bytes) : bytes_(std::move(bytes)) {}
  [[nodiscard]] std::uint64_t size() const override { return bytes_.size(); }
  void read(std::uint64_t offset, std::span<std::byte> out) const override {
    if (!out.empty()) std::memcpy(out.data(), bytes_.data() + offset, out.size());
  }

 private:
  core::detail::Vec<std::byte> bytes_;
};

// Safe for any entry. Members may be called by several threads at the same time; the file system must outlive it.
class Shards {
 public:
  // For a restore, which wants most of the bytes: a small file is read with one call, when it is opened.
  Shards(io::FileSystem& files, std::string prefix, std::int32_t num_shards, bool is_restore = false)
      : files_(&files), prefix_(std::move(prefix)), num_shards_(num_shards), is_restore_(is_restore) {}
  // For a checkpoint whose only file is open already; `prefix` is its name.
  Shards(std::string prefix, core::detail::Own<io::ReadableFile> file)
      : files_(nullptr), prefix_(std::move(prefix)), num_shards_(1) {
    add(0, 0, prefix_, std::move(file));
  }

  // The same shards, none of which is open.
  [[nodiscard]] Shards anew() const { return {*files_, prefix_, num_shards_}; }

  // The file that lists the tensors.
  [[nodiscard]] std::string index_path() const { return files_ == nullptr ? prefix_ : bundle::index_path(prefix_); }

  // Throws Error: "the tensor … cannot be read: <problem>". Where `details` names no file, it is the index.
  [[noreturn]] void refuse(std::string_view key, ErrorCode code, std::initializer_list<core::detail::Words> problem,
                           core::detail::ErrorDetails details = {}) const {
    const std::string index = index_path();
    if (details.file.empty()) details.file = index;
    details.key = key;
    core::detail::fail(code,
                       {"the tensor \"", key, "\" of checkpoint \"", prefix_,
                        "\" cannot be read: ", core::detail::sentence_of(problem)},
                       details);
  }

  // Throws Error unless dtype is known, shape legal, size what both ask for, and the shard one of the bundle's.
  void require_legal(std::string_view key, const bundle::Entry& entry) const {
    const auto number = static_cast<std::int32_t>(entry.dtype);
    // TensorFlow's "reference" dtypes are the others plus 100, and exist in memory only.
    constexpr std::int32_t first_reference_dtype = 101;
    if (number <= 0 || number >= first_reference_dtype)
      refuse(key, ErrorCode::data_loss, {"its dtype has the number ", number, ", which no tensor in a file can have"});
    if (!is_known(entry.dtype) || entry.dtype == DT_RESOURCE)
      refuse(key, ErrorCode::unimplemented,
             {"its dtype has the number ", number, ", whose form in files this version of cairn does not know"});
    if (entry.unknown_rank || !entry.shape.checked_num_elements())
      refuse(key, ErrorCode::data_loss,
             {"its shape ", entry.unknown_rank ? "of unknown rank" : entry.shape.to_string(),
              " is not legal; every extent must be known, none negative, their product below 2^63"});
    if (!entry.slices.empty()) return;
    if (size_of(entry.dtype) != 0 && entry.byte_count() != entry.size) refuse_size(key, entry);
    require_shard(key, entry);
  }

  // Throws Error (data_loss) unless the bundle has a shard of that number: enough to copy bytes whose meaning is not
  // known.
  void require_shard(std::string_view key, const bundle::Entry& entry) const {
    if (entry.shard < 0 || entry.shard >= num_shards_)
      refuse(key, ErrorCode::data_loss,
             {"the index puts it into shard ", entry.shard, ", counting from 0, of ", num_shards_});
  }

  // Opens the shard of such an entry, once, and sees that all of the entry's bytes are in it. Returns the size of the
  // file. Throws Error (data_loss) when it is missing or too short.
  std::uint64_t require_present(std::string_view key, const bundle::Entry& entry) const {
    return open(key, entry).file->size();
  }

  // The best_piece() of the shard that was asked for last: all are in one folder.
  [[nodiscard]] std::size_t best_piece() const noexcept {
    const Shard* const last = state_->last.load(std::memory_order_acquire);
    return last == nullptr ? io::piece_bytes : last->file->best_piece();
  }

  // The size of a shard that exists by number.
  [[nodiscard]] std::uint64_t bytes_of(std::int32_t shard) const { return open_shard("", shard).file->size(); }

  // The bytes of such an entry in its shard. The key must outlive them.
  [[nodiscard]] StoredBytes bytes(std::string_view key, const bundle::Entry& entry) const {
    return bytes(key, entry, 0, entry.size);
  }
  // `size` of its bytes, `begin` behind its first one: nothing else is read.
  [[nodiscard]] StoredBytes bytes(std::string_view key, const bundle::Entry& entry, std::uint64_t begin,
                                  std::uint64_t size) const {
    const Shard& shard = open(key, entry);
    return StoredBytes(*shard.file, entry.offset + begin, size, key, shard.path);
  }

  // The bytes of such an entry in its shard, which is mapped once and as a whole; without an owner where it cannot be.
  [[nodiscard]] io::Mapping map(std::string_view key, const bundle::Entry& entry) const {
    const Shard& shard = open(key, entry);
    const std::lock_guard lock(state_->mutex);
    try {
      if (!shard.is_mapped) shard.mapping = shard.file->map();
      shard.is_mapped = true;
    } catch (Error& error) {
      error.in_file(shard.path).at_key(std::string(key));
      throw;
    }
    io::Mapping mapping = shard.mapping;
    if (mapping.owner != nullptr)
      mapping.bytes =
          mapping.bytes.subspan(static_cast<std::size_t>(entry.offset), static_cast<std::size_t>(entry.size));
    return mapping;
  }
  // Compares the checksum of an entry that is mapped as `bytes`, the first time. The entry must stay where it is.
  void check_mapped(std::string_view key, const bundle::Entry& entry, std::span<const std::byte> bytes) const {
    const auto place = [&] {
      return core::detail::lower_place(state_->checked.size(),
                                       [&](std::size_t i) { return state_->checked[i] < &entry; });
    };
    {
      const std::lock_guard lock(state_->mutex);
      const std::size_t at = place();
      if (at < state_->checked.size() && state_->checked[at] == &entry) return;
    }
    this->bytes(key, entry).require_checksum(entry.crc32c, format::mask_crc(format::crc32c(bytes)));
    const std::lock_guard lock(state_->mutex);
    state_->checked.insert(state_->checked.begin() + place(), &entry);
  }

 private:
  struct Shard {
    std::int32_t number;
    std::string path;
    core::detail::Own<io::ReadableFile> file;
    mutable io::Mapping mapping = {};  // where it is_mapped
    mutable bool is_mapped = false;    // or was asked for, and cannot be
  };

  [[noreturn]] void refuse_size(std::string_view key, const bundle::Entry& entry) const {
    const auto count = entry.byte_count();
    refuse(key, ErrorCode::data_loss,
           {to_string(entry.dtype), " ", entry.shape.to_string(), " does not take the ", entry.size,
            " bytes that the index says"},
           {.expected = count ? core::detail::sentence_of({*count, " bytes"}) : "a size that exists",
            .found = core::detail::sentence_of({entry.size, " bytes"})});
  }

  [[nodiscard]] const Shard& open(std::string_view key, const bundle::Entry& entry) const {
    const Shard& shard = open_shard(key, entry.shard);
    const std::uint64_t size = shard.file->size();
    if (entry.offset > size || entry.size > size - entry.offset)
      refuse(key, ErrorCode::data_loss,
             {"\"", shard.path, "\" ends at byte ", size, ", the index asks for ", entry.size, " bytes from byte ",
              entry.offset, "; the file was cut"},
             {.file = shard.path,
              .offset = size,
              .expected = core::detail::sentence_of({entry.size, " bytes from byte ", entry.offset}),
              .found = core::detail::sentence_of({size, " bytes in all"})});
    return shard;
  }

  CAIRN_COLD void add(std::size_t at, std::int32_t number, const std::string& path,
                      core::detail::Own<io::ReadableFile> file) const {
    state_->open.insert(state_->open.begin() + at, core::detail::make_own<Shard>(number, path, std::move(file)));
  }
  [[nodiscard]] CAIRN_COLD core::detail::Own<io::ReadableFile> open_file(const std::string& path) const {
    core::detail::Own<io::ReadableFile> file(files_->open(path).release());
    if (is_restore_ && file->size() <= file->best_piece() / 8) {
      core::detail::Vec<std::byte> bytes(static_cast<std::size_t>(file->size()));
      file->read(0, {bytes.data(), bytes.size()});
      file.reset(new FileInMemory(std::move(bytes)));
    }
    return file;
  }

  // What it returns stays where it is, and open, as long as this lives.
  [[nodiscard]] const Shard& open_shard(std::string_view key, std::int32_t number) const {
    // Asked for with every tensor, mostly the same one as before.
    if (const Shard* const last = state_->last.load(std::memory_order_acquire);
        last != nullptr && last->number == number)
      return *last;
    const std::lock_guard lock(state_->mutex);
    core::detail::Vec<core::detail::Own<Shard>>& open = state_->open;
    const std::size_t at =
        core::detail::lower_place(open.size(), [&](std::size_t i) { return open[i]->number < number; });
    if (at == open.size() || open[at]->number != number) {
      const std::string path = bundle::data_path(prefix_, number, num_shards_);
      try {
        add(at, number, path, open_file(path));
      } catch (Error& error) {
        error.at_key(std::string(key));
        if (error.code() != ErrorCode::not_found) throw;
        refuse(key, ErrorCode::data_loss,
               {"its shard \"", path, "\" is missing; bring all files of the checkpoint, or restore another one"},
               {.file = path});
      }
    }
    state_->last.store(open[at].get(), std::memory_order_release);
    return *open[at];
  }

  io::FileSystem* files_;  // null where all files are open
  std::string prefix_;
  std::int32_t num_shards_;
  bool is_restore_ = false;
  struct State {
    std::mutex mutex;                                  // of all but `last`
    core::detail::Vec<core::detail::Own<Shard>> open;  // by number
    core::detail::Vec<const bundle::Entry*> checked;   // of those that are mapped
    std::atomic<const Shard*> last = nullptr;          // in `open`
  };
  core::detail::Own<State> state_ = core::detail::make_own<State>();  // a pointer, so that this moves
};

}  // namespace CAIRN_NAMESPACE::bundle::detail
