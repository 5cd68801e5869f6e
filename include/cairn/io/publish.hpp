// How a new file gets its name: it is written under a temporary name, synced to the disk, and only then renamed.
//
//   create "ckpt-1.index.cairn-tmp-4711-0" -> write -> sync -> rename to "ckpt-1.index" -> sync the folder
//
// At every instant the final name is absent, or leads to the old file, or to the new one. A killed process leaves
// temporary files behind; their names differ from every name that TensorFlow uses.
#pragma once

#include "../core/detail/own.hpp"
#include "../core/durability.hpp"
#include "detail/process.hpp"
#include "file_system.hpp"
#include "whole_file.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::io {

// The text that every temporary name has in it.
inline constexpr std::string_view temporary_mark = ".cairn-tmp-";

// Returns true for a name, or a path, that temporary_path made in this process or another.
[[nodiscard]] inline bool is_temporary(std::string_view path) {
  const std::size_t mark = path.rfind(temporary_mark);
  if (mark == std::string_view::npos || mark == 0) return false;
  const std::string_view tail = path.substr(mark + temporary_mark.size());
  const std::size_t dash = tail.find('-');
  return dash != std::string_view::npos && dash != 0 && dash + 1 != tail.size() &&
         tail.find_first_not_of("0123456789-") == std::string_view::npos && tail.rfind('-') == dash;
}

// Returns a temporary name without its owner: the next process that cleans up may remove such a file, whichever
// processes are alive.
[[nodiscard]] inline std::string nobodys_path(const std::string& temporary) {
  const std::size_t process = temporary.rfind(temporary_mark) + temporary_mark.size();
  return temporary.substr(0, process) + "0" + temporary.substr(temporary.find('-', process));
}

// Returns the number of names that temporary_path has made in this process; a name with a higher number is not this
// process's. Any thread may use it.
[[nodiscard]] inline std::atomic<std::uint64_t>& temporary_names_taken() noexcept {
  static std::atomic<std::uint64_t> count{0};
  return count;
}

// Returns a name beside `final_path` that this process has not used yet: "<final>.cairn-tmp-<process>-<number>". A
// final name that is too long for the ending is shortened. Any thread may call it.
[[nodiscard]] inline std::string temporary_path(const std::string& final_path) {
  const std::string tail = std::string(temporary_mark) + std::to_string(detail::process_number()) + "-" +
                           std::to_string(temporary_names_taken().fetch_add(1));
  // A final name may have 255 bytes; where the ending makes it longer, it is shortened to stay legal.
  constexpr std::size_t max_name_bytes = 255;
  const std::size_t name_begin = std::string_view(final_path).find_last_of(separators) + 1;
  const std::size_t name_bytes = final_path.size() - name_begin;
  if (name_bytes > max_name_bytes || name_bytes + tail.size() <= max_name_bytes) return final_path + tail;
  std::size_t kept = name_begin + max_name_bytes - tail.size();
  while (kept > name_begin + 1 && (static_cast<unsigned char>(final_path[kept]) & 0xc0u) == 0x80u) --kept;  // UTF-8
  return final_path.substr(0, kept) + tail;
}

// A file under a temporary name, made for one final name. The destructor removes it unless it was renamed or released.
// A TemporaryFile belongs to one thread.
class TemporaryFile {
 public:
  // Creates the file and gives it the owner and permissions of the file `like`, before anything is written: mostly
  // those of the file that it will replace. An empty `like` means none. Throws Error with ErrorCode::not_found when the folder is missing,
  // ErrorCode::permission_denied when the folder may not be written to, ErrorCode::resource_exhausted when the disk is
  // full.
  TemporaryFile(FileSystem& files, const std::string& final_path, const std::string& like) : files_(&files) {
    name(final_path, [&](const std::string& path) { file_.reset(files.create(path).release()); });
    if (!like.empty()) files.copy_permissions(like, path_);
  }
  TemporaryFile(FileSystem& files, const std::string& final_path) : TemporaryFile(files, final_path, final_path) {}
  // Gives the file at `from` a second, temporary name; it is complete, and there is no file() to write to. Returns null
  // when the file at `from` is gone, or cannot have a second name. Throws Error with ErrorCode::permission_denied,
  // resource_exhausted or unavailable when the disk refuses.
  [[nodiscard]] static core::detail::Own<TemporaryFile> of_existing(FileSystem& files, const std::string& from,
                                                                    const std::string& final_path) {
    core::detail::Own<TemporaryFile> made(new TemporaryFile(files));
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
  // Gives the file at `from` a second, temporary name, or makes a copy under that name where a file cannot have two.
  // Returns null when the file at `from` is gone. Throws Error with ErrorCode::permission_denied, resource_exhausted or
  // unavailable when the disk refuses.
  [[nodiscard]] static core::detail::Own<TemporaryFile> second_of(FileSystem& files, const std::string& from,
                                                                  const std::string& final_path) {
    if (auto link = of_existing(files, from, final_path)) return link;
    std::string content;
    try {
      content = read_whole_file(files, from, std::numeric_limits<std::size_t>::max() / 4);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::not_found) throw;
      return nullptr;
    }
    core::detail::Own<TemporaryFile> copy(new TemporaryFile(files, final_path, from));
    copy->file().write(0, std::as_bytes(std::span(content)));
    copy->finish(Durability::none);
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

  // Returns the file to write to, until finish(). There is none after of_existing().
  [[nodiscard]] WritableFile& file() noexcept { return *file_; }
  // Returns the temporary path; empty after rename_to() and release().
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

  // Closes the file, and with Durability::full syncs it before; it is called after the last write. Throws Error with
  // ErrorCode::resource_exhausted or unavailable; the file keeps its temporary name then.
  void finish(Durability durability) {
    if (!file_) return;
    if (durability == Durability::full) file_->sync();
    file_->close();
  }
  // Gives the file its final name; it is called after finish(). The name is on the disk only after a sync of the
  // folder. Throws Error with the code of FileSystem::rename: ErrorCode::not_found, failed_precondition,
  // permission_denied or unavailable.
  void rename_to(const std::string& final_path) {
    files_->rename(path_, final_path);
    // The file with the final name may be this one already, left by a save that failed. Then both names are still
    // there.
    const std::string before = std::exchange(path_, {});
    if (file_) return;
    try {
      if (files_->exists(before)) files_->remove(before);
    } catch (const Error&) {  // NOLINT(bugprone-empty-catch): a leftover has a name that says what it is
    }
  }
  // Leaves the file to the caller, under its temporary path, which is returned.
  [[nodiscard]] std::string release() noexcept { return std::exchange(path_, {}); }

 private:
  explicit TemporaryFile(FileSystem& files) : files_(&files) {}

  template <class Make>
  void name(const std::string& final_path, const Make& make) {
    // A process of another machine may have the same number and have left its file here. Then the next name is tried.
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
  core::detail::Own<WritableFile> file_;
};

// Makes the file at `path`, or replaces it, at one instant. With Durability::full it is on the disk, under its name,
// when the call returns. With `second_name` the file gets a second, temporary name before its own, which is stored
// there. Throws Error with ErrorCode::permission_denied, resource_exhausted, not_found (no such folder) or unavailable;
// then `path` is what it was before and the temporary file is removed. Only a failing sync of the folder comes after
// the rename: the new content is there then, but may not survive a power cut.
inline void write_file_atomically(FileSystem& files, const std::string& path, std::string_view content,
                                  Durability durability, std::string* second_name = nullptr) {
  TemporaryFile temporary(files, path);
  // ext4 writes the blocks of a file at once when it replaces another one and they are not allocated yet
  // (auto_da_alloc). That took a fifth of a small save that does not wait for the disk; reserving the bytes avoids it.
  if (durability == Durability::none) temporary.file().reserve(content.size());
  temporary.file().write(0, std::as_bytes(std::span(content)));
  temporary.finish(durability);
  const auto second = second_name != nullptr ? TemporaryFile::second_of(files, temporary.path(), path) : nullptr;
  temporary.rename_to(path);
  if (second_name != nullptr && second != nullptr) *second_name = second->release();
  if (durability == Durability::full) files.sync_directory(parent_directory(path));
}

// Makes the file at `path`, or replaces it, at one instant, with the bytes that `write(WritableFile&)` writes to it.
// Folders that are missing are made. With Durability::full the file is on the disk, under its name, when the call
// returns. Throws Error with ErrorCode::permission_denied, resource_exhausted or unavailable, and what `write` throws;
// then `path` is what it was before.
template <class Write>
void publish_file(FileSystem& files, const std::string& path, Durability durability, const Write& write) {
  files.create_directories(parent_directory(path), durability);
  TemporaryFile temporary(files, path);
  write(temporary.file());
  temporary.finish(durability);
  temporary.rename_to(path);
  if (durability == Durability::full) files.sync_directory(parent_directory(path));
}

}  // namespace CAIRN_NAMESPACE::io
