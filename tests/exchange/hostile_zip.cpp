#include <cairn/exchange/npz.hpp>

#include <doctest/doctest.h>

#include "exchange/hostile.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

using cairn::AnyTensor;
using cairn::ErrorCode;
using cairn::Shape;
using cairn::TensorFile;
using cairn::exchange::detail::zip64_end_mark;
using cairn::exchange::detail::zip64_locator_mark;
using cairn::test::error_of;
using cairn::test::Hostile;
using cairn::test::zip_end;
using cairn::test::zip_numbers;
using cairn::test::zip_of;
using cairn::test::ZipPart;

namespace {

const std::string no_sound_zip = "data_loss: \"F\" is no sound zip file: ";

// An array of two bytes.
std::string npy() {
  const std::string header = "{'descr': '|u1', 'fortran_order': False, 'shape': (2,)}\n";
  return std::string("\x93NUMPY\1\0", 8) + zip_numbers({{header.size(), 2}}) + header + "ab";
}
// Returns a deflated stream of one block, in which the bytes stand as they are.
std::string deflated(const std::string& bytes) {
  return zip_numbers({{1, 1}, {bytes.size(), 2}, {~bytes.size() & 0xffff, 2}}) + bytes;
}

}  // namespace

TEST_CASE("a zip file that lies is an Error with the sentence that says how") {
  const Hostile hostile;
  const ZipPart part{.name = "w.npy", .packed = npy()};
  const std::string good = zip_of(part);
  REQUIRE(hostile.refusal(good, true) == "");
  const std::size_t end = good.size() - cairn::exchange::detail::zip_end_bytes, directory = part.local().size();
  const struct {
    std::size_t at;
    std::uint64_t value;
    std::size_t bytes;
    const char* sentence;
  } cases[] = {{end, 0, 4, "it has no directory at its end"},
               {end + 10, 65'534, 2, "its directory is not inside of it"},
               {end + 10, 0, 2, "its directory has another length than it says"},
               {end + 12, 0xfffffff0, 4, "its directory is not inside of it"},
               {end + 12, part.central().size() + 1, 4, "its directory is not inside of it"},
               {end + 16, 0xfffffff0, 4, "its directory is not inside of it"},
               {end + 16, end + 1, 4, "its directory is not inside of it"},
               {end + 16, directory - 1, 4, "its directory is broken"},
               {directory, 0, 4, "its directory is broken"},
               {directory + 10, 8, 2, "\"w.npy\" is not where the directory says"},
               {directory + 16, 1, 4, "the bytes of \"w.npy\" do not have their checksum"},
               {directory + 20, 1, 4, "\"w.npy\" has two sizes"},
               {directory + 24, 1, 4, "\"w.npy\" has two sizes"},
               {directory + 28, 0xffff, 2, "its directory is broken"},
               {directory + 30, 0xffff, 2, "its directory is broken"},
               {directory + 42, 1, 4, "\"w.npy\" is not where the directory says"},
               {directory + 42, end, 4, "it ends too early"},
               {directory + 42, 0xfffffff0, 4, "it ends too early"},
               {8, 8, 2, "\"w.npy\" is not where the directory says"},
               {26, 4, 2, "\"w.npy\" is not where the directory says"},
               {28, 1, 2, "\"w.npy\" is not inside of it"},
               {28, 0xffff, 2, "\"w.npy\" is not inside of it"},
               {30, 'v', 1, "\"w.npy\" is not where the directory says"}};
  for (const auto& each : cases) {
    CAPTURE(each.at);
    CAPTURE(each.value);
    std::string changed = good;
    changed.replace(each.at, each.bytes, zip_numbers({{each.value, each.bytes}}));
    CHECK(hostile.refusal(changed, true) == no_sound_zip + each.sentence);
  }
  const auto with = [&](std::size_t at, std::uint64_t value) {
    std::string changed = good;
    return hostile.refusal(changed.replace(at, 2, zip_numbers({{value, 2}})), true);
  };
  CHECK(with(end + 4, 1) == "unimplemented: \"F\" is one part of a zip file of several; join them first");
  const std::string other_packing =
      "unimplemented: the member \"w.npy\" of \"F\" is encrypted, or compressed in another way than numpy does; save "
      "it "
      "with numpy.savez or numpy.savez_compressed";
  CHECK(with(directory + 8, 1) == other_packing);
  CHECK(with(directory + 10, 12) == other_packing);
  for (const std::string& other : {std::string(), std::string(21, 'P'), std::string(70'000, 'P')})
    CHECK(hostile.refusal(other, true) == no_sound_zip + "it has no directory at its end");
}

TEST_CASE(
    "members of a zip file that are there twice, share bytes, or have another length than they say are an Error") {
  const Hostile hostile;
  const ZipPart part{.name = "w.npy", .packed = npy()};
  const std::string two = part.central() + part.central();
  CHECK(hostile.refusal(part.local() + two + zip_end(2, two.size(), part.local().size()), true) ==
        no_sound_zip + "it has \"w.npy\" twice");
  // The second member begins inside of the first.
  ZipPart inner{.name = "b.npy", .packed = "data"};
  const ZipPart outer{.name = "a.npy", .packed = inner.local()};
  inner.offset = outer.local().size() - inner.local().size();
  const std::string both = outer.central() + inner.central();
  CHECK(hostile.refusal(outer.local() + both + zip_end(2, both.size(), outer.local().size()), true) ==
        no_sound_zip + "its members share bytes");

  const auto packed = [&](std::uint64_t bytes) {
    return hostile.refusal(
        zip_of({.name = "w.npy", .packed = deflated(npy()), .method = 8, .contents = npy(), .bytes = bytes}), true);
  };
  CHECK(packed(npy().size()) == "");
  CHECK(packed(npy().size() - 1) == no_sound_zip + "\"w.npy\" is longer than it says");
  CHECK(packed(0xfffffffe) == no_sound_zip + "\"w.npy\" is longer than it can be");
  // The texts are read without a header of their own that could disagree.
  const auto texts = [&](std::uint64_t bytes) {
    return hostile.refusal(
        zip_of({.name = "__metadata__", .packed = deflated("{}"), .method = 8, .contents = "{}", .bytes = bytes}),
        true);
  };
  CHECK(texts(2) == "");
  CHECK(texts(3) == no_sound_zip + "\"__metadata__\" is not as long as it says");
}

TEST_CASE("the texts of an npz file that lie are an Error with the sentence that says how") {
  const Hostile hostile;
  const auto texts = [&](const std::string& json) {
    return hostile.refusal(zip_of({.name = "__metadata__", .packed = json}), true);
  };
  CHECK(texts(R"({"a": "b"})") == "");
  CHECK(
      texts(R"({"a": "b", "a": "b"})") ==
      "data_loss: the metadata of \"F\" has \"a\" twice, at byte 19 of it; the file is damaged, or of another format");
  CHECK(texts(R"({"a": "b"} {})") ==
        "data_loss: the metadata of \"F\" goes on behind its end, at byte 11 of it; the file is damaged, or of another "
        "format");
  const std::uint64_t too_many = (std::uint64_t{1} << 30) + 1;
  const ZipPart large{.name = "__metadata__", .packed = std::string(1'100'000, '\0'), .method = 8, .bytes = too_many};
  CHECK(hostile.refusal(zip_of(large), true) ==
        "data_loss: the metadata of \"F\" has 1073741825 bytes, more than there can be");
}

TEST_CASE("sizes of 64 bits in a zip file are read, and checked like the others") {
  const Hostile hostile;
  ZipPart part{.name = "w.npy", .packed = npy()};
  const std::uint64_t size = npy().size();
  part.bytes = part.packed_bytes = part.offset = 0xffffffff;
  part.extra = zip_numbers({{7, 2}, {1, 2}, {0, 1}, {1, 2}, {24, 2}, {size, 8}, {size, 8}, {0, 8}});
  CHECK(hostile.refusal(zip_of(part), true) == "");
  // The field ends within a number, which would go on in the comment.
  part.extra = zip_numbers({{1, 2}, {20, 2}, {size, 8}, {size, 8}, {0, 4}});
  part.comment = std::string(4, '\0');
  CHECK(hostile.refusal(zip_of(part), true) == no_sound_zip + "its directory is broken");
  part.extra = zip_numbers({{1, 2}, {25, 2}, {size, 8}, {size, 8}, {0, 8}});
  CHECK(hostile.refusal(zip_of(part), true) == no_sound_zip + "its directory is broken");

  const ZipPart plain{.name = "w.npy", .packed = npy()};
  const std::string members = plain.local() + plain.central();
  const auto zip64 = [&](std::uint64_t mark, std::uint64_t disk, std::uint64_t at) {
    const std::string end64 = zip_numbers({{mark, 4}, {44, 8}, {45, 2}, {45, 2}, {0, 4}, {0, 4}}) +
                              zip_numbers({{1, 8}, {1, 8}, {plain.central().size(), 8}, {plain.local().size(), 8}});
    const std::string locator = zip_numbers({{zip64_locator_mark, 4}, {disk, 4}, {at, 8}, {1, 4}});
    return hostile.refusal(members + end64 + locator + zip_end(0xffff, 0xffffffff, 0xffffffff), true);
  };
  CHECK(zip64(zip64_end_mark, 0, members.size()) == "");
  CHECK(zip64(zip64_end_mark + 1, 0, members.size()) == no_sound_zip + "its zip64 directory is not where it should be");
  CHECK(zip64(zip64_end_mark, 0, ~std::uint64_t{0}) == no_sound_zip + "it ends too early");
  CHECK(zip64(zip64_end_mark, 1, members.size()) ==
        "unimplemented: \"F\" is one part of a zip file of several; join them first");
}

TEST_CASE("a name that no zip file can hold is refused, and the file stays as it was") {
  const Hostile hostile;
  hostile.write("old");
  const auto named = [](std::size_t bytes) {
    TensorFile::Tensor tensor{.name = std::string(bytes, 'n'), .dtype = cairn::DT_STRING, .shape = {}};
    tensor.strings = [] { return std::vector<std::string>{"a"}; };
    return TensorFile("", {tensor}, {});
  };
  const cairn::Error error = error_of([&] { return cairn::save_npz(named(65'532), hostile.file), 0; });
  CHECK(error.code() == ErrorCode::invalid_argument);
  CHECK(std::string(error.what()) ==
        "a name of 65536 bytes is too long for \"" + hostile.file + "\"; rename the value first");
  CHECK(cairn::test::read_file(cairn::io::native(), hostile.file) == "old");
  cairn::save_npz(named(65'531), hostile.file);
  CHECK(cairn::read_npz(hostile.file).read(std::string(65'531, 'n')) == AnyTensor(Shape{}, {"a"}));
}
