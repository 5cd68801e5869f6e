// What it costs to look at one value of many, to list them and to change one, in a program: one_value.py runs this and
// its counterparts.
//
//   one_value PREFIX KEY OUT    prints a JSON object: milliseconds of each question, by the clock and of the processor
//
// The two floors are what the system takes for the bytes alone: one file opened, and the value's bytes read where they
// are; both files copied by the kernel.
#include <cairn/edit.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

double processor_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}
double clock_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// The least of some runs.
template <class Call>
void measure(const char* name, bool is_last, const Call& call) {
  double wall = 1e9, processor = 1e9;
  for (int run = 0; run < 7; ++run) {
    const double clock = clock_seconds(), before = processor_seconds();
    call();
    processor = std::min(processor, processor_seconds() - before);
    wall = std::min(wall, clock_seconds() - clock);
  }
  std::printf("\"%s\": [%.4f, %.4f]%s", name, 1e3 * wall, 1e3 * processor, is_last ? "}\n" : ", ");
}

void copy_file(const std::string& from, const std::string& to) {
  const int in = ::open(from.c_str(), O_RDONLY | O_CLOEXEC);
  const int out = ::open(to.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (in < 0 || out < 0) std::abort();
  struct stat status{};
  if (::fstat(in, &status) != 0) std::abort();
  for (off_t left = status.st_size; left > 0;) {
    const ::ssize_t copied = ::copy_file_range(in, nullptr, out, nullptr, static_cast<std::size_t>(left), 0);
    if (copied <= 0) std::abort();
    left -= copied;
  }
  ::close(in);
  ::close(out);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const std::string prefix = argv[1], key = argv[2], out = argv[3];
  const std::string data = prefix + ".data-00000-of-00001";
  const cairn::bundle::Reader known(prefix);
  const cairn::bundle::Entry place = known.lookup(key);
  const cairn::AnyTensor value = known.read(key);

  std::printf("{");
  measure("floor: a seek and a read", false, [&] {
    std::array<char, 4096> bytes{};
    const int file = ::open(data.c_str(), O_RDONLY | O_CLOEXEC);
    const auto size = std::min<std::size_t>(bytes.size(), static_cast<std::size_t>(place.size));
    if (::pread(file, bytes.data(), size, static_cast<off_t>(place.offset)) != static_cast<::ssize_t>(size))
      std::abort();
    ::close(file);
  });
  measure("floor: a copy", false, [&] {
    copy_file(data, out + ".data-00000-of-00001");
    copy_file(prefix + ".index", out + ".index");
  });
  cairn::bundle::remove_checkpoint(out);
  measure("open", false, [&] { const cairn::CheckpointReader reader(prefix); });
  measure("one value", false, [&] {
    if (cairn::CheckpointReader(prefix).get_tensor(key) != value) std::abort();
  });
  measure("list", false, [&] {
    std::size_t count = 0;
    cairn::bundle::Reader reader(prefix);
    for (cairn::bundle::EntryReader each(reader); each.next();) ++count;
    if (count == 0) std::abort();
  });
  measure("change", true, [&] {
    cairn::CheckpointEditor(prefix).set(key, value).write(out, {.durability = cairn::Durability::none});
    cairn::bundle::remove_checkpoint(out);
  });
}
