// MemoryFileSystem: files in memory, for tests. It can also lose power, and then keeps only what a disk would keep.
//
//   cairn::io::MemoryFileSystem files;
//   cairn::bundle::Writer writer("ckpt-1", {}, files);
//   files.cut_power();   // bytes that were not synced, and names whose folder was not synced, are gone
#pragma once

#include "../io/detail/posix_lock.hpp"
#include "../io/detail/system_error.hpp"
#include "../io/file_system.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::testing::detail {

class MemoryFileLock;

struct MemoryContent {
  using Bytes = std::vector<std::byte>;

  std::mutex mutex;
  std::uint64_t number = next_number();  // a number that no other file had before; an address may be used again
  std::int64_t writes = 0;
  std::shared_ptr<Bytes> now = std::make_shared<Bytes>();
  bool is_mapped = false;  // a Mapping may look at `now` at any time: it stays unchanged, and a copy is changed instead
  Bytes synced;

  [[nodiscard]] static std::uint64_t next_number() noexcept {
    static std::atomic<std::uint64_t> taken{0};
    return ++taken;
  }
  [[nodiscard]] Bytes& writable() {
    if (std::exchange(is_mapped, false)) now = std::make_shared<Bytes>(*now);
    return *now;
  }
};

class MemoryReadableFile final : public io::ReadableFile {
 public:
  MemoryReadableFile(std::shared_ptr<MemoryContent> content, std::string path)
      : content_(std::move(content)), path_(std::move(path)) {
    const std::lock_guard lock(content_->mutex);
    size_ = content_->now->size();
    writes_ = content_->writes;
  }
  [[nodiscard]] std::uint64_t size() const override { return size_; }
  [[nodiscard]] io::FileVersion version() const override { return {0, content_->number, writes_, 0}; }
  void read(std::uint64_t offset, std::span<std::byte> out) const override {
    const std::lock_guard lock(content_->mutex);
    const auto& now = *content_->now;
    if (offset > now.size() || out.size() > now.size() - offset)
      io::detail::fail_ended(path_, now.size(),
                             out.size() - (now.size() - std::min<std::uint64_t>(offset, now.size())));
    std::copy_n(now.begin() + static_cast<std::ptrdiff_t>(offset), out.size(), out.begin());
  }
  [[nodiscard]] io::Mapping map() const override {
    const std::lock_guard lock(content_->mutex);
    if (content_->now->size() < size_)
      io::detail::fail_ended(path_, content_->now->size(), size_ - content_->now->size());
    content_->is_mapped = true;
    return {std::span<const std::byte>(*content_->now).first(static_cast<std::size_t>(size_)), content_->now};
  }

 private:
  std::shared_ptr<MemoryContent> content_;
  std::string path_;
  std::uint64_t size_ = 0;
  std::int64_t writes_ = 0;
};

class MemoryWritableFile final : public io::WritableFile {
 public:
  explicit MemoryWritableFile(std::shared_ptr<MemoryContent> content) : content_(std::move(content)) {}
  void write(std::uint64_t offset, std::span<const std::byte> bytes) override {
    const std::lock_guard lock(content_->mutex);
    ++content_->writes;
    auto& now = content_->writable();
    const auto begin = static_cast<std::size_t>(offset);
    if (now.size() < begin + bytes.size()) now.resize(begin + bytes.size());
    std::copy(bytes.begin(), bytes.end(), now.begin() + static_cast<std::ptrdiff_t>(begin));
  }
  void sync() override {
    const std::lock_guard lock(content_->mutex);
    content_->synced = *content_->now;
  }
  void close() override {}

 private:
  std::shared_ptr<MemoryContent> content_;
};

}  // namespace CAIRN_NAMESPACE::testing::detail

namespace CAIRN_NAMESPACE::testing {

// A file system in memory. The current folder "." and the root "/" exist from the beginning. Paths are compared as
// text, so each file must be spelled in one way. A file that was opened stays readable after it was renamed or removed,
// as on a disk. Any thread may call any member.
class MemoryFileSystem final : public io::FileSystem {
 public:
  MemoryFileSystem() = default;

  // io/file_system.hpp says what these functions do and throw. Only sync_directory() makes names survive a power cut.
  std::unique_ptr<io::ReadableFile> open(const std::string& path) override {
    const std::lock_guard lock(mutex_);
    return std::make_unique<detail::MemoryReadableFile>(find("open", path), path);
  }
  std::unique_ptr<io::WritableFile> create(const std::string& path) override {
    const std::lock_guard lock(mutex_);
    require_folder_of("create", path);
    if (now_.files.contains(path) || now_.folders.contains(path)) io::detail::fail_system({"create"}, path, EEXIST);
    auto content = std::make_shared<detail::MemoryContent>();
    now_.files[path] = content;
    return std::make_unique<detail::MemoryWritableFile>(std::move(content));
  }
  void rename(const std::string& from, const std::string& to) override {
    const std::lock_guard lock(mutex_);
    auto content = find("rename", from);
    require_folder_of("rename \"" + from + "\" to", to);
    if (now_.folders.contains(to)) io::detail::fail_system({"rename \"", from, "\" to"}, to, EISDIR);
    auto& replaced = now_.files[to];
    if (replaced == content) return;  // two names of one file: nothing happens, as rename(2) has it
    replaced = std::move(content);
    now_.files.erase(from);
  }
  bool link(const std::string& from, const std::string& to) override {
    const std::lock_guard lock(mutex_);
    auto content = find("link", from);
    require_folder_of("give \"" + from + "\" the second name", to);
    if (now_.files.contains(to) || now_.folders.contains(to))
      io::detail::fail_system({"give \"", from, "\" the second name"}, to, EEXIST);
    now_.files[to] = std::move(content);
    return true;
  }
  void remove(const std::string& path) override {
    const std::lock_guard lock(mutex_);
    (void)find("remove", path);
    now_.files.erase(path);
  }
  void sync_directory(const std::string& path) override {
    const std::lock_guard lock(mutex_);
    if (!now_.folders.contains(path)) io::detail::fail_system({"open the folder"}, path, ENOENT);
    const auto is_below = [&](const std::string& name) { return io::parent_directory(name) == path && name != path; };
    std::erase_if(synced_.files, [&](const auto& item) { return is_below(item.first); });
    for (const auto& [name, content] : now_.files)
      if (is_below(name)) synced_.files[name] = content;
    for (const auto& name : now_.folders)
      if (is_below(name)) synced_.folders.insert(name);
  }
  bool create_directory(const std::string& path) override {
    const std::lock_guard lock(mutex_);
    require_folder_of("make the folder", path);
    if (now_.files.contains(path)) io::detail::fail_system({"make the folder"}, path, ENOTDIR);
    return now_.folders.insert(path).second;
  }
  bool exists(const std::string& path) override {
    const std::lock_guard lock(mutex_);
    return now_.files.contains(path) || now_.folders.contains(path);
  }
  bool is_directory(const std::string& path) override {
    const std::lock_guard lock(mutex_);
    return now_.folders.contains(path);
  }
  std::vector<std::string> list_directory(const std::string& path) override {
    const std::lock_guard lock(mutex_);
    if (!now_.folders.contains(path)) io::detail::fail_system({"list the folder"}, path, ENOENT);
    std::set<std::string> names;
    const auto add = [&](const std::string& name) {
      if (io::parent_directory(name) == path && name != path) names.insert(io::file_name(name));
    };
    for (const auto& item : now_.files) add(item.first);
    for (const auto& name : now_.folders) add(name);
    names.erase(".");
    return {names.begin(), names.end()};
  }

  // The declaration has the word inline, for the reason that faulty_file_system.hpp gives.
  inline std::unique_ptr<io::FileLock> lock(const std::string& path, std::string_view owner) override;

  // Does the worst that a power cut may do: only synced bytes are left, under the names that were synced. Opened files
  // lose their unsynced bytes, too.
  void cut_power() {
    const std::lock_guard lock(mutex_);
    now_ = synced_;
    for (const auto& item : now_.files) item.second->writable() = item.second->synced;
  }

 private:
  struct Names {
    std::map<std::string, std::shared_ptr<detail::MemoryContent>> files;
    std::set<std::string> folders{".", "/"};
  };

  [[nodiscard]] std::shared_ptr<detail::MemoryContent> find(const std::string& action, const std::string& path) const {
    if (now_.folders.contains(path)) io::detail::fail_system({action}, path, EISDIR);
    const auto file = now_.files.find(path);
    if (file == now_.files.end()) io::detail::fail_system({action}, path, ENOENT);
    return file->second;
  }
  void require_folder_of(const std::string& action, const std::string& path) const {
    const std::string folder = io::parent_directory(path);
    if (now_.files.contains(folder)) io::detail::fail_system({action}, path, ENOTDIR);
    if (!now_.folders.contains(folder)) io::detail::fail_system({action}, path, ENOENT);
  }

  friend class detail::MemoryFileLock;

  mutable std::mutex mutex_;
  Names now_;
  Names synced_;
  std::set<std::string> locked_;
};

}  // namespace CAIRN_NAMESPACE::testing

namespace CAIRN_NAMESPACE::testing::detail {

class MemoryFileLock final : public io::FileLock {
 public:
  MemoryFileLock(testing::MemoryFileSystem& files, std::string path, std::shared_ptr<MemoryContent> content)
      : files_(&files), path_(std::move(path)), content_(std::move(content)) {}
  MemoryFileLock(const MemoryFileLock&) = delete;
  MemoryFileLock& operator=(const MemoryFileLock&) = delete;
  ~MemoryFileLock() override {
    const std::lock_guard guard(files_->mutex_);
    files_->locked_.erase(path_);
  }

  void sign(std::string_view text) {
    const std::lock_guard guard(content_->mutex);
    const auto bytes = std::as_bytes(std::span(text));
    content_->writable().assign(bytes.begin(), bytes.end());
  }
  [[nodiscard]] bool is_in_place() const override {
    const std::lock_guard guard(files_->mutex_);
    const auto file = files_->now_.files.find(path_);
    return file != files_->now_.files.end() && file->second == content_;
  }

 private:
  testing::MemoryFileSystem* files_;
  std::string path_;
  std::shared_ptr<MemoryContent> content_;
};

}  // namespace CAIRN_NAMESPACE::testing::detail

namespace CAIRN_NAMESPACE::testing {

inline std::unique_ptr<io::FileLock> MemoryFileSystem::lock(const std::string& path, std::string_view owner) {
  const std::lock_guard guard(mutex_);
  require_folder_of("open the lock", path);
  if (now_.folders.contains(path)) io::detail::fail_system({"open the lock"}, path, EISDIR);
  auto& content = now_.files[path];
  if (content == nullptr) content = std::make_shared<detail::MemoryContent>();
  std::string text;
  {
    const std::lock_guard content_guard(content->mutex);
    for (const std::byte each : *content->now) text += static_cast<char>(each);
  }
  if (locked_.contains(path)) io::detail::fail_held(path, std::move(text));
  locked_.insert(path);
  auto held = std::make_unique<detail::MemoryFileLock>(*this, path, content);
  held->sign(owner);
  return held;
}

}  // namespace CAIRN_NAMESPACE::testing
