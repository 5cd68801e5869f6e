// npy: one array in a file, as numpy.save writes it and numpy.load opens it.
//
//   cairn::save_npy(reader.get_tensor("model.kernel"), "kernel.npy");
//   editor.set("model.kernel", cairn::read_npy("kernel.npy"));
//
// Strings are read from arrays of dtype 'S' and 'U' (as UTF-8), and written as 'S'. detail/npy_header.hpp has the form
// of dtypes that NumPy does not have.
#pragma once

#include "../bundle/detail/piece_writer.hpp"
#include "../core/durability.hpp"
#include "../core/error.hpp"
#include "../core/path_argument.hpp"
#include "../io/file_system.hpp"
#include "../io/native.hpp"
#include "../io/publish.hpp"
#include "../tensor/any_tensor.hpp"
#include "../tensor/tensor_view.hpp"
#include "detail/npy_data.hpp"
#include "detail/npy_header.hpp"
#include "detail/tensor_notes.hpp"
#include "tensor_file.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE {

// Reads an array. `meant` is the dtype of its elements where NumPy has no dtype for them: read_npy("a.npy", DT_INT4)
// reads elements 'V1'. Throws Error with ErrorCode::not_found when there is no such file; ErrorCode::data_loss for a
// file that is no npy file, or was cut; ErrorCode::out_of_range for a header larger than any array needs;
// ErrorCode::unimplemented for Python objects, structures, and dtypes that TensorFlow does not have. Any thread may
// call it.
[[nodiscard]] inline AnyTensor read_npy(const PathArgument& path, DType meant = DT_INVALID,
                                        io::FileSystem& files = io::native()) {
  const std::string name = path.string();
  const std::shared_ptr<const io::ReadableFile> file = files.open(name);
  const auto beginning_of = [&](std::uint64_t bytes) {
    std::string text(static_cast<std::size_t>(std::min(bytes, file->size())), '\0');
    file->read(0, std::as_writable_bytes(std::span(text)));
    return text;
  };
  const std::uint64_t header_bytes =
      exchange::detail::npy_header_bytes(beginning_of(exchange::detail::npy_prefix_bytes), name);
  exchange::detail::NpyHeader header = exchange::detail::decode_npy_header(beginning_of(header_bytes), name);
  const auto stream = [file](const TensorFile::Use& use) {
    std::vector<std::byte> buffer(static_cast<std::size_t>(std::min<std::uint64_t>(file->size(), io::piece_bytes)));
    for (std::uint64_t at = 0; at < file->size(); at += buffer.size()) {
      const auto piece =
          std::span(buffer).first(static_cast<std::size_t>(std::min<std::uint64_t>(file->size() - at, buffer.size())));
      file->read(at, piece);
      use(piece);
    }
  };
  return TensorFile::read(exchange::detail::npy_tensor(name, std::move(header), file->size(), meant, stream, name));
}

// Writes an array. The file is the old or the new one at every instant, and with Durability::full it is on the disk
// when the call returns. When it throws, the file is unchanged. Throws Error with ErrorCode::invalid_argument for a
// string that ends with NUL, which an npy array would lose; ErrorCode::permission_denied, resource_exhausted or
// unavailable when the disk fails.
inline void save_npy(const TensorView& tensor, const PathArgument& path, Durability durability = Durability::full,
                     io::FileSystem& files = io::native()) {
  const std::string name = path.string();
  const auto strings = tensor.strings();
  if (std::any_of(strings.begin(), strings.end(), [](const std::string& string) { return string.ends_with('\0'); }))
    throw Error(ErrorCode::invalid_argument,
                "a string for \"" + name + "\" ends with NUL, which an npy array cannot keep; an npz file does")
        .in_file(name);
  io::publish_file(files, name, durability, [&](io::WritableFile& file) {
    bundle::detail::PieceWriter out(file, 0);
    const auto append = [&](std::span<const std::byte> bytes) { out.append(bytes); };
    if (tensor.dtype() == DT_STRING) {
      exchange::detail::write_npy(tensor.shape(), strings, append);
    } else {
      const std::string header =
          exchange::detail::encode_npy_header(exchange::detail::npy_descr(tensor.dtype()), tensor.shape());
      append(std::as_bytes(std::span(header)));
      append(tensor.bytes());
    }
    out.flush();
  });
}
inline void save_npy(const AnyTensor& tensor, const PathArgument& path, Durability durability = Durability::full,
                     io::FileSystem& files = io::native()) {
  save_npy(tensor.view(), path, durability, files);
}

}  // namespace CAIRN_NAMESPACE
