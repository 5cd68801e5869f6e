// Cases of TensorFlow's tensor_bundle_test.cc, with its names; tests/README.md lists all.
#include <cairn/bundle/writer.hpp>

#include <doctest/doctest.h>

#include <cairn/bundle/merge.hpp>
#include <cairn/bundle/reader.hpp>
#include <cairn/bundle/rewrite.hpp>

#include "bundle/bundles.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace bundle = cairn::bundle;
namespace io = cairn::io;
using bundle::Reader;
using bundle::Writer;
using cairn::AnyTensor;
using cairn::DType;
using cairn::ErrorCode;
using cairn::Shape;
using cairn::TensorView;
using cairn::test::code_of;
using cairn::test::put_bundle;
using cairn::test::read_file;
using cairn::test::sentence_of;
using cairn::test::view_of;
using Names = std::vector<std::string>;

namespace {

// Numbers of any dtype whose bytes are all `value`.
AnyTensor filled(DType dtype, const Shape& shape, int value) {
  AnyTensor tensor(dtype, shape);
  for (std::byte& each : tensor.bytes()) each = static_cast<std::byte>(value);
  return tensor;
}
TensorView view(const AnyTensor& tensor) { return TensorView(tensor.dtype(), tensor.shape(), tensor.bytes()); }

Names keys_of(const Reader& reader) {
  Names keys;
  for (const auto& item : reader.entries()) keys.push_back(item.first);
  return keys;
}

// With one tensor "key" of six floats.
void write_floats(io::FileSystem& files, const std::string& prefix, float value) {
  const std::vector<float> values(6, value);
  Writer writer(prefix, {}, files);
  writer.add("key", view_of(values, {2, 3}));
  writer.finish();
}

void replace(io::FileSystem& files, const std::string& path, const std::string& content) {
  files.remove(path);
  cairn::test::write_file(files, path, content);
}

constexpr std::array all_dtypes{
    cairn::DT_FLOAT,  cairn::DT_DOUBLE,    cairn::DT_INT32,  cairn::DT_UINT8,      cairn::DT_INT16,   cairn::DT_INT8,
    cairn::DT_HALF,   cairn::DT_COMPLEX64, cairn::DT_INT64,  cairn::DT_COMPLEX128, cairn::DT_BOOL,    cairn::DT_QINT32,
    cairn::DT_QUINT8, cairn::DT_QINT8,     cairn::DT_UINT32, cairn::DT_UINT64,     cairn::DT_BFLOAT16};

}  // namespace

TEST_CASE("SwapBytes: numbers of the other byte order are turned, of every size, halves of a complex by themselves") {
  const std::string bytes("\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10", 16);
  for (const DType dtype : all_dtypes) {
    CAPTURE(cairn::to_string(dtype));
    const std::size_t element = cairn::size_of(dtype);
    const bool is_complex = dtype == cairn::DT_COMPLEX64 || dtype == cairn::DT_COMPLEX128;
    const std::size_t number = is_complex ? element / 2 : element;
    cairn::testing::MemoryFileSystem files;
    bundle::Index index;
    index.big_endian = !index.big_endian;
    index.entries = {{"x", cairn::test::entry_of(dtype, {static_cast<std::int64_t>(16 / element)}, bytes)}};
    put_bundle(files, "p", index, {bytes});
    const AnyTensor tensor = Reader("p", files).read("x");
    for (std::size_t i = 0; i < 16; ++i)
      CHECK(tensor.bytes()[i] == static_cast<std::byte>(bytes[i / number * number + number - 1 - i % number]));
  }
}

TEST_CASE("Basic: tensors of every dtype come back, keys are sorted, and two bundles merge") {
  for (const DType dtype : all_dtypes) {
    CAPTURE(cairn::to_string(dtype));
    cairn::testing::MemoryFileSystem files;
    for (const std::string name : {"foo", "bar"}) {
      Writer writer(name, {}, files);
      std::vector<AnyTensor> tensors;
      for (const int i : {3, 0, 2, 1}) tensors.push_back(filled(dtype, {2, 3}, i));
      std::size_t next = 0;
      for (const int i : {3, 0, 2, 1}) writer.add(name + "_00" + std::to_string(i), view(tensors[next++]));
      writer.finish();
      const Reader reader(name, files);
      CHECK(keys_of(reader) == Names{name + "_000", name + "_001", name + "_002", name + "_003"});
      CHECK(reader.lookup(name + "_001").offset > reader.lookup(name + "_002").offset);
    }
    bundle::merge(Names{"foo", "bar"}, "merged", {}, files);
    const Reader merged("merged", files);
    CHECK(keys_of(merged).size() == 8);
    CHECK(merged.contains("foo_003"));
    CHECK(!merged.contains("foo_004"));
    CHECK(merged.lookup("bar_000").shape == Shape{2, 3});
    for (const int i : {0, 1, 2, 3}) {
      CHECK(merged.read("foo_00" + std::to_string(i)) == filled(dtype, {2, 3}, i));
      CHECK(merged.read("bar_00" + std::to_string(i)) == filled(dtype, {2, 3}, i));
    }
  }
}

TEST_CASE("Endianness: bundles of the other byte order are read, and merged with each other") {
  cairn::testing::MemoryFileSystem files;
  for (const std::string name : {"foo", "bar"}) {
    const std::string bytes("\x00\x00\x00\x2a", 4);
    bundle::Index index;
    index.big_endian = true;
    index.entries = {{name, cairn::test::entry_of(cairn::DT_INT32, {}, bytes)}};
    put_bundle(files, name, index, {bytes});
    CHECK(Reader(name, files).read(name).scalar<std::int32_t>() == 42);
  }
  bundle::merge(Names{"foo", "bar"}, "merged", {}, files);
  const Reader merged("merged", files);
  CHECK(merged.big_endian());
  CHECK(merged.read("foo").scalar<std::int32_t>() == 42);
  CHECK(merged.read("bar").scalar<std::int32_t>() == 42);
}

TEST_CASE("PartitionedVariables: a column and nine columns, read whole, across both and within one") {
  cairn::testing::MemoryFileSystem files;
  const std::vector<float> zeros(5, 0), ones(45, 1);
  {
    Writer writer("p", {}, files);
    writer.add_slice("foo", {5, 10}, {{}, {0, 1}}, view_of(zeros, {5, 1}));
    writer.add_slice("foo", {5, 10}, {{}, {1, 9}}, view_of(ones, {5, 9}));
    writer.finish();
  }
  const Reader reader("p", files);
  CHECK(reader.lookup("foo").shape == Shape{5, 10});
  CHECK(reader.lookup("foo").slices == cairn::core::detail::Vec<bundle::TensorSlice>{{{}, {0, 1}}, {{}, {1, 9}}});
  const AnyTensor whole = reader.read("foo");
  for (std::size_t i = 0; i < 50; ++i) CHECK(whole.span<float>()[i] == (i % 10 == 0 ? 0.0f : 1.0f));
  const AnyTensor across = reader.read_slice("foo", {{}, {0, 2}});
  CHECK(across.shape() == Shape{5, 2});
  for (std::size_t i = 0; i < 10; ++i) CHECK(across.span<float>()[i] == (i % 2 == 0 ? 0.0f : 1.0f));
  const AnyTensor within = reader.read_slice("foo", {{}, {2, 2}});
  for (const float value : within.span<float>()) CHECK(value == 1);
}

TEST_CASE("EquivalentSliceTest: a slice that is everything by its numbers is everything") {
  cairn::testing::MemoryFileSystem files;
  const std::vector<float> ones(50, 1), half(25, 1);
  Writer writer("p", {}, files);
  writer.add_slice("no_extents", {5, 10}, {{}, {}}, view_of(ones, {5, 10}));
  writer.add_slice("both_extents", {5, 10}, {{0, 5}, {0, 10}}, view_of(ones, {5, 10}));
  writer.add_slice("cut", {5, 10}, {{0, 5}, {0, 5}}, view_of(half, {5, 5}));
  writer.add_slice("cut", {5, 10}, {{}, {5, 5}}, view_of(half, {5, 5}));
  writer.finish();
  const Reader reader("p", files);
  for (const char* key : {"no_extents", "both_extents", "cut"}) {
    CAPTURE(key);
    CHECK(reader.read(key) == AnyTensor(view_of(ones, {5, 10})));
    CHECK(reader.read_slice(key, {{}, {}}) == reader.read(key));
    CHECK(reader.read_slice(key, {{0, 5}, {0, 10}}) == reader.read(key));
    CHECK(reader.read_slice(key, {{}, {0, 5}}) == reader.read_slice(key, {{0, 5}, {0, 5}}));
  }
}

TEST_CASE("NonStandardShapes: scalars, and shapes without elements") {
  for (const DType dtype : all_dtypes) {
    CAPTURE(cairn::to_string(dtype));
    cairn::testing::MemoryFileSystem files;
    const AnyTensor scalar = filled(dtype, {}, 1), none = filled(dtype, {0, 1618}, 0),
                    flat = filled(dtype, {16, 0, 18}, 0);
    Writer writer("p", {}, files);
    writer.add("scalar", view(scalar));
    writer.add("non_standard0", view(none));
    writer.add("non_standard1", view(flat));
    writer.finish();
    const Reader reader("p", files);
    CHECK(reader.read("scalar") == scalar);
    CHECK(reader.read("non_standard0") == none);
    CHECK(reader.read("non_standard1") == flat);
  }
}

TEST_CASE("StringTensorsOldFormat: lengths as varint32 are the same bytes under the same checksum") {
  // What TensorFlow wrote before lengths could be 64 bits wide: the lengths, their checksum, the strings.
  cairn::testing::MemoryFileSystem files;
  const Names strings{"hello", "", std::string(300, 'x')};
  Writer writer("new", {}, files);
  writer.add("strs", TensorView({3}, strings));
  writer.finish();
  const std::string written = read_file(files, bundle::data_path("new", 0, 1));
  CHECK(written.substr(0, 4) == std::string("\x05\x00\xac\x02", 4));  // varint32 5, 0, 300
  std::uint32_t lengths_crc = 0;
  std::string lengths;
  for (const std::uint32_t length : {5u, 0u, 300u}) cairn::format::append_fixed32(lengths, length);
  lengths_crc = cairn::test::masked_crc(lengths);
  std::string old("\x05\x00\xac\x02", 4), summed = lengths;
  cairn::format::append_fixed32(old, lengths_crc);
  cairn::format::append_fixed32(summed, lengths_crc);
  for (const std::string& each : strings) {
    old += each;
    summed += each;
  }
  if (std::endian::native == std::endian::little) CHECK(written == old);
  bundle::Index index;
  index.big_endian = false;
  index.entries = {{"strs", cairn::test::entry_of(cairn::DT_STRING, {3}, old)}};
  index.entries[0].second.crc32c = cairn::test::masked_crc(summed);
  put_bundle(files, "old", index, {old});
  CHECK(Reader("old", files).read_strings("strs") == strings);
}

TEST_CASE("StringTensors: empty, long and many strings, with numbers between them") {
  cairn::testing::MemoryFileSystem files;
  const Names empty{""}, scalar{"hello"}, strings{"hello", "", "x01", std::string(std::size_t{1} << 25, 'c')};
  const std::vector<float> floats(6, 16.18f);
  Writer writer("p", {}, files);
  writer.add("string_tensor", TensorView({1}, empty));
  writer.add("scalar", TensorView({}, scalar));
  writer.add("strs", TensorView({4}, strings));
  writer.add("floats", view_of(floats, {2, 3}));
  writer.finish();
  const Reader reader("p", files);
  CHECK(keys_of(reader) == Names{"floats", "scalar", "string_tensor", "strs"});
  CHECK(reader.read_strings("string_tensor") == empty);
  CHECK(reader.read_strings("scalar") == scalar);
  CHECK((reader.read_strings("strs") == strings));
  CHECK(reader.read("floats") == AnyTensor(view_of(floats, {2, 3})));
}

TEST_CASE("VariantTensors: their bytes go from bundle to bundle, checked and as they are") {
  cairn::testing::MemoryFileSystem files;
  cairn::bundle::detail::NumberCrc crc(std::endian::native == std::endian::big);
  std::string data;
  for (const std::string message : {"abc", ""}) {  // length, message, running checksum
    data += static_cast<char>(message.size());
    data += message;
    crc.add(std::uint64_t{message.size()});
    crc.add_bytes(std::as_bytes(std::span(message)));
    const std::uint32_t checksum = crc.masked();
    data += cairn::test::text_of(std::as_bytes(std::span(&checksum, 1)));
    crc.add(checksum);
  }
  bundle::Index index;
  index.entries = {{"v", cairn::test::entry_of(cairn::DT_VARIANT, {2}, data)}};
  index.entries[0].second.crc32c = crc.masked();
  put_bundle(files, "p", index, {data});
  bundle::rewrite(Reader("p", files), "copy", {}, files);
  const Reader copy("copy", files);
  CHECK(copy.lookup("v").dtype == cairn::DT_VARIANT);
  CHECK(copy.lookup("v").crc32c == crc.masked());
  CHECK(cairn::test::text_of(copy.read_stored("v")) == data);
}

TEST_CASE("DirectoryStructure: the files of a bundle, of a renamed one and of a merged one") {
  cairn::testing::MemoryFileSystem files;
  write_floats(files, "d/worker0", 0);
  write_floats(files, "d/worker1", 0);
  CHECK(files.list_directory("d") ==
        Names{"worker0.data-00000-of-00001", "worker0.index", "worker1.data-00000-of-00001", "worker1.index"});
  bundle::merge(Names{"d/worker0"}, "d/another", {}, files);
  CHECK(files.list_directory("d") ==
        Names{"another.data-00000-of-00001", "another.index", "worker1.data-00000-of-00001", "worker1.index"});
  files.remove("d/worker1.index");
  files.remove("d/worker1.data-00000-of-00001");
  const int other = 1;
  Writer writer("d/worker1", {}, files);
  writer.add("other", view_of(other));
  writer.finish();
  bundle::merge(Names{"d/another", "d/worker1"}, "d/merged", {}, files);
  CHECK(files.list_directory("d") == Names{"merged.data-00000-of-00002", "merged.data-00001-of-00002", "merged.index"});
}

TEST_CASE("SortForSequentialAccess: a bundle's contents come in the order of shard and offset") {
  cairn::testing::MemoryFileSystem files;
  const int value = 1;
  Writer writer("p", {}, files);
  for (const char* key : {"d", "b"}) writer.add(key, view_of(value));
  writer.begin_shard();
  for (const char* key : {"c", "a"}) writer.add(key, view_of(value));
  writer.finish();
  const Reader reader("p", files);
  Names order;
  for (const auto& [shard, items] : bundle::contents(reader))
    for (const auto& item : items) order.push_back(std::to_string(shard) + std::string(item.key));
  CHECK(order == Names{"0d", "0b", "1c", "1a"});
}

TEST_CASE("Error: a duplicate key, a second finish and what is not there") {
  cairn::testing::MemoryFileSystem files;
  const int value = 1;
  Writer writer("dup", {}, files);
  writer.add("foo", view_of(value));
  CHECK(code_of([&] { writer.add("foo", view_of(value)); }) == ErrorCode::already_exists);
  writer.finish();  // the refused one is not in it; TensorFlow's writer is spoilt by now
  CHECK(keys_of(Reader("dup", files)) == Names{"foo"});
  CHECK(code_of([&] { writer.finish(); }) == ErrorCode::failed_precondition);
  CHECK(code_of([&] { Reader("nonexist", files); }) == ErrorCode::not_found);
}

TEST_CASE("Checksum: damage in numbers, in strings' lengths and in strings is told apart") {
  cairn::testing::MemoryFileSystem files;
  const Names strings{"hello", "world"};
  const std::vector<float> floats(6, 1.0f);
  const auto sentence = [&](bool is_string, std::size_t at) {
    Writer writer("p", {}, files);
    writer.add("foo", is_string ? TensorView({2}, strings) : view_of(floats, {2, 3}));
    writer.finish();
    const std::string path = bundle::data_files("p", files).at(0);
    std::string data = read_file(files, path);
    data.at(at) = static_cast<char>(~data[at]);
    replace(files, path, data);
    const Reader reader("p", files);
    CHECK(code_of([&] { (void)reader.read("foo"); }) == ErrorCode::data_loss);
    return sentence_of([&] { (void)reader.read("foo"); });
  };
  for (std::size_t at = 0; at < 24; ++at) CHECK(sentence(false, at).find("checksum") != std::string::npos);
  const auto is_of_lengths = [&](std::size_t at) {
    const std::string found = sentence(true, at);
    return found.find("strings' lengths") != std::string::npos || found.find("longer than") != std::string::npos;
  };
  for (std::size_t at = 0; at < 6; ++at) CHECK(is_of_lengths(at));  // two lengths and their checksum
  for (std::size_t at = 6; at < 16; ++at) {
    CHECK(!is_of_lengths(at));
    CHECK(sentence(true, at).find("checksum") != std::string::npos);
  }
}

TEST_CASE("TruncatedTensorContents: a data file without its last byte") {
  cairn::testing::MemoryFileSystem files;
  write_floats(files, "end", 1);
  const std::string path = bundle::data_path("end", 0, 1);
  replace(files, path, read_file(files, path).substr(0, 23));
  const Reader reader("end", files);
  CHECK(code_of([&] { (void)reader.read("key"); }) == ErrorCode::data_loss);
  CHECK(sentence_of([&] { (void)reader.read("key"); }).find("ends at byte 23") != std::string::npos);
}

TEST_CASE("HeaderEntry: the number of shards, the byte order and the version are in the header") {
  cairn::testing::MemoryFileSystem files;
  write_floats(files, "b", 1);
  const Reader reader("b", files);
  CHECK(reader.num_shards() == 1);
  CHECK(reader.big_endian() == (std::endian::native == std::endian::big));
  CHECK(reader.index().version.producer == 1);
  CHECK(reader.index().version.min_consumer == 0);
}

TEST_CASE("VersionTest: a bundle for newer readers, by none, or that refuses this one") {
  cairn::testing::MemoryFileSystem files;
  const auto code = [&](cairn::format::VersionDef version) {
    bundle::Index index;
    index.version = std::move(version);
    put_bundle(files, "version_test", index, {""});
    return code_of([&] { Reader("version_test", files); });
  };
  CHECK(code({2, 2, {}}) == ErrorCode::unimplemented);   // min_consumer
  CHECK(code({-1, 0, {}}) == ErrorCode::data_loss);      // below min_producer
  CHECK(code({2, 0, {1}}) == ErrorCode::unimplemented);  // bad_consumers
  CHECK(code({2, 1, {2}}) == std::nullopt);
}

TEST_CASE("AlignmentTest: with a data_alignment of 42 every tensor begins at a multiple of it, and the rest is zeros") {
  for (const DType dtype : all_dtypes) {
    CAPTURE(cairn::to_string(dtype));
    cairn::testing::MemoryFileSystem files;
    std::vector<AnyTensor> tensors;
    for (const int i : {3, 0, 2, 1}) tensors.push_back(filled(dtype, {2, 3}, i + 1));
    Writer writer("foo", {.data_alignment = 42}, files);
    for (std::size_t i = 0; i < 4; ++i) writer.add("foo_00" + std::to_string(i), view(tensors[i]));
    writer.finish();
    const Reader reader("foo", files);
    const std::string data = read_file(files, bundle::data_path("foo", 0, 1));
    std::size_t used = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const std::string key = "foo_00" + std::to_string(i);
      CHECK(reader.lookup(key).offset % 42 == 0);
      CHECK(reader.read(key) == tensors[i]);
      used += tensors[i].bytes().size();
    }
    CHECK(data.size() % 42 == 0);
    CHECK(static_cast<std::size_t>(std::count(data.begin(), data.end(), '\0')) == data.size() - used);
  }
}
