// safetensors: the tensors of a model as PyTorch's and JAX's users exchange them.
//
//   const cairn::TensorFile file = cairn::read_safetensors("model.safetensors");
//   cairn::save_safetensors(cairn::tensors_of(cairn::load_checkpoint("training")), "model.safetensors");
//
// What the format has no dtype for stands as numbers of the same size, a complex128 as two float64 along an axis of its
// own, and strings stand in the metadata; notes there make it whole again (tensor_file.hpp).
#pragma once

#include "../bundle/piece_writer.hpp"
#include "../core/error.hpp"
#include "../io/file_system.hpp"
#include "../io/posix.hpp"
#include "../io/publish.hpp"
#include "publish_file.hpp"
#include "safetensors_header.hpp"
#include "tensor_file.hpp"
#include "tensor_notes.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace cairn {

// Opens and checks the header; tensors are read when they are asked for, and the file stays open until then. Throws
// Error: not_found; data_loss for what is no such file, or is damaged; unimplemented for a dtype that TensorFlow does
// not have.
[[nodiscard]] inline TensorFile read_safetensors(const std::filesystem::path& path,
                                                 io::FileSystem& files = io::posix()) {
  static_assert(std::endian::native == std::endian::little);  // as the file is
  const std::string name = path.string();
  const std::shared_ptr<const io::ReadableFile> file = files.open(name);
  std::uint64_t header_bytes = 0;
  const auto refuse = [&](const std::string& problem) {
    return Error(ErrorCode::data_loss, "\"" + name + "\" " + problem + "; it is no safetensors file, or was cut")
        .in_file(name);
  };
  if (file->size() < sizeof header_bytes) throw refuse("has only " + std::to_string(file->size()) + " bytes");
  file->read(0, std::as_writable_bytes(std::span(&header_bytes, 1)));
  if (header_bytes > detail::max_safetensors_header_bytes || header_bytes > file->size() - sizeof header_bytes)
    throw refuse("says that its header has " + std::to_string(header_bytes) + " bytes");
  std::string text(static_cast<std::size_t>(header_bytes), '\0');
  file->read(sizeof header_bytes, std::as_writable_bytes(std::span(text)));
  const std::uint64_t data = sizeof header_bytes + header_bytes;
  detail::SafetensorsHeader header = detail::decode_safetensors_header(text, file->size() - data, name);

  detail::TensorNotes notes = detail::take_notes(header.metadata, name);
  std::vector<TensorFile::Tensor> tensors;
  tensors.reserve(header.entries.size());
  for (detail::SafetensorsEntry& entry : header.entries) {
    // A note counts as long as what it is about stands there: a program may have put other numbers.
    const auto noted = notes.dtype_of(entry.name);
    if (noted && size_of(*noted) != 0 && detail::safetensors_stand_in(*noted) == entry.dtype) {
      const auto extents = entry.shape.extents();
      if (*noted != DT_COMPLEX128) {
        entry.dtype = *noted;
      } else if (!extents.empty() && extents.back() == 2) {
        entry.dtype = *noted;
        entry.shape = Shape(extents.first(extents.size() - 1));
      }
    }
    const auto pieces = [file, begin = data + entry.begin, end = data + entry.end](const TensorFile::Use& use) {
      std::vector<std::byte> buffer(static_cast<std::size_t>(std::min<std::uint64_t>(end - begin, io::piece_bytes)));
      for (std::uint64_t at = begin; at < end; at += buffer.size()) {
        const auto piece =
            std::span(buffer).first(static_cast<std::size_t>(std::min<std::uint64_t>(end - at, buffer.size())));
        file->read(at, piece);
        use(piece);
      }
    };
    tensors.push_back(
        {.name = std::move(entry.name), .dtype = entry.dtype, .shape = std::move(entry.shape), .pieces = pieces});
  }
  detail::insert_strings(tensors, std::move(notes.strings));
  return {name, std::move(tensors), std::move(header.metadata)};
}

// Writes all tensors and the metadata. Numbers pass through a small buffer. They are sorted by the size of their
// elements, so that all are aligned; the header keeps their order. The file is old or new at every instant, and on the
// disk on return. Throws Error: unimplemented for variants; as the source; then `path` is what it was.
inline void save_safetensors(const TensorFile& source, const std::filesystem::path& path, bool durable = true,
                             io::FileSystem& files = io::posix()) {
  const std::string name = path.string();
  detail::SafetensorsHeader header{{}, source.metadata()};
  detail::TensorNotes notes;
  std::vector<const TensorFile::Tensor*> numbers;
  for (const TensorFile::Tensor& tensor : source.tensors()) {
    detail::refuse_without_numbers(tensor, "safetensors");
    if (tensor.dtype == DT_STRING) {
      const std::size_t at = numbers.size() + notes.strings.size();
      notes.strings.push_back({tensor.name, at, tensor.shape, tensor.strings()});
      continue;
    }
    const DType stored = detail::safetensors_stand_in(tensor.dtype);
    detail::SafetensorsEntry entry{.name = tensor.name, .dtype = stored, .shape = tensor.shape};
    if (tensor.dtype == DT_COMPLEX128) entry.shape.push_back(2);
    if (stored != tensor.dtype) notes.dtypes.emplace(tensor.name, tensor.dtype);
    entry.end = static_cast<std::uint64_t>(tensor.shape.num_elements()) * size_of(tensor.dtype);
    header.entries.push_back(std::move(entry));
    numbers.push_back(&tensor);
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
  detail::put_notes(header.metadata, notes);
  const std::string text = detail::encode_safetensors_header(header, name);
  const std::uint64_t header_bytes = text.size();
  detail::publish_file(files, name, durable, [&](io::WritableFile& file) {
    detail::PieceWriter out(file, 0);
    out.append(std::as_bytes(std::span(&header_bytes, 1)));
    out.append(std::as_bytes(std::span(text)));
    for (const std::size_t i : order) numbers[i]->pieces([&](std::span<const std::byte> piece) { out.append(piece); });
    out.flush();
  });
}

}  // namespace cairn
