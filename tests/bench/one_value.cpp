// What it costs to look at one value of many, to list them and to change one, in a program: one_value.py runs this and
// its counterparts.
//
//   one_value PREFIX KEY OUT    prints a JSON object: milliseconds of each question, by the clock and of the processor
//
// The floors are what the system takes for the bytes alone: one file opened, and the value's bytes read where they are;
// both files copied by the kernel; both copied through memory, and summed there.
#include <cairn/bundle/merge.hpp>
#include <cairn/edit.hpp>
#include <cairn/exchange/convert.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <span>
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

void copy_summed(const std::string& from, const std::string& to) {
  static std::vector<std::byte> piece(cairn::io::piece_bytes);
  const auto in = cairn::io::native().open(from);
  cairn::io::native().remove_if_there(to);
  const auto out = cairn::io::native().create(to);
  std::uint32_t crc = 0;
  for (std::uint64_t at = 0; at < in->size();) {
    const std::span bytes(piece.data(), std::min<std::uint64_t>(piece.size(), in->size() - at));
    in->read(at, bytes);
    crc = cairn::format::extend_crc32c(crc, bytes);
    out->write(at, bytes);
    at += bytes.size();
  }
  out->close();
  if (crc == 0) std::abort();
}

// The same tensors in four checkpoints, and in one whose tensors are each in two parts.
std::vector<std::string> write_others(const std::string& prefix, const std::string& out) {
  constexpr std::size_t count = 4;
  const cairn::bundle::Reader reader(prefix);
  std::vector<std::string> parts;
  for (std::size_t part = 0; part < count; ++part) {
    parts.push_back(out + "-" + std::to_string(part));
    cairn::bundle::Writer writer(parts.back(), {.durability = cairn::Durability::none});
    std::size_t number = 0;
    for (cairn::bundle::EntryReader each(reader); each.next(); ++number)
      if (number % count == part) writer.add_copy(reader, each.key());
    writer.finish();
  }
  const std::vector<float> half(8, 1.5f);
  cairn::bundle::Writer writer(out + "-cut", {.durability = cairn::Durability::none});
  for (const auto& [key, entry] : reader.entries())
    for (const std::int64_t begin : {0, 8})
      writer.add_slice(key, {16}, {{begin, 8}},
                       cairn::TensorView(cairn::DT_FLOAT, {8}, std::as_bytes(std::span(half))));
  writer.finish();
  return parts;
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
  measure("change", false, [&] {
    cairn::CheckpointEditor(prefix).set(key, value).write(out, {.durability = cairn::Durability::none});
    cairn::bundle::remove_checkpoint(out);
  });

  const std::vector<std::string> parts = write_others(prefix, out);
  measure("floor: a copy, summed", false, [&] {
    copy_summed(data, out + ".data-00000-of-00001");
    copy_summed(prefix + ".index", out + ".index");
  });
  cairn::bundle::remove_checkpoint(out);
  measure("one of parts", false, [&] {
    if (cairn::CheckpointReader(out + "-cut").get_tensor(key).shape() != value.shape()) std::abort();
  });
  measure("list of parts", false, [&] {
    std::size_t count = 0;
    cairn::bundle::Reader reader(out + "-cut");
    for (cairn::bundle::EntryReader each(reader); each.next();) ++count;
    if (count == 0) std::abort();
  });
  measure("merge", false, [&] {
    cairn::bundle::merge(parts, out, {.durability = cairn::Durability::none, .keep_parts = true});
    cairn::bundle::remove_checkpoint(out);
  });
  measure("convert", false, [&] {
    cairn::convert(prefix, cairn::FileFormat::safetensors, out + ".safetensors",
                   {.names = cairn::TensorNames::keys, .durability = cairn::Durability::none});
  });
  measure("diff", true, [&] {
    if (!cairn::diff(prefix, prefix).empty()) std::abort();
  });
}
