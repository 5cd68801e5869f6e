// Reads a bundle: opens and checks the index at once, opens data shards when a tensor of theirs is asked for.
//
//   const cairn::bundle::Reader reader("training/ckpt-3");
//   for (const auto& [key, entry] : reader.entries()) std::cout << key << ' ' << to_string(entry.shape) << '\n';
//   const cairn::AnyTensor kernel = reader.read("model/kernel/.ATTRIBUTES/VARIABLE_VALUE");
#pragma once

#include "../core/error.hpp"
#include "../io/file_system.hpp"
#include "../io/posix.hpp"
#include "../tensor/any_tensor.hpp"
#include "../tensor/mapped_tensor.hpp"
#include "bulk_read.hpp"
#include "copy_stored.hpp"
#include "files.hpp"
#include "index.hpp"
#include "mapped_numbers.hpp"
#include "naming.hpp"
#include "numbers.hpp"
#include "parts.hpp"
#include "shards.hpp"
#include "slice.hpp"
#include "slice_cover.hpp"
#include "stored_bytes.hpp"
#include "string_tensor.hpp"
#include "v1_bundle.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::bundle {

// Whether bytes are checked, at the price of reading all that a checksum is of.
enum class Checksums { verify, skip };

// All members may be called by several threads at the same time. Whatever a file holds, a member returns what was
// saved or throws Error; it allocates no more than the file's size justifies, and sizeof(std::string) for each string
// that it returns: an empty one is a single byte of the file.
class Reader {
 public:
  // `prefix` as it was saved; "….index" and "….data-00000-of-00001" are understood too. Throws Error: not_found without
  // such a checkpoint, data_loss for an index that is damaged, unimplemented for one of a newer format. No data shard is
  // opened yet; but of a checkpoint in TensorFlow's old format V1 all is read, decoded and kept in memory.
  explicit Reader(std::string prefix, io::FileSystem& files = io::posix())
      : Reader(detail::open_bundle(std::move(prefix), files)) {}

  [[nodiscard]] const std::string& prefix() const noexcept { return prefix_; }
  [[nodiscard]] std::int32_t num_shards() const noexcept { return index_.num_shards; }
  // Whether the numbers in the shards are big-endian. What read() gives is always in the machine's byte order.
  [[nodiscard]] bool big_endian() const noexcept { return index_.big_endian; }
  // All tensors, sorted by key; also those that cannot be read, because their entries are not legal.
  [[nodiscard]] const EntryList& entries() const noexcept { return index_.entries; }
  [[nodiscard]] bool contains(std::string_view key) const noexcept {
    return find_entry(index_.entries, key) != nullptr;
  }

  // The parts of partitioned tensors, each under a key of its own.
  [[nodiscard]] const EntryList& slices() const noexcept { return index_.slices; }
  // All that the index says.
  [[nodiscard]] const Index& index() const noexcept { return index_; }

  // The entry of a tensor, with a known dtype, a legal shape, the size that both ask for, and a shard that exists by
  // number. Throws Error: not_found; data_loss for an entry that is not so, unimplemented for an unknown dtype.
  [[nodiscard]] const Entry& lookup(std::string_view key) const {
    const Entry* const entry = find_entry(index_.entries, key);
    if (entry == nullptr)
      throw Error(ErrorCode::not_found, "Key " + std::string(key) + " not found in checkpoint " + prefix_ +
                                            "; it holds " + std::to_string(index_.entries.size()) + " tensors")
          .in_file(shards_.index_path())
          .at_key(std::string(key));
    shards_.require_legal(key, *entry);
    return *entry;
  }

  // Throws Error, as read, unless the shards hold all the bytes that the tensor asks for. Looks at none of them: asked
  // before memory is taken for a tensor, it bounds that memory by the files' size.
  void require_bytes(std::string_view key) const { require_bytes(key, lookup(key)); }
  // The same for one of entries().
  void require_bytes(std::string_view key, const Entry& entry) const {
    shards_.require_legal(key, entry);
    if (entry.slices.empty()) {
      shards_.require_present(key, entry);
      return require_strings_fit(key, entry);
    }
    for (const detail::TensorPart& part : parts().covering(key, entry, detail::box_of(entry.shape)))
      require_strings_fit(key, *part.entry);
  }

  // Fills `out` with the tensor's elements. It must have the size that dtype and shape ask for, else Error
  // (invalid_argument). Throws Error (data_loss) when the shard is missing, cut or damaged; `out` may hold anything
  // then.
  void read(std::string_view key, std::span<std::byte> out) const {
    const Entry& entry = lookup(key);
    require_size(key, entry, entry.shape, out.size());
    if (entry.slices.empty())
      detail::read_numbers(shards_, key, entry, index_.big_endian, out);
    else
      read_box(key, entry, detail::box_of(entry.shape), out);
  }

  // Reads many tensors of numbers together, or checks them: faster than one by one. Each key's entry is one of
  // entries(), not partitioned, and `out` has its size: else Error, as lookup and read. The reader, the keys and the
  // memory must outlive what is returned.
  [[nodiscard]] detail::BulkRead bulk_read(std::vector<detail::BulkRead::Item> items, std::size_t threads) const {
    for (const auto& item : items) {
      shards_.require_legal(item.key, *item.entry);
      require_size(item.key, *item.entry, item.entry->shape, item.out.size());
    }
    return {shards_, index_.big_endian, std::move(items), threads};
  }

  // The elements of a string tensor, row by row. Throws Error: invalid_argument for a tensor of numbers, else as read.
  [[nodiscard]] std::vector<std::string> read_strings(std::string_view key) const {
    const Entry& entry = string_entry(key);
    if (entry.slices.empty()) return read_part_strings(key, entry);
    return read_string_box(key, entry, detail::box_of(entry.shape));
  }
  // Into strings of the caller's, which must be as many, else Error (invalid_argument). They may hold anything when it
  // throws.
  void read_strings(std::string_view key, std::span<std::string> out) const {
    const Entry& entry = string_entry(key);
    if (out.size() != detail::element_count(entry.shape)) {
      const std::string found = std::to_string(out.size()) + (out.size() == 1 ? " string" : " strings");
      throw misuse(key, "is string " + entry.shape.to_string() + "; it cannot be read into " + found)
          .expecting(entry.shape.to_string(), found);
    }
    if (!entry.slices.empty()) return read_string_box(key, entry, detail::box_of(entry.shape), out);
    shards_.with_bytes(key, entry, [&](detail::StoredBytes stored) {
      decode_strings(std::move(stored), out, entry.crc32c, index_.big_endian);
    });
  }
  // Calls use(StringElements&) with the elements of a string tensor that is not partitioned, all of them checked: they
  // need not fit in memory. Throws Error as read_strings, and unimplemented for one that is partitioned.
  template <class Use>
  void with_strings(std::string_view key, Use use) const {
    const Entry& entry = string_entry(key);
    if (!entry.slices.empty())
      throw shards_.refusal(key, ErrorCode::unimplemented,
                            "its strings lie in several places, so that it is read as a whole only");
    shards_.with_bytes(key, entry, [&](detail::StoredBytes stored) {
      StringElements elements(std::move(stored), detail::element_count(entry.shape), entry.crc32c, index_.big_endian);
      use(elements);
    });
  }

  // The tensor, whatever its dtype: partitioned ones put together, also those that TensorFlow does not. Throws Error as
  // the two above, and unimplemented for variants.
  [[nodiscard]] AnyTensor read(std::string_view key) const {
    const Entry& entry = lookup(key);
    if (entry.dtype == DT_STRING) return AnyTensor(entry.shape, read_strings(key));
    refuse_variants(key, entry);
    require_bytes(key);
    AnyTensor tensor(entry.dtype, entry.shape);
    read(key, tensor.bytes());
    return tensor;
  }

  // The tensor where it lies in its shard, without a copy; valid for as long as it lives, also when this reader is gone
  // and the files were removed. Its checksum is compared the first time that it is viewed, for which every page of it
  // is looked at; with Checksums::skip none is, and damage goes unnoticed. is_mapped() is false where it had to be
  // copied, then as read: numbers that are not aligned in the file (WriterOptions::data_alignment), or of another byte
  // order; strings, partitioned tensors; a file system that cannot map. Throws as read.
  [[nodiscard]] MappedTensor view(std::string_view key, Checksums checksums = Checksums::verify) const {
    const Entry& entry = lookup(key);
    refuse_variants(key, entry);
    if (entry.dtype != DT_STRING && entry.slices.empty()) {
      const io::Mapping mapped = mapped_.of(shards_, key, entry, index_.big_endian, checksums == Checksums::verify);
      if (mapped.owner != nullptr)
        return MappedTensor(TensorView(entry.dtype, entry.shape, mapped.bytes), mapped.owner, true);
    }
    auto copy = std::make_shared<AnyTensor>();
    if (entry.dtype == DT_STRING || checksums == Checksums::verify) {
      *copy = read(key);
    } else {
      require_bytes(key, entry);
      *copy = AnyTensor(entry.dtype, entry.shape);
      read_box(key, entry, detail::box_of(entry.shape), copy->bytes(), checksums);
    }
    TensorView whole = copy->view();
    return MappedTensor(std::move(whole), std::move(copy), false);
  }

  // A block of a tensor, partitioned or not, as a tensor of its own: {{2, 3}, {}} is rows 2, 3 and 4, whole. What the
  // slice touches - the tensor, or some of its parts - is read and checked as a whole, as in TensorFlow, but only the
  // slice is kept; the rest of a partitioned tensor need not exist. With Checksums::skip only the slice's own bytes are
  // read, and damage in them goes unnoticed (of strings all is read and checked all the same). Throws Error:
  // out_of_range for a slice that is not inside the tensor; as read.
  [[nodiscard]] AnyTensor read_slice(std::string_view key, const TensorSlice& slice,
                                     Checksums checksums = Checksums::verify) const {
    const Entry& entry = lookup(key);
    detail::Box box = wanted_box(key, entry, slice);
    if (entry.dtype == DT_STRING) {
      auto strings = read_string_box(key, entry, box);
      return AnyTensor(std::move(box.shape), std::move(strings));
    }
    refuse_variants(key, entry);
    (void)parts().covering(key, entry, box);
    AnyTensor tensor(entry.dtype, box.shape);
    read_box(key, entry, box, tensor.bytes(), checksums);
    return tensor;
  }
  // The same for numbers, into memory of exactly the slice's size; else Error (invalid_argument).
  void read_slice(std::string_view key, const TensorSlice& slice, std::span<std::byte> out,
                  Checksums checksums = Checksums::verify) const {
    const Entry& entry = lookup(key);
    const detail::Box box = wanted_box(key, entry, slice);
    require_size(key, entry, box.shape, out.size());
    read_box(key, entry, box, out, checksums);
  }

  // Gives all numbers of a tensor that need not fit in memory to use(std::uint64_t position, std::span<const std::byte>
  // bytes), in pieces of at most io::piece_bytes that are gone after the call. `position` counts bytes from the
  // tensor's first; it ascends, but for partitioned tensors only within a part. Throws as read: only when it returns
  // without that were all pieces what was saved.
  template <class Use>
  void read_pieces(std::string_view key, Use use) const {
    const Entry& entry = lookup(key);
    if (size_of(entry.dtype) == 0)
      throw misuse(key, "is " + to_string(entry.dtype) + "; only numbers can be read in pieces");
    const detail::Box whole = detail::box_of(entry.shape);
    std::vector<std::byte> buffer;
    const auto room = [&](std::uint64_t, std::size_t size) {
      if (buffer.size() < size) buffer.resize(size);
      return std::span(buffer).first(size);
    };
    for (const detail::TensorPart& part : parts().covering(key, entry, whole))
      detail::read_box(shards_, key, part, whole, index_.big_endian, room,
                       [&](std::uint64_t position, std::span<const std::byte> piece) { use(position, piece); });
  }

  // The size of a shard that exists by number. Throws Error (data_loss) when it is missing.
  [[nodiscard]] std::uint64_t data_bytes(std::int32_t shard) const { return shards_.bytes_of(shard); }
  // The size of all shards that tensors are in: what all tensors together can be. Throws as well.
  [[nodiscard]] std::uint64_t data_bytes() const {
    std::set<std::int32_t> shards;
    for (const EntryList* const list : {&index_.entries, &index_.slices})
      for (const auto& item : *list)
        if (item.second.slices.empty()) shards.insert(item.second.shard);
    std::uint64_t sum = 0;
    for (const std::int32_t shard : shards)
      if (shard >= 0 && shard < index_.num_shards) sum += shards_.bytes_of(shard);
    return sum;
  }

  // Reads all bytes of the tensor, through a small buffer, and checks them. Throws as read.
  void verify(std::string_view key) const {
    const Entry& entry = lookup(key);
    for (const detail::TensorPart& part : parts().covering(key, entry, detail::box_of(entry.shape)))
      verify_bytes(key, *part.entry);
  }

  // The bytes of the tensor as they are in the shard, checked: for copies of tensors that nobody looks into. Throws as
  // read, and unimplemented for partitioned tensors, whose parts lie apart (Writer::add_copy takes them over).
  [[nodiscard]] std::vector<std::byte> read_stored(std::string_view key) const {
    const Entry& entry = lookup(key);
    if (!entry.slices.empty())
      throw shards_.refusal(key, ErrorCode::unimplemented,
                            "it is partitioned, so that its stored bytes are not in one place");
    verify_bytes(key, entry);
    return shards_.with_bytes(key, entry, [&](detail::StoredBytes stored) {
      std::vector<std::byte> bytes(static_cast<std::size_t>(entry.size));
      stored.read(bytes);
      return bytes;
    });
  }

  // Throws Error (data_loss) unless the bytes of one entry of this reader's index are in its shard, whatever they are.
  void require_stored(std::string_view key, const Entry& entry) const {
    shards_.require_shard(key, entry);
    shards_.require_present(key, entry);
  }

  // Gives the bytes of one entry of this reader's index, a tensor's or a part's, to append(std::span<const std::byte>),
  // as they would be in a file of this machine's byte order; returns the masked checksum for them. Checks what can be
  // checked: bytes of an unknown dtype go over unseen. Throws as read; unimplemented where a file has the other byte
  // order, and what it holds - variants, an unknown dtype - cannot be turned around.
  template <class Append>
  [[nodiscard]] std::uint32_t copy_stored(std::string_view key, const Entry& entry, Append append) const {
    return detail::copy_stored(shards_, key, entry, index_.big_endian, std::move(append));
  }

 private:
  explicit Reader(detail::OpenBundle&& bundle)
      : prefix_(std::move(bundle.prefix)), index_(std::move(bundle.index)), shards_(std::move(bundle.shards)) {}
  [[nodiscard]] detail::TensorParts parts() const { return {index_, shards_}; }
  [[nodiscard]] Error misuse(std::string_view key, const std::string& problem) const {
    return Error(ErrorCode::invalid_argument,
                 "the tensor \"" + std::string(key) + "\" of checkpoint \"" + prefix_ + "\" " + problem)
        .in_file(shards_.index_path())
        .at_key(std::string(key));
  }
  [[nodiscard]] const Entry& string_entry(std::string_view key) const {
    const Entry& entry = lookup(key);
    if (entry.dtype != DT_STRING)
      throw misuse(key, "is " + to_string(entry.dtype) + ", not string").expecting("string", to_string(entry.dtype));
    return entry;
  }
  void refuse_variants(std::string_view key, const Entry& entry) const {
    if (entry.dtype == DT_VARIANT)
      throw shards_.refusal(key, ErrorCode::unimplemented,
                            "it holds variants, which only TensorFlow has values of; restore it there to look at them");
  }
  void require_size(std::string_view key, const Entry& entry, const Shape& shape, std::size_t size) const {
    const std::uint64_t element = size_of(entry.dtype);
    if (element != 0 && size % element == 0 && size / element == detail::element_count(shape)) return;
    const std::string expected =
        element == 0 ? "elements of no fixed size" : std::to_string(detail::element_count(shape) * element) + " bytes";
    const std::string found = std::to_string(size) + " bytes";
    throw misuse(key, "is " + to_string(entry.dtype) + " " + entry.shape.to_string() + ", of which " +
                          shape.to_string() + " is " + expected + "; it cannot be read into " + found)
        .expecting(expected, found);
  }
  [[nodiscard]] detail::Box wanted_box(std::string_view key, const Entry& entry, const TensorSlice& slice) const {
    auto box = detail::box_of_slice(entry.shape, slice);
    if (!box)
      throw Error(ErrorCode::out_of_range, "a slice of the tensor \"" + std::string(key) + "\" of checkpoint \"" +
                                               prefix_ + "\" is not inside its shape " + entry.shape.to_string() +
                                               "; give each dimension a start and a length, or neither")
          .in_file(shards_.index_path())
          .at_key(std::string(key));
    return std::move(*box);
  }

  void read_box(std::string_view key, const Entry& entry, const detail::Box& wanted, std::span<std::byte> out,
                Checksums checksums = Checksums::verify) const {
    const auto room = [&](std::uint64_t position, std::size_t size) {
      return out.subspan(static_cast<std::size_t>(position), size);
    };
    for (const detail::TensorPart& part : parts().covering(key, entry, wanted))
      if (checksums == Checksums::verify)
        detail::read_box(shards_, key, part, wanted, index_.big_endian, room,
                         [](std::uint64_t, std::span<const std::byte>) {});
      else
        detail::read_box_unchecked(shards_, key, part, wanted, index_.big_endian, out);
  }

  void require_strings_fit(std::string_view key, const Entry& entry) const {
    if (entry.dtype == DT_STRING && detail::element_count(entry.shape) > entry.size)
      throw shards_.refusal(key, ErrorCode::data_loss,
                            std::to_string(detail::element_count(entry.shape)) + " strings cannot be in " +
                                std::to_string(entry.size) + " bytes");
  }
  [[nodiscard]] std::vector<std::string> read_part_strings(std::string_view key, const Entry& entry) const {
    return shards_.with_bytes(key, entry, [&](detail::StoredBytes stored) {
      return decode_strings(std::move(stored), detail::element_count(entry.shape), entry.crc32c, index_.big_endian);
    });
  }
  [[nodiscard]] std::vector<std::string> read_string_box(std::string_view key, const Entry& entry,
                                                         const detail::Box& wanted) const {
    const auto from = parts().covering(key, entry, wanted);
    for (const detail::TensorPart& part : from) require_strings_fit(key, *part.entry);
    std::vector<std::string> strings(static_cast<std::size_t>(detail::element_count(wanted.shape)));
    read_string_box(key, entry, wanted, strings);
    return strings;
  }
  void read_string_box(std::string_view key, const Entry& entry, const detail::Box& wanted,
                       std::span<std::string> strings) const {
    for (const detail::TensorPart& part : parts().covering(key, entry, wanted)) {
      auto found = read_part_strings(key, *part.entry);
      detail::for_each_common_run(part.box, wanted, [&](std::size_t at, std::size_t to, std::size_t length) {
        std::move(found.begin() + static_cast<std::ptrdiff_t>(at),
                  found.begin() + static_cast<std::ptrdiff_t>(at + length),
                  strings.begin() + static_cast<std::ptrdiff_t>(to));
      });
    }
  }

  void verify_bytes(std::string_view key, const Entry& entry) const {
    if (size_of(entry.dtype) != 0) return detail::verify_numbers(shards_, key, entry);
    detail::verify_elements(shards_, key, entry, index_.big_endian);
  }

  std::string prefix_;
  Index index_;
  detail::Shards shards_;
  detail::MappedNumbers mapped_;
};

}  // namespace cairn::bundle
