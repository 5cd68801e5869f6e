// cairn: TensorFlow checkpoints on the command line.
//
//   cairn ls training             what is in the latest checkpoint of that directory
//   cairn COMMAND --help          a command's manual page
#include "command.hpp"
#include "interrupt.hpp"
#include "keras_file.hpp"
#include "output.hpp"
#include "system.hpp"

#include <cairn/core/error.hpp>
#include <cairn/reflect/detail/nearest.hpp>
#include <cairn/version.hpp>

#include <csignal>
#include <exception>
#include <new>

namespace {

using tool::Command;

constexpr Command commands[] = {
    {"ls", "list the tensors: key, dtype, shape, bytes", tool::ls},
    {"tree", "show the object graph as a tree", tool::tree},
    {"graph", "draw the object graph: a page for a browser, or DOT", tool::graph},
    {"cat", "print the values of a tensor", tool::cat},
    {"verify", "read every byte and say what is damaged, and where", tool::verify},
    {"diff", "compare two checkpoints", tool::diff},
    {"set", "give a tensor other values", tool::set},
    {"edit", "rename, erase, cast, copy, set and add tensors in one pass", tool::edit},
    {"average", "the mean of several checkpoints", tool::average},
    {"merge", "the union of several checkpoints", tool::merge},
    {"prune", "delete what a CheckpointManager would not keep", tool::prune},
    {"repair", "write the file `checkpoint` anew from what is there and whole", tool::repair},
    {"convert", "write it as safetensors or npz, and back", tool::convert},
    {"struct", "print the C++ structs that it restores into", tool::print_struct},
    {"completion", "a script that makes bash complete commands and keys", tool::completion},
};

#define CAIRN_TOOL_TEXT(number) #number
#define CAIRN_TOOL_NUMBER(number) CAIRN_TOOL_TEXT(number)
constexpr const char* version = "cairn " CAIRN_TOOL_NUMBER(CAIRN_VERSION_MAJOR) "." CAIRN_TOOL_NUMBER(
    CAIRN_VERSION_MINOR) "." CAIRN_TOOL_NUMBER(CAIRN_VERSION_PATCH);
#undef CAIRN_TOOL_NUMBER
#undef CAIRN_TOOL_TEXT

std::string overview() {
  std::string text = "cairn looks into TensorFlow checkpoints, checks them and changes them.\n\n";
  text +=
      tool::bold("USAGE") + "\n  cairn COMMAND ...\n  cairn COMMAND --help    its manual page\n  cairn --version\n\n";
  text += tool::bold("COMMANDS") + "\n";
  for (const Command& each : commands) {
    std::string name = each.name;
    name.resize(12, ' ');
    text += "  " + name + each.summary + "\n";
  }
  return text;
}

const Command& find(const std::string& name) {
  cairn::reflect::detail::Nearest search{.wrong = name};
  std::string nearest;
  for (const Command& each : commands) {
    if (name == each.name) return each;
    if (search.offer(each.name)) nearest = each.name;
  }
  throw tool::WrongUsage{"there is no command \"" + name + "\"; " +
                         (nearest.empty() ? "cairn --help lists them" : "did you mean " + nearest + "?")};
}

// The words of a line that is being written, the last of them perhaps empty; quotes and backslashes as in the shell.
std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words(1);
  char quote = '\0';
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '\\' && quote != '\'' && i + 1 < line.size())
      words.back() += line[++i];
    else if (c == quote)
      quote = '\0';
    else if (quote == '\0' && (c == '"' || c == '\''))
      quote = c;
    else if (quote == '\0' && (c == ' ' || c == '\t'))
      words.emplace_back();
    else
      words.back() += c;
  }
  for (std::size_t i = words.size() - 1; i-- > 0;)
    if (words[i].empty()) words.erase(words.begin() + static_cast<std::ptrdiff_t>(i));
  return words;
}

// What the shell asks: what could stand for the last word of a line, "cairn ls tra".
void complete(std::string_view line) {
  std::vector<std::string> words = words_of(line);
  if (words.size() < 2) return;
  if (words.size() == 2) {
    for (const Command& each : commands)
      if (std::string_view(each.name).starts_with(words[1])) tool::print(std::string(each.name) + "\n");
    return;
  }
  for (const Command& each : commands)
    if (each.name == words[1]) {
      tool::Arguments arguments(words[1], {words.begin() + 2, words.end()});
      arguments.complete_last_word();
      each.run(arguments);
    }
}

int run(const std::vector<std::string>& words, std::string& command) {
  if (words.empty()) throw tool::WrongUsage{"a command is missing; cairn --help lists them"};
  if (words[0] == "--help" || words[0] == "-h" || (words[0] == "help" && words.size() == 1)) {
    tool::print(overview());
    return tool::done;
  }
  if (words[0] == "--version") {
    tool::print(std::string(version) + ", " + std::string(tool::hdf5_in_words()) + "\n");
    return tool::done;
  }
  if (words[0].starts_with('-'))
    throw tool::WrongUsage{"the command comes first, as in cairn ls training --json; cairn --help lists them"};
  if (words[0] == "help") return run({words[1], "--help"}, command);
  try {
    if (words[0] == "__complete") {
      complete(words.size() > 1 ? words[1] : "");
      return tool::done;
    }
    const Command& chosen = find(words[0]);
    command = chosen.name;
    tool::Arguments arguments(command, {words.begin() + 1, words.end()});
    return chosen.run(arguments);
  } catch (const tool::Finished&) {
    return tool::done;
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::string command;
  try {
    const int status = run(tool::words_of(argc, argv), command);
    tool::finish_output();
    return status;
  } catch (const tool::WrongUsage& wrong) {
    tool::complain(command, wrong.sentence);
    return tool::wrong_usage;
  } catch (const cairn::Error& error) {
    if (error.code() == cairn::ErrorCode::cancelled) tool::end_by_signal();
    tool::complain(command, error.what());
    return error.code() == cairn::ErrorCode::data_loss ? tool::damaged : tool::failed;
  } catch (const std::bad_alloc&) {
    tool::complain(command, "the memory of this machine does not suffice");
  } catch (const std::exception& error) {
    tool::complain(command, error.what());
  }
  return tool::failed;
}
