// A shard of 4 GiB opens at once and takes no memory: only what is asked for is read.
#include <cairn/bundle/reader.hpp>

#include <doctest/doctest.h>

#include <cairn/bundle/index.hpp>
#include <cairn/format/crc32c.hpp>
#include <cairn/io/native.hpp>

#include "damage/allocations.hpp"
#include "io/files.hpp"
#include "support/bytes_read.hpp"
#include "support/scratch.hpp"

#include <cstdint>
#include <string>
#include <vector>

using namespace cairn;

TEST_CASE(
    "a shard of 4 GiB opens with some KiB of it read and under 16 MiB of memory, and one tensor of it is read by its "
    "key") {
  test::ScratchDirectory scratch;
  const std::string prefix = (scratch.path() / "large").string();
  constexpr std::uint64_t gib = std::uint64_t{1} << 30;
  const std::vector<float> values{1, 2, 3};
  const auto bytes = std::as_bytes(std::span(values));
  {
    // A sparse file: two small tensors around 4 GiB of one that nobody asks for.
    const auto shard = io::native().create(bundle::data_path(prefix, 0, 1));
    shard->write(0, bytes);
    shard->write(4 * gib + 12, bytes);
    shard->close();
    bundle::Index index;
    const auto add = [&](const std::string& key, Shape shape, std::uint64_t offset, std::uint64_t size) {
      bundle::Entry entry;
      entry.dtype = DT_FLOAT;
      entry.shape = std::move(shape);
      entry.offset = offset;
      entry.size = size;
      entry.crc32c = format::mask_crc(format::crc32c(bytes));
      index.entries.emplace_back(key, entry);
    };
    add("first", {3}, 0, 12);
    add("huge", {1 << 10, 1 << 20}, 12, 4 * gib);
    add("last", {3}, 4 * gib + 12, 12);
    test::write_file(io::native(), bundle::index_path(prefix), bundle::encode_index(index));
  }

  const test::PeakMemory peak;
  const std::uint64_t before = test::bytes_read();
  const bundle::Reader reader(prefix);
  const AnyTensor last = reader.read("last");
  const std::uint64_t from_files = test::bytes_read() - before;
  const std::size_t taken = peak.bytes();
  CHECK(last.span<float>()[2] == 3);
  CHECK(reader.lookup("huge").size == 4 * gib);
  CHECK(taken < (std::size_t{16} << 20));
  CHECK(from_files < (std::size_t{1} << 16));
  MESSAGE("opened and read with " << from_files << " bytes of the files and " << taken << " of memory");
}
