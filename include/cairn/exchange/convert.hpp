// convert: a checkpoint as a safetensors or npz file, and back.
//
//   cairn::convert("training/ckpt-3", cairn::FileFormat::safetensors, "model.safetensors");
//   cairn::convert("model.safetensors", cairn::FileFormat::tensorflow, "imported/ckpt");
//
// Values are named by their paths ("model.kernel"), or by their keys. The object graph is stored in the metadata, so
// that the way back gives a checkpoint that restores as the first one did; it is equal byte for byte where the first
// one had one data file and no partitioned tensors. How tensors were partitioned and laid out in data files is lost,
// and so are other programs' metadata on the way into a checkpoint.
//
// Another program may load all tensors, add, change and remove some, and save them: the object graph then follows the
// names. A file without the notes gets a graph from its names: "model.kernel" is the value of the child "kernel" of the
// root's child "model", and the keys of slot variables and of lookup tables are recognised. In TensorFlow,
// tf.train.Checkpoint(model=…).read(…) restores such a checkpoint; restore(…) asks for a save_counter. A name-based
// checkpoint cannot be recognised without the notes; TensorNames::keys makes one.
#pragma once

#include "../bundle/detail/file_kind.hpp"
#include "../bundle/object_graph.hpp"
#include "../bundle/rewrite.hpp"
#include "../bundle/writer.hpp"
#include "../core/durability.hpp"
#include "../core/error.hpp"
#include "../core/path_argument.hpp"
#include "../edit/checkpoint_reader.hpp"
#include "../io/detail/watch.hpp"
#include "../io/progress.hpp"
#include "detail/base64.hpp"
#include "detail/named_graph.hpp"
#include "detail/safetensors_stream.hpp"
#include "detail/tensor_notes.hpp"
#include "npz.hpp"
#include "safetensors.hpp"
#include "tensor_file.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE {

// The formats that convert() reads and writes.
enum class FileFormat { tensorflow, safetensors, npz };

// The names of values in a file of another format: the paths that the values have in the checkpoint, or their keys. A
// value that no path leads to alone keeps its key.
enum class TensorNames { paths, keys };

// How convert() and save_checkpoint() work.
struct ConvertOptions {
  // The names of values in a file of another format.
  TensorNames names = TensorNames::paths;
  // With Durability::full, the result is on the disk when the call returns (fsync).
  Durability durability = Durability::full;
  core::detail::FormerDurable durable{};
  // With `skip`, tensors that cannot be converted are left out: variants, arrays of Python objects, and dtypes and
  // names that the other format does not have. The report of convert() lists them. Without `skip` the first of them is
  // an Error. A damaged value is an Error in any case.
  bool skip = false;
  // The function that is told how many bytes are written, and the request to stop (io/progress.hpp). Where a stop is
  // heeded, the call throws Error with ErrorCode::cancelled, and nothing new is there.
  ProgressCallback progress = {};
  StopRequest stop = {};
};

// The result of convert().
struct ConvertReport {
  // A tensor that was left out, and the reason as a sentence.
  struct LeftOut {
    // The name in the source, and the text of the Error that is thrown without `skip`.
    std::string name;
    std::string reason;
  };
  // The tensors that were left out, in the order of the source; empty without `skip`.
  std::vector<LeftOut> left_out;
  // True when a checkpoint was made from a file without an object graph, so that its graph comes from the names.
  bool has_graph_from_names = false;
};

// Returns all values of a checkpoint but the object graph, which is in the metadata, in the order of the data files. No
// value is read yet. Throws Error with ErrorCode::data_loss for a damaged graph, and for a partitioned tensor that
// lacks a part; ErrorCode::unimplemented for an unknown dtype.
[[nodiscard]] inline TensorFile tensors_of(const CheckpointReader& reader, TensorNames names = TensorNames::paths) {
  const bundle::Reader& bundle = reader.bundle();
  TensorFile::Metadata metadata;
  std::shared_ptr<const ObjectGraph> graph;
  std::vector<exchange::detail::NamedKey> paths;
  std::string& noted_graph = metadata[std::string(exchange::detail::graph_note)];
  if ((graph = edit::detail::read_saved_graph(bundle)) != nullptr) {
    noted_graph = exchange::detail::base64_encode(bundle.read_strings(bundle::object_graph_key).at(0));
    if (names == TensorNames::paths) paths = exchange::detail::names_by_key(*graph);
  }
  std::vector<TensorFile::Tensor> tensors;
  tensors.reserve(bundle.entries().size());
  std::unordered_set<std::string_view> partitioned;
  for (const auto& shard : bundle::contents(bundle))
    for (const bundle::StoredTensor& stored : shard.second) {
      const std::string_view key = stored.key;  // it lives as long as the reader, and so does the entry
      if (key == bundle::object_graph_key || (stored.part && !partitioned.insert(key).second)) continue;
      const bundle::Entry& entry = stored.part ? bundle.lookup(key) : *stored.entry;
      bundle.require_bytes(key, entry);
      const auto path = std::ranges::lower_bound(paths, key, {}, &exchange::detail::NamedKey::key);
      const bool has_path = path != paths.end() && path->key == key;
      TensorFile::Tensor tensor{
          .name = has_path ? std::move(path->name) : std::string(key), .dtype = entry.dtype, .shape = entry.shape};
      if (entry.dtype == DT_STRING)
        tensor.strings = [reader, key, &entry] { return reader.bundle().read_strings(key, entry); };
      else if (entry.slices.empty())
        tensor.pieces = [reader, key, &entry](const TensorFile::Use& use) {
          reader.bundle().read_pieces(key, entry, [&](std::uint64_t, std::span<const std::byte> piece) { use(piece); });
        };
      else  // the parts may come in any order
        tensor.pieces = [reader, key, &entry](const TensorFile::Use& use) {
          use(reader.bundle().read(key, entry).bytes());
        };
      tensors.push_back(std::move(tensor));
    }
  return {reader.prefix(), std::move(tensors), std::move(metadata)};
}

// Writes a checkpoint of one data file. Numbers pass through a small buffer; all strings are held in memory. With
// TensorNames::keys, a name of a file that has no object graph is a key, and the checkpoint is name-based, as
// TensorFlow 1 reads it. When it throws, the files of the prefix are unchanged. Throws Error with ErrorCode::data_loss
// for a damaged graph or value; ErrorCode::invalid_argument for a name that can be no path; ErrorCode::already_exists
// for two names with one place in the graph; ErrorCode::permission_denied, resource_exhausted or unavailable when the
// disk fails.
inline void save_checkpoint(const TensorFile& source, const PathArgument& prefix, ConvertOptions options = {},
                            io::FileSystem& files = io::native()) {
  exchange::detail::NamedGraph named;
  std::string graph_bytes;
  const auto noted = source.metadata().find(exchange::detail::graph_note);
  const bool is_noted = noted != source.metadata().end(), has_graph = is_noted && !noted->second.empty();
  if (has_graph || (!is_noted && options.names == TensorNames::paths)) {
    ObjectGraph graph;
    if (has_graph) {
      auto bytes = exchange::detail::base64_decode(noted->second);
      if (!bytes)
        throw Error(ErrorCode::data_loss, "the metadata \"" + std::string(exchange::detail::graph_note) + "\" of \"" +
                                              source.path() +
                                              "\" are not base64; leave them out, and the object graph "
                                              "is made from the names")
            .in_file(source.path());
      graph_bytes = std::move(*bytes);
      graph = format::decode_object_graph(graph_bytes);
      graph.require_ids(source.path());
    } else {
      graph.set_has_checkpoint_values(graph.add_node(), false);
    }
    const auto saved = std::make_shared<const ObjectGraph>(std::move(graph));
    std::vector<std::string_view> names;
    for (const TensorFile::Tensor& tensor : source.tensors()) names.push_back(tensor.name);
    named = exchange::detail::graph_for_names(saved, names);
    if (!has_graph || named.graph != saved) graph_bytes = bundle::encode_object_graph(*named.graph);
  }
  bundle::Writer writer(prefix, {.durability = options.durability, .progress = options.progress, .stop = options.stop},
                        files);
  writer.reserve(source.tensors().size() + 1);
  std::deque<AnyTensor> strings;
  for (const TensorFile::Tensor& tensor : source.tensors()) {
    const auto key = named.keys.find(tensor.name);
    std::string name = key == named.keys.end() ? tensor.name : key->second;
    if (tensor.dtype == DT_STRING)
      writer.add(std::move(name), strings.emplace_back(tensor.shape, tensor.strings()).view());
    else
      writer.add_streamed(std::move(name), tensor.dtype, tensor.shape, tensor.pieces);
  }
  if (named.graph != nullptr)
    writer.add(std::string(bundle::object_graph_key),
               strings.emplace_back(Shape{}, std::vector<std::string>{graph_bytes}).view());
  writer.finish();
}

// Returns the format of the file at a path: npz files begin with a zip header, safetensors files with the size of a
// JSON object. Every other path, also one that leads nowhere, is taken for a checkpoint.
[[nodiscard]] inline FileFormat format_of(const PathArgument& path, io::FileSystem& files = io::native()) {
  const std::string name = path.string();
  if (!files.exists(name) || files.is_directory(name)) return FileFormat::tensorflow;
  const bundle::detail::FileKind kind = bundle::detail::kind_of_file(name, files);
  if (kind == bundle::detail::FileKind::npz) return FileFormat::npz;
  if (kind == bundle::detail::FileKind::safetensors) return FileFormat::safetensors;
  return FileFormat::tensorflow;
}

namespace exchange::detail {

// Returns the file without the tensors that the other format cannot hold. These are told to `leave_out`; where that is
// empty, the first of them is thrown as an Error.
[[nodiscard]] inline TensorFile convertible(TensorFile source, FileFormat format, const std::string& to,
                                            bool wants_paths, const LeaveOut& leave_out) {
  std::vector<const TensorFile::Tensor*> kept;
  for (const TensorFile::Tensor& tensor : source.tensors()) try {
      if (format == FileFormat::npz)
        require_for_npz(tensor, to);
      else if (format == FileFormat::safetensors)
        require_for_safetensors(tensor, to);
      else if (wants_paths)
        static_cast<void>(foreign_name(tensor.name));
      kept.push_back(&tensor);
    } catch (const Error& error) {
      if (!leave_out) throw;
      leave_out(tensor.name, error);
    }
  if (kept.size() == source.tensors().size()) return source;
  std::vector<TensorFile::Tensor> tensors;
  for (const TensorFile::Tensor* const tensor : kept) tensors.push_back(*tensor);
  return {source.path(), std::move(tensors), source.metadata()};
}

// Writes the tensors as `format` and adds to the report, which `leave_out` may do, too.
inline void write_converted(TensorFile all, FileFormat format, const PathArgument& to, const ConvertOptions& options,
                            const LeaveOut& leave_out, ConvertReport& report, io::FileSystem& files) {
  const bool is_noted = all.metadata().contains(graph_note);
  report.has_graph_from_names = format == FileFormat::tensorflow && !is_noted && options.names == TensorNames::paths;
  const TensorFile source = convertible(std::move(all), format, to.string(), report.has_graph_from_names, leave_out);
  std::uint64_t bytes = 0;
  for (const TensorFile::Tensor& tensor : source.tensors())
    bytes += static_cast<std::uint64_t>(tensor.shape.num_elements()) * size_of(tensor.dtype);
  files.expect(bytes);
  if (format == FileFormat::safetensors)
    save_safetensors(source, to, options.durability, files);
  else if (format == FileFormat::npz)
    save_npz(source, to, options.durability, files);
  else
    save_checkpoint(source, to, options, files);
}

// Writes a checkpoint as a safetensors file without a list of its tensors. Returns false where that is not possible, or
// anything is wrong with it; nothing was changed then.
[[nodiscard]] inline bool stream_to_safetensors(const CheckpointReader& reader, const PathArgument& to,
                                                const ConvertOptions& options, io::FileSystem& files) {
  SafetensorsStream stream(reader, options.names == TensorNames::paths);
  try {
    if (!stream.prepare()) return false;
    files.expect(stream.bytes());
    return stream.write(to.string(), options.durability, files);
  } catch (const Error& error) {
    for (const ErrorCode code : {ErrorCode::data_loss, ErrorCode::unimplemented, ErrorCode::not_found})
      if (error.code() == code) return false;
    throw;
  }
}

// Calls work(options without `progress` and `stop`, leave_out, report, files), and watches it for these.
template <class Work>
ConvertReport convert_watched(const std::string& from, ConvertOptions options, io::FileSystem& files, Work work) {
  const io::detail::Watch watch(options.progress, options.stop, files, "converting", from, io::detail::Watch::writing);
  options.progress = {};
  options.stop = {};
  ConvertReport report;
  LeaveOut leave_out;
  if (options.skip)
    leave_out = [&](const std::string& name, const Error& error) { report.left_out.push_back({name, error.what()}); };
  work(options, leave_out, report, watch.files());
  watch.finish();
  return report;
}

}  // namespace exchange::detail

// Converts any of the three formats to any other, or to itself with other names. `from` is the path of a file, a
// checkpoint, a directory (its latest checkpoint), or a SavedModel; `to` is that of a file, or the prefix of a
// checkpoint. When it throws, `to` is unchanged. Throws Error with ErrorCode::not_found when there is nothing at
// `from`; ErrorCode::data_loss when it is damaged; ErrorCode::unimplemented and invalid_argument for a tensor that the
// format cannot hold, unless options.skip; ErrorCode::failed_precondition for a checkpoint of a CheckpointManager with
// another format than TensorFlow's; ErrorCode::permission_denied, resource_exhausted or unavailable when the disk
// fails.
inline ConvertReport convert(const PathArgument& from, FileFormat format, const PathArgument& to,
                             ConvertOptions options = {}, io::FileSystem& files = io::native()) {
  return exchange::detail::convert_watched(
      from.string(), std::move(options), files,
      [&](const ConvertOptions& how, const auto& leave_out, ConvertReport& report, io::FileSystem& watched) {
        const FileFormat found = format_of(from, watched);
        if (found == FileFormat::tensorflow && format == FileFormat::safetensors &&
            exchange::detail::stream_to_safetensors(CheckpointReader(from, watched), to, how, watched))
          return;
        TensorFile all = found == FileFormat::npz ? exchange::detail::read_npz(from, watched, leave_out)
                         : found == FileFormat::safetensors
                             ? exchange::detail::read_safetensors(from, watched, leave_out)
                             : tensors_of(CheckpointReader(from, watched), how.names);
        exchange::detail::write_converted(std::move(all), format, to, how, leave_out, report, watched);
      });
}

// Converts tensors that are open already, such as those that read_keras returns. When it throws, `to` is unchanged.
// Throws Error with ErrorCode::data_loss when a value is damaged; ErrorCode::unimplemented and invalid_argument for a
// tensor that the format cannot hold, unless options.skip; ErrorCode::permission_denied, resource_exhausted or
// unavailable when the disk fails.
inline ConvertReport convert(const TensorFile& from, FileFormat format, const PathArgument& to,
                             ConvertOptions options = {}, io::FileSystem& files = io::native()) {
  return exchange::detail::convert_watched(
      from.path(), std::move(options), files,
      [&](const ConvertOptions& how, const auto& leave_out, ConvertReport& report, io::FileSystem& watched) {
        exchange::detail::write_converted(from, format, to, how, leave_out, report, watched);
      });
}

}  // namespace CAIRN_NAMESPACE
