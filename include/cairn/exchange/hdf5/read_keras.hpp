// read_keras: the weights in a file of Keras, as named tensors.
//
//   const cairn::TensorFile weights = cairn::read_keras("model.keras");
//   for (const auto& tensor : weights.tensors()) std::cout << tensor.name << ' ' << tensor.shape << '\n';
//   const cairn::AnyTensor kernel = weights.read("layers.dense.vars.0");
//   cairn::save_checkpoint(weights, "imported/ckpt");           // or save_safetensors, save_npz
//
// The name of a tensor is made of the HDF5 groups in which it lies, with dots between them: "layers.dense.vars.0" in
// files of Keras 3, where layers have the names of their classes, counted; "model_weights.dense.dense.kernel" in .h5.
// Within a group, tensors come in Keras' order: by number, or in legacy files in the order of "layer_names" and
// "weight_names".
#pragma once

#include "../../core/path_argument.hpp"
#include "../../io/file_system.hpp"
#include "../../io/native.hpp"
#include "../tensor_file.hpp"
#include "detail/shards.hpp"
#include "detail/weights_file.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE {

namespace exchange::detail {

// Adds the tensors of a file, called by their paths without the first slash.
inline void add_tensors(const std::shared_ptr<const Hdf5File>& file, std::vector<TensorFile::Tensor>& tensors) {
  for (Hdf5Dataset& dataset : file->datasets()) {
    TensorFile::Tensor& tensor = tensors.emplace_back(
        TensorFile::Tensor{.name = dataset.path.substr(1), .dtype = dataset.dtype, .shape = dataset.shape});
    tensor.pieces = [file, dataset = std::move(dataset)](const TensorFile::Use& use) { use(file->read(dataset)); };
  }
}

}  // namespace exchange::detail

// Opens the weights of a model that Keras has saved: a .weights.h5 or .keras file of Keras 3, or an .h5 file, of a
// model or of weights alone, of any Keras; the first bytes tell the kind. A path that ends in .weights.json is the list
// of the files that Keras 3 divides weights among (max_shard_size): they are read as one, and must lie beside the list.
// Where Keras has saved an optimizer, its variables are among the tensors. A value is read when it is asked for; the
// weights of a .keras file are held in memory until the last copy of the result is gone. bfloat16, compressed and
// chunked datasets are read as any other.
//
// Throws Error with ErrorCode::not_found when there is no such file, or a .keras file has no weights;
// ErrorCode::data_loss for a file of another kind and for a damaged one, also when a value of the result is read;
// ErrorCode::unimplemented for elements that TensorFlow does not have, and for links that lead out of the file. Any
// thread may call it.
[[nodiscard]] inline TensorFile read_keras(const PathArgument& path, io::FileSystem& files = io::native()) {
  const std::string name = path.string();
  std::vector<TensorFile::Tensor> tensors;
  if (!exchange::detail::is_list_of_shards(name)) {
    exchange::detail::add_tensors(exchange::detail::weights_file(name, files), tensors);
  } else {
    for (const exchange::detail::WeightsShard& shard : exchange::detail::read_shards(name, files)) {
      const std::size_t first = tensors.size();
      exchange::detail::add_tensors(exchange::detail::weights_file(shard.path, files), tensors);
      std::vector<std::string> paths;
      for (std::size_t i = first; i < tensors.size(); ++i) paths.push_back("/" + tensors[i].name);
      exchange::detail::require_groups(shard, std::move(paths));
    }
    std::sort(tensors.begin(), tensors.end(), [](const TensorFile::Tensor& a, const TensorFile::Tensor& b) {
      return exchange::detail::is_before_in_keras(a.name, b.name);
    });
  }
  for (TensorFile::Tensor& tensor : tensors) std::replace(tensor.name.begin(), tensor.name.end(), '/', '.');
  return {name, std::move(tensors), {}};
}

}  // namespace CAIRN_NAMESPACE
