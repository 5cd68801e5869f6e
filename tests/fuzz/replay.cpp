// Runs a harness on files, and on all files of folders, with any compiler: the seeds in corpus/, or what libFuzzer left
// of a crash.
#include "fuzz/fuzz.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

// Mutators are linked, but nothing calls them here.
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t*, std::size_t size, std::size_t) { return size; }

int main(int count, char** arguments) {
  std::vector<std::filesystem::path> paths;
  for (int i = 1; i < count; ++i) {
    if (std::filesystem::is_directory(arguments[i]))
      for (const auto& file : std::filesystem::directory_iterator(arguments[i])) paths.push_back(file.path());
    else
      paths.emplace_back(arguments[i]);
  }
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    const std::vector<char> bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    try {
      LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    } catch (const std::exception& error) {
      std::printf("%s: something else than an Error was thrown: %s\n", path.string().c_str(), error.what());
      return 1;
    }
  }
  std::printf("%zu inputs\n", paths.size());
  if (const char* const counts = std::getenv("CAIRN_TEST_COUNTS"))  // tests/support/counts.py
    std::ofstream(counts, std::ios::app) << "passed\t" << std::filesystem::path(arguments[0]).filename().string()
                                         << ": no seed does harm\n";
  return paths.empty() ? 1 : 0;
}
