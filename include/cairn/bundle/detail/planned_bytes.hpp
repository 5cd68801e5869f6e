// Where the bytes of a planned entry come from, and how they go into a data file.
#pragma once

#include "../../core/detail/own.hpp"
#include "../../core/error.hpp"
#include "../../format/crc32c.hpp"
#include "../../format/detail/ordered_code.hpp"
#include "../../io/file_system.hpp"
#include "../entry.hpp"
#include "../reader.hpp"
#include "piece_writer.hpp"
#include "string_tensor.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace cairn::bundle::detail {

// Bytes that are not in memory, or not one behind the other there. Each kind of them is a class, which is in a program
// that plans such bytes.
class PlannedSource {
 public:
  PlannedSource() = default;
  PlannedSource(const PlannedSource&) = delete;
  PlannedSource& operator=(const PlannedSource&) = delete;
  virtual ~PlannedSource() = default;

  // Writes the entry's bytes and returns their masked checksum. Throws what writing and the source throw.
  [[nodiscard]] virtual std::uint32_t write(const bundle::Entry& entry, PieceWriter& out) const = 0;
};

// The bytes of an entry before they are written. A save of very many variables has only numbers and strings, which
// take few words.
class PlannedBytes {
 public:
  enum class Kind : std::uint8_t { numbers, strings, stored, source };

  [[nodiscard]] static PlannedBytes of_numbers(std::span<const std::byte> bytes) { return {Kind::numbers, bytes}; }
  [[nodiscard]] static PlannedBytes of_strings(std::span<const std::string> elements) {
    return PlannedBytes(Kind::strings, elements.data(), elements.size());
  }
  // Bytes whose checksum the entry has.
  [[nodiscard]] static PlannedBytes of_stored(std::span<const std::byte> bytes) { return {Kind::stored, bytes}; }
  [[nodiscard]] static PlannedBytes of_source(core::detail::Own<const PlannedSource> source) {
    PlannedBytes bytes(Kind::source, nullptr, 0);
    bytes.source_ = std::move(source);
    return bytes;
  }

  [[nodiscard]] Kind kind() const noexcept { return kind_; }
  // Of numbers and stored bytes.
  [[nodiscard]] std::span<const std::byte> bytes() const noexcept {
    return {static_cast<const std::byte*>(data_), size_};
  }
  // Of strings.
  [[nodiscard]] std::span<const std::string> strings() const noexcept {
    return {static_cast<const std::string*>(data_), size_};
  }
  // Of a source.
  [[nodiscard]] const PlannedSource& source() const noexcept { return *source_; }

 private:
  PlannedBytes(Kind kind, const void* data, std::size_t size) : data_(data), size_(size), kind_(kind) {}
  PlannedBytes(Kind kind, std::span<const std::byte> bytes) : PlannedBytes(kind, bytes.data(), bytes.size()) {}

  const void* data_;
  std::size_t size_;  // in bytes or strings
  core::detail::Own<const PlannedSource> source_;
  Kind kind_;
};

// The entry of the `index`-th part of a partitioned tensor. Throws Error (data_loss) when there is none.
[[nodiscard]] inline const bundle::Entry& stored_part(const bundle::Reader& reader, std::string_view key,
                                                      const bundle::Entry& whole, std::size_t index) {
  const bundle::Entry* const part =
      bundle::find_entry(reader.slices(), format::detail::encode_slice_key(key, whole.slices.at(index)));
  if (part == nullptr || !part->slices.empty())
    throw Error(ErrorCode::data_loss, "part " + std::to_string(index) + " of the tensor \"" + std::string(key) +
                                          "\" of checkpoint \"" + reader.prefix() +
                                          "\" is missing; the tensor cannot be copied")
        .in_file(bundle::index_path(reader.prefix()))
        .at_key(std::string(key));
  return *part;
}

// In pieces, so that what was checksummed is still in the cache when it is written.
[[nodiscard]] inline std::uint32_t write_numbers(std::span<const std::byte> rest, std::uint32_t crc, PieceWriter& out) {
  while (!rest.empty()) {
    const auto piece = rest.first(std::min(rest.size(), out.next_piece()));
    crc = format::extend_crc32c(crc, piece);
    out.append(piece);
    rest = rest.subspan(piece.size());
  }
  return crc;
}

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
      if (fits) return;
      throw Error(ErrorCode::invalid_argument, "the pieces of \"" + key_ + "\" are not the " +
                                                   std::to_string(entry.size) +
                                                   " bytes that its dtype and shape ask for")
          .at_key(key_);
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
    return reader_.copy_stored(key_, entry_, [&](std::span<const std::byte> bytes) { out.append(bytes); });
  }

 private:
  const bundle::Reader& reader_;
  const bundle::Entry& entry_;
  std::string key_;
};

// Writes the entry's bytes and returns its masked checksum. Throws what writing and the source throw.
[[nodiscard]] inline std::uint32_t write_planned(const PlannedBytes& source, const bundle::Entry& entry,
                                                 PieceWriter& out) {
  const auto append = [&](std::span<const std::byte> bytes) { out.append(bytes); };
  switch (source.kind()) {
    case PlannedBytes::Kind::numbers:
      break;
    case PlannedBytes::Kind::strings:
      return detail::encode_strings(source.strings(), append);
    case PlannedBytes::Kind::stored:
      out.append(source.bytes());
      return entry.crc32c;
    case PlannedBytes::Kind::source:
      return source.source().write(entry, out);
  }
  return format::mask_crc(write_numbers(source.bytes(), 0, out));
}

}  // namespace cairn::bundle::detail
