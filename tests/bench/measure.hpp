// What a benchmark observes about itself: time, processor, memory, and the files it left.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace bench {

[[nodiscard]] inline double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// A line of /proc/self/status, in bytes; 0 where there is no such file.
[[nodiscard]] inline long status_bytes(const std::string& name) {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with(name + ":")) return std::stol(line.substr(name.size() + 1)) * 1024;
  return 0;
}

// Measures what happens between its construction and stop().
class Meter {
 public:
  Meter() {
    std::ofstream("/proc/self/clear_refs") << "5";  // sets the high-water mark back
    rss_ = status_bytes("VmRSS");
    ::getrusage(RUSAGE_SELF, &usage_);
    begin_ = now();
  }
  void stop() {
    t = now() - begin_;
    ::rusage end{};
    ::getrusage(RUSAGE_SELF, &end);
    cpu_user = seconds(end.ru_utime) - seconds(usage_.ru_utime);
    cpu_sys = seconds(end.ru_stime) - seconds(usage_.ru_stime);
    rss_extra = status_bytes("VmHWM") - rss_;
  }

  // As the beginning of a JSON object, without its brace.
  [[nodiscard]] std::string json(const std::string& operation) const {
    char text[256];
    std::snprintf(text, sizeof text, "\"op\":\"%s\",\"t\":%.6f,\"cpu_user\":%.4f,\"cpu_sys\":%.4f,\"rss_extra\":%ld",
                  operation.c_str(), t, cpu_user, cpu_sys, rss_extra);
    return text;
  }

  double t = 0, cpu_user = 0, cpu_sys = 0;
  long rss_extra = 0;

 private:
  [[nodiscard]] static double seconds(const ::timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  }
  double begin_ = 0;
  long rss_ = 0;
  ::rusage usage_{};
};

[[nodiscard]] inline std::vector<std::string> files_below(const std::string& directory) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory))
    if (entry.is_regular_file()) files.push_back(entry.path().string());
  return files;
}

template <class Use>
void with_descriptor(const std::string& path, const Use& use) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return;
  use(file);
  ::close(file);
}

// Seconds until everything below the folder is on the disk.
[[nodiscard]] inline double sync_all(const std::string& directory) {
  const double begin = now();
  const auto sync = [](const std::string& path) { with_descriptor(path, [](int file) { (void)::fsync(file); }); };
  for (const std::string& path : files_below(directory)) sync(path);
  sync(directory);
  return now() - begin;
}

// Takes the files out of the system's cache.
inline void drop_cache(const std::string& directory) {
  for (const std::string& path : files_below(directory))
    with_descriptor(path, [](int file) {
      (void)::fdatasync(file);
      (void)::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
    });
}

// The sizes and the number of the files below the folder, as members of a JSON object.
[[nodiscard]] inline std::string disk_json(const std::string& directory) {
  std::uintmax_t bytes = 0;
  const auto files = files_below(directory);
  for (const std::string& path : files) bytes += std::filesystem::file_size(path);
  return "\"disk\":" + std::to_string(bytes) + ",\"files\":" + std::to_string(files.size());
}

}  // namespace bench
