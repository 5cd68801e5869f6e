// CheckpointOptions::writers: neighbouring ranks are a group, of which one rank writes the values of all.
//
//   rank 4: "own/4/x", a box of "w"  --list, then bytes from where they are-->  rank 3: a text, and values that lie in it
//
// The texts live as long as the save. Where every rank writes by itself, nothing is sent.
#pragma once

#include "../../bundle/detail/add_parts.hpp"
#include "../../bundle/detail/bundle_writer.hpp"
#include "../../bundle/detail/slice.hpp"
#include "../../bundle/index.hpp"
#include "../../core/detail/fail.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/error.hpp"
#include "../../core/shape.hpp"
#include "../../format/bundle_messages.hpp"
#include "../../format/varint.hpp"
#include "../../tensor/tensor_view.hpp"
#include "agreement.hpp"
#include "message.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::mpi::detail {

// Which ranks write data files: the first one of each group.
class WriterGroups {
 public:
  // 0 writers stand for all ranks.
  WriterGroups(int writers, int ranks) : ranks_(ranks), count_(writers == 0 ? ranks : std::min(writers, ranks)) {}

  [[nodiscard]] int count() const noexcept { return count_; }
  [[nodiscard]] int of(int rank) const noexcept {
    return static_cast<int>(static_cast<std::int64_t>(rank) * count_ / ranks_);
  }
  // The first rank of a group, which writes. Behind the last group that is the number of ranks.
  [[nodiscard]] int writer(int group) const noexcept {
    return static_cast<int>((static_cast<std::int64_t>(group) * ranks_ + count_ - 1) / count_);
  }

 private:
  int ranks_, count_;
};

// Where a value is a box of a partitioned tensor.
struct PartOfRanks {
  Shape whole;
  format::TensorSlice slice;
};

// What one rank has of its own, on its way to the rank that writes it. The bytes of values are sent from where they are,
// but for those that do not lie together.
class SentValues {
 public:
  void add(std::string_view key, const TensorView& view, const PartOfRanks* part = nullptr) {
    bundle::Entry entry = bundle::detail::entry_of(view);
    if (part != nullptr) {
      entry.shape = part->whole;
      entry.slices.push_back(part->slice);
    }
    put(list_, key);
    put(list_, std::string_view(format::encode(entry)));
    for (const std::string& each : view.strings()) put(list_, std::string_view(each));
    if (view.scattered() != nullptr) {
      core::detail::Vec<std::byte> copy(view.scattered()->size());
      view.scattered()->gather(0, {copy.data(), copy.size()});
      bytes_.push_back({copy.data(), copy.size()});
      copies_.push_back(std::move(copy));
    } else {
      bytes_.push_back(view.bytes());
    }
  }
  // The message, one piece behind the other.
  [[nodiscard]] core::detail::Vec<std::span<const std::byte>> pieces() {
    format::append_fixed64(size_of_list_, list_.size());
    core::detail::Vec<std::span<const std::byte>> pieces;
    pieces.push_back(format::as_bytes(size_of_list_));
    pieces.push_back(format::as_bytes(list_));
    for (const std::span<const std::byte> each : bytes_) pieces.push_back(each);
    return pieces;
  }

 private:
  std::string size_of_list_, list_;
  core::detail::Vec<std::span<const std::byte>> bytes_;
  core::detail::Vec<core::detail::Vec<std::byte>> copies_;
};

// A value of another rank of the group.
struct ReceivedValue {
  std::string_view key;
  bundle::Entry entry;               // of a box that of the whole tensor, with the box as its slice
  std::vector<std::string> strings;  // which the view looks at, where it is of strings
  TensorView view;
};

// What the ranks of a group have sent to this one.
class ReceivedValues {
 public:
  // Of each rank from `first` on its message.
  void take(std::vector<std::string>&& messages, int first) {
    messages_ = std::move(messages);
    first_ = static_cast<std::size_t>(first);
    for (const std::string& each : messages_) {
      if (!each.empty()) take(each);
      ends_.push_back(values_.size());
    }
  }
  [[nodiscard]] bool empty() const noexcept { return values_.empty(); }

  // Plans the values, behind those of this rank. Throws Error (invalid_argument) where two ranks of the group have the
  // same elements.
  void add_to(bundle::detail::BundleWriter& writer) const {
    std::size_t sender = 0;  // counted from the first rank of the group
    for (std::size_t i = 0; i < values_.size(); ++i) {
      while (ends_[sender] <= i) ++sender;
      const ReceivedValue& value = values_[i];
      if (value.entry.slices.empty()) {
        writer.add(value.key, value.view);
        continue;
      }
      try {
        bundle::detail::add_slice(writer, value.key, value.entry.shape, value.entry.slices[0], value.view);
      } catch (const Error&) {
        core::detail::fail(
            ErrorCode::invalid_argument,
            {"the boxes of rank ", first_ + sender, " and ", RankRange{first_, first_ + sender - 1}.names(),
             " share elements of the partitioned tensor under the key \"", value.key,
             "\"; give every element to one rank"},
            {.key = value.key});
      }
    }
  }

 private:
  void take(const std::string& text) {
    format::ByteReader message(text, "a message of a rank");
    format::ByteReader list(message.read_bytes(message.read_fixed64()), "a message of a rank");
    while (!list.empty()) {
      const std::string_view key = take_text(list);
      bundle::Entry entry = format::decode_bundle_entry(take_text(list));
      Shape shape = entry.shape;
      if (!entry.slices.empty()) shape = bundle::detail::box_of_slice(entry.shape, entry.slices[0])->shape;
      std::vector<std::string> strings;
      if (entry.dtype == DT_STRING) {
        strings.resize(static_cast<std::size_t>(shape.num_elements()));
        for (std::string& each : strings) each = take_text(list);
        const TensorView view(std::move(shape), strings);
        values_.push_back({key, std::move(entry), std::move(strings), view});
      } else {
        const TensorView view(entry.dtype, std::move(shape), format::as_bytes(message.read_bytes(entry.size)));
        values_.push_back({key, std::move(entry), {}, view});
      }
    }
  }

  std::vector<std::string> messages_;  // the first is this rank's own, and empty
  std::size_t first_ = 0;
  core::detail::Vec<ReceivedValue> values_;
  core::detail::Vec<std::size_t> ends_;  // of each rank's among values_
};

}  // namespace CAIRN_NAMESPACE::mpi::detail
