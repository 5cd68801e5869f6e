#include <cairn/bundle/reader.hpp>

#include <doctest/doctest.h>

#include <cairn/bundle/entry_reader.hpp>
#include <cairn/bundle/writer.hpp>
#include <cairn/core/half.hpp>
#include <cairn/format/detail/ordered_code.hpp>
#include <cairn/testing/faulty_file_system.hpp>

#include "bundle/bundles.hpp"
#include "support/counting_files.hpp"
#include "support/scratch.hpp"

#include <algorithm>
#include <array>
#include <complex>
#include <cstdint>
#include <fstream>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace bundle = cairn::bundle;
namespace format = cairn::format;
namespace io = cairn::io;
using cairn::AnyTensor;
using cairn::DType;
using cairn::ErrorCode;
using cairn::Shape;
using cairn::TensorView;
using cairn::test::code_of;
using cairn::test::entry_of;
using cairn::test::put_bundle;
using cairn::test::sentence_of;
using cairn::test::view_of;

TEST_CASE("every dtype is read back bit for bit, as a scalar, a matrix and without elements") {
  cairn::testing::MemoryFileSystem files;
  std::vector<std::byte> bytes(16 * 6);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(i * 37 + 200);
  std::vector<std::pair<std::string, TensorView>> tensors;
  for (int number = 1; number < 40; ++number) {
    const auto dtype = static_cast<DType>(number);
    const std::size_t size = cairn::size_of(dtype);
    if (size == 0) continue;
    const std::span<const std::byte> all(bytes);
    tensors.emplace_back(to_string(dtype) + "/scalar", TensorView(dtype, {}, all.first(size)));
    tensors.emplace_back(to_string(dtype) + "/matrix", TensorView(dtype, {2, 3}, all.first(6 * size)));
    tensors.emplace_back(to_string(dtype) + "/none", TensorView(dtype, {3, 0}, {}));
  }
  CHECK(tensors.size() == 3 * 30);
  {
    bundle::Writer writer("p", {}, files);
    for (const auto& [key, view] : tensors) writer.add(key, view);
    writer.finish();
  }
  const bundle::Reader reader("p", files);
  CHECK(reader.entries().size() == tensors.size());
  for (const auto& tensor : tensors) {
    const std::string& key = tensor.first;
    const TensorView& view = tensor.second;
    CAPTURE(key);
    CHECK(reader.contains(key));
    reader.verify(key);
    CHECK(reader.read(key) == AnyTensor(view));
    std::vector<std::byte> out(view.bytes().size());
    reader.read(key, out);
    CHECK(std::equal(out.begin(), out.end(), view.bytes().begin()));
  }
}

TEST_CASE("one value costs four calls where the index is small, and six where it is large") {
  for (const int count : {20, 20'000}) {
    CAPTURE(count);
    cairn::testing::MemoryFileSystem memory;
    {
      bundle::Writer writer("p", {}, memory);
      const float value = 1;
      for (int i = 0; i < count; ++i) writer.add("a/" + std::to_string(i), view_of(value));
      writer.finish();
    }
    cairn::test::CountingFileSystem files(memory);
    const bundle::Reader reader("p", files);
    // Of a large index its end, the block with the header, and the one that has the key.
    CHECK(files.counts().calls() == (count == 20 ? 2 : 3));
    CHECK(reader.read("a/9").scalar<float>() == 1);
    CHECK(files.counts().opens == 2);
    CHECK(files.counts().calls() == (count == 20 ? 4 : 6));
    CHECK(reader.read("a/9").scalar<float>() == 1);
    CHECK(files.counts().calls() == (count == 20 ? 5 : 7));
  }
}

TEST_CASE("strings are read back, none, empty ones and many") {
  cairn::testing::MemoryFileSystem files;
  const std::vector<std::string> none, one{""}, many(10'000, "text");
  {
    bundle::Writer writer("p", {}, files);
    writer.add("none", TensorView({0, 4}, none));
    writer.add("one", TensorView(Shape{}, one));
    writer.add("many", TensorView({100, 100}, many));
    writer.finish();
  }
  const bundle::Reader reader("p", files);
  CHECK(reader.read_strings("none") == none);
  CHECK(reader.read_strings("one") == one);
  CHECK(reader.read_strings("many") == many);
  std::vector<std::string> place(10'000, "something else that was there before");
  reader.read_strings("many", place);
  CHECK(place == many);
  std::size_t count = 0;
  reader.with_strings("many", [&](cairn::bundle::detail::StringElements& elements) {
    for (std::string element; elements.next(element); ++count) CHECK(element == "text");
  });
  CHECK(count == 10'000);
  CHECK(reader.read("many").shape() == Shape{100, 100});
  CHECK(reader.read("none").shape() == Shape{0, 4});
  reader.verify("none");
  reader.verify("many");
}

TEST_CASE("what is not there is not_found, with the names of both") {
  cairn::testing::MemoryFileSystem files;
  CHECK(code_of([&] { bundle::Reader("none", files); }) == ErrorCode::not_found);
  put_bundle(files, "p", {}, {""});
  const bundle::Reader reader("p", files);
  CHECK_FALSE(reader.contains("zz"));
  CHECK(code_of([&] { (void)reader.lookup("zz"); }) == ErrorCode::not_found);
  CHECK(sentence_of([&] { reader.verify("zz"); }).starts_with("Key zz not found in checkpoint p"));
  CHECK(code_of([&] { (void)reader.lookup(""); }) == ErrorCode::not_found);
}

TEST_CASE("the path of the index stands for the prefix") {
  cairn::testing::MemoryFileSystem files;
  put_bundle(files, "p", {}, {""});
  CHECK(bundle::Reader("p.index", files).prefix() == "p");
  put_bundle(files, "p.index", {}, {""});  // a checkpoint that is really called so
  CHECK(bundle::Reader("p.index", files).prefix() == "p.index");
}

TEST_CASE("a tensor is read only as what it is") {
  cairn::testing::MemoryFileSystem files;
  const std::vector<float> numbers{1, 2};
  const std::vector<std::string> names{"a"};
  {
    bundle::Writer writer("p", {}, files);
    writer.add("numbers", view_of(numbers, {2}));
    writer.add("names", TensorView({1}, names));
    writer.finish();
  }
  const bundle::Reader reader("p", files);
  std::vector<std::byte> seven(7), six(6);
  CHECK(code_of([&] { reader.read("numbers", seven); }) == ErrorCode::invalid_argument);
  CHECK(code_of([&] { reader.read("names", six); }) == ErrorCode::invalid_argument);
  CHECK(code_of([&] { (void)reader.read_strings("numbers"); }) == ErrorCode::invalid_argument);
  CHECK(code_of([&] { reader.with_strings("numbers", [](auto&) {}); }) == ErrorCode::invalid_argument);
  std::vector<std::string> two(2);
  CHECK(sentence_of([&] {
          reader.read_strings("names", two);
        }).ends_with("is string [1]; it cannot be read into 2 strings"));
}

TEST_CASE("a flipped byte in a shard is reported with its key and file") {
  cairn::testing::MemoryFileSystem files;
  const std::string good = "abcdefgh";
  bundle::Index index;
  index.entries = {{"first", entry_of(cairn::DT_INT32, {}, good.substr(0, 4))},
                   {"second", entry_of(cairn::DT_INT32, {}, good.substr(4), 4)}};
  for (std::size_t i = 4; i < 8; ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    put_bundle(files, "p", index, {bad});
    const bundle::Reader reader("p", files);
    reader.verify("first");
    for (const bool reads : {false, true}) try {
        if (reads)
          (void)reader.read("second");
        else
          reader.verify("second");
        FAIL_CHECK("nothing was thrown");
      } catch (const cairn::Error& error) {
        CHECK(error.code() == ErrorCode::data_loss);
        CHECK(error.key() == "second");
        CHECK(error.file() == "p.data-00000-of-00001");
        CHECK(error.offset().has_value());
        CHECK(std::string(error.what()).find("checksum") != std::string::npos);
      }
  }
}

TEST_CASE("tensors come from many shards; a missing or cut one is named, the others are read") {
  cairn::testing::MemoryFileSystem files;
  bundle::Index index;
  index.num_shards = 3;
  index.entries = {{"a", entry_of(cairn::DT_INT32, {}, "aaaa", 0, 0)},
                   {"b", entry_of(cairn::DT_INT32, {}, "bbbb", 3, 1)},
                   {"c", entry_of(cairn::DT_INT32, {}, "cccc", 0, 2)}};
  put_bundle(files, "p", index, {"aaaa", "gapbbbb and more", "ccc"});
  {
    const bundle::Reader reader("p", files);
    CHECK(reader.num_shards() == 3);
    reader.verify("a");
    CHECK(cairn::test::text_of(reader.read("b").bytes()) == "bbbb");
    const std::string sentence = sentence_of([&] { (void)reader.read("c"); });
    CHECK(sentence.find("\"p.data-00002-of-00003\" ends at byte 3") != std::string::npos);
    CHECK(sentence.find("cut") != std::string::npos);
  }
  files.remove("p.data-00000-of-00003");
  const bundle::Reader reader("p", files);
  CHECK(code_of([&] { (void)reader.read("a"); }) == ErrorCode::data_loss);
  CHECK(sentence_of([&] { (void)reader.read("a"); }).find("\"p.data-00000-of-00003\" is missing") != std::string::npos);
  reader.verify("b");
}

TEST_CASE("numbers of a big-endian file are turned, each half of a complex by itself") {
  cairn::testing::MemoryFileSystem files;
  const std::string data("\x01\x02\x03\x04\x05\x06\x07\x08", 8);
  bundle::Index index;
  index.big_endian = true;
  index.entries = {{"byte", entry_of(cairn::DT_INT8, {8}, data)},
                   {"complex", entry_of(cairn::DT_COMPLEX64, {}, data)},
                   {"long", entry_of(cairn::DT_INT64, {}, data)},
                   {"short", entry_of(cairn::DT_UINT16, {2, 2}, data)}};
  put_bundle(files, "p", index, {data});
  const bundle::Reader reader("p", files);
  CHECK(reader.big_endian());
  CHECK(reader.read("long").scalar<std::int64_t>() == 0x0102030405060708);
  CHECK(reader.read("short").span<std::uint16_t>()[3] == 0x0708);
  CHECK(cairn::test::text_of(reader.read("byte").bytes()) == data);
  const std::array<std::uint32_t, 2> halves{0x01020304, 0x05060708};
  CHECK(cairn::test::text_of(reader.read("complex").bytes()) == cairn::test::text_of(std::as_bytes(std::span(halves))));
  CHECK(cairn::test::text_of(reader.read_stored("long")) == data);
}

TEST_CASE("several threads read from one reader") {
  cairn::testing::MemoryFileSystem files;
  const std::vector<int> values(200'000, 7);
  {
    bundle::Writer writer("p", {}, files);
    writer.add("x", view_of(values, {200'000}));
    writer.finish();
  }
  const bundle::Reader reader("p", files);
  std::vector<int> sums(4);
  std::vector<std::thread> threads;
  for (int& sum : sums)
    threads.emplace_back([&] {
      const AnyTensor tensor = reader.read("x");
      for (const int value : tensor.span<int>()) sum += value;
    });
  for (std::thread& thread : threads) thread.join();
  for (const int sum : sums) CHECK(sum == 1'400'000);
}

TEST_CASE("variants are checked and kept as bytes") {
  cairn::testing::MemoryFileSystem files;
  // One element: length, message, checksum of the length as a u64 and the message.
  cairn::bundle::detail::NumberCrc crc(false);
  crc.add(std::uint64_t{3});
  crc.add_bytes(std::as_bytes(std::span("abc", 3)));
  std::string data =
      "\x03"
      "abc";
  const std::uint32_t checksum = crc.masked();
  cairn::format::append_fixed32(data, checksum);
  crc.add(checksum);
  bundle::Index index;
  index.big_endian = false;
  index.entries = {{"none", entry_of(cairn::DT_VARIANT, {0}, "")}, {"v", entry_of(cairn::DT_VARIANT, {}, data)}};
  index.entries[1].second.crc32c = crc.masked();
  put_bundle(files, "p", index, {data});
  const bundle::Reader reader("p", files);
  reader.verify("v");
  reader.verify("none");
  CHECK(cairn::test::text_of(reader.read_stored("v")) == data);
  CHECK(code_of([&] { (void)reader.read("v"); }) == ErrorCode::unimplemented);
  data[2] = 'x';
  put_bundle(files, "p", index, {data});
  CHECK(code_of([&] { bundle::Reader("p", files).verify("v"); }) == ErrorCode::data_loss);
}

TEST_CASE("bytes of strings and variants that lie are told by what is wrong with them") {
  cairn::testing::MemoryFileSystem files;
  const auto refusal = [&](DType dtype, const Shape& shape, const std::string& data) {
    bundle::Index index;
    index.big_endian = false;
    index.entries = {{"t", entry_of(dtype, shape, data)}};
    put_bundle(files, "p", index, {data});
    const bundle::Reader reader("p", files);
    const cairn::Error error = cairn::test::error_of([&] { return reader.verify("t"), 0; });
    CHECK(error.code() == ErrorCode::data_loss);
    CHECK(error.key() == "t");
    CHECK(error.file() == "p.data-00000-of-00001");
    const std::string sentence = error.what(),
                      begin = "the tensor \"t\" in \"p.data-00000-of-00001\" is damaged at byte ";
    CHECK(sentence.starts_with(begin));
    return sentence.substr(sentence.find(": ") + 2);
  };
  const auto with_crc = [](std::uint64_t length, const std::string& bytes, bool is_variant) {
    cairn::bundle::detail::NumberCrc crc(false);
    is_variant ? crc.add(length) : crc.add_length(length);
    crc.add_bytes(std::as_bytes(std::span(bytes)));
    std::string checksum;
    cairn::format::append_fixed32(checksum, crc.masked());
    return checksum;
  };
  const std::string two = "\x02" + with_crc(2, "", false);
  CHECK(refusal(cairn::DT_STRING, {1}, two + "abc") == "its strings have 2 bytes together, and 3 are there");
  CHECK(refusal(cairn::DT_STRING, {1}, "\x09" + two) == "a string of 9 bytes is longer than what is left");
  CHECK(refusal(cairn::DT_STRING, {1}, "\x02xxxxab") == "the checksum of the strings' lengths is wrong");
  CHECK(refusal(cairn::DT_STRING, {9}, two + "ab") == "9 strings cannot be in 7 bytes");
  const std::string variant =
      "\x03"
      "abc" +
      with_crc(3, "abc", true);
  CHECK(refusal(cairn::DT_VARIANT, {2}, variant) == "2 variants cannot be in 8 bytes");
  CHECK(refusal(cairn::DT_VARIANT, {1},
                "\x09"
                "abcdefgh") == "a variant of 9 bytes is longer than what is left");
  CHECK(refusal(cairn::DT_VARIANT, {1},
                "\x03"
                "abcwxyz") == "the checksum of a variant is wrong");
  CHECK(refusal(cairn::DT_VARIANT, {1}, variant + "x") == "1 bytes are left behind its last variant");
}

TEST_CASE("an entry of more strings than bytes is refused before memory is taken, in every way of reading") {
  cairn::testing::MemoryFileSystem files;
  const std::string data(8, 'x');
  bundle::Index index;
  index.entries = {{"t", entry_of(cairn::DT_STRING, {std::int64_t{1} << 40}, data)}};
  put_bundle(files, "p", index, {data});
  const bundle::Reader reader("p", files);
  CHECK(sentence_of([&] { reader.require_bytes("t"); }) ==
        "the tensor \"t\" of checkpoint \"p\" cannot be read: 1099511627776 strings cannot be in 8 bytes");
}

TEST_CASE("strings of a file that is changed while they are read one by one are data_loss") {
  const cairn::test::ScratchDirectory scratch;
  const std::string prefix = (scratch.path() / "p").string();
  bundle::Writer writer(prefix);
  const std::vector<std::string> strings{"a", "bc"};
  writer.add("t", TensorView(Shape{2}, strings));
  writer.finish();
  const bundle::Reader reader(prefix);
  const cairn::Error error = cairn::test::error_of([&] {
    reader.with_strings("t", [&](auto& elements) {
      std::fstream(prefix + ".data-00000-of-00001", std::ios::in | std::ios::out | std::ios::binary) << '\x7f';
      std::string element;
      (void)elements.next(element);
    });
    return 0;
  });
  CHECK(error.code() == ErrorCode::data_loss);
  CHECK(std::string(error.what()).ends_with(": the file was changed while it was read"));
}

TEST_CASE("a shard that the disk does not give at this moment is not told as one that is missing") {
  cairn::testing::MemoryFileSystem files;
  bundle::Index index;
  index.entries = {{"t", entry_of(cairn::DT_FLOAT, {2}, "12345678")}};
  put_bundle(files, "p", index, {"12345678"});
  for (std::uint64_t at = 1;; ++at) {
    CAPTURE(at);
    cairn::testing::FaultyFileSystem failing(files, {.at = at});
    const auto code = code_of([&] { (void)bundle::Reader("p", failing).read("t"); });
    CHECK((!code || code == ErrorCode::unavailable));
    if (failing.calls() < at) break;
  }
}

TEST_CASE("a partitioned tensor has no stored bytes in one place") {
  cairn::testing::MemoryFileSystem files;
  bundle::Writer writer("p", {}, files);
  const std::vector<float> row{1, 2};
  for (int i = 0; i < 2; ++i) writer.add_slice("w", {2, 2}, {{i, 1}, {0, 2}}, view_of(row, {1, 2}));
  writer.finish();
  const bundle::Reader reader("p", files);
  const cairn::Error error = cairn::test::error_of([&] { return reader.read_stored("w"); });
  CHECK(error.code() == ErrorCode::unimplemented);
  CHECK(std::string(error.what()) ==
        "the tensor \"w\" of checkpoint \"p\" cannot be read: it is partitioned, so that its stored bytes are not in "
        "one place");
}

TEST_CASE("an entry with a shape that no tensor has is told by that") {
  cairn::testing::MemoryFileSystem files;
  const auto refusal = [&](const Shape& shape, bool unknown_rank = false) {
    bundle::Index index;
    index.entries = {{"t", entry_of(cairn::DT_FLOAT, shape, "12345678")}};
    index.entries[0].second.unknown_rank = unknown_rank;
    put_bundle(files, "p", index, {"12345678"});
    return sentence_of([&] { (void)bundle::Reader("p", files).read("t"); });
  };
  const std::string begin = "the tensor \"t\" of checkpoint \"p\" cannot be read: its shape ",
                    end = " is not legal; every extent must be known, none negative, their product below 2^63";
  CHECK(refusal({-1}) == begin + "[-1]" + end);
  CHECK(refusal({-1, 0}) == begin + "[-1, 0]" + end);
  CHECK(refusal({std::int64_t{1} << 40, std::int64_t{1} << 40}) == begin + "[1099511627776, 1099511627776]" + end);
  CHECK(refusal({2}, true) == begin + "of unknown rank" + end);
}

namespace {

std::string long_key(std::size_t number) {  // keys that share little take the most room in an index
  std::string key = "k";
  for (std::uint64_t word = number * 0x9e3779b97f4a7c15u, i = 0; i < 60; ++i, word = word * 25 + 7)
    key += static_cast<char>('a' + (word >> 40) % 26);
  return key;
}
constexpr std::size_t many_keys = 20'000;

// Many small tensors, whose index has several blocks, and a partitioned one.
void write_many(io::FileSystem& files) {
  bundle::Writer writer("many", {}, files);
  std::vector<float> numbers(many_keys);
  for (std::size_t i = 0; i < many_keys; ++i) {
    numbers[i] = static_cast<float>(i);
    writer.add(long_key(i), view_of(numbers[i]));
  }
  const std::vector<float> first{1, 2}, second{3, 4};
  writer.add_slice("parts", {2, 2}, {{0, 1}, {}}, view_of(first, {1, 2}));
  writer.add_slice("parts", {2, 2}, {{1, 1}, {}}, view_of(second, {1, 2}));
  writer.finish();
}

}  // namespace

TEST_CASE("of a large index, the blocks that have the keys that are asked for are read, and no others") {
  cairn::testing::MemoryFileSystem memory;
  write_many(memory);
  const std::uint64_t index_bytes = memory.open("many.index")->size();
  CHECK(index_bytes > 1'400'000);
  constexpr std::uint64_t block = 262'144 + 256, end = 16'384;

  cairn::testing::FaultyFileSystem files(memory);
  const bundle::Reader reader("many", files);
  CHECK(files.calls() == 3);  // open, the end of the index, the block with the header
  CHECK(files.bytes_read() <= end + block);
  CHECK(reader.num_shards() == 1);
  CHECK(reader.read(long_key(4'000)).scalar<float>() == 4'000);
  CHECK(files.calls() == 6);  // the block with the key; open and read the data
  CHECK(files.bytes_read() <= end + 2 * block + sizeof(float));
  const std::uint64_t calls = files.calls();
  CHECK(reader.lookup(long_key(4'000)).size == sizeof(float));
  CHECK_FALSE(reader.contains(long_key(4'000) + "x"));
  CHECK(files.calls() == calls);
  const std::vector<float> whole{1, 2, 3, 4};
  CHECK(reader.read("parts") == AnyTensor(view_of(whole, {2, 2})));
  CHECK_FALSE(reader.contains(""));

  // After many keys the index is read once more, as a whole.
  for (std::size_t i = 0; i < many_keys; ++i) CHECK(reader.read(long_key(i)).scalar<float>() == static_cast<float>(i));
  CHECK(files.bytes_read() <= 2 * index_bytes + block + 2 * sizeof(float) * (many_keys + 4));
  CHECK(reader.entries().size() == many_keys + 1);
  CHECK(reader.slices().size() == 2);
  CHECK(sentence_of([&] { (void)reader.lookup("absent"); }) ==
        "Key absent not found in checkpoint many; it holds 20001 tensors");
}

TEST_CASE("an EntryReader goes over the tensors that entries() has, whether the index was decoded or not") {
  cairn::testing::MemoryFileSystem files;
  for (const bool is_partitioned : {false, true}) {
    const std::string prefix = is_partitioned ? "many" : "plain";
    if (is_partitioned) {
      write_many(files);
    } else {
      bundle::Writer writer(prefix, {}, files);
      const float number = 1;
      for (std::size_t i = 0; i < 5'000; ++i) writer.add(long_key(i), view_of(number));
      writer.finish();
    }
    const bundle::Reader whole(prefix, files);
    const bundle::EntryList& entries = whole.entries();
    const bundle::Reader reader(prefix, files);
    for (int decoded = 0; decoded < 2; ++decoded) {
      std::size_t at = 0;
      for (bundle::EntryReader each(reader); each.next(); ++at) {
        REQUIRE(at < entries.size());
        CHECK((each.key() == entries[at].first && each.entry() == entries[at].second));
        if (at % 3 == 0)  // of the others nothing is read
          CHECK(each.reader().read(each.key(), each.entry()) == whole.read(each.key()));
      }
      CHECK(at == entries.size());
      (void)reader.entries();
    }
  }
}

TEST_CASE("an EntryReader takes the same keys for parts that entries() does, however they look") {
  cairn::testing::MemoryFileSystem files;
  bundle::Index index;
  const auto add = [&](const std::string& key, std::vector<format::TensorSlice> parts) {
    bundle::Entry entry = cairn::test::entry_of(cairn::DT_INT8, {4}, parts.empty() ? "abcd" : "");
    for (format::TensorSlice& part : parts) entry.slices.push_back(std::move(part));
    index.entries.emplace_back(key, std::move(entry));
  };
  const format::TensorSlice first{{0, 2}}, second{{2, 2}}, other{{1, 2}};
  const std::vector<std::string> names{"w", std::string("w\0", 2), std::string("\0w", 2), "\xff", "w\xff", "v"};
  for (const std::string& name : names) {
    add(name, {first, second});
    for (const format::TensorSlice& slice : {first, second, other})  // that is none of its parts
      add(format::detail::encode_slice_key(name, slice), {});
  }
  add(format::detail::encode_slice_key("absent", first), {});
  add(format::detail::encode_slice_key("x", first), {});
  add("x", {});
  for (const std::string_view odd :
       {std::string_view("\0", 1), std::string_view("\0\0", 2), std::string_view("\0w\0", 3),
        std::string_view("\0w\0w", 4), std::string_view("\0\xffw", 3)})
    add(std::string(odd), {});
  for (int i = 0; i < 2'000; ++i) add(long_key(static_cast<std::size_t>(i)), {});  // more than is read at once
  cairn::test::write_file(files, "odd.index", bundle::encode_index(index));
  cairn::test::write_file(files, "odd.data-00000-of-00001", "abcd");
  CHECK(files.open("odd.index")->size() > (64 << 10));
  const bundle::EntryList entries = bundle::read_index(files, "odd.index").entries;
  CHECK(entries.size() == names.size() * 2 + 8 + 2'000);
  const bundle::Reader reader("odd", files);
  std::size_t at = 0;
  for (bundle::EntryReader each(reader); each.next(); ++at) {
    REQUIRE(at < entries.size());
    CHECK((each.key() == entries[at].first && each.entry() == entries[at].second));
  }
  CHECK(at == entries.size());
}

TEST_CASE("the key of a part means no tensor, whether the index was decoded or not") {
  cairn::testing::MemoryFileSystem files;
  write_many(files);
  const std::string part = bundle::Reader("many", files).slices()[0].first;
  const bundle::Reader reader("many", files);
  CHECK(reader.find_part(part) != nullptr);
  CHECK_FALSE(reader.contains(part));
  CHECK(code_of([&] { (void)reader.read(part); }) == ErrorCode::not_found);
  CHECK(reader.find_part(part) != nullptr);
}

TEST_CASE("entries that are looked up stay where they are, also for threads, when the whole index is read") {
  cairn::testing::MemoryFileSystem files;
  write_many(files);
  const bundle::Reader reader("many", files);
  const bundle::Entry& entry = reader.lookup(long_key(1));
  std::vector<std::thread> threads;
  std::vector<int> right(4);
  for (std::size_t t = 0; t < right.size(); ++t)
    threads.emplace_back([&, t] {
      for (std::size_t i = t; i < many_keys; i += 500)
        right[t] += reader.read(long_key(i)).scalar<float>() == static_cast<float>(i) ? 1 : 0;
      right[t] += reader.entries().size() == many_keys + 1 ? 1 : 0;
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(right == std::vector<int>(4, many_keys / 500 + 1));
  CHECK(entry.crc32c == reader.lookup(long_key(1)).crc32c);
}

TEST_CASE("damage in a large index is found where it is read, and never becomes another value") {
  cairn::testing::MemoryFileSystem files;
  write_many(files);
  const std::string index = cairn::test::read_file(files, "many.index");
  const std::vector<std::size_t> wanted{0, 1, 4'000, many_keys - 1};
  std::size_t refused = 0, read = 0;
  for (std::size_t step = 0; step < 40; ++step) {
    std::string damaged = index;
    // Every part of the table, and each of the last bytes, where index block and footer are.
    const std::size_t at = step < 20 ? step * index.size() / 20 : index.size() - 1 - (step - 20) * 13;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x41);
    cairn::testing::MemoryFileSystem other;
    cairn::test::write_file(other, "many.index", damaged);
    cairn::test::write_file(other, "many.data-00000-of-00001",
                            cairn::test::read_file(files, "many.data-00000-of-00001"));
    const auto count = [&](const auto& work) {
      const auto code = code_of(work);
      CHECK(code.value_or(ErrorCode::data_loss) == ErrorCode::data_loss);
      ++(code ? refused : read);
    };
    count([&] {
      const bundle::Reader reader("many", other);
      for (const std::size_t i : wanted)
        count([&] {
          const float value = reader.read(long_key(i)).scalar<float>();
          CHECK(value == static_cast<float>(i));
        });
      count([&] {
        const bool is_there = reader.contains("absent");
        CHECK_FALSE(is_there);
      });
    });
    // The metaindex block and the footer's padding have no information.
    const auto whole = code_of([&] { (void)bundle::Reader("many", other).entries(); });
    CHECK(whole.value_or(ErrorCode::data_loss) == ErrorCode::data_loss);
    if (step < 20) CHECK(whole);
  }
  CHECK(refused > 40);
  CHECK(read > 40);
}
