// Files in TensorFlow's old format V1: damaged ones, and crafted ones with right checksums.
#include <cairn/bundle/reader.hpp>
#include <cairn/bundle/verify.hpp>

#include <doctest/doctest.h>

#include <cairn/testing/memory_file_system.hpp>

#include "damage/crafted.hpp"
#include "io/files.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace cairn;
using namespace cairn::test;

namespace {

std::string good_v1_file() {
  return read_file(io::native(), std::string(CAIRN_SOURCE_ROOT) + "/tests/bundle/format_v1/all");
}

using Contents = std::vector<std::pair<std::string, AnyTensor>>;

// Nothing when it throws an Error.
std::optional<Contents> contents_of(const std::string& file) {
  cairn::testing::MemoryFileSystem files;
  write_file(files, "p", file);
  try {
    const bundle::Reader reader("p", files);
    Contents found;
    for (const auto& item : reader.entries()) found.emplace_back(item.first, reader.read(item.first));
    CHECK(verify("p", files).empty());
    return found;
  } catch (const Error& error) {
    CHECK_FALSE(error.file().empty());
    return std::nullopt;
  }
}

}  // namespace

TEST_CASE("no flipped bit, cut or lengthened file of format V1 is read as something else") {
  const std::string good = good_v1_file();
  const Contents contents = contents_of(good).value();
  const auto try_this = [&](const std::string& bad, std::size_t where) {
    const auto found = contents_of(bad);
    if (found && *found != contents) FAIL_CHECK("a file that is damaged at " << where << " has other contents");
  };
  for (std::size_t bit = 0; bit < good.size() * 8; bit += slowness) {
    std::string bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << (bit % 8)));
    try_this(bad, bit / 8);
  }
  for (std::size_t size = 0; size < good.size(); ++size) {
    try_this(good.substr(0, size), size);
    try_this(good.substr(good.size() - size), size);
  }
  try_this(good + good, good.size());
}

TEST_CASE("crafted files of format V1 end in values or an Error, and take no memory that they do not justify") {
  constexpr std::size_t most_bytes = std::size_t{64} << 20;
  RawTable::Rows rows;
  const format::Table table(good_v1_file());
  table.for_each(
      [&](std::string_view key, std::string_view value) { rows.push_back({std::string(key), std::string(value)}); });
  for (unsigned variant = 0; variant < many(2000); ++variant) {
    CAPTURE(variant);
    Random random(variant);
    RawTable::Rows changed = rows;
    auto& row = variant % 4 == 0 ? changed.front() : any_of(changed, random);  // the list of tensors every fourth time
    const std::size_t at = random() % row.value.size();
    switch (random() % 4) {
      case 0:
        row.value[at] = static_cast<char>(row.value[at] ^ (1 << (random() % 8)));
        break;
      case 1:
        row.value[at] = static_cast<char>(random());
        break;
      case 2:
        row.value.erase(at, 1 + random() % 9);
        break;
      default: {
        std::string number;
        format::append_varint(number, static_cast<std::uint64_t>(hostile_number(random)));
        row.value.replace(at, random() % 2, number);
      }
    }
    RawTable raw;
    const auto handle = raw.add(RawTable::block(changed));
    const std::string file = raw.finish({{"\xff", RawTable::encoded(handle)}});
    const PeakMemory peak;
    (void)contents_of(file);
    CHECK(peak.bytes() < most_bytes);
  }
}
