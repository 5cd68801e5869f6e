// cairn completion: a script for the shell, which asks `cairn __complete` for what could come next.
#include "completion.hpp"

#include "command.hpp"
#include "keras_file.hpp"
#include "output.hpp"
#include "progress.hpp"

#include <cairn/bundle/reader.hpp>
#include <cairn/edit/checkpoint_reader.hpp>
#include <cairn/graph/detail/renamed_graph.hpp>
#include <cairn/io/native.hpp>

#include <algorithm>
#include <cstdlib>
#include <set>

namespace tool {

namespace {

// What comes back from `cairn __complete` is one candidate a line. %q puts what the shell would take apart in quotes.
// Candidates that end in a slash are folders, behind which one goes on writing.
constexpr const char* bash_script = R"bash(# bash completion for cairn:  eval "$(cairn completion bash)"
_cairn() {
  local candidate line=${COMP_LINE:0:COMP_POINT} written=
  local word=${line##*[[:space:]]}
  # To bash, what was written up to a = or : is a word of its own.
  if [[ $word == *[=:]* ]]; then written=${word%"${word##*[=:]}"}; fi
  COMPREPLY=()
  while IFS= read -r candidate; do
    if [[ $candidate == */ || $candidate == *= ]]; then compopt -o nospace; fi
    COMPREPLY+=("$(printf '%q' "${candidate#"$written"}")")
  done < <("${COMP_WORDS[0]}" __complete "$line" 2>/dev/null)
}
complete -F _cairn cairn
)bash";

[[nodiscard]] bool is_keras_name(std::string_view name) {
  return name.ends_with(".keras") || name.ends_with(".h5") || name.ends_with(".weights.json");
}

// Folders, files of Keras, and of checkpoints what they were saved under; with `all_files` every other file, too.
[[nodiscard]] std::vector<std::string> paths(std::string_view word, bool only_folders, bool all_files) {
  std::string typed(word);
  const char* const home = std::getenv("HOME");
  const bool is_home = typed.starts_with("~/") && home != nullptr;
  if (is_home) typed.replace(0, 1, home);
  const std::size_t slash = typed.rfind('/');
  const std::string folder = slash == typed.npos ? "" : typed.substr(0, slash + 1);
  const std::string begin = typed.substr(folder.size());
  std::set<std::string> found;
  cairn::io::FileSystem& files = cairn::io::native();
  for (const std::string& name : files.list_directory(folder.empty() ? "." : folder)) {
    if (!name.starts_with(begin) || (name.starts_with('.') && !begin.starts_with('.'))) continue;
    constexpr std::string_view extension = ".index";
    if (files.is_directory(folder + name))
      found.insert(folder + name + "/");
    else if (!only_folders && name.ends_with(extension) && name.size() > extension.size())
      found.insert(folder + name.substr(0, name.size() - extension.size()));
    else if (all_files || (!only_folders && is_keras_name(name)))
      found.insert(folder + name);
  }
  std::vector<std::string> list(found.begin(), found.end());
  if (is_home)
    for (std::string& each : list) each = "~" + each.substr(std::string_view(home).size());
  return list;
}

// Keys; where none begins like that, paths with dots.
[[nodiscard]] std::vector<std::string> names(std::string_view word, const std::string& path) {
  if (is_keras_file(path)) {
    std::vector<std::string> list;
    const cairn::TensorFile weights = read_keras_file(path);
    for (const auto& tensor : weights.tensors())
      if (const std::string name = shown(tensor.name); name.starts_with(word)) list.push_back(name);
    return list;
  }
  const cairn::bundle::Reader reader(find_checkpoint(path));
  std::vector<std::string> list;
  for (const auto& item : reader.entries())
    if (const std::string key = shown(item.first); key.starts_with(word)) list.push_back(key);
  if (!list.empty() || word.empty()) return list;
  if (const auto graph = cairn::edit::detail::read_saved_graph(reader))
    for (std::size_t id = 1; id < graph->size(); ++id)
      if (const auto dotted = cairn::graph::detail::full_path(*graph, static_cast<std::int32_t>(id));
          dotted && shown(*dotted).starts_with(word))
        list.push_back(shown(*dotted));
  return list;
}

}  // namespace

std::vector<std::string> completions(std::string_view what, std::string_view word, const std::string& path) try {
  if (what == "KEY" || what == "GLOB") return names(word, path);
  if (what == "OLD=NEW" || what == "GLOB=DTYPE") {
    std::vector<std::string> list;
    if (const std::size_t equals = word.rfind('='); equals == word.npos) {
      for (const std::string& name : names(word, path)) list.push_back(name + "=");
    } else if (what == "GLOB=DTYPE") {
      for (std::int32_t i = 1; cairn::is_known(static_cast<cairn::DType>(i)); ++i)
        if (cairn::name(static_cast<cairn::DType>(i)).starts_with(word.substr(equals + 1)))
          list.push_back(std::string(word.substr(0, equals + 1)) + cairn::to_string(static_cast<cairn::DType>(i)));
    }
    return list;
  }
  if (what == "PATH" || what == "A" || what == "B" || what == "NEW" || what == "OTHER:KEY=KEY")
    return paths(word, false, false);
  if (what == "DIR") return paths(word, true, false);
  if (what.starts_with("FILE")) return paths(word, false, true);
  return {};
} catch (const std::exception&) {
  return {};
}

int completion(Arguments& arguments) {
  std::string shell;
  arguments.describe(
      "Prints a script that makes the shell complete commands, options, checkpoints and the keys in them. It is for "
      "bash: "
      "put the example's line into ~/.bashrc.");
  arguments.example("eval \"$(cairn completion bash)\"");
  arguments.positional("SHELL", shell, "bash");
  arguments.without_json();
  arguments.parse();
  if (shell != "bash") throw WrongUsage{"there is completion for bash, not for " + shown(shell)};
  print(bash_script);
  return done;
}

}  // namespace tool
