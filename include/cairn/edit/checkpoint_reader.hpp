// CheckpointReader: a checkpoint's tensors by name, with TensorFlow's functions.
//
//   const cairn::CheckpointReader reader = cairn::load_checkpoint("training");  // the latest in there
//   for (const auto& [key, shape] : reader.get_variable_to_shape_map()) std::cout << key << ' ' << shape.to_string();
//   const cairn::AnyTensor kernel = reader.get_tensor("model.kernel");
#pragma once

#include "../bundle/find_checkpoint.hpp"
#include "../bundle/object_graph.hpp"
#include "../bundle/reader.hpp"
#include "../core/error.hpp"
#include "../graph/saved_graph.hpp"
#include "value_names.hpp"

#include <cctype>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace cairn {

namespace detail {

// "DT_FLOAT": the names of TensorFlow's enum.
[[nodiscard]] inline std::string enum_name(DType dtype) {
  if (dtype == DT_FLOAT) return "DT_FLOAT";
  if (dtype == DT_DOUBLE) return "DT_DOUBLE";
  if (dtype == DT_HALF) return "DT_HALF";
  if (!is_known(dtype)) return std::to_string(static_cast<std::int32_t>(dtype));
  std::string text = "DT_";
  for (const char c : name(dtype)) text += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

// The graph of a checkpoint, checked; null for one of TensorFlow 1. Throws Error (data_loss) for a damaged one.
[[nodiscard]] inline std::shared_ptr<const SavedGraph> read_saved_graph(const bundle::Reader& reader) {
  if (!bundle::has_object_graph(reader)) return nullptr;
  return std::make_shared<const SavedGraph>(bundle::read_object_graph(reader), reader.prefix());
}

}  // namespace detail

// Names are keys or paths (edit.hpp). All members may be called by several threads at the same time.
class CheckpointReader {
 public:
  // A checkpoint's path, a directory's (its latest), or a SavedModel's. Throws Error: not_found without one, data_loss
  // for an index that is damaged. The object graph is read when a name that is no key is asked for.
  explicit CheckpointReader(const std::filesystem::path& path, io::FileSystem& files = io::posix())
      : bundle_(std::make_shared<const bundle::Reader>(bundle::find_checkpoint(path, files), files)),
        graph_(std::make_shared<LazyGraph>()) {}

  [[nodiscard]] const std::string& prefix() const noexcept { return bundle_->prefix(); }

  // Every key, the object graph's among them, sorted. Partitioned tensors are shown whole.
  [[nodiscard]] std::map<std::string, Shape, std::less<>> get_variable_to_shape_map() const {
    std::map<std::string, Shape, std::less<>> shapes;
    for (const auto& [key, entry] : bundle_->entries()) shapes.emplace_hint(shapes.end(), key, entry.shape);
    return shapes;
  }
  [[nodiscard]] std::map<std::string, DType, std::less<>> get_variable_to_dtype_map() const {
    std::map<std::string, DType, std::less<>> dtypes;
    for (const auto& [key, entry] : bundle_->entries()) dtypes.emplace_hint(dtypes.end(), key, entry.dtype);
    return dtypes;
  }

  [[nodiscard]] bool has_tensor(std::string_view name) const { return bundle_->contains(key_or_name(name)); }

  // The key of the value that a name means. Throws Error (not_found), with the values of an object of that name, or the
  // nearest name that there is.
  [[nodiscard]] std::string key_of(std::string_view name) const {
    std::string key = key_or_name(name);
    if (bundle_->contains(key)) return key;
    std::string instead = detail::values_below(bundle_->entries(), graph(), name);
    if (instead.empty()) instead = detail::nearest_name(bundle_->entries(), graph(), name);
    throw Error(ErrorCode::not_found, "Key " + std::string(name) + " not found in checkpoint " + prefix() + instead)
        .in_file(bundle::index_path(prefix()))
        .at_key(std::string(name));
  }

  // The whole value, checked. Throws Error: not_found; data_loss for damaged bytes; unimplemented for variants.
  [[nodiscard]] AnyTensor get_tensor(std::string_view name) const { return bundle_->read(key_of(name)); }

  // The whole value where it lies in its file, checked when it is first viewed, or not at all; copied only where
  // is_mapped() says false, because it is not aligned there (CheckpointOptions::data_alignment) or for one of the
  // other reasons of bundle::Reader::view. The file must not be cut short meanwhile; it may be removed, and this
  // reader go. Throws Error as get_tensor.
  [[nodiscard]] MappedTensor get_view(std::string_view name,
                                      bundle::Checksums checksums = bundle::Checksums::verify) const {
    return bundle_->view(key_of(name), checksums);
  }

  // A block of it: {{2, 3}, {}} is rows 2, 3 and 4. Throws Error as get_tensor; out_of_range outside of the shape.
  [[nodiscard]] AnyTensor get_slice(std::string_view name, const bundle::TensorSlice& slice) const {
    return bundle_->read_slice(key_of(name), slice);
  }

  // All numbers of a tensor that need not fit in memory, in pieces (bundle::Reader::read_pieces).
  template <class Use>
  void get_pieces(std::string_view name, Use use) const {
    bundle_->read_pieces(key_of(name), std::move(use));
  }

  // TensorFlow's: a line for each key, "model/kernel/.ATTRIBUTES/VARIABLE_VALUE (DT_FLOAT) [784,10]".
  [[nodiscard]] std::string debug_string() const {
    std::string text;
    for (const auto& [key, entry] : bundle_->entries()) {
      ((text += key) += " (") += detail::enum_name(entry.dtype) + ") [";
      for (std::size_t axis = 0; axis < entry.shape.rank(); ++axis)
        (text += axis == 0 ? "" : ",") += std::to_string(entry.shape[axis]);
      text += "]\n";
    }
    return text;
  }

  // What is below: entries in order, shards, stored bytes.
  [[nodiscard]] const bundle::Reader& bundle() const noexcept { return *bundle_; }

 private:
  [[nodiscard]] std::string key_or_name(std::string_view name) const {
    if (bundle_->contains(name)) return std::string(name);
    if (graph() != nullptr)
      if (auto key = detail::key_of_path(*graph(), name)) return std::move(*key);
    // TensorFlow's load_variable takes the name of an output, too.
    if (name.ends_with(":0")) return key_or_name(name.substr(0, name.size() - 2));
    return std::string(name);
  }

  struct LazyGraph {
    std::once_flag once;
    std::shared_ptr<const detail::SavedGraph> graph;  // null for a checkpoint of TensorFlow 1
  };
  [[nodiscard]] const detail::SavedGraph* graph() const {
    std::call_once(graph_->once, [&] { graph_->graph = detail::read_saved_graph(*bundle_); });
    return graph_->graph.get();
  }

  std::shared_ptr<const bundle::Reader> bundle_;
  std::shared_ptr<LazyGraph> graph_;
};

// TensorFlow's name for opening one.
[[nodiscard]] inline CheckpointReader load_checkpoint(const std::filesystem::path& path) {
  return CheckpointReader(path);
}

}  // namespace cairn
