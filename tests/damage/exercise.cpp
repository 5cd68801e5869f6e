#include "exercise.hpp"

#include <cairn/bundle/object_graph.hpp>
#include <cairn/bundle/reader.hpp>
#include <cairn/bundle/verify.hpp>

#include "live.hpp"

#include <algorithm>
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

}  // namespace

void write_everything(io::FileSystem& files, const std::string& prefix) {
  Everything all;
  fill(all);
  Tracked<Everything>(all, files).write(prefix);
}

Exercised exercise(io::FileSystem& files, const std::string& prefix) {
  Exercised all;
  std::optional<bundle::Reader> reader;
  run(all, [&] { reader.emplace(prefix, files); });
  if (reader) {
    for (const auto& item : reader->entries()) {
      run(all, [&] { (void)reader->read(item.first); });
      run(all, [&] { reader->verify(item.first); });
      run(all, [&] { (void)reader->read_stored(item.first); });
    }
    run(all, [&] { (void)bundle::read_object_graph(*reader); });
    reader.reset();
  }
  run(all, [&] { (void)verify(prefix, files); });
  restore_into_empty<Everything>(all, files, prefix);
  restore_into_empty<Plain>(all, files, prefix);
  restore_into_empty<Lists>(all, files, prefix);
  restore_into_empty<Maps>(all, files, prefix);
  restore_into_empty<Pointers>(all, files, prefix);
  restore_into_empty<Classes>(all, files, prefix);
  Everything full;
  fill(full);
  run(all, [&] { (void)Tracked<Everything>(full, files).restore(prefix, OnMismatch::skip); });
  return all;
}

}  // namespace cairn::test
