// What cairn asks of a file system that is far away, call by call, and how long that takes when each call is a journey of
// 1 ms or 10 ms: a table in Markdown.
//
//   far_files FOLDER w2,w3,w4,w5       FOLDER has room for one checkpoint of the largest, w2: 1.5 GB
//
// The files are the machine's; they say of themselves that they are far, and a delay stands for the way.
#include <cairn/bundle/reader.hpp>
#include <cairn/bundle/rewrite.hpp>
#include <cairn/io/native.hpp>

#include "checkpoint/states.hpp"
#include "measure.hpp"
#include "states.hpp"
#include "support/counting_files.hpp"
#include "support/scratch.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <exception>
#include <iostream>
#include <iterator>
#include <memory>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

constexpr int delays[] = {0, 1, 10};  // milliseconds

struct Row {
  std::uint64_t calls = 0;
  double seconds[std::size(delays)] = {};
};

// Does the same with each delay; `prepare` before it, without one.
template <class Prepare, class Work>
Row measure(const Prepare& prepare, const Work& work) {
  Row row;
  for (std::size_t i = 0; i < std::size(delays); ++i) {
    cairn::test::CountingFileSystem files(cairn::io::native());
    files.is_far = true;
    prepare();
    files.delay = std::chrono::milliseconds(delays[i]);
    const double begin = bench::now();
    work(files);
    row.seconds[i] = bench::now() - begin;
    row.calls = files.counts().calls();
  }
  return row;
}
void print(const std::string& workload, const char* what, const Row& row) {
  std::printf("| %s | %s | %llu | %.3f | %.3f | %.3f |\n", workload.c_str(), what,
              static_cast<unsigned long long>(row.calls), row.seconds[0], row.seconds[1], row.seconds[2]);
  std::fflush(stdout);
}

template <class State>
void fill(State& state, int byte) {
  bench::each_tensor(state, [&](std::span<std::byte> bytes) { std::memset(bytes.data(), byte, bytes.size()); });
}

template <class State>
void run(const std::string& workload, const std::string& folder, State& state) {
  const std::string prefix = folder + "/ckpt", again = folder + "/again";
  const cairn::CheckpointOptions quick{.durability = cairn::Durability::none};
  const auto nothing = [] {};
  fill(state, 63);
  print(workload, "save",
        measure([&] { cairn::bundle::remove_checkpoint(prefix); },
                [&](cairn::io::FileSystem& files) { cairn::test::CheckpointIn(files, state).write(prefix, quick); }));
  print(workload, "restore",
        measure([&] { fill(state, 0); },
                [&](cairn::io::FileSystem& files) {
                  cairn::test::CheckpointIn(files, state).read(prefix).assert_consumed();
                }));
  const std::string key = cairn::bundle::Reader(prefix).entries()[1].first;
  print(workload, "open",
        measure(nothing, [&](cairn::io::FileSystem& files) { const cairn::bundle::Reader reader(prefix, files); }));
  print(workload, "open, one value", measure(nothing, [&](cairn::io::FileSystem& files) {
          static_cast<void>(cairn::bundle::Reader(prefix, files).read(key));
        }));
  if (workload != "w2")
    print(workload, "rewrite",
          measure([&] { cairn::bundle::remove_checkpoint(again); },
                  [&](cairn::io::FileSystem& files) {
                    cairn::bundle::rewrite(cairn::bundle::Reader(prefix, files), again,
                                           {.durability = cairn::Durability::none}, files);
                  }));
  cairn::bundle::remove_checkpoint(prefix);
  cairn::bundle::remove_checkpoint(again);
}

void run(const std::string& workload, const std::string& folder) {
  if (workload == "w2") {
    const auto state = std::make_unique<bench::Gpt2Training>();
    run(workload, folder, *state);
  } else if (workload == "w3") {
    bench::ManyInModel<16> state{{std::vector<bench::Floats<16>>(100'000)}};
    run(workload, folder, state);
  } else if (workload == "w4") {
    bench::TwoLayersTraining state;
    run(workload, folder, state);
  } else if (workload == "w5") {
    bench::ManyInModel<128, 128> state{{std::vector<bench::Floats<128, 128>>(10'000)}};
    run(workload, folder, state);
  }
}

}  // namespace

int main(int count, char** words) {
  try {
    if (count != 3) throw std::invalid_argument("give a folder and workloads, as in: far_files /tmp w3,w4");
    std::puts("| | | calls | 0 ms | 1 ms | 10 ms |\n|---|---|---|---|---|---|");
    std::istringstream workloads(words[2]);
    for (std::string workload; std::getline(workloads, workload, ',');) run(workload, words[1]);
  } catch (const std::exception& error) {
    std::cerr << "far_files: " << error.what() << '\n';
    return 1;
  }
  return 0;
}
