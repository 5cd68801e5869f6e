#include <cairn/edit/checkpoint_editor.hpp>
#include <cairn/exchange/convert.hpp>

#include <doctest/doctest.h>

#include <cairn/testing/memory_file_system.hpp>

#include "bundle/bundles.hpp"
#include "edit/states.hpp"
#include "support/counting_files.hpp"
#include "support/data.hpp"
#include "support/stopping.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace bundle = cairn::bundle;
using cairn::AnyTensor;
using cairn::CheckpointReader;
using cairn::convert;
using cairn::ErrorCode;
using cairn::FileFormat;
using cairn::Shape;
using cairn::TensorFile;
using cairn::TensorNames;
using cairn::test::code_of;
using cairn::test::error_of;
using cairn::test::files_of;
using cairn::test::key;
using cairn::test::problems_of;
using cairn::test::Saved;
using cairn::test::sentence_of;
using cairn::test::Training;

namespace {

constexpr FileFormat other_formats[] = {FileFormat::safetensors, FileFormat::npz};

std::vector<std::string> names_of(const TensorFile& file) {
  std::vector<std::string> names;
  for (const auto& tensor : file.tensors()) names.push_back(tensor.name);
  return names;
}
TensorFile::Tensor numbers(std::string name, AnyTensor value) {
  TensorFile::Tensor tensor{.name = std::move(name), .dtype = value.dtype(), .shape = value.shape()};
  tensor.pieces = [value = std::move(value)](const TensorFile::Use& use) { use(value.bytes()); };
  return tensor;
}
TensorFile read(FileFormat format, const std::string& path) {
  return format == FileFormat::npz ? cairn::read_npz(path) : cairn::read_safetensors(path);
}
void save(FileFormat format, const TensorFile& source, const std::string& path) {
  format == FileFormat::npz ? cairn::save_npz(source, path) : cairn::save_safetensors(source, path);
}

// Every dtype that has numbers, with every byte, as a bundle of TensorFlow 1.
std::string save_all_dtypes(const std::string& prefix) {
  std::vector<AnyTensor> values;
  bundle::Writer writer(prefix);
  for (std::int32_t number = 1; number <= 33; ++number) {
    const auto dtype = static_cast<cairn::DType>(number);
    if (cairn::size_of(dtype) == 0) continue;
    AnyTensor value(dtype, Shape{3, 5});
    for (std::size_t i = 0; i < value.bytes().size(); ++i) value.bytes()[i] = static_cast<std::byte>(i * 7 + 1);
    values.push_back(std::move(value));
  }
  for (const AnyTensor& value : values) writer.add("of/" + to_string(value.dtype()), value.view());
  const AnyTensor empty(cairn::DT_FLOAT, Shape{0, 7}), scalar(Shape{}, std::span<const double>({1.5}));
  const AnyTensor strings(Shape{2, 2}, {"", "a", std::string("b\0c", 3), "\xff"});
  const AnyTensor with_nul(Shape{2}, {std::string("ends with\0", 10), "x"}),
      no_strings(Shape{0}, std::vector<std::string>());
  writer.add("strings", strings.view());
  writer.add("with nul", with_nul.view());
  writer.add("no strings", no_strings.view());
  writer.add("empty", empty.view());
  writer.add("scalar", scalar.view());
  writer.finish();
  return prefix;
}

}  // namespace

TEST_CASE("a checkpoint goes to safetensors and npz and back, byte for byte, by paths and by keys") {
  const Saved saved(3);
  for (const FileFormat format : other_formats)
    for (const TensorNames names : {TensorNames::paths, TensorNames::keys}) {
      convert(saved.path, format, saved.at("there"), {.names = names});
      CHECK(cairn::format_of(saved.at("there")) == format);
      bundle::remove_checkpoint(saved.at("back"));
      convert(saved.at("there"), FileFormat::tensorflow, saved.at("back"));
      CHECK(files_of(saved.at("back")) == files_of(saved.path));
      const TensorFile file = read(format, saved.at("there"));
      const bool by_paths = names == TensorNames::paths;
      CHECK(file.read(by_paths ? "model.layers.0.bias" : key("model/layers/0/bias")) ==
            CheckpointReader(saved.path).get_tensor("model.layers.0.bias"));
      CHECK(file.read(by_paths ? "note" : key("note")).strings()[0] == "first");
    }
}

// Bytes go over as they are, which are little-endian in such a file.
static constexpr bool can_stream = std::endian::native == std::endian::little;

// Converts without a list of tensors, and compares with what a list of them gives; false where it is not done so.
static bool streams(const std::string& prefix, const TensorNames names, cairn::io::FileSystem& files) {
  const CheckpointReader reader(prefix, files);
  const cairn::ConvertOptions options{.names = names, .durability = cairn::Durability::none};
  if (!cairn::exchange::detail::stream_to_safetensors(reader, "streamed", options, files)) return false;
  cairn::save_safetensors(cairn::tensors_of(reader, names), "listed", cairn::Durability::none, files);
  CHECK(cairn::test::read_file(files, "streamed") == cairn::test::read_file(files, "listed"));
  return true;
}

TEST_CASE("numbers go to safetensors without a list of them, in few calls, and to the same file as with one") {
  cairn::testing::MemoryFileSystem files;
  {
    const std::vector<float> many(400'000, 1.5f);
    const std::vector<double> few{1, 2, 3};
    const std::vector<std::string> texts{"a", "", "b"};
    const std::int8_t small = 5;
    bundle::Writer writer("p", {}, files);
    for (int i = 0; i < 5000; ++i) {
      std::string key = "model/\"quoted\"\n" + std::to_string(i * 7919 % 5000);  // in no order
      if (i % 1000 == 0)
        writer.add(key, cairn::test::view_of(many, {400, 1000}));
      else if (i % 7 == 0)
        writer.add(key, cairn::test::view_of(few, {3}));
      else if (i % 11 == 0)
        writer.add(key, cairn::test::view_of(small));
      else if (i % 501 == 0)
        writer.add(key, cairn::TensorView({3}, texts));
      else
        writer.add(key, cairn::TensorView(cairn::DT_FLOAT, {i % 4, 1},
                                          std::as_bytes(std::span(many).first(static_cast<std::size_t>(i % 4)))));
      if (i % 2000 == 0) writer.begin_shard();
    }
    writer.finish();
  }
  CHECK(streams("p", TensorNames::keys, files) == can_stream);
  cairn::test::CountingFileSystem counted(files);
  convert("p", FileFormat::safetensors, "x", {.durability = cairn::Durability::none}, counted);
  if (can_stream) CHECK(counted.counts().reads < 250);  // three times the data, once for each size of elements
  if (can_stream) CHECK(counted.counts().writes < 60);

  const std::string path = "p.data-00001-of-00004", data = cairn::test::read_file(files, path);
  std::string damaged = data;
  damaged[data.size() / 2] = static_cast<char>(damaged[data.size() / 2] ^ 1);
  files.remove(path);
  cairn::test::write_file(files, path, damaged);
  const std::string before = cairn::test::read_file(files, "x");
  const cairn::Error error = error_of([&] { return convert("p", FileFormat::safetensors, "x", {}, files); });
  CHECK(error.code() == ErrorCode::data_loss);
  CHECK(error.key().starts_with("model/"));
  CHECK(cairn::test::read_file(files, "x") == before);
  files.remove(path);
  CHECK(code_of([&] { convert("p", FileFormat::safetensors, "x", {}, files); }) == ErrorCode::data_loss);
}

TEST_CASE("names by the graph are those of a list, and what is no plain number is listed") {
  cairn::testing::MemoryFileSystem files;
  const Saved saved(3);
  for (const auto& [name, bytes] : files_of(saved.path)) cairn::test::write_file(files, "ckpt" + name, bytes);
  CHECK(streams("ckpt", TensorNames::paths, files) == can_stream);
  CHECK(streams("ckpt", TensorNames::keys, files) == can_stream);
  const auto put = [&](const std::string& key, const bundle::Entry& entry) {
    bundle::Index index;
    index.entries = {{key, entry}};
    cairn::test::put_bundle(files, "one", index, {"abcdabcdabcdabcd"});
    const bool is_streamed = streams("one", TensorNames::keys, files);
    bundle::remove_checkpoint("one", files);
    return is_streamed;
  };
  const bundle::Entry good = cairn::test::entry_of(cairn::DT_FLOAT, {1}, "abcd");
  CHECK(put("x", good) == can_stream);
  for (const char* const name : {"__metadata__", "__tensorflow__", "\xff"}) CHECK_FALSE(put(name, good));
  bundle::Entry bad = good;
  bad.shape = {2};
  CHECK_FALSE(put("x", bad));
  bad = good, bad.shard = 1;
  CHECK_FALSE(put("x", bad));
  bad = good, bad.offset = 100;
  CHECK_FALSE(put("x", bad));
  bad = good, bad.unknown_rank = true;
  CHECK_FALSE(put("x", bad));
  for (const cairn::DType dtype : {cairn::DT_VARIANT, cairn::DT_QINT32, static_cast<cairn::DType>(77)}) {
    bad = good, bad.dtype = dtype;
    CHECK_FALSE(put("x", bad));
  }
  CHECK(put("x", cairn::test::entry_of(cairn::DT_COMPLEX64, {1}, "abcdabcd")) == can_stream);
}

TEST_CASE("a value that a list holds, too, is called by the object that has a name for it") {
  const Saved saved;
  convert(saved.path, FileFormat::npz, saved.at("x.npz"));
  const TensorFile file = cairn::read_npz(saved.at("x.npz"));
  CHECK(CheckpointReader(saved.path).key_of("model.layers.1.kernel") == key("optimizer/weights/1"));
  CHECK(file.contains("model.layers.1.kernel"));
  CHECK(file.contains("optimizer.momentums.1"));
  CHECK_FALSE(file.contains("optimizer.weights.1"));
}

TEST_CASE("all dtypes, strings of any bytes, and checkpoints of TensorFlow 1 go to both formats and back") {
  const cairn::test::ScratchDirectory scratch;
  const auto at = [&](const char* name) { return (scratch.path() / name).string(); };
  const CheckpointReader original(save_all_dtypes(at("all")));
  for (const FileFormat format : other_formats) {
    convert(at("all"), format, at("there"));
    const TensorFile file = read(format, at("there"));
    CHECK(file.tensors().size() == original.bundle().entries().size());
    for (const auto& tensor : file.tensors()) {
      CAPTURE(tensor.name);
      CHECK(TensorFile::read(tensor) == original.get_tensor(tensor.name));
    }
    bundle::remove_checkpoint(at("back"));
    convert(at("there"), FileFormat::tensorflow, at("back"));
    CHECK(files_of(at("back")) == files_of(at("all")));
    const FileFormat second = format == FileFormat::npz ? FileFormat::safetensors : FileFormat::npz;
    convert(at("there"), second, at("second"));
    bundle::remove_checkpoint(at("back"));
    convert(at("second"), FileFormat::tensorflow, at("back"));
    CHECK(files_of(at("back")) == files_of(at("all")));
  }
}

TEST_CASE("numbers in a safetensors file begin at multiples of their size, whatever their order") {
  const cairn::test::ScratchDirectory scratch;
  const std::string file = (scratch.path() / "x").string();
  const AnyTensor byte(Shape{}, std::span<const std::uint8_t>({7}));
  const AnyTensor real(Shape{2}, std::span<const double>({1, 2}));
  cairn::save_safetensors(TensorFile("", {numbers("byte", byte), numbers("real", real)}, {{"made by", "a test"}}),
                          file);
  const std::string bytes = cairn::test::read_file(cairn::io::native(), file);
  const std::uint64_t header = cairn::exchange::detail::zip_number(bytes, 0, 8);
  CHECK(header % 8 == 0);
  CHECK(
      bytes.substr(8, static_cast<std::size_t>(header))
          .find(
              R"("byte":{"dtype":"U8","shape":[],"data_offsets":[16,17]},"real":{"dtype":"F64","shape":[2],"data_offsets":[0,16]})") !=
      std::string::npos);
  const TensorFile read = cairn::read_safetensors(file);
  CHECK(names_of(read) == std::vector<std::string>{"byte", "real"});
  CHECK(read.metadata() == TensorFile::Metadata{{"made by", "a test"}});
  CHECK(read.read("byte") == byte);
  CHECK(read.read("real") == real);
}

TEST_CASE("the object graph follows tensors that another program left out, added or gave another shape") {
  const Saved saved(2);
  for (const FileFormat format : other_formats) {
    convert(saved.path, format, saved.at("there"));
    const TensorFile file = read(format, saved.at("there"));
    std::vector<TensorFile::Tensor> tensors;
    for (const auto& tensor : file.tensors())
      if (!tensor.name.starts_with("optimizer")) tensors.push_back(tensor);
    tensors.push_back(numbers("model.scale", AnyTensor(cairn::DT_FLOAT, Shape{4})));
    cairn::save_checkpoint(TensorFile("edited", tensors, file.metadata()), saved.at("new"));
    CHECK(problems_of(saved.at("new")) == "");
    const CheckpointReader reader(saved.at("new"));
    CHECK(reader.has_tensor("model.layers.0.kernel"));
    CHECK(reader.has_tensor(key("model/scale")));
    CHECK_FALSE(reader.has_tensor(key("optimizer/iterations")));
    cairn::test::Body body;
    cairn::Variable<float, 4> scale;
    cairn::Checkpoint checkpoint{body};
    CHECK(checkpoint.restore(saved.at("new"), {.prefix = "model"}).only_in_program().empty());
    CHECK(body.layers[1].bias(0) == 18);
  }
}

TEST_CASE("a file of another program restores by its names") {
  const cairn::test::ScratchDirectory scratch;
  const std::string prefix = (scratch.path() / "imported").string();
  const AnyTensor kernel(Shape{2, 3}, std::span<const float>({1, 2, 3, 4, 5, 6}));
  const AnyTensor bias(Shape{3}, std::span<const float>({7, 8, 9}));
  cairn::save_checkpoint(TensorFile("torch",
                                    {numbers("layers.0.kernel", kernel), numbers("layers.0.bias", bias),
                                     numbers("layers/1/kernel", kernel), numbers(key("layers/1/bias"), bias)},
                                    {{"format", "pt"}}),
                         prefix);
  CHECK(problems_of(prefix) == "");
  cairn::test::Body body;
  cairn::Checkpoint checkpoint{body};
  checkpoint.read(prefix).assert_consumed();
  CHECK(body.layers[1].kernel(1, 2) == 6);
  CHECK(body.layers[0].bias(2) == 9);

  cairn::save_checkpoint(TensorFile("names", {numbers("a.b", kernel), numbers("c", bias)}, {}), prefix,
                         {.names = TensorNames::keys});
  CHECK_FALSE(bundle::has_object_graph(bundle::Reader(prefix)));
  CHECK(CheckpointReader(prefix).get_tensor("a.b") == kernel);
  CHECK(code_of([&] { cairn::save_checkpoint(TensorFile("names", {numbers("a..b", kernel)}, {}), prefix); }) ==
        ErrorCode::invalid_argument);
  const auto refused = [&](const TensorFile& source) {
    return error_of([&] { return cairn::save_checkpoint(source, prefix), 0; });
  };
  const cairn::Error same_place = refused(TensorFile("names", {numbers("a.b", kernel), numbers("a/b", kernel)}, {}));
  CHECK(same_place.code() == ErrorCode::already_exists);
  CHECK(same_place.key() == "a/b");
  CHECK(std::string(same_place.what()) ==
        "the tensor \"a/b\" would have the place of another one in the object graph; rename one of the two");
  const cairn::Error no_graph =
      refused(TensorFile("names", {numbers("a", kernel)}, {{"tensorflow.object_graph", "*"}}));
  CHECK(no_graph.code() == ErrorCode::data_loss);
  CHECK(no_graph.file() == "names");
  CHECK(std::string(no_graph.what()) ==
        "the metadata \"tensorflow.object_graph\" of \"names\" are not base64; leave them out, and the object graph is "
        "made from the names");
  CHECK(CheckpointReader(prefix).get_tensor("a.b") == kernel);
}

TEST_CASE(
    "keys of slot variables, of lookup tables and of the root's own values say what they are where no graph does") {
  const cairn::test::ScratchDirectory scratch;
  const std::string prefix = (scratch.path() / "imported").string();
  const AnyTensor value(Shape{2}, std::span<const float>({1, 2}));
  const std::string slot = "model/a..b/.OPTIMIZER_SLOT/opt/m/.ATTRIBUTES/VARIABLE_VALUE";
  const std::vector<std::string> keys{"/.ATTRIBUTES/note",
                                      key("model/a..b"),
                                      slot,
                                      "old/.ATTRIBUTES/table-keys",
                                      "old/.ATTRIBUTES/table-values",
                                      "words/.ATTRIBUTES/-keys",
                                      "words/.ATTRIBUTES/-values"};
  std::vector<TensorFile::Tensor> tensors;
  for (const std::string& name : keys) tensors.push_back(numbers(name, value));
  cairn::save_checkpoint(TensorFile("saved again", tensors, {}), prefix);
  CHECK(problems_of(prefix) == "");
  const CheckpointReader reader(prefix);
  for (const std::string& name : keys) CHECK(reader.bundle().contains(name));
  const cairn::ObjectGraph graph = cairn::CheckpointEditor(prefix).object_graph();
  const auto child = [&](std::size_t node, const std::string& name) {
    for (const auto each : graph[node].children)
      if (each.local_name == name) return static_cast<std::size_t>(each.node_id);
    FAIL(name);
    return std::size_t{0};
  };
  const auto slots = graph[child(0, "opt")].slot_variables;
  REQUIRE(slots.size() == 1);
  CHECK(slots[0].slot_name == "m");
  CHECK(static_cast<std::size_t>(slots[0].original_variable_node_id) == child(child(0, "model"), "a.b"));
  CHECK(graph[0].attributes[0].name == "note");
  CHECK(graph[child(0, "old")].attributes[0].name == "table");
  CHECK(graph[child(0, "words")].attributes[0].name == ".TENSORS");
  CHECK(graph[child(0, "words")].attributes.size() == 1);
  CHECK(graph[child(child(0, "model"), "a.b")].attributes[0].full_name == "model/a.b");
}

TEST_CASE("the notes of a safetensors file are a tensor, which programs keep, and no tensor of the checkpoint") {
  const Saved saved;
  convert(saved.path, FileFormat::safetensors, saved.at("there"));
  const std::string bytes = cairn::test::read_file(cairn::io::native(), saved.at("there"));
  CHECK(bytes.find("__metadata__") == std::string::npos);
  CHECK(bytes.find(R"("__tensorflow__":{"dtype":"U8")") != std::string::npos);
  const TensorFile file = cairn::read_safetensors(saved.at("there"));
  CHECK_FALSE(file.contains("__tensorflow__"));
  CHECK(file.metadata().contains("tensorflow.object_graph"));
}

TEST_CASE("what cannot be converted leaves what stood there, and nothing beside it") {
  const Saved saved;
  const std::string data = saved.path + ".data-00000-of-00001";
  for (const FileFormat format : other_formats) {
    convert(saved.path, format, saved.at("there"));
    const std::string before = cairn::test::read_file(cairn::io::native(), saved.at("there"));
    std::string bytes = cairn::test::read_file(cairn::io::native(), data);
    bytes[20] = static_cast<char>(bytes[20] ^ 1);
    std::filesystem::remove(data);
    cairn::test::write_file(cairn::io::native(), data, bytes);
    CHECK(code_of([&] { convert(saved.path, format, saved.at("there")); }) == ErrorCode::data_loss);
    CHECK(cairn::test::read_file(cairn::io::native(), saved.at("there")) == before);
    bytes[20] = static_cast<char>(bytes[20] ^ 1);
    std::filesystem::remove(data);
    cairn::test::write_file(cairn::io::native(), data, bytes);

    TensorFile::Tensor short_of_bytes = numbers("w", AnyTensor(cairn::DT_FLOAT, Shape{4}));
    short_of_bytes.shape = Shape{5};
    CHECK(code_of([&] { cairn::save_checkpoint(TensorFile("", {short_of_bytes}, {}), saved.at("new")); }) ==
          ErrorCode::invalid_argument);
    TensorFile::Tensor variant{.name = "it", .dtype = cairn::DT_VARIANT, .shape = {}};
    CHECK(sentence_of([&] {
            save(format, TensorFile("", {variant}, {}), saved.at("new"));
          }).find("the value of \"it\" is variant") == 0);
    CHECK(code_of([&] { save(format, TensorFile("", {numbers("__metadata__", AnyTensor())}, {}), saved.at("new")); }) ==
          ErrorCode::invalid_argument);
    const auto report = convert(saved.path, format, saved.at("there"), {.skip = true});
    CHECK(report.left_out.empty());
    CHECK_FALSE(report.has_graph_from_names);
  }
  CHECK(code_of([&] {
          cairn::save_safetensors(TensorFile("", {numbers("\xff", AnyTensor())}, {}), saved.at("new"));
        }) == ErrorCode::invalid_argument);
  CHECK(code_of([] { TensorFile("", {numbers("a", AnyTensor()), numbers("a", AnyTensor())}, {}); }) ==
        ErrorCode::data_loss);
  CHECK(code_of([] { static_cast<void>(TensorFile("", {}, {}).read("a")); }) == ErrorCode::not_found);
  cairn::save_npz(TensorFile("", {numbers("\xff", AnyTensor())}, {}), saved.at("x.npz"));
  const std::string no_text =
      sentence_of([&] { convert(saved.at("x.npz"), FileFormat::safetensors, saved.at("new")); });
  CHECK(no_text == "a name or a text for \"" + saved.at("new") +
                       "\" is not UTF-8, which safetensors asks for; rename the value first");
  const auto skipped = convert(saved.at("x.npz"), FileFormat::safetensors, saved.at("there"), {.skip = true}).left_out;
  REQUIRE(skipped.size() == 1);
  CHECK(skipped[0].name == "\xff");
  CHECK(skipped[0].reason.find("is not UTF-8, which safetensors asks for") != std::string::npos);
  std::filesystem::remove(saved.at("x.npz"));
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& file : std::filesystem::directory_iterator(saved.scratch.path())) ++files;
  CHECK(files == 4);  // index, data, `checkpoint`, "there"
}

TEST_CASE(
    "every checkpoint with an object graph and one data file comes back byte for byte; the others with all values") {
  const auto data = cairn::test::data_directory();
  if (!data) return cairn::test::skip("CAIRN_TEST_DATA names no folder");
  const cairn::test::ScratchDirectory scratch;
  const std::string there = (scratch.path() / "there").string(), back = (scratch.path() / "back").string();
  std::size_t same = 0, refused = 0;
  for (const std::string& prefix : cairn::test::prefixes_below(*data)) {
    CAPTURE(prefix);
    const bundle::Reader original(prefix);
    for (const FileFormat format : other_formats) {
      bundle::remove_checkpoint(back);
      try {
        convert(prefix, format, there, {.durability = cairn::Durability::none});
        convert(there, FileFormat::tensorflow, back, {.durability = cairn::Durability::none});
      } catch (const cairn::Error& error) {
        ++refused;
        const std::string sentence = error.what();
        CAPTURE(sentence);
        CHECK((sentence.find("is variant") != std::string::npos ||
               sentence.find("parts do not cover") != std::string::npos ||
               sentence.find("bytes is too long") != std::string::npos));
        continue;
      }
      const bundle::Reader converted(back);
      CHECK(bundle::has_object_graph(converted) == bundle::has_object_graph(original));
      REQUIRE(converted.entries().size() == original.entries().size());
      for (const auto& [name, entry] : original.entries()) CHECK(converted.read(name) == original.read(name));
      const bool is_plain =
          original.num_shards() == 1 && original.slices().empty() && bundle::has_object_graph(original);
      if (is_plain && prefix.find("foreign_") == std::string::npos) {
        ++same;
        CHECK(files_of(back) == files_of(prefix));
      }
    }
  }
  CHECK(same > 150);
  CHECK(refused < 20);
}

TEST_CASE("a conversion that is stopped leaves nothing behind") {
  cairn::testing::MemoryFileSystem files;
  files.create_directories("d");
  const std::vector<float> numbers(1000, 2);
  bundle::Writer writer("d/ckpt", {}, files);
  writer.add("a", cairn::test::view_of(numbers, {1000}));
  writer.add("b", cairn::test::view_of(numbers, {1000}));
  writer.finish();
  for (const auto& [format, path] :
       {std::pair(FileFormat::npz, "d/a.npz"), std::pair(FileFormat::safetensors, "d/a.safetensors"),
        std::pair(FileFormat::tensorflow, "d/copy")}) {
    const auto told = cairn::test::stopped_everywhere(
        files, "d",
        [&, to = format, out = path](const cairn::ProgressCallback& progress, const cairn::StopRequest& stop) {
          static_cast<void>(convert("d/ckpt", to, out, {.progress = progress, .stop = stop}, files));
        });
    CHECK(told.back().what == "converting \"d/ckpt\"");
    CHECK(told.back().bytes_in_all >= 2 * 4000);
    CHECK(told.back().bytes_in_all < 2 * 4000 + 200);
  }
}
