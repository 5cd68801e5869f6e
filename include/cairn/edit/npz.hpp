// npz: a zip file of NumPy's arrays, as numpy.savez writes and numpy.load opens.
//
//   const cairn::TensorFile file = cairn::read_npz("model.npz");       // also numpy.savez_compressed's
//   cairn::save_npz(cairn::tensors_of(cairn::load_checkpoint("training")), "model.npz");
//
//   >>> numpy.load("model.npz")["model.kernel"]
//   >>> numpy.load("model.npz")["model.bias"].view(ml_dtypes.bfloat16)
//
// Dtypes that NumPy does not have stand as npy_header.hpp says. Strings are arrays of dtype 'S'; where such an array
// would lose NULs at their ends, or be mostly padding, they stand in the metadata (tensor_file.hpp).
#pragma once

#include "../core/error.hpp"
#include "../io/file_system.hpp"
#include "../io/posix.hpp"
#include "../io/publish.hpp"
#include "json_text.hpp"
#include "npy.hpp"
#include "safetensors_header.hpp"
#include "tensor_file.hpp"
#include "tensor_notes.hpp"
#include "zip_reader.hpp"
#include "zip_writer.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn {

namespace detail {

// What our own writer makes at most: the notes of a hundred thousand tensors are far below.
inline constexpr std::uint64_t max_npz_metadata_bytes = std::uint64_t{1} << 30;

// The first `bytes` bytes of a member, or all where it has fewer.
[[nodiscard]] inline std::string beginning_of(const ZipReader& zip, const ZipMember& member, std::uint64_t bytes) {
  std::string text;
  zip.read(member, [&](std::span<const std::byte> piece) {
    const auto wanted = std::min<std::uint64_t>(piece.size(), bytes - text.size());
    text.append(reinterpret_cast<const char*>(piece.data()), static_cast<std::size_t>(wanted));
    return text.size() < bytes;
  });
  return text;
}

[[nodiscard]] inline TensorFile::Metadata read_npz_metadata(const ZipReader& zip, const ZipMember& member) {
  TensorFile::Metadata metadata;
  if (member.bytes > max_npz_metadata_bytes)
    throw Error(ErrorCode::data_loss, "the metadata of \"" + zip.path() + "\" has " + std::to_string(member.bytes) +
                                          " bytes, more than there can be")
        .in_file(zip.path());
  std::string text;
  zip.read(member, [&](std::span<const std::byte> piece) {
    text.append(reinterpret_cast<const char*>(piece.data()), piece.size());
    return true;
  });
  JsonReader json(text, zip.path(), "metadata");
  json.for_each_member([&](std::string key) {
    if (!metadata.emplace(key, json.string()).second) throw json.wrong("has \"" + key + "\" twice");
  });
  json.end();
  return metadata;
}

// Whether an array of dtype 'S' gives them back, and is not much larger than they.
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

}  // namespace detail

// Opens and checks the directory and each array's header; arrays are read when they are asked for, and the file stays
// open until then. Throws Error: not_found; data_loss for what is no such file, or is damaged; unimplemented for arrays
// of Python objects, structures, and dtypes that TensorFlow does not have.
[[nodiscard]] inline TensorFile read_npz(const std::filesystem::path& path, io::FileSystem& files = io::posix()) {
  const std::string file = path.string();
  const auto zip = std::make_shared<const detail::ZipReader>(files, file);
  TensorFile::Metadata metadata;
  for (const detail::ZipMember& member : zip->members())
    if (member.name == detail::metadata_name) metadata = detail::read_npz_metadata(*zip, member);
  detail::TensorNotes notes = detail::take_notes(metadata, file);
  std::vector<TensorFile::Tensor> tensors;
  for (const detail::ZipMember& member : zip->members()) {
    if (member.name == detail::metadata_name) continue;
    std::string name = member.name.substr(0, member.name.size() - (member.name.ends_with(".npy") ? 4 : 0));
    std::string beginning = detail::beginning_of(*zip, member, detail::npy_prefix_bytes);
    const std::uint64_t header_bytes = detail::npy_header_bytes(beginning, file + ": " + member.name);
    beginning = detail::beginning_of(*zip, member, header_bytes);
    detail::NpyHeader header = detail::decode_npy_header(beginning, file + ": " + member.name);
    const auto stream = [zip, &member](const TensorFile::Use& use) {
      zip->read(member, [&](std::span<const std::byte> piece) {
        use(piece);
        return true;
      });
    };
    const DType noted = notes.dtype_of(name).value_or(DT_INVALID);
    tensors.push_back(detail::npy_tensor(std::move(name), std::move(header), member.bytes, noted, stream, file));
  }
  detail::insert_strings(tensors, std::move(notes.strings));
  return {file, std::move(tensors), std::move(metadata)};
}

// Writes all tensors and the metadata, without compression. Numbers pass through a small buffer. The file is old or new
// at every instant, and on the disk on return. Throws Error: unimplemented for variants; as the source; then `path` is
// what it was.
inline void save_npz(const TensorFile& source, const std::filesystem::path& path, bool durable = true,
                     io::FileSystem& files = io::posix()) {
  const std::string name = path.string();
  detail::publish_file(files, name, durable, [&](io::WritableFile& file) {
    detail::ZipWriter zip(file, name);
    TensorFile::Metadata metadata = source.metadata();
    detail::TensorNotes notes;
    std::size_t at = 0;
    for (const TensorFile::Tensor& tensor : source.tensors()) {
      detail::refuse_without_numbers(tensor, "npz");
      if (tensor.name == detail::metadata_name)
        throw Error(ErrorCode::invalid_argument, "a tensor of the name \"" + tensor.name + "\" cannot be in \"" + name +
                                                     "\", where that is the metadata's; rename the value first")
            .in_file(name)
            .at_key(tensor.name);
      if (tensor.dtype == DT_STRING) {
        std::vector<std::string> strings = tensor.strings();
        if (detail::fit_npy(strings))
          zip.add(tensor.name + ".npy", [&](const auto& append) { detail::write_npy(tensor.shape, strings, append); });
        else
          notes.strings.push_back({tensor.name, at, tensor.shape, std::move(strings)});
      } else {
        if (detail::npy_dtype(detail::npy_code(tensor.dtype)) != tensor.dtype || tensor.dtype == DT_BFLOAT16)
          notes.dtypes.emplace(tensor.name, tensor.dtype);
        zip.add(tensor.name + ".npy", [&](const auto& append) {
          const std::string header = detail::encode_npy_header(detail::npy_descr(tensor.dtype), tensor.shape);
          append(std::as_bytes(std::span(header)));
          tensor.pieces(append);
        });
      }
      ++at;
    }
    detail::put_notes(metadata, notes);
    if (!metadata.empty()) {
      std::string text;
      for (const auto& [key, value] : metadata) {
        detail::append_json(text += text.empty() ? "{" : ", ", key);
        detail::append_json(text += ": ", value);
      }
      text += "}";
      zip.add(std::string(detail::metadata_name), [&](const auto& append) { append(std::as_bytes(std::span(text))); });
    }
    zip.finish();
  });
}

}  // namespace cairn
