// npz: a zip file of NumPy's arrays, as numpy.savez writes it and numpy.load opens it.
//
//   const cairn::TensorFile file = cairn::read_npz("model.npz");       // also numpy.savez_compressed's
//   cairn::save_npz(cairn::tensors_of(cairn::load_checkpoint("training")), "model.npz");
//
//   >>> numpy.load("model.npz")["model.kernel"]
//   >>> numpy.load("model.npz")["model.bias"].view(ml_dtypes.bfloat16)
//
// detail/npy_header.hpp has the form of dtypes that NumPy does not have. Strings are arrays of dtype 'S'; where such an
// array would lose NULs at their ends, or would be mostly padding, the strings are in the metadata (tensor_file.hpp).
#pragma once

#include "../core/durability.hpp"
#include "../core/error.hpp"
#include "../core/path_argument.hpp"
#include "../io/file_system.hpp"
#include "../io/native.hpp"
#include "../io/publish.hpp"
#include "detail/json_text.hpp"
#include "detail/npy_data.hpp"
#include "detail/npy_header.hpp"
#include "detail/tensor_notes.hpp"
#include "detail/zip.hpp"
#include "tensor_file.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE {

namespace exchange::detail {

// Returns the first `bytes` bytes of a member, or all where it has fewer.
[[nodiscard]] inline std::string beginning_of(const ZipReader& zip, const ZipMember& member, std::uint64_t bytes) {
  std::string text;
  zip.read(member, [&](std::span<const std::byte> piece) {
    const auto wanted = std::min<std::uint64_t>(piece.size(), bytes - text.size());
    text.append(reinterpret_cast<const char*>(piece.data()), static_cast<std::size_t>(wanted));
    return text.size() < bytes;
  });
  return text;
}

// Returns one array. `noted` is its dtype where NumPy has none, or DT_INVALID.
[[nodiscard]] inline TensorFile::Tensor npz_tensor(const std::shared_ptr<const ZipReader>& zip, const ZipMember& member,
                                                   std::string name, DType noted) {
  const std::string& file = zip->path();
  std::string beginning = beginning_of(*zip, member, npy_prefix_bytes);
  const std::uint64_t header_bytes = npy_header_bytes(beginning, file + ": " + member.name);
  beginning = beginning_of(*zip, member, header_bytes);
  NpyHeader header = decode_npy_header(beginning, file + ": " + member.name);
  const auto stream = [zip, &member](const TensorFile::Use& use) {
    zip->read(member, [&](std::span<const std::byte> piece) {
      use(piece);
      return true;
    });
  };
  return npy_tensor(std::move(name), std::move(header), member.bytes, noted, stream, file);
}

[[nodiscard]] inline std::string npz_name(const ZipMember& member) {
  return member.name.substr(0, member.name.size() - (member.name.ends_with(".npy") ? 4 : 0));
}

// Adds the texts of a member with the metadata's name, in one of three forms: as our writer leaves them, as numpy.savez
// writes what numpy.load gave, or as a safetensors file has them. Returns false for another program's array of that
// name. Throws Error with ErrorCode::data_loss for damaged texts.
inline bool read_npz_metadata(const std::shared_ptr<const ZipReader>& zip, const ZipMember& member,
                              TensorFile::Metadata& metadata) {
  if (member.bytes > max_notes_bytes)
    throw Error(ErrorCode::data_loss, "the metadata of \"" + zip->path() + "\" has " + std::to_string(member.bytes) +
                                          " bytes, more than there can be")
        .in_file(zip->path());
  const bool is_array = member.name != metadata_name;
  const auto text = is_array ? texts_in(npz_tensor(zip, member, npz_name(member), DT_INVALID))
                             : std::optional(beginning_of(*zip, member, member.bytes + 1));  // its checksum, too
  if (text) read_texts(*text, zip->path(), metadata);
  return text.has_value();
}

// Returns true when an array of dtype 'S' gives the strings back, and is not much larger than they are.
[[nodiscard]] inline bool fit_npy(const std::vector<std::string>& strings) {
  constexpr std::uint64_t most_padding = 65'536;
  std::uint64_t longest = 1, sum = 0;
  for (const std::string& string : strings) {
    if (string.ends_with('\0')) return false;
    longest = std::max<std::uint64_t>(longest, string.size());
    sum += string.size();
  }
  return longest * strings.size() <= 2 * sum + most_padding;
}

// Reads a file as cairn::read_npz does, but tells `leave_out` of arrays that it would refuse as unimplemented.
[[nodiscard]] inline TensorFile read_npz(const PathArgument& path, io::FileSystem& files, const LeaveOut& leave_out) {
  const std::string file = path.string();
  const auto zip = std::make_shared<const ZipReader>(files, file);
  TensorFile::Metadata metadata;
  std::set<const ZipMember*> read;
  for (const ZipMember& member : zip->members()) {
    const std::string name = npz_name(member);
    if ((name == metadata_name || name == notes_name) && read_npz_metadata(zip, member, metadata)) read.insert(&member);
  }
  TensorNotes notes = take_notes(metadata, file);
  std::vector<TensorFile::Tensor> tensors;
  for (const ZipMember& member : zip->members()) {
    if (read.contains(&member)) continue;
    const std::string name = npz_name(member);
    try {
      const DType noted = notes.dtype_of(name).value_or(DT_INVALID);
      TensorFile::Tensor& tensor = tensors.emplace_back(npz_tensor(zip, member, name, noted));
      give_meaning(tensor.dtype, tensor.shape, noted);
    } catch (const Error& error) {
      if (!leave_out || error.code() != ErrorCode::unimplemented) throw;
      leave_out(name, error);
    }
  }
  insert_strings(tensors, std::move(notes.strings));
  return {file, std::move(tensors), std::move(metadata)};
}

// Throws Error for a tensor that no npz file can hold: ErrorCode::unimplemented for variants,
// ErrorCode::invalid_argument for the metadata's name.
inline void require_for_npz(const TensorFile::Tensor& tensor, const std::string& file) {
  refuse_without_numbers(tensor, "npz");
  if (tensor.name == metadata_name)
    throw Error(ErrorCode::invalid_argument, "a tensor of the name \"" + tensor.name + "\" cannot be in \"" + file +
                                                 "\", where that is the metadata's; rename the value first")
        .in_file(file)
        .at_key(tensor.name);
}

}  // namespace exchange::detail

// Opens a file, and checks its directory and the header of each array. An array is read when it is asked for; the file
// stays open until the last copy of the result is gone. Throws Error with ErrorCode::not_found when there is no such
// file; ErrorCode::data_loss for a file that is no npz file, or is damaged; ErrorCode::unimplemented for arrays of
// Python objects, structures, dtypes that TensorFlow does not have, and zip files in parts or with an unknown
// compression. Any thread may call it.
[[nodiscard]] inline TensorFile read_npz(const PathArgument& path, io::FileSystem& files = io::native()) {
  return exchange::detail::read_npz(path, files, {});
}

// Writes all tensors and the metadata, without compression. Numbers pass through a small buffer. The file is the old or
// the new one at every instant, and with Durability::full it is on the disk when the call returns. When it throws, the
// file is unchanged. Throws Error with ErrorCode::unimplemented for variants; ErrorCode::invalid_argument for the name
// "__metadata__", and a name of more than 65,535 bytes; ErrorCode::data_loss when the source is damaged;
// ErrorCode::permission_denied, resource_exhausted or unavailable when the disk fails.
inline void save_npz(const TensorFile& source, const PathArgument& path, Durability durability = Durability::full,
                     io::FileSystem& files = io::native()) {
  const std::string name = path.string();
  io::publish_file(files, name, durability, [&](io::WritableFile& file) {
    exchange::detail::ZipWriter zip(file, name);
    TensorFile::Metadata metadata = source.metadata();
    exchange::detail::TensorNotes notes;
    std::size_t at = 0;
    for (const TensorFile::Tensor& tensor : source.tensors()) {
      exchange::detail::require_for_npz(tensor, name);
      if (tensor.dtype == DT_STRING) {
        std::vector<std::string> strings = tensor.strings();
        if (exchange::detail::fit_npy(strings))
          zip.add(tensor.name + ".npy",
                  [&](const auto& append) { exchange::detail::write_npy(tensor.shape, strings, append); });
        else
          notes.strings.push_back({tensor.name, at, tensor.shape, std::move(strings)});
      } else {
        if (exchange::detail::npy_dtype(exchange::detail::npy_code(tensor.dtype)) != tensor.dtype ||
            tensor.dtype == DT_BFLOAT16)
          notes.dtypes.emplace(tensor.name, tensor.dtype);
        zip.add(tensor.name + ".npy", [&](const auto& append) {
          const std::string header =
              exchange::detail::encode_npy_header(exchange::detail::npy_descr(tensor.dtype), tensor.shape);
          append(std::as_bytes(std::span(header)));
          tensor.pieces(append);
        });
      }
      ++at;
    }
    exchange::detail::put_notes(metadata, notes);
    if (!metadata.empty()) {
      const std::string text = exchange::detail::written_texts(metadata);
      zip.add(std::string(exchange::detail::metadata_name),
              [&](const auto& append) { append(std::as_bytes(std::span(text))); });
    }
    zip.finish();
  });
}

}  // namespace CAIRN_NAMESPACE
