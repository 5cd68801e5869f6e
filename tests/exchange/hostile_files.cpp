#include <cairn/exchange/npz.hpp>
#include <cairn/exchange/safetensors.hpp>

#include <doctest/doctest.h>

#include <cairn/exchange/detail/base64.hpp>
#include <cairn/exchange/detail/crc32.hpp>
#include <cairn/exchange/detail/inflate.hpp>

#include "exchange/hostile.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

using cairn::AnyTensor;
using cairn::ErrorCode;
using cairn::Shape;
using cairn::TensorFile;
using cairn::test::code_of;
using cairn::test::Hostile;
using cairn::test::sentence_of;
using cairn::test::zip_numbers;

namespace {

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

TEST_CASE("a safetensors header that lies is an Error with the sentence that says how") {
  const Hostile hostile;
  const auto entry = [](const std::string& shape, const std::string& offsets, const std::string& dtype = "F32") {
    return "\"w\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}";
  };
  const std::string data(8, 'x'), good = entry("[2]", "[0,8]");
  CHECK(hostile.safetensors("{" + good + "}", data) == "");
  CHECK(hostile.safetensors("{}") == "");
  const std::string wrong_number = "should have a whole number that is not negative",
                    half = "has half of a surrogate pair";
  const std::pair<std::string, std::string> cases[] = {
      {entry("[2]", "[0,9]"), "gives \"w\", float32 [2], the bytes from 0 to 9"},
      {entry("[2]", "[8,0]"), "gives \"w\", float32 [2], the bytes from 8 to 0"},
      {entry("[2]", "[8,0]", "F4"), "gives \"w\", invalid [2], the bytes from 8 to 0"},
      {entry("[3]", "[0,12]"), "asks for 12 bytes of data, and 8 are in the file"},
      {entry("[1]", "[0,4]"), "asks for 4 bytes of data, and 8 are in the file"},
      {entry("[1]", "[4,8]"), "lets \"w\" begin at byte 4 of the data, with a hole before it"},
      {entry("[9223372036854775807]", "[0,8]"), "gives \"w\", float32 [9223372036854775807], the bytes from 0 to 8"},
      {entry("[4611686018427387904,4]", "[0,0]"), "has a shape with more than 2^63 - 1 elements"},
      {entry("[2]", "[0]"), "does not say dtype, shape and data_offsets of \"w\""},
      {entry("[2]", "[0,8,8]"), "has more than two data_offsets for \"w\""},
      {entry("[2]", "[0,9223372036854775808]"), "has a number above 2^63 - 1"},
      {entry("[-1]", "[0,8]"), wrong_number},
      {entry("[2.0]", "[0,8]"), wrong_number},
      {entry("[02]", "[0,8]"), wrong_number},
      {entry("[2,]", "[0,8]"), wrong_number},
      {good + "," + good, "has the name \"w\" twice"},
      {R"("__metadata__":{},"__metadata__":{},)" + good, "has the name \"__metadata__\" twice"},
      {good + ",\"v\":" + good.substr(4), "lets \"v\" begin at byte 0 of the data, within another tensor"},
      {good + ",", "should have a '\"'"},
      {good + "}x", "goes on behind its end"},
      {R"("w":{"dtype":"F32","shape":[2]})", "does not say dtype, shape and data_offsets of \"w\""},
      {R"("w":1)", "should have a '{'"},
      {R"("w" 1)", "should have a ':'"},
      {R"("__metadata__":{"a":1},)" + good, "should have a '\"'"},
      {R"("__metadata__":{"a":"1","a":"1"},)" + good, "has \"a\" twice"},
      {"\"\xff\":{}", "is not UTF-8"},
      {"\"a\nb\":{}", "has a control character in a string"},
      {R"("\x":{})", "has an escape that JSON does not know"},
      {R"("\u12G4":{})", "has no four hexadecimal digits behind a \\u"},
      {R"("\ud800":{})", half},
      {R"("\ud800abdc00":{})", half},
      {R"("\ud800\u0041":{})", half},
      {R"("\udc00":{})", half},
      {entry("[2]", "[0,8],\"more\":1"), "has a member \"more\" that nobody knows for \"w\""},
      {entry("[2]", "[0,8],\"shape\":[2]"), "says \"shape\" of \"w\" twice"}};
  for (const auto& each : cases) {
    const std::string refusal = hostile.safetensors("{" + each.first + "}", data);
    CAPTURE(each.first);
    CAPTURE(refusal);
    CHECK(refusal.starts_with("data_loss: the header of \"F\" " + each.second + ", at byte "));
    CHECK(refusal.ends_with(" of it; the file is damaged, or of another format"));
  }
  // A text that is cut.
  for (const char* const cut : {R"({"ab)", R"({")", R"({"\)", R"({"\u12)", R"({"\ud800\u12)"})
    CHECK(hostile.safetensors(cut).starts_with("data_loss: the header of \"F\" ends within a string, at byte "));
  CHECK(hostile.safetensors("{" + entry("[16]", "[0,8]", "F4") + "}", data) ==
        "unimplemented: the dtype F4 of the tensor \"w\" in \"F\" is none that TensorFlow has; leave the tensor out, "
        "or save it with another dtype");
  for (const std::string& other : {std::string("[]"), std::string(), std::string(50'000, '[')})
    CHECK(hostile.safetensors(other).starts_with("data_loss: the header of \"F\" should have a '{', at byte 0 of it;"));
  for (const std::uint64_t size :
       {~std::uint64_t{0}, std::uint64_t{1} << 63, std::uint64_t{100'000'001}, std::uint64_t{3}})
    CHECK(hostile.refusal(zip_numbers({{size, 8}}) + "{}", false) ==
          "data_loss: \"F\" says that its header has " + std::to_string(size) +
              " bytes; it is no safetensors file, or was cut");
  CHECK(hostile.refusal("abc", false) == "data_loss: \"F\" has only 3 bytes; it is no safetensors file, or was cut");
}

TEST_CASE("notes of a safetensors file that lie are an Error with the sentence that says how") {
  const Hostile hostile;
  const std::string data(8, 'x'), tensor = R"("w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
  const auto refusal = [&](const std::string& notes) {
    return hostile.safetensors("{\"__metadata__\":" + notes + "," + tensor, data);
  };
  const std::pair<const char*, const char*> cases[] = {
      {R"({"tensorflow.dtypes":"{"})", "dtypes\" of \"F\" should have a '\"'"},
      {R"({"tensorflow.dtypes":"{\"w\": \"float31\"}"})",
       "dtypes\" of \"F\" has a dtype that TensorFlow does not know"},
      {R"({"tensorflow.strings":"{\"s\": {\"shape\": [9223372036854775807], \"base64\": []}}"})",
       "strings\" of \"F\" has 0 strings for the shape [9223372036854775807]"},
      {R"({"tensorflow.strings":"{\"s\": {\"shape\": [1], \"base64\": [\"a\"]}}"})",
       "strings\" of \"F\" has a text that is not base64"},
      {R"({"tensorflow.strings":"{\"s\": {\"at\": 99999999999999999999}}"})",
       "strings\" of \"F\" has a number above 2^63 - 1"},
      {R"({"tensorflow.strings":"{\"s\": {\"more\": 1}}"})",
       "strings\" of \"F\" has a member \"more\" that nobody knows"}};
  for (const auto& [notes, sentence] : cases) {
    const std::string found = refusal(notes);
    CAPTURE(found);
    CHECK(found.starts_with("data_loss: the metadata \"tensorflow." + std::string(sentence) + ", at byte "));
  }
  CHECK(refusal(R"({"tensorflow.strings":"{\"w\": {\"shape\": [], \"base64\": [\"\"]}}"})") ==
        "data_loss: \"F\" has two tensors of the name \"w\"; the file is damaged, or was made to deceive");
  // A note about numbers that are not there any more says nothing.
  CHECK(refusal(R"({"tensorflow.dtypes":"{\"w\": \"int4\", \"v\": \"string\"}"})") == "");
}

TEST_CASE("a safetensors file whose header no program would read is not written") {
  const Hostile hostile;
  hostile.write("old");
  const TensorFile large("", {}, {{"a", std::string(16'700'000, '\1')}});
  CHECK(sentence_of([&] { cairn::save_safetensors(large, hostile.file); }) ==
        "the header of \"" + hostile.file +
            "\" would have 100200032 bytes, and 100000000 are the most that safetensors reads: too many tensors; npz "
            "takes them");
  CHECK(cairn::test::read_file(cairn::io::native(), hostile.file) == "old");
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

TEST_CASE("every flipped bit and every cut of small files is an Error, or what a legal file could be") {
  const Hostile hostile;
  cairn::save_safetensors(small_file(), hostile.file);
  flip_and_cut(hostile, cairn::test::read_file(cairn::io::native(), hostile.file), false);
  cairn::save_npz(small_file(), hostile.file);
  flip_and_cut(hostile, cairn::test::read_file(cairn::io::native(), hostile.file), true);
  flip_and_cut(hostile, decoded(compressed_npz), true);
}
