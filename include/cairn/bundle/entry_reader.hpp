// EntryReader: all tensors of a bundle, one after the other, without the memory of all of them.
//
//   cairn::bundle::EntryReader entries(reader);
//   while (entries.next()) std::cout << entries.key() << ' ' << to_string(entries.entry().shape) << '\n';
#pragma once

#include "../core/detail/own.hpp"
#include "detail/entry_source.hpp"
#include "entry.hpp"
#include "reader.hpp"

#include <cstddef>
#include <string_view>

namespace CAIRN_NAMESPACE::bundle {

// Goes over the tensors of a Reader in the order of their keys, as entries() lists them. Of a large index, one block is
// held in memory at a time, and two of one with partitioned tensors. It belongs to one thread.
class EntryReader {
 public:
  // The reader must outlive it. Throws Error with ErrorCode::data_loss for an index that is damaged where it is read.
  explicit EntryReader(const Reader& reader) {
    if (reader.others_ != nullptr) walk_ = reader.others_->walk(*reader.others_);
    if (walk_ == nullptr) entries_ = &reader.entries();
  }

  // Goes to the next tensor; returns false at the end. Throws Error with ErrorCode::data_loss for damage.
  [[nodiscard]] bool next() {
    if (walk_ != nullptr) return walk_->next();
    at_ = next_++;
    return at_ < entries_->size();
  }
  // The key and the entry of the present tensor, valid until the next call of next(). The entry need not be legal.
  [[nodiscard]] std::string_view key() const { return walk_ != nullptr ? walk_->key() : (*entries_)[at_].first; }
  [[nodiscard]] const Entry& entry() const { return walk_ != nullptr ? walk_->entry() : (*entries_)[at_].second; }

 private:
  core::detail::Own<detail::EntryWalk> walk_;
  const EntryList* entries_ = nullptr;  // where there is no walk
  std::size_t at_ = 0, next_ = 0;
};

}  // namespace CAIRN_NAMESPACE::bundle
