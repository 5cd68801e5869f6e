// cairn prune: deletes what a manager would not keep.
#include "command.hpp"
#include "keras_file.hpp"
#include "output.hpp"

#include <cairn/checkpoint/prune.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

namespace tool {

namespace {

bool is_best(const cairn::Pruned& pruned, const std::string& path) {
  return std::find(pruned.best.begin(), pruned.best.end(), path) != pruned.best.end();
}

void print_text(const cairn::Pruned& pruned, bool dry_run) {
  for (const std::string& path : pruned.deleted) print((dry_run ? "would delete " : "deleted ") + shown(path) + "\n");
  for (const std::string& path : pruned.kept)
    print("keeps " + shown(path) + (is_best(pruned, path) ? ", one of the best by keep_best\n" : "\n"));
  for (const std::string& path : pruned.left_alone)
    print("leaves alone " + shown(path) + ", which no CheckpointManager manages\n");
  for (const std::string& path : pruned.missing)
    print("misses " + shown(path) + ", which the file `checkpoint` names\n");
}

void print_json(const cairn::Pruned& pruned, bool dry_run) {
  Json json;
  json.begin('{').key("deleted").list(pruned.deleted).key("kept").list(pruned.kept).key("best").list(pruned.best);
  json.key("left_alone").list(pruned.left_alone).key("missing").list(pruned.missing);
  print(json.key("dry_run").value(dry_run).end('}').text());
}

}  // namespace

int prune(Arguments& arguments) {
  std::string directory;
  std::optional<std::int64_t> max_to_keep;
  std::optional<double> every_n_hours;
  std::optional<std::int64_t> keep_best;
  std::string best_mode;
  bool saver = false, dry_run = false;
  arguments.describe(
      "Deletes of a directory's checkpoints those that a CheckpointManager with max_to_keep=N would delete: the oldest "
      "of "
      "what its file `checkpoint` names, with all their files and no others; never the latest. Checkpoints that were "
      "saved "
      "without a manager, and those that a manager preserved for good, are left alone.");
  arguments.describe(
      "The order of the steps is a manager's, so that whoever is killed on the way leaves a sound directory. While a "
      "program of cairn saves to the directory, this is refused.");
  arguments.describe(
      "The best stay as well, where a CheckpointManager with keep_best has noted their metrics in the file "
      "`checkpoint`: "
      "as many as that manager keeps, or as --keep-best says. With --saver it is tf.train.Saver's directory that is "
      "pruned: all that the file `checkpoint` names, which has no timestamps then, and the .meta files. Where nothing "
      "is "
      "managed, and --saver is not given, the exit status is 3.");
  arguments.example("cairn prune training --max-to-keep 3 --dry-run");
  arguments.example("cairn prune training --max-to-keep 1 --keep-best 2");
  arguments.example("cairn prune tf1_training --max-to-keep 5 --saver");
  arguments.positional("DIR", directory, "the directory with the file `checkpoint`");
  arguments.option("--max-to-keep", "N", max_to_keep, "how many stay", true);
  arguments.option("--every-n-hours", "H", every_n_hours,
                   "beyond those, keep one checkpoint for every H hours, for good: keep_checkpoint_every_n_hours");
  arguments.option("--keep-best", "N", keep_best,
                   "how many of the best stay beside them, by the noted metrics; 0 for none");
  arguments.option("--best-mode", "MODE", best_mode, "min or max: which metric is the best; the manager's otherwise");
  arguments.flag("--saver", saver, "also what tf.train.Saver saved");
  arguments.flag("--dry-run", dry_run, "only print what would be deleted");
  arguments.parse();

  refuse_keras_file(directory);
  if (*max_to_keep < 1) throw WrongUsage{"--max-to-keep wants at least 1; the latest checkpoint always stays"};
  if (every_n_hours && !(*every_n_hours > 0)) throw WrongUsage{"--every-n-hours wants a number above 0"};
  if (keep_best && *keep_best < 0) throw WrongUsage{"--keep-best wants 0 or more"};
  if (!best_mode.empty() && best_mode != "min" && best_mode != "max") throw WrongUsage{"--best-mode wants min or max"};
  if (saver && every_n_hours)
    throw WrongUsage{"--every-n-hours needs timestamps, which tf.train.Saver does not write; leave out one of the two"};
  std::optional<cairn::BestMode> mode;
  if (!best_mode.empty()) mode = best_mode == "min" ? cairn::BestMode::min : cairn::BestMode::max;
  const cairn::Pruned pruned = cairn::prune(directory, {.max_to_keep = *max_to_keep,
                                                        .keep_checkpoint_every_n_hours = every_n_hours,
                                                        .dry_run = dry_run,
                                                        .keep_best = keep_best,
                                                        .best_mode = mode,
                                                        .saver = saver});
  const bool is_unmanaged = !saver && !pruned.left_alone.empty() && pruned.deleted.empty() && pruned.kept.empty();
  if (arguments.json())
    print_json(pruned, dry_run);
  else if (!is_unmanaged && (!arguments.quiet() || dry_run))
    print_text(pruned, dry_run);
  if (!is_unmanaged) return done;
  complain("prune", "the file `checkpoint` of \"" + directory +
                        "\" has no timestamps, as tf.train.Saver and a save without a manager write it; nothing was "
                        "deleted, and --saver deletes what is too old of it");
  return failed;
}

}  // namespace tool
