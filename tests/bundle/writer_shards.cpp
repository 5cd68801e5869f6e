// Bundles of several data files, and partitioned tensors, written.
#include <cairn/bundle/writer.hpp>

#include <doctest/doctest.h>

#include <cairn/bundle/reader.hpp>
#include <cairn/bundle/verify.hpp>
#include <cairn/testing/faulty_file_system.hpp>

#include "bundle/bundles.hpp"

#include <cerrno>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

namespace bundle = cairn::bundle;
namespace io = cairn::io;
using bundle::TensorSlice;
using cairn::ErrorCode;
using cairn::Shape;
using cairn::test::code_of;
using cairn::test::read_file;
using cairn::test::view_of;
using Names = std::vector<std::string>;

namespace {

// Generation `number`, in four data files of which the last is the string's own.
void save(io::FileSystem& files, int number) {
  bundle::Writer writer("d/p", {.shard_size = 16}, files);
  const std::vector<int> large(10, number);
  const Names name{"generation " + std::to_string(number) + " is too long for a shard"};
  writer.add("large", view_of(large, {10}));
  writer.add("name", cairn::TensorView({}, name));
  writer.flush();
  writer.add("small", view_of(number));
  writer.finish();
}

int generation(io::FileSystem& files) {
  if (!bundle::checkpoint_exists("d/p", files)) return 0;
  try {
    const bundle::Reader reader("d/p", files);
    const int number = reader.read("small").scalar<int>();
    const auto large = reader.read("large");
    for (const int value : large.span<int>())
      if (value != number) return -1;
    return reader.read_strings("name")[0].starts_with("generation " + std::to_string(number) + " ") ? number : -2;
  } catch (const cairn::Error& error) {
    FAIL_CHECK(std::string(error.what()));
    return -3;
  }
}

}  // namespace

TEST_CASE("shards are filled in order, and what is too large for one comes last") {
  cairn::testing::MemoryFileSystem files;
  save(files, 1);
  CHECK(files.list_directory("d") == Names{"p.data-00000-of-00004", "p.data-00001-of-00004", "p.data-00002-of-00004",
                                           "p.data-00003-of-00004", "p.index"});
  CHECK(generation(files) == 1);
  const bundle::Reader reader("d/p", files);
  CHECK(reader.lookup("name").shard == 3);
  CHECK(reader.lookup("small").shard == 2);
  CHECK(reader.lookup("small").offset == 8);
  CHECK(reader.lookup("large").slices == cairn::core::detail::Vec<TensorSlice>{{{0, 4}}, {{4, 3}}, {{7, 1}}, {{8, 2}}});
  CHECK(files.list_directory("d").size() == 5);
}

TEST_CASE("saving over a checkpoint of as many shards takes other names, and the old files go") {
  cairn::testing::MemoryFileSystem files;
  for (int round = 1; round <= 4; ++round) {
    save(files, round);
    CHECK(generation(files) == round);
    const Names names = files.list_directory("d");
    REQUIRE(names.size() == 5);
    CHECK(names[0] == (round % 2 == 1 ? "p.data-00000-of-00004" : "p.data-00001-of-00005"));
  }
}

TEST_CASE("a save of many shards that is killed, or fails, at any call leaves the old or the new checkpoint") {
  for (const int before : {0, 1, 2})
    for (const cairn::testing::Fault kind : {cairn::testing::Fault::error, cairn::testing::Fault::stop_before,
                                             cairn::testing::Fault::stop_after, cairn::testing::Fault::stop_torn}) {
      std::uint64_t calls = 1;
      for (std::uint64_t at = 1; at <= calls; ++at) {
        CAPTURE(before);
        CAPTURE(at);
        cairn::testing::MemoryFileSystem files;
        for (int number = 1; number <= before; ++number) save(files, number);
        cairn::testing::FaultyFileSystem faulty(files, {.at = at, .kind = kind, .number = ENOSPC});
        bool returned = true;
        try {
          save(faulty, before + 1);
        } catch (const cairn::Error&) {
          returned = false;
          ++calls;
        }
        const auto is_old_or_new = [&] {
          const int found = generation(files);
          return found == before + 1 || (found == before && !returned);
        };
        CHECK(is_old_or_new());
        if (kind == cairn::testing::Fault::error && !returned)
          for (const std::string& name : files.is_directory("d") ? files.list_directory("d") : Names{})
            CHECK_FALSE(io::is_temporary(name));
        files.cut_power();
        CHECK(is_old_or_new());
        save(files, before + 2);
        CHECK(generation(files) == before + 2);
      }
    }
}

TEST_CASE("parts are listed in the order in which they were added, and spelled as they were") {
  cairn::testing::MemoryFileSystem files;
  const std::vector<int> values{1, 2, 3, 4, 5, 6};
  const auto view = [&](std::size_t begin, Shape shape) {
    return cairn::TensorView(
        cairn::DT_INT32, shape,
        std::as_bytes(std::span(values).subspan(begin, static_cast<std::size_t>(shape.num_elements()))));
  };
  bundle::Writer writer("p", {}, files);
  writer.add_slice("w", {3, 2}, {{1, 2}, {}}, view(2, {2, 2}));
  writer.add("between", view(0, {1}));
  writer.add_slice("w", {3, 2}, {{0, 1}, {0, 2}}, view(0, {1, 2}));
  writer.add_slice("full", {3, 2}, {{0, 3}, {}}, view(0, {3, 2}));
  writer.add_slice("scalar", {}, {}, view(5, {}));
  SUBCASE("and read as one") {
    writer.finish();
    const bundle::Reader reader("p", files);
    CHECK(reader.lookup("w").slices == cairn::core::detail::Vec<TensorSlice>{{{1, 2}, {}}, {{0, 1}, {0, 2}}});
    CHECK(reader.read("w") == cairn::AnyTensor(view(0, {3, 2})));
    CHECK(reader.read("full") == reader.read("w"));
    CHECK(reader.lookup("full").slices.empty());
    CHECK(reader.read("scalar").scalar<int>() == 6);
    CHECK(reader.entries().size() == 4);
  }
  SUBCASE("but not twice, outside, or of something else") {
    const auto code = [&](const std::string& key, const Shape& full, const TensorSlice& slice, cairn::TensorView part) {
      return code_of([&] { writer.add_slice(key, full, slice, std::move(part)); });
    };
    const float other = 1;
    CHECK(code("w", {3, 2}, {{1, 2}, {}}, view(2, {2, 2})) == ErrorCode::already_exists);
    CHECK(code("w", {3, 2}, {{2, 2}, {}}, view(2, {2, 2})) == ErrorCode::invalid_argument);
    CHECK(code("w", {3, 2}, {{2, 1}, {}}, view(2, {2, 2})) == ErrorCode::invalid_argument);
    CHECK(code("w", {4, 2}, {{2, 1}, {}}, view(2, {1, 2})) == ErrorCode::invalid_argument);
    CHECK(code("w", {3, 2}, {{2, 1}, {1, 1}}, cairn::TensorView(cairn::DT_FLOAT, {1, 1}, view_of(other).bytes())) ==
          ErrorCode::invalid_argument);
    CHECK(code("between", {3, 2}, {{2, 1}, {}}, view(2, {1, 2})) == ErrorCode::already_exists);
    CHECK(code("", {3, 2}, {{2, 1}, {}}, view(2, {1, 2})) == ErrorCode::invalid_argument);
    CHECK(code_of([&] { writer.add("w", view(0, {1})); }) == ErrorCode::already_exists);
    writer.finish();
    CHECK(bundle::Reader("p", files).read("w") == cairn::AnyTensor(view(0, {3, 2})));
  }
}

TEST_CASE("parts that share elements are refused in a sentence, and the writer goes on") {
  cairn::testing::MemoryFileSystem files;
  const std::vector<int> values{1, 2, 3, 4, 5, 6};
  const auto view = [&](Shape shape) {
    return cairn::TensorView(cairn::DT_INT32, shape,
                             std::as_bytes(std::span(values).first(static_cast<std::size_t>(shape.num_elements()))));
  };
  for (const std::uint64_t shard_size : {0u, 8u}) {  // whole parts, and parts that are cut
    CAPTURE(shard_size);
    bundle::Writer writer("p", {.shard_size = shard_size}, files);
    writer.add_slice("w", {3, 2}, {{0, 2}, {}}, view({2, 2}));
    const std::string sentence =
        cairn::test::sentence_of([&] { writer.add_slice("w", {3, 2}, {{1, 2}, {1, 1}}, view({2, 1})); });
    CHECK(sentence.find("the part 1,2:1,1 of \"w\" shares elements with the part ") == 0);
    CHECK(code_of([&] { writer.add_slice("w", {3, 2}, {{0, 2}, {0, 2}}, view({2, 2})); }) ==
          ErrorCode::invalid_argument);
    writer.add_slice("w", {3, 2}, {{1, 0}, {}}, view({0, 2}));  // without elements it shares none
    writer.add_slice("w", {3, 2}, {{2, 1}, {}}, view({1, 2}));
    writer.finish();
    CHECK(bundle::Reader("p", files).read("w").span<int>()[4] == 1);
  }
  // A part that is copied from elsewhere may not either, but a list of parts is copied as it is.
  const bundle::Reader source("p", files);
  bundle::Writer writer("q", {}, files);
  writer.add_slice("w", {3, 2}, {{0, 1}, {}}, view({1, 2}));
  CHECK(code_of([&] { writer.add_copy(source, "w"); }) == ErrorCode::invalid_argument);
}

TEST_CASE("parts are cut further where shards have a size, along any axis") {
  cairn::testing::MemoryFileSystem files;
  std::vector<std::int16_t> values(6 * 9);
  std::iota(values.begin(), values.end(), std::int16_t{0});
  for (std::uint64_t size = 1; size < 120; ++size) {
    CAPTURE(size);
    bundle::Writer writer("p", {.durability = cairn::Durability::none, .shard_size = size}, files);
    writer.add_slice("w", {6, 9}, {{0, 4}, {}},
                     cairn::TensorView(cairn::DT_INT16, {4, 9}, std::as_bytes(std::span(values).first(36))));
    writer.add_slice("w", {6, 9}, {{4, 2}, {}},
                     cairn::TensorView(cairn::DT_INT16, {2, 9}, std::as_bytes(std::span(values).last(18))));
    writer.finish();
    const bundle::Reader reader("p", files);
    CHECK(reader.read("w") == cairn::AnyTensor(view_of(values, {6, 9})));
    if (size >= 2)
      for (const std::string& path : bundle::data_files("p", files)) CHECK(read_file(files, path).size() <= size);
  }
}

TEST_CASE("tensors begin at multiples of data_alignment, in every shard, after a flush and for parts, too") {
  for (const std::uint64_t alignment : {1u, 2u, 42u, 64u, 1000u})
    for (const std::uint64_t shard_size : {0u, 60u}) {
      CAPTURE(alignment);
      CAPTURE(shard_size);
      cairn::testing::MemoryFileSystem files;
      const std::vector<int> large(33, 7);
      const Names texts{"a", "", "some more"};
      const int small = 5;
      const std::vector<float> none;
      bundle::Writer writer("p", {.shard_size = shard_size, .data_alignment = alignment}, files);
      writer.add("small", view_of(small));
      writer.add("none", view_of(none, {0}));
      writer.add("large", view_of(large, {11, 3}));
      writer.flush();
      writer.add("texts", cairn::TensorView({3}, texts));
      writer.add_slice("part", {2, 33}, {{0, 1}, {}}, view_of(large, {1, 33}));
      writer.add_slice("part", {2, 33}, {{1, 1}, {}}, view_of(large, {1, 33}));
      writer.finish();
      const bundle::Reader reader("p", files);
      for (const auto* list : {&reader.entries(), &reader.slices()})
        for (const auto& [key, entry] : *list) CHECK(entry.offset % alignment == 0);
      for (const std::string& path : bundle::data_files("p", files))
        CHECK(read_file(files, path).size() % alignment == 0);
      CHECK(reader.read("large") == cairn::AnyTensor(view_of(large, {11, 3})));
      CHECK(reader.read_strings("texts") == texts);
      CHECK(reader.read("part").span<int>()[65] == 7);
      CHECK(cairn::verify("p", files).empty());  // padding is all zeros
    }
  cairn::testing::MemoryFileSystem files;
  CHECK(code_of([&] { bundle::Writer("p", {.data_alignment = 0}, files); }) == ErrorCode::invalid_argument);
}

TEST_CASE("strings are not cut, and a tensor without elements is not forgotten") {
  cairn::testing::MemoryFileSystem files;
  const Names texts(10, "ten bytes!");
  const std::vector<float> none;
  bundle::Writer writer("p", {.shard_size = 50}, files);
  writer.add("texts", cairn::TensorView({10}, texts));
  writer.add("none", view_of(none, {0, 3}));
  writer.finish();
  const bundle::Reader reader("p", files);
  CHECK(reader.lookup("texts").slices.empty());
  CHECK(reader.read_strings("texts") == texts);
  CHECK(reader.read("none").shape() == Shape{0, 3});
}
