// One owner at a time for a folder, among all processes of a machine: LockFileEx on a small file that says who the owner
// is. Windows gives the lock back when its owner ends, in whatever way. The locked byte lies far behind the text, which
// everybody may read: Windows keeps others from the bytes that are locked.
#pragma once

#include "../file_system.hpp"
#include "lock_errors.hpp"
#include "windows_handle.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#if defined(_WIN32)

namespace CAIRN_NAMESPACE::io::detail {

class WindowsFileLock final : public io::FileLock {
 public:
  WindowsFileLock(void* handle, std::string path) noexcept : file_(handle, std::move(path)) {}

  [[nodiscard]] bool is_in_place() const override {
    constexpr unsigned long access_denied = 5, delete_pending = 303;
    const Handle named = Handle::open(file_.path(), 0, Disposition::open_existing, links_themselves);
    if (!named.is_open()) {
      const unsigned long error = ::GetLastError();
      if (errno_of(error) == ENOENT || error == access_denied || error == delete_pending) return false;
      fail_windows({"look for the lock"}, file_.path(), error);
    }
    const FileInformation here = file_.information(), there = named.information();
    return here.volume == there.volume && here.index_high == there.index_high && here.index_low == there.index_low;
  }
  void sign(std::string_view text) const {
    constexpr int end_of_file_information = 6;
    std::uint64_t size = text.size();
    file_.write(0, std::as_bytes(std::span(text)));
    if (!file_.set(end_of_file_information, &size, sizeof size))
      fail_windows({"write"}, file_.path(), ::GetLastError());
  }
  [[nodiscard]] std::string text() const {
    std::string text(std::size_t{64} << 10, '\0');
    text.resize(file_.read(0, std::as_writable_bytes(std::span(text))));
    return text;
  }
  // Returns false when another handle has the lock.
  [[nodiscard]] bool try_lock() const {
    constexpr unsigned long exclusive_at_once = 3, lock_violation = 33, io_pending = 997;
    Overlapped far_away(std::uint64_t{1} << 62);
    if (::LockFileEx(file_.get(), exclusive_at_once, 0, 1, 0, far_away.get()) != 0) return true;
    const unsigned long error = ::GetLastError();
    if (error == lock_violation || error == io_pending) return false;
    fail_windows({"lock"}, file_.path(), error);
  }
  [[nodiscard]] bool is_plain_file() const { return (file_.information().attributes & 0x410) == 0; }

 private:
  Handle file_;
};

[[nodiscard]] inline std::unique_ptr<io::FileLock> lock_windows_file(const std::string& path, std::string_view owner) {
  for (;;) {
    void* handle = nullptr;
    const bool is_open = patiently([&] {  // a file that is being removed refuses for a moment
      handle = open_handle(path, to_read | to_write, Disposition::open_always, links_themselves);
      return !is_refused(handle);
    });
    if (!is_open) fail_windows({"open the lock"}, path, ::GetLastError());
    std::unique_ptr<WindowsFileLock> lock(new WindowsFileLock(handle, path));
    if (!lock->is_plain_file()) fail_no_lock_file(path);
    if (!lock->try_lock()) fail_held(path, lock->text());
    // The last owner may have removed the file between the open and the lock. The file then stands for nothing any
    // more.
    if (!lock->is_in_place()) continue;
    lock->sign(owner);
    return lock;
  }
}

}  // namespace CAIRN_NAMESPACE::io::detail

#endif
