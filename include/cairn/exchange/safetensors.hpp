// safetensors: the tensors of a model in the form in which users of PyTorch and JAX exchange them.
//
//   const cairn::TensorFile file = cairn::read_safetensors("model.safetensors");
//   cairn::save_safetensors(cairn::tensors_of(cairn::load_checkpoint("training")), "model.safetensors");
//
// A dtype that the format does not have is written as numbers of the same size, and a complex128 as two float64 along
// an axis of its own; strings are no tensors. The notes of tensor_file.hpp restore all of that. They are in a tensor of
// bytes, "__tensorflow__", because the packages' functions that load all tensors and save them again lose the metadata
// of the header.
#pragma once

#include "../bundle/detail/numbers.hpp"
#include "../bundle/detail/piece_writer.hpp"
#include "../core/durability.hpp"
#include "../core/error.hpp"
#include "../core/path_argument.hpp"
#include "../io/file_system.hpp"
#include "../io/native.hpp"
#include "../io/publish.hpp"
#include "detail/byte_order.hpp"
#include "detail/safetensors_header.hpp"
#include "detail/tensor_notes.hpp"
#include "tensor_file.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE {

namespace exchange::detail {

// Reads a file as cairn::read_safetensors does, but tells `leave_out` of tensors that it would refuse as unimplemented.
[[nodiscard]] inline TensorFile read_safetensors(const PathArgument& path, io::FileSystem& files,
                                                 const LeaveOut& leave_out) {
  const std::string name = path.string();
  const std::shared_ptr<const io::ReadableFile> file = files.open(name);
  std::uint64_t header_bytes = 0;
  const auto refuse = [&](const std::string& problem) {
    return Error(ErrorCode::data_loss, "\"" + name + "\" " + problem + "; it is no safetensors file, or was cut")
        .in_file(name);
  };
  if (file->size() < sizeof header_bytes) throw refuse("has only " + std::to_string(file->size()) + " bytes");
  const auto little_endian = std::as_writable_bytes(std::span(&header_bytes, 1));
  file->read(0, little_endian);
  bundle::detail::swap_numbers(little_endian, sizeof header_bytes, false);
  if (header_bytes > max_safetensors_header_bytes || header_bytes > file->size() - sizeof header_bytes)
    throw refuse("says that its header has " + std::to_string(header_bytes) + " bytes");
  std::string text(static_cast<std::size_t>(header_bytes), '\0');
  file->read(sizeof header_bytes, std::as_writable_bytes(std::span(text)));
  const std::uint64_t data = sizeof header_bytes + header_bytes;
  SafetensorsHeader header = decode_safetensors_header(text, file->size() - data, name, leave_out);

  const auto pieces_of = [&](const SafetensorsEntry& entry) {
    return [file, begin = data + entry.begin, end = data + entry.end,
            unit = swap_unit_of(entry.dtype)](const TensorFile::Use& use) {
      std::vector<std::byte> buffer(static_cast<std::size_t>(std::min<std::uint64_t>(end - begin, io::piece_bytes)));
      for (std::uint64_t at = begin; at < end; at += buffer.size()) {
        const auto piece =
            std::span(buffer).first(static_cast<std::size_t>(std::min<std::uint64_t>(end - at, buffer.size())));
        file->read(at, piece);
        bundle::detail::swap_numbers(piece, unit, false);
        use(piece);
      }
    };
  };
  std::erase_if(header.entries, [&](const SafetensorsEntry& entry) {
    if (entry.name != notes_name) return false;
    const auto own =
        texts_in({.name = entry.name, .dtype = entry.dtype, .shape = entry.shape, .pieces = pieces_of(entry)});
    if (own) read_texts(*own, name, header.metadata);
    return own.has_value();
  });
  TensorNotes notes = take_notes(header.metadata, name);
  std::vector<TensorFile::Tensor> tensors;
  tensors.reserve(header.entries.size());
  for (SafetensorsEntry& entry : header.entries) {
    give_meaning(entry.dtype, entry.shape, notes.dtype_of(entry.name).value_or(DT_INVALID));
    auto pieces = pieces_of(entry);
    tensors.push_back({.name = std::move(entry.name),
                       .dtype = entry.dtype,
                       .shape = std::move(entry.shape),
                       .pieces = std::move(pieces)});
  }
  insert_strings(tensors, std::move(notes.strings));
  return {name, std::move(tensors), std::move(header.metadata)};
}

// Throws Error for a tensor that no safetensors file can hold: ErrorCode::unimplemented for variants,
// ErrorCode::invalid_argument for a name that is not UTF-8, or is the metadata's.
inline void require_for_safetensors(const TensorFile::Tensor& tensor, const std::string& file) {
  refuse_without_numbers(tensor, "safetensors");
  require_safetensors_text(tensor.name, file);
  if (tensor.name == metadata_name || tensor.name == notes_name)
    throw Error(ErrorCode::invalid_argument, "a tensor of the name \"" + tensor.name + "\" cannot be in \"" + file +
                                                 "\", where that is the metadata's; rename the value first")
        .in_file(file)
        .at_key(tensor.name);
}

}  // namespace exchange::detail

// Opens a file and checks its header. A tensor is read when it is asked for; the file stays open until the last copy of
// the result is gone. Throws Error with ErrorCode::not_found when there is no such file; ErrorCode::data_loss for a
// file that is no safetensors file, or is damaged; ErrorCode::unimplemented for a dtype that TensorFlow does not have.
// Any thread may call it.
[[nodiscard]] inline TensorFile read_safetensors(const PathArgument& path, io::FileSystem& files = io::native()) {
  return exchange::detail::read_safetensors(path, files, {});
}

// Writes all tensors and the metadata; the notes are in a tensor of their own. Numbers pass through a small buffer.
// They are sorted by the size of their elements, so that all are aligned; the header lists them in the order of the
// source. The file is the old or the new one at every instant, and with Durability::full it is on the disk when the
// call returns. When it throws, the file is unchanged. Throws Error with ErrorCode::unimplemented for variants;
// ErrorCode::invalid_argument for a name that is not UTF-8, or is "__metadata__" or "__tensorflow__";
// ErrorCode::out_of_range for a header of more than 100 MB; ErrorCode::data_loss when the source is damaged;
// ErrorCode::permission_denied, resource_exhausted or unavailable when the disk fails.
inline void save_safetensors(const TensorFile& source, const PathArgument& path,
                             Durability durability = Durability::full, io::FileSystem& files = io::native()) {
  const std::string name = path.string();
  exchange::detail::SafetensorsHeader header{{}, source.metadata()};
  TensorFile::Metadata own;
  for (const std::string_view note : exchange::detail::own_notes)
    if (auto node = header.metadata.extract(std::string(note))) own.insert(std::move(node));
  exchange::detail::TensorNotes notes;
  std::vector<const TensorFile::Tensor*> numbers;
  for (const TensorFile::Tensor& tensor : source.tensors()) {
    exchange::detail::require_for_safetensors(tensor, name);
    if (tensor.dtype == DT_STRING) {
      const std::size_t at = numbers.size() + notes.strings.size();
      notes.strings.push_back({tensor.name, at, tensor.shape, tensor.strings()});
      continue;
    }
    const DType stored = exchange::detail::stand_in(tensor.dtype);
    exchange::detail::SafetensorsEntry entry{.name = tensor.name, .dtype = stored, .shape = tensor.shape};
    if (tensor.dtype == DT_COMPLEX128) entry.shape.push_back(2);
    if (stored != tensor.dtype) notes.dtypes.emplace(tensor.name, tensor.dtype);
    entry.end = static_cast<std::uint64_t>(tensor.shape.num_elements()) * size_of(tensor.dtype);
    header.entries.push_back(std::move(entry));
    numbers.push_back(&tensor);
  }
  exchange::detail::put_notes(own, notes);
  TensorFile::Tensor noted{.name = std::string(exchange::detail::notes_name), .dtype = DT_UINT8, .shape = {}};
  if (!own.empty()) {
    const std::string text = exchange::detail::written_texts(own);
    exchange::detail::require_safetensors_text(text, name);
    noted.shape = Shape{static_cast<std::int64_t>(text.size())};
    noted.pieces = [text](const TensorFile::Use& use) { use(std::as_bytes(std::span(text))); };
    header.entries.push_back({.name = noted.name, .dtype = noted.dtype, .shape = noted.shape, .end = text.size()});
    numbers.push_back(&noted);
  }
  std::vector<std::size_t> order(numbers.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return size_of(header.entries[a].dtype) > size_of(header.entries[b].dtype);
  });
  std::uint64_t at = 0;
  for (const std::size_t i : order) {
    header.entries[i].begin = at;
    at = header.entries[i].end += at;
  }
  const std::string text = exchange::detail::encode_safetensors_header(header, name);
  std::uint64_t header_bytes = text.size();
  const auto little_endian = std::as_writable_bytes(std::span(&header_bytes, 1));
  bundle::detail::swap_numbers(little_endian, sizeof header_bytes, false);
  io::publish_file(files, name, durability, [&](io::WritableFile& file) {
    bundle::detail::PieceWriter out(file, 0);
    out.append(little_endian);
    out.append(std::as_bytes(std::span(text)));
    for (const std::size_t i : order)
      exchange::detail::in_byte_order(false, swap_unit_of(numbers[i]->dtype), numbers[i]->pieces,
                                      [&](std::span<const std::byte> piece) { out.append(piece); });
    out.flush();
  });
}

}  // namespace CAIRN_NAMESPACE
