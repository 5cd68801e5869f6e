// Reads a bundle: opens and checks the index at once, opens data shards when a tensor of theirs is asked for.
//
//   const cairn::bundle::Reader reader("training/ckpt-3");
//   for (const auto& [key, entry] : reader.entries()) std::cout << key << ' ' << to_string(entry.shape) << '\n';
//   const cairn::AnyTensor kernel = reader.read("model/kernel/.ATTRIBUTES/VARIABLE_VALUE");
#pragma once

#include "../core/error.hpp"
#include "../format/crc32c.hpp"
#include "../io/file_system.hpp"
#include "../io/posix.hpp"
#include "../tensor/any_tensor.hpp"
#include "files.hpp"
#include "index.hpp"
#include "naming.hpp"
#include "shards.hpp"
#include "slice.hpp"
#include "slice_cover.hpp"
#include "stored_bytes.hpp"
#include "string_tensor.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::bundle {

// All members may be called by several threads at the same time. Whatever a file holds, a member returns what was
// saved or throws Error; it allocates no more than the file's size justifies.
class Reader {
 public:
  // `prefix` as it was saved; "….index" is understood too. Throws Error: not_found without such an index, data_loss for
  // one that is damaged, unimplemented for one of a newer format. No data shard is opened yet.
  explicit Reader(std::string prefix, io::FileSystem& files = io::posix())
      : prefix_(existing_prefix(std::move(prefix), files)),
        index_(read_index(files, index_path(prefix_))),
        shards_(files, prefix_, index_.num_shards) {}

  [[nodiscard]] const std::string& prefix() const noexcept { return prefix_; }
  [[nodiscard]] std::int32_t num_shards() const noexcept { return index_.num_shards; }
  // Whether the numbers in the shards are big-endian. What read() gives is always in the machine's byte order.
  [[nodiscard]] bool big_endian() const noexcept { return index_.big_endian; }
  // All tensors, sorted by key; also those that cannot be read, because their entries are not legal.
  [[nodiscard]] const EntryList& entries() const noexcept { return index_.entries; }
  [[nodiscard]] bool contains(std::string_view key) const noexcept {
    return find_entry(index_.entries, key) != nullptr;
  }

  // The entry of a tensor, with a known dtype, a legal shape, the size that both ask for, and a shard that exists by
  // number. Throws Error: not_found; data_loss for an entry that is not so, unimplemented for an unknown dtype.
  [[nodiscard]] const Entry& lookup(std::string_view key) const {
    const Entry* const entry = find_entry(index_.entries, key);
    if (entry == nullptr)
      throw Error(ErrorCode::not_found, "Key " + std::string(key) + " not found in checkpoint " + prefix_ +
                                            "; it holds " + std::to_string(index_.entries.size()) + " tensors")
          .in_file(index_path(prefix_))
          .at_key(std::string(key));
    shards_.require_legal(key, *entry);
    return *entry;
  }

  // Throws Error, as read, unless the shard holds all the bytes that the entry asks for. Looks at none of them: asked
  // before memory is taken for a tensor, it bounds that memory by the file's size.
  void require_bytes(std::string_view key) const {
    const Entry& entry = lookup(key);
    require_present(key, entry);
    if (entry.dtype == DT_STRING && entry.slices.empty() && element_count(entry) > entry.size)
      throw shards_.refusal(
          key, ErrorCode::data_loss,
          std::to_string(element_count(entry)) + " strings cannot be in " + std::to_string(entry.size) + " bytes");
  }

  // Fills `out` with the tensor's elements. It must have the size that dtype and shape ask for, else Error
  // (invalid_argument). Throws Error (data_loss) when the shard is missing, cut or damaged; `out` may hold anything
  // then.
  void read(std::string_view key, std::span<std::byte> out) const {
    const Entry& entry = lookup(key);
    const auto count = entry.byte_count();
    if (count != out.size()) {
      const std::string expected = count ? std::to_string(*count) + " bytes" : "elements of no fixed size";
      const std::string found = std::to_string(out.size()) + " bytes";
      throw misuse(key, "is " + to_string(entry.dtype) + " " + entry.shape.to_string() + ", which is " + expected +
                            "; it cannot be read into " + found)
          .expecting(expected, found);
    }
    if (entry.slices.empty())
      read_numbers(key, entry, out);
    else
      read_slices(key, entry, out);
  }

  // The elements of a string tensor, row by row. Throws Error: invalid_argument for a tensor of numbers, else as read.
  [[nodiscard]] std::vector<std::string> read_strings(std::string_view key) const {
    const Entry& entry = lookup(key);
    if (entry.dtype != DT_STRING)
      throw misuse(key, "is " + to_string(entry.dtype) + ", not string").expecting("string", to_string(entry.dtype));
    if (!entry.slices.empty()) throw partitioned(key, entry);
    return shards_.with_bytes(key, entry, [&](detail::StoredBytes stored) {
      return decode_strings(std::move(stored), element_count(entry), entry.crc32c, index_.big_endian);
    });
  }

  // The tensor, whatever its dtype. Throws Error as the two above, and unimplemented for variants.
  [[nodiscard]] AnyTensor read(std::string_view key) const {
    const Entry& entry = lookup(key);
    if (entry.dtype == DT_STRING) return AnyTensor(entry.shape, read_strings(key));
    if (entry.dtype == DT_VARIANT)
      throw shards_.refusal(key, ErrorCode::unimplemented,
                            "it holds variants, which only TensorFlow has values of; read_stored gives their bytes");
    require_present(key, entry);
    AnyTensor tensor(entry.dtype, entry.shape);
    read(key, tensor.bytes());
    return tensor;
  }

  // Reads all bytes of the tensor, through a small buffer, and checks them. Throws as read.
  void verify(std::string_view key) const {
    const Entry& entry = lookup(key);
    require_present(key, entry);
    if (entry.slices.empty()) return verify_bytes(key, entry);
    for (const auto& slice : entry.slices) verify_bytes(key, part_of(key, entry, slice));
  }

  // The bytes of the tensor as they are in the shard, checked: for copies of tensors that nobody looks into. Throws as
  // read, and unimplemented for partitioned tensors.
  [[nodiscard]] std::vector<std::byte> read_stored(std::string_view key) const {
    const Entry& entry = lookup(key);
    if (!entry.slices.empty()) throw partitioned(key, entry);
    verify_bytes(key, entry);
    return shards_.with_bytes(key, entry, [&](detail::StoredBytes stored) {
      std::vector<std::byte> bytes(static_cast<std::size_t>(entry.size));
      stored.read(bytes);
      return bytes;
    });
  }

 private:
  [[nodiscard]] static std::uint64_t element_count(const Entry& entry) {
    return static_cast<std::uint64_t>(entry.shape.num_elements());
  }
  [[nodiscard]] Error misuse(std::string_view key, const std::string& problem) const {
    return Error(ErrorCode::invalid_argument,
                 "the tensor \"" + std::string(key) + "\" of checkpoint \"" + prefix_ + "\" " + problem)
        .in_file(index_path(prefix_))
        .at_key(std::string(key));
  }
  [[nodiscard]] Error partitioned(std::string_view key, const Entry& entry) const {
    return shards_.refusal(key, ErrorCode::unimplemented,
                           "it is a partitioned tensor of " + to_string(entry.dtype) + " in " +
                               std::to_string(entry.slices.size()) + " parts, which cannot be read as one here");
  }

  // One entry's numbers, into memory of exactly its size.
  void read_numbers(std::string_view key, const Entry& entry, std::span<std::byte> out) const {
    shards_.with_bytes(key, entry, [&](detail::StoredBytes stored) {
      std::uint32_t crc = 0;
      for (std::size_t begin = 0; begin < out.size(); begin += io::piece_bytes) {
        const auto piece = out.subspan(begin, std::min(io::piece_bytes, out.size() - begin));
        stored.read(piece);
        crc = format::extend_crc32c(crc, piece);
      }
      if (format::mask_crc(crc) != entry.crc32c) stored.fail_checksum(entry.crc32c, format::mask_crc(crc));
    });
    const std::size_t unit = swap_unit_of(entry.dtype);
    if (unit < 2 || index_.big_endian == (std::endian::native == std::endian::big)) return;
    for (std::span<std::byte> rest = out; !rest.empty(); rest = rest.subspan(unit))
      std::reverse(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(unit));
  }

  void verify_bytes(std::string_view key, const Entry& entry) const {
    shards_.with_bytes(key, entry, [&](detail::StoredBytes stored) {
      if (entry.dtype == DT_STRING)
        return verify_strings(std::move(stored), element_count(entry), entry.crc32c, index_.big_endian);
      if (entry.dtype == DT_VARIANT)
        return verify_variants(std::move(stored), element_count(entry), entry.crc32c, index_.big_endian);
      std::uint32_t crc = 0;
      stored.for_each_piece(entry.size,
                            [&](std::span<const std::byte> piece) { crc = format::extend_crc32c(crc, piece); });
      if (format::mask_crc(crc) != entry.crc32c) stored.fail_checksum(entry.crc32c, format::mask_crc(crc));
    });
  }

  // The entry of one part of a partitioned tensor, checked against the whole.
  [[nodiscard]] const Entry& part_of(std::string_view key, const Entry& whole, const TensorSlice& slice) const {
    const auto shape = detail::shape_of_slice(whole.shape, slice);
    if (!shape)
      throw shards_.refusal(key, ErrorCode::data_loss,
                            "one of its parts does not lie inside its shape " + whole.shape.to_string());
    const Entry* const part = find_entry(index_.slices, format::encode_slice_key(key, slice));
    if (part == nullptr)
      throw shards_.refusal(key, ErrorCode::data_loss, "its part of shape " + shape->to_string() + " is missing");
    shards_.require_legal(key, *part);
    if (!part->slices.empty() || part->dtype != whole.dtype || part->shape != *shape)
      throw shards_.refusal(key, ErrorCode::data_loss,
                            "a part that should be " + to_string(whole.dtype) + " " + shape->to_string() + " is " +
                                to_string(part->dtype) + " " + part->shape.to_string());
    return *part;
  }

  // Before memory is taken or much is read: the bytes of all elements are there, and each part has elements of its own.
  void require_present(std::string_view key, const Entry& entry) const {
    if (entry.slices.empty()) {
      shards_.require_present(key, entry);
      return;
    }
    if (detail::lists_a_slice_twice(entry.slices))
      throw shards_.refusal(key, ErrorCode::data_loss, "one of its parts is listed twice");
    const std::uint64_t count = element_count(entry);
    std::uint64_t found = 0;
    for (const auto& slice : entry.slices) {
      const Entry& part = part_of(key, entry, slice);
      shards_.require_present(key, part);
      // Each part lies inside the whole, so that no sum of a legal bundle exceeds it.
      if (element_count(part) > count - found) throw shards_.refusal(key, ErrorCode::data_loss, "its parts overlap");
      found += element_count(part);
    }
    if (found != count)
      throw shards_.refusal(key, ErrorCode::data_loss,
                            "its parts do not cover its shape " + entry.shape.to_string() + "; some were not saved");
  }

  void read_slices(std::string_view key, const Entry& entry, std::span<std::byte> out) const {
    if (size_of(entry.dtype) == 0) throw partitioned(key, entry);
    require_present(key, entry);
    const std::size_t element = size_of(entry.dtype);
    std::vector<bool> covered(static_cast<std::size_t>(element_count(entry)));
    std::vector<std::byte> bytes;
    for (const auto& slice : entry.slices) {
      const Entry& part = part_of(key, entry, slice);
      bytes.resize(static_cast<std::size_t>(part.size));
      read_numbers(key, part, bytes);
      detail::for_each_run(entry.shape, slice, [&](std::size_t to, std::size_t from, std::size_t length) {
        const auto run = std::span(bytes).subspan(from * element, length * element);
        std::copy(run.begin(), run.end(), out.subspan(to * element).begin());
        std::fill_n(covered.begin() + static_cast<std::ptrdiff_t>(to), length, true);
      });
    }
    if (std::find(covered.begin(), covered.end(), false) != covered.end())
      throw shards_.refusal(key, ErrorCode::data_loss, "its parts overlap and leave gaps");
  }

  std::string prefix_;
  Index index_;
  detail::Shards shards_;
};

}  // namespace cairn::bundle
