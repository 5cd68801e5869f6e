#include <cairn/format/checkpoint_state.hpp>

#include <doctest/doctest.h>

#include "hex.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace {

using namespace cairn::format;
using cairn::ErrorCode;
using cairn::test::bytes;
using cairn::test::error_of;
using cairn::test::refusal_of;

constexpr std::string_view managers_text =
    "model_checkpoint_path: \"ckpt-2\"\n"
    "all_model_checkpoint_paths: \"ckpt-1\"\n"
    "all_model_checkpoint_paths: \"ckpt-2\"\n"
    "all_model_checkpoint_timestamps: 1795423958.6106403\n"
    "all_model_checkpoint_timestamps: 1795423958.754463\n"
    "last_preserved_timestamp: 1795423957.5627542\n";
const CheckpointState managers_state{
    "ckpt-2", {"ckpt-1", "ckpt-2"}, {1795423958.6106403, 1795423958.754463}, 1795423957.5627542};

TEST_CASE("the state that a manager writes has TensorFlow's text") {
  CHECK(encode_text(managers_state) == managers_text);
  CHECK(decode_checkpoint_state(managers_text) == managers_state);
}

TEST_CASE("the state that a plain save writes has one path and no times") {
  const CheckpointState state{"ckpt-1", {"ckpt-1"}, {}, 0};
  const std::string text = "model_checkpoint_path: \"ckpt-1\"\nall_model_checkpoint_paths: \"ckpt-1\"\n";
  CHECK(encode_text(state) == text);
  CHECK(decode_checkpoint_state(text) == state);
}

TEST_CASE("an empty text is a state with nothing in it") {
  CHECK(decode_checkpoint_state("") == CheckpointState{});
  CHECK(decode_checkpoint_state("\n # nothing here\n") == CheckpointState{});
  CHECK(encode_text({}).empty());
}

TEST_CASE("names of every kind go out and come back") {
  const CheckpointState state{
      "it's \"a\" \\ \n mod\xc3\xa8le", {"sub/ck-3", "/absolute/k", ""}, {0, 11800, 1e16}, 1e-5};
  const std::string text = encode_text(state);
  CHECK(text ==
        "model_checkpoint_path: \"it\\'s \\\"a\\\" \\\\ \\n mod\xc3\xa8le\"\n"
        "all_model_checkpoint_paths: \"sub/ck-3\"\n"
        "all_model_checkpoint_paths: \"/absolute/k\"\n"
        "all_model_checkpoint_paths: \"\"\n"
        "all_model_checkpoint_timestamps: 0.0\n"
        "all_model_checkpoint_timestamps: 11800.0\n"
        "all_model_checkpoint_timestamps: 1e+16\n"
        "last_preserved_timestamp: 1e-05\n");
  CHECK(decode_checkpoint_state(text) == state);
}

TEST_CASE("a path that is not UTF-8 cannot be written") {
  CHECK(error_of([] { return encode_text({"\xff", {}, {}, 0}); }).code() == ErrorCode::invalid_argument);
}

TEST_CASE("text that people write is understood as TensorFlow does") {
  const CheckpointState state = decode_checkpoint_state(
      "# by hand\r\n"
      "model_checkpoint_path : 'old';\r\n"
      "model_checkpoint_path:\r\n  'ck' \"pt-\" '\\062',\r\n"
      "all_model_checkpoint_paths: ['ckpt-1', 'ckpt' '-2'] all_model_checkpoint_paths:'ckpt-3'\r\n"
      "all_model_checkpoint_timestamps: [1, 2.5f, 3e0]; all_model_checkpoint_timestamps: []\r\n"
      "last_preserved_timestamp: inf");
  CHECK(state.model_checkpoint_path == "ckpt-2");
  CHECK(state.all_model_checkpoint_paths == std::vector<std::string>{"ckpt-1", "ckpt-2", "ckpt-3"});
  CHECK(state.all_model_checkpoint_timestamps == std::vector<double>{1, 2.5, 3});
  CHECK(state.last_preserved_timestamp > 1e308);
}

TEST_CASE("what is no state is refused with its line") {
  const auto refused = [](std::string_view text, std::string_view words) {
    refusal_of([&] { return decode_checkpoint_state(text); }, ErrorCode::data_loss, words);
  };
  refused("model_checkpoint_path: \"a\"\nstep: 3\n", "line 2: it has no field \"step\"");
  refused("model_checkpoint_path \"a\"", "line 1: expected ':'");
  refused("model_checkpoint_path: \"a\n\"", "line 1: a text begins with a quote");
  refused("model_checkpoint_path:", "found the end of the text");
  refused("model_checkpoint_path: a", "expected a text in quotes");
  refused("model_checkpoint_path: [\"a\"]", "expected a text in quotes");
  refused("last_preserved_timestamp: \"1\"", "expected a number");
  refused("last_preserved_timestamp: [1]", "expected a number");
  refused("all_model_checkpoint_paths: [\"a\" \"b\"", "expected ','");
  refused("all_model_checkpoint_paths: [\"a\",]", "expected a text in quotes");
  refused("all_model_checkpoint_timestamps { }", "expected ':'");
  refused("[x.y]: 1", "expected the name of a field");
  refused(";;", "expected the name of a field");
  refused("model_checkpoint_path: \"a\";,", "expected the name of a field");
  refused(bytes("00"), "expected the name of a field");
  refused(bytes("ef bb bf 'model_checkpoint_path: \"a\"'"), "line 1");
  refused(std::string(100000, '['), "line 1");
}

TEST_CASE("a state cut or changed at any byte is a state or is refused") {
  for (std::size_t i = 0; i < managers_text.size(); ++i) {
    for (const int change : {-1, 0x00, 0x0a, 0x22, 0x5c, 0x80}) {
      std::string text(managers_text);
      if (change < 0)
        text.resize(i);
      else
        text[i] = static_cast<char>(static_cast<unsigned char>(change));
      try {
        const CheckpointState state = decode_checkpoint_state(text);
        CHECK(decode_checkpoint_state(encode_text(state)) == state);
      } catch (const cairn::Error& error) {
        CHECK(error.code() == ErrorCode::data_loss);
      }
    }
  }
}

}  // namespace
