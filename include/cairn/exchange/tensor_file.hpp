// TensorFile: the named tensors of a file of any format, on their way to another format.
//
//   const cairn::TensorFile weights = cairn::read_safetensors("model.safetensors");     // or read_npz
//   for (const auto& tensor : weights.tensors()) std::cout << tensor.name << ' ' << tensor.shape << '\n';
//   const cairn::AnyTensor kernel = weights.read("model.kernel");
//
// The metadata are texts by name, as safetensors has them. The notes below say what the dtypes of a format cannot
// express. They are one JSON object, at a place that other programs keep when they load all tensors and save them
// again: the member "__metadata__" of an npz file, which is an array for numpy.load and numpy.savez; the tensor of
// bytes "__tensorflow__" of a safetensors file.
//
//   tensorflow.dtypes         {"step": "int4", …}: TensorFlow's dtype where the format has none of its own
//   tensorflow.strings        {"note": {"at": 3, "shape": [2], "base64": ["aGk=", ""]}, …}: tensors of strings that the
//                             format cannot hold; "at" is the place among all tensors
//   tensorflow.object_graph   the object graph in base64, with the keys of all values; empty for a checkpoint of
//                             TensorFlow 1, which has no graph: its names are keys
#pragma once

#include "../core/dtype.hpp"
#include "../core/error.hpp"
#include "../core/shape.hpp"
#include "../tensor/any_tensor.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <map>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE {

// Named tensors and the functions that read them. All members may be called by several threads at the same time.
class TensorFile {
 public:
  // Texts by name; a function that is called with bytes, which are valid during the call.
  using Metadata = std::map<std::string, std::string, std::less<>>;
  using Use = std::function<void(std::span<const std::byte>)>;

  // One tensor; its values are read when one of its functions is called.
  struct Tensor {
    // The name in the file, and the dtype and shape of the whole tensor.
    std::string name;
    DType dtype = DT_INVALID;
    Shape shape;
    // One of the two functions is set. `pieces` hands all bytes of a tensor of numbers, row by row, to a function in
    // pieces that are valid during the call; `strings` returns all strings. Both throw Error with ErrorCode::data_loss
    // for damaged bytes.
    std::function<void(const Use&)> pieces = {};
    std::function<std::vector<std::string>()> strings = {};
  };

  // Makes a file of these tensors, in this order; `path` is for messages alone. Throws Error with ErrorCode::data_loss
  // when two tensors have one name.
  TensorFile(std::string path, std::vector<Tensor> tensors, Metadata metadata)
      : path_(std::move(path)),
        tensors_(std::move(tensors)),
        metadata_(std::move(metadata)),
        by_name_(tensors_.size()) {
    std::iota(by_name_.begin(), by_name_.end(), std::size_t{0});
    const auto name_of = [this](std::size_t i) -> const std::string& { return tensors_[i].name; };
    std::ranges::sort(by_name_, {}, name_of);
    if (const auto twice = std::ranges::adjacent_find(by_name_, {}, name_of); twice != by_name_.end())
      throw Error(ErrorCode::data_loss, "\"" + path_ + "\" has two tensors of the name \"" + name_of(*twice) +
                                            "\"; the file is damaged, or was made to deceive")
          .in_file(path_)
          .at_key(name_of(*twice));
  }

  // Returns the path for messages.
  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  // Returns the tensors in the order of the file.
  [[nodiscard]] const std::vector<Tensor>& tensors() const noexcept { return tensors_; }
  [[nodiscard]] const Metadata& metadata() const noexcept { return metadata_; }
  [[nodiscard]] bool contains(std::string_view name) const { return find(name) != nullptr; }

  // Returns the tensor of a name. Throws Error with ErrorCode::not_found when there is none.
  [[nodiscard]] const Tensor& at(std::string_view name) const {
    const Tensor* const found = find(name);
    if (found == nullptr)
      throw Error(ErrorCode::not_found, "\"" + path_ + "\" has no tensor \"" + std::string(name) + "\"; it holds " +
                                            std::to_string(tensors_.size()) + " others")
          .in_file(path_)
          .at_key(std::string(name));
    return *found;
  }

  // Returns a whole value. Throws Error with ErrorCode::not_found when there is no tensor of that name;
  // ErrorCode::data_loss for damaged bytes.
  [[nodiscard]] AnyTensor read(std::string_view name) const { return read(at(name)); }
  [[nodiscard]] static AnyTensor read(const Tensor& tensor) {
    if (tensor.dtype == DT_STRING) return AnyTensor(tensor.shape, tensor.strings());
    AnyTensor value(tensor.dtype, tensor.shape);
    std::span<std::byte> rest = value.bytes();
    tensor.pieces([&](std::span<const std::byte> piece) {
      std::copy(piece.begin(), piece.end(), rest.begin());
      rest = rest.subspan(piece.size());
    });
    return value;
  }

 private:
  [[nodiscard]] const Tensor* find(std::string_view name) const {
    const auto at = std::ranges::lower_bound(by_name_, name, {},
                                             [this](std::size_t i) { return std::string_view(tensors_[i].name); });
    return at == by_name_.end() || tensors_[*at].name != name ? nullptr : &tensors_[*at];
  }

  std::string path_;
  std::vector<Tensor> tensors_;
  Metadata metadata_;
  std::vector<std::size_t> by_name_;  // the numbers of all tensors, sorted by their names
};

}  // namespace CAIRN_NAMESPACE
