// A folder of one's own, empty at the beginning and gone at the end.
//
//   cairn::test::ScratchDirectory scratch;
//   write(scratch.path() / "ckpt-1");
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>

#include <stdlib.h>  // mkdtemp is POSIX', not C++'s

namespace cairn::test {

class ScratchDirectory {
 public:
  // Made under the system's folder for temporary files (TMPDIR, else /tmp). Two of them are never the same.
  ScratchDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "cairn-test-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make the scratch folder " + name);
    path_ = name;
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

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace cairn::test
