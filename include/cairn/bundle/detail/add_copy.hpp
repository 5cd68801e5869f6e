// Tensors that are not in memory into a BundleWriter: those of another bundle, and those that a function hands over.
#pragma once

#include "../../core/detail/fail.hpp"
#include "../../core/detail/own.hpp"
#include "../../format/crc32c.hpp"
#include "../../format/detail/ordered_code.hpp"
#include "../reader.hpp"
#include "add_parts.hpp"
#include "bundle_writer.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::bundle::detail {

// Gives all bytes of a tensor of numbers to the function that it is called with, one behind the other.
using NumberPieces = std::function<void(const std::function<void(std::span<const std::byte>)>&)>;

class StreamedSource final : public PlannedSource {
 public:
  StreamedSource(NumberPieces pieces, std::string_view key) : pieces_(std::move(pieces)), key_(key) {}

  // The bytes that a NumberPieces gives are those of the entry, or this throws Error with ErrorCode::invalid_argument.
  [[nodiscard]] std::uint32_t write(const bundle::Entry& entry, PieceWriter& out) const override {
    std::uint32_t crc = 0;
    std::uint64_t count = 0;
    const auto require = [&](bool fits) {
      if (!fits)
        core::detail::fail(
            ErrorCode::invalid_argument,
            {"the pieces of \"", key_, "\" are not the ", entry.size, " bytes that its dtype and shape ask for"},
            {.key = key_});
    };
    pieces_([&](std::span<const std::byte> piece) {
      require(piece.size() <= entry.size - count);
      count += piece.size();
      crc = write_numbers(piece, crc, out);
    });
    require(count == entry.size);
    return format::mask_crc(crc);
  }

 private:
  NumberPieces pieces_;
  std::string key_;
};

// An entry of another bundle.
class CopySource final : public PlannedSource {
 public:
  CopySource(const bundle::Reader& reader, const bundle::Entry& entry, std::string_view key)
      : reader_(reader), entry_(entry), key_(key) {}

  [[nodiscard]] std::uint32_t write(const bundle::Entry&, PieceWriter& out) const override {
    // Many sources read one file from front to back. A source of another kind has no memory.
    core::detail::Own<SourceMemory>& memory = out.source_memory();
    if (!memory) memory = core::detail::make_own<ReadAhead>();
    return reader_.copy_stored(
        key_, entry_, [&](std::span<const std::byte> bytes) { out.append(bytes); },
        static_cast<ReadAhead*>(memory.get()));
  }

 private:
  const bundle::Reader& reader_;
  const bundle::Entry& entry_;
  std::string key_;
};

// The entry of the `index`-th part of a partitioned tensor. Throws Error (data_loss) when there is none.
[[nodiscard]] inline const bundle::Entry& stored_part(const bundle::Reader& reader, std::string_view key,
                                                      const bundle::Entry& whole, std::size_t index) {
  const bundle::Entry* const part = reader.find_part(format::detail::encode_slice_key(key, whole.slices.at(index)));
  if (part == nullptr || !part->slices.empty())
    core::detail::fail(ErrorCode::data_loss,
                       {"part ", index, " of the tensor \"", key, "\" of checkpoint \"", reader.prefix(),
                        "\" is missing; the tensor cannot be copied"},
                       {.file = bundle::index_path(reader.prefix()), .key = key});
  return *part;
}

[[nodiscard]] inline PlannedBytes copy_of(const bundle::Reader& source, const bundle::Entry& entry,
                                          std::string_view key) {
  return {nullptr, 0, core::detail::Own<const PlannedSource>(new CopySource(source, entry, key)),
          PlannedBytes::Kind::source};
}

// Plans a copy of one part of a partitioned tensor: the part with the number `index` in the entry's list of slices.
// `key` must be a key of `source` and `index` below the number of its slices. The list itself is taken over unchanged,
// even where its parts overlap. Throws Error with ErrorCode::data_loss when the part, or its bytes, are missing;
// ErrorCode::already_exists for a key, or a part, that was added before; ErrorCode::invalid_argument for an empty key,
// and when the part does not belong to the parts of `new_key` that were added before.
inline void add_copy_of_slice(BundleWriter& writer, const bundle::Reader& source, std::string_view key,
                              std::size_t index, std::string_view new_key) {
  const bundle::Entry& whole = *source.find(key);
  const format::TensorSlice& slice = whole.slices.at(index);
  const bundle::Entry& part = stored_part(source, key, whole, index);
  require_part_of(writer, new_key, whole.shape, whole.dtype);
  source.require_stored(key, part);
  const bundle::Entry* const known = writer.find(new_key);
  // A list that was taken over has the part at its place; any other gets it at its end.
  const bool is_listed = known == nullptr || (index < known->slices.size() && known->slices[index] == slice);
  if (!is_listed) require_apart(writer, new_key, slice);
  plan_part(writer, new_key, whole.shape, slice, part, writer.planner().place(part.size), copy_of(source, part, key),
            is_listed ? &whole : nullptr);
}

// Bundle's Writer::add_copy says what this promises.
inline void add_copy(BundleWriter& writer, const bundle::Reader& source, std::string_view key,
                     std::string_view new_key) {
  const bundle::Entry* const entry = source.find(key);
  if (entry == nullptr) return static_cast<void>(source.lookup(key));  // throws
  if (!entry->slices.empty()) {
    for (std::size_t i = 0; i < entry->slices.size(); ++i) add_copy_of_slice(writer, source, key, i, new_key);
    return;
  }
  writer.require_new(new_key);
  source.require_stored(key, *entry);
  writer.add_planned(new_key, *entry, copy_of(source, *entry, key));
}

// Bundle's Writer::add_streamed says what this promises.
inline void add_streamed(BundleWriter& writer, std::string_view key, DType dtype, Shape shape, NumberPieces pieces) {
  const auto count = shape.checked_num_elements();
  if (!count || size_of(dtype) == 0)
    core::detail::fail(
        ErrorCode::invalid_argument,
        {"\"", key, "\" is ", to_string(dtype), " ", shape.to_string(), "; only numbers can be given in pieces"},
        {.key = key});
  bundle::Entry entry;
  entry.dtype = dtype;
  entry.shape = std::move(shape);
  entry.size = static_cast<std::uint64_t>(*count) * size_of(dtype);
  writer.add_planned(key, std::move(entry),
                     {nullptr, 0, core::detail::Own<const PlannedSource>(new StreamedSource(std::move(pieces), key)),
                      PlannedBytes::Kind::source});
}

}  // namespace CAIRN_NAMESPACE::bundle::detail
