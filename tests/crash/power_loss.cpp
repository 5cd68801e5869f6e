// Power goes at any instant, and the disk has kept any part of what was not synced.
//
// A run is logged call by call. For an instant in it, each file's bytes are those of its last sync and, of each write
// after that, all, half or nothing; of names that were made, changed or removed since the folder's last sync each is
// there or not, independently of the others. No file system does worse. Every other disk keeps names in their order, as
// file systems with a journal do: there nothing of the killed process is left after the next save.
#include <doctest/doctest.h>

#include <cairn/testing/memory_file_system.hpp>

#include "crash/scenarios.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace cairn;
using namespace cairn::test;

namespace {

struct Event {
  enum class Kind { create, write, sync, link, rename, remove, sync_directory, make_directory, progress } kind{};
  std::string path{}, to{};
  std::size_t file = 0;  // which file, in the order of creation
  std::uint64_t offset = 0;
  std::string bytes{};
  std::int64_t step = 0;
};

// Passes calls on to a MemoryFileSystem, and logs those that change something.
class LoggedFileSystem final : public io::FileSystem {
 public:
  std::vector<Event> events;

  std::unique_ptr<io::ReadableFile> open(const std::string& path) override { return files_.open(path); }
  std::unique_ptr<io::WritableFile> create(const std::string& path) override {
    auto file = files_.create(path);
    file_at_[path] = made_;
    events.push_back({.kind = Event::Kind::create, .path = path, .file = made_});
    return std::make_unique<File>(*this, std::move(file), made_++);
  }
  void rename(const std::string& from, const std::string& to) override {
    files_.rename(from, to);
    const std::size_t file = file_at_.at(from);
    file_at_.erase(from);
    file_at_[to] = file;
    events.push_back({.kind = Event::Kind::rename, .path = from, .to = to, .file = file});
  }
  bool link(const std::string& from, const std::string& to) override {
    if (!files_.link(from, to)) return false;
    file_at_[to] = file_at_.at(from);
    events.push_back({.kind = Event::Kind::link, .path = to, .file = file_at_.at(from)});
    return true;
  }
  void remove(const std::string& path) override {
    files_.remove(path);
    events.push_back({.kind = Event::Kind::remove, .path = path});
  }
  void sync_directory(const std::string& path) override {
    files_.sync_directory(path);
    events.push_back({.kind = Event::Kind::sync_directory, .path = path});
  }
  bool create_directory(const std::string& path) override {
    const bool made = files_.create_directory(path);
    if (made) events.push_back({.kind = Event::Kind::make_directory, .path = path});
    return made;
  }
  bool exists(const std::string& path) override { return files_.exists(path); }
  bool is_directory(const std::string& path) override { return files_.is_directory(path); }
  std::vector<std::string> list_directory(const std::string& path) override { return files_.list_directory(path); }
  std::unique_ptr<io::FileLock> lock(const std::string& path, std::string_view owner) override {
    return files_.lock(path, owner);
  }

 private:
  class File final : public io::WritableFile {
   public:
    File(LoggedFileSystem& log, std::unique_ptr<io::WritableFile> file, std::size_t number)
        : log_(&log), file_(std::move(file)), number_(number) {}
    void write(std::uint64_t offset, std::span<const std::byte> bytes) override {
      file_->write(offset, bytes);
      std::string text;
      for (const std::byte each : bytes) text += static_cast<char>(each);
      log_->events.push_back({.kind = Event::Kind::write, .file = number_, .offset = offset, .bytes = std::move(text)});
    }
    void sync() override {
      file_->sync();
      log_->events.push_back({.kind = Event::Kind::sync, .file = number_});
    }
    void close() override { file_->close(); }

   private:
    LoggedFileSystem* log_;
    std::unique_ptr<io::WritableFile> file_;
    std::size_t number_;
  };

  cairn::testing::MemoryFileSystem files_;
  std::size_t made_ = 0;
  std::map<std::string, std::size_t> file_at_;
};

// What the disk may hold when power goes after the first `count` events.
class Disk {
 public:
  Disk(const std::vector<Event>& events, std::size_t count, std::mt19937_64& random, bool names_in_order)
      : random_(&random) {
    const std::size_t names_until = names_in_order ? static_cast<std::size_t>(random() % (count + 1)) : 0;
    // What a later sync covers is certain.
    std::map<std::size_t, std::size_t> file_synced;
    std::map<std::string, std::size_t> folder_synced;
    for (std::size_t i = 0; i < count; ++i) {
      if (events[i].kind == Event::Kind::sync) file_synced[events[i].file] = i;
      if (events[i].kind == Event::Kind::sync_directory) folder_synced[events[i].path] = i;
    }
    for (std::size_t i = 0; i < count; ++i) {
      const Event& event = events[i];
      const auto certain = [i](const auto& synced, const auto& key) {
        const auto found = synced.find(key);
        return found != synced.end() && found->second > i;
      };
      switch (event.kind) {
        case Event::Kind::write:
          write(event, certain(file_synced, event.file) ? 2 : pick(3));
          break;
        case Event::Kind::progress:
          note(progress, event.step);
          break;
        case Event::Kind::sync:
        case Event::Kind::sync_directory:
          break;
        default:
          if (certain(folder_synced, io::parent_directory(event.path)) ||
              (names_in_order ? i < names_until : pick(2) == 1))
            change_name(event);
      }
    }
  }

  Steps progress;

  void put_into(cairn::testing::MemoryFileSystem& files) const {
    for (const std::string& folder : folders_)
      if (!files.exists(folder)) files.create_directory(folder);
    for (const auto& [path, file] : names_)
      if (files.is_directory(io::parent_directory(path))) write_file(files, path, content(file));
    for (const std::string& folder : folders_) files.sync_directory(folder);
  }

 private:
  [[nodiscard]] unsigned pick(unsigned choices) { return static_cast<unsigned>((*random_)() % choices); }
  [[nodiscard]] std::string content(std::size_t file) const {
    const auto found = contents_.find(file);
    return found == contents_.end() ? "" : found->second;
  }
  void write(const Event& event, unsigned halves) {
    const std::string bytes = event.bytes.substr(0, event.bytes.size() * halves / 2);
    if (bytes.empty()) return;
    std::string& content = contents_[event.file];
    if (content.size() < event.offset + bytes.size()) content.resize(event.offset + bytes.size());
    content.replace(event.offset, bytes.size(), bytes);
  }
  // A rename gives the file its new name, also where the disk had not kept the old one.
  void change_name(const Event& event) {
    if (event.kind == Event::Kind::create || event.kind == Event::Kind::link) names_[event.path] = event.file;
    if (event.kind == Event::Kind::make_directory) folders_.insert(event.path);
    if (event.kind == Event::Kind::remove) names_.erase(event.path);
    if (event.kind == Event::Kind::rename) {
      names_.erase(event.path);
      names_[event.to] = event.file;
    }
  }

  std::mt19937_64* random_;
  std::map<std::string, std::size_t> names_;  // which file
  std::map<std::size_t, std::string> contents_;
  std::set<std::string> folders_;
};

}  // namespace

TEST_CASE("power that goes at any instant takes nothing that was promised, whatever the disk kept of the rest") {
  const char* const wanted = std::getenv("CAIRN_POWER_LOSS_STATES");  // for each scenario
  const int states = wanted != nullptr ? std::atoi(wanted) : 1'000;
  int looked_at = 0, in_the_middle = 0;
  for (const Scenario& scenario : scenarios()) {
    CAPTURE(scenario.name);
    LoggedFileSystem logged;
    const auto progress = [&](std::int64_t step) {
      logged.events.push_back({.kind = Event::Kind::progress, .step = step});
    };
    logged.create_directories("d", Durability::full);
    if (scenario.before > 0) run_process(scenario, logged, "d", scenario.before, progress);
    const std::size_t first = logged.events.size();
    run_process(scenario, logged, "d", scenario.saves, progress);
    const std::size_t instants = logged.events.size() - first + 1;
    const auto links = std::count_if(logged.events.begin(), logged.events.end(), [](const Event& event) {
      return event.kind == Event::Kind::link && event.path.find(".data-") != std::string::npos;
    });
    CHECK((links > 0) == scenario.options.incremental);
    for (int i = 0; i < states; ++i) {
      const auto seed = static_cast<std::uint64_t>(i);
      CAPTURE(seed);
      std::mt19937_64 random(seed);
      const std::size_t count = first + seed % instants;
      const bool names_in_order = i / 10 % 2 == 1;
      const Disk disk(logged.events, count, random, names_in_order);
      cairn::testing::MemoryFileSystem files;
      disk.put_into(files);
      const std::int64_t latest = require_promises(scenario, files, "d", disk.progress, true);
      ++looked_at;
      in_the_middle += disk.progress.tried != disk.progress.returned;
      if (i % 10 != 0) continue;
      bury(files, "d");
      Steps next{latest, latest};
      run_process(scenario, files, "d", 1, [&](std::int64_t step) { note(next, step); });
      CHECK(require_promises(scenario, files, "d", next, true) == latest + 1);
      if (names_in_order && !scenario.same_prefix) require_clean(files, "d");
    }
  }
  CHECK(in_the_middle > looked_at / 2);
  std::printf("power loss: %d states of the disk, %d of them within a save\n", looked_at, in_the_middle);
}
