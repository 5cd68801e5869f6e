// How a new file gets its name: complete under a temporary name, on the disk, and only then renamed.
//
//   create "ckpt-1.index.cairn-tmp-4711-0" -> write -> sync -> rename to "ckpt-1.index" -> sync the folder
//
// At every instant the final name is absent, the old file or the new one. A killed process leaves temporary files
// behind; their names can be told from every name of TensorFlow's.
#pragma once

#include "file_system.hpp"
#include "whole_file.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <unistd.h>

namespace cairn::io {

inline constexpr std::string_view temporary_mark = ".cairn-tmp-";

// True for names (or paths) that temporary_path made, in this process or another.
[[nodiscard]] inline bool is_temporary(std::string_view path) {
  const std::size_t mark = path.rfind(temporary_mark);
  if (mark == std::string_view::npos || mark == 0) return false;
  const std::string_view tail = path.substr(mark + temporary_mark.size());
  const std::size_t dash = tail.find('-');
  return dash != std::string_view::npos && dash != 0 && dash + 1 != tail.size() &&
         tail.find_first_not_of("0123456789-") == std::string_view::npos && tail.rfind('-') == dash;
}

// A temporary name as that of nobody: whoever sweeps up may remove the file, whichever processes are alive.
[[nodiscard]] inline std::string nobodys_path(const std::string& temporary) {
  const std::size_t process = temporary.rfind(temporary_mark) + temporary_mark.size();
  return temporary.substr(0, process) + "0" + temporary.substr(temporary.find('-', process));
}

// How many names temporary_path has made in this process: a higher number in a name is not this process's.
[[nodiscard]] inline std::atomic<std::uint64_t>& temporary_names_taken() noexcept {
  static std::atomic<std::uint64_t> count{0};
  return count;
}

// A name beside `final_path`, "<final>.cairn-tmp-<process>-<number>", that this process has not used yet.
[[nodiscard]] inline std::string temporary_path(const std::string& final_path) {
  const std::string tail = std::string(temporary_mark) + std::to_string(::getpid()) + "-" +
                           std::to_string(temporary_names_taken().fetch_add(1));
  // A legal final name of up to 255 bytes must not become illegal: it is shortened where the tail needs the room.
  constexpr std::size_t max_name_bytes = 255;
  const std::size_t name_begin = final_path.rfind('/') == std::string::npos ? 0 : final_path.rfind('/') + 1;
  const std::size_t name_bytes = final_path.size() - name_begin;
  if (name_bytes > max_name_bytes || name_bytes + tail.size() <= max_name_bytes) return final_path + tail;
  std::size_t kept = name_begin + max_name_bytes - tail.size();
  while (kept > name_begin + 1 && (static_cast<unsigned char>(final_path[kept]) & 0xc0u) == 0x80u) --kept;  // UTF-8
  return final_path.substr(0, kept) + tail;
}

// A file under a temporary name, made for one final name. Removed again unless it was renamed.
class TemporaryFile {
 public:
  // The file gets owner and permissions of the one at `like`, before anything is written: of what it will replace.
  TemporaryFile(FileSystem& files, const std::string& final_path, const std::string& like) : files_(&files) {
    name(final_path, [&](const std::string& path) { file_ = files.create(path); });
    files.copy_permissions(like, path_);
  }
  TemporaryFile(FileSystem& files, const std::string& final_path) : TemporaryFile(files, final_path, final_path) {}
  // A second name of the file at `from`, complete as it is: there is no file() to write to. Null where that file is
  // gone, or cannot have one. Throws Error when the disk refuses.
  [[nodiscard]] static std::unique_ptr<TemporaryFile> of_existing(FileSystem& files, const std::string& from,
                                                                  const std::string& final_path) {
    std::unique_ptr<TemporaryFile> made(new TemporaryFile(files));
    bool is_linked = false;
    try {
      made->name(final_path, [&](const std::string& path) { is_linked = files.link(from, path); });
    } catch (const Error& error) {
      if (error.code() != ErrorCode::not_found) throw;
    }
    if (is_linked) return made;
    made->path_.clear();
    return nullptr;
  }
  // The same, with a copy under that name where a file cannot have two. Null where the file at `from` is gone.
  [[nodiscard]] static std::unique_ptr<TemporaryFile> second_of(FileSystem& files, const std::string& from,
                                                                const std::string& final_path) {
    if (auto link = of_existing(files, from, final_path)) return link;
    std::string content;
    try {
      content = read_whole_file(files, from, std::numeric_limits<std::size_t>::max() / 4);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::not_found) throw;
      return nullptr;
    }
    auto copy = std::make_unique<TemporaryFile>(files, final_path, from);
    copy->file().write(0, std::as_bytes(std::span(content)));
    copy->finish(false);
    return copy;
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (path_.empty()) return;
    file_.reset();
    try {
      files_->remove(path_);
    } catch (...) {  // NOLINT(bugprone-empty-catch): a leftover has a name that says what it is
    }
  }

  [[nodiscard]] WritableFile& file() noexcept { return *file_; }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

  // After the last write: syncs (when asked to) and closes.
  void finish(bool durable) {
    if (file_ == nullptr) return;
    if (durable) file_->sync();
    file_->close();
  }
  // After finish. The name is on the disk only after the folder's sync.
  void rename_to(const std::string& final_path) {
    files_->rename(path_, final_path);
    // What has the final name already may be the same file, left by a save that failed: then both names are there.
    const std::string before = std::exchange(path_, {});
    if (file_ != nullptr) return;
    try {
      if (files_->exists(before)) files_->remove(before);
    } catch (const Error&) {  // NOLINT(bugprone-empty-catch): a leftover has a name that says what it is
    }
  }
  // Leaves the file to the caller, under its temporary name, which is returned.
  [[nodiscard]] std::string release() noexcept { return std::exchange(path_, {}); }

 private:
  explicit TemporaryFile(FileSystem& files) : files_(&files) {}

  template <class Make>
  void name(const std::string& final_path, const Make& make) {
    // Another machine's process may have the same number and have left its file here: then the next name is tried.
    constexpr int attempts = 100;
    for (int attempt = 1;; ++attempt) {
      std::string path = temporary_path(final_path);
      try {
        make(path);
        path_ = std::move(path);
        return;
      } catch (const Error& error) {
        if (error.code() != ErrorCode::already_exists || attempt == attempts) throw;
      }
    }
  }

  FileSystem* files_;
  std::string path_;  // empty when there is nothing left to remove
  std::unique_ptr<WritableFile> file_;
};

// Replaces or makes the file at `path` at one instant. With `durable` it is on the disk, under its name, on return.
// Throws Error when anything fails; then `path` is what it was (only a failing sync of the folder comes after the
// rename: the new content is there, but might not survive a power cut), and the temporary file is removed. With
// `second_name` the file has a second, temporary name when it gets its own, which is put there.
inline void write_file_atomically(FileSystem& files, const std::string& path, std::string_view content, bool durable,
                                  std::string* second_name = nullptr) {
  TemporaryFile temporary(files, path);
  // ext4 starts to write bytes that have no place on the disk yet when their file replaces another one: a fifth of what
  // a small save takes where nobody waits for the disk.
  if (!durable) temporary.file().reserve(content.size());
  temporary.file().write(0, std::as_bytes(std::span(content)));
  temporary.finish(durable);
  const auto second = second_name != nullptr ? TemporaryFile::second_of(files, temporary.path(), path) : nullptr;
  temporary.rename_to(path);
  if (second_name != nullptr && second != nullptr) *second_name = second->release();
  if (durable) files.sync_directory(parent_directory(path));
}

}  // namespace cairn::io
