// Single entries of an index that is not decoded: a table says in which of its blocks a key must be, and that block is
// read, and no other.
//
//   footer, index block  ->  the block with the header: when it is opened
//   index block          ->  the block with the key: for each key
//
// Whoever asks for many entries, or for all, has the index decoded.
#pragma once

#include "../../core/detail/own.hpp"
#include "../../core/detail/sort.hpp"
#include "../../core/detail/vec.hpp"
#include "../../format/detail/ordered_code.hpp"
#include "../../format/table.hpp"
#include "../../io/file_system.hpp"
#include "../index.hpp"
#include "../naming.hpp"
#include "entry_source.hpp"
#include "v1_bundle.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::bundle::detail {

// A table on the disk, of which blocks are read when they are asked for. The path must outlive it.
class TableFile {
 public:
  // Reads the footer and the index block; with one call where the index block lies near the end, as it does. Throws
  // Error with ErrorCode::data_loss for damage, and the codes of a failing disk.
  TableFile(const io::ReadableFile& file, const std::string& path) : file_(file), path_(path) {
    const std::uint64_t usual_end = file.best_piece() / 32;
    const std::uint64_t size = file.size(), begin = size - std::min(size, usual_end);
    const std::string end = read(begin, size - begin);
    index_ = format::detail::find_index_block(end, size, path);
    const std::uint64_t sealed_bytes = index_.size + format::block_trailer_size;
    index_block_ = index_.offset >= begin ? end.substr(static_cast<std::size_t>(index_.offset - begin),
                                                       static_cast<std::size_t>(sealed_bytes))
                                          : read(index_.offset, sealed_bytes);
  }

  // Returns a reader that stands before the first entry. There is one at a time.
  [[nodiscard]] format::TableReader entries() {
    return {index_block_, index_, file_.size(), &sealed_block, this, path_};
  }
  // Reads the whole file.
  [[nodiscard]] std::string whole() const { return read(0, file_.size()); }
  // How many bytes of blocks were read, and how many were looked through.
  [[nodiscard]] std::uint64_t block_bytes() const noexcept { return block_bytes_; }
  [[nodiscard]] std::uint64_t passed_bytes() const noexcept { return passed_bytes_; }

 private:
  [[nodiscard]] std::string read(std::uint64_t offset, std::uint64_t size, std::size_t unused = 0) const {
    std::string bytes(static_cast<std::size_t>(size) + unused, '\0');
    file_.read(offset, std::as_writable_bytes(std::span(bytes).subspan(unused)));
    return bytes;
  }
  // The block that was read last is read once: keys that are asked for together are often near each other.
  [[nodiscard]] static std::string_view sealed_block(void* source, const format::BlockHandle& handle) {
    constexpr std::size_t unused = 64;  // away from where the first block is copied slowly (io/detail/slow_copy.hpp)
    auto& table = *static_cast<TableFile*>(source);
    if (table.block_.empty() || handle.offset != table.at_) {
      table.block_ = {};
      table.block_ = table.read(handle.offset, handle.size + format::block_trailer_size, unused);
      table.at_ = handle.offset;
      table.block_bytes_ += table.block_.size();
    }
    table.passed_bytes_ += table.block_.size();
    return std::string_view(table.block_).substr(unused);
  }

  const io::ReadableFile& file_;
  const std::string& path_;
  format::BlockHandle index_;
  std::string index_block_;
  std::string block_;     // the last one
  std::uint64_t at_ = 0;  // where it begins
  std::uint64_t block_bytes_ = 0, passed_bytes_ = 0;
};

template <class Work>
auto naming_file(const std::string& path, const Work& work) {
  try {
    return work();
  } catch (Error& error) {
    error.in_file(path);
    throw;
  }
}

// The keys of parts, in their order. A tensor may have any name, so that a part is recognised by the list of the tensor
// that it belongs to, and not by the look of its key. The parts of one tensor stand one behind the other, in the order
// of the tensors' names; both are gone over side by side, and the list of one tensor is held.
class PartKeys {
 public:
  // Both must outlive it.
  PartKeys(const io::ReadableFile& file, const std::string& path)
      : bytes_(file.size()), path_(path), table_(file, path), tensors_(table_.entries()) {}
  PartKeys(const PartKeys&) = delete;
  PartKeys& operator=(const PartKeys&) = delete;

  // True for the key of a part. Keys are given in their order, without the header's. Throws Error (data_loss) for
  // damage.
  [[nodiscard]] bool has(std::string_view key) {
    if (key[0] != '\0') return false;
    if (begin_.empty() || !key.starts_with(begin_)) find_list(key);
    if (ends_.empty()) return false;
    const std::string_view end = key.substr(begin_.size());
    while (next_ < ends_.size() && ends_[next_] < end) ++next_;
    return next_ < ends_.size() && ends_[next_] == end;
  }

 private:
  // Goes to the tensor whose part the key may be.
  void find_list(std::string_view key) {
    ends_ = {};
    next_ = 0;
    std::string name;
    const std::size_t size = format::detail::decode_slice_name(key, name);
    begin_ = key.substr(0, size);
    if (size == 0) return;
    while (is_there_ && tensors_.key() < name) is_there_ = tensors_.next();
    if (!is_there_ || tensors_.key() != name) return;
    EntryBudget budget(bytes_);
    const std::size_t no_name = format::detail::encode_slice_key("", {}).size() - 1;
    for (const format::TensorSlice& slice : decode_entry(name, tensors_.value(), path_, budget).slices)
      ends_.push_back(format::detail::encode_slice_key("", slice).substr(no_name));
    core::detail::sort(ends_);
  }

  std::uint64_t bytes_;
  const std::string& path_;
  TableFile table_;
  format::TableReader tensors_;
  bool is_there_ = tensors_.next();
  std::string begin_;                    // of the keys of all parts of the tensor
  core::detail::Vec<std::string> ends_;  // and how the keys of those that it lists go on, in their order
  std::size_t next_ = 0;
};

class TableWalk final : public EntryWalk {
 public:
  // Both must outlive it.
  TableWalk(const io::ReadableFile& file, const std::string& path)
      : file_(file), bytes_(file.size()), path_(path), table_(file, path), entries_(table_.entries()) {}

  [[nodiscard]] bool next() override {
    return naming_file(path_, [&] {
      do {
        if (!entries_.next()) return false;
      } while (entries_.key().empty() || is_part());  // the header
      EntryBudget budget(bytes_);  // one entry is held at a time
      entry_ = decode_entry(entries_.key(), entries_.value(), path_, budget);
      return true;
    });
  }
  [[nodiscard]] std::string_view key() const override { return entries_.key(); }
  [[nodiscard]] const bundle::Entry& entry() const override { return entry_; }

 private:
  [[nodiscard]] bool is_part() {
    if (entries_.key()[0] != '\0') return false;
    if (parts_ == nullptr) parts_ = core::detail::make_own<PartKeys>(file_, path_);
    return parts_->has(entries_.key());
  }

  const io::ReadableFile& file_;
  std::uint64_t bytes_;
  const std::string& path_;
  TableFile table_;
  format::TableReader entries_;
  bundle::Entry entry_;
  core::detail::Own<PartKeys> parts_;  // where there is a key that may be a part's
};

class SoughtEntries final : public EntrySource {
 public:
  // Reads the header. Throws Error as read_index does for damage of what is read.
  SoughtEntries(core::detail::Own<io::ReadableFile> file, std::string path)
      : EntrySource{
            [](EntrySource& source, std::string_view key) { return of(source).find_tensor(key); },
            [](EntrySource& source, std::string_view key) { return of(source).sought(key, &bundle::Index::slices); },
            [](EntrySource& source) -> const bundle::Index& { return of(source).decoded(); },
            [](EntrySource& source) { return of(source).new_walk(); }},
        path_(std::move(path)),
        file_(std::move(file)),
        budget_(file_->size()) {
    naming_file(path_, [&] {
      table_ = core::detail::make_own<TableFile>(*file_, path_);
      format::TableReader entries = table_->entries();
      if (!entries.seek("") || !entries.key().empty())
        core::detail::fail(ErrorCode::data_loss,
                           {"\"", path_, "\" has no header under the empty key: it is no checkpoint's index"});
      decode_header(entries.value(), index_);
    });
  }

  // The index without its entries.
  [[nodiscard]] const bundle::Index& header() const noexcept { return index_; }

  SoughtEntries(const SoughtEntries&) = delete;
  SoughtEntries& operator=(const SoughtEntries&) = delete;

 private:
  [[nodiscard]] static SoughtEntries& of(EntrySource& source) noexcept { return static_cast<SoughtEntries&>(source); }

  [[nodiscard]] const bundle::Entry* find_tensor(std::string_view key) {
    if (key.empty()) return nullptr;
    // The key of a part says nothing to a user, and what begins like one may be one.
    if (key[0] == '\0') return bundle::find_entry(decoded().entries, key);
    return sought(key, &bundle::Index::entries);
  }
  [[nodiscard]] const bundle::Index& decoded() {
    if (!is_whole_.load(std::memory_order_acquire)) {
      const std::lock_guard lock(mutex_);
      decode_all();
    }
    return index_;
  }

  [[nodiscard]] core::detail::Own<EntryWalk> new_walk() {
    const std::lock_guard lock(mutex_);
    if (is_whole_.load(std::memory_order_relaxed)) return nullptr;
    return naming_file(path_, [&] { return core::detail::Own<EntryWalk>(new TableWalk(*file_, path_)); });
  }

  struct Sought {
    std::string key;
    bundle::Entry entry;
  };

  [[nodiscard]] const bundle::Entry* sought(std::string_view key, bundle::EntryList bundle::Index::* list) {
    if (!is_whole_.load(std::memory_order_acquire)) {
      const std::lock_guard lock(mutex_);
      const std::size_t at =
          core::detail::lower_place(sought_.size(), [&](std::size_t i) { return sought_[i]->key < key; });
      if (at < sought_.size() && sought_[at]->key == key) return &sought_[at]->entry;
      // After so many blocks, or keys, the whole file has cost less: to decode a byte takes what a look at some does.
      if (!is_whole_.load(std::memory_order_relaxed) && table_->block_bytes() < file_->size() / 2 &&
          table_->passed_bytes() / 16 < file_->size()) {
        naming_file(path_, [&] { seek(key, at); });
        return at < sought_.size() && sought_[at]->key == key ? &sought_[at]->entry : nullptr;
      }
      decode_all();
    }
    return bundle::find_entry(index_.*list, key);
  }
  // Decodes the entry, where there is one, to that place of sought_.
  void seek(std::string_view key, std::size_t at) {
    format::TableReader entries = table_->entries();
    if (!entries.seek(key) || entries.key() != key) return;
    budget_.take(1, key.size(), entries.value().size());
    bundle::Entry entry = decode_entry(key, entries.value(), path_, budget_);
    sought_.insert(sought_.begin() + at, core::detail::make_own<Sought>(std::string(key), std::move(entry)));
  }
  void decode_all() {
    if (is_whole_.load(std::memory_order_relaxed)) return;
    index_ = decode_index(table_->whole(), path_);
    table_.reset();
    is_whole_.store(true, std::memory_order_release);
  }

  const std::string path_;
  std::mutex mutex_;  // guards all that follows
  const core::detail::Own<const io::ReadableFile> file_;
  EntryBudget budget_;
  core::detail::Own<TableFile> table_;
  core::detail::Vec<core::detail::Own<Sought>> sought_;  // by key
  bundle::Index index_;                                  // the header until it is_whole_
  std::atomic<bool> is_whole_{false};
};

// What open_bundle() returns, but that only the entries are read of a large index that are asked for.
struct SeekableBundle {
  OpenBundle bundle;
  std::shared_ptr<SoughtEntries> entries;  // null where `bundle` has the whole index
};
[[nodiscard]] inline SeekableBundle open_seekable_bundle(std::string path, io::FileSystem& files) {
  FoundBundle found = find_bundle(std::move(path), files);
  if (found.v1) return {open_bundle(std::move(found.prefix), files), nullptr};
  std::string index_path = bundle::index_path(found.prefix);
  core::detail::Own<io::ReadableFile> file = std::move(found.index);
  const std::uint64_t size = file->size(), large = file->best_piece() / 8;  // what is smaller is read with one call
  bundle::Index index;
  std::shared_ptr<SoughtEntries> entries;
  if (size > large && size <= max_index_bytes) {
    entries = std::make_shared<SoughtEntries>(std::move(file), std::move(index_path));
    index = entries->header();
  } else {
    index = decode_index(io::read_whole_file(*file, index_path, bundle::max_index_bytes), index_path);
  }
  Shards shards(files, found.prefix, index.num_shards);
  return {{std::move(found.prefix), std::move(index), std::move(shards)}, std::move(entries)};
}

}  // namespace CAIRN_NAMESPACE::bundle::detail
