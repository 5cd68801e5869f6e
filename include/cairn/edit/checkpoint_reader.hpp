// CheckpointReader: reads the tensors of a checkpoint by name, with TensorFlow's functions.
//
//   const cairn::CheckpointReader reader = cairn::load_checkpoint("training");  // the latest one in there
//   for (const auto& [key, shape] : reader.get_variable_to_shape_map()) std::cout << key << ' ' << shape;
//   const cairn::AnyTensor kernel = reader.get_tensor("model.kernel");
#pragma once

#include "../bundle/entry_reader.hpp"
#include "../bundle/find_checkpoint.hpp"
#include "../bundle/object_graph.hpp"
#include "../bundle/reader.hpp"
#include "../core/error.hpp"
#include "../core/path_argument.hpp"
#include "detail/graph_text.hpp"
#include "detail/value_names.hpp"

#include <cctype>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE {

namespace edit::detail {

// Returns the name of TensorFlow's enum: "DT_FLOAT".
[[nodiscard]] inline std::string enum_name(DType dtype) {
  if (dtype == DT_FLOAT) return "DT_FLOAT";
  if (dtype == DT_DOUBLE) return "DT_DOUBLE";
  if (dtype == DT_HALF) return "DT_HALF";
  if (!is_known(dtype)) return std::to_string(static_cast<std::int32_t>(dtype));
  std::string text = "DT_";
  for (const char c : name(dtype)) text += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

// Returns the checked graph of a checkpoint; null for a checkpoint of TensorFlow 1. Throws Error with
// ErrorCode::data_loss for a damaged graph.
[[nodiscard]] inline std::shared_ptr<const ObjectGraph> read_saved_graph(const bundle::Reader& reader) {
  if (!bundle::has_object_graph(reader)) return nullptr;
  auto graph = std::make_shared<ObjectGraph>(bundle::detail::read_checked_graph(reader));
  graph->find_parents();  // several threads may use it
  return graph;
}

}  // namespace edit::detail

// Reads one checkpoint. A name is a key or a path; edit.hpp has the rules. All members may be called by several threads
// at the same time. The object graph is read when the first name is asked for that is no key; when it is damaged, that
// call throws Error with ErrorCode::data_loss. A disk that fails causes ErrorCode::permission_denied,
// resource_exhausted or unavailable.
class CheckpointReader {
 public:
  // Opens a checkpoint. `path` is a checkpoint's, that of a directory (its latest), or a SavedModel's. Throws Error
  // with ErrorCode::not_found when there is no checkpoint; ErrorCode::data_loss for a damaged index or file
  // `checkpoint`; ErrorCode::failed_precondition for a checkpoint of a CheckpointManager with another format than
  // TensorFlow's; ErrorCode::unimplemented for one of a newer format. `files` must outlive the reader and its views.
  explicit CheckpointReader(const PathArgument& path, io::FileSystem& files = io::native())
      : bundle_(std::make_shared<const bundle::Reader>(path, files)), graph_(std::make_shared<LazyGraph>()) {}

  // Returns the prefix of the checkpoint.
  [[nodiscard]] const std::string& prefix() const noexcept { return bundle_->prefix(); }

  // Returns every key, the object graph's among them, sorted, with its shape. A partitioned tensor has the shape of the
  // whole.
  [[nodiscard]] std::map<std::string, Shape, std::less<>> get_variable_to_shape_map() const {
    std::map<std::string, Shape, std::less<>> shapes;
    for (bundle::EntryReader each(*bundle_); each.next();)
      shapes.emplace_hint(shapes.end(), each.key(), each.entry().shape);
    return shapes;
  }
  // Returns every key, the object graph's among them, sorted, with its dtype.
  [[nodiscard]] std::map<std::string, DType, std::less<>> get_variable_to_dtype_map() const {
    std::map<std::string, DType, std::less<>> dtypes;
    for (bundle::EntryReader each(*bundle_); each.next();)
      dtypes.emplace_hint(dtypes.end(), each.key(), each.entry().dtype);
    return dtypes;
  }

  // Returns true when a key or path means a tensor of the checkpoint.
  [[nodiscard]] bool has_tensor(std::string_view name) const { return bundle_->contains(key_or_name(name)); }

  // Returns the key of the value that a name means. Throws Error with ErrorCode::not_found when there is none; the
  // sentence lists the values of an object of that name, or the nearest name.
  [[nodiscard]] std::string key_of(std::string_view name) const {
    std::string key = key_or_name(name);
    if (bundle_->contains(key)) return key;
    std::string instead = edit::detail::values_below(bundle_->entries(), graph(), name);
    if (instead.empty()) instead = edit::detail::nearest_name(bundle_->entries(), graph(), name);
    throw Error(ErrorCode::not_found, "Key " + std::string(name) + " not found in checkpoint " + prefix() + instead)
        .in_file(bundle::index_path(prefix()))
        .at_key(std::string(name));
  }

  // Returns the whole value; its checksum was compared. Throws Error with ErrorCode::not_found when there is no such
  // value; ErrorCode::data_loss for damaged bytes; ErrorCode::unimplemented for variants and unknown dtypes.
  [[nodiscard]] AnyTensor get_tensor(std::string_view name) const { return bundle_->read(key_of(name)); }

  // Returns the whole value where it lies in its file, without a copy. Its checksum is compared when it is first
  // viewed, or never with Checksums::skip. is_mapped() of the result is false where the value had to be copied, because
  // it is not aligned in the file (CheckpointOptions::data_alignment), or for one of the other reasons that
  // bundle::Reader::view lists. The result stays valid when this reader is gone and the file was removed; the file must
  // not be cut short. Throws Error with ErrorCode::not_found, data_loss and unimplemented for the reasons that
  // get_tensor() gives.
  [[nodiscard]] MappedTensor get_view(std::string_view name,
                                      bundle::Checksums checksums = bundle::Checksums::verify) const {
    return bundle_->view(key_of(name), checksums);
  }

  // Returns a block of a value: the slice {{2, 3}, {}} is rows 2, 3 and 4, each whole. Throws Error with
  // ErrorCode::out_of_range for a slice that does not lie inside the shape; ErrorCode::not_found, data_loss and
  // unimplemented for the reasons that get_tensor() gives.
  [[nodiscard]] AnyTensor get_slice(std::string_view name, const bundle::TensorSlice& slice) const {
    return bundle_->read_slice(key_of(name), slice);
  }

  // Reads a tensor of numbers that need not fit in memory: calls use(position, bytes) for each piece, as
  // bundle::Reader::read_pieces does. Throws Error with ErrorCode::invalid_argument for strings and variants;
  // ErrorCode::not_found and data_loss for the reasons that get_tensor() gives.
  template <class Use>
  void get_pieces(std::string_view name, Use use) const {
    bundle_->read_pieces(key_of(name), std::move(use));
  }

  // Returns TensorFlow's debug string: for each key a line like "model/kernel/.ATTRIBUTES/VARIABLE_VALUE (DT_FLOAT)
  // [784,10]".
  [[nodiscard]] std::string debug_string() const {
    std::string text;
    for (bundle::EntryReader each(*bundle_); each.next();) {
      const bundle::Entry& entry = each.entry();
      ((text += each.key()) += " (") += edit::detail::enum_name(entry.dtype) + ") [";
      for (std::size_t axis = 0; axis < entry.shape.rank(); ++axis)
        (text += axis == 0 ? "" : ",") += std::to_string(entry.shape[axis]);
      text += "]\n";
    }
    return text;
  }

  // Returns the bundle that is read: its entries in order, its shards, and stored bytes.
  [[nodiscard]] const bundle::Reader& bundle() const noexcept { return *bundle_; }

 private:
  [[nodiscard]] std::string key_or_name(std::string_view name) const {
    if (bundle_->contains(name)) return std::string(name);
    if (auto key = key_of_path(name)) return std::move(*key);
    // TensorFlow's load_variable accepts the name of an output, too.
    if (name.ends_with(":0")) return key_or_name(name.substr(0, name.size() - 2));
    return std::string(name);
  }

  struct LazyGraph {
    std::mutex mutex;  // guards the text
    std::shared_ptr<const edit::detail::GraphText> text;
    std::once_flag once;
    std::shared_ptr<const ObjectGraph> graph;  // null for a checkpoint of TensorFlow 1
  };
  [[nodiscard]] std::optional<std::string> key_of_path(std::string_view path) const {
    const std::lock_guard lock(graph_->mutex);
    return edit::detail::key_of_path(*bundle_, graph_->text, path);
  }
  [[nodiscard]] const ObjectGraph* graph() const {
    std::call_once(graph_->once, [&] { graph_->graph = edit::detail::read_saved_graph(*bundle_); });
    return graph_->graph.get();
  }

  std::shared_ptr<const bundle::Reader> bundle_;
  std::shared_ptr<LazyGraph> graph_;
};

// Opens a checkpoint; the name is TensorFlow's. Throws Error with ErrorCode::not_found, data_loss, failed_precondition
// and unimplemented for the reasons that CheckpointReader's constructor gives.
[[nodiscard]] inline CheckpointReader load_checkpoint(const PathArgument& path) { return CheckpointReader(path); }

}  // namespace CAIRN_NAMESPACE
