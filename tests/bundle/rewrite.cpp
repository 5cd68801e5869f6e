#include <cairn/bundle/rewrite.hpp>
#include <cairn/format/detail/ordered_code.hpp>

#include <doctest/doctest.h>

#include "bundle/bundles.hpp"
#include "support/data.hpp"
#include "support/scratch.hpp"

#include <bit>
#include <cstdint>
#include <filesystem>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <sys/stat.h>

namespace bundle = cairn::bundle;
namespace io = cairn::io;
using cairn::ErrorCode;
using cairn::test::code_of;
using cairn::test::entry_of;
using cairn::test::files_of;
using cairn::test::prefixes_below;
using cairn::test::read_file;

TEST_CASE("every checkpoint that TensorFlow wrote is written again byte for byte") {
  const auto data = cairn::test::data_directory();
  if (!data) return cairn::test::skip("CAIRN_TEST_DATA names no folder");
  const cairn::test::ScratchDirectory scratch;
  std::size_t same = 0;
  std::set<std::string> different, refused;
  for (const char* const kind : {"checkpoints", "real"})
    for (const std::string& prefix : prefixes_below(*data / kind)) {
      CAPTURE(prefix);
      const std::string folder = *std::filesystem::relative(prefix, *data / kind).begin();
      const std::string copy = (scratch.path() / "copy").string();
      try {
        bundle::rewrite(bundle::Reader(prefix), copy, {.durability = cairn::Durability::none});
      } catch (const cairn::Error& error) {
        INFO(error.what());
        refused.insert(folder);
        continue;
      }
      const bool is_same = files_of(copy) == files_of(prefix);
      if (is_same)
        ++same;
      else
        different.insert(folder);
      for (const bundle::Reader original(prefix), again(copy); const auto& item : original.entries())
        CHECK(again.contains(item.first));
      bundle::remove_checkpoint(copy);
    }
  CHECK(refused.empty());
  CHECK(same > 0);
  // Nobody's TensorFlow writes these: their index is compressed, cut into other blocks, or has fields in another order,
  // spelled-out defaults, fields that are not known (they survive, behind the known ones) or no version; their data has
  // gaps or the other byte order.
  CHECK(different == std::set<std::string>{"foreign_aligned64", "foreign_big_endian", "foreign_explicit_defaults",
                                           "foreign_field_order", "foreign_many_blocks", "foreign_no_version",
                                           "foreign_snappy_index", "foreign_snappy_small_blocks",
                                           "foreign_unknown_fields"});
}

TEST_CASE("what differs after rewriting has the same values, and rewritten again stays as it is") {
  const auto data = cairn::test::data_directory();
  if (!data) return cairn::test::skip("CAIRN_TEST_DATA names no folder");
  cairn::testing::MemoryFileSystem files;
  for (const auto& folder : std::filesystem::directory_iterator(*data / "checkpoints")) {
    if (!folder.path().filename().string().starts_with("foreign_")) continue;
    for (const std::string& prefix : prefixes_below(folder)) {
      CAPTURE(prefix);
      const bundle::Reader original(prefix);
      bundle::rewrite(original, "once", {}, files);
      const bundle::Reader once("once", files);
      bundle::rewrite(once, "twice", {}, files);
      CHECK(files_of("once", files) == files_of("twice", files));
      CHECK_FALSE(once.big_endian());
      CHECK(once.index().unknown_fields == original.index().unknown_fields);
      for (const auto& [key, entry] : original.entries()) {
        CHECK(once.read(key) == original.read(key));
        CHECK(once.lookup(key).unknown_fields == entry.unknown_fields);
      }
    }
  }
}

TEST_CASE("a bundle of the other byte order is turned around: numbers, complex halves, checksums of strings") {
  cairn::testing::MemoryFileSystem files;
  const bool other = std::endian::native != std::endian::big;
  const std::string numbers(other ? "\0\0\0\1\0\0\0\2" : "\1\0\0\0\2\0\0\0", 8);
  std::string text("\2\1", 2);
  cairn::bundle::detail::NumberCrc crc(other);
  crc.add_length(2);
  crc.add_length(1);
  const std::uint32_t lengths = cairn::bundle::detail::in_byte_order(crc.masked(), other);
  crc.add_bytes(std::as_bytes(std::span(&lengths, 1)));
  text += cairn::test::text_of(std::as_bytes(std::span(&lengths, 1))) + "abc";
  crc.add_bytes(std::as_bytes(std::span(std::string_view("abc"))));
  bundle::Index index;
  index.big_endian = other;
  index.entries = {{"int", entry_of(cairn::DT_INT32, {2}, numbers)},
                   {"complex", entry_of(cairn::DT_COMPLEX64, {1}, numbers)},
                   {"text", entry_of(cairn::DT_STRING, {2}, text, 8)}};
  index.entries.back().second.crc32c = crc.masked();
  SUBCASE("it is") {
    cairn::test::put_bundle(files, "p", index, {numbers + text});
    bundle::rewrite(bundle::Reader("p", files), "q", {}, files);
    const bundle::Reader reader("q", files);
    CHECK(reader.big_endian() != other);
    CHECK(reader.read("int").span<std::int32_t>()[1] == 2);
    CHECK(reader.read("complex") == bundle::Reader("p", files).read("complex"));
    CHECK(reader.read_strings("text") == std::vector<std::string>{"ab", "c"});
  }
  SUBCASE("but not what may hold numbers anywhere") {
    index.entries.push_back({"variant", entry_of(cairn::DT_VARIANT, {0}, "")});
    cairn::test::put_bundle(files, "p", index, {numbers + text});
    CHECK(code_of([&] { bundle::rewrite(bundle::Reader("p", files), "q", {}, files); }) == ErrorCode::unimplemented);
    CHECK_FALSE(bundle::checkpoint_exists("q", files));
  }
  SUBCASE("nor what is not known") {
    index.entries.push_back({"future", entry_of(static_cast<cairn::DType>(77), {1}, "abc")});
    cairn::test::put_bundle(files, "p", index, {numbers + text});
    CHECK(code_of([&] { bundle::rewrite(bundle::Reader("p", files), "q", {}, files); }) == ErrorCode::unimplemented);
  }
}

TEST_CASE("unknown dtypes, unknown fields, newer producers and parts in any shard go over as they are") {
  cairn::testing::MemoryFileSystem files;
  bundle::Index index;
  index.num_shards = 2;
  index.version.producer = 9;
  index.version.bad_consumers = {5};
  index.unknown_fields = "\x98\x06\x05";
  bundle::Entry future = entry_of(static_cast<cairn::DType>(77), {3}, "whatever it is", 0, 1);
  future.crc32c = 0xdeadbeef;
  future.unknown_fields = "\x98\x06\x07";
  bundle::Entry whole;
  whole.dtype = static_cast<cairn::DType>(78);
  whole.shape = {4};
  whole.slices = {{{2, 2}}, {{0, 2}}};
  whole.unknown_fields = "\x98\x06\x08";
  index.entries = {{"future", future}, {"w", whole}};
  index.slices = {
      {cairn::format::detail::encode_slice_key("w", whole.slices[0]), entry_of(whole.dtype, {2}, "second", 14, 1)},
      {cairn::format::detail::encode_slice_key("w", whole.slices[1]), entry_of(whole.dtype, {2}, "first", 0, 0)}};
  cairn::test::put_bundle(files, "p", index, {"first", "whatever it issecond"});
  const bundle::Reader reader("p", files);
  bundle::rewrite(reader, "q", {}, files);
  CHECK(files_of("p", files) == files_of("q", files));

  // And into a bundle with others, under another name.
  bundle::Writer writer("r", {}, files);
  const int value = 1;
  writer.add("a", cairn::test::view_of(value));
  writer.add_copy(reader, "w", "renamed");
  writer.add_copy(reader, "future");
  writer.finish();
  const bundle::Reader copy("r", files);
  REQUIRE(copy.entries().size() == 3);
  CHECK(copy.entries()[2].second.slices == whole.slices);
  CHECK(copy.entries()[1].second.crc32c == 0xdeadbeef);
  CHECK(copy.slices().size() == 2);
  CHECK(code_of([&] { writer.add_copy(reader, "nobody"); }) == ErrorCode::not_found);
}

TEST_CASE("damage stops the rewriting, and nothing is published") {
  cairn::testing::MemoryFileSystem files;
  bundle::Index index;
  index.entries = {{"x", entry_of(cairn::DT_INT8, {4}, "abcd")}};
  std::string data = "abcX";
  SUBCASE("a changed byte") {}
  SUBCASE("a shard that is too short") { data = "abc"; }
  SUBCASE("a size that no file has, of an unknown dtype") {
    index.entries[0].second.dtype = static_cast<cairn::DType>(77);
    index.entries[0].second.size = std::uint64_t{1} << 62;
  }
  SUBCASE("an offset at the end of all numbers") { index.entries[0].second.offset = ~std::uint64_t{0}; }
  SUBCASE("a shard that does not exist") { index.entries[0].second.shard = 7; }
  SUBCASE("a part that does not exist") { index.entries[0].second.slices = {{{0, 2}}}; }
  cairn::test::put_bundle(files, "p", index, {data});
  CHECK(code_of([&] { bundle::rewrite(bundle::Reader("p", files), "q", {}, files); }) == ErrorCode::data_loss);
  CHECK(files.list_directory(".") == std::vector<std::string>{"p.data-00000-of-00001", "p.index"});
}

TEST_CASE("a bundle can be rewritten in its own place") {
  cairn::testing::MemoryFileSystem files;
  cairn::test::put_bundle(files, "p", {.entries = {{"x", entry_of(cairn::DT_INT8, {2}, "ab", 3)}}, .slices = {}},
                          {"gapab and what nobody needs"});
  bundle::rewrite(bundle::Reader("p", files), "p", {}, files);
  CHECK(read_file(files, "p.data-00001-of-00002") == "ab");
  CHECK(files.list_directory(".").size() == 2);
}

TEST_CASE("tensors that all lie in the same bytes are not written again, each with its own") {
  cairn::testing::MemoryFileSystem files;
  const std::string bytes(std::size_t{1} << 20, 'x');
  bundle::Index index;
  for (int i = 0; i < 100; ++i)
    index.entries.emplace_back("t" + std::to_string(100 + i), entry_of(cairn::DT_INT8, {1 << 20}, bytes));
  cairn::test::put_bundle(files, "p", index, {bytes});
  CHECK(code_of([&] { bundle::rewrite(bundle::Reader("p", files), "q", {}, files); }) == ErrorCode::data_loss);
  CHECK(files.list_directory(".") == std::vector<std::string>{"p.data-00000-of-00001", "p.index"});
  CHECK(bundle::Reader("p", files).read("t150").bytes().size() == bytes.size());
  index.entries.resize(2);
  cairn::test::put_bundle(files, "few", index, {bytes});
  bundle::rewrite(bundle::Reader("few", files), "q", {}, files);
  CHECK(read_file(files, "q.data-00000-of-00001") == bytes + bytes);
}

TEST_CASE("a checkpoint that is written over keeps its permissions, index and data, whatever shards it gets") {
  const cairn::test::ScratchDirectory scratch;
  const std::string prefix = (scratch.path() / "in").string();
  const ::mode_t before = ::umask(022);
  const auto write = [&](std::uint64_t shard_size) {
    bundle::Writer writer(prefix, {.shard_size = shard_size});
    const std::vector<float> values(100, 1.0f);
    writer.add("a", cairn::test::view_of(values, cairn::Shape{100}));
    writer.finish();
  };
  write(0);
  for (const auto& each : std::filesystem::directory_iterator(scratch.path())) ::chmod(each.path().c_str(), 0600);
  for (const std::uint64_t shard_size : {std::uint64_t{0}, std::uint64_t{128}, std::uint64_t{0}}) {
    write(shard_size);
    for (const auto& each : std::filesystem::directory_iterator(scratch.path())) {
      struct stat status{};
      REQUIRE(::stat(each.path().c_str(), &status) == 0);
      CHECK((status.st_mode & 0777) == 0600);
    }
  }
  ::umask(before);
}
