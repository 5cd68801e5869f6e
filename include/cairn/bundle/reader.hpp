// Reader: reads a bundle. It opens and checks the index at once, and a data shard when one of its tensors is asked for.
//
//   const cairn::bundle::Reader reader("training/ckpt-3");
//   for (const auto& [key, entry] : reader.entries()) std::cout << key << ' ' << to_string(entry.shape) << '\n';
//   const cairn::AnyTensor kernel = reader.read("model/kernel/.ATTRIBUTES/VARIABLE_VALUE");
#pragma once

#include "../core/detail/maps.hpp"
#include "../core/detail/vec.hpp"
#include "../core/error.hpp"
#include "../core/path_argument.hpp"
#include "../io/file_system.hpp"
#include "../io/posix.hpp"
#include "../tensor/any_tensor.hpp"
#include "../tensor/mapped_tensor.hpp"
#include "detail/bulk_read.hpp"
#include "detail/copy_stored.hpp"
#include "detail/mapped_numbers.hpp"
#include "detail/numbers.hpp"
#include "detail/parts.hpp"
#include "detail/shards.hpp"
#include "detail/slice.hpp"
#include "detail/slice_cover.hpp"
#include "detail/stored_bytes.hpp"
#include "detail/string_tensor.hpp"
#include "detail/v1_bundle.hpp"
#include "files.hpp"
#include "index.hpp"
#include "naming.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::bundle::detail {
struct ReaderAccess;
}

namespace cairn::bundle {

// How much of a tensor is checked. `verify` reads all bytes that a checksum covers, and compares the checksum. `skip`
// reads only the bytes that were asked for, and damage in them goes unnoticed.
enum class Checksums { verify, skip };

// Reads one bundle. All members may be called by several threads at the same time. Whatever the files hold, a member
// returns what was saved or throws Error. It allocates no more than the size of the files justifies, and
// sizeof(std::string) for each string that it returns, because an empty string is a single byte of the file. Besides
// the codes that a member lists, it throws those of a file system that fails: ErrorCode::permission_denied,
// resource_exhausted or unavailable.
class Reader {
 public:
  // Opens the bundle that `path` means, by the rules of find_checkpoint: a prefix, or a directory, which means its
  // latest checkpoint; "….index" and "….data-00000-of-00001" are understood, too. No data shard is opened yet; a
  // checkpoint in TensorFlow's old format V1, however, is read, decoded and held in memory as a whole. Throws Error
  // with ErrorCode::not_found when there is no such checkpoint, ErrorCode::data_loss for a damaged index,
  // ErrorCode::unimplemented for an index of a newer format, ErrorCode::failed_precondition for a checkpoint of a
  // CheckpointManager with another format than TensorFlow's. `files` must outlive the reader and the tensors that it
  // mapped.
  explicit Reader(PathArgument path, io::FileSystem& files = io::posix())
      : Reader(detail::open_bundle(std::move(path).string(), files)) {}

  // Returns the prefix of the checkpoint, without the ending of the path that was given.
  [[nodiscard]] const std::string& prefix() const noexcept { return prefix_; }
  // Returns the number of data files that the header names.
  [[nodiscard]] std::int32_t num_shards() const noexcept { return index_.num_shards; }
  // Returns true when the numbers in the shards are big-endian. The tensors that read() returns always have the
  // machine's byte order.
  [[nodiscard]] bool big_endian() const noexcept { return index_.big_endian; }
  // Returns all tensors, sorted by key; among them those that cannot be read because their entries are not legal.
  [[nodiscard]] const EntryList& entries() const noexcept { return index_.entries; }
  // Returns true when the bundle has a tensor of that key; the keys of parts do not count.
  [[nodiscard]] bool contains(std::string_view key) const noexcept {
    return find_entry(index_.entries, key) != nullptr;
  }

  // Returns the parts of partitioned tensors, each under a key of its own.
  [[nodiscard]] const EntryList& slices() const noexcept { return index_.slices; }
  // Returns the decoded index.
  [[nodiscard]] const Index& index() const noexcept { return index_; }

  // Returns the entry of a tensor, with a known dtype, a legal shape, the size that both ask for, and the number of an
  // existing shard. The entry lives as long as the reader. Throws Error with ErrorCode::not_found for a key that the
  // bundle does not have, ErrorCode::data_loss for an entry that is not legal, ErrorCode::unimplemented for an unknown
  // dtype.
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

  // Checks that the shards hold all the bytes that the tensor asks for, without reading them: called before memory is
  // taken for a tensor, it bounds that memory by the size of the files. Throws Error with ErrorCode::not_found for a
  // missing key; ErrorCode::data_loss when the entry is not legal, or a shard is missing or too short;
  // ErrorCode::unimplemented for an unknown dtype.
  void require_bytes(std::string_view key) const { require_bytes(key, lookup(key)); }
  // Checks one of entries(), whose key is known already.
  void require_bytes(std::string_view key, const Entry& entry) const {
    shards_.require_legal(key, entry);
    if (entry.slices.empty()) {
      shards_.require_present(key, entry);
      return require_strings_fit(key, entry);
    }
    for (const detail::TensorPart& part : parts().covering(key, entry, detail::box_of(entry.shape)))
      require_strings_fit(key, *part.entry);
  }

  // Fills `out` with the elements of a tensor of numbers, row by row, in the machine's byte order. Throws Error with
  // ErrorCode::invalid_argument when `out` does not have the size that dtype and shape ask for, or the tensor holds
  // strings or variants; ErrorCode::not_found, data_loss and unimplemented for the reasons of lookup();
  // ErrorCode::data_loss when a shard is missing, cut or damaged. `out` may hold anything after a data_loss.
  void read(std::string_view key, std::span<std::byte> out) const {
    const Entry& entry = lookup(key);
    require_size(key, entry, entry.shape, out.size());
    if (entry.slices.empty())
      detail::read_numbers(shards_, key, entry, index_.big_endian, out);
    else
      read_box(key, entry, detail::box_of(entry.shape), out);
  }

  // Returns the elements of a string tensor, row by row. Throws Error with ErrorCode::invalid_argument for a tensor of
  // numbers; ErrorCode::not_found for a missing key; ErrorCode::data_loss when the entry is not legal, or a shard is
  // missing, cut or damaged; ErrorCode::unimplemented for an unknown dtype.
  [[nodiscard]] std::vector<std::string> read_strings(std::string_view key) const {
    const Entry& entry = string_entry(key);
    if (entry.slices.empty()) return read_part_strings(key, entry);
    return read_string_box(key, entry, detail::box_of(entry.shape));
  }
  // Reads the elements of a string tensor into strings of the caller, of which there must be as many as elements.
  // Throws Error with ErrorCode::invalid_argument for a tensor of numbers, and for another number of strings;
  // ErrorCode::not_found for a missing key; ErrorCode::data_loss when the entry is not legal, or a shard is missing,
  // cut or damaged; ErrorCode::unimplemented for an unknown dtype. The strings may hold anything after a throw.
  void read_strings(std::string_view key, std::span<std::string> out) const {
    const Entry& entry = string_entry(key);
    if (out.size() != detail::element_count(entry.shape)) {
      const std::string found = std::to_string(out.size()) + (out.size() == 1 ? " string" : " strings");
      throw misuse(key, "is string " + entry.shape.to_string() + "; it cannot be read into " + found)
          .expecting(entry.shape.to_string(), found);
    }
    if (!entry.slices.empty()) return read_string_box(key, entry, detail::box_of(entry.shape), out);
    shards_.with_bytes(key, entry, [&](detail::StoredBytes stored) {
      detail::decode_strings(std::move(stored), out, entry.crc32c, index_.big_endian);
    });
  }
  // Calls use(StringElements&) with the elements of a string tensor that is not partitioned. All elements were checked
  // by then; they need not fit in memory. Throws Error with ErrorCode::invalid_argument, not_found and data_loss for
  // the reasons that read_strings() gives, and ErrorCode::unimplemented for a partitioned tensor or an unknown dtype.
  template <class Use>
  void with_strings(std::string_view key, Use use) const {
    const Entry& entry = string_entry(key);
    if (!entry.slices.empty())
      throw shards_.refusal(key, ErrorCode::unimplemented,
                            "its strings lie in several places, so that it is read as a whole only");
    shards_.with_bytes(key, entry, [&](detail::StoredBytes stored) {
      detail::StringElements elements(std::move(stored), detail::element_count(entry.shape), entry.crc32c,
                                      index_.big_endian);
      use(elements);
    });
  }

  // Returns the tensor, of any dtype but variants. The parts of a partitioned tensor are put together, also where
  // TensorFlow does not. Throws Error with ErrorCode::not_found for a missing key; ErrorCode::data_loss when the entry
  // is not legal, a part or a shard is missing, or bytes are damaged; ErrorCode::unimplemented for variants and unknown
  // dtypes.
  [[nodiscard]] AnyTensor read(std::string_view key) const {
    const Entry& entry = lookup(key);
    if (entry.dtype == DT_STRING) return AnyTensor(entry.shape, read_strings(key));
    refuse_variants(key, entry);
    require_bytes(key);
    AnyTensor tensor(entry.dtype, entry.shape);
    read(key, tensor.bytes());
    return tensor;
  }

  // Returns the tensor where it lies in its shard, without a copy; the result stays valid when the reader is gone and
  // the files were removed. The checksum is compared the first time that the tensor is viewed, which reads every page
  // of it; with Checksums::skip no byte is read, and damage goes unnoticed. is_mapped() of the result is false where
  // the tensor had to be copied: numbers that are not aligned in the file (WriterOptions::data_alignment) or have the
  // other byte order, strings, partitioned tensors, and a file system that cannot map. Throws Error with
  // ErrorCode::not_found, data_loss and unimplemented for the reasons that read() gives.
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

  // Returns a block of a tensor, partitioned or not, as a tensor of its own: the slice {{2, 3}, {}} is rows 2, 3 and 4,
  // each whole. The tensor, or each part that the slice touches, is read and checked as a whole, as in TensorFlow, but
  // only the slice is held in memory; other parts need not exist. With Checksums::skip only the bytes of the slice are
  // read, and damage in them goes unnoticed; strings are read and checked all the same. Throws Error with
  // ErrorCode::out_of_range for a slice that does not lie inside the tensor; ErrorCode::not_found, data_loss and
  // unimplemented for the reasons that read() gives.
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
  // Reads a block of a tensor of numbers into memory of exactly the slice's size. Throws Error with
  // ErrorCode::out_of_range for a slice that does not lie inside the tensor; ErrorCode::invalid_argument for memory of
  // another size, strings and variants; ErrorCode::not_found, data_loss and unimplemented for the reasons that read()
  // gives. `out` may hold anything after a throw.
  void read_slice(std::string_view key, const TensorSlice& slice, std::span<std::byte> out,
                  Checksums checksums = Checksums::verify) const {
    const Entry& entry = lookup(key);
    const detail::Box box = wanted_box(key, entry, slice);
    require_size(key, entry, box.shape, out.size());
    read_box(key, entry, box, out, checksums);
  }

  // Reads a tensor of numbers that need not fit in memory: calls use(std::uint64_t position, std::span<const std::byte>
  // bytes) with pieces of at most io::piece_bytes, whose memory is reused after the call. `position` counts bytes from
  // the first one of the tensor; it ascends, but for a partitioned tensor only within a part. Throws Error with
  // ErrorCode::invalid_argument for strings and variants; ErrorCode::not_found, data_loss and unimplemented for the
  // reasons that read() gives. The pieces are known to be what was saved only when the function returns.
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

  // Returns the size of a data file in bytes; `shard` is below num_shards(). Throws Error with ErrorCode::data_loss
  // when the file is missing.
  [[nodiscard]] std::uint64_t data_bytes(std::int32_t shard) const { return shards_.bytes_of(shard); }
  // Returns the bytes of all shards that hold tensors, which bounds the size of all tensors together. Throws Error with
  // ErrorCode::data_loss when one of them is missing.
  [[nodiscard]] std::uint64_t data_bytes() const {
    core::detail::HashMap<std::int32_t, bool> counted;
    std::uint64_t sum = 0;
    for (const EntryList* const list : {&index_.entries, &index_.slices})
      for (const auto& item : *list) {
        const std::int32_t shard = item.second.shard;
        if (item.second.slices.empty() && shard >= 0 && shard < index_.num_shards && counted.insert(shard, true))
          sum += shards_.bytes_of(shard);
      }
    return sum;
  }

  // Reads all bytes of the tensor, through a small buffer, and compares their checksums; variants are checked, too.
  // Throws Error with ErrorCode::not_found for a missing key; ErrorCode::data_loss when the entry is not legal, or a
  // part or a shard is missing, cut or damaged; ErrorCode::unimplemented for an unknown dtype.
  void verify(std::string_view key) const {
    const Entry& entry = lookup(key);
    for (const detail::TensorPart& part : parts().covering(key, entry, detail::box_of(entry.shape)))
      verify_bytes(key, *part.entry);
  }

  // Returns the bytes of the tensor as they are in the shard, after a comparison of their checksum, for copies that
  // need not know what the bytes mean. Throws Error with ErrorCode::not_found and data_loss for the reasons that
  // verify() gives, and ErrorCode::unimplemented for an unknown dtype and for a partitioned tensor, whose parts lie
  // apart (Writer::add_copy copies those).
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

  // Checks that the bytes of an entry of this reader's index are in its shard, whatever they mean. Throws Error with
  // ErrorCode::data_loss when they are not.
  void require_stored(std::string_view key, const Entry& entry) const {
    shards_.require_shard(key, entry);
    shards_.require_present(key, entry);
  }

  // Hands the bytes of an entry of this reader's index, a tensor's or a part's, to append(std::span<const std::byte>),
  // in the machine's byte order, and returns their masked checksum. The bytes are checked on the way, but for those of
  // an unknown dtype. Throws Error with ErrorCode::data_loss when a shard is missing, cut or damaged;
  // ErrorCode::unimplemented where the file has the other byte order and the bytes - variants, an unknown dtype -
  // cannot be converted.
  template <class Append>
  [[nodiscard]] std::uint32_t copy_stored(std::string_view key, const Entry& entry, Append append) const {
    return detail::copy_stored(shards_, key, entry, index_.big_endian, std::move(append));
  }

 private:
  friend detail::ReaderAccess;

  explicit Reader(detail::OpenBundle&& bundle)
      : prefix_(std::move(bundle.prefix)), index_(std::move(bundle.index)), shards_(std::move(bundle.shards)) {}

  // Prepares to read many tensors of numbers together, or to check them, by at most `threads` threads: that is faster
  // than one after the other. The entry of each item is one of entries() that is not partitioned, and `out` has its
  // size. The reader, the keys and the memory must outlive the result. Throws Error with ErrorCode::data_loss or
  // unimplemented for an entry that is not legal, ErrorCode::invalid_argument for an `out` of another size.
  [[nodiscard]] detail::BulkRead bulk_read(core::detail::Vec<detail::BulkRead::Item> items, std::size_t threads) const {
    for (const auto& item : items) {
      shards_.require_legal(item.key, *item.entry);
      require_size(item.key, *item.entry, item.entry->shape, item.out.size());
    }
    return {shards_, index_.big_endian, std::move(items), threads};
  }

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
      return detail::decode_strings(std::move(stored), detail::element_count(entry.shape), entry.crc32c,
                                    index_.big_endian);
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

namespace cairn::bundle::detail {

// The members of a Reader that only other parts of the library call.
struct ReaderAccess {
  [[nodiscard]] static BulkRead bulk_read(const bundle::Reader& reader, core::detail::Vec<BulkRead::Item> items,
                                          std::size_t threads) {
    return reader.bulk_read(std::move(items), threads);
  }
};

}  // namespace cairn::bundle::detail
