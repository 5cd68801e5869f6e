// The HDF5 file of a model's weights, whichever of Keras' files it is or lies in.
#pragma once

#include "../../../bundle/detail/file_kind.hpp"
#include "../../../core/error.hpp"
#include "../../../io/file_system.hpp"
#include "../../../io/native.hpp"
#include "../../detail/zip.hpp"
#include "hdf5_file.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace CAIRN_NAMESPACE::exchange::detail {

// Returns the weights' file out of a .keras file, which is a zip file.
[[nodiscard]] inline std::shared_ptr<const Hdf5File> weights_in_keras_file(const std::string& path,
                                                                           io::FileSystem& files) {
  constexpr std::string_view weights = "model.weights.h5";
  const ZipReader zip(files, path);
  for (const ZipMember& member : zip.members()) {
    if (member.name != weights) continue;
    std::vector<std::byte> image;
    zip.read(member, [&](std::span<const std::byte> piece) {
      image.insert(image.end(), piece.begin(), piece.end());
      return true;
    });
    return std::make_shared<const Hdf5File>(path + ": " + std::string(weights), image);
  }
  throw Error(ErrorCode::not_found, "\"" + path + "\" has no file \"" + std::string(weights) +
                                        "\" in it; is it a model that keras.Model.save has written?")
      .in_file(path);
}

[[nodiscard]] inline std::shared_ptr<const Hdf5File> weights_file(const std::string& path, io::FileSystem& files) {
  using bundle::detail::FileKind;
  const FileKind kind = bundle::detail::kind_of_file(path, files);
  if (kind == FileKind::keras) return weights_in_keras_file(path, files);
  const auto no_file_of_keras = [&](const std::string& what) {
    return Error(ErrorCode::data_loss, "\"" + path + "\" " + what).in_file(path);
  };
  if (kind == FileKind::unknown && files.open(path)->size() == 0)
    throw no_file_of_keras("is empty, so that nothing can be read; its save did not end, or it was cut");
  if (kind == FileKind::unknown)
    throw no_file_of_keras(
        "is no file of Keras: it begins neither as an HDF5 file, which .weights.h5 and .h5 are, nor as a zip file, "
        "which "
        ".keras is; give a file that Keras has saved");
  if (kind != FileKind::keras_weights && kind != FileKind::hdf5)
    throw no_file_of_keras("is no file of Keras: it is " + bundle::detail::described(kind, path));
  if (&files == &io::native()) return std::make_shared<const Hdf5File>(path);
  const auto file = files.open(path);
  std::vector<std::byte> image(static_cast<std::size_t>(file->size()));
  file->read(0, image);
  return std::make_shared<const Hdf5File>(path, image);
}

}  // namespace CAIRN_NAMESPACE::exchange::detail
