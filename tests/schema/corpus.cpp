// The compiler's reader of an index says what bundle's says, of every checkpoint of the corpus; damage harms neither.
#include <cairn/schema.hpp>

#include <doctest/doctest.h>

#include <cairn/format/bundle_messages.hpp>
#include <cairn/format/table.hpp>

#include "support/data.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

using namespace cairn;

namespace {

std::string contents_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}
std::string key_of(const cairn::schema::detail::StaticIndexFile& index, std::size_t i) {
  std::string key;
  for (std::size_t k = 0; k < index.record(i).key_size(); ++k) key += static_cast<char>(index.key_byte(i, k));
  return key;
}
cairn::schema::detail::FileBytes bytes_of(const std::string& text) {
  return {reinterpret_cast<const unsigned char*>(text.data()), text.size()};
}

// Both readers on the same bytes: the same keys, dtypes and shapes.
void compare(const std::string& bytes) {
  const cairn::schema::detail::StaticIndexFile index(bytes_of(bytes));
  if (index.problem() == cairn::schema::detail::Problem::it_is_compressed) return;
  REQUIRE(index.problem() == cairn::schema::detail::Problem::none);
  std::size_t i = 0;
  const format::Table table(bytes, "the index");
  table.for_each([&](std::string_view key, std::string_view value) {
    if (key.empty()) return;
    REQUIRE(i < index.size());
    const format::BundleEntry entry = format::decode_bundle_entry(value);
    const cairn::schema::detail::StaticEntry read = index.entry(i);
    const std::string there = key_of(index, i);
    CHECK_MESSAGE(there == key, there);
    CHECK(index.find(bytes_of(there)) == i);
    CHECK(read.dtype == entry.dtype);
    CHECK(read.rank == entry.shape.rank());
    for (std::size_t axis = 0; axis < std::min(read.rank, read.extents.size()); ++axis)
      CHECK(read.extents[axis] == entry.shape[axis]);
    ++i;
  });
  CHECK(i == index.size());
}

}  // namespace

TEST_CASE("an index reads the same as at run time") {
  const std::filesystem::path folder = std::filesystem::path(CAIRN_SOURCE_ROOT) / "examples";
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.path().extension() == ".index") {
      compare(contents_of(entry.path()));
      ++count;
    }
  CHECK(count >= 4);
}

TEST_CASE("every index of the corpus reads the same as at run time") {
  const auto data = cairn::test::data_directory();
  if (!data) return cairn::test::skip("CAIRN_TEST_DATA names no folder");
  for (const auto& entry : std::filesystem::recursive_directory_iterator(*data)) {
    const std::string path = entry.path().string();
    if (entry.path().extension() != ".index" || path.find("hostile") != std::string::npos) continue;
    CAPTURE(path);
    compare(contents_of(path));
  }
}

TEST_CASE("a damaged index or graph is a problem or reads as something else, and harms nothing") {
  const std::filesystem::path folder =
      std::filesystem::path(CAIRN_SOURCE_ROOT) / "examples" / "14_the_compiler_checks_my_model";
  const std::string index = contents_of(folder / "before.index"), graph = contents_of(folder / "before.graph");
  REQUIRE(cairn::schema::detail::find_problem(bytes_of(index), bytes_of(graph)) ==
          cairn::schema::detail::Problem::none);
  for (std::size_t i = 0; i < index.size(); ++i) {
    const std::string cut(index, 0, i);  // an allocation of its own size, which sanitizers watch
    CHECK(cairn::schema::detail::find_problem(bytes_of(cut), {}) != cairn::schema::detail::Problem::none);
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = index;
      flipped[i] = static_cast<char>(flipped[i] ^ (1 << bit));
      static_cast<void>(cairn::schema::detail::find_problem(bytes_of(flipped), bytes_of(graph)));
      static_cast<void>(cairn::schema::detail::find_problem(bytes_of(flipped), {}));
    }
  }
  for (std::size_t i = 0; i < graph.size(); ++i) {
    if (i + 1 < graph.size())
      CHECK(cairn::schema::detail::find_problem(bytes_of(index), bytes_of(std::string(graph, 0, i + 1))) !=
            cairn::schema::detail::Problem::none);
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = graph;
      flipped[i] = static_cast<char>(flipped[i] ^ (1 << bit));
      static_cast<void>(cairn::schema::detail::find_problem(bytes_of(index), bytes_of(flipped)));
    }
  }
}
