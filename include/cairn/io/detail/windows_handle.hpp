// An open file of Windows: the handle, and the structures in which Windows tells of files.
#pragma once

#include "windows_name.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#if defined(_WIN32)

namespace CAIRN_NAMESPACE::io::detail {

// FILE_SHARE_READ, FILE_SHARE_WRITE and FILE_SHARE_DELETE: others may read, rename and remove what is open, as elsewhere.
inline constexpr unsigned long share_all = 7;
// GENERIC_READ, GENERIC_WRITE and DELETE
inline constexpr unsigned long to_read = 0x80000000, to_write = 0x40000000, to_delete = 0x00010000;
enum class Disposition : unsigned long { create_new = 1, open_existing = 3, open_always = 4 };
// FILE_FLAG_BACKUP_SEMANTICS opens folders, too; FILE_FLAG_OPEN_REPARSE_POINT opens a link itself.
inline constexpr unsigned long folders_too = 0x02000000, links_themselves = 0x00200000;

// OVERLAPPED, FILETIME, BY_HANDLE_FILE_INFORMATION and WIN32_FIND_DATAW.
struct Overlapped {
  std::uintptr_t internal = 0, internal_high = 0;
  std::uint32_t offset = 0, offset_high = 0;
  void* event = nullptr;

  explicit Overlapped(std::uint64_t at)
      : offset(static_cast<std::uint32_t>(at)), offset_high(static_cast<std::uint32_t>(at >> 32)) {}
  [[nodiscard]] ::_OVERLAPPED* get() noexcept { return reinterpret_cast<::_OVERLAPPED*>(this); }
};
struct FileTime {
  std::uint32_t low = 0, high = 0;
};
struct FileInformation {
  std::uint32_t attributes = 0;
  FileTime created, read, written;
  std::uint32_t volume = 0, size_high = 0, size_low = 0, links = 0, index_high = 0, index_low = 0;
};
struct FindData {
  std::uint32_t attributes = 0;
  FileTime created, read, written;
  std::uint32_t size_high = 0, size_low = 0, reserved[2] = {};
  wchar_t name[260] = {}, short_name[14] = {};
};

// What CreateFileW and FindFirstFileW return when Windows refuses; GetLastError() says why.
[[nodiscard]] inline bool is_refused(void* handle) noexcept {
  return handle == reinterpret_cast<void*>(std::intptr_t{-1});
}

[[nodiscard]] inline void* open_handle(const std::string& path, unsigned long access, Disposition disposition,
                                       unsigned long flags = 0) {
  return ::CreateFileW(windows_path(path).c_str(), access, share_all, nullptr, static_cast<unsigned long>(disposition),
                       flags, nullptr);
}

// A handle that closes itself.
class Handle {
 public:
  Handle(void* handle, std::string path) noexcept : handle_(handle), path_(std::move(path)) {}
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() {
    if (is_open()) ::CloseHandle(handle_);
  }
  // Returns one that is not open when Windows refuses; GetLastError() says why.
  [[nodiscard]] static Handle open(const std::string& path, unsigned long access, Disposition disposition,
                                   unsigned long flags = 0) {
    return Handle(open_handle(path, access, disposition, flags), path);
  }

  [[nodiscard]] bool is_open() const noexcept { return !is_refused(handle_); }
  [[nodiscard]] void* get() const noexcept { return handle_; }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  void close() {
    if (is_open() && ::CloseHandle(std::exchange(handle_, reinterpret_cast<void*>(std::intptr_t{-1}))) == 0)
      fail_windows({"close"}, path_, ::GetLastError());
  }

  [[nodiscard]] FileInformation information() const {
    FileInformation information;
    if (::GetFileInformationByHandle(handle_, reinterpret_cast<::_BY_HANDLE_FILE_INFORMATION*>(&information)) == 0)
      fail_windows({"ask for the state of"}, path_, ::GetLastError());
    return information;
  }
  // Returns how many bytes were read; fewer than wanted at the end of the file.
  [[nodiscard]] std::size_t read(std::uint64_t offset, std::span<std::byte> out) const {
    constexpr unsigned long end_of_file = 38;
    std::size_t all = 0;
    while (!out.empty()) {
      Overlapped at(offset);
      unsigned long got = 0;
      const auto piece = static_cast<unsigned long>(std::min(out.size(), max_piece));
      if (::ReadFile(handle_, out.data(), piece, &got, at.get()) == 0) {
        if (::GetLastError() == end_of_file) break;
        fail_windows({"read"}, path_, ::GetLastError());
      }
      if (got == 0) break;
      out = out.subspan(got), offset += got, all += got;
    }
    return all;
  }
  void write(std::uint64_t offset, std::span<const std::byte> bytes) const {
    constexpr unsigned long disk_full = 112;
    while (!bytes.empty()) {
      Overlapped at(offset);
      unsigned long put = 0;
      const auto piece = static_cast<unsigned long>(std::min(bytes.size(), max_piece));
      if (::WriteFile(handle_, bytes.data(), piece, &put, at.get()) == 0)
        fail_windows({"write"}, path_, ::GetLastError());
      if (put == 0) fail_windows({"write"}, path_, disk_full);
      bytes = bytes.subspan(put), offset += put;
    }
  }
  void sync() const {
    if (::FlushFileBuffers(handle_) == 0)
      fail_windows({"write to the disk (FlushFileBuffers)"}, path_, ::GetLastError());
  }
  // SetFileInformationByHandle, whose declaration in <windows.h> needs an enumeration that cannot be declared twice.
  [[nodiscard]] bool set(int information, void* value, std::size_t size) const {
    using Set = int(__stdcall*)(void*, int, void*, unsigned long);
    static const Set call = reinterpret_cast<Set>(
        reinterpret_cast<void*>(::GetProcAddress(::GetModuleHandleW(L"kernel32.dll"), "SetFileInformationByHandle")));
    return call != nullptr && call(handle_, information, value, static_cast<unsigned long>(size)) != 0;
  }

 private:
  static constexpr std::size_t max_piece = std::size_t{1} << 30;  // Windows counts in 32 bits

  void* handle_;
  std::string path_;
};

}  // namespace CAIRN_NAMESPACE::io::detail

#endif
