#include <cairn/exchange/npy.hpp>

#include <doctest/doctest.h>

#include "io/files.hpp"
#include "support/scratch.hpp"

#include <bit>
#include <complex>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

using cairn::AnyTensor;
using cairn::ErrorCode;
using cairn::Shape;
using cairn::test::code_of;
using cairn::test::error_of;
using cairn::test::sentence_of;

namespace {

struct Folder {
  cairn::test::ScratchDirectory scratch;
  std::string file = (scratch.path() / "a.npy").string();

  // An npy file with that header and data.
  AnyTensor read(const std::string& header, const std::string& data, char version = 1) const {
    std::string bytes = std::string("\x93NUMPY") + version + '\0';
    for (std::size_t i = 0; i < (version == 1 ? 2u : 4u); ++i)
      bytes += static_cast<char>(header.size() >> (8 * i) & 255);
    return read_bytes(bytes + header + data);
  }
  AnyTensor read_bytes(const std::string& bytes) const {
    std::filesystem::remove(file);
    cairn::test::write_file(cairn::io::native(), file, bytes, false);
    return cairn::read_npy(file);
  }
};

// NumPy, too, writes the byte order of the machine.
const std::string native_order = std::endian::native == std::endian::little ? "<" : ">";

}  // namespace

TEST_CASE("an array is written as numpy.save writes it, byte for byte, and read again") {
  const Folder folder;
  const AnyTensor value(Shape{2, 3}, std::span<const float>({1, 2, 3, 4, 5, 6}));
  cairn::save_npy(value, folder.file);
  const std::string bytes = cairn::test::read_file(cairn::io::native(), folder.file);
  CHECK(bytes.substr(0, 128) == std::string("\x93NUMPY\1\0v\0", 10) + "{'descr': '" + native_order +
                                    "f4', 'fortran_order': False, 'shape': (2, 3), }" + std::string(58, ' ') + "\n");
  CHECK(bytes.size() == 128 + 24);
  CHECK(cairn::read_npy(folder.file) == value);
  const AnyTensor scalar(Shape{}, std::span<const std::int64_t>({-5}));
  cairn::save_npy(scalar, folder.file);
  CHECK(cairn::read_npy(folder.file) == scalar);
  const AnyTensor strings(Shape{3}, {"", "abc", "d"});
  cairn::save_npy(strings, folder.file);
  CHECK(cairn::test::read_file(cairn::io::native(), folder.file).ends_with(std::string("\0\0\0abcd\0\0", 9)));
  CHECK(cairn::read_npy(folder.file) == strings);
  CHECK(code_of([&] { cairn::save_npy(AnyTensor(Shape{}, {std::string("a\0", 2)}), folder.file); }) ==
        ErrorCode::invalid_argument);
  const AnyTensor many_axes(cairn::DT_BOOL, Shape(std::vector<std::int64_t>(64, 1)));
  cairn::save_npy(many_axes, folder.file);
  CHECK(cairn::read_npy(folder.file) == many_axes);
}

TEST_CASE("the order of Fortran, big-endian numbers, and all versions of the header are read") {
  const Folder folder;
  const AnyTensor value(Shape{2, 3}, std::span<const std::uint16_t>({1, 2, 3, 4, 5, 6}));
  CHECK(folder.read("{'descr': '<u2', 'fortran_order': True, 'shape': (2, 3), }\n",
                    std::string("\1\0\4\0\2\0\5\0\3\0\6\0", 12)) == value);
  CHECK(folder.read("{'descr': '>u2', 'fortran_order': True, 'shape': (2, 3), }\n",
                    std::string("\0\1\0\4\0\2\0\5\0\3\0\6", 12)) == value);
  CHECK(folder.read("{'descr': '>u2', 'fortran_order': False, 'shape': (2, 3)}",
                    std::string("\0\1\0\2\0\3\0\4\0\5\0\6", 12), 2) == value);
  CHECK(folder.read("{\"shape\": (2L, 3L), \"fortran_order\": False, \"descr\": \"<u2\"}",
                    std::string("\1\0\2\0\3\0\4\0\5\0\6\0", 12), 3) == value);
  const std::complex<float> one_two(1, 2);
  const AnyTensor complex(Shape{1}, std::span(&one_two, 1));
  CHECK(folder.read("{'descr': '>c8', 'fortran_order': False, 'shape': (1,)}",
                    std::string("\x3f\x80\0\0\x40\0\0\0", 8)) == complex);
  const AnyTensor cube =
      folder.read("{'descr': '|i1', 'fortran_order': True, 'shape': (2, 2, 2)}", std::string("\0\4\2\6\1\5\3\7", 8));
  CHECK(cube == AnyTensor(Shape{2, 2, 2}, std::span<const std::int8_t>({0, 1, 2, 3, 4, 5, 6, 7})));
}

TEST_CASE("strings of NumPy's dtypes 'S' and 'U' are read without their padding, text as UTF-8") {
  const Folder folder;
  CHECK(folder.read("{'descr': '|S3', 'fortran_order': False, 'shape': (2,)}", std::string("a\0\0b\0c", 6)) ==
        AnyTensor(Shape{2}, {"a", std::string("b\0c", 3)}));
  CHECK(folder.read("{'descr': '<U2', 'fortran_order': False, 'shape': (2,)}",
                    std::string("a\0\0\0\xe9\0\0\0\x00\xf6\1\0\0\0\0\0", 16)) ==
        AnyTensor(Shape{2}, {"a\xc3\xa9", "\xf0\x9f\x98\x80"}));
  CHECK(folder.read("{'descr': '>U1', 'fortran_order': False, 'shape': ()}", std::string("\0\0\0z", 4)) ==
        AnyTensor(Shape{}, {"z"}));
  CHECK(code_of([&] {
          (void)folder.read("{'descr': '<U1', 'fortran_order': False, 'shape': ()}", "\xff\xff\xff\xff");
        }) == ErrorCode::data_loss);
}

TEST_CASE("dtypes that NumPy does not have stand as ml_dtypes writes them; of one byte somebody must say which it is") {
  const Folder folder;
  const AnyTensor value(Shape{2}, std::span<const cairn::bfloat16>({cairn::bfloat16(1.0f), cairn::bfloat16(-2.0f)}));
  cairn::save_npy(value, folder.file);
  CHECK(cairn::test::read_file(cairn::io::native(), folder.file).find("'" + native_order + "V2'") != std::string::npos);
  CHECK(cairn::read_npy(folder.file) == value);
  for (const cairn::DType dtype : {cairn::DT_FLOAT8_E4M3FN, cairn::DT_FLOAT8_E5M2, cairn::DT_INT4, cairn::DT_UINT4}) {
    AnyTensor bytes(dtype, Shape{3});
    bytes.bytes()[1] = std::byte{5};
    cairn::save_npy(bytes, folder.file);
    CHECK(cairn::read_npy(folder.file, dtype) == bytes);
    CHECK(sentence_of([&] { (void)cairn::read_npy(folder.file); }).find("save it as safetensors") != std::string::npos);
  }
  CHECK(folder.read("{'descr': '<f1', 'fortran_order': False, 'shape': (1,)}", "\5").dtype() == cairn::DT_FLOAT8_E5M2);
}

TEST_CASE("what a checkpoint cannot hold is refused in a sentence") {
  const Folder folder;
  const auto refusal = [&](const std::string& descr) {
    return sentence_of(
        [&] { (void)folder.read("{'descr': " + descr + ", 'fortran_order': False, 'shape': (1,)}", "12345678"); });
  };
  CHECK(refusal("'|O'").find("holds Python objects, which no checkpoint holds; save them as numbers") !=
        std::string::npos);
  CHECK(refusal("[('a', '<f4')]").find("structures of several fields") != std::string::npos);
  CHECK(refusal("'<M8[ns]'").find("of the dtype '<M8[ns]'") != std::string::npos);
  CHECK(refusal("'<f16'").find("array.astype") != std::string::npos);
}

TEST_CASE("an npy file that was made to do harm, or was cut, is an Error with the sentence that says how") {
  const Folder folder;
  const auto refusal = [&](const std::string& header, const std::string& data = "1234") {
    const cairn::Error error = error_of([&] { return folder.read(header, data); });
    CHECK(error.code() == ErrorCode::data_loss);
    CHECK(error.file() == folder.file);
    return std::string(error.what());
  };
  const auto in_header = [&](const std::string& problem) {
    return "the npy header of \"" + folder.file + "\" " + problem + "; the file is damaged, or of another format";
  };
  const std::string begin = "{'descr': '<f8', 'fortran_order': False, 'shape': ";
  const std::string too_large = "has a shape of more than 2^63 - 1 bytes";
  const std::pair<std::string, std::string> shapes[] = {
      {"(9223372036854775807, 2)", too_large},
      {"(4611686018427387904,)", too_large},
      {"(18446744073709551616,)", "has a number above 9223372036854775807"},
      {"(9223372036854775808,)", "has a number above 9223372036854775807"},
      {"(-1,)", "should have a number at byte 51"},
      {"(1,,)", "should have a number at byte 53"},
      {"(0x10,)", "should have a ')' at byte 52"},
      {"[1]", "should have a '(' at byte 50"},
      {"", "should have a '(' at byte 50"}};
  for (const auto& [shape, problem] : shapes) CHECK(refusal(begin + shape + "}") == in_header(problem));
  CHECK(refusal(begin + "(1, 2") == in_header("should have a ')' at byte 55"));
  const std::pair<const char*, const char*> sizes[] = {{"()", "8"}, {"(2,)", "16"}, {"(1000000,)", "8000000"}};
  for (const auto& [shape, bytes] : sizes)
    CHECK(refusal(begin + shape + "}") == "the array \"" + folder.file + "\" in \"" + folder.file + "\" should have " +
                                              bytes + " bytes of data, and has 4; the file was cut or is damaged");

  const std::string f4 = "{'descr': '<f4', 'fortran_order': False, 'shape': ()";
  const std::pair<std::string, std::string> headers[] = {
      {"  ", "should have a '{' at byte 2"},
      {"{ ", "should have a ''' at byte 2"},
      {"{'descr': '<f4'}", "does not say descr, fortran_order and shape"},
      {"{'descr': '<f4', 'descr': '<f4'}", "has a member \"descr\" twice, or that nobody knows"},
      {"{'descr': '<f4', 'fortran_order': 1, 'shape': ()}", "should have True or False for fortran_order"},
      {f4 + ", 'more': 1}", "has a member \"more\" twice, or that nobody knows"},
      {f4 + "} x", "goes on behind its end"},
      {f4, "should have a '}' at byte 52"},
      {"{'descr': '<f4", "has a string without an end"},
      {"{'descr' '<f4'}", "should have a ':' at byte 9"}};
  for (const auto& [header, problem] : headers) CHECK(refusal(header) == in_header(problem));

  const auto of_strings = [&](const std::string& descr) {
    return refusal("{'descr': '" + descr + "', 'fortran_order': False, 'shape': (1000000000000,)}", "");
  };
  for (const char* const descr : {"|S", "<U", "|Sx", "|S1:", "|S/", "|S99999999999999999999"})
    CHECK(of_strings(descr) == in_header("has a dtype of strings without a length"));
  CHECK(of_strings("|S0") ==
        "the array \"" + folder.file + "\" in \"" + folder.file + "\" has elements of no size; the file is damaged");
}

TEST_CASE("what is no npy file, or was cut, is an Error with the sentence that says how") {
  const Folder folder;
  const auto refusal = [&](const std::string& bytes) {
    return sentence_of([&] { static_cast<void>(folder.read_bytes(bytes)); });
  };
  const std::string name = "\"" + folder.file + "\"";
  const std::string none =
      name + " does not begin as an npy array of version 1, 2 or 3; it is something else, or damaged";
  CHECK(refusal("") == none);
  CHECK(refusal(std::string("\x93NUMPY\4\0\1\0\0\0\0\0", 14)) == none);
  CHECK(refusal(std::string("\x93NUMPY\2\0\xff\xff\xff\xff\0\0", 14)) ==
        "the npy header of " + name + " has 4294967295 bytes, more than any array needs; the file is damaged");
  const AnyTensor value(Shape{2}, {"ab", "c"});
  cairn::save_npy(value, folder.file);
  const std::string bytes = cairn::test::read_file(cairn::io::native(), folder.file);
  const std::size_t header = 128;
  REQUIRE(bytes.size() == header + 4);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CAPTURE(size);
    const std::string found = refusal(bytes.substr(0, size));
    if (size < header)
      CHECK(found == (size < 12 ? none : name + " ends within its npy header; it was cut"));
    else
      CHECK(found.ends_with("should have 4 bytes of data, and has " + std::to_string(size - header) +
                            "; the file was cut or is damaged"));
  }
  CHECK(refusal(bytes + "x").ends_with("should have 4 bytes of data, and has 5; the file was cut or is damaged"));
}
