// The arguments of one command: declared first, then parsed. From the same lines come the manual page and completion.
//
//   int verify(Arguments& arguments) {
//     std::vector<std::string> paths;
//     arguments.describe("Reads every byte of a checkpoint ...").example("cairn verify training");
//     arguments.positionals("PATH", paths, "what to look at");
//     arguments.parse();
//     ...
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace tool {

// Thrown where the arguments make no sense: exit status 2. The sentence needs no "cairn ls:" in front.
struct WrongUsage {
  std::string sentence;
};
// Thrown by parse() where there is nothing left to do: after --help, or when the shell asks for completions.
struct Finished {};

class Arguments {
 public:
  Arguments(std::string command, std::vector<std::string> words)
      : command_(std::move(command)), words_(std::move(words)) {}

  // What the manual page says, a paragraph each.
  Arguments& describe(std::string_view paragraph);
  Arguments& example(std::string_view line);
  // Of PATH the forms are explained at the end of the page, KEY and PATH are completed.
  Arguments& positional(std::string name, std::string& value, std::string help);
  Arguments& optional_positional(std::string name, std::string& value, std::string help);
  Arguments& positionals(std::string name, std::vector<std::string>& values, std::string help);  // one or more
  Arguments& flag(std::string name, bool& value, std::string help);
  // "--out", "NEW"
  Arguments& option(std::string name, std::string what, std::string& value, std::string help);
  Arguments& required_option(std::string name, std::string what, std::string& value, std::string help);
  Arguments& option(std::string name, std::string what, std::vector<std::string>& values, std::string help);
  Arguments& option(std::string name, std::string what, std::optional<std::int64_t>& value, std::string help,
                    bool is_required = false);
  Arguments& option(std::string name, std::string what, std::optional<double>& value, std::string help);
  // There is no --json: the command prints nothing that a program would want.
  Arguments& without_json();

  // Fills the variables. Throws WrongUsage; prints the manual page and throws Finished for --help.
  void parse();

  // The options that may be given several times and their values, as they stand on the command line. After parse().
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& in_order() const noexcept { return in_order_; }
  // parse() prints what could stand for the last word, instead.
  void complete_last_word() noexcept { is_completing_ = true; }

  // --json and --quiet, which every command has. After parse().
  [[nodiscard]] bool json() const noexcept { return json_; }
  [[nodiscard]] bool quiet() const noexcept { return quiet_; }
  [[nodiscard]] const std::string& command() const noexcept { return command_; }

 private:
  using Target = std::variant<std::string*, std::vector<std::string>*, bool*, std::optional<std::int64_t>*,
                              std::optional<double>*>;
  struct Argument {
    std::string name;  // "PATH", "--out"
    std::string what;  // "NEW"; empty for positionals and flags
    std::string help;
    Target target;
    bool is_required = false;

    [[nodiscard]] bool is_option() const { return name.starts_with('-'); }
    [[nodiscard]] bool is_flag() const { return std::holds_alternative<bool*>(target); }
    [[nodiscard]] bool is_list() const { return std::holds_alternative<std::vector<std::string>*>(target); }
  };

  Arguments& add(std::string name, std::string what, std::string help, Target target, bool is_required);
  void add_common();
  [[nodiscard]] std::string usage() const;
  [[nodiscard]] std::string manual() const;
  [[nodiscard]] std::vector<std::string> prepared() const;
  void fill(const Argument& argument, const std::vector<std::string>& values) const;
  [[nodiscard]] WrongUsage not_expected(const std::string& word) const;
  void print_completions() const;

  std::string command_;
  std::vector<std::string> words_;
  std::vector<std::string> paragraphs_;
  std::vector<std::string> examples_;
  std::vector<Argument> arguments_;
  std::vector<std::pair<std::string, std::string>> in_order_;
  bool is_completing_ = false;
  bool has_json_ = true;
  bool json_ = false;
  bool quiet_ = false;
};

}  // namespace tool
