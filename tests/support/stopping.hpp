// Long work that is stopped at each place where it may be: the files and the values must be what they were.
//
//   const std::vector<Told> told = stopped_everywhere(memory, "d", [&](ProgressCallback progress, StopRequest stop) {
//     save(memory, progress, stop);
//   });
#pragma once

#include <cairn/io/file_system.hpp>
#include <cairn/io/path.hpp>
#include <cairn/io/progress.hpp>
#include <cairn/io/whole_file.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace cairn::test {

// Is asked a number of times before it says that a stop is requested, once.
class StopAt {
 public:
  explicit StopAt(int questions) : left_(std::make_shared<std::atomic<int>>(questions)) {}
  [[nodiscard]] bool stop_requested() const { return (*left_)-- == 0; }

 private:
  std::shared_ptr<std::atomic<int>> left_;
};

// Progress, with a text of its own.
struct Told {
  std::uint64_t bytes_done, bytes_in_all;
  std::string what;
};

// The contents of all files below a folder by their paths.
inline std::map<std::string, std::string> files_below(io::FileSystem& files, const std::string& folder) {
  std::map<std::string, std::string> found;
  for (const std::string& name : files.list_directory(folder)) {
    const std::string path = folder == "." ? name : io::join_path(folder, name);
    if (files.is_directory(path))
      found.merge(files_below(files, path));
    else
      found[path] = io::read_whole_file(files, path, std::numeric_limits<std::uint32_t>::max());
  }
  return found;
}

// Calls work(progress, stop) with a stop at the first place, at the second, and so on, until it ends by itself. Each stop
// is ErrorCode::cancelled, changes no file below the folder, and leaves what `is_unchanged` looks at. Returns what the
// work told that was not stopped, which is checked to end with all bytes.
template <class Work, class IsUnchanged>
std::vector<Told> stopped_everywhere(io::FileSystem& files, const std::string& folder, Work work,
                                     IsUnchanged is_unchanged) {
  const auto before = files_below(files, folder);
  for (int at = 0;; ++at) {
    std::vector<Told> told;
    const auto listen = [&](const Progress& now) {
      CHECK(now.bytes_done <= now.bytes_in_all);
      if (!told.empty()) CHECK(now.bytes_done >= told.back().bytes_done);
      told.push_back({now.bytes_done, now.bytes_in_all, std::string(now.what)});
    };
    try {
      work(ProgressCallback(listen), StopRequest(StopAt(at)));
    } catch (const Error& error) {
      CAPTURE(at);
      CHECK(error.code() == ErrorCode::cancelled);
      CHECK(std::string(error.what()).find("was stopped") != std::string::npos);
      REQUIRE(files_below(files, folder) == before);
      REQUIRE(is_unchanged());
      REQUIRE(at < 2000);
      continue;
    }
    CHECK(at > 1);
    REQUIRE(told.size() >= 2);
    CHECK(told.front().bytes_done == 0);
    CHECK(told.back().bytes_done == told.back().bytes_in_all);
    return told;
  }
}
template <class Work>
std::vector<Told> stopped_everywhere(io::FileSystem& files, const std::string& folder, Work work) {
  return stopped_everywhere(files, folder, work, [] { return true; });
}

}  // namespace cairn::test
