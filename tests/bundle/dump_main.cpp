// Writes every tensor of checkpoints as raw bytes, for compare_expected.py.
//
//   dump FOLDER PREFIX...
//
// One line for each tensor on the standard output:
//   prefix <tab> key in hexadecimal <tab> dtype <tab> shape <tab> "file" <tab> name of a file in FOLDER
//                                                       or <tab> "error" <tab> code <tab> sentence
// A file holds the elements' bytes, row by row and little-endian; of strings a u64 length before each one's bytes.
#include <cairn/bundle/reader.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <fstream>
#include <iostream>
#include <span>
#include <string>
#include <string_view>

namespace {

std::string hexadecimal(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    digits += "0123456789abcdef"[byte >> 4];
    digits += "0123456789abcdef"[byte & 15u];
  }
  return digits;
}

std::string on_one_line(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  return text;
}

void write(const std::string& path, const cairn::AnyTensor& tensor) {
  std::ofstream out(path, std::ios::binary);
  const auto put = [&](std::span<const std::byte> bytes) {
    out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  };
  put(tensor.bytes());
  for (const std::string& text : tensor.strings()) {
    const std::uint64_t length = text.size();
    put(std::as_bytes(std::span(&length, 1)));
    put(std::as_bytes(std::span(text)));
  }
  if (!out.flush()) throw std::runtime_error("cannot write " + path);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: dump FOLDER PREFIX...\n";
    return 2;
  }
  const std::string folder = argv[1];
  int number = 0;
  for (int i = 2; i < argc; ++i) {
    const std::string prefix = argv[i];
    try {
      const cairn::bundle::Reader reader(prefix);
      for (const auto& [key, entry] : reader.entries()) {
        std::cout << prefix << '\t' << hexadecimal(key) << '\t' << to_string(entry.dtype) << '\t'
                  << to_string(entry.shape) << '\t';
        try {
          reader.verify(key);
          const std::string name = std::to_string(number++);
          write(folder + "/" + name, reader.read(key));
          std::cout << "file\t" << name << '\n';
        } catch (const cairn::Error& error) {
          std::cout << "error\t" << to_string(error.code()) << '\t' << on_one_line(error.what()) << '\n';
        }
      }
    } catch (const std::exception& error) {
      std::cout << prefix << "\t\t\t\terror\topen\t" << on_one_line(error.what()) << '\n';
    }
  }
  return std::cout.flush() ? 0 : 1;
}
