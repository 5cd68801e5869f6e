#include <cairn/bundle/reader.hpp>

#include <doctest/doctest.h>

#include <cairn/bundle/files.hpp>
#include <cairn/bundle/writer.hpp>
#include <cairn/io/native.hpp>
#include <cairn/testing/faulty_file_system.hpp>

#include "bundle/bundles.hpp"
#include "support/counting_files.hpp"
#include "support/scratch.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace bundle = cairn::bundle;
namespace io = cairn::io;
using cairn::AnyTensor;
using cairn::DType;
using cairn::ErrorCode;
using cairn::MappedTensor;
using cairn::Shape;
using cairn::TensorView;
using cairn::test::code_of;
using cairn::test::entry_of;
using cairn::test::put_bundle;
using cairn::test::view_of;

namespace {

// A scalar, a matrix and nothing of every dtype that has a size, behind one byte.
struct EveryDtype {
  std::vector<std::byte> bytes = std::vector<std::byte>(16 * 6);
  std::vector<std::pair<std::string, TensorView>> tensors;
  EveryDtype() {
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(i * 37 + 200);
    const std::span<const std::byte> all(bytes);
    tensors.emplace_back("first", TensorView(cairn::DT_UINT8, {}, all.first(1)));
    for (int number = 1; number < 40; ++number) {
      const auto dtype = static_cast<DType>(number);
      const std::size_t size = cairn::size_of(dtype);
      if (size == 0) continue;
      tensors.emplace_back(to_string(dtype) + "/scalar", TensorView(dtype, {}, all.first(size)));
      tensors.emplace_back(to_string(dtype) + "/matrix", TensorView(dtype, {2, 3}, all.first(6 * size)));
      tensors.emplace_back(to_string(dtype) + "/none", TensorView(dtype, {3, 0}, {}));
    }
  }
  void write(io::FileSystem& files, const std::string& prefix, std::uint64_t data_alignment) const {
    bundle::Writer writer(prefix, {.data_alignment = data_alignment}, files);
    for (const auto& [key, view] : tensors) writer.add(key, view);
    writer.finish();
  }
};

std::vector<float> floats(std::size_t count) {
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<float>(i);
  return values;
}

}  // namespace

TEST_CASE("where a file is aligned every dtype is viewed in it: no byte is read, the values are the same") {
  const cairn::test::ScratchDirectory scratch;
  const std::string prefix = scratch.path() / "p";
  const EveryDtype every;
  every.write(io::native(), prefix, 64);
  cairn::test::CountingFileSystem files(io::native());
  const bundle::Reader reader(prefix, files);
  files.reset();
  for (const auto& tensor : every.tensors) {
    const std::string& key = tensor.first;
    const TensorView& saved = tensor.second;
    CAPTURE(key);
    const MappedTensor view = reader.view(key);
    CHECK(view.is_mapped());
    CHECK(view.dtype() == saved.dtype());
    CHECK(view.shape() == saved.shape());
    CHECK(std::ranges::equal(view.bytes(), saved.bytes()));
    CHECK(AnyTensor(view) == AnyTensor(saved));
  }
  const auto counts = files.counts();
  CHECK(counts.reads == 0);
  CHECK(counts.maps == 1);
  CHECK(counts.opens == 1);
}

TEST_CASE("where a file is not aligned, what is not is copied, and the values are the same") {
  const cairn::test::ScratchDirectory scratch;
  const std::string prefix = scratch.path() / "p";
  const EveryDtype every;
  every.write(io::native(), prefix, 1);
  const bundle::Reader reader(prefix);
  std::size_t mapped = 0, copied = 0;
  for (const auto& tensor : every.tensors) {
    const std::string& key = tensor.first;
    const TensorView& saved = tensor.second;
    CAPTURE(key);
    const bundle::Entry& entry = reader.lookup(key);
    const bool is_aligned = entry.size == 0 || entry.offset % cairn::swap_unit_of(entry.dtype) == 0;
    for (const auto checksums : {bundle::Checksums::skip, bundle::Checksums::verify}) {
      const MappedTensor view = reader.view(key, checksums);
      CHECK(view.is_mapped() == is_aligned);
      CHECK(AnyTensor(view) == AnyTensor(saved));
    }
    ++(is_aligned ? mapped : copied);
  }
  CHECK(mapped > 10);
  CHECK(copied > 10);
}

TEST_CASE("a view outlives its reader, and its file's name") {
  const cairn::test::ScratchDirectory scratch;
  const std::string prefix = scratch.path() / "p";
  const std::vector<float> values = floats(3000);
  const auto write = [&](const std::vector<float>& now) {
    bundle::Writer writer(prefix, {.data_alignment = 64}, io::native());
    writer.add("x", view_of(now, {3000}));
    writer.finish();
  };
  write(values);
  std::optional<MappedTensor> view;
  {
    const bundle::Reader reader(prefix);
    view = reader.view("x");
  }
  write(std::vector<float>(3000));  // over the same names
  bundle::remove_checkpoint(prefix);
  CHECK_FALSE(std::filesystem::exists(prefix + ".index"));
  const MappedTensor copy = *view;
  view.reset();
  CHECK(std::ranges::equal(copy.span<float>(), values));
}

TEST_CASE("the same holds in memory, where a view keeps what it saw") {
  cairn::testing::MemoryFileSystem files;
  const std::vector<float> values = floats(100);
  {
    bundle::Writer writer("p", {.data_alignment = 8}, files);
    writer.add("x", view_of(values, {100}));
    writer.finish();
  }
  const MappedTensor view = bundle::Reader("p", files).view("x");
  CHECK(view.is_mapped());
  files.cut_power();
  files.remove("p.data-00000-of-00001");
  CHECK(std::ranges::equal(view.span<float>(), values));
}

TEST_CASE("damage is found when a tensor is first viewed, and the checksum compared once") {
  cairn::testing::MemoryFileSystem files;
  std::vector<float> values = floats(4);
  const std::string bytes = cairn::test::text_of(std::as_bytes(std::span(values)));
  bundle::Index index;
  index.entries = {{"good", entry_of(cairn::DT_FLOAT, {4}, bytes, 16)}, {"x", entry_of(cairn::DT_FLOAT, {4}, bytes)}};
  std::string damaged = bytes + bytes;
  damaged[5] ^= 1;
  put_bundle(files, "p", index, {damaged});
  const bundle::Reader reader("p", files);
  CHECK(reader.view("good").is_mapped());
  for (int i = 0; i < 2; ++i) {
    try {
      (void)reader.view("x");
      FAIL("nothing was thrown");
    } catch (const cairn::Error& error) {
      CHECK(error.code() == ErrorCode::data_loss);
      CHECK(error.key() == "x");
      CHECK(error.file() == "p.data-00000-of-00001");
    }
  }
  const MappedTensor unchecked = reader.view("x", bundle::Checksums::skip);
  CHECK(unchecked.is_mapped());
  CHECK(unchecked.span<float>()[0] == 0);
  CHECK(unchecked.span<float>()[1] != 1);
}

TEST_CASE("a checked tensor is not checked again") {
  const cairn::test::ScratchDirectory scratch;
  const std::string prefix = scratch.path() / "p";
  const std::vector<float> values = floats(4);
  {
    bundle::Writer writer(prefix, {}, io::native());
    writer.add("x", view_of(values, {4}));
    writer.finish();
  }
  const bundle::Reader reader(prefix);
  (void)reader.view("x");
  {
    // What nobody should do; here it shows that nobody looks a second time.
    std::fstream shard(prefix + ".data-00000-of-00001", std::ios::in | std::ios::out | std::ios::binary);
    shard.put('\x01');
  }
  CHECK(reader.view("x").is_mapped());
  CHECK(code_of([&] { (void)reader.read("x"); }) == ErrorCode::data_loss);
  CHECK(code_of([&] { (void)bundle::Reader(prefix).view("x"); }) == ErrorCode::data_loss);
}

TEST_CASE("strings, partitioned tensors and numbers of another byte order are copied") {
  cairn::testing::MemoryFileSystem files;
  const std::vector<std::string> texts{"one", "", "three"};
  const std::vector<float> values = floats(8);
  {
    bundle::Writer writer("p", {.data_alignment = 64}, files);
    writer.add("texts", TensorView({3}, texts));
    writer.add_slice("parts", {4, 2}, {{0, 2}, {}},
                     TensorView(cairn::DT_FLOAT, {2, 2}, view_of(values, {8}).bytes().first(16)));
    writer.add_slice("parts", {4, 2}, {{2, 2}, {}},
                     TensorView(cairn::DT_FLOAT, {2, 2}, view_of(values, {8}).bytes().last(16)));
    writer.finish();
  }
  const bundle::Reader reader("p", files);
  for (const auto checksums : {bundle::Checksums::verify, bundle::Checksums::skip}) {
    const MappedTensor strings = reader.view("texts", checksums);
    CHECK_FALSE(strings.is_mapped());
    CHECK(std::ranges::equal(strings.span<std::string>(), texts));
    const MappedTensor parts = reader.view("parts", checksums);
    CHECK_FALSE(parts.is_mapped());
    CHECK(std::ranges::equal(parts.span<float>(), values));
  }
  bundle::Index index;
  index.big_endian = std::endian::native == std::endian::little;
  const std::string stored(index.big_endian ? "\0\0\1\2" : "\2\1\0\0", 4);
  index.entries = {{"bytes", entry_of(cairn::DT_UINT8, {4}, stored)},
                   {"number", entry_of(cairn::DT_INT32, {}, stored)}};
  put_bundle(files, "other", index, {stored});
  const bundle::Reader other("other", files);
  CHECK(other.view("bytes").is_mapped());
  const MappedTensor number = other.view("number", bundle::Checksums::skip);
  CHECK_FALSE(number.is_mapped());
  CHECK(number.span<std::int32_t>()[0] == 258);
}

TEST_CASE("a view is refused where a read is, before any memory is taken") {
  cairn::testing::MemoryFileSystem files;
  bundle::Index index;
  bundle::Entry huge;
  huge.dtype = cairn::DT_FLOAT;
  huge.shape = {std::int64_t{1} << 40};
  huge.size = std::uint64_t{4} << 40;
  bundle::Entry variant = entry_of(cairn::DT_VARIANT, {}, "abcd");
  index.entries = {{"huge", huge}, {"ok", entry_of(cairn::DT_INT32, {}, "abcd")}, {"variant", variant}};
  put_bundle(files, "p", index, {"abcd"});
  const bundle::Reader reader("p", files);
  for (const auto checksums : {bundle::Checksums::verify, bundle::Checksums::skip}) {
    CHECK(code_of([&] { (void)reader.view("huge", checksums); }) == ErrorCode::data_loss);
    CHECK(code_of([&] { (void)reader.view("none", checksums); }) == ErrorCode::not_found);
    CHECK(code_of([&] { (void)reader.view("variant", checksums); }) == ErrorCode::unimplemented);
  }
  CHECK(code_of([&] { (void)reader.view("ok").span<float>(); }) == ErrorCode::invalid_argument);
  files.remove("p.data-00000-of-00001");
  CHECK(code_of([&] { (void)bundle::Reader("p", files).view("ok"); }) == ErrorCode::data_loss);
}

TEST_CASE("a mapping that fails is an Error with file and key, and can be asked for again") {
  cairn::testing::MemoryFileSystem files;
  bundle::Index index;
  index.entries = {{"x", entry_of(cairn::DT_INT32, {}, "abcd")}};
  put_bundle(files, "p", index, {"abcd"});
  cairn::testing::FaultyFileSystem counted(files);
  const std::uint64_t before = [&] {
    const bundle::Reader reader("p", counted);
    reader.require_bytes("x");  // opens the shard
    return counted.calls();
  }();
  cairn::testing::FaultyFileSystem failing(files, {.at = before + 1});
  const bundle::Reader reader("p", failing);
  try {
    (void)reader.view("x");
    FAIL("nothing was thrown");
  } catch (const cairn::Error& error) {
    CHECK(error.code() == ErrorCode::unavailable);
    CHECK(error.key() == "x");
  }
  CHECK(reader.view("x").is_mapped());
}

TEST_CASE("several threads view the tensors of one reader, each for the first time") {
  cairn::testing::MemoryFileSystem files;
  const std::vector<float> values = floats(1000);
  {
    bundle::Writer writer("p", {.data_alignment = 64}, files);
    for (int i = 0; i < 20; ++i) writer.add("x" + std::to_string(i), view_of(values, {1000}));
    writer.finish();
  }
  const bundle::Reader reader("p", files);
  std::vector<std::thread> threads;
  std::atomic<int> equal = 0;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i) {
        const MappedTensor view = reader.view("x" + std::to_string(i));
        equal += view.is_mapped() && std::ranges::equal(view.span<float>(), values) ? 1 : 0;
      }
    });
  for (std::thread& each : threads) each.join();
  CHECK(equal == 80);
}
