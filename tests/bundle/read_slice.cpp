// Blocks of tensors, and tensors in pieces: whole ones and partitioned ones.
#include <cairn/bundle/reader.hpp>

#include <doctest/doctest.h>

#include <cairn/bundle/detail/compare_strings.hpp>
#include <cairn/bundle/writer.hpp>
#include <cairn/format/detail/ordered_code.hpp>

#include "bundle/bundles.hpp"

#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

namespace bundle = cairn::bundle;
namespace io = cairn::io;
using bundle::Checksums;
using bundle::TensorSlice;
using cairn::ErrorCode;
using cairn::Shape;
using cairn::test::code_of;
using cairn::test::view_of;
using Names = std::vector<std::string>;

namespace {

const std::vector<int> numbers = [] {
  std::vector<int> values(5 * 4 * 6);
  std::iota(values.begin(), values.end(), 1);
  return values;
}();

// Its elements [i, i + di) x [k, k + dk) x [j, j + dj), were it [5, 4, 6].
std::vector<int> block(std::int64_t i, std::int64_t di, std::int64_t k, std::int64_t dk, std::int64_t j,
                       std::int64_t dj) {
  std::vector<int> values;
  for (std::int64_t a = i; a < i + di; ++a)
    for (std::int64_t b = k; b < k + dk; ++b)
      for (std::int64_t c = j; c < j + dj; ++c)
        values.push_back(numbers[static_cast<std::size_t>((a * 4 + b) * 6 + c)]);
  return values;
}

// [5, 4, 6], whole as "whole", and in four parts as "parts".
void save(io::FileSystem& files) {
  bundle::Writer writer("p", {}, files);
  writer.add("whole", view_of(numbers, {5, 4, 6}));
  std::vector<std::vector<int>> parts;
  parts.reserve(4);  // the writer keeps views of them
  for (const std::int64_t row : {0, 3})
    for (const std::int64_t column : {0, 2}) {
      const std::int64_t height = row == 0 ? 3 : 2, width = column == 0 ? 2 : 4;
      parts.push_back(block(row, height, 0, 4, column, width));
      writer.add_slice("parts", {5, 4, 6}, {{row, height}, {}, {column, width}},
                       view_of(parts.back(), {height, 4, width}));
    }
  const Names texts{"a", "bb", "", "dddd"};
  writer.add("texts", cairn::TensorView({2, 2}, texts));
  writer.add_slice("text parts", {3, 2}, {{1, 2}, {0, 2}}, cairn::TensorView({2, 2}, texts));
  const Names first{"first", "row"};
  writer.add_slice("text parts", {3, 2}, {{0, 1}, {}}, cairn::TensorView({1, 2}, first));
  writer.finish();
}

}  // namespace

TEST_CASE("every block of a tensor can be read by itself, checked or not, partitioned or not") {
  cairn::testing::MemoryFileSystem files;
  save(files);
  const bundle::Reader reader("p", files);
  for (std::int64_t i = 0; i < 5; ++i)
    for (std::int64_t di = 0; di <= 5 - i; ++di)
      for (std::int64_t j = 0; j < 6; ++j)
        for (std::int64_t dj = 1; dj <= 6 - j; ++dj)
          for (const auto& [k, dk] : {std::pair<std::int64_t, std::int64_t>{0, 4}, {1, 2}, {3, 1}})
            for (const char* const key : {"whole", "parts"})
              for (const Checksums checksums : {Checksums::verify, Checksums::skip}) {
                const auto read = reader.read_slice(key, {{i, di}, {k, dk}, {j, dj}}, checksums);
                REQUIRE(read.shape() == Shape{di, dk, dj});
                const std::vector<int> expected = block(i, di, k, dk, j, dj);
                REQUIRE(std::vector<int>(read.span<int>().begin(), read.span<int>().end()) == expected);
              }
  CHECK(reader.read_slice("parts", {{}, {}, {}}) == reader.read("whole"));
  CHECK(reader.read("parts") == reader.read("whole"));
  std::vector<int> into(6);
  reader.read_slice("parts", {{4, 1}, {3, 1}, {}}, std::as_writable_bytes(std::span(into)));
  CHECK(into == std::vector<int>{115, 116, 117, 118, 119, 120});
}

TEST_CASE("blocks of strings, and strings in parts") {
  cairn::testing::MemoryFileSystem files;
  save(files);
  const bundle::Reader reader("p", files);
  CHECK(reader.read_slice("texts", {{0, 2}, {1, 1}}) == cairn::AnyTensor({2, 1}, Names{"bb", "dddd"}));
  CHECK(reader.read_strings("text parts") == Names{"first", "row", "a", "bb", "", "dddd"});
  CHECK(reader.read_slice("text parts", {{0, 2}, {1, 1}}) == cairn::AnyTensor({2, 1}, Names{"row", "bb"}));
  reader.verify("text parts");
  Names place(6);
  reader.read_strings("text parts", place);
  CHECK(place == Names{"first", "row", "a", "bb", "", "dddd"});
  CHECK(code_of([&] { reader.with_strings("text parts", [](auto&) {}); }) == ErrorCode::unimplemented);
  CHECK(cairn::bundle::detail::different_strings(reader, "text parts", reader.lookup("text parts"), reader,
                                                 "text parts", reader.lookup("text parts")) == 0);
}

TEST_CASE("a slice that is not inside the tensor, or not what the memory is for, is refused") {
  cairn::testing::MemoryFileSystem files;
  save(files);
  const bundle::Reader reader("p", files);
  for (const TensorSlice& slice : {TensorSlice{{0, 6}, {}, {}}, TensorSlice{{}, {}}, TensorSlice{{-1, 1}, {}, {}},
                                   TensorSlice{{0, INT64_MAX}, {}, {}}, TensorSlice{{INT64_MAX, 1}, {}, {}}})
    CHECK(code_of([&] { (void)reader.read_slice("whole", slice); }) == ErrorCode::out_of_range);
  std::vector<std::byte> bytes(7);
  CHECK(code_of([&] { reader.read_slice("whole", {{0, 1}, {}, {}}, bytes); }) == ErrorCode::invalid_argument);
  CHECK(code_of([&] { reader.read_slice("texts", {{}, {}}, bytes); }) == ErrorCode::invalid_argument);
  CHECK(code_of([&] { (void)reader.read_slice("none", {}); }) == ErrorCode::not_found);
}

TEST_CASE("a part that a slice does not touch may be missing or damaged, one that it touches may not") {
  cairn::testing::MemoryFileSystem files;
  bundle::Index index;
  bundle::Entry whole;
  whole.dtype = cairn::DT_INT8;
  whole.shape = {6};
  whole.slices = {{{0, 2}}, {{2, 2}}, {{4, 2}}};
  index.entries = {{"w", whole}};
  index.slices = {
      {cairn::format::detail::encode_slice_key("w", whole.slices[0]), cairn::test::entry_of(cairn::DT_INT8, {2}, "ab")},
      {cairn::format::detail::encode_slice_key("w", whole.slices[1]),
       cairn::test::entry_of(cairn::DT_INT8, {2}, "cd", 2)}};
  cairn::test::put_bundle(files, "p", index, {"abcX"});
  const bundle::Reader reader("p", files);
  CHECK(cairn::test::text_of(reader.read_slice("w", {{0, 2}}).bytes()) == "ab");
  CHECK(code_of([&] { (void)reader.read_slice("w", {{1, 2}}); }) == ErrorCode::data_loss);
  CHECK(cairn::test::text_of(reader.read_slice("w", {{1, 2}}, Checksums::skip).bytes()) == "bc");
  CHECK(code_of([&] { (void)reader.read_slice("w", {{3, 2}}, Checksums::skip); }) == ErrorCode::data_loss);
  CHECK(code_of([&] { (void)reader.read("w"); }) == ErrorCode::data_loss);
}

TEST_CASE("parts that share the bytes of a shard justify no memory") {
  cairn::testing::MemoryFileSystem files;
  bundle::Index index;
  bundle::Entry whole;
  whole.dtype = cairn::DT_INT8;
  whole.shape = {1000, 4};
  for (std::int64_t i = 0; i < 1000; ++i) {
    whole.slices.push_back({{i, 1}, {}});
    index.slices.emplace_back(cairn::format::detail::encode_slice_key("w", whole.slices.back()),
                              cairn::test::entry_of(cairn::DT_INT8, {1, 4}, "abcd"));
  }
  index.entries = {{"w", whole}};
  cairn::test::put_bundle(files, "p", index, {"abcd"});
  CHECK(code_of([&] { (void)bundle::Reader("p", files).read("w"); }) == ErrorCode::data_loss);
}

TEST_CASE("pieces are the tensor's bytes, each with its place") {
  cairn::testing::MemoryFileSystem files;
  save(files);
  std::vector<double> large(200'000);
  std::iota(large.begin(), large.end(), 0.5);
  bundle::Writer writer("large", {}, files);
  writer.add("x", view_of(large, {200'000}));
  writer.finish();
  for (const auto& [prefix, key] : {std::pair{"p", "whole"}, {"p", "parts"}, {"large", "x"}}) {
    const bundle::Reader reader(prefix, files);
    const cairn::AnyTensor expected = reader.read(key);
    std::vector<std::byte> seen(expected.bytes().size());
    std::uint64_t total = 0;
    reader.read_pieces(key, [&](std::uint64_t position, std::span<const std::byte> piece) {
      CHECK(piece.size() <= io::piece_bytes);
      total += piece.size();
      std::copy(piece.begin(), piece.end(), seen.begin() + static_cast<std::ptrdiff_t>(position));
    });
    CHECK(total == seen.size());
    CHECK(std::equal(seen.begin(), seen.end(), expected.bytes().begin(), expected.bytes().end()));
  }
  const auto ignore = [](std::uint64_t, std::span<const std::byte>) {};
  CHECK(code_of([&] { bundle::Reader("p", files).read_pieces("texts", ignore); }) == ErrorCode::invalid_argument);
}

TEST_CASE("without checksums a slice does not notice what happened around it, or to it") {
  cairn::testing::MemoryFileSystem files;
  const std::vector<int> table(1'000'000, 5);
  bundle::Writer writer("p", {}, files);
  writer.add("table", view_of(table, {1000, 1000}));
  writer.finish();
  files.remove("p.data-00000-of-00001");
  const std::string row(4000, '\7');
  cairn::test::write_file(files, "p.data-00000-of-00001", std::string(4'000'000, '\1').replace(700 * 4000, 4000, row));
  const bundle::Reader reader("p", files);
  CHECK(cairn::test::text_of(reader.read_slice("table", {{700, 1}, {}}, Checksums::skip).bytes()) == row);
  CHECK(code_of([&] { (void)reader.read_slice("table", {{700, 1}, {}}); }) == ErrorCode::data_loss);
}
