// The file `checkpoint` may be any text: what cannot be read is an Error that says so, and nothing else happens.
#include <cairn/checkpoint/detail/directory/state_file.hpp>

#include <doctest/doctest.h>

#include <cairn/testing/memory_file_system.hpp>

#include "damage/allocations.hpp"
#include "io/files.hpp"

#include <random>
#include <string>
#include <vector>

using namespace cairn;

namespace {

const std::string good =
    "model_checkpoint_path: \"ckpt-2\"\n"
    "all_model_checkpoint_paths: \"ckpt-1\"\n"
    "all_model_checkpoint_paths: 'ckpt' \"-2\"  # one text\n"
    "all_model_checkpoint_timestamps: [1795423958.6106403, 2]\n"
    "last_preserved_timestamp: 1795423957.5627542\n";

void read(const std::string& text) {
  cairn::testing::MemoryFileSystem files;
  test::write_file(files, "checkpoint", text);
  try {
    const auto state = cairn::bundle::detail::read_state(files, "");
    if (state) CHECK_FALSE(state->model_checkpoint_path.empty());
  } catch (const Error& error) {
    CHECK(error.file() == "checkpoint");
    CHECK(std::string(error.what()).size() < 2000);
  }
}

}  // namespace

TEST_CASE("a state file that was cut or in which a byte changed is read or refused") {
  for (std::size_t i = 0; i <= good.size(); ++i) read(good.substr(0, i));
  for (std::size_t i = 0; i < good.size(); ++i)
    for (int byte = 0; byte < 256; ++byte) {
      std::string bad = good;
      bad[i] = static_cast<char>(static_cast<unsigned char>(byte));
      read(bad);
    }
}

TEST_CASE("a state file of any text is read or refused, in time and memory of its size") {
  const std::vector<std::string> tokens{"model_checkpoint_path",
                                        "all_model_checkpoint_paths",
                                        "all_model_checkpoint_timestamps",
                                        "last_preserved_timestamp",
                                        ":",
                                        "\"x\"",
                                        "'",
                                        "\"",
                                        "\\",
                                        "\\377",
                                        "\\x41",
                                        "\\u12",
                                        "\\U0010ffff",
                                        "[",
                                        "]",
                                        ",",
                                        ";",
                                        "{",
                                        "}",
                                        "<",
                                        "1e999",
                                        "-inf",
                                        "nan",
                                        "0x10",
                                        "1.f",
                                        "#",
                                        "\n",
                                        "\r",
                                        " ",
                                        std::string(1, '\0'),
                                        "\xff",
                                        "\xc3\xa4",
                                        "-",
                                        "ckpt"};
  for (unsigned seed = 0; seed < 3000; ++seed) {
    std::mt19937 random(seed);
    std::string text;
    for (std::size_t i = random() % 40; i > 0; --i) text += tokens[random() % tokens.size()];
    CAPTURE(seed);
    read(text);
  }
}

TEST_CASE("a state file of megabytes takes no more than its size") {
  std::vector<std::string> texts{std::string(4000000, '['),
                                 std::string(4000000, '"'),
                                 std::string(4000000, '\\'),
                                 std::string(4000000, '#'),
                                 "model_checkpoint_path: " + std::string(4000000, '\''),
                                 "all_model_checkpoint_timestamps: " + std::string(4000000, '9')};
  std::string paths;
  for (int i = 0; i < 300000; ++i) paths += "all_model_checkpoint_paths:''";
  texts.push_back(paths);
  std::string numbers = "all_model_checkpoint_timestamps: [0";
  for (int i = 0; i < 1000000; ++i) numbers += ",0";
  texts.push_back(numbers + "]");
  for (const std::string& text : texts) {
    const test::PeakMemory peak;
    const double begin = test::cpu_seconds();
    read(text);
    CHECK(test::cpu_seconds() - begin < test::patience);
    CHECK(peak.bytes() < 4 * text.size() + (std::size_t{64} << 20));
  }
}
