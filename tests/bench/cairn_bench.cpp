// One contender of a comparison: saves and restores a state, and prints what it took as a JSON object per operation.
//
//   cairn_bench save,restore_warm --workload w2 --dir EMPTY_FOLDER --ref FOLDER [--n 200] [--durability none]
//
// Operations: save, restore_warm, restore_cold, async, loop, incr, crc; README.md beside this says what each of them
// is. FOLDER holds w2.bin, the bytes of all tensors one behind the other. compare.py makes it and calls this program.
#include <cairn/cairn.hpp>

#include "measure.hpp"
#include "states.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <sys/mman.h>

namespace {

struct Arguments {
  std::string operations, workload, directory, reference;
  int saves = 200;
  cairn::CheckpointOptions options;
};

// The reference file's bytes, mapped.
class Reference {
 public:
  explicit Reference(const std::string& path) : size_(std::filesystem::file_size(path)) {
    bench::with_descriptor(path, [&](int file) {
      void* const mapped = ::mmap(nullptr, size_, PROT_READ, MAP_SHARED, file, 0);
      if (mapped != MAP_FAILED) bytes_ = static_cast<const std::byte*>(mapped);
    });
    if (bytes_ == nullptr) throw std::runtime_error("cannot map " + path);
  }
  Reference(const Reference&) = delete;
  Reference& operator=(const Reference&) = delete;
  ~Reference() { ::munmap(const_cast<std::byte*>(bytes_), size_); }

  // Calls use(tensor's bytes, what they should be) for all tensors.
  template <class State, class Use>
  void pair_with(State& state, const Use& use) const {
    std::size_t offset = 0;
    bench::each_tensor(state, [&](std::span<std::byte> bytes) {
      if (bytes.size() > size_ - offset) throw std::runtime_error("the reference file is too short for the state");
      use(bytes, std::span(bytes_ + offset, bytes.size()));
      offset += bytes.size();
    });
    if (offset != size_) throw std::runtime_error("the reference file is too long for the state");
  }

 private:
  std::size_t size_;
  const std::byte* bytes_ = nullptr;
};

template <class State>
void fill(State& state, const Arguments& arguments) {
  Reference(arguments.reference + "/" + arguments.workload + ".bin").pair_with(state, [](auto bytes, auto wanted) {
    std::memcpy(bytes.data(), wanted.data(), bytes.size());
  });
}
template <class State>
bool is_right(State& state, const Arguments& arguments) {
  bool right = true;
  Reference(arguments.reference + "/" + arguments.workload + ".bin").pair_with(state, [&](auto bytes, auto wanted) {
    right = right && std::memcmp(bytes.data(), wanted.data(), bytes.size()) == 0;
  });
  return right;
}

[[nodiscard]] bool is_durable(const Arguments& arguments) {
  return arguments.options.durability == cairn::Durability::full;
}

template <class State>
std::string save(State& state, const Arguments& arguments) {
  fill(state, arguments);
  cairn::Checkpoint checkpoint{state};
  bench::Meter meter;
  checkpoint.save(arguments.directory + "/ckpt", arguments.options);
  meter.stop();
  std::ostringstream line;
  line << meter.json("save") << ",\"t_sync\":" << bench::sync_all(arguments.directory) << ','
       << bench::disk_json(arguments.directory) << ",\"durable\":" << (is_durable(arguments) ? "true" : "false");
  return line.str();
}

template <class State>
std::string restore(State& state, const Arguments& arguments, bool is_cold) {
  bench::each_tensor(state, [](std::span<std::byte> bytes) { std::memset(bytes.data(), 0, bytes.size()); });
  if (is_cold) bench::drop_cache(arguments.directory);
  cairn::Checkpoint checkpoint{state};
  const auto path = cairn::latest_checkpoint(arguments.directory);
  bench::Meter meter;
  checkpoint.restore(path).assert_consumed();
  meter.stop();
  std::ostringstream line;
  line << meter.json(is_cold ? "restore_cold" : "restore_warm")
       << ",\"t_touch\":0,\"verified\":" << (is_right(state, arguments) ? "true" : "false") << ",\"mode\":\"inplace\"";
  return line.str();
}

// Twice, as a program does that goes on training: the first save takes the memory for the copy, the second has it.
// t_block is how long the caller waits before it may change its tensors, t until the checkpoint is complete.
template <class State>
std::string save_async(State& state, const Arguments& arguments) {
  fill(state, arguments);
  cairn::Checkpoint checkpoint{state};
  cairn::CheckpointOptions options = arguments.options;
  options.enable_async = true;
  std::ostringstream lines;
  for (const bool is_first : {true, false}) {
    const std::string directory = arguments.directory + (is_first ? "/a1" : "/a2");
    bench::Meter meter;
    const double begin = bench::now();
    checkpoint.save(directory + "/ckpt", options);
    const double blocked = bench::now() - begin;
    checkpoint.sync();
    meter.stop();
    lines << (is_first ? "" : "}\n{") << meter.json(is_first ? "async_first" : "async") << ",\"t_block\":" << blocked
          << ",\"t_sync\":" << bench::sync_all(directory) << ',' << bench::disk_json(directory);
  }
  return lines.str();
}

template <class State>
std::string loop(State& state, const Arguments& arguments) {
  fill(state, arguments);
  const std::string directory = arguments.directory + "/loop";
  cairn::Checkpoint checkpoint{state};
  cairn::CheckpointManager manager{checkpoint, directory, {.max_to_keep = 3}};
  std::vector<double> seconds(static_cast<std::size_t>(arguments.saves));
  bench::Meter meter;
  for (double& each : seconds) {
    const double begin = bench::now();
    manager.save(arguments.options);
    each = bench::now() - begin;
  }
  meter.stop();
  const double first = seconds.front();
  std::sort(seconds.begin(), seconds.end());
  std::ostringstream line;
  line << meter.json("loop") << ",\"n\":" << seconds.size() << ",\"first\":" << first
       << ",\"p50\":" << seconds[seconds.size() / 2] << ",\"p99\":" << seconds[(seconds.size() - 1) * 99 / 100] << ','
       << bench::disk_json(directory);
  return line.str();
}

// One tensor in 100 is changed after an incremental save, which wrote everything, and the state is saved once more.
template <class State>
std::string save_incremental(State& state, const Arguments& arguments) {
  fill(state, arguments);
  const std::string directory = arguments.directory + "/incr";
  cairn::Checkpoint checkpoint{state};
  cairn::CheckpointOptions options = arguments.options;
  options.incremental = true;
  checkpoint.save(directory + "/ckpt", options);
  std::size_t count = 0, number = 0, changed = 0, bytes_changed = 0;
  bench::each_tensor(state, [&](std::span<std::byte>) { ++count; });
  const std::size_t first = std::min<std::size_t>(56, count - 1);  // of w2 these have one byte in 79
  bench::each_tensor(state, [&](std::span<std::byte> bytes) {
    if (number++ % 100 != first) return;
    bytes.back() ^= std::byte{1};
    ++changed;
    bytes_changed += bytes.size();
  });
  bench::Meter meter;
  checkpoint.save(directory + "/ckpt", options);
  meter.stop();
  std::ostringstream line;
  line << meter.json("incr") << ",\"changed\":" << changed << ",\"bytes_changed\":" << bytes_changed
       << ",\"t_sync\":" << bench::sync_all(directory) << ',' << bench::disk_json(directory)
       << ",\"durable\":" << (is_durable(arguments) ? "true" : "false");
  return line.str();
}

// One pass of crc32c over the state, by as many threads as a save has: what an incremental save is measured by.
template <class State>
std::string checksum(State& state, const Arguments& arguments) {
  fill(state, arguments);
  std::vector<std::span<const std::byte>> pieces;
  constexpr std::size_t piece = std::size_t{1} << 20;
  bench::each_tensor(state, [&](std::span<std::byte> bytes) {
    for (; !bytes.empty(); bytes = bytes.subspan(std::min(piece, bytes.size())))
      pieces.push_back(bytes.first(std::min(piece, bytes.size())));
  });
  std::atomic<std::size_t> next{0};
  std::atomic<std::uint32_t> sum{0};
  bench::Meter meter;
  cairn::io::run_in_threads(arguments.options.threads, [&](std::size_t) {
    for (std::size_t i = next++; i < pieces.size(); i = next++) sum ^= cairn::format::crc32c(pieces[i]);
  });
  meter.stop();
  return meter.json("crc") + ",\"sum\":" + std::to_string(sum.load());
}

template <class State>
void run(State& state, const Arguments& arguments) {
  std::istringstream operations(arguments.operations);
  for (std::string operation; std::getline(operations, operation, ',');) {
    std::string line;
    if (operation == "save")
      line = save(state, arguments);
    else if (operation == "restore_warm" || operation == "restore_cold")
      line = restore(state, arguments, operation == "restore_cold");
    else if (operation == "async")
      line = save_async(state, arguments);
    else if (operation == "loop")
      line = loop(state, arguments);
    else if (operation == "incr")
      line = save_incremental(state, arguments);
    else if (operation == "crc")
      line = checksum(state, arguments);
    if (!line.empty()) std::cout << '{' << line << '}' << std::endl;
  }
}

void run(const Arguments& arguments) {
  const std::string& workload = arguments.workload;
  if (workload == "w1" || workload == "w1s") {
    bench::OneTensor state{std::vector<float>(workload == "w1" ? std::size_t{1} << 28 : std::size_t{1} << 22)};
    run(state, arguments);
  } else if (workload == "w2") {
    bench::Gpt2Training state;
    run(state, arguments);
  } else if (workload == "w3" || workload == "w3s") {
    bench::ManyInModel<16> state{{std::vector<bench::Floats<16>>(workload == "w3" ? 100'000 : 1'000)}};
    run(state, arguments);
  } else if (workload == "w4") {
    bench::TwoLayersTraining state;
    run(state, arguments);
  } else if (workload == "w5") {
    bench::ManyInModel<128, 128> state{{std::vector<bench::Floats<128, 128>>(10'000)}};
    run(state, arguments);
  } else {
    throw std::invalid_argument("--workload must be one of w1, w1s, w2, w3, w3s, w4, w5");
  }
}

Arguments arguments_of(std::span<char* const> words) {
  Arguments arguments;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string word = words[i];
    if (!word.starts_with("--")) {
      arguments.operations = word;
      continue;
    }
    if (++i == words.size()) throw std::invalid_argument(word + " needs a value");
    const std::string value = words[i];
    if (word == "--workload")
      arguments.workload = value;
    else if (word == "--dir")
      arguments.directory = value;
    else if (word == "--ref")
      arguments.reference = value;
    else if (word == "--n")
      arguments.saves = std::max(1, std::stoi(value));
    else if (word == "--durability" && (value == "none" || value == "full"))
      arguments.options.durability = value == "none" ? cairn::Durability::none : cairn::Durability::full;
    else
      throw std::invalid_argument("what does " + word + " " + value + " mean?");
  }
  return arguments;
}

}  // namespace

int main(int count, char** words) {
  try {
    run(arguments_of({words, static_cast<std::size_t>(count)}));
  } catch (const std::exception& error) {
    std::cerr << "cairn_bench: " << error.what() << '\n';
    return 1;
  }
  return 0;
}
