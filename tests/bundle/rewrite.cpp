#include <cairn/bundle/rewrite.hpp>

#include <doctest/doctest.h>

#include <cairn/io/faulty.hpp>

#include "bundle/bundles.hpp"
#include "support/data.hpp"
#include "support/scratch.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace bundle = cairn::bundle;
namespace io = cairn::io;
using cairn::ErrorCode;
using cairn::test::code_of;
using cairn::test::entry_of;
using cairn::test::read_file;

namespace {

std::vector<std::string> prefixes_below(const std::filesystem::path& folder) {
  std::vector<std::string> prefixes;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    const std::string path = file.path().string();
    if (path.ends_with(".index")) prefixes.push_back(path.substr(0, path.size() - 6));
  }
  std::sort(prefixes.begin(), prefixes.end());
  return prefixes;
}

// The bundle's files, named by what follows the prefix, with their contents.
std::map<std::string, std::string> files_of(io::FileSystem& files, const std::string& prefix) {
  std::map<std::string, std::string> contents{{".index", read_file(files, bundle::index_path(prefix))}};
  for (const std::string& path : bundle::data_files(prefix, files))
    contents[path.substr(prefix.size())] = read_file(files, path);
  return contents;
}

}  // namespace

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
        bundle::rewrite(bundle::Reader(prefix), copy, {.durable = false});
      } catch (const cairn::Error& error) {
        INFO(error.what());
        refused.insert(folder);
        continue;
      }
      const bool is_same = files_of(io::posix(), copy) == files_of(io::posix(), prefix);
      if (is_same)
        ++same;
      else
        different.insert(folder);
      for (const bundle::Reader original(prefix), again(copy); const auto& item : original.entries())
        CHECK(again.contains(item.first));
      bundle::remove(copy);
    }
  MESSAGE(same << " identical");
  for (const auto& name : different) MESSAGE("different: " << name);
  for (const auto& name : refused) MESSAGE("refused: " << name);
}
