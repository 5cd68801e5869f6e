#include "editing.hpp"

#include "output.hpp"
#include "progress.hpp"

#include <vector>

namespace tool {

namespace {

using cairn::CheckpointChange;

void print_json(const std::vector<CheckpointChange>& changes, const std::string& out, bool dry_run) {
  Json json;
  json.begin('{').key("out");
  dry_run ? json.null() : json.value(out);
  json.key("changes").begin('[');
  for (const CheckpointChange& each : changes) {
    json.begin('{').key("edit").value(name(each.kind)).key("key").value(each.key);
    if (each.kind == CheckpointChange::Kind::rename) json.key("from").value(each.from);
    json.key("dtype").value(cairn::name(each.dtype)).key("shape").list(each.shape).end('}');
  }
  print(json.end(']').end('}').text());
}

void print_text(const std::vector<CheckpointChange>& changes) {
  for (const CheckpointChange& each : changes) {
    std::string line(name(each.kind));
    line.resize(8, ' ');
    if (each.kind == CheckpointChange::Kind::rename)
      line += shown_key(each.from) + "  to  " + shown_key(each.key);
    else
      line += shown_key(each.key) + "  " + cairn::to_string(each.dtype) + " " + each.shape.to_string();
    print(line + "\n");
  }
}

}  // namespace

void finish_edits(const Arguments& arguments, cairn::CheckpointEditor& editor, const std::string& out, bool dry_run) {
  const std::vector<CheckpointChange> changes = editor.changes();
  const std::size_t tensors = editor.values().size();
  if (!dry_run) editor.write(out);
  if (arguments.json()) return print_json(changes, out, dry_run);
  if (arguments.quiet() && !dry_run) return;
  print_text(changes);
  if (dry_run)
    print(changes.empty() ? "nothing would change\n" : "nothing was written\n");
  else
    print("wrote " + shown(out) + ": " + count_of(tensors, "tensor") + ", " + bytes_in_words(data_bytes(out)) + "\n");
}

}  // namespace tool
