// Checkpoints in TensorFlow's old format V1: format_v1/make.py wrote those that lie there, others are put together here.
#include "cairn/bundle/detail/v1_bundle.hpp"

#include <cairn/bundle/find_checkpoint.hpp>
#include <cairn/bundle/reader.hpp>
#include <cairn/bundle/verify.hpp>
#include <cairn/format/detail/ordered_code.hpp>
#include <cairn/format/table_builder.hpp>
#include <cairn/testing/memory_file_system.hpp>

#include <doctest/doctest.h>

#include "bundle/bundles.hpp"
#include "support/append_fields.hpp"

#include <algorithm>
#include <bit>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace bundle = cairn::bundle;
namespace format = cairn::format;
namespace io = cairn::io;
using cairn::AnyTensor;
using cairn::DType;
using cairn::ErrorCode;
using cairn::Shape;
using cairn::test::code_of;
using cairn::test::sentence_of;
using cairn::test::write_file;

namespace {

const std::string golden = std::string(CAIRN_SOURCE_ROOT) + "/tests/bundle/format_v1/";

template <class T>
std::vector<T> numbers(const bundle::Reader& reader, const char* key) {
  const AnyTensor tensor = reader.read(key);
  const auto span = tensor.span<T>();
  return {span.begin(), span.end()};
}

// The messages of one file, as TensorFlow or anybody else may write them.
struct V1File {
  std::string list;  // fields of SavedTensorSliceMeta
  std::vector<std::pair<std::string, std::string>> values;

  void add(const std::string& name, DType dtype, const Shape& shape, const format::TensorSlice& slice,
           const std::string& tensor_proto) {
    support::append_message(list, 1, [&](std::string& tensor) {
      support::append_text(tensor, 1, name);
      support::append_message(tensor, 2, [&](std::string& dims) {
        for (const std::int64_t extent : shape)
          support::append_message(dims, 2, [&](std::string& dim) { support::append_int64(dim, 1, extent); });
      });
      support::append_int64(tensor, 3, static_cast<std::int32_t>(dtype));
      append_slice(tensor, 4, slice);
    });
    std::string value;
    support::append_message(value, 2, [&](std::string& data) {
      support::append_text(data, 1, name);
      append_slice(data, 2, slice);
      support::append_set_bytes(data, 3, tensor_proto);
    });
    values.emplace_back(cairn::format::detail::encode_slice_key(name, slice), value);
  }
  [[nodiscard]] std::string bytes() const {
    format::TableBuilder table;
    std::string first;
    support::append_set_bytes(first, 1, list);
    table.add("", first);
    auto sorted = values;
    std::sort(sorted.begin(), sorted.end());
    for (const auto& [key, value] : sorted) table.add(key, value);
    return table.finish();
  }

 private:
  static void append_slice(std::string& out, std::uint32_t field, const format::TensorSlice& slice) {
    support::append_message(out, field, [&](std::string& body) {
      for (const auto& extent : slice)
        support::append_message(body, 1, [&](std::string& range) {
          support::append_int64(range, 1, extent.start);
          if (extent.length) support::append_set_int64(range, 2, *extent.length);
        });
    });
  }
};

// What opening says of one tensor "w" with these values.
std::string refusal(DType dtype, const Shape& shape, const std::string& tensor_proto) {
  cairn::testing::MemoryFileSystem files;
  V1File file;
  file.add("w", dtype, shape, format::TensorSlice(shape.rank()), tensor_proto);
  write_file(files, "p", file.bytes());
  CHECK(code_of([&] { const bundle::Reader reader("p", files); }) == ErrorCode::data_loss);
  return sentence_of([&] { const bundle::Reader reader("p", files); });
}

}  // namespace

TEST_CASE("a checkpoint of format V1 is read with every dtype that TensorFlow saves so") {
  const bundle::Reader reader(golden + "all");
  CHECK(reader.entries().size() == 18);
  CHECK(numbers<float>(reader, "float32") == std::vector<float>{-3, 1, 2, 3, 4, 100});
  CHECK(numbers<double>(reader, "float64") == std::vector<double>{-3, 1, 2, 3, 4, 100});
  CHECK(static_cast<float>(reader.read("float16").span<cairn::half>()[5]) == 100);
  CHECK(numbers<std::int8_t>(reader, "int8") == std::vector<std::int8_t>{-3, 1, 2, 3, 4, 100});
  CHECK(numbers<std::int16_t>(reader, "int16") == std::vector<std::int16_t>{-3, 1, 2, 3, 4, 100});
  CHECK(numbers<std::int32_t>(reader, "int32") == std::vector<std::int32_t>{-3, 1, 2, 3, 4, 100});
  CHECK(numbers<std::int64_t>(reader, "int64") == std::vector<std::int64_t>{-3, 1, 2, 3, 4, 100});
  CHECK(numbers<std::uint8_t>(reader, "uint8") == std::vector<std::uint8_t>{0, 1, 2, 3, 4, 100});
  CHECK(numbers<std::uint16_t>(reader, "uint16") == std::vector<std::uint16_t>{0, 1, 2, 3, 4, 100});
  using Complex = std::complex<float>;
  CHECK(numbers<Complex>(reader, "complex64") == std::vector<Complex>{{1, 2}, {-0.0f, -3.5f}});
  CHECK(numbers<std::complex<double>>(reader, "complex128")[1] == std::complex<double>{-0.0, -3.5});
  CHECK(reader.read("qint8").bytes()[1] == std::byte{120});
  CHECK(reader.read("quint8").dtype() == cairn::DT_QUINT8);
  CHECK(reader.read("qint32").bytes()[std::endian::native == std::endian::little ? 4 : 7] == std::byte{120});
  CHECK(numbers<bool>(reader, "bool") == std::vector<bool>{true, false, true});
  CHECK(reader.read_strings("string") == std::vector<std::string>{"", "two", std::string("a\0b", 3), "\xff"});
  CHECK(reader.read("scalar").scalar<std::int64_t>() == -1);
  CHECK(reader.read("empty").shape() == Shape{0, 3});
  CHECK(cairn::verify(golden + "all").empty());
  CHECK(sentence_of([&] { (void)reader.read("nothing"); }) ==
        "Key nothing not found in checkpoint " + golden + "all; it holds 18 tensors");
}

TEST_CASE("a V1 checkpoint of several files is read whole, by its pattern, the beginning of its name, or one of them") {
  const std::string all = std::string(5, '?') + "-of-00002";
  for (const std::string end : {"", "-00001-of-00002"}) {
    CHECK(bundle::Reader(golden + "parts" + end).prefix() == golden + "parts-" + all);
    CHECK(cairn::verify(golden + "split" + end).empty());
  }
  const bundle::Reader parts(golden + "parts-" + all);
  CHECK(parts.read("step").scalar<std::int64_t>() == 7);
  CHECK(parts.slices().size() == 3);
  const std::vector<float> rows{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  CHECK(numbers<float>(parts, "net/rows") == rows);
  const bundle::Reader split(golden + "split-" + all);
  CHECK(numbers<std::int32_t>(split, "w") == std::vector<std::int32_t>(rows.begin(), rows.end()));
  const AnyTensor slice = split.read_slice("w", {{1, 2}, {}});  // of both files
  CHECK(slice.span<std::int32_t>()[3] == 5);

  cairn::testing::MemoryFileSystem files;
  const std::string second = cairn::test::read_file(io::native(), golden + "split-00001-of-00002");
  write_file(files, "split-00001-of-00002", second);
  CHECK(sentence_of([&] {
          const bundle::Reader reader("split-00001-of-00002", files);
        }).starts_with("the file \"split-00000-of-00002\" of the checkpoint \"split-" + all + "\" is missing"));
  write_file(files, "split-00000-of-00002", second);
  CHECK(sentence_of([&] { const bundle::Reader reader("split", files); }).find("twice") != std::string::npos);
}

TEST_CASE("the file `checkpoint` may name a checkpoint of format V1") {
  cairn::testing::MemoryFileSystem files;
  files.create_directories("run");
  for (const char* const name : {"split-00000-of-00002", "split-00001-of-00002", "all"})
    write_file(files, std::string("run/") + name, cairn::test::read_file(io::native(), golden + name));
  const std::string pattern = "split-" + std::string(5, '?') + "-of-00002";
  write_file(files, "run/checkpoint", "model_checkpoint_path: \"" + pattern + "\"\n");
  CHECK(bundle::find_checkpoint("run", files) == "run/" + pattern);
  CHECK(bundle::find_checkpoint("run/all", files) == "run/all");
  files.remove("run/checkpoint");
  CHECK(sentence_of([&] { (void)bundle::find_checkpoint("run", files); }).ends_with("path: run/all, run/" + pattern));
  // A bundle of the same name counts first, as in TensorFlow.
  cairn::test::put_bundle(files, "run/all", {}, {});
  CHECK(bundle::Reader("run/all", files).entries().empty());
}

TEST_CASE("values of format V1 may stand one by one, or as a tensor's content") {
  cairn::testing::MemoryFileSystem files;
  V1File file;
  std::string floats, content, numbers_one_by_one;
  for (const char* const bytes : {"\0\0\x80\x3f", "\0\0\0\x40"}) {
    floats += '\x2d';
    floats.append(bytes, 4);
    content.append(bytes, 4);
  }
  support::append_set_int64(numbers_one_by_one, 7, 300);
  support::append_set_int64(numbers_one_by_one, 7, -1);
  std::string as_content;
  support::append_int64(as_content, 1, static_cast<std::int32_t>(cairn::DT_FLOAT));
  support::append_set_bytes(as_content, 4, content);
  file.add("a", cairn::DT_FLOAT, {2}, {{}}, floats);
  file.add("b", cairn::DT_FLOAT, {2}, {{}}, as_content);
  file.add("c", cairn::DT_INT32, {2}, {{}}, numbers_one_by_one);
  write_file(files, "p", file.bytes());
  const bundle::Reader reader("p", files);
  CHECK(numbers<float>(reader, "a") == std::vector<float>{1, 2});
  CHECK(numbers<float>(reader, "b") == std::vector<float>{1, 2});
  CHECK(numbers<std::int32_t>(reader, "c") == std::vector<std::int32_t>{300, -1});
}

TEST_CASE("a V1 file that says something wrong is refused with the tensor's name") {
  std::string three;
  for (int i = 0; i < 3; ++i) support::append_set_int64(three, 7, i);
  const auto has = [](const std::string& text, const char* words) {
    CHECK_MESSAGE(text.find(words) != std::string::npos, text);
  };
  has(refusal(cairn::DT_INT32, {2}, three), "the tensor \"w\" in \"p\" cannot be read");
  has(refusal(cairn::DT_INT32, {2}, three), "more values than the 2");
  std::string texts, packed;
  for (int i = 0; i < 3; ++i) support::append_set_bytes(texts, 8, "text");
  support::append_set_bytes(packed, 5, std::string(12, '\0'));
  has(refusal(cairn::DT_STRING, {2}, texts), "more values than the 2");
  has(refusal(cairn::DT_FLOAT, {2}, packed), "more values than the 2");
  has(refusal(cairn::DT_INT32, {4}, three), "it has 3 values where 4 should be");
  has(refusal(cairn::DT_INT64, {3}, three), "it has 0 values where 3 should be");
  has(refusal(cairn::DT_INT32, {std::int64_t{1} << 40}, three), "values cannot be in");
  has(refusal(cairn::DT_INT32, {std::int64_t{1} << 40, std::int64_t{1} << 40}, three), "is not legal");
  has(refusal(cairn::DT_INT32, {-1}, three), "is not legal");
  has(refusal(cairn::DT_VARIANT, {3}, three), "whose values no such file has");
  has(refusal(cairn::DT_FLOAT, {1}, std::string("\x2a\3abc")), "ends in the middle");
  std::string other = three;
  support::append_int64(other, 1, static_cast<std::int32_t>(cairn::DT_FLOAT));
  has(refusal(cairn::DT_INT32, {3}, other), "it is float32, and listed as int32");

  cairn::testing::MemoryFileSystem files;
  V1File file;
  file.add("w", cairn::DT_INT32, {3}, {{}}, three);
  file.values.clear();
  write_file(files, "missing", file.bytes());
  has(sentence_of([&] { const bundle::Reader reader("missing", files); }), "its values are missing");
  const auto listed = [&](const std::string& name, const auto& add) {
    V1File other_file;
    add(other_file);
    if (files.exists("listed")) files.remove("listed");
    write_file(files, "listed", other_file.bytes());
    const std::string sentence = sentence_of([&] { const bundle::Reader reader("listed", files); });
    const std::string begin = "the tensor \"" + name + "\" in \"listed\" cannot be read: ";
    CHECK_MESSAGE(sentence.starts_with(begin), sentence);
    return sentence.substr(begin.size());
  };
  CHECK(listed("", [&](V1File& wrong) { wrong.add("", cairn::DT_INT32, {3}, {{}}, three); }) ==
        "it has no name; restore from another checkpoint");
  CHECK(listed("w", [&](V1File& wrong) {
          support::append_message(wrong.list, 1, [&](std::string& tensor) {
            support::append_text(tensor, 1, "w");
            support::append_int64(tensor, 3, static_cast<std::int32_t>(cairn::DT_INT32));
          });
        }) == "it has no slices; restore from another checkpoint");
  for (const auto& second : {std::pair(cairn::DT_INT32, Shape{4}), std::pair(cairn::DT_INT16, Shape{3})})
    CHECK(listed("w", [&](V1File& wrong) {
            wrong.add("w", cairn::DT_INT32, {3}, {{}}, three);
            wrong.add("w", second.first, second.second, {{0, 2}}, three);
          }) == "its slices are of different tensors; restore from another checkpoint");
  file.add("w", cairn::DT_INT32, {3}, {{}}, three);
  write_file(files, "twice", file.bytes());
  has(sentence_of([&] { const bundle::Reader reader("twice", files); }), "is there twice");
  V1File outside;
  outside.add("w", cairn::DT_INT32, {3}, {{2, 2}}, three);
  write_file(files, "outside", outside.bytes());
  has(sentence_of([&] { const bundle::Reader reader("outside", files); }), "does not lie inside its shape");
  V1File hole;
  hole.add("w", cairn::DT_INT32, {4}, {{0, 3}}, three);
  write_file(files, "hole", hole.bytes());
  CHECK(cairn::verify("hole", files).size() == 1);
  has(sentence_of([&] { (void)bundle::Reader("hole", files).read("w"); }), "do not cover its shape");
  V1File newer;
  support::append_message(newer.list, 2, [](std::string& version) { support::append_int64(version, 2, 2); });
  write_file(files, "newer", newer.bytes());
  CHECK(code_of([&] { const bundle::Reader reader("newer", files); }) == ErrorCode::unimplemented);
  // An index without its name is no checkpoint of V1.
  write_file(files, "renamed", bundle::encode_index(bundle::Index{}));
  has(sentence_of([&] { const bundle::Reader reader("renamed", files); }), "has no list of tensors");
}
