#include <cairn/bundle/detail/stored_bytes.hpp>

#include <doctest/doctest.h>

#include <cairn/testing/memory_file_system.hpp>

#include "bundle/bundles.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace io = cairn::io;
using cairn::bundle::detail::StoredBytes;

namespace {

std::string letters(std::size_t size) {
  std::string text(size, ' ');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>('a' + i * 7 % 26);
  return text;
}

}  // namespace

TEST_CASE("bytes come in order, however they are asked for") {
  cairn::testing::MemoryFileSystem files;
  const std::string text = letters(2'000'000);
  cairn::test::write_file(files, "file", "skip" + text + "beyond");
  const auto file = files.open("file");
  StoredBytes stored(*file, 4, text.size(), "key", "file");
  std::string seen;
  for (const std::size_t size : {1u, 10u, 0u, 70'000u, 600'000u, 3u}) {
    std::vector<std::byte> out(size);
    stored.read(out);
    seen += cairn::test::text_of(out);
  }
  while (stored.remaining() != 0) seen += cairn::test::text_of(stored.next_piece(stored.remaining()));
  CHECK(seen == text);
  CHECK(stored.remaining() == 0);
}

TEST_CASE("nothing is read behind the tensor's end") {
  cairn::testing::MemoryFileSystem files;
  cairn::test::write_file(files, "file", "\x01\x02\x83\x04rest");
  const auto file = files.open("file");
  StoredBytes stored(*file, 1, 2, "key", "file");
  CHECK(stored.read_varint64() == 2);
  const std::string sentence = cairn::test::sentence_of([&] { (void)stored.read_varint64(); });
  CHECK(sentence.find("the tensor \"key\" in \"file\" is damaged at byte 2") != std::string::npos);
  std::vector<std::byte> two(2);
  CHECK(cairn::test::code_of([&] { stored.read(two); }) == cairn::ErrorCode::data_loss);
  CHECK(cairn::test::code_of([&] { (void)stored.pass(2, 0); }) == cairn::ErrorCode::data_loss);
}
