// The checkpoints of CAIRN_TEST_DATA: every index, entry, object graph and state file is read and written back, and
// must be the same to the byte. Only what no TensorFlow writes may differ, and is named here.
#include <cairn/format/bundle_messages.hpp>
#include <cairn/format/checkpoint_state.hpp>
#include <cairn/format/object_graph.hpp>
#include <cairn/format/table.hpp>
#include <cairn/format/table_builder.hpp>

#include <doctest/doctest.h>

#include "support/data.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <ios>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace cairn::format;
namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::string bytes(static_cast<std::size_t>(fs::file_size(path)), '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  REQUIRE(file);
  return bytes;
}

// Files below checkpoints/ and real/ for which `wanted` is true.
template <class Wanted>
std::vector<fs::path> files(const fs::path& data, const Wanted& wanted) {
  std::vector<fs::path> found;
  for (const char* const folder : {"checkpoints", "real"})
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(data / folder))
      if (entry.is_regular_file() && wanted(entry.path())) found.push_back(entry.path());
  CHECK_FALSE(found.empty());
  return found;
}

std::vector<fs::path> index_files(const fs::path& data) {
  return files(data, [](const fs::path& path) { return path.extension() == ".index"; });
}

std::string folder_of(const fs::path& path) { return path.parent_path().filename().string(); }

TEST_CASE("every index is rebuilt to the byte, but for the block sizes and compression that TensorFlow has not") {
  const auto data = cairn::test::data_directory();
  if (!data) return cairn::test::skip("CAIRN_TEST_DATA names no folder with checkpoints");
  std::set<std::string> different;
  for (const fs::path& path : index_files(*data)) {
    const std::string file = read(path);
    const Table table(file, path.string());
    TableBuilder builder;
    table.for_each([&](std::string_view key, std::string_view value) { builder.add(key, value); });
    if (builder.finish() != file) different.insert(folder_of(path));
  }
  CHECK(different ==
        std::set<std::string>{"foreign_many_blocks", "foreign_snappy_index", "foreign_snappy_small_blocks"});
}

TEST_CASE("every header and entry is written back to the byte, but for field orders and defaults that nobody writes") {
  const auto data = cairn::test::data_directory();
  if (!data) return cairn::test::skip("CAIRN_TEST_DATA names no folder with checkpoints");
  std::set<std::string> different;
  for (const fs::path& path : index_files(*data)) {
    const Table table(read(path), path.string());
    table.for_each([&](std::string_view key, std::string_view value) {
      const std::string again = key.empty() ? encode(decode_bundle_header(value)) : encode(decode_bundle_entry(value));
      if (again != value) different.insert(folder_of(path));
      // What differs in its bytes must at least say the same.
      if (key.empty())
        CHECK(decode_bundle_header(again) == decode_bundle_header(value));
      else
        CHECK(decode_bundle_entry(again) == decode_bundle_entry(value));
    });
  }
  CHECK(different ==
        std::set<std::string>{"foreign_explicit_defaults", "foreign_field_order", "foreign_unknown_fields"});
}

TEST_CASE("every object graph is written back to the byte") {
  const auto data = cairn::test::data_directory();
  if (!data) return cairn::test::skip("CAIRN_TEST_DATA names no folder with checkpoints");
  std::set<std::string> different;
  std::size_t graphs = 0;
  for (const fs::path& path : index_files(*data)) {
    const Table table(read(path), path.string());
    BundleHeader header;
    BundleEntry entry;
    table.for_each([&](std::string_view key, std::string_view value) {
      if (key.empty()) header = decode_bundle_header(value);
      if (key == "_CHECKPOINTABLE_OBJECT_GRAPH") entry = decode_bundle_entry(value);
    });
    if (entry.size == 0) continue;
    std::string name(40, '\0');
    name.resize(static_cast<std::size_t>(
        std::snprintf(name.data(), name.size(), ".data-%05d-of-%05d", entry.shard, header.num_shards)));
    fs::path shard = path;
    const std::string bytes = read(shard.replace_extension() += name);
    REQUIRE(static_cast<std::uint64_t>(entry.offset + entry.size) <= bytes.size());
    // A string tensor of one element: its length, a checksum of four bytes, the string.
    ByteReader reader(
        std::string_view(bytes).substr(static_cast<std::size_t>(entry.offset), static_cast<std::size_t>(entry.size)));
    const std::uint64_t size = reader.read_varint64();
    static_cast<void>(reader.read_fixed32());
    const std::string_view graph = reader.read_bytes(size);
    CHECK(reader.empty());
    ++graphs;
    if (encode(decode_object_graph(graph)) != graph) different.insert(folder_of(path));
  }
  CHECK(graphs > 80);
  CHECK(different == std::set<std::string>{});
}

TEST_CASE("every state file is written back to the byte") {
  const auto data = cairn::test::data_directory();
  if (!data) return cairn::test::skip("CAIRN_TEST_DATA names no folder with checkpoints");
  std::set<std::string> different;
  for (const fs::path& path : files(*data, [](const fs::path& p) { return p.filename() == "checkpoint"; })) {
    const std::string text = read(path);
    if (encode_text(decode_checkpoint_state(text)) != text) different.insert(folder_of(path));
  }
  CHECK(different == std::set<std::string>{});
}

}  // namespace
