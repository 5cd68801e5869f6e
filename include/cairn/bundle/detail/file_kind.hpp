// Which kind of file is this, if no checkpoint's? Seen from its first bytes, and from its name where they say nothing.
#pragma once

#include "../../io/file_system.hpp"
#include "../../io/path.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace CAIRN_NAMESPACE::bundle::detail {

enum class FileKind {
  unknown,
  npz,
  safetensors,
  keras,          // a whole model of Keras 3
  keras_weights,  // of Keras 3, in HDF5
  hdf5,           // as Keras 2 saves whole models
  pytorch,
  saved_model,  // the graph of a SavedModel
  graph,        // any other graph of TensorFlow
  meta_graph,   // what tf.compat.v1.train.Saver writes beside a checkpoint
  state_file,   // which names the checkpoints of its directory
};

// The name of the first file in a zip file; of an empty one it is empty.
[[nodiscard]] inline std::string_view first_member_of_zip(std::string_view beginning) noexcept {
  constexpr std::size_t size_at = 26, name_at = 30;
  if (beginning.size() <= name_at || !beginning.starts_with("PK\x03\x04")) return {};
  const std::size_t size = static_cast<unsigned char>(beginning[size_at]) +
                           std::size_t{256} * static_cast<unsigned char>(beginning[size_at + 1]);
  return beginning.substr(name_at, size);
}

// `path` leads to a file. Throws Error when it cannot be read.
[[nodiscard]] CAIRN_COLD inline FileKind kind_of_file(const std::string& path, io::FileSystem& files) {
  constexpr std::uint64_t enough = 512;
  const auto file = files.open(path);
  std::string beginning(static_cast<std::size_t>(std::min(file->size(), enough)), '\0');
  file->read(0, std::as_writable_bytes(std::span(beginning)));
  if (beginning.starts_with("\x89HDF\r\n\x1a\n"))
    return path.ends_with(".weights.h5") ? FileKind::keras_weights : FileKind::hdf5;
  if (beginning.starts_with("PK\x03\x04") || beginning.starts_with("PK\x05\x06")) {
    const std::string_view member = first_member_of_zip(beginning);
    if (path.ends_with(".keras") || member == "metadata.json" || member == "config.json") return FileKind::keras;
    return member.ends_with("/data.pkl") ? FileKind::pytorch : FileKind::npz;
  }
  if (beginning.size() > 8 && beginning[8] == '{') return FileKind::safetensors;
  const std::string name = io::file_name(path);
  if (name == "saved_model.pb" || name == "saved_model.pbtxt") return FileKind::saved_model;
  if (name.ends_with(".pb") || name.ends_with(".pbtxt")) return FileKind::graph;
  if (name.ends_with(".meta")) return FileKind::meta_graph;
  if (name == "checkpoint" && beginning.starts_with("model_checkpoint_path")) return FileKind::state_file;
  return FileKind::unknown;
}

// "a Keras model; in Python, ... makes a checkpoint of it": what the file is, and what helps.
[[nodiscard]] CAIRN_COLD inline std::string described(FileKind kind, const std::string& path) {
  const auto python = [](const std::string& model) {
    return "tf.train.Checkpoint(model=" + model + ").write(\"ckpt\")";
  };
  switch (kind) {
    case FileKind::npz:
      return "an npz file, as NumPy saves arrays; convert it to a checkpoint first";
    case FileKind::safetensors:
      return "a safetensors file; convert it to a checkpoint first";
    case FileKind::keras:
      return "a Keras model; in Python, " + python("keras.models.load_model(\"" + path + "\")") +
             " makes a checkpoint of it";
    case FileKind::keras_weights:
      return "the weights of a Keras model; in Python, model.load_weights(\"" + path + "\") and then " +
             python("model") + " make a checkpoint of them";
    case FileKind::hdf5:
      return "an HDF5 file, as Keras saved models; in Python, " + python("keras.models.load_model(\"" + path + "\")") +
             " makes a checkpoint of it";
    case FileKind::pytorch:
      return "a file of PyTorch; save its tensors as safetensors there, and convert that to a checkpoint";
    case FileKind::saved_model:
      return "the graph of a SavedModel; give its directory, \"" + io::parent_directory(path) + "\"";
    case FileKind::graph:
      return "a graph of TensorFlow, whose values are in no checkpoint; give the checkpoint that it was made of";
    case FileKind::meta_graph:
      return "the graph that TensorFlow 1 saved beside a checkpoint; give \"" + path.substr(0, path.rfind('.')) + "\"";
    case FileKind::state_file:
      return "the file that names the checkpoints of its directory; give \"" + io::parent_directory(path) + "\"";
    case FileKind::unknown:
      break;
  }
  return "a file of another kind; give what the checkpoint was saved under, its .index file, or its directory";
}

}  // namespace CAIRN_NAMESPACE::bundle::detail
