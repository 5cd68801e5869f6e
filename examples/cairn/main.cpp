// cairn: TensorFlow checkpoints on the command line.
//
//   cairn ls training             what is in the latest checkpoint of that directory
//   cairn COMMAND --help          a command's manual page
#include "command.hpp"
#include "output.hpp"

#include <cairn/core/error.hpp>
#include <cairn/graph/nearest.hpp>
#include <cairn/version.hpp>

#include <cstdio>
#include <exception>
#include <new>

namespace {

using tool::Command;

constexpr Command commands[] = {
    {"ls", "list the tensors: key, dtype, shape, bytes", tool::ls},
    {"verify", "read every byte and say what is damaged, and where", tool::verify},
};

#define CAIRN_TOOL_TEXT(number) #number
#define CAIRN_TOOL_NUMBER(number) CAIRN_TOOL_TEXT(number)
constexpr const char* version = "cairn " CAIRN_TOOL_NUMBER(CAIRN_VERSION_MAJOR) "." CAIRN_TOOL_NUMBER(
    CAIRN_VERSION_MINOR) "." CAIRN_TOOL_NUMBER(CAIRN_VERSION_PATCH) "\n";
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
  cairn::detail::Nearest search{.wrong = name};
  std::string nearest;
  for (const Command& each : commands) {
    if (name == each.name) return each;
    if (search.offer(each.name)) nearest = each.name;
  }
  throw tool::WrongUsage{"there is no command \"" + name + "\"; " +
                         (search.distance <= 2 ? "did you mean " + nearest + "?" : "cairn --help lists them")};
}

int run(const std::vector<std::string>& words, std::string& command) {
  if (words.empty()) throw tool::WrongUsage{"a command is missing; cairn --help lists them"};
  if (words[0] == "--help" || words[0] == "-h" || (words[0] == "help" && words.size() == 1)) {
    tool::print(overview());
    return tool::done;
  }
  if (words[0] == "--version") {
    tool::print(version);
    return tool::done;
  }
  if (words[0].starts_with('-'))
    throw tool::WrongUsage{"the command comes first, as in cairn ls training --json; cairn --help lists them"};
  if (words[0] == "help") return run({words[1], "--help"}, command);
  const Command& chosen = find(words[0]);
  command = chosen.name;
  tool::Arguments arguments(command, {words.begin() + 1, words.end()});
  try {
    return chosen.run(arguments);
  } catch (const tool::Finished&) {
    return tool::done;
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::string command;
  try {
    const int status = run({argv + (argc > 0 ? 1 : 0), argv + argc}, command);
    tool::finish_output();
    return status;
  } catch (const tool::WrongUsage& wrong) {
    tool::complain(command, wrong.sentence);
    return tool::wrong_usage;
  } catch (const cairn::Error& error) {
    tool::complain(command, error.what());
    return error.code() == cairn::ErrorCode::data_loss ? tool::damaged : tool::failed;
  } catch (const std::bad_alloc&) {
    tool::complain(command, "the memory of this machine does not suffice");
  } catch (const std::exception& error) {
    tool::complain(command, error.what());
  }
  return tool::failed;
}
