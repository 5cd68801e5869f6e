#include <cairn/bundle/merge.hpp>

#include <doctest/doctest.h>

#include <cairn/bundle/reader.hpp>
#include <cairn/bundle/writer.hpp>
#include <cairn/testing/faulty_file_system.hpp>

#include "bundle/bundles.hpp"
#include "support/stopping.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <random>
#include <span>
#include <string>
#include <vector>

namespace bundle = cairn::bundle;
namespace io = cairn::io;
using cairn::ErrorCode;
using cairn::Shape;
using cairn::test::code_of;
using cairn::test::read_file;
using cairn::test::view_of;
using cairn::test::write_file;
using Names = std::vector<std::string>;

namespace {

const Names parts{"d/t/part-0", "d/t/part-1"};

// Two writers' bundles of one generation: a tensor each, and rows of "w".
void write_parts(io::FileSystem& files, int number) {
  for (int i = 0; i < 2; ++i) {
    bundle::Writer writer(parts[static_cast<std::size_t>(i)], {}, files);
    const std::vector<int> rows{number, i, number, i};
    writer.add_slice("w", {4, 2}, {{2 * i, 2}, {0, 2}}, view_of(rows, {2, 2}));
    writer.add(i == 0 ? "first" : "second", view_of(number));
    writer.finish();
  }
}

// Which generation is complete under the prefix; 0 when there is no index. Anything else fails the test.
int generation(io::FileSystem& files) {
  if (!bundle::checkpoint_exists("d/p", files)) return 0;
  try {
    const bundle::Reader reader("d/p", files);
    const int number = reader.read("first").scalar<int>();
    const auto w = reader.read("w");
    const std::vector<int> expected{number, 0, number, 0, number, 1, number, 1};
    if (std::vector<int>(w.span<int>().begin(), w.span<int>().end()) != expected) return -1;
    if (reader.read("second").scalar<int>() != number) return -2;
    return number;
  } catch (const cairn::Error& error) {
    FAIL_CHECK(std::string(error.what()));
    return -3;
  }
}

}  // namespace

TEST_CASE("merging renames the data files and unites the indexes") {
  cairn::testing::MemoryFileSystem files;
  write_parts(files, 7);
  const std::string first = read_file(files, parts[0] + ".data-00000-of-00001");
  bundle::merge(parts, "d/p", {}, files);
  CHECK(generation(files) == 7);
  CHECK(files.list_directory("d") == Names{"p.data-00000-of-00002", "p.data-00001-of-00002", "p.index", "t"});
  CHECK(files.list_directory("d/t").empty());
  CHECK(read_file(files, "d/p.data-00000-of-00002") == first);
  const bundle::Reader reader("d/p", files);
  CHECK(reader.num_shards() == 2);
  CHECK(reader.lookup("w").slices == cairn::core::detail::Vec<bundle::TensorSlice>{{{0, 2}, {0, 2}}, {{2, 2}, {0, 2}}});
}

TEST_CASE("parts that are kept are copied, to the same bundle; what would not be whole is refused") {
  cairn::testing::MemoryFileSystem files;
  write_parts(files, 7);
  const Names before = files.list_directory("d/t");
  bundle::merge({parts[0], parts[1]}, "d/p", {.keep_parts = true}, files);
  CHECK(generation(files) == 7);
  CHECK(files.list_directory("d/t") == before);
  bundle::merge(parts, "d/q", {}, files);
  for (const char* const end : {".data-00000-of-00002", ".data-00001-of-00002", ".index"})
    CHECK(read_file(files, "d/p" + std::string(end)) == read_file(files, "d/q" + std::string(end)));

  write_parts(files, 8);
  CHECK(bundle::is_part(parts[0], files));
  CHECK_FALSE(bundle::is_part("d/p", files));
  for (const char* const prefix : {"d/p", "none/p"})
    CHECK(code_of([&] { bundle::merge({parts[0]}, prefix, {.keep_parts = true}, files); }) == ErrorCode::data_loss);
  CHECK_FALSE(files.exists("none"));
  CHECK(generation(files) == 7);
  std::string data = read_file(files, parts[1] + ".data-00000-of-00001");
  data[3] = static_cast<char>(data[3] ^ 1);
  files.remove(parts[1] + ".data-00000-of-00001");
  write_file(files, parts[1] + ".data-00000-of-00001", data);
  CHECK(code_of([&] { bundle::merge(parts, "d/p", {.keep_parts = true}, files); }) == ErrorCode::data_loss);
  CHECK(generation(files) == 7);
}

// Copies the parts as whole files, of which so many tensors are held at a time; false where that is not possible.
static bool copy_files(const Names& together, const std::string& prefix, std::size_t window, io::FileSystem& files) {
  bundle::detail::MergeCopy copy(window);
  bundle::detail::MergedTables merged(files, together, bundle::detail::MergedTables::Numbers::by_number,
                                      [&](const bundle::detail::PartEntries& entry) { copy.see(entry); });
  return bundle::detail::copy_files(together, merged, copy, prefix, cairn::Durability::none, files);
}

// A bundle of numbers, of none, of texts short and long, in one data file or several, in the order of the keys or not.
static void write_some(io::FileSystem& files, const std::string& prefix, unsigned seed, bool is_in_order) {
  std::minstd_rand random(seed);
  std::vector<std::string> keys;
  for (int i = 0; i < 60; ++i) keys.push_back("model/" + prefix + "/" + std::to_string(100 + i));
  if (!is_in_order) std::shuffle(keys.begin(), keys.end(), random);
  bundle::Writer writer(prefix, {}, files);
  const std::vector<float> numbers(300'000, 1.5f);
  std::size_t count = 0;
  for (const std::string& key : keys) {
    const std::size_t size = random() % 7 == 0 ? 290'000 : random() % 4 * 5;
    if (random() % 5 == 0) {
      const std::vector<std::string> texts{key, std::string(size, 'x'), ""};
      writer.add(key, cairn::TensorView({3}, texts));
      writer.flush();
    } else {
      writer.add(key, cairn::TensorView(cairn::DT_FLOAT, {static_cast<std::int64_t>(size)},
                                        std::as_bytes(std::span(numbers).first(size))));
    }
    if (seed % 3 == 0 && ++count % 25 == 0) writer.begin_shard();
  }
  const std::vector<int> rows{1, 2, 3, 4};
  writer.add_slice("w", {4, 2}, {{2 * (seed % 2), 2}, {0, 2}}, view_of(rows, {2, 2}));
  writer.finish();
}

TEST_CASE("data files that tensors fill are copied as they are, in any order of the keys, whatever part is held") {
  for (const bool is_in_order : {true, false}) {
    cairn::testing::MemoryFileSystem files;
    write_some(files, "a", 2, is_in_order);
    write_some(files, "b", 3, is_in_order);
    const Names together{"a", "b"};
    {
      bundle::detail::MergedTables merged(files, together, bundle::detail::MergedTables::Numbers::by_number,
                                          [](const bundle::detail::PartEntries&) {});
      bundle::detail::copy_tensors(together, merged, "expected", cairn::Durability::none, files);
    }
    const std::map<std::string, std::string> expected = cairn::test::files_of("expected", files);
    CHECK(expected.size() == 1 + 1 + 3);
    for (const std::size_t window : {1u, 2u, 7u, 1000u}) {
      CAPTURE(window);
      REQUIRE(copy_files(together, "p", window, files));
      CHECK(cairn::test::files_of("p", files) == expected);
      bundle::remove_checkpoint("p", files);
    }
    for (const std::string path : {"a.data-00000-of-00001", "b.data-00001-of-00003"}) {
      const std::string data = read_file(files, path);
      for (std::size_t at = 0; at < data.size(); at += data.size() / 20 + 1) {
        std::string damaged = data;
        damaged[at] = static_cast<char>(damaged[at] ^ 4);
        files.remove(path);
        write_file(files, path, damaged);
        CHECK_FALSE(copy_files(together, "p", 7, files));
        const cairn::Error error =
            cairn::test::error_of([&] { return bundle::merge({"a", "b"}, "p", {.keep_parts = true}, files), 0; });
        CHECK(error.code() == ErrorCode::data_loss);
        CHECK(cairn::test::contains(error.key(), path[0] == 'a' ? "model/a/" : "model/b/"));
        CHECK_FALSE(bundle::checkpoint_exists("p", files));
      }
      for (const std::string& longer : {data + "x", data.substr(1)}) {
        files.remove(path);
        write_file(files, path, longer);
        CHECK_FALSE(copy_files(together, "p", 7, files));
      }
      files.remove(path);
      CHECK_FALSE(copy_files(together, "p", 7, files));
      write_file(files, path, data);
    }
  }
}

TEST_CASE("a large tensor is copied by two threads, and damage in either half is found") {
  cairn::testing::MemoryFileSystem files;
  const std::vector<float> numbers(std::size_t{3} << 20, 1.5f);
  const std::string text(std::size_t{9} << 20, 'x');
  bundle::Writer writer("numbers", {}, files);
  writer.add("numbers", view_of(numbers, {3 << 20}));
  writer.finish();
  bundle::Writer other("text", {}, files);
  other.add("text", cairn::TensorView({}, std::span(&text, 1)));
  other.finish();
  REQUIRE(copy_files({"numbers", "text"}, "p", 10, files));
  CHECK(bundle::Reader("p", files).read_strings("text").at(0) == text);
  CHECK(read_file(files, "p.data-00000-of-00002") == read_file(files, "numbers.data-00000-of-00001"));
  for (const char* const path : {"numbers.data-00000-of-00001", "text.data-00000-of-00001"}) {
    const std::string data = read_file(files, path);
    for (const std::size_t at : {std::size_t{0}, data.size() / 2, data.size() - 1}) {
      std::string damaged = data;
      damaged[at] = static_cast<char>(damaged[at] ^ 4);
      files.remove(path);
      write_file(files, path, damaged);
      CHECK_FALSE(copy_files({"numbers", "text"}, "q", 10, files));
    }
    files.remove(path);
    write_file(files, path, data);
  }
}

TEST_CASE("parts that do not fill their data files, or are of any other form, are copied tensor by tensor") {
  cairn::testing::MemoryFileSystem files;
  bundle::Index index;
  bundle::Entry good = cairn::test::entry_of(cairn::DT_INT8, {4}, "abcd");
  std::string data = "abcd";
  bool is_whole = true, is_copied = true;
  SUBCASE("bytes behind the last tensor") { data += "x", is_whole = false; }
  SUBCASE("bytes before the first one") { good.offset = 1, data = "xabcd", is_whole = false; }
  SUBCASE("fields of a later version") { good.unknown_fields = "\x98\x06\x07"; }
  SUBCASE("a dtype of a later version") { good.dtype = static_cast<cairn::DType>(77), good.crc32c = 7; }
  SUBCASE("another size than the shape's") { good.shape = {5}, is_copied = is_whole = false; }
  SUBCASE("no elements, and a checksum of some") {
    good.shape = {0}, good.size = 0, data = "", is_copied = is_whole = false;
  }
  SUBCASE("no shape") { good.unknown_rank = true, is_copied = is_whole = false; }
  index.entries = {{"x", good}};
  cairn::test::put_bundle(files, "a", index, {data});
  bundle::Writer("b", {}, files).finish();
  CHECK(copy_files({"a", "b"}, "p", 10, files) == is_whole);
  const auto merge = [&] { bundle::merge({"a", "b"}, "q", {.keep_parts = true}, files); };
  if (!is_copied) {
    CHECK(code_of(merge) == ErrorCode::data_loss);
    return;
  }
  merge();
  CHECK(read_file(files, "q.data-00000-of-00002") == "abcd");
  good.offset = 0;
  CHECK(*bundle::Reader("q", files).find("x") == good);
}

TEST_CASE("one bundle can be merged, and has its files under another name") {
  cairn::testing::MemoryFileSystem files;
  write_parts(files, 1);
  const std::string index = read_file(files, parts[0] + ".index");
  bundle::merge(Names{parts[0]}, "d/p", {}, files);
  CHECK(read_file(files, "d/p.index") == index);
}

TEST_CASE("a part without keys counts as a shard but has no data file, and a part may have many shards") {
  cairn::testing::MemoryFileSystem files;
  bundle::Writer("e", {}, files).finish();
  const std::vector<int> values{1, 2, 3, 4};
  bundle::Writer writer("m", {.shard_size = 8}, files);
  writer.add("values", view_of(values, {4}));
  writer.finish();
  bundle::merge(Names{"e", "m"}, "p", {}, files);
  CHECK(files.list_directory(".") == Names{"p.data-00000-of-00003", "p.data-00001-of-00003", "p.index"});
  CHECK(bundle::Reader("p", files).read("values").span<int>()[3] == 4);
}

TEST_CASE("parts that do not belong together are refused, and nothing is changed") {
  cairn::testing::MemoryFileSystem files;
  write_parts(files, 1);
  Names together = parts;
  ErrorCode expected{};
  SUBCASE("a key twice") {
    bundle::Writer writer("x", {}, files);
    const int value = 1;
    writer.add("second", view_of(value));
    writer.finish();
    together.push_back("x");
    expected = ErrorCode::already_exists;
  }
  SUBCASE("a slice twice") {
    together.push_back(parts[0]);
    expected = ErrorCode::already_exists;
  }
  SUBCASE("parts of tensors of different shapes") {
    bundle::Writer writer("x", {}, files);
    const std::vector<int> row{1, 2, 3};
    writer.add_slice("w", {4, 3}, {{3, 1}, {}}, view_of(row, {1, 3}));
    writer.finish();
    together.push_back("x");
    expected = ErrorCode::invalid_argument;
  }
  SUBCASE("a tensor and a part of one") {
    bundle::Writer writer("x", {}, files);
    const int value = 1;
    writer.add("w", view_of(value));
    writer.finish();
    together.push_back("x");
    expected = ErrorCode::already_exists;
  }
  SUBCASE("the other byte order") {
    bundle::Index index;
    index.big_endian = !index.big_endian;
    cairn::test::put_bundle(files, "x", index, {""});
    together.push_back("x");
    expected = ErrorCode::invalid_argument;
  }
  SUBCASE("no index") {
    together.push_back("nobody");
    expected = ErrorCode::not_found;
  }
  SUBCASE("no data") {
    files.remove(parts[1] + ".data-00000-of-00001");
    expected = ErrorCode::data_loss;
  }
  SUBCASE("data that was cut") {
    files.remove(parts[1] + ".data-00000-of-00001");
    write_file(files, parts[1] + ".data-00000-of-00001", "short");
    expected = ErrorCode::data_loss;
  }
  SUBCASE("the target itself") {
    together.push_back("d/p");
    expected = ErrorCode::invalid_argument;
  }
  SUBCASE("nothing") {
    together.clear();
    expected = ErrorCode::invalid_argument;
  }
  const Names before = files.list_directory("d/t");
  for (const bool keep_parts : {false, true}) {
    CHECK(code_of([&] { bundle::merge(together, "d/p", {.keep_parts = keep_parts}, files); }) == expected);
    CHECK(files.list_directory("d/t") == before);
    CHECK(files.list_directory("d") == Names{"t"});
  }
}

TEST_CASE("an index that lies about shards or places is not merged, and the sentence says how it lies") {
  cairn::testing::MemoryFileSystem files;
  const auto put = [&](const std::string& prefix, std::int32_t num_shards, const bundle::Entry& entry) {
    bundle::Index index;
    index.num_shards = num_shards;
    index.entries = {{prefix, entry}};
    cairn::test::put_bundle(files, prefix, index, {"12345678"});
  };
  const bundle::Entry good = cairn::test::entry_of(cairn::DT_FLOAT, {2}, "12345678");
  const auto refusal = [&](const Names& together) {
    const cairn::Error error = cairn::test::error_of([&] { return bundle::merge(together, "to", {}, files), 0; });
    CHECK(error.code() == ErrorCode::data_loss);
    CHECK(cairn::test::sentence_of([&] { bundle::merge(together, "to", {.keep_parts = true}, files); }) ==
          error.what());
    CHECK_FALSE(files.exists("to.index"));
    return std::string(error.what());
  };
  const auto cannot = [](const std::string& prefix, const std::string& why) {
    return "the checkpoint \"" + prefix + "\" cannot be merged with the others: " + why;
  };
  bundle::Entry bad = good;
  bad.shard = 1;
  put("a", 1, bad);
  CHECK(refusal({"a"}) == cannot("a", "a key of it is in a shard that it does not have"));
  bad = good;
  bad.offset = ~std::uint64_t{0} - 3;
  put("b", 1, bad);
  CHECK(refusal({"b"}) == cannot("b", "one of its entries lies beyond every file"));
  put("c", 1 << 30, good);
  put("d", 1 << 30, good);
  CHECK(refusal({"c", "d"}) == cannot("d", "it says that it has 1073741824 shards"));
  put("e", 0, good);
  CHECK(refusal({"e"}) == cannot("e", "it says that it has 0 shards"));
}

TEST_CASE("a merge that is killed at any call leaves the old or the new bundle, and can be done again") {
  for (const int before : {0, 1, 2})
    for (const cairn::testing::Fault kind :
         {cairn::testing::Fault::stop_before, cairn::testing::Fault::stop_after, cairn::testing::Fault::stop_torn}) {
      const auto prepare = [&](cairn::testing::MemoryFileSystem& files) {
        for (int number = 1; number <= before; ++number) {
          write_parts(files, number);
          bundle::merge(parts, "d/p", {}, files);
        }
        write_parts(files, before + 1);
      };
      cairn::testing::MemoryFileSystem first;
      prepare(first);
      cairn::testing::FaultyFileSystem counted(first);
      bundle::merge(parts, "d/p", {}, counted);
      for (std::uint64_t at = 1; at <= counted.calls(); ++at) {
        CAPTURE(before);
        CAPTURE(at);
        cairn::testing::MemoryFileSystem files;
        prepare(files);
        cairn::testing::FaultyFileSystem killed(files, {.at = at, .kind = kind});
        CHECK_THROWS_AS(bundle::merge(parts, "d/p", {}, killed), cairn::Error);
        CHECK((generation(files) == before || generation(files) == before + 1));
        files.cut_power();
        const int found = generation(files);
        CHECK((found == before || found == before + 1));
        const bool has_parts = bundle::checkpoint_exists(parts[0], files) && bundle::checkpoint_exists(parts[1], files);
        CHECK((has_parts || found == before + 1));
        if (has_parts) bundle::merge(parts, "d/p", {}, files);
        CHECK(generation(files) == before + 1);
      }
    }
}

TEST_CASE("a merge in which any call fails puts everything back, or is complete") {
  for (const int before : {0, 1, 2}) {
    std::uint64_t calls = 1;
    for (std::uint64_t at = 1; at <= calls; ++at) {
      CAPTURE(before);
      CAPTURE(at);
      cairn::testing::MemoryFileSystem files;
      for (int number = 1; number <= before; ++number) {
        write_parts(files, number);
        bundle::merge(parts, "d/p", {}, files);
      }
      write_parts(files, before + 1);
      const Names had = files.list_directory("d/t");
      cairn::testing::FaultyFileSystem failing(files, {.at = at});
      const std::string sentence = cairn::test::sentence_of([&] { bundle::merge(parts, "d/p", {}, failing); });
      if (sentence.empty()) break;  // it had fewer calls
      ++calls;
      if (sentence.find("is complete") == std::string::npos) {
        CHECK(generation(files) == before);
        CHECK(files.list_directory("d/t") == had);
        bundle::merge(parts, "d/p", {}, files);
      }
      CHECK(generation(files) == before + 1);
    }
  }
}

TEST_CASE("a merge, a rewrite and a writer that are stopped leave the prefix and the parts as they were") {
  cairn::testing::MemoryFileSystem files;
  files.create_directories("d/t");
  write_parts(files, 1);
  using cairn::ProgressCallback;
  using cairn::StopRequest;
  const auto copied =
      cairn::test::stopped_everywhere(files, "d", [&](const ProgressCallback& progress, const StopRequest& stop) {
        bundle::merge(parts, "d/p", {.keep_parts = true, .progress = progress, .stop = stop}, files);
      });
  CHECK(generation(files) == 1);
  CHECK(copied.back().bytes_in_all == 2 * 5 * sizeof(int));
  write_parts(files, 2);
  cairn::test::stopped_everywhere(files, "d", [&](const ProgressCallback& progress, const StopRequest& stop) {
    bundle::merge(parts, "d/p", {.progress = progress, .stop = stop}, files);
  });
  CHECK(generation(files) == 2);
  cairn::test::stopped_everywhere(files, "d", [&](const ProgressCallback& progress, const StopRequest& stop) {
    bundle::rewrite(bundle::Reader("d/p", files), "d/again", {.progress = progress, .stop = stop}, files);
  });
  const int number = 7;
  cairn::test::stopped_everywhere(files, "d", [&](const ProgressCallback& progress, const StopRequest& stop) {
    bundle::Writer writer("d/again", {.progress = progress, .stop = stop}, files);
    writer.add("number", view_of(number));
    writer.finish();
  });
  CHECK(bundle::Reader("d/again", files).read("number").scalar<int>() == 7);
}
