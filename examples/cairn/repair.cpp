// cairn repair: writes a directory's file `checkpoint` anew.
#include "command.hpp"
#include "keras_file.hpp"
#include "output.hpp"
#include "progress.hpp"

#include <cairn/checkpoint/repair.hpp>

#include <string>

namespace tool {

namespace {

void print_text(const cairn::Repaired& repaired, bool dry_run) {
  for (const std::string& path : repaired.named)
    print((dry_run ? "would name " : "names ") + shown(path) + (path == repaired.latest ? ", the latest\n" : "\n"));
  for (const auto& [path, problem] : repaired.damaged)
    print("leaves out " + shown(path) + ": " + shown(problem) + "\n");
  for (const std::string& path : repaired.left_alone)
    print("leaves alone " + shown(path) + ", which is older, and was not named before\n");
  for (const std::string& path : repaired.missing) print("misses " + shown(path) + ", which was named before\n");
}

void print_json(const cairn::Repaired& repaired, bool dry_run) {
  Json json;
  json.begin('{').key("named").list(repaired.named).key("latest").value(repaired.latest).key("damaged").begin('[');
  for (const auto& [path, problem] : repaired.damaged)
    json.begin('{').key("path").value(path).key("problem").value(problem).end('}');
  json.end(']').key("left_alone").list(repaired.left_alone).key("missing").list(repaired.missing);
  print(json.key("dry_run").value(dry_run).end('}').text());
}

}  // namespace

int repair(Arguments& arguments) {
  std::string directory;
  bool dry_run = false;
  arguments.describe(
      "Writes a directory's file `checkpoint` anew: it names the checkpoints that are there and whole, after every "
      "byte "
      "of them was read. For a directory whose file was lost or damaged, that was copied in part, or that was moved "
      "with "
      "paths of its old place. No other file is changed.");
  arguments.describe(
      "What the old file names stays in its order, with its timestamps and notes, and newer checkpoints come behind "
      "it; "
      "older ones that it does not name are left alone. Without an old file all are named, oldest first by their "
      "number, "
      "and without timestamps, so that no CheckpointManager deletes any; cairn prune --saver does. The latest is the "
      "old "
      "file's where it is whole and nothing newer was found, else the newest.");
  arguments.example("cairn repair training --dry-run");
  arguments.positional("DIR", directory, "the directory with the checkpoints");
  arguments.flag("--dry-run", dry_run, "only print what would be named");
  arguments.parse();

  refuse_keras_file(directory);
  Progress progress(arguments.quiet(), "verifying", 0);
  const cairn::Repaired repaired = cairn::repair(directory, {.dry_run = dry_run}, progress);
  if (arguments.json())
    print_json(repaired, dry_run);
  else if (!arguments.quiet() || dry_run)
    print_text(repaired, dry_run);
  return done;
}

}  // namespace tool
