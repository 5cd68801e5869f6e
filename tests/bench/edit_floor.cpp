// The disk work of editing one variable, and nothing else: what `cairn set` is compared with (start_up.py).
//
//   edit_floor PREFIX OFFSET SIZE NEW [--no-sync]     changes SIZE bytes at OFFSET of the one data file
//   edit_floor                                        does nothing: what the system takes to start a program
//
// Both files are read, checksummed where the bytes change, written under temporary names, put on the disk and renamed.
// No index is understood, so that what is written is no checkpoint.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

void require(bool done, const char* what) {
  if (done) return;
  ::perror(what);
  ::_exit(1);
}

std::vector<char> read_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat status{};
  require(file >= 0 && ::fstat(file, &status) == 0, path.c_str());
  std::vector<char> bytes(static_cast<std::size_t>(status.st_size));
  require(::read(file, bytes.data(), bytes.size()) == status.st_size, path.c_str());
  ::close(file);
  return bytes;
}

void write_file(const std::string& path, const std::vector<char>& bytes, bool sync) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  require(file >= 0, path.c_str());
  require(::write(file, bytes.data(), bytes.size()) == static_cast<::ssize_t>(bytes.size()), path.c_str());
  require(!sync || ::fsync(file) == 0, path.c_str());
  ::close(file);
}

void sync_folder(const std::string& path) {
  const int folder = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  require(folder >= 0 && ::fsync(folder) == 0, path.c_str());
  ::close(folder);
}

// Bit by bit: the tensor is small.
std::uint32_t crc32c(const char* bytes, std::size_t size) {
  std::uint32_t crc = ~std::uint32_t{0};
  for (std::size_t i = 0; i < size; ++i) {
    crc ^= static_cast<unsigned char>(bytes[i]);
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (0x82f63b78u & (0 - (crc & 1)));
  }
  return ~crc;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) return 0;
  const std::string from = argv[1], to = argv[4];
  const auto offset = static_cast<std::size_t>(std::atoll(argv[2]));
  const auto size = static_cast<std::size_t>(std::atoll(argv[3]));
  const bool sync = argc < 6;
  const std::string folder = to.substr(0, to.rfind('/') + 1) + ".";
  const std::array<std::string, 2> names{".data-00000-of-00001", ".index"};  // in the order of their renames

  std::vector<char> index = read_file(from + names[1]), data = read_file(from + names[0]);
  require(size <= data.size() && offset <= data.size() - size && index.size() > 64, "the checkpoint is too small");
  data[offset] = static_cast<char>(data[offset] ^ 1);
  const std::uint32_t crc = crc32c(data.data() + offset, size);
  std::memcpy(index.data() + 32, &crc, sizeof crc);
  for (const std::string& name : names) write_file(to + name + ".new", name == ".index" ? index : data, sync);
  for (const std::string& name : names)
    require(::rename((to + name + ".new").c_str(), (to + name).c_str()) == 0, to.c_str());
  if (sync) sync_folder(folder);  // once: there was no index before that could be replaced too early
  return 0;
}
