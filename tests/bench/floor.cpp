// What the kernel needs at least: the bytes of a state, checksummed and written to a file and read back by two threads,
// each on its half of the file, without names, index or rename. What a save and a restore are measured by.
//
//   floor save,restore_warm,restore_cold --workload w2 --dir EMPTY_FOLDER --ref FOLDER [--n 1] [--durability none]
//
// The arguments and what it prints are those of cairn_bench; the last two are taken and mean nothing. `copy` is a copy
// of all bytes, checksummed: what an asynchronous save is measured by.
#include <cairn/format/detail/crc32c_copy.hpp>
#include <cairn/io/threads.hpp>

#include "measure.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <new>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string>

#include <fcntl.h>
#include <unistd.h>

namespace {

constexpr std::size_t page = 4096;

// All bytes in one place that begins with a page.
struct Bytes {
  explicit Bytes(std::size_t size)
      : memory(static_cast<std::byte*>(::operator new(size, std::align_val_t{page}))), all(memory.get(), size) {
    std::memset(all.data(), 0, size);
  }
  struct Delete {
    void operator()(std::byte* bytes) const { ::operator delete(bytes, std::align_val_t{page}); }
  };
  std::unique_ptr<std::byte[], Delete> memory;
  std::span<std::byte> all;
};

Bytes read_reference(const std::string& path) {
  Bytes bytes(std::filesystem::file_size(path));
  std::ifstream file(path, std::ios::binary);
  file.read(reinterpret_cast<char*>(bytes.all.data()), static_cast<std::streamsize>(bytes.all.size()));
  if (!file) throw std::runtime_error("cannot read " + path);
  return bytes;
}

// Calls work(offset, piece) for all pieces, each half in a thread of its own.
template <class Work>
void in_pieces(std::span<std::byte> all, const Work& work) {
  constexpr std::size_t piece = std::size_t{256} << 10;
  const std::size_t half = all.size() / 2 / page * page;
  cairn::io::run_in_threads(2, [&](std::size_t thread) {
    const std::size_t end = thread == 0 ? half : all.size();
    for (std::size_t begin = thread == 0 ? 0 : half; begin < end; begin += piece)
      work(begin, all.subspan(begin, std::min(piece, end - begin)));
  });
}

void require(bool is_done, const char* what) {
  if (!is_done) throw std::runtime_error(std::string("cannot ") + what);
}

std::string perform(const std::string& operation, std::span<std::byte> bytes, const std::string& directory,
                    const std::string& reference) {
  const std::string path = directory + "/bytes";
  std::uint32_t checksums[2] = {};
  const auto checksum_at = [&](std::size_t offset) -> std::uint32_t& {
    return checksums[offset < bytes.size() / 2 / page * page ? 0 : 1];
  };
  const auto check = [&](std::size_t offset, std::span<const std::byte> piece) {
    checksum_at(offset) = cairn::format::extend_crc32c(checksum_at(offset), piece);
  };
  std::ostringstream line;
  if (operation == "save") {
    bench::Meter meter;
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    require(file >= 0 && ::posix_fallocate(file, 0, static_cast<::off_t>(bytes.size())) == 0, "make the file");
    in_pieces(bytes, [&](std::size_t offset, std::span<std::byte> piece) {
      check(offset, piece);
      require(::pwrite(file, piece.data(), piece.size(), static_cast<::off_t>(offset)) ==
                  static_cast<::ssize_t>(piece.size()),
              "write");
    });
    require(::close(file) == 0, "close");
    meter.stop();
    line << meter.json(operation) << ",\"t_sync\":" << bench::sync_all(directory) << ',' << bench::disk_json(directory)
         << ",\"durable\":false";
  } else if (operation == "restore_warm" || operation == "restore_cold") {
    std::memset(bytes.data(), 0, bytes.size());
    if (operation == "restore_cold") bench::drop_cache(directory);
    bench::Meter meter;
    bench::with_descriptor(path, [&](int file) {
      in_pieces(bytes, [&](std::size_t offset, std::span<std::byte> piece) {
        require(::pread(file, piece.data(), piece.size(), static_cast<::off_t>(offset)) ==
                    static_cast<::ssize_t>(piece.size()),
                "read");
        check(offset, piece);
      });
    });
    meter.stop();
    const Bytes wanted = read_reference(reference);
    line << meter.json(operation) << ",\"t_touch\":0,\"verified\":"
         << (std::equal(bytes.begin(), bytes.end(), wanted.all.begin()) ? "true" : "false") << ",\"mode\":\"inplace\"";
  } else if (operation == "copy") {
    const Bytes copy(bytes.size());
    bench::Meter meter;
    in_pieces(bytes, [&](std::size_t offset, std::span<std::byte> piece) {
      checksum_at(offset) =
          cairn::format::detail::copy_crc32c(checksum_at(offset), piece, copy.all.subspan(offset, piece.size()));
    });
    meter.stop();
    line << meter.json(operation);
  } else {
    return "";
  }
  line << ",\"crc\":" << (checksums[0] ^ checksums[1]);  // somebody wants them
  return line.str();
}

}  // namespace

int main(int count, char** words) {
  std::string operations, workload, directory, reference;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    if (!word.starts_with("--"))
      operations = word;
    else if (++i == count)
      return std::fprintf(stderr, "%s needs a value\n", word.c_str()), 2;
    else if (word == "--workload")
      workload = words[i];
    else if (word == "--dir")
      directory = words[i];
    else if (word == "--ref")
      reference = words[i];
  }
  try {
    const std::string path = reference + "/" + workload + ".bin";
    const Bytes bytes = read_reference(path);
    std::istringstream each(operations);
    for (std::string operation; std::getline(each, operation, ',');)
      if (const std::string line = perform(operation, bytes.all, directory, path); !line.empty())
        std::cout << '{' << line << '}' << std::endl;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
