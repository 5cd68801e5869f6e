// Every flipped bit and every cut of a small bundle: an error, or the same contents. Never anything else.
#include <cairn/bundle/reader.hpp>

#include <doctest/doctest.h>

#include <cairn/bundle/writer.hpp>

#include "bundle/bundles.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bundle = cairn::bundle;
namespace io = cairn::io;
using cairn::AnyTensor;
using cairn::test::view_of;

namespace {

struct Small {
  cairn::testing::MemoryFileSystem files;
  std::vector<std::pair<std::string, AnyTensor>> contents;

  Small() {
    const std::vector<float> numbers{1, 2, 3};
    const std::vector<std::string> names{"a", "", "bc"};
    bundle::Writer writer("p", {}, files);
    writer.add("model/numbers", view_of(numbers, {3, 1}));
    writer.add("model/names", cairn::TensorView({3}, names));
    writer.finish();
    contents = *read();
  }

  // Everything in the bundle; nullopt when reading throws an Error that says which file is damaged.
  std::optional<std::vector<std::pair<std::string, AnyTensor>>> read() {
    try {
      const bundle::Reader reader("p", files);
      std::vector<std::pair<std::string, AnyTensor>> found;
      for (const auto& item : reader.entries()) found.emplace_back(item.first, reader.read(item.first));
      return found;
    } catch (const cairn::Error& error) {
      CHECK_FALSE(error.file().empty());
      return std::nullopt;
    }
  }

  void put(const std::string& path, const std::string& content) {
    files.remove(path);
    cairn::test::write_file(files, path, content);
  }
};

}  // namespace

TEST_CASE("no flipped bit gives other contents") {
  Small small;
  for (const char* const path : {"p.index", "p.data-00000-of-00001"}) {
    const std::string good = cairn::test::read_file(small.files, path);
    std::size_t unnoticed = 0;
    for (std::size_t i = 0; i < good.size() * 8; ++i) {
      std::string bad = good;
      bad[i / 8] = static_cast<char>(bad[i / 8] ^ (1 << (i % 8)));
      small.put(path, bad);
      const auto found = small.read();
      if (!found) continue;
      ++unnoticed;
      CHECK(*found == small.contents);
    }
    small.put(path, good);
    // The metaindex block, its handle and the padding of the footer say nothing; everything else is noticed.
    CHECK(unnoticed <= (std::string(path) == "p.index" ? (13 + 2 + 36) * 8 : 0));
  }
}

TEST_CASE("no file that was cut or grew gives other contents") {
  Small small;
  for (const char* const path : {"p.index", "p.data-00000-of-00001"}) {
    const std::string good = cairn::test::read_file(small.files, path);
    for (std::size_t size = 0; size < good.size(); ++size) {
      small.put(path, good.substr(0, size));
      CHECK_FALSE(small.read().has_value());
    }
    for (const std::string& extra : {std::string(1, '\0'), std::string(100, 'x')}) {
      small.put(path, good + extra);
      const auto found = small.read();
      if (found) CHECK(*found == small.contents);
    }
    small.put(path, good);
  }
}
