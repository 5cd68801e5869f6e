#include "exercise.hpp"

#include <cairn/bundle/merge.hpp>
#include <cairn/bundle/object_graph.hpp>
#include <cairn/bundle/reader.hpp>
#include <cairn/bundle/verify.hpp>
#include <cairn/edit.hpp>

#include "allocations.hpp"
#include "live.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <optional>
#include <string>

namespace cairn::test {

namespace {

template <class Call>
void run(Exercised& exercised, Call call) {
  const std::clock_t begin = std::clock();
  try {
    call();
  } catch (const Error&) {
    ++exercised.refused;
  }
  exercised.slowest = std::max(exercised.slowest, static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC);
}

template <class State>
void restore_into_empty(Exercised& exercised, io::FileSystem& files, const std::string& prefix) {
  for (const OnMismatch mismatch : {OnMismatch::error, OnMismatch::skip})
    run(exercised, [&] {
      State state;
      (void)Tracked<State>(state, files).restore(prefix, mismatch).to_string();
    });
}

constexpr std::uint64_t most_written = std::uint64_t{4} << 20;

// What an editor makes of it can be written and is sound, or an Error says why not.
void edit(Exercised& exercised, io::FileSystem& files, const std::string& prefix) {
  const std::string edited = prefix + "-edited";
  std::optional<CheckpointEditor> editor;
  const auto with_editor = [&](auto call) {
    run(exercised, [&] {
      if (editor) call(*editor);
    });
  };
  run(exercised, [&] { editor.emplace(prefix, files); });
  with_editor([](CheckpointEditor& each) { each.rename("*", "moved.*"); });
  with_editor([](CheckpointEditor& each) { each.add("moved.new", 1); });
  with_editor([](CheckpointEditor& each) { each.erase("*.1*"); });
  with_editor([](CheckpointEditor& each) { each.cast("moved", DT_DOUBLE); });
  with_editor([](CheckpointEditor& each) { (void)each.to_string(); });
  with_editor([&](CheckpointEditor& each) {
    // Tensors that share their bytes do not do so afterwards, and these files are in memory.
    std::uint64_t bytes = 0;
    for (const auto& item : each.values())
      bytes +=
          std::min<std::uint64_t>(size_of(item.second.first) *
                                      static_cast<std::uint64_t>(item.second.second.checked_num_elements().value_or(0)),
                                  most_written);
    if (bytes >= most_written) return;
    each.write(edited, {.durability = Durability::none});
    bundle::merge({prefix}, edited, {.durability = Durability::none, .keep_parts = true}, files);
  });
  editor.reset();
  run(exercised, [&] { editor.emplace(prefix, files); });
  with_editor([&](CheckpointEditor& each) { each.merge(prefix).average({prefix}); });
  editor.reset();
  run(exercised, [&] { bundle::remove_checkpoint(edited, files); });
  run(exercised, [&] { (void)diff(prefix, prefix, {}, files).to_string(); });
  Everything all;
  run(exercised, [&] { (void)CheckpointView(prefix, files).diff(all); });
}

void read(Exercised& exercised, io::FileSystem& files, const std::string& prefix) {
  std::optional<bundle::Reader> reader;
  run(exercised, [&] { reader.emplace(prefix, files); });
  if (reader) {
    run(exercised, [&] { (void)reader->contains("absent"); });
    const bundle::EntryList* entries = nullptr;
    run(exercised, [&] { entries = &reader->entries(); });
    for (std::size_t i = 0; entries != nullptr && i < entries->size(); ++i) {
      const auto& item = (*entries)[i];
      run(exercised, [&] { (void)reader->read(item.first); });
      run(exercised, [&] { reader->verify(item.first); });
      run(exercised, [&] { (void)reader->read_stored(item.first); });
    }
    run(exercised, [&] { (void)bundle::read_object_graph(*reader); });
    reader.reset();
  }
  run(exercised, [&] { (void)verify(prefix, files); });
}

void restore(Exercised& exercised, io::FileSystem& files, const std::string& prefix) {
  restore_into_empty<Everything>(exercised, files, prefix);
  restore_into_empty<Plain>(exercised, files, prefix);
  restore_into_empty<Lists>(exercised, files, prefix);
  restore_into_empty<Maps>(exercised, files, prefix);
  restore_into_empty<Pointers>(exercised, files, prefix);
  restore_into_empty<Classes>(exercised, files, prefix);
  Everything full;
  fill(full);
  run(exercised, [&] { (void)Tracked<Everything>(full, files).restore(prefix, OnMismatch::skip); });
}

}  // namespace

void write_everything(io::FileSystem& files, const std::string& prefix) {
  Everything all;
  fill(all);
  Tracked<Everything>(all, files).write(prefix);
}

Exercised exercise(io::FileSystem& files, const std::string& prefix) {
  Exercised all;
  const auto run_all = [](std::size_t& most_memory, auto calls) {
    const PeakMemory peak;
    calls();
    most_memory = std::max(most_memory, peak.bytes());
  };
  run_all(all.most_memory, [&] { read(all, files, prefix); });
  run_all(all.most_memory_of_edits, [&] { edit(all, files, prefix); });
  run_all(all.most_memory, [&] { restore(all, files, prefix); });
  return all;
}

}  // namespace cairn::test
