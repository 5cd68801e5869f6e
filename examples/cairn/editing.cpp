#include "editing.hpp"

#include "names.hpp"
#include "output.hpp"
#include "progress.hpp"
#include "values.hpp"

#include <cairn/edit/detail/converted.hpp>
#include <cairn/edit/detail/value_names.hpp>
#include <cairn/edit/variables.hpp>
#include <cairn/exchange/npy.hpp>

#include <utility>
#include <vector>

namespace tool {

namespace {

using cairn::CheckpointChange;

// "model.optimizer, model.a and 3 more"
[[nodiscard]] std::string first_of(const std::vector<std::string>& paths) {
  constexpr std::size_t most = 3;
  std::string text;
  for (std::size_t i = 0; i < paths.size() && i < most; ++i) text += (i == 0 ? "" : ", ") + shown(paths[i]);
  return paths.size() > most ? text + " and " + std::to_string(paths.size() - most) + " more" : text;
}

void print_json(const std::vector<CheckpointChange>& changes, const std::vector<OptionEdit>& options,
                const std::string& out, bool dry_run) {
  Json json;
  json.begin('{').key("out");
  dry_run ? json.null() : json.value(out);
  if (!options.empty()) {
    json.key("options").begin('[');
    for (const auto& [option, value, edit] : options) {
      json.begin('{').key("option").value(option).key("value").value(value);
      json.key("tensors").value(static_cast<std::uint64_t>(edit.tensors));
      json.key("still_held").list(edit.still_held).end('}');
    }
    json.end(']');
  }
  json.key("changes").begin('[');
  for (const CheckpointChange& each : changes) {
    json.begin('{').key("edit").value(name(each.kind)).key("key").value(each.key);
    if (each.kind == CheckpointChange::Kind::rename) json.key("from").value(each.from);
    json.key("dtype").value(cairn::name(each.dtype)).key("shape").list(each.shape).end('}');
  }
  print(json.end(']').end('}').text());
}

void print_text(const std::vector<CheckpointChange>& changes, const std::vector<OptionEdit>& options) {
  for (const CheckpointChange& each : changes) {
    std::string line(name(each.kind));
    line.resize(8, ' ');
    if (each.kind == CheckpointChange::Kind::rename)
      line += shown_key(each.from) + "  to  " + shown_key(each.key);
    else
      line += shown_key(each.key) + "  " + cairn::to_string(each.dtype) + " " + each.shape.to_string();
    print(line + "\n");
  }
  for (const auto& [option, value, edit] : options)
    print(option + " " + shown(value) + " took " + count_of(edit.tensors, "tensor") +
          (edit.still_held.empty() ? "" : "; what it names is still held as " + first_of(edit.still_held)) + "\n");
}

// An erase that takes nothing, because what it names is still held, does not what it says.
void require_taken(const cairn::CheckpointEditor& editor, const std::vector<OptionEdit>& options) {
  for (const auto& [option, value, edit] : options) {
    if (edit.tensors != 0 || edit.still_held.empty()) continue;
    const cairn::ObjectGraph graph = editor.object_graph();
    std::vector<std::string> held = edit.still_held;
    std::erase_if(held, [&](const std::string& path) { return !cairn::edit::detail::find_edge(graph, path); });
    if (held.empty()) continue;
    throw cairn::Error(cairn::ErrorCode::failed_precondition,
                       option + " " + shown(value) + " takes no tensor out: what it names is held as " +
                           first_of(held) + ", too; give " + option + " " + shown(held[0]) +
                           (held.size() > 1 ? " and so on as well" : " as well"));
  }
}

}  // namespace

void give(cairn::CheckpointEditor& editor, Give how, const std::string& name, const std::string& word,
          std::optional<cairn::DType> dtype) {
  const bool is_file = word.starts_with('@') && !word.starts_with("@@");
  const std::string literal = word.substr(word.starts_with('@') ? 1 : 0);
  if (how == Give::add) {
    if (!is_file && !dtype) dtype = dtype_of(literal, name);
    cairn::AnyTensor value = is_file ? cairn::read_npy(literal, dtype.value_or(cairn::DT_INVALID))
                                     : value_of(literal, *dtype, std::nullopt, name);
    if (dtype) value = cairn::edit::detail::fitted(std::move(value), *dtype, {}, name, true);
    editor.add(name, std::move(value));
    return;
  }
  std::string key;
  try {
    key = key_of(editor, name);
  } catch (const cairn::Error& error) {
    if (error.code() != cairn::ErrorCode::not_found) throw;
    throw cairn::Error(error.code(), std::string(error.what()) + "; --add gives the checkpoint a tensor of that name");
  }
  const auto [own_dtype, shape] = editor.dtype_and_shape(key);
  const bool reshape = how == Give::reshape;
  cairn::AnyTensor value =
      is_file ? cairn::read_npy(literal, dtype.value_or(own_dtype))
              : value_of(literal, dtype.value_or(own_dtype), reshape ? std::nullopt : std::optional(shape), key);
  if (!reshape && value.shape() != shape)
    throw cairn::Error(cairn::ErrorCode::invalid_argument,
                       "the array in " + literal + " has shape " + value.shape().to_string() + ", and " + key +
                           " has " + shape.to_string() +
                           "; give it that shape, or let it have another one with --reshape");
  if (dtype)
    editor.replace(key, cairn::edit::detail::fitted(std::move(value), *dtype, shape, key, reshape));
  else
    editor.set(key, std::move(value), {.reshape = reshape});
}

void finish_edits(const Arguments& arguments, cairn::CheckpointEditor& editor, const std::string& out, bool dry_run,
                  const std::vector<OptionEdit>& options) {
  require_taken(editor, options);
  const std::vector<CheckpointChange> changes = editor.changes();
  if (!dry_run) editor.write(out);
  tell_edits(arguments, changes, out, dry_run, options);
}

void tell_edits(const Arguments& arguments, const std::vector<CheckpointChange>& changes, const std::string& out,
                bool dry_run, const std::vector<OptionEdit>& options) {
  if (arguments.json()) return print_json(changes, options, out, dry_run);
  if (arguments.quiet() && !dry_run) return;
  print_text(changes, options);
  if (dry_run)
    print(changes.empty() ? "nothing would change\n" : "nothing was written\n");
  else
    print("wrote " + shown(out) + ": " + count_of(cairn::list_variables(out).size(), "tensor") + ", " +
          bytes_in_words(data_bytes(out)) + "\n");
}

}  // namespace tool
