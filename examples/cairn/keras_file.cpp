#include "keras_file.hpp"

#include "output.hpp"
#include "progress.hpp"
#include "system.hpp"

#include <cairn/bundle/detail/file_kind.hpp>
#include <cairn/bundle/index.hpp>
#include <cairn/bundle/object_graph.hpp>
#include <cairn/bundle/reader.hpp>
#include <cairn/bundle/writer.hpp>
#include <cairn/exchange/convert.hpp>
#include <cairn/exchange/detail/named_graph.hpp>
#include <cairn/io/native.hpp>
#include <cairn/reflect/detail/nearest.hpp>
#include <cairn/testing/memory_file_system.hpp>

#ifdef CAIRN_TOOL_WITH_HDF5
#include <cairn/exchange/hdf5.hpp>
#endif

#include <algorithm>
#include <cstdint>
#include <new>

namespace tool {

using cairn::Error;
using cairn::ErrorCode;
using cairn::TensorFile;

#ifdef CAIRN_TOOL_WITH_HDF5

#define CAIRN_TOOL_TEXT(number) #number
#define CAIRN_TOOL_NUMBER(number) CAIRN_TOOL_TEXT(number)
std::string_view hdf5_in_words() {
  return "with HDF5 " CAIRN_TOOL_NUMBER(H5_VERS_MAJOR) "." CAIRN_TOOL_NUMBER(H5_VERS_MINOR) "." CAIRN_TOOL_NUMBER(
      H5_VERS_RELEASE);
}
#undef CAIRN_TOOL_NUMBER
#undef CAIRN_TOOL_TEXT

namespace {

std::string config_in(const std::string& path);

// The bytes of memory that a file may cost: Keras' files are a few large values, so that its structure takes little beside
// them. A .keras file is held in memory; while it is read it is there up to three times.
[[nodiscard]] std::uint64_t memory_for(const std::string& path) {
  using cairn::bundle::detail::FileKind;
  constexpr std::uint64_t always = std::uint64_t{64} << 20, times = 4;
  std::uint64_t bytes = 0;
  if (cairn::exchange::detail::is_list_of_shards(path))
    for (const auto& shard : cairn::exchange::detail::read_shards(path, cairn::io::native()))
      bytes += cairn::io::native().open(shard.path)->size();
  else
    bytes = cairn::io::native().open(path)->size();
  if (cairn::bundle::detail::kind_of_file(path, cairn::io::native()) == FileKind::keras) {
    const cairn::exchange::detail::ZipReader zip(cairn::io::native(), path);
    for (const auto& member : zip.members()) bytes = std::max(bytes, member.bytes);
  }
  return always + times * std::min(bytes, UINT64_MAX / 2 / times);
}

// The library has been seen to die of damaged HDF5 files, and to ask for the memory that such a file says, so that a
// process of its own looks first: at all names, and at the values where they are not many.
void require_survivable(const std::string& path) {
  static std::string last;
  if (last == path) return;
  H5dont_atexit();  // which prints when a damaged file has left something open
  const std::uint64_t memory = memory_for(path);
  const auto look_at_names = [&] {
    const MemoryLimit limit(memory);
    try {
      (void)config_in(path);
    } catch (const Error&) {  // the weights are read all the same
    }
    return cairn::read_keras(path);
  };
  const Outcome outcome = try_apart([&] {
    constexpr std::uint64_t not_many = std::uint64_t{64} << 20;
    const TensorFile weights = look_at_names();
    if (path.ends_with(".weights.json") || cairn::io::native().open(path)->size() > not_many) return;
    for (const TensorFile::Tensor& tensor : weights.tensors()) try {
        if (tensor.pieces) tensor.pieces([](std::span<const std::byte>) {});
      } catch (const Error&) {  // the others are looked at all the same
      }
  });
  if (outcome == Outcome::ended)
    throw Error(ErrorCode::data_loss, "the HDF5 library does not survive reading \"" + path +
                                          "\"; the file is damaged, or was made to do harm")
        .in_file(path);
  if (outcome == Outcome::thrown) try {  // with the same memory, which may be what was missing
      (void)look_at_names();
    } catch (const std::bad_alloc&) {
      throw Error(ErrorCode::data_loss, "the HDF5 library wants more memory for \"" + path + "\" than " +
                                            std::to_string(memory) +
                                            " bytes; the file is damaged, or was made to do harm")
          .in_file(path);
    }
  last = path;
}

}  // namespace

TensorFile read_keras_file(const std::string& path) {
  require_survivable(path);
  return cairn::read_keras(path);
}

SavedKerasModel saved_keras_model(const std::string& path) {
  require_survivable(path);
  const MemoryLimit limit(memory_for(path));
  SavedKerasModel saved{.config = config_in(path)};
  const TensorFile weights = cairn::read_keras(path);
  for (const TensorFile::Tensor& tensor : weights.tensors()) saved.tensors.push_back(tensor.name);
  saved.is_counted =
      cairn::bundle::detail::kind_of_file(path, cairn::io::native()) == cairn::bundle::detail::FileKind::keras;
  return saved;
}

namespace {

std::string config_in(const std::string& path) {
  using cairn::bundle::detail::FileKind;
  if (path.ends_with(".weights.json")) return {};
  if (cairn::bundle::detail::kind_of_file(path, cairn::io::native()) != FileKind::keras) {
    const auto file = cairn::exchange::detail::weights_file(path, cairn::io::native());
    (void)file->datasets();  // so that no link leads out of it
    const std::vector<std::string> texts = file->names("/", "model_config");
    return texts.empty() ? "" : texts.front();
  }
  constexpr std::uint64_t max_bytes = 1 << 28;
  const cairn::exchange::detail::ZipReader zip(cairn::io::native(), path);
  std::string config;
  for (const auto& member : zip.members()) {
    if (member.name != "config.json" || member.bytes > max_bytes) continue;
    zip.read(member, [&](std::span<const std::byte> piece) {
      config.append(reinterpret_cast<const char*>(piece.data()), piece.size());
      return true;
    });
  }
  return config;
}

}  // namespace

#else

std::string_view hdf5_in_words() { return "without HDF5, so that it reads no files of Keras"; }

SavedKerasModel saved_keras_model(const std::string& path) { return {.config = read_keras_file(path).path()}; }

TensorFile read_keras_file(const std::string& path) {
  (void)cairn::io::native().open(path);  // says when there is none
  throw Error(
      ErrorCode::unimplemented,
      "\"" + path +
          "\" is a file of Keras, and this cairn was built without the HDF5 library, which reads those; install "
          "it (Debian: libhdf5-dev) and build cairn anew")
      .in_file(path);
}

#endif

namespace {

// By its name alone; a checkpoint may be called so, too.
[[nodiscard]] bool has_keras_name(const std::string& path) {
  return path.ends_with(".keras") || path.ends_with(".h5") || path.ends_with(".weights.json");
}

}  // namespace

bool is_keras_file(const std::string& path) {
  cairn::io::FileSystem& files = cairn::io::native();
  if (files.is_directory(path)) return false;
  if (has_keras_name(path)) return !files.exists(cairn::bundle::index_path(path));
  if (!files.exists(path)) return false;
  using cairn::bundle::detail::FileKind;
  const FileKind kind = cairn::bundle::detail::kind_of_file(path, files);
  return kind == FileKind::keras || kind == FileKind::keras_weights || kind == FileKind::hdf5;
}

void refuse_keras_file(const std::string& path) {
  if (!is_keras_file(path)) return;
  (void)cairn::io::native().open(path);  // says when there is none
  throw Error(ErrorCode::failed_precondition,
              "\"" + path +
                  "\" is a file of Keras, and this works on checkpoints alone; make one of it first: cairn convert " +
                  path + " --to tf --out imported/ckpt")
      .in_file(path);
}

const TensorFile::Tensor& tensor_of(const TensorFile& weights, const std::string& name) {
  if (weights.contains(name)) return weights.at(name);
  std::string dotted = name;
  std::replace(dotted.begin(), dotted.end(), '/', '.');
  if (weights.contains(dotted)) return weights.at(dotted);
  cairn::reflect::detail::Nearest search{.wrong = dotted};
  std::string nearest;
  for (const TensorFile::Tensor& each : weights.tensors())
    if (search.offer(each.name)) nearest = each.name;
  throw Error(ErrorCode::not_found, "\"" + weights.path() + "\" has no tensor \"" + name + "\"; " +
                                        (nearest.empty() ? "cairn ls lists them" : "did you mean " + nearest + "?"))
      .in_file(weights.path())
      .at_key(name);
}

namespace {

// Writes what a checkpoint says of its tensors, without their values.
void save_index(const TensorFile& weights, const std::string& prefix, cairn::io::FileSystem& files) {
  cairn::ObjectGraph graph;
  graph.set_has_checkpoint_values(graph.add_node(), false);
  std::vector<std::string_view> names;
  for (const TensorFile::Tensor& tensor : weights.tensors()) names.push_back(tensor.name);
  const cairn::exchange::detail::NamedGraph named =
      cairn::exchange::detail::graph_for_names(std::make_shared<const cairn::ObjectGraph>(std::move(graph)), names);
  const cairn::AnyTensor text(cairn::Shape{},
                              std::vector<std::string>{cairn::bundle::encode_object_graph(*named.graph)});
  cairn::bundle::Writer writer(prefix, {}, files);
  writer.add(std::string(cairn::bundle::object_graph_key), text.view());
  writer.finish();
  cairn::bundle::Index index = cairn::bundle::Reader(prefix, files).index();
  for (const TensorFile::Tensor& tensor : weights.tensors()) {
    cairn::bundle::Entry entry;
    entry.dtype = tensor.dtype;
    entry.shape = tensor.shape;
    entry.size = static_cast<std::uint64_t>(tensor.shape.num_elements()) * cairn::size_of(tensor.dtype);
    index.entries.emplace_back(named.keys.at(tensor.name), std::move(entry));
  }
  std::sort(index.entries.begin(), index.entries.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  const std::string bytes = cairn::bundle::encode_index(std::move(index));
  const std::string path = cairn::bundle::index_path(prefix);
  files.remove(path);
  const auto file = files.create(path);
  file->write(0, std::as_bytes(std::span(bytes)));
  file->close();
}

}  // namespace

FilesWithKeras::FilesWithKeras() = default;
FilesWithKeras::~FilesWithKeras() = default;

std::string FilesWithKeras::find(const std::string& path, Values values) {
  if (!is_keras_file(path)) return find_checkpoint(path);
  if (memory_ == nullptr) memory_ = std::make_unique<cairn::testing::MemoryFileSystem>();
  if (memory_->exists(cairn::bundle::index_path(path))) return path;
  const TensorFile weights = read_keras_file(path);
  memory_->create_directories(cairn::io::parent_directory(path));
  if (values == Values::whole)
    cairn::save_checkpoint(weights, path, {.durability = cairn::Durability::none}, *memory_);
  else
    save_index(weights, path, *memory_);
  return path;
}

cairn::io::FileSystem& FilesWithKeras::of(const std::string& path) {
  return memory_ != nullptr && memory_->exists(path) && !memory_->is_directory(path) ? *memory_ : cairn::io::native();
}
std::unique_ptr<cairn::io::ReadableFile> FilesWithKeras::open(const std::string& path) { return of(path).open(path); }
bool FilesWithKeras::exists(const std::string& path) { return of(path).exists(path); }
bool FilesWithKeras::is_directory(const std::string& path) { return of(path).is_directory(path); }
// All that is written is the machine's.
std::unique_ptr<cairn::io::WritableFile> FilesWithKeras::create(const std::string& path) {
  return cairn::io::native().create(path);
}
void FilesWithKeras::rename(const std::string& from, const std::string& to) { cairn::io::native().rename(from, to); }
void FilesWithKeras::remove(const std::string& path) { cairn::io::native().remove(path); }
void FilesWithKeras::sync_directory(const std::string& path) { cairn::io::native().sync_directory(path); }
bool FilesWithKeras::create_directory(const std::string& path) { return cairn::io::native().create_directory(path); }
std::vector<std::string> FilesWithKeras::list_directory(const std::string& path) {
  return cairn::io::native().list_directory(path);
}
std::unique_ptr<cairn::io::FileLock> FilesWithKeras::lock(const std::string& path, std::string_view owner) {
  return cairn::io::native().lock(path, owner);
}

}  // namespace tool
