#include "progress.hpp"

#include "interrupt.hpp"
#include "output.hpp"

#include <cairn/bundle/detail/v1_files.hpp>
#include <cairn/bundle/files.hpp>
#include <cairn/bundle/find_checkpoint.hpp>
#include <cairn/io/native.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include <sys/ioctl.h>
#include <unistd.h>

namespace tool {

// Says so where the file `checkpoint` names another path than that of the checkpoint that is meant.
static void tell_moved(const std::string& directory, const std::string& found) {
  cairn::io::FileSystem& files = cairn::io::native();
  const std::string file = cairn::bundle::detail::state_file_path(directory);
  if (!files.exists(file) || found != cairn::io::join_path(directory, cairn::io::file_name(found))) return;
  const std::string named = cairn::bundle::detail::named_as_latest(files, directory);
  if (cairn::io::join_path(directory, named) != found)
    complain({}, "the file \"" + file + "\" names \"" + named + "\", which is not there; \"" + found +
                     "\" beside it is meant; cairn repair writes the file anew");
}

std::string find_checkpoint(const std::string& path) {
  std::string found = cairn::bundle::find_checkpoint(path);
  if (cairn::io::native().is_directory(path)) tell_moved(path, found);
  return found;
}

std::uint64_t data_bytes(const std::string& prefix) {
  std::uint64_t sum = 0;
  try {
    std::vector<std::string> paths = cairn::bundle::data_files(prefix);
    if (!cairn::io::native().exists(cairn::bundle::index_path(prefix)))
      if (auto v1 = cairn::bundle::detail::find_v1(prefix, cairn::io::native())) paths = std::move(v1.paths);
    for (const std::string& path : paths) sum += cairn::io::native().open(path)->size();
  } catch (const cairn::Error&) {  // NOLINT(bugprone-empty-catch): whoever reads it will say so
  }
  return sum;
}

namespace {

class CountedReadableFile final : public cairn::io::ReadableFile {
 public:
  CountedReadableFile(std::unique_ptr<cairn::io::ReadableFile> file, Progress& progress)
      : file_(std::move(file)), progress_(progress) {}
  [[nodiscard]] std::uint64_t size() const override { return file_->size(); }
  void read(std::uint64_t offset, std::span<std::byte> out) const override {
    file_->read(offset, out);
    progress_.advance(out.size());
  }

 private:
  std::unique_ptr<cairn::io::ReadableFile> file_;
  Progress& progress_;
};

class CountedWritableFile final : public cairn::io::WritableFile {
 public:
  CountedWritableFile(std::unique_ptr<cairn::io::WritableFile> file, Progress& progress)
      : file_(std::move(file)), progress_(progress) {}
  void write(std::uint64_t offset, std::span<const std::byte> bytes) override {
    file_->write(offset, bytes);
    progress_.advance(bytes.size());
  }
  void reserve(std::uint64_t size) override { file_->reserve(size); }
  void sync() override { file_->sync(); }
  void close() override { file_->close(); }

 private:
  std::unique_ptr<cairn::io::WritableFile> file_;
  Progress& progress_;
};

}  // namespace

Progress::Progress(bool quiet, std::string what, std::uint64_t total)
    : what_(std::move(what)),
      total_(total),
      is_shown_(!quiet && total > 0 && ::isatty(STDERR_FILENO) != 0),
      next_(std::chrono::steady_clock::now() + std::chrono::milliseconds(300)) {
  note_signals();
}

Progress::~Progress() {
  if (is_drawn_) std::fputs("\r\x1b[K", stderr);
}

void Progress::advance(std::uint64_t bytes) {
  done_ += bytes;
  throw_if_interrupted();
  if (!is_shown_ || std::chrono::steady_clock::now() < next_) return;
  draw();
}

void Progress::draw() {
  const std::lock_guard guard(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (now < next_) return;
  next_ = now + std::chrono::milliseconds(100);
  winsize size{};
  std::size_t width = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col != 0 ? size.ws_col : 80;
  const double part = std::min(1.0, static_cast<double>(done_.load()) / static_cast<double>(total_));
  std::array<char, 8> percent{};
  std::snprintf(percent.data(), percent.size(), "%3d%%", static_cast<int>(part * 100));
  std::string line = "\r" + what_ + " " + percent.data();
  if (width > line.size() + 12) {
    const std::size_t bar = std::min<std::size_t>(40, width - line.size() - 4);
    const auto full = static_cast<std::size_t>(part * static_cast<double>(bar));
    line += " [" + std::string(full, '#') + std::string(bar - full, ' ') + "]";
  }
  line += "\x1b[K";
  std::fwrite(line.data(), 1, line.size(), stderr);
  is_drawn_ = true;
}

std::unique_ptr<cairn::io::ReadableFile> Progress::open(const std::string& path) {
  return std::make_unique<CountedReadableFile>(cairn::io::native().open(path), *this);
}
std::unique_ptr<cairn::io::WritableFile> Progress::create(const std::string& path) {
  return std::make_unique<CountedWritableFile>(cairn::io::native().create(path), *this);
}
void Progress::rename(const std::string& from, const std::string& to) { cairn::io::native().rename(from, to); }
void Progress::copy_permissions(const std::string& from, const std::string& to) {
  cairn::io::native().copy_permissions(from, to);
}
void Progress::remove(const std::string& path) { cairn::io::native().remove(path); }
void Progress::sync_directory(const std::string& path) { cairn::io::native().sync_directory(path); }
bool Progress::create_directory(const std::string& path) { return cairn::io::native().create_directory(path); }
bool Progress::exists(const std::string& path) { return cairn::io::native().exists(path); }
bool Progress::is_directory(const std::string& path) { return cairn::io::native().is_directory(path); }
std::vector<std::string> Progress::list_directory(const std::string& path) {
  return cairn::io::native().list_directory(path);
}
std::unique_ptr<cairn::io::FileLock> Progress::lock(const std::string& path, std::string_view owner) {
  return cairn::io::native().lock(path, owner);
}

}  // namespace tool
