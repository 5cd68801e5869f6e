#include "progress.hpp"

#include "keras_file.hpp"
#include "output.hpp"
#include "system.hpp"

#include <cairn/bundle/detail/v1_files.hpp>
#include <cairn/bundle/files.hpp>
#include <cairn/bundle/find_checkpoint.hpp>
#include <cairn/io/native.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

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

// Most paths are a checkpoint's, and cost no more for the others.
static std::string find_or_explain(const std::string& path) try {
  return cairn::bundle::find_checkpoint(path);
} catch (const cairn::Error&) {
  refuse_keras_file(path);
  throw;
}

std::string find_checkpoint(const std::string& path) {
  std::string found = find_or_explain(path);
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

Progress::Progress(bool quiet, std::string what, std::uint64_t total, cairn::io::FileSystem& files)
    : what_(std::move(what)),
      is_shown_(!quiet && width_of(stderr)),
      begin_(std::chrono::steady_clock::now()),
      files_(files, bar(), stop(), what_) {
  note_signals();
  if (total != 0) files_.expect(total);
}

Progress::~Progress() {
  if (is_drawn_) std::fputs("\r\x1b[K", stderr);
}

void Progress::draw(const cairn::Progress& now) {
  if (!is_shown_ || now.bytes_in_all == 0 || now.bytes_done == 0) return;
  if (std::chrono::steady_clock::now() - begin_ < std::chrono::milliseconds(300)) return;
  const std::size_t width = width_of(stderr).value_or(80);
  const double part = static_cast<double>(now.bytes_done) / static_cast<double>(now.bytes_in_all);
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

}  // namespace tool
