// A folder of one's own, empty at the beginning and gone at the end.
//
//   cairn::test::ScratchDirectory scratch;
//   write(scratch.path() / "ckpt-1");
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

#if !defined(_WIN32)
#include <stdlib.h>  // mkdtemp is POSIX', not C++'s
#endif

namespace cairn::test {

// A path that becomes the UTF-8 which cairn takes, on Windows too, with '/' between the names.
class ScratchPath : public std::filesystem::path {
 public:
  ScratchPath() = default;
  ScratchPath(std::filesystem::path made) : std::filesystem::path(std::move(made)) {}
  operator std::string() const {  // NOLINT(google-explicit-constructor)
    const std::u8string text = generic_u8string();
    return {text.begin(), text.end()};
  }
  friend ScratchPath operator/(const ScratchPath& folder, const std::filesystem::path& name) {
    return static_cast<const std::filesystem::path&>(folder) / name;
  }
};

class ScratchDirectory {
 public:
  // Made under the system's folder for temporary files (TMPDIR, else /tmp). Two of them are never the same.
  ScratchDirectory() {
#if defined(_WIN32)
    for (int number = 1; path_.empty(); ++number) {
      const std::filesystem::path name =
          std::filesystem::temp_directory_path() / ("cairn-test-" + std::to_string(number));
      if (std::filesystem::create_directory(name)) path_ = name;
    }
#else
    std::string name = (std::filesystem::temp_directory_path() / "cairn-test-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make the scratch folder " + name);
    path_ = std::filesystem::path(name);
#endif
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;

  // Removes what is below, also what a test made unwritable (but not below folders that it made unreadable).
  ~ScratchDirectory() {
    std::error_code ignored;
    for (std::filesystem::recursive_directory_iterator entry(path_, ignored), end; entry != end;
         entry.increment(ignored)) {
      if (entry->is_directory(ignored) && !entry->is_symlink(ignored)) {
        std::filesystem::permissions(entry->path(), std::filesystem::perms::owner_all,
                                     std::filesystem::perm_options::add, ignored);
      }
    }
    std::filesystem::remove_all(path_, ignored);
  }

  [[nodiscard]] const ScratchPath& path() const noexcept { return path_; }

 private:
  ScratchPath path_;
};

}  // namespace cairn::test
