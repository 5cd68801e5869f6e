// Input: an .index file. The mutator changes one of its blocks and seals it again.
#include "fuzz/sealed_table.hpp"

#include <cairn/bundle/index.hpp>
#include <cairn/bundle/verify.hpp>
#include <cairn/format/table.hpp>
#include <cairn/testing/memory_file_system.hpp>

#include "fuzz/fuzz.hpp"

using namespace cairn;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string file(fuzz::text_of(data, size));
  bool is_table = false;
  fuzz::run([&] {
    const format::Table table(file);
    is_table = true;
    std::size_t count = 0;
    std::string last;
    table.for_each([&](std::string_view key, std::string_view) {
      fuzz::require(count++ == 0 || last < key);
      last = key;
    });
    fuzz::require(count == table.size());
  });
  cairn::testing::MemoryFileSystem files;
  test::write_file(files, "p.index", file);
  fuzz::run([&] {
    const bundle::Index index = bundle::read_index(files, "p.index");
    fuzz::require(is_table);
    const std::string again = bundle::encode_index(index);
    cairn::testing::MemoryFileSystem others;
    test::write_file(others, "p.index", again);
    fuzz::require(bundle::read_index(others, "p.index").entries == index.entries);
  });
  (void)verify("p", files);
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned seed) {
  auto parts = fuzz::TableParts::of(fuzz::text_of(data, size));
  if (!parts || seed % 16 == 0) return LLVMFuzzerMutate(data, size, max_size);
  auto& block = parts->blocks[seed / 16 % parts->blocks.size()];
  switch (seed % 16) {
    case 1:
      return fuzz::give(parts->sealed([](std::string& index) { index = fuzz::mutated(index); }), data, size, max_size);
    case 2:
      block.compression = static_cast<std::uint8_t>(seed / 16 % 3);
      break;
    case 3:
      block.index_key = fuzz::mutated(block.index_key);
      break;
    case 4:
      if (parts->blocks.size() < 8) parts->blocks.push_back(block);
      break;
    default:
      block.contents = fuzz::mutated(block.contents);
  }
  return fuzz::give(parts->sealed(), data, size, max_size);
}
