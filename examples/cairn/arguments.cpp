#include "arguments.hpp"

#include "completion.hpp"
#include "number.hpp"
#include "output.hpp"
#include "system.hpp"

#include <cairn/reflect/detail/nearest.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cctype>
#include <cmath>

namespace tool {

namespace {

// Before every word that is no option, so that CLI11 takes none of them for one ("-0.5") or for a list ("[1, 2]").
constexpr char mark = '\x01';

[[nodiscard]] bool is_negative_number(std::string_view word) {
  if (word.size() < 2 || word[0] != '-') return false;
  return std::isdigit(static_cast<unsigned char>(word[1])) != 0 || word[1] == '.' || word == "-inf" || word == "-nan";
}

[[nodiscard]] std::string without_mark(std::string word) {
  if (word.starts_with(mark)) word.erase(0, 1);
  return word;
}

// Words of a paragraph in lines of at most `width`, each behind `indent` spaces.
[[nodiscard]] std::string wrapped(std::string_view text, std::size_t indent, std::size_t width) {
  std::string lines, line;
  const auto flush = [&] {
    if (!line.empty()) ((lines += std::string(indent, ' ')) += line) += '\n';
    line.clear();
  };
  while (!text.empty()) {
    const std::size_t space = std::min(text.find(' '), text.size());
    if (!line.empty() && indent + line.size() + 1 + space > width) flush();
    if (!line.empty()) line += ' ';
    line += text.substr(0, space);
    text.remove_prefix(std::min(space + 1, text.size()));
  }
  flush();
  return lines;
}

constexpr std::size_t page_width = 100;

}  // namespace

Arguments& Arguments::describe(std::string_view paragraph) {
  paragraphs_.emplace_back(paragraph);
  return *this;
}
Arguments& Arguments::example(std::string_view line) {
  examples_.emplace_back(line);
  return *this;
}
Arguments& Arguments::add(std::string name, std::string what, std::string help, Target target, bool is_required) {
  arguments_.push_back({std::move(name), std::move(what), std::move(help), target, is_required});
  return *this;
}
Arguments& Arguments::positional(std::string name, std::string& value, std::string help) {
  return add(std::move(name), {}, std::move(help), &value, true);
}
Arguments& Arguments::optional_positional(std::string name, std::string& value, std::string help) {
  return add(std::move(name), {}, std::move(help), &value, false);
}
Arguments& Arguments::positionals(std::string name, std::vector<std::string>& values, std::string help) {
  return add(std::move(name), {}, std::move(help), &values, true);
}
Arguments& Arguments::flag(std::string name, bool& value, std::string help) {
  return add(std::move(name), {}, std::move(help), &value, false);
}
Arguments& Arguments::option(std::string name, std::string what, std::string& value, std::string help) {
  return add(std::move(name), std::move(what), std::move(help), &value, false);
}
Arguments& Arguments::required_option(std::string name, std::string what, std::string& value, std::string help) {
  return add(std::move(name), std::move(what), std::move(help), &value, true);
}
Arguments& Arguments::option(std::string name, std::string what, std::vector<std::string>& values, std::string help) {
  return add(std::move(name), std::move(what), std::move(help), &values, false);
}
Arguments& Arguments::option(std::string name, std::string what, std::optional<std::int64_t>& value, std::string help,
                             bool is_required) {
  return add(std::move(name), std::move(what), std::move(help), &value, is_required);
}
Arguments& Arguments::option(std::string name, std::string what, std::optional<double>& value, std::string help) {
  return add(std::move(name), std::move(what), std::move(help), &value, false);
}
Arguments& Arguments::without_json() {
  has_json_ = false;
  return *this;
}

void Arguments::add_common() {
  if (has_json_) flag("--json", json_, "print JSON instead of text");
  flag("--quiet", quiet_, "no progress bar, and no words about what was written");
}

std::string Arguments::usage() const {
  std::string text = "cairn " + command_;
  for (const Argument& each : arguments_) {
    if (each.name == "--quiet" || each.name == "--json") continue;
    std::string shown = each.what.empty() ? each.name : each.name + " " + each.what;
    if (!each.is_required) shown = "[" + shown + "]";
    text += " " + shown;
    if (each.is_list()) text += "...";
  }
  return text + (has_json_ ? " [--json] [--quiet]" : " [--quiet]");
}

std::string Arguments::manual() const {
  const std::size_t width = std::min(page_width, width_of(stdout).value_or(page_width));
  const auto heading = [](std::string_view text) { return "\n" + bold(text) + "\n"; };
  std::string text = bold("USAGE") + "\n" + wrapped(usage(), 2, width);
  text += heading("DESCRIPTION");
  for (std::size_t i = 0; i < paragraphs_.size(); ++i)
    (text += i == 0 ? "" : "\n") += wrapped(paragraphs_[i], 2, width);
  text += heading("OPTIONS");
  bool takes_path = false;
  const auto describe_one = [&](const std::string& name, const std::string& help) {
    text += "  " + name + "\n" + wrapped(help, 6, width);
  };
  for (const Argument& each : arguments_) {
    describe_one(each.what.empty() ? each.name : each.name + " " + each.what, each.help);
    takes_path = takes_path || each.name == "PATH" || each.name == "A";
  }
  describe_one("--help", "this page");
  if (takes_path) {
    text += heading("PATHS");
    text += wrapped(
        "A checkpoint's path is what it was saved under, without an extension (training/ckpt-3); its .index file is "
        "understood, too. A directory stands for the latest checkpoint in it, as its file `checkpoint` says, and a "
        "SavedModel's directory for the variables of the model.",
        2, width);
  }
  text += heading("EXIT STATUS");
  text += "  0  done\n  1  a checkpoint is damaged, or (diff) differs\n  2  wrong usage\n  3  any other error\n";
  text += wrapped(
      "Ctrl-C ends a command by the signal, 130 for a shell: what is half done is removed, and nothing is published. A "
      "second Ctrl-C ends it at once.",
      2, width);
  if (!examples_.empty()) text += heading(examples_.size() == 1 ? "EXAMPLE" : "EXAMPLES");
  for (const std::string& each : examples_) text += "  " + each + "\n";
  return text;
}

// As CLI11 gets them: the words that are no options are marked.
std::vector<std::string> Arguments::prepared() const {
  std::vector<std::string> words;
  bool only_values = false;
  for (const std::string& word : words_) {
    if (!only_values && word == "--") {
      only_values = true;
      continue;
    }
    const bool is_option = !only_values && word.size() > 1 && word[0] == '-' && !is_negative_number(word);
    words.push_back(is_option ? word : mark + word);
  }
  return words;
}

WrongUsage Arguments::not_expected(const std::string& word) const {
  if (!word.starts_with('-') || is_negative_number(word))
    return {shown(word) + " is one argument too many; the usage is: " + usage()};
  const std::string name = word.substr(0, word.find('='));
  cairn::reflect::detail::Nearest search{.wrong = name};
  std::string nearest;
  if (search.offer("--help")) nearest = "--help";
  for (const Argument& each : arguments_)
    if (each.is_option() && search.offer(each.name)) nearest = each.name;
  return {"there is no option " + shown(name) +
          (nearest.empty() ? "; cairn " + command_ + " --help lists all" : "; did you mean " + nearest + "?")};
}

void Arguments::fill(const Argument& argument, const std::vector<std::string>& values) const {
  const auto number = [&]<class Number>(std::optional<Number>& target) {
    const std::string& text = values.back();
    target = number_of<Number>(text);
    if (!target) throw WrongUsage{argument.name + " wants a number, not \"" + shown(text) + "\""};
  };
  std::visit(
      [&](auto* target) {
        using Value = std::remove_pointer_t<decltype(target)>;
        if constexpr (std::is_same_v<Value, std::string>)
          *target = values.back();
        else if constexpr (std::is_same_v<Value, std::vector<std::string>>)
          *target = values;
        else if constexpr (std::is_same_v<Value, bool>)
          *target = true;
        else
          number(*target);
      },
      argument.target);
}

// The word is an option, an option's value, or the next positional.
void Arguments::print_completions() const {
  const std::string word = words_.empty() ? "" : words_.back();
  std::string path;
  const Argument* option = nullptr;  // that wants a value
  std::size_t positionals = 0;
  const auto positional = [&](std::size_t index) -> const Argument* {
    for (const Argument& each : arguments_)
      if (!each.is_option() && (each.is_list() || index-- == 0)) return &each;
    return nullptr;
  };
  for (std::size_t i = 0; i + 1 < words_.size(); ++i) {
    if (option != nullptr) {
      option = nullptr;
    } else if (words_[i].starts_with('-') && !is_negative_number(words_[i])) {
      for (const Argument& each : arguments_)
        if (each.name == words_[i] && !each.is_flag()) option = &each;
    } else {
      const Argument* const at = positional(positionals++);
      if (at != nullptr && (at->name == "PATH" || at->name == "A") && path.empty()) path = words_[i];
    }
  }
  std::vector<std::string> candidates;
  if (option != nullptr) {
    candidates = completions(option->what, word, path);
  } else if (word.starts_with('-')) {
    for (const Argument& each : arguments_)
      if (each.is_option() && each.name.starts_with(word)) candidates.push_back(each.name);
    if (std::string_view("--help").starts_with(word)) candidates.emplace_back("--help");
  } else if (const Argument* const at = positional(positionals)) {
    candidates = completions(at->name, word, path);
  }
  for (const std::string& each : candidates) print(each + "\n");
}

void Arguments::parse() {
  add_common();
  if (is_completing_) {
    print_completions();
    throw Finished{};
  }
  std::vector<std::string> words = prepared();
  if (std::find(words.begin(), words.end(), "--help") != words.end() ||
      std::find(words.begin(), words.end(), "-h") != words.end()) {
    print(manual());
    throw Finished{};
  }

  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  std::vector<CLI::Option*> options;
  for (const Argument& each : arguments_) {
    CLI::Option* const option = each.is_flag() ? app.add_flag(each.name)
                                               : app.add_option(each.name, [](const CLI::results_t&) { return true; });
    if (each.is_list() && each.is_option()) option->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    if (each.is_list() && !each.is_option())
      option->expected(1, CLI::detail::expected_max_vector_size)->allow_extra_args();
    options.push_back(option);
  }
  try {
    std::reverse(words.begin(), words.end());
    app.parse(words);
  } catch (const CLI::ArgumentMismatch&) {
    for (const Argument& each : arguments_)
      if (words_.back() == each.name) throw WrongUsage{each.name + " needs a value: " + each.name + " " + each.what};
    throw WrongUsage{"an option was given twice, or without its value; the usage is: " + usage()};
  } catch (const CLI::ParseError& error) {
    throw WrongUsage{without_mark(error.what())};
  }
  if (const std::vector<std::string> left = app.remaining(); !left.empty())
    throw not_expected(without_mark(left.front()));
  for (std::size_t i = 0; i < arguments_.size(); ++i) {
    const Argument& each = arguments_[i];
    if (options[i]->count() == 0) {
      if (each.is_required)
        throw WrongUsage{(each.what.empty() ? each.name : each.name + " " + each.what) +
                         " is missing; the usage is: " + usage()};
      continue;
    }
    std::vector<std::string> values = options[i]->results();
    for (std::string& value : values) value = without_mark(std::move(value));
    fill(each, values);
  }
  std::vector<std::size_t> next(options.size());
  for (const CLI::Option* const option : app.parse_order()) {
    const auto i = static_cast<std::size_t>(std::find(options.begin(), options.end(), option) - options.begin());
    if (i == options.size() || !arguments_[i].is_list() || !arguments_[i].is_option()) continue;
    const auto& values = *std::get<std::vector<std::string>*>(arguments_[i].target);
    if (next[i] < values.size()) in_order_.emplace_back(arguments_[i].name, values[next[i]++]);
  }
}

}  // namespace tool
