// cairn prune: deletes what a manager would not keep.
#include "command.hpp"
#include "output.hpp"

#include <cairn/checkpoint/prune.hpp>

namespace tool {

namespace {

void print_text(const cairn::Pruned& pruned, bool dry_run) {
  for (const std::string& path : pruned.deleted) print((dry_run ? "would delete " : "deleted ") + shown(path) + "\n");
  for (const std::string& path : pruned.kept) print("keeps " + shown(path) + "\n");
  for (const std::string& path : pruned.left_alone)
    print("leaves alone " + shown(path) + ", which no CheckpointManager manages\n");
}

void print_json(const cairn::Pruned& pruned, bool dry_run) {
  Json json;
  json.begin('{').key("deleted").list(pruned.deleted).key("kept").list(pruned.kept);
  print(json.key("left_alone").list(pruned.left_alone).key("dry_run").value(dry_run).end('}').text());
}

}  // namespace

int prune(Arguments& arguments) {
  std::string directory;
  std::optional<std::int64_t> max_to_keep;
  std::optional<double> every_n_hours;
  bool dry_run = false;
  arguments.describe(
      "Deletes of a directory's checkpoints those that a CheckpointManager with max_to_keep=N would delete: the oldest "
      "of "
      "what its file `checkpoint` names, with all their files and no others; never the latest. Checkpoints that were "
      "saved "
      "without a manager, and those that a manager preserved for good, are left alone.");
  arguments.describe(
      "The order of the steps is a manager's, so that whoever is killed on the way leaves a sound directory. While a "
      "program of cairn saves to the directory, this is refused.");
  arguments.example("cairn prune training --max-to-keep 3 --dry-run");
  arguments.positional("DIR", directory, "the directory with the file `checkpoint`");
  arguments.option("--max-to-keep", "N", max_to_keep, "how many stay", true);
  arguments.option("--every-n-hours", "H", every_n_hours,
                   "beyond those, keep one checkpoint for every H hours, for good: keep_checkpoint_every_n_hours");
  arguments.flag("--dry-run", dry_run, "only print what would be deleted");
  arguments.parse();

  if (*max_to_keep < 1) throw WrongUsage{"--max-to-keep wants at least 1; the latest checkpoint always stays"};
  if (every_n_hours && !(*every_n_hours > 0)) throw WrongUsage{"--every-n-hours wants a number above 0"};
  const cairn::Pruned pruned = cairn::prune(
      directory, {.max_to_keep = *max_to_keep, .keep_checkpoint_every_n_hours = every_n_hours, .dry_run = dry_run});
  if (arguments.json())
    print_json(pruned, dry_run);
  else if (!arguments.quiet() || dry_run)
    print_text(pruned, dry_run);
  return done;
}

}  // namespace tool
