// Reader: reads a bundle. It reads the blocks of a large index in which a key is looked for, and the bytes of the
// tensors that the caller asks for.
//
//   const cairn::bundle::Reader reader("training/ckpt-3");
//   for (const auto& [key, entry] : reader.entries()) std::cout << key << ' ' << to_string(entry.shape) << '\n';
//   const cairn::AnyTensor kernel = reader.read("model/kernel/.ATTRIBUTES/VARIABLE_VALUE");
#pragma once

#include "../core/detail/sort.hpp"
#include "../core/detail/vec.hpp"
#include "../core/path_argument.hpp"
#include "../io/file_system.hpp"
#include "../io/native.hpp"
#include "../tensor/any_tensor.hpp"
#include "../tensor/mapped_tensor.hpp"
#include "detail/copy_stored.hpp"
#include "detail/entry_source.hpp"
#include "detail/numbers.hpp"
#include "detail/parts.hpp"
#include "detail/shards.hpp"
#include "detail/slice.hpp"
#include "detail/slice_cover.hpp"
#include "detail/sought_entries.hpp"
#include "detail/stored_bytes.hpp"
#include "detail/string_tensor.hpp"
#include "detail/v1_bundle.hpp"
#include "files.hpp"
#include "index.hpp"
#include "naming.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::bundle::detail {
class BulkRead;
}  // namespace CAIRN_NAMESPACE::bundle::detail

namespace CAIRN_NAMESPACE::bundle {

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
  // latest checkpoint; "….index" and "….data-00000-of-00001" are understood, too. No data shard is opened yet. A small
  // index is read and checked at once. When the index has more than 64 KiB (512 KiB on a far file system), only its
  // header is read. The entry of a key is then found, by the table's own index block, and checked when the caller asks
  // for it; entries(), slices() and index() read the whole index, and so does a call for many keys. A checkpoint in
  // TensorFlow's old format V1 is read, decoded and held in memory as a whole. Throws Error with ErrorCode::not_found
  // when there is no such checkpoint, ErrorCode::data_loss for an index that is damaged where it is read,
  // ErrorCode::unimplemented for an index of a newer format, ErrorCode::failed_precondition for a checkpoint of a
  // CheckpointManager with another format than TensorFlow's. `files` must outlive the reader and the tensors that it
  // mapped.
  explicit Reader(PathArgument path, io::FileSystem& files = io::native())
      : Reader(detail::open_seekable_bundle(std::move(path).string(), files)) {}
  // For restores, which need all of the index.
  explicit Reader(detail::OpenBundle&& bundle)
      : prefix_(std::move(bundle.prefix)),
        index_(std::move(bundle.index)),
        shards_(std::move(bundle.shards)),
        data_bytes_(bundle.data_bytes) {}

  // Returns the prefix of the checkpoint, without the ending of the path that was given.
  [[nodiscard]] const std::string& prefix() const noexcept { return prefix_; }
  // Returns the number of data files that the header names.
  [[nodiscard]] std::int32_t num_shards() const noexcept { return index_.num_shards; }
  // Returns true when the numbers in the shards are big-endian. The tensors that read() returns always have the
  // machine's byte order.
  [[nodiscard]] bool big_endian() const noexcept { return index_.big_endian; }
  // Returns all tensors, sorted by key; among them those that cannot be read because their entries are not legal. Reads
  // the index where it was not read yet, as slices() and index() do: throws Error with ErrorCode::data_loss for damage.
  [[nodiscard]] const EntryList& entries() const {
    return others_ == nullptr ? index_.entries : others_->whole(*others_).entries;
  }
  // Returns the entry of a tensor, legal or not; null where the bundle has no tensor of that key; the keys of parts do
  // not count. The entry lives as long as the reader. Throws Error with ErrorCode::data_loss for an index that is
  // damaged where the entry should be.
  [[nodiscard]] const Entry* find(std::string_view key) const {
    return others_ == nullptr ? find_entry(index_.entries, key) : others_->find(*others_, key);
  }
  // Returns true when the bundle has a tensor of that key. Throws Error with ErrorCode::data_loss as find() does.
  [[nodiscard]] bool contains(std::string_view key) const { return find(key) != nullptr; }

  // Returns the parts of partitioned tensors, each under a key of its own.
  [[nodiscard]] const EntryList& slices() const { return index().slices; }
  // Returns the entry of a part that a partitioned tensor lists, by the part's own key; null where there is none. Throws
  // Error with ErrorCode::data_loss as find() does.
  [[nodiscard]] const Entry* find_part(std::string_view key) const {
    return others_ == nullptr ? find_entry(index_.slices, key) : others_->find_part(*others_, key);
  }
  // Returns the decoded index.
  [[nodiscard]] const Index& index() const { return others_ == nullptr ? index_ : others_->whole(*others_); }

  // Returns the entry of a tensor, with a known dtype, a legal shape, the size that both ask for, and the number of an
  // existing shard. The entry lives as long as the reader. Throws Error with ErrorCode::not_found for a key that the
  // bundle does not have, ErrorCode::data_loss for an entry that is not legal, ErrorCode::unimplemented for an unknown
  // dtype.
  [[nodiscard]] const Entry& lookup(std::string_view key) const {
    const Entry* const entry = find(key);
    if (entry == nullptr)
      core::detail::fail(
          ErrorCode::not_found,
          {"Key ", key, " not found in checkpoint ", prefix_, "; it holds ", entries().size(), " tensors"},
          {.file = shards_.index_path(), .key = key});
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
    for (const detail::TensorPart& part : covering(key, entry, detail::box_of(entry.shape)))
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
      detail::read_numbers(shards_.bytes(key, entry), entry, index_.big_endian, out);
    else
      read_box(key, entry, detail::box_of(entry.shape), out);
  }

  // Returns the elements of a string tensor, row by row. Throws Error with ErrorCode::invalid_argument for a tensor of
  // numbers; ErrorCode::not_found for a missing key; ErrorCode::data_loss when the entry is not legal, or a shard is
  // missing, cut or damaged; ErrorCode::unimplemented for an unknown dtype.
  [[nodiscard]] std::vector<std::string> read_strings(std::string_view key) const {
    return read_strings(key, lookup(key));
  }
  // Reads a tensor whose entry is known already, as one of an EntryReader is. All functions with an entry throw what
  // those without one throw, but for ErrorCode::not_found.
  [[nodiscard]] std::vector<std::string> read_strings(std::string_view key, const Entry& entry) const {
    require_string(key, entry);
    if (entry.slices.empty()) return read_part_strings(key, entry);
    return read_string_box(key, entry, detail::box_of(entry.shape));
  }
  // Reads the elements of a string tensor into strings of the caller, of which there must be as many as elements.
  // Throws Error with ErrorCode::invalid_argument for a tensor of numbers, and for another number of strings;
  // ErrorCode::not_found for a missing key; ErrorCode::data_loss when the entry is not legal, or a shard is missing,
  // cut or damaged; ErrorCode::unimplemented for an unknown dtype. The strings may hold anything after a throw.
  void read_strings(std::string_view key, std::span<std::string> out) const {
    const Entry& entry = lookup(key);
    require_string(key, entry);
    if (out.size() != detail::element_count(entry.shape)) {
      const std::string shape = entry.shape.to_string();
      const std::string found = core::detail::sentence_of({out.size(), out.size() == 1 ? " string" : " strings"});
      refuse_use(key, {"is string ", shape, "; it cannot be read into ", found}, {.expected = shape, .found = found});
    }
    if (!entry.slices.empty()) return read_string_box(key, entry, detail::box_of(entry.shape), out);
    detail::decode_strings(shards_.bytes(key, entry), out, entry.crc32c, index_.big_endian);
  }
  // Calls use(StringElements&) with the elements of a string tensor that is not partitioned. All elements were checked
  // by then; they need not fit in memory. Throws Error with ErrorCode::invalid_argument, not_found and data_loss for
  // the reasons that read_strings() gives, and ErrorCode::unimplemented for a partitioned tensor or an unknown dtype.
  template <class Use>
  void with_strings(std::string_view key, Use use) const {
    with_strings(key, lookup(key), use);
  }
  template <class Use>
  void with_strings(std::string_view key, const Entry& entry, Use use) const {
    require_string(key, entry);
    if (!entry.slices.empty())
      shards_.refuse(key, ErrorCode::unimplemented,
                     {"its strings lie in several places, so that it is read as a whole only"});
    detail::StringElements elements(shards_.bytes(key, entry), detail::element_count(entry.shape), entry.crc32c,
                                    index_.big_endian);
    use(elements);
  }

  // Returns the tensor, of any dtype but variants. The parts of a partitioned tensor are put together, also where
  // TensorFlow does not. Throws Error with ErrorCode::not_found for a missing key; ErrorCode::data_loss when the entry
  // is not legal, a part or a shard is missing, or bytes are damaged; ErrorCode::unimplemented for variants and unknown
  // dtypes.
  [[nodiscard]] AnyTensor read(std::string_view key) const { return read(key, lookup(key)); }
  [[nodiscard]] AnyTensor read(std::string_view key, const Entry& entry) const {
    shards_.require_legal(key, entry);
    if (entry.dtype != DT_STRING) refuse_variants(key, entry);
    require_bytes(key, entry);
    AnyTensor tensor(entry.dtype, entry.shape);
    if (entry.dtype == DT_STRING && entry.slices.empty())
      detail::decode_strings(shards_.bytes(key, entry), tensor.strings(), entry.crc32c, index_.big_endian);
    else if (entry.dtype == DT_STRING)
      read_string_box(key, entry, detail::box_of(entry.shape), tensor.strings());
    else if (entry.slices.empty())
      detail::read_numbers(shards_.bytes(key, entry), entry, index_.big_endian, tensor.bytes());
    else
      read_box(key, entry, detail::box_of(entry.shape), tensor.bytes());
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
      const io::Mapping mapped = map_numbers(key, entry, checksums);
      if (mapped.owner != nullptr)
        return MappedTensor(TensorView(entry.dtype, entry.shape, mapped.bytes), mapped.owner, true);
    }
    auto copy = std::make_shared<AnyTensor>();
    if (entry.dtype == DT_STRING || checksums == Checksums::verify) {
      *copy = read(key);
    } else {
      require_bytes(key, entry);
      *copy = AnyTensor(entry.dtype, entry.shape);
      read_box_unchecked(key, entry, detail::box_of(entry.shape), copy->bytes());
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
    Box box = wanted_box(key, entry, slice);
    if (entry.dtype == DT_STRING) {
      auto strings = read_string_box(key, entry, box);
      return AnyTensor(std::move(box.shape), std::move(strings));
    }
    refuse_variants(key, entry);
    (void)covering(key, entry, box);
    AnyTensor tensor(entry.dtype, box.shape);
    if (checksums == Checksums::verify)
      read_box(key, entry, box, tensor.bytes());
    else
      read_box_unchecked(key, entry, box, tensor.bytes());
    return tensor;
  }
  // Reads a block of a tensor of numbers into memory of exactly the slice's size. Throws Error with
  // ErrorCode::out_of_range for a slice that does not lie inside the tensor; ErrorCode::invalid_argument for memory of
  // another size, strings and variants; ErrorCode::not_found, data_loss and unimplemented for the reasons that read()
  // gives. `out` may hold anything after a throw.
  void read_slice(std::string_view key, const TensorSlice& slice, std::span<std::byte> out,
                  Checksums checksums = Checksums::verify) const {
    const Entry& entry = lookup(key);
    const Box box = wanted_box(key, entry, slice);
    require_size(key, entry, box.shape, out.size());
    if (checksums == Checksums::verify)
      read_box(key, entry, box, out);
    else
      read_box_unchecked(key, entry, box, out);
  }

  // Reads a tensor of numbers that need not fit in memory: calls use(std::uint64_t position, std::span<const std::byte>
  // bytes) with pieces of at most io::piece_bytes, whose memory is reused after the call. `position` counts bytes from
  // the first one of the tensor; it ascends, but for a partitioned tensor only within a part. Throws Error with
  // ErrorCode::invalid_argument for strings and variants; ErrorCode::not_found, data_loss and unimplemented for the
  // reasons that read() gives. The pieces are known to be what was saved only when the function returns.
  template <class Use>
  void read_pieces(std::string_view key, Use use) const {
    read_pieces(key, lookup(key), use);
  }
  template <class Use>
  void read_pieces(std::string_view key, const Entry& entry, Use use) const {
    shards_.require_legal(key, entry);
    if (size_of(entry.dtype) == 0)
      refuse_use(key, {"is ", to_string(entry.dtype), "; only numbers can be read in pieces"});
    const Box whole = detail::box_of(entry.shape);
    core::detail::Vec<std::byte> memory(static_cast<std::size_t>(
        std::min<std::uint64_t>(io::piece_bytes, detail::element_count(entry.shape) * size_of(entry.dtype))));
    const std::span<std::byte> buffer(memory.data(), memory.size());
    const detail::UsePiece use_piece = use;
    for (const detail::TensorPart& part : covering(key, entry, whole))
      detail::read_box(shards_.bytes(key, *part.entry), part, whole, index_.big_endian, buffer, &use_piece);
  }

  // For restores: a piece of a tensor of numbers that is not partitioned, from the byte `begin` on, and the checksum of
  // the piece (not masked); the check of the checksums of all pieces of that size, in their order. `entry` is one of
  // entries() that require_bytes() has accepted. They throw Error with ErrorCode::data_loss.
  std::uint32_t read_piece(std::string_view key, const Entry& entry, std::uint64_t begin,
                           std::span<std::byte> out) const {
    shards_.bytes(key, entry, begin, out.size()).read(out);
    const std::uint32_t crc = format::crc32c(out);
    detail::swap_numbers(out, swap_unit_of(entry.dtype), index_.big_endian);
    return crc;
  }
  void require_checksum(std::string_view key, const Entry& entry, const std::uint32_t* crcs,
                        std::uint64_t piece_bytes) const {
    std::uint32_t crc = 0;
    for (std::uint64_t begin = 0; begin < entry.size; begin += piece_bytes)
      crc = format::combine_crc32c(crc, *crcs++, std::min(piece_bytes, entry.size - begin));
    require_whole(key, entry, format::mask_crc(crc));
  }
  // The check of the checksum of all bytes, which somebody else has computed. Throws Error with ErrorCode::data_loss.
  void require_whole(std::string_view key, const Entry& entry, std::uint32_t masked_crc) const {
    shards_.bytes(key, entry, entry.size, 0).require_checksum(entry.crc32c, masked_crc);
  }

  // Returns the size of a data file in bytes; `shard` is below num_shards(). Throws Error with ErrorCode::data_loss
  // when the file is missing.
  [[nodiscard]] std::uint64_t data_bytes(std::int32_t shard) const { return shards_.bytes_of(shard); }
  // Returns the bytes of all shards that hold tensors, which bounds the size of all tensors together. Throws Error with
  // ErrorCode::data_loss when one of them is missing.
  [[nodiscard]] std::uint64_t data_bytes() const {
    if (data_bytes_ != 0) return data_bytes_;
    core::detail::Vec<std::int32_t> counted;  // in their order
    std::uint64_t sum = 0;
    const Index& all = others_ == nullptr ? index_ : others_->whole(*others_);
    for (const EntryList* const list : {&all.entries, &all.slices})
      for (const auto& item : *list) {
        const std::int32_t shard = item.second.shard;
        if (!item.second.slices.empty() || shard < 0 || shard >= index_.num_shards) continue;
        const std::size_t at =
            core::detail::lower_place(counted.size(), [&](std::size_t i) { return counted[i] < shard; });
        if (at < counted.size() && counted[at] == shard) continue;
        counted.insert(counted.begin() + at, shard);
        sum += shards_.bytes_of(shard);
      }
    return sum;
  }

  // Reads all bytes of the tensor, through a small buffer, and compares their checksums; variants are checked, too.
  // Throws Error with ErrorCode::not_found for a missing key; ErrorCode::data_loss when the entry is not legal, or a
  // part or a shard is missing, cut or damaged; ErrorCode::unimplemented for an unknown dtype.
  void verify(std::string_view key) const { verify(key, lookup(key)); }
  // Verifies a tensor whose entry is known already.
  void verify(std::string_view key, const Entry& entry) const {
    shards_.require_legal(key, entry);
    for (const detail::TensorPart& part : covering(key, entry, detail::box_of(entry.shape)))
      detail::verify_bytes(shards_.bytes(key, *part.entry), *part.entry, index_.big_endian);
  }

  // Returns the bytes of the tensor as they are in the shard, after a comparison of their checksum, for copies that
  // need not know what the bytes mean. Throws Error with ErrorCode::not_found and data_loss for the reasons that
  // verify() gives, and ErrorCode::unimplemented for an unknown dtype and for a partitioned tensor, whose parts lie
  // apart (Writer::add_copy copies those).
  [[nodiscard]] std::vector<std::byte> read_stored(std::string_view key) const {
    const Entry& entry = lookup(key);
    if (!entry.slices.empty())
      shards_.refuse(key, ErrorCode::unimplemented,
                     {"it is partitioned, so that its stored bytes are not in one place"});
    detail::StoredBytes stored = shards_.bytes(key, entry);
    detail::verify_bytes(stored, entry, index_.big_endian);
    std::vector<std::byte> bytes(static_cast<std::size_t>(entry.size));
    stored.read(bytes);
    return bytes;
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
  // Small entries that lie one behind the other are read together by an `ahead` that all of them are given.
  template <class Append>
  [[nodiscard]] std::uint32_t copy_stored(std::string_view key, const Entry& entry, Append append,
                                          detail::ReadAhead* ahead = nullptr) const {
    return detail::copy_stored(shards_, key, entry, index_.big_endian, append, ahead);
  }

 private:
  friend detail::BulkRead;
  friend class EntryReader;

  explicit Reader(detail::SeekableBundle&& seekable) : Reader(std::move(seekable.bundle)) {
    others_ = seekable.entries.get();
    owner_ = std::move(seekable.entries);
  }

  [[nodiscard]] core::detail::Vec<detail::TensorPart> covering(std::string_view key, const Entry& entry,
                                                               const Box& wanted) const {
    return detail::parts_covering({index_.slices, others_}, shards_, key, entry, wanted);
  }
  [[noreturn]] void refuse_use(std::string_view key, std::initializer_list<core::detail::Words> problem,
                               core::detail::ErrorDetails details = {}) const {
    const std::string index = shards_.index_path();
    details.file = index;
    details.key = key;
    core::detail::fail(
        ErrorCode::invalid_argument,
        {"the tensor \"", key, "\" of checkpoint \"", prefix_, "\" ", core::detail::sentence_of(problem)}, details);
  }
  void require_string(std::string_view key, const Entry& entry) const {
    shards_.require_legal(key, entry);
    if (entry.dtype != DT_STRING)
      refuse_use(key, {"is ", to_string(entry.dtype), ", not string"},
                 {.expected = "string", .found = to_string(entry.dtype)});
  }
  void refuse_variants(std::string_view key, const Entry& entry) const {
    if (entry.dtype == DT_VARIANT)
      shards_.refuse(key, ErrorCode::unimplemented,
                     {"it holds variants, which only TensorFlow has values of; restore it there to look at them"});
  }
  void require_size(std::string_view key, const Entry& entry, const Shape& shape, std::size_t size) const {
    const std::uint64_t element = size_of(entry.dtype);
    if (element != 0 && size % element == 0 && size / element == detail::element_count(shape)) return;
    const std::string expected = element == 0
                                     ? "elements of no fixed size"
                                     : core::detail::sentence_of({detail::element_count(shape) * element, " bytes"});
    const std::string found = core::detail::sentence_of({size, " bytes"});
    refuse_use(key,
               {"is ", to_string(entry.dtype), " ", entry.shape.to_string(), ", of which ", shape.to_string(), " is ",
                expected, "; it cannot be read into ", found},
               {.expected = expected, .found = found});
  }
  [[nodiscard]] Box wanted_box(std::string_view key, const Entry& entry, const TensorSlice& slice) const {
    auto box = detail::box_of_slice(entry.shape, slice);
    if (!box)
      core::detail::fail(
          ErrorCode::out_of_range,
          {"a slice of the tensor \"", key, "\" of checkpoint \"", prefix_, "\" is not inside its shape ",
           entry.shape.to_string(), "; give each dimension a start and a length, or neither"},
          {.file = shards_.index_path(), .key = key});
    return std::move(*box);
  }

  void read_box(std::string_view key, const Entry& entry, const Box& wanted, std::span<std::byte> out) const {
    for (const detail::TensorPart& part : covering(key, entry, wanted))
      detail::read_box(shards_.bytes(key, *part.entry), part, wanted, index_.big_endian, out);
  }
  void read_box_unchecked(std::string_view key, const Entry& entry, const Box& wanted, std::span<std::byte> out) const {
    for (const detail::TensorPart& part : covering(key, entry, wanted))
      detail::read_box_unchecked(shards_, key, part, wanted, index_.big_endian, out);
  }
  // Returns the numbers of a tensor that is not partitioned where they are mapped; without an owner where they have to
  // be copied: they are not aligned for their dtype, or in another byte order, or the file cannot be mapped.
  [[nodiscard]] io::Mapping map_numbers(std::string_view key, const Entry& entry, Checksums checksums) const {
    const bool is_swapped = index_.big_endian != (std::endian::native == std::endian::big);
    if (is_swapped && swap_unit_of(entry.dtype) > 1) return {};
    io::Mapping mapped = shards_.map(key, entry);
    if (mapped.owner == nullptr || !MappedTensor::is_aligned(entry.dtype, mapped.bytes)) return {};
    if (checksums == Checksums::verify) shards_.check_mapped(key, entry, mapped.bytes);
    return mapped;
  }

  void require_strings_fit(std::string_view key, const Entry& entry) const {
    if (entry.dtype == DT_STRING && detail::element_count(entry.shape) > entry.size)
      shards_.refuse(key, ErrorCode::data_loss,
                     {detail::element_count(entry.shape), " strings cannot be in ", entry.size, " bytes"});
  }
  [[nodiscard]] std::vector<std::string> read_part_strings(std::string_view key, const Entry& entry) const {
    return detail::decode_strings(shards_.bytes(key, entry), detail::element_count(entry.shape), entry.crc32c,
                                  index_.big_endian);
  }
  [[nodiscard]] std::vector<std::string> read_string_box(std::string_view key, const Entry& entry,
                                                         const Box& wanted) const {
    const auto from = covering(key, entry, wanted);
    for (const detail::TensorPart& part : from) require_strings_fit(key, *part.entry);
    std::vector<std::string> strings(static_cast<std::size_t>(detail::element_count(wanted.shape)));
    read_string_box(key, entry, wanted, strings);
    return strings;
  }
  void read_string_box(std::string_view key, const Entry& entry, const Box& wanted,
                       std::span<std::string> strings) const {
    for (const detail::TensorPart& part : covering(key, entry, wanted)) {
      std::vector<std::string> found = read_part_strings(key, *part.entry);
      for (detail::CommonRuns runs(part.box, wanted); runs.next();)
        for (std::size_t i = 0; i < runs.length; ++i) strings[runs.in_b + i] = std::move(found[runs.in_a + i]);
    }
  }

  std::string prefix_;
  Index index_;  // only the header where there are others_
  detail::Shards shards_;
  std::uint64_t data_bytes_;  // 0 where it is not known
  detail::EntrySource* others_ = nullptr;
  std::shared_ptr<const void> owner_;  // owns them
};

}  // namespace CAIRN_NAMESPACE::bundle
