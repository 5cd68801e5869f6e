// windows(): the files of a machine with Windows, by CreateFileW, ReadFile, MapViewOfFile, WriteFile, FlushFileBuffers and
// a rename that replaces. Paths are UTF-8, with '/' or '\', and may be longer than 260 letters. There is none elsewhere
// (posix.hpp).
//
// An open file may be renamed and removed by others, as elsewhere; a mapped one may not, and its rename or removal
// throws Error with ErrorCode::permission_denied or failed_precondition. Names that Windows would change, or keeps for
// devices, are refused with ErrorCode::invalid_argument.
#pragma once

#include "../core/detail/sort.hpp"
#include "../core/detail/vec.hpp"
#include "detail/windows_lock.hpp"
#include "file_system.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#if defined(_WIN32)

namespace CAIRN_NAMESPACE::io::detail {

// The view of a mapped file, which the destructor gives back.
class MappedView {
 public:
  MappedView() noexcept = default;
  MappedView(const MappedView&) = delete;
  MappedView& operator=(const MappedView&) = delete;
  ~MappedView() {
    if (address_ != nullptr) ::UnmapViewOfFile(address_);
  }
  void take(const void* address) noexcept { address_ = address; }

 private:
  const void* address_ = nullptr;
};

class WindowsReadableFile final : public io::ReadableFile {
 public:
  WindowsReadableFile(void* handle, std::string path) : file_(handle, std::move(path)) {
    constexpr unsigned long disk = 1;
    if (::GetFileType(file_.get()) != disk)
      core::detail::fail(ErrorCode::failed_precondition,
                         {"\"", file_.path(), "\" is a pipe or a device, and not a file that can be read"},
                         {.file = file_.path()});
    const FileInformation information = file_.information();
    size_ = joined(information.size_high, information.size_low);
    const auto written = static_cast<std::int64_t>(joined(information.written.high, information.written.low));
    version_ = {information.volume, joined(information.index_high, information.index_low), written / 10'000'000,
                written % 10'000'000 * 100};
  }

  [[nodiscard]] std::uint64_t size() const override { return size_; }
  [[nodiscard]] io::FileVersion version() const override { return version_; }
  void read(std::uint64_t offset, std::span<std::byte> out) const override {
    const std::size_t got = file_.read(offset, out);
    if (got < out.size()) fail_ended(file_.path(), offset + got, out.size() - got);
  }
  [[nodiscard]] io::Mapping map() const override {
    const FileInformation information = file_.information();
    const std::uint64_t now = joined(information.size_high, information.size_low);
    if (now < size_) fail_ended(file_.path(), now, size_ - now);
    if (size_ > std::numeric_limits<std::size_t>::max()) fail_system({"map"}, file_.path(), ENOMEM);
    auto* const view = new MappedView();
    std::shared_ptr<const void> owner(view);
    const auto size = static_cast<std::size_t>(size_);
    if (size == 0) return {{}, std::move(owner)};
    constexpr unsigned long read_only_pages = 2, to_be_read = 4;
    void* const mapping = ::CreateFileMappingW(file_.get(), nullptr, read_only_pages, 0, 0, nullptr);
    if (mapping == nullptr) fail_windows({"map"}, file_.path(), ::GetLastError());
    const Handle closing(mapping, file_.path());
    const void* const address = ::MapViewOfFile(mapping, to_be_read, 0, 0, size);
    if (address == nullptr) fail_windows({"map"}, file_.path(), ::GetLastError());
    view->take(address);
    return {{static_cast<const std::byte*>(address), size}, std::move(owner)};
  }

 private:
  [[nodiscard]] static std::uint64_t joined(std::uint32_t high, std::uint32_t low) noexcept {
    return std::uint64_t{high} << 32 | low;
  }

  Handle file_;
  std::uint64_t size_ = 0;
  io::FileVersion version_;
};

class WindowsWritableFile final : public io::WritableFile {
 public:
  WindowsWritableFile(void* handle, std::string path) : file_(handle, std::move(path)) {}

  void write(std::uint64_t offset, std::span<const std::byte> bytes) override { file_.write(offset, bytes); }
  void reserve(std::uint64_t size) override {
    constexpr int allocation_information = 5;
    if (size == 0 || file_.set(allocation_information, &size, sizeof size)) return;
    const unsigned long error = ::GetLastError();
    if (errno_of(error) == ENOSPC || errno_of(error) == EFBIG)
      fail_windows({"reserve ", size, " bytes for"}, file_.path(), error);
  }
  void sync() override { file_.sync(); }
  void close() override { file_.close(); }

 private:
  Handle file_;
};

class WindowsFileSystem final : public io::FileSystem {
 public:
  WindowsFileSystem() = default;

  std::unique_ptr<io::ReadableFile> open(const std::string& path) override {
    return std::unique_ptr<io::ReadableFile>(
        new WindowsReadableFile(opened({"open"}, path, to_read, Disposition::open_existing), path));
  }
  std::unique_ptr<io::WritableFile> create(const std::string& path) override {
    return std::unique_ptr<io::WritableFile>(
        new WindowsWritableFile(opened({"create"}, path, to_write, Disposition::create_new), path));
  }

  void rename(const std::string& from, const std::string& to) override {
    const std::wstring source = windows_path(from), target = windows_path(to);
    const bool is_done = patiently([&] { return rename_open(from, target) || rename_plainly(source, target); });
    if (is_done) return;
    const unsigned long error = ::GetLastError();
    if (errno_of(error) == ENOENT && !attributes_of(source)) fail_windows({"rename to \"", to, "\""}, from, error);
    fail_windows({"rename \"", from, "\" to"}, to, error);
  }

  bool link(const std::string& from, const std::string& to) override {
    if (::CreateHardLinkW(windows_path(to).c_str(), windows_path(from).c_str(), nullptr) != 0) return true;
    const unsigned long error = ::GetLastError();
    // ERROR_INVALID_FUNCTION, ERROR_NOT_SAME_DEVICE, ERROR_NOT_SUPPORTED and ERROR_TOO_MANY_LINKS: another disk, a file
    // system without links, or a file that has all the links it may have.
    for (const unsigned long cannot : {1ul, 17ul, 50ul, 1142ul})
      if (error == cannot) return false;
    fail_windows({"give \"", from, "\" the second name"}, to, error);
  }

  void remove(const std::string& path) override {
    const std::wstring name = windows_path(path);
    if (patiently([&] { return remove_open(path) || ::DeleteFileW(name.c_str()) != 0; })) return;
    fail_windows({"remove"}, path, ::GetLastError());
  }

  // NTFS keeps the names of a folder in its journal, and not every system lets a program wait for that.
  void sync_directory(const std::string& path) override {
    const auto attributes = attributes_of(windows_path(path));
    if (!attributes) fail_windows({"open the folder"}, path, ::GetLastError());
    if (!is_folder(*attributes)) fail_system({"open the folder"}, path, ENOTDIR);
    const Handle folder = Handle::open(path, to_write, Disposition::open_existing, folders_too);
    if (folder.is_open()) static_cast<void>(::FlushFileBuffers(folder.get()));
  }

  bool create_directory(const std::string& path) override {
    if (::CreateDirectoryW(windows_path(path).c_str(), nullptr) != 0) return true;
    const unsigned long error = ::GetLastError();
    if (is_directory(path)) return false;
    if (errno_of(error) == EEXIST) fail_system({"make the folder"}, path, ENOTDIR);
    fail_windows({"make the folder"}, path, error);
  }

  bool exists(const std::string& path) override { return there(path).has_value(); }
  bool is_directory(const std::string& path) override {
    const auto attributes = there(path);
    return attributes && is_folder(*attributes);
  }

  std::vector<std::string> list_directory(const std::string& path) override {
    std::vector<std::string> names;
    std::wstring pattern = windows_path(path);
    if (!pattern.ends_with(L'\\')) pattern += L'\\';
    FindData found;
    void* const search = ::FindFirstFileW((pattern + L'*').c_str(), reinterpret_cast<::_WIN32_FIND_DATAW*>(&found));
    if (is_refused(search)) fail_windows({"list the folder"}, path, ::GetLastError());
    const std::unique_ptr<void, int(__stdcall*)(void*)> closing(search, &::FindClose);
    do {
      std::string name = utf8_of(static_cast<const wchar_t*>(found.name));
      if (name != "." && name != "..") names.push_back(std::move(name));
    } while (::FindNextFileW(search, reinterpret_cast<::_WIN32_FIND_DATAW*>(&found)) != 0);
    constexpr unsigned long no_more_files = 18;
    if (::GetLastError() != no_more_files) fail_windows({"list the folder"}, path, ::GetLastError());
    core::detail::sort(names);
    return names;
  }

  std::unique_ptr<io::FileLock> lock(const std::string& path, std::string_view owner) override {
    return lock_windows_file(path, owner);
  }

 private:
  [[nodiscard]] static void* opened(std::initializer_list<core::detail::Words> action, const std::string& path,
                                    unsigned long access, Disposition disposition) {
    void* const handle = open_handle(path, access, disposition);
    if (is_refused(handle)) fail_windows(action, path, ::GetLastError());
    return handle;
  }
  // A name that Windows does not allow leads to nothing.
  [[nodiscard]] static std::optional<unsigned long> there(const std::string& path) {
    try {
      return attributes_of(windows_path(path));
    } catch (const Error& error) {
      if (error.code() != ErrorCode::invalid_argument) throw;
      return std::nullopt;
    }
  }

  // Windows 10 replaces and removes a file that others have open as other systems do: at once.
  [[nodiscard]] static bool rename_open(const std::string& from, const std::wstring& to) {
    struct RenameInformation {
      std::uint32_t flags;
      void* root;
      std::uint32_t name_bytes;
      wchar_t name[1];
    };
    constexpr int rename_information = 22;  // FileRenameInfoEx
    constexpr std::uint32_t replace = 1, at_once = 2;
    const Handle file = Handle::open(from, to_delete, Disposition::open_existing, folders_too | links_themselves);
    if (!file.is_open()) return false;
    const std::size_t name_bytes = to.size() * sizeof(wchar_t), size = sizeof(RenameInformation) + name_bytes;
    core::detail::Vec<std::uint64_t> room(size / sizeof(std::uint64_t) + 1);
    auto* const wanted = reinterpret_cast<RenameInformation*>(room.data());
    wanted->flags = replace | at_once;
    wanted->name_bytes = static_cast<std::uint32_t>(name_bytes);
    std::memcpy(static_cast<void*>(wanted->name), to.c_str(), name_bytes + sizeof(wchar_t));
    return file.set(rename_information, wanted, size);
  }
  [[nodiscard]] static bool rename_plainly(const std::wstring& from, const std::wstring& to) {
    constexpr unsigned long replace = 1, write_through = 8;
    return ::MoveFileExW(from.c_str(), to.c_str(), replace | write_through) != 0;
  }
  [[nodiscard]] static bool remove_open(const std::string& path) {
    constexpr int disposition_information = 21;  // FileDispositionInfoEx
    std::uint32_t remove_at_once = 3;
    const Handle file = Handle::open(path, to_delete, Disposition::open_existing, links_themselves);
    return file.is_open() && file.set(disposition_information, &remove_at_once, sizeof remove_at_once);
  }
};

}  // namespace CAIRN_NAMESPACE::io::detail

namespace CAIRN_NAMESPACE::io {

// Returns the file system of the machine. There is one for the whole program; it has no state and is never destroyed,
// because saves in the background, and saves of static objects at the program's end, still need it. Any thread may call
// it.
[[nodiscard]] inline FileSystem& windows() {
  static detail::WindowsFileSystem& files = *new detail::WindowsFileSystem;
  return files;
}

}  // namespace CAIRN_NAMESPACE::io

#endif
