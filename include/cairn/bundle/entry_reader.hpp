// EntryReader: all tensors of a bundle, one after the other, without the memory of all of them.
//
//   cairn::bundle::EntryReader entries(reader);
//   while (entries.next()) std::cout << entries.key() << ' ' << to_string(entries.entry().shape) << '\n';
#pragma once

#include "../core/detail/own.hpp"
#include "detail/table_walk.hpp"
#include "entry.hpp"
#include "reader.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace CAIRN_NAMESPACE::bundle {

// Goes over the tensors of a Reader in the order of their keys, as entries() lists them. It holds one block of a large
// index in memory at a time, and three blocks when tensors are partitioned. An EntryReader belongs to one thread.
class EntryReader {
 public:
  // The reader must outlive it. Throws Error with ErrorCode::data_loss for an index that is damaged where it is read.
  explicit EntryReader(const Reader& reader) : reader_(reader) {
    const detail::IndexFile index =
        reader.others_ != nullptr ? reader.others_->index_file(*reader.others_) : detail::IndexFile{};
    if (index.file == nullptr)
      entries_ = &reader.entries();
    else
      walk_ = detail::naming_file(*index.path,
                                  [&] { return core::detail::make_own<detail::TableWalk>(*index.file, *index.path); });
  }

  // Goes to the next tensor; returns false at the end. Throws Error with ErrorCode::data_loss for damage.
  [[nodiscard]] bool next() {
    has_parts_ = false;
    if (walk_ != nullptr) return walk_->next();
    at_ = next_++;
    return at_ < entries_->size();
  }
  // The key and the entry of the present tensor, valid until the next call of next(). The entry need not be legal.
  [[nodiscard]] std::string_view key() const { return walk_ != nullptr ? walk_->key() : (*entries_)[at_].first; }
  [[nodiscard]] const Entry& entry() const { return walk_ != nullptr ? walk_->entry() : (*entries_)[at_].second; }

  // Returns a reader to read the present tensor with, valid until the next call of next(). The Reader that was given
  // would remember the parts of every partitioned tensor; this one knows those of the present tensor only. Throws Error
  // with ErrorCode::data_loss for damage.
  [[nodiscard]] const Reader& reader() {
    if (walk_ == nullptr || walk_->entry().slices.empty()) return reader_;
    if (one_ == nullptr)
      one_ = core::detail::make_own<Reader>(
          detail::OpenBundle{reader_.prefix_, reader_.index_, reader_.shards_.anew(), reader_.data_bytes_});
    if (!has_parts_) {
      one_->index_.slices = {};
      one_->index_.entries = {};
      walk_->add_parts(one_->index_.slices);
      one_->index_.entries.push_back({std::string(key()), entry()});
      has_parts_ = true;
    }
    return *one_;
  }

 private:
  const Reader& reader_;
  core::detail::Own<detail::TableWalk> walk_;
  const EntryList* entries_ = nullptr;  // where there is no walk
  std::size_t at_ = 0, next_ = 0;
  core::detail::Own<Reader> one_;  // where a partitioned tensor was asked for
  bool has_parts_ = false;         // whether that one has the parts of the present tensor
};

}  // namespace CAIRN_NAMESPACE::bundle
