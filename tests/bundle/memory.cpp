// How much memory reading and writing take, counted by the byte.
#include <cairn/bundle/reader.hpp>

#include <doctest/doctest.h>

#include <cairn/bundle/entry_reader.hpp>
#include <cairn/bundle/merge.hpp>
#include <cairn/bundle/rewrite.hpp>
#include <cairn/bundle/verify.hpp>
#include <cairn/bundle/writer.hpp>

#include "bundle/bundles.hpp"
#include "support/bytes_read.hpp"
#include "support/scratch.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <new>
#include <span>
#include <string>
#include <vector>

#include <malloc.h>
#include <unistd.h>

namespace {

std::atomic<std::size_t> live{0};
std::atomic<std::size_t> peak{0};

void* allocate(std::size_t size) {
  void* const memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  const std::size_t now = live += ::malloc_usable_size(memory);
  std::size_t highest = peak;
  while (now > highest && !peak.compare_exchange_weak(highest, now)) {}
  return memory;
}
void release(void* memory) noexcept {
  if (memory != nullptr) live -= ::malloc_usable_size(memory);
  std::free(memory);
}

// The most that was allocated at a time during the call, beyond what was allocated before.
template <class Call>
std::size_t peak_of(const Call& call) {
  const std::size_t before = live;
  peak = before;
  call();
  return peak - before;
}

constexpr std::size_t mebi = std::size_t{1} << 20;

// What of this process is in memory, the pages of mapped files among it; 0 elsewhere than on Linux.
std::size_t resident_bytes() {
  std::ifstream counters("/proc/self/statm");
  std::size_t all = 0, resident = 0;
  counters >> all >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

void* operator new(std::size_t size) { return allocate(size); }
void* operator new[](std::size_t size) { return allocate(size); }
// Whatever is released here must come from here: std::stable_sort asks for memory without exceptions.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  try {
    return allocate(size);
  } catch (...) {
    return nullptr;
  }
}
void* operator new[](std::size_t size, const std::nothrow_t& nothrow) noexcept { return operator new(size, nothrow); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { release(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { release(memory); }
void operator delete(void* memory) noexcept { release(memory); }
void operator delete[](void* memory) noexcept { release(memory); }
void operator delete(void* memory, std::size_t) noexcept { release(memory); }
void operator delete[](void* memory, std::size_t) noexcept { release(memory); }

namespace bundle = cairn::bundle;
using cairn::test::view_of;

// A bundle with one tensor of 2^20 rows, of which the disk holds nothing.
static void put_huge(const std::string& prefix) {
  bundle::Index index;
  bundle::Entry entry;
  entry.dtype = cairn::DT_FLOAT;
  entry.shape = {1 << 20, 1 << 10};
  entry.size = std::uint64_t{4} << 30;
  index.entries = {{"huge", entry}};
  cairn::test::put_bundle(cairn::io::native(), prefix, index, {""});
  std::filesystem::resize_file(prefix + ".data-00000-of-00001", entry.size);
}

TEST_CASE("a tensor of 64 MiB is read, and written, without a second copy of it") {
  const cairn::test::ScratchDirectory scratch;
  const std::string prefix = scratch.path() / "p";
  {
    const std::vector<float> values(16 * mebi, 1.5f);
    CHECK(peak_of([&] {
            bundle::Writer writer(prefix, {.durability = cairn::Durability::none}, cairn::io::native());
            writer.add("x", view_of(values, {4096, 4096}));
            for (std::int64_t i = 0; i < 4; ++i)
              writer.add_slice(
                  "parts", {4096, 4096}, {{}, {1024 * i, 1024}},
                  cairn::TensorView(cairn::DT_FLOAT, {4096, 1024}, std::as_bytes(std::span(values).first(4 * mebi))));
            writer.finish();
          }) < mebi);
    CHECK(peak_of([&] {
            bundle::Writer writer(prefix + "-shards", {.durability = cairn::Durability::none, .shard_size = mebi},
                                  cairn::io::native());
            writer.add("x", view_of(values, {4096, 4096}));
            writer.finish();
          }) < mebi);
  }
  const bundle::Reader reader(prefix);
  for (const char* const key : {"x", "parts"}) {
    CAPTURE(key);
    CHECK(peak_of([&] { CHECK(reader.read(key).span<float>()[mebi] == 1.5f); }) <= 65 * mebi);
    CHECK(peak_of([&] { CHECK(reader.read_slice(key, {{7, 1}, {}}).span<float>()[3] == 1.5f); }) <= mebi);
    CHECK(peak_of([&] { reader.read_pieces(key, [](std::uint64_t, std::span<const std::byte>) {}); }) <= 2 * mebi);
    CHECK(peak_of([&] { reader.verify(key); }) <= mebi);
  }
  CHECK(peak_of([&] { bundle::rewrite(reader, prefix + "-copy", {.durability = cairn::Durability::none}); }) <=
        2 * mebi);
}

TEST_CASE("strings of 32 MiB need little more than themselves") {
  const cairn::test::ScratchDirectory scratch;
  for (const std::size_t length : {std::size_t{32}, std::size_t{1024}, 32 * mebi}) {
    CAPTURE(length);
    const std::string prefix = scratch.path() / std::to_string(length);
    const std::size_t count = 32 * mebi / length;
    {
      const std::vector<std::string> texts(count, std::string(length, 'x'));
      bundle::Writer writer(prefix, {.durability = cairn::Durability::none}, cairn::io::native());
      writer.add("x", cairn::TensorView({static_cast<std::int64_t>(count)}, texts));
      CHECK(peak_of([&] { writer.finish(); }) <= 2 * mebi);
    }
    const bundle::Reader reader(prefix);
    // What the elements are in memory, a length for each while they are read, and a buffer.
    const std::size_t elements = count * (sizeof(std::string) + length + 24 + sizeof(std::uint64_t));
    CHECK(peak_of([&] { CHECK(reader.read("x").strings()[count - 1].size() == length); }) <= elements + mebi);
    if (length > 32) CHECK(elements < 35 * mebi);
    CHECK(elements < 3 * 32 * mebi + mebi);
  }
}

TEST_CASE("a shard of 4 GiB opens at once, and a row of it is read without the rest") {
  const cairn::test::ScratchDirectory scratch;
  const std::string prefix = scratch.path() / "p";
  put_huge(prefix);
  const std::uint64_t before = cairn::test::bytes_read();
  CHECK(peak_of([&] {
          const bundle::Reader reader(prefix);
          const auto row = reader.read_slice("huge", {{(1 << 20) - 1, 1}, {}}, bundle::Checksums::skip);
          CHECK(row.span<float>()[1023] == 0);
        }) < mebi);
  CHECK(cairn::test::bytes_read() - before < mebi);
}

TEST_CASE("a tensor of 64 MiB is viewed in its file, checked and all, without memory for it") {
  const cairn::test::ScratchDirectory scratch;
  const std::string prefix = scratch.path() / "p";
  {
    const std::vector<float> values(16 * mebi, 1.5f);
    const float one = 1;
    bundle::Writer writer(prefix, {.durability = cairn::Durability::none, .data_alignment = 64}, cairn::io::native());
    writer.add("one", view_of(one));
    writer.add("x", view_of(values, {4096, 4096}));
    writer.finish();
  }
  const std::uint64_t before = cairn::test::bytes_read();
  CHECK(peak_of([&] {
          const bundle::Reader reader(prefix);
          const cairn::MappedTensor view = reader.view("x");
          CHECK(view.is_mapped());
          CHECK(view.span<float>()[16 * mebi - 1] == 1.5f);
        }) < mebi / 16);
  CHECK(cairn::test::bytes_read() - before < mebi / 16);
}

TEST_CASE("of a shard of 4 GiB a view takes the pages that are looked at") {
  const cairn::test::ScratchDirectory scratch;
  const std::string prefix = scratch.path() / "p";
  put_huge(prefix);
  const std::size_t resident = resident_bytes();
  const bundle::Reader reader(prefix);
  const cairn::MappedTensor view = reader.view("huge", bundle::Checksums::skip);
  REQUIRE(view.is_mapped());
  const auto values = view.span<float>();
  float sum = 0;
  for (std::size_t row = 0; row < values.size(); row += values.size() / 64) sum += values[row];
  CHECK(sum == 0);
  CHECK(values.back() == 0);
  CHECK(resident_bytes() < resident + 16 * mebi);
}

TEST_CASE("a look at one tensor of very many, and a list of all, take the memory of a few blocks of the index") {
  const cairn::test::ScratchDirectory scratch;
  const std::string prefix = scratch.path() / "many";
  constexpr std::size_t count = 40'000;
  {
    const std::vector<float> numbers(count, 1);
    bundle::Writer writer(prefix, {.durability = cairn::Durability::none});
    for (std::size_t i = 0; i < count; ++i)
      writer.add("model/layer_" + std::to_string(i) + "/kernel", cairn::test::view_of(numbers[i]));
    writer.finish();
  }
  constexpr std::size_t block = 262'144;
  CHECK(std::filesystem::file_size(prefix + ".index") > 4 * block);
  CHECK(peak_of([&] {
          const bundle::Reader reader(prefix);
          CHECK(reader.read("model/layer_777/kernel").scalar<float>() == 1);
        }) < 4 * block);
  std::size_t listed = 0;
  CHECK(peak_of([&] {
          const bundle::Reader reader(prefix);
          for (bundle::EntryReader each(reader); each.next();) ++listed;
        }) < 4 * block);
  CHECK(listed == count);
  // The place of a tensor's bytes, its checksum, a hash of its key, and two numbers of their order.
  CHECK(peak_of([&] { CHECK(cairn::verify(prefix).empty()); }) < 48 * count + 4 * block);
}

TEST_CASE(
    "the tensors of a large index with parts are listed in the memory of some blocks, and verified in little more") {
  const cairn::test::ScratchDirectory scratch;
  const std::string prefix = scratch.path() / "many";
  constexpr std::size_t count = 14'000, parts = 4;
  const std::vector<float> numbers{1, 2};
  {
    bundle::Writer writer(prefix, {.durability = cairn::Durability::none});
    for (std::size_t i = 0; i < count; ++i)
      for (std::int64_t part = 0; part < std::int64_t{parts}; ++part)
        writer.add_slice("model/layer_" + std::to_string(i) + "/kernel", {2 * parts}, {{2 * part, 2}},
                         cairn::test::view_of(numbers, {2}));
    writer.finish();
  }
  constexpr std::size_t block = std::size_t{256} << 10;  // of the index, at most
  CHECK(std::filesystem::file_size(prefix + ".index") > 8 * block);
  std::size_t listed = 0;
  CHECK(peak_of([&] {
          const bundle::Reader reader(prefix);
          for (bundle::EntryReader each(reader); each.next();) listed += each.entry().slices.size();
        }) < 5 * block);
  CHECK(listed == count * parts);
  CHECK(peak_of([&] { CHECK(cairn::verify(prefix).empty()); }) < 48 * count * (parts + 1) + 6 * block);
  std::size_t read = 0;
  CHECK(peak_of([&] {
          const bundle::Reader reader(prefix);
          bundle::require_own_bytes(reader);  // before all of it is read, as by cairn::diff
          for (bundle::EntryReader each(reader); each.next();) {
            const cairn::AnyTensor values = each.reader().read(each.key(), each.entry());
            read += std::ranges::equal(values.span<float>(), std::vector<float>{1, 2, 1, 2, 1, 2, 1, 2}) ? 1u : 0u;
          }
        }) < 8 * block);
  CHECK(read == count);
}

TEST_CASE(
    "bundles of very many tensors are merged in the memory of some blocks, and of some numbers for each tensor that is "
    "copied") {
  const cairn::test::ScratchDirectory scratch;
  constexpr std::size_t count = 40'000, block = std::size_t{256} << 10;
  const std::vector<float> numbers{1, 2};
  const std::vector<std::string> parts{scratch.path() / "a", scratch.path() / "b"};
  for (const std::string& part : parts) {
    bundle::Writer writer(part, {.durability = cairn::Durability::none});
    for (std::size_t i = 0; i < count; ++i)
      writer.add("model/layer_" + std::to_string(i) + part.back() + "/kernel", cairn::test::view_of(numbers, {2}));
    writer.finish();
  }
  const std::string prefix = scratch.path() / "p";
  constexpr std::size_t held = 40 * 2 * count;
  CHECK(peak_of([&] { bundle::merge(parts, prefix, {.durability = cairn::Durability::none, .keep_parts = true}); }) <
        3 * held + 14 * block);
  CHECK(bundle::Reader(prefix).read("model/layer_777b/kernel").span<float>()[1] == 2);
  CHECK(peak_of([&] { CHECK_FALSE(bundle::is_part(prefix)); }) < 5 * block);
  // Of all these tensors a window is held, or none where nothing is copied.
  CHECK(peak_of([&] {
          bundle::detail::MergeCopy copy(1000);
          bundle::detail::MergedTables merged(cairn::io::native(), parts,
                                              bundle::detail::MergedTables::Numbers::by_number,
                                              [&](const bundle::detail::PartEntries& entry) { copy.see(entry); });
          CHECK(bundle::detail::copy_files(parts, merged, copy, prefix + "-window", cairn::Durability::none,
                                           cairn::io::native()));
        }) < 14 * block);
  CHECK(peak_of([&] { bundle::merge(parts, prefix + "-renamed", {.durability = cairn::Durability::none}); }) <
        14 * block);
}
