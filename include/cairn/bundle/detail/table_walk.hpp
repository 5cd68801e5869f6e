// All tensors of an index in the order of their keys, of which one block is decoded at a time, and two or three of one
// with partitioned tensors.
//
//   | header | parts of tensor a, of tensor b, ... | tensor a | tensor b | ...
//              ^ parts_of(), side by side            ^ next()
#pragma once

#include "../../core/detail/own.hpp"
#include "../../core/detail/sort.hpp"
#include "../../core/detail/vec.hpp"
#include "../../format/detail/ordered_code.hpp"
#include "../index.hpp"
#include "table_file.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::bundle::detail {

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

// The parts of partitioned tensors, tensor by tensor. They stand before all tensors, in the order of the tensors' names.
class PartsBeside {
 public:
  // Both must outlive it.
  PartsBeside(const io::ReadableFile& file, const std::string& path)
      : path_(path), table_(file, path), parts_(table_.entries()) {}
  PartsBeside(const PartsBeside&) = delete;
  PartsBeside& operator=(const PartsBeside&) = delete;

  // Adds what stands under the keys of a tensor's parts to the list. Tensors are given in the order of their keys. Throws
  // Error (data_loss) for damage.
  void add_parts_of(std::string_view key, bundle::EntryList& list, EntryBudget& budget) {
    std::string begin = format::detail::encode_slice_key(key, {});
    begin.pop_back();  // the rank, 0
    while (is_there_ && parts_.key() < begin) is_there_ = parts_.next();
    for (; is_there_ && parts_.key().starts_with(begin); is_there_ = parts_.next()) {
      budget.take(1, parts_.key().size(), parts_.value().size());
      list.push_back({std::string(parts_.key()), decode_entry(parts_.key(), parts_.value(), path_, budget)});
    }
  }

 private:
  const std::string& path_;
  TableFile table_;
  format::TableReader parts_;
  bool is_there_ = parts_.next();
};

// It belongs to one thread.
class TableWalk {
 public:
  // Both must outlive it.
  TableWalk(const io::ReadableFile& file, const std::string& path)
      : file_(file), bytes_(file.size()), path_(path), table_(file, path), entries_(table_.entries()) {}

  // Goes to the next tensor; returns false at the end. Throws Error (data_loss) for damage.
  [[nodiscard]] bool next() {
    return naming_file(path_, [&] {
      do {
        if (!entries_.next()) return false;
      } while (entries_.key().empty() || is_part());  // the header
      EntryBudget budget(bytes_);  // one entry is held at a time
      entry_ = decode_entry(entries_.key(), entries_.value(), path_, budget);
      return true;
    });
  }
  // The present one, valid until the next call of next().
  [[nodiscard]] std::string_view key() const { return entries_.key(); }
  [[nodiscard]] const bundle::Entry& entry() const { return entry_; }
  // Adds the parts of the present tensor to the list, once.
  void add_parts(bundle::EntryList& list) {
    naming_file(path_, [&] {
      if (beside_ == nullptr) beside_ = core::detail::make_own<PartsBeside>(file_, path_);
      EntryBudget budget(bytes_);
      beside_->add_parts_of(key(), list, budget);
    });
  }

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
  core::detail::Own<PartKeys> parts_;      // where there is a key that may be a part's
  core::detail::Own<PartsBeside> beside_;  // where parts are asked for
};

}  // namespace CAIRN_NAMESPACE::bundle::detail
