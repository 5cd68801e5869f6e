#include <cairn/exchange/npz.hpp>
#include <cairn/exchange/safetensors.hpp>

#include <doctest/doctest.h>

#include <cairn/exchange/detail/base64.hpp>
#include <cairn/exchange/detail/crc32.hpp>
#include <cairn/exchange/detail/inflate.hpp>

#include "io/files.hpp"
#include "support/scratch.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

using cairn::AnyTensor;
using cairn::ErrorCode;
using cairn::Shape;
using cairn::TensorFile;
using cairn::test::code_of;
using cairn::test::sentence_of;

namespace {

// A file that is read whole from its bytes.
struct Hostile {
  cairn::test::ScratchDirectory scratch;
  std::string file = (scratch.path() / "file").string();

  void write(const std::string& bytes) const {
    std::filesystem::remove(file);
    cairn::test::write_file(cairn::io::posix(), file, bytes, false);
  }
  [[nodiscard]] std::vector<AnyTensor> read_all(const std::string& bytes, bool is_npz) const {
    write(bytes);
    const TensorFile read = is_npz ? cairn::read_npz(file) : cairn::read_safetensors(file);
    std::vector<AnyTensor> values;
    for (const auto& tensor : read.tensors()) values.push_back(TensorFile::read(tensor));
    return values;
  }
  [[nodiscard]] std::optional<ErrorCode> safetensors(const std::string& header, const std::string& data = "") const {
    std::string bytes;
    cairn::exchange::detail::append_zip_number(bytes, header.size(), 8);
    CAPTURE(header);
    return code_of([&] { (void)read_all(bytes + header + data, false); });
  }
};

TensorFile::Tensor numbers(std::string name, AnyTensor value) {
  TensorFile::Tensor tensor{.name = std::move(name), .dtype = value.dtype(), .shape = value.shape()};
  tensor.pieces = [value = std::move(value)](const TensorFile::Use& use) { use(value.bytes()); };
  return tensor;
}
TensorFile small_file() {
  TensorFile::Tensor note{.name = "note", .dtype = cairn::DT_STRING, .shape = {}};
  note.strings = [] { return std::vector<std::string>{std::string("x\0", 2)}; };
  return {"",
          {numbers("w", AnyTensor(cairn::DT_FLOAT, Shape{2})), note, numbers("i", AnyTensor(cairn::DT_INT4, Shape{3}))},
          {{"a", "b"}}};
}

// numpy.savez_compressed of "layer.kernel" (float32, 8 x 8, 0 to 63) and "names" ("alpha", "beta").
constexpr std::string_view compressed_npz =
    "UEsDBC0AAAAIAAAAIQCv3GL8//////////8QABQAbGF5ZXIua2VybmVsLm5weQEAEACAAQAAAAAAANIAAAAAAAAAncgha8NgFIXhW5gYpaJiYmLi"
    "E4Uvg4iKijAKS0MpFduI6GCDwRKWlIiwhCSUQjuInCzUTFZOVlZWVlZORlZOVu7dfsIO9zlwz/Lu/tZ9rMlEZjoI85dMXyndHXe0qfQ4yYrMf31O"
    "siD83Qd+nIfseeSnIb9hmcq6NNWb+nfq8pfymrI5lFhhiwrSE2lCoQ0bLjykKPGOBT6wwifW2GCLHfb4QoUDvnGEOCInOEUDTZzhHBdQaMGAiTY6"
    "sNCFjT6GuIGLER7wBA8BIsRIUWCKufMDUEsDBC0AAAAIAAAAIQDUssKW//////////8JABQAbmFtZXMubnB5AQAQAKgAAAAAAAAAWwAAAAAAAACb"
    "7BfqGxDJyFDGUK2eklqcXKRupaBuE2qqrqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RpGOpo6CrUKFACuRAYGhhwgLgDiDCAG8ZOAOBWI"
    "S6B8EAAAUEsBAi0DLQAAAAgAAAAhAK/cYvzSAAAAgAEAABAAAAAAAAAAAAAAAIABAAAAAGxheWVyLmtlcm5lbC5ucHlQSwECLQMtAAAACAAAACEA"
    "1LLCllsAAACoAAAACQAAAAAAAAAAAAAAgAEUAQAAbmFtZXMubnB5UEsFBgAAAAACAAIAdQAAAKoBAAAAAA==";

std::string decoded(std::string_view text) { return cairn::exchange::detail::base64_decode(text).value(); }

std::string inflated(const std::string& packed, std::size_t most = 1 << 20) {
  std::string text;
  bool given = false;
  cairn::exchange::detail::Inflate(
      [&] {
        const auto all = std::as_bytes(std::span(packed));
        return std::exchange(given, true) ? all.first(0) : all;
      },
      [&](std::span<const std::byte> bytes) {
        text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        return text.size() < most;
      },
      "packed")
      .run();
  return text;
}

// Every flipped bit and every cut is an Error, or gives what some legal file could.
void flip_and_cut(const Hostile& hostile, const std::string& bytes, bool is_npz) {
  std::size_t errors = 0;
  const auto attempt = [&](const std::string& damaged) {
    const auto code = code_of([&] { (void)hostile.read_all(damaged, is_npz); });
    if (code) ++errors;
    CHECK((!code || *code == ErrorCode::data_loss || *code == ErrorCode::unimplemented ||
           *code == ErrorCode::out_of_range));
  };
  for (std::size_t size = 0; size < bytes.size(); ++size) attempt(bytes.substr(0, size));
  CHECK(errors == bytes.size());
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    attempt(damaged);
  }
}

}  // namespace

TEST_CASE("a safetensors header that lies is an Error") {
  const Hostile hostile;
  const auto entry = [](const std::string& shape, const std::string& offsets, const std::string& dtype = "F32") {
    return "\"w\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}";
  };
  const std::string data(8, 'x');
  CHECK(hostile.safetensors("{" + entry("[2]", "[0,8]") + "}", data) == std::nullopt);
  CHECK(hostile.safetensors("{}") == std::nullopt);
  for (const std::string& wrong : {entry("[2]", "[0,9]"),
                                   entry("[2]", "[8,0]"),
                                   entry("[3]", "[0,12]"),
                                   entry("[1]", "[0,4]"),
                                   entry("[1]", "[4,8]"),
                                   entry("[9223372036854775807]", "[0,8]"),
                                   entry("[4611686018427387904,4]", "[0,0]"),
                                   entry("[2]", "[0]"),
                                   entry("[2]", "[0,8,8]"),
                                   entry("[2]", "[0,9223372036854775808]"),
                                   entry("[-1]", "[0,8]"),
                                   entry("[2.0]", "[0,8]"),
                                   entry("[02]", "[0,8]"),
                                   entry("[2,]", "[0,8]"),
                                   entry("[2]", "[0,8]") + "," + entry("[2]", "[0,8]"),
                                   entry("[2]", "[0,8]") + ",\"v\":" + entry("[2]", "[0,8]").substr(4),
                                   entry("[2]", "[0,8]") + ",",
                                   std::string("\"w\":{\"dtype\":\"F32\",\"shape\":[2]}"),
                                   std::string("\"w\":1"),
                                   std::string("\"w\":{}"),
                                   std::string("\"__metadata__\":{\"a\":1},") + entry("[2]", "[0,8]"),
                                   std::string("\"__metadata__\":{\"a\":\"1\",\"a\":\"1\"},") + entry("[2]", "[0,8]"),
                                   std::string("\"\\ud800\":{},") + entry("[2]", "[0,8]"),
                                   std::string("\"\\x\":{}"),
                                   std::string("\"\xff\":{}"),
                                   std::string("\"a\nb\":{}"),
                                   entry("[2]", "[0,8],\"more\":1"),
                                   entry("[2]", "[0,8],\"shape\":[2]")})
    CHECK(hostile.safetensors("{" + wrong + "}", data) == ErrorCode::data_loss);
  CHECK(hostile.safetensors("{" + entry("[16]", "[0,8]", "F4") + "}", data) == ErrorCode::unimplemented);
  CHECK(hostile.safetensors("[]") == ErrorCode::data_loss);
  CHECK(hostile.safetensors("{} x") == ErrorCode::data_loss);
  CHECK(hostile.safetensors(std::string(50'000, '[')) == ErrorCode::data_loss);
  for (const std::uint64_t size :
       {~std::uint64_t{0}, std::uint64_t{1} << 63, std::uint64_t{100'000'001}, std::uint64_t{3}}) {
    std::string bytes;
    cairn::exchange::detail::append_zip_number(bytes, size, 8);
    CHECK(code_of([&] { (void)hostile.read_all(bytes + "{}", false); }) == ErrorCode::data_loss);
  }
  for (const char* const notes :
       {R"({"tensorflow.dtypes":"{"})", R"({"tensorflow.dtypes":"{\"w\": \"float31\"}"})",
        R"({"tensorflow.strings":"{\"s\": {\"shape\": [9223372036854775807], \"base64\": []}}"})",
        R"({"tensorflow.strings":"{\"s\": {\"shape\": [1], \"base64\": [\"a\"]}}"})",
        R"({"tensorflow.strings":"{\"s\": {\"at\": 99999999999999999999}}"})",
        R"({"tensorflow.strings":"{\"w\": {\"shape\": [], \"base64\": [\"\"]}}"})",
        R"({"tensorflow.strings":"{\"s\": {\"more\": 1}}"})"})
    CHECK(hostile.safetensors("{\"__metadata__\":" + std::string(notes) + "," + entry("[2]", "[0,8]") + "}", data) ==
          ErrorCode::data_loss);
  // A note about numbers that are not there any more says nothing.
  CHECK(hostile.safetensors(R"({"__metadata__":{"tensorflow.dtypes":"{\"w\": \"int4\", \"v\": \"string\"}"},)" +
                                entry("[2]", "[0,8]") + "}",
                            data) == std::nullopt);
}

TEST_CASE("a zip file that lies is an Error") {
  const Hostile hostile;
  cairn::save_npz(small_file(), hostile.file);
  const std::string good = cairn::test::read_file(cairn::io::posix(), hostile.file);
  CHECK(hostile.read_all(good, true).size() == 3);
  const std::size_t end = good.size() - cairn::exchange::detail::zip_end_bytes;
  const auto directory = static_cast<std::size_t>(cairn::exchange::detail::zip_number(good, end + 16, 4));
  const auto with = [&](std::size_t at, std::uint64_t value, std::size_t bytes) {
    std::string changed, number;
    cairn::exchange::detail::append_zip_number(number, value, bytes);
    changed = good;
    changed.replace(at, bytes, number);
    return code_of([&] { (void)hostile.read_all(changed, true); });
  };
  CHECK(with(end, 0, 4) == ErrorCode::data_loss);                  // no end
  CHECK(with(end + 10, 65'534, 2) == ErrorCode::data_loss);        // more members than the directory can have
  CHECK(with(end + 10, 2, 2) == ErrorCode::data_loss);             // fewer
  CHECK(with(end + 12, 0xfffffff0, 4) == ErrorCode::data_loss);    // a directory that is too large,
  CHECK(with(end + 16, 0xfffffff0, 4) == ErrorCode::data_loss);    // or somewhere else
  CHECK(with(end + 4, 1, 2) == ErrorCode::unimplemented);          // of several parts
  CHECK(with(directory + 8, 1, 2) == ErrorCode::unimplemented);    // encrypted
  CHECK(with(directory + 10, 12, 2) == ErrorCode::unimplemented);  // another compression
  CHECK(with(directory + 10, 8, 2) == ErrorCode::data_loss);       // one that the local header does not say
  CHECK(with(directory + 16, 1, 4) == ErrorCode::data_loss);       // a checksum
  CHECK(with(directory + 20, 1, 4) == ErrorCode::data_loss);       // two sizes
  CHECK(with(directory + 24, 0xfffffff0, 4) == ErrorCode::data_loss);
  CHECK(with(directory + 28, 0xffff, 2) == ErrorCode::data_loss);  // a name that is too long
  CHECK(with(directory + 30, 0xffff, 2) == ErrorCode::data_loss);
  CHECK(with(directory + 42, directory, 4) == ErrorCode::data_loss);  // a member that is not where it should be
  const std::string first = good.substr(directory, cairn::exchange::detail::zip_central_bytes + 5);
  CHECK(first.ends_with("w.npy"));
  std::string twice = good.substr(0, directory) + first + first;
  cairn::exchange::detail::append_zip_number(twice, cairn::exchange::detail::zip_end_mark, 4);
  for (const auto& [value, bytes] :
       {std::pair<std::size_t, std::size_t>{0, 4}, {2, 2}, {2, 2}, {first.size() * 2, 4}, {directory, 4}, {0, 2}})
    cairn::exchange::detail::append_zip_number(twice, value, bytes);
  CHECK(sentence_of([&] { (void)hostile.read_all(twice, true); }).find("it has \"w.npy\" twice") != std::string::npos);
  CHECK(code_of([&] { (void)hostile.read_all(std::string(70'000, 'P'), true); }) == ErrorCode::data_loss);
  CHECK(code_of([&] { (void)hostile.read_all("", true); }) == ErrorCode::data_loss);
}

TEST_CASE("members of a zip file that share bytes are an Error, as is one that is larger than it can be") {
  const Hostile hostile;
  // Two directory entries of different names for what is nearly the same local member: the second begins inside the
  // first.
  std::string inner;
  const auto local = [](const std::string& name, const std::string& data) {
    std::string text;
    for (const auto& [value, bytes] :
         {std::pair<std::uint64_t, std::size_t>{cairn::exchange::detail::zip_local_mark, 4},
          {20, 2},
          {0, 2},
          {0, 2},
          {0, 4},
          {0, 4},
          {data.size(), 4},
          {data.size(), 4},
          {name.size(), 2},
          {0, 2}})
      cairn::exchange::detail::append_zip_number(text, value, bytes);
    return text + name + data;
  };
  const auto central = [](const std::string& name, std::uint64_t packed, std::uint64_t size, std::uint64_t offset,
                          std::uint64_t method) {
    std::string text;
    for (const auto& [value, bytes] :
         {std::pair<std::uint64_t, std::size_t>{cairn::exchange::detail::zip_central_mark, 4},
          {20, 2},
          {20, 2},
          {0, 2},
          {method, 2},
          {0, 4},
          {0, 4},
          {packed, 4},
          {size, 4},
          {name.size(), 2},
          {0, 2},
          {0, 2},
          {0, 2},
          {0, 2},
          {0, 4},
          {offset, 4}})
      cairn::exchange::detail::append_zip_number(text, value, bytes);
    return text + name;
  };
  const auto zip = [](const std::string& members, const std::string& directory, std::uint64_t count) {
    std::string text = members + directory;
    for (const auto& [value, bytes] : {std::pair<std::uint64_t, std::size_t>{cairn::exchange::detail::zip_end_mark, 4},
                                       {0, 4},
                                       {count, 2},
                                       {count, 2},
                                       {directory.size(), 4},
                                       {members.size(), 4},
                                       {0, 2}})
      cairn::exchange::detail::append_zip_number(text, value, bytes);
    return text;
  };
  const std::string second = local("b.npy", "data"), first = local("a.npy", second);
  const std::string overlapping = zip(
      first,
      central("a.npy", second.size(), second.size(), 0, 0) + central("b.npy", 4, 4, first.size() - second.size(), 0),
      2);
  CHECK(sentence_of([&] { (void)hostile.read_all(overlapping, true); }).find("its members share bytes") !=
        std::string::npos);
  const std::string bomb = zip(local("a.npy", "data"), central("a.npy", 4, 0xfffffffe, 0, 8), 1);
  CHECK(sentence_of([&] { (void)hostile.read_all(bomb, true); }).find("longer than it can be") != std::string::npos);
}

TEST_CASE("what numpy.savez_compressed wrote is read") {
  const Hostile hostile;
  const auto values = hostile.read_all(decoded(compressed_npz), true);
  REQUIRE(values.size() == 2);
  CHECK(values[0].shape() == Shape{8, 8});
  for (std::size_t i = 0; i < 64; ++i) CHECK(values[0].span<float>()[i] == static_cast<float>(i));
  CHECK(values[1] == AnyTensor(Shape{2}, {"alpha", "beta"}));
}

TEST_CASE("deflated bytes of every kind of block are unpacked") {
  CHECK(inflated(decoded("AQUA+v9oZWxsbw==")) == "hello");
  CHECK(inflated(decoded("y0jNyclXyEAnAQ==")) == "hello hello hello hello");
  const std::string text = inflated(
      decoded("tY+HbUQxDENX8QBZShQpKfXnWtr0oW+HM2DAglier6N1uj3n68L5+"
              "P5Ydfysl9v752UdXzqvq9dv8fe7ePTTfXqMOCHMTBMT3TEiKnyaHZxhkaNopFB"
              "Naaxhd1ZhkF0TE+"
              "pMBtlVW5u2TrGnusICpksC2EoKWb6pdFbNwO4dDO1CmyMNM35VhxwrQMpWhnnSXAVagNZEtSJZeQ8wCxGOTqpUBpQN/k3DfIUG4Q"
              "VG7ozwvJETk0x0bxxw/101LgdqdkIZQnSr8A8="));
  CHECK(text.size() == 435);
  CHECK(cairn::exchange::detail::extend_crc32(0, std::as_bytes(std::span(text))) == 2275087102u);
  // More zeros than the window and what waits behind it.
  const std::string zeros = decoded(
      "7cExAQAAAMKg9U9tDQ+gAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
      "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAgFcD");
  CHECK(inflated(zeros) == std::string(100'000, '\0'));
  CHECK(inflated(zeros, 10).size() < 100'000);
}

TEST_CASE("deflated bytes that are none are an Error") {
  for (const std::string_view wrong :
       {"\x07", "\x01\x05\x00\x00\x00", "\x03\x02", "\x05", "\xff\xff\xff\xff\xff\xff", ""})
    CHECK(code_of([&] { (void)inflated(std::string(wrong)); }) == ErrorCode::data_loss);
}

TEST_CASE("every flipped bit and every cut of small files is an Error, or what a legal file could be") {
  const Hostile hostile;
  cairn::save_safetensors(small_file(), hostile.file);
  flip_and_cut(hostile, cairn::test::read_file(cairn::io::posix(), hostile.file), false);
  cairn::save_npz(small_file(), hostile.file);
  flip_and_cut(hostile, cairn::test::read_file(cairn::io::posix(), hostile.file), true);
  flip_and_cut(hostile, decoded(compressed_npz), true);
}
