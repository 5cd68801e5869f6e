// Single entries of an index that is not decoded: a table says in which of its blocks a key must be, and that block is
// read, and no other.
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
#include "table_file.hpp"
#include "v1_bundle.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::bundle::detail {

class SoughtEntries final : public EntrySource {
 public:
  // Reads the header. Throws Error as read_index does for damage of what is read.
  SoughtEntries(core::detail::Own<io::ReadableFile> file, std::string path)
      : EntrySource{
            [](EntrySource& source, std::string_view key) { return of(source).find_tensor(key); },
            [](EntrySource& source, std::string_view key) { return of(source).sought(key, &bundle::Index::slices); },
            [](EntrySource& source) -> const bundle::Index& { return of(source).decoded(); },
            [](EntrySource& source) { return of(source).present_file(); }},
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

  [[nodiscard]] IndexFile present_file() {
    if (is_whole_.load(std::memory_order_acquire)) return {};
    return {file_.get(), &path_};
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
