// cairn diff: what two checkpoints differ in.
#include "command.hpp"
#include "keras_file.hpp"
#include "names.hpp"
#include "output.hpp"
#include "progress.hpp"

#include <cairn/edit/diff.hpp>

namespace tool {

namespace {

using cairn::CheckpointDiff;

void print_json(const CheckpointDiff& diff) {
  Json json;
  json.begin('{').key("a").value(diff.a).key("b").value(diff.b).key("same").value(std::uint64_t{diff.same});
  json.key("only_in_a").list(diff.only_in_a).key("only_in_b").list(diff.only_in_b).key("other_type").begin('[');
  for (const auto& each : diff.other_type)
    json.begin('{').key("key").value(each.key).key("a").value(each.a).key("b").value(each.b).end('}');
  json.end(']').key("changed").begin('[');
  for (const auto& each : diff.changed) {
    json.begin('{').key("key").value(each.key).key("dtype").value(cairn::name(each.dtype));
    json.key("shape").list(each.shape).key("elements").value(each.elements);
    json.key("largest_difference");
    each.largest_difference ? json.value(*each.largest_difference) : json.null();
    json.key("mean_difference");
    each.mean_difference ? json.value(*each.mean_difference) : json.null();
    if (each.other_dtype) json.key("other_dtype").value(cairn::name(*each.other_dtype));
    json.end('}');
  }
  print(json.end(']').end('}').text());
}

[[nodiscard]] std::string number(double value) {
  std::string text;
  cairn::tensor::detail::append_element(text, value);
  return text;
}

void print_text(const CheckpointDiff& diff) {
  for (const std::string& key : diff.only_in_a) print(red("only in A  ") + shown_key(key) + "\n");
  for (const std::string& key : diff.only_in_b) print(green("only in B  ") + shown_key(key) + "\n");
  for (const auto& each : diff.other_type)
    print("other type " + shown_key(each.key) + "  " + each.a + " in A, " + each.b + " in B\n");
  for (const auto& each : diff.changed) {
    std::string line = "differs    " + shown_key(each.key) + "  " + cairn::to_string(each.dtype) + " ";
    if (each.other_dtype) line += "in A, " + cairn::to_string(*each.other_dtype) + " in B ";
    line += each.shape.to_string();
    if (each.elements > 0) {
      const auto all = static_cast<std::uint64_t>(each.shape.num_elements());
      line += ": " + with_commas(each.elements) + " of " + count_of(all, "element");
      if (each.largest_difference)
        line +=
            ", by " + number(*each.largest_difference) + " at most, " + number(*each.mean_difference) + " in the mean";
    }
    print(line + "\n");
  }
  std::string total = count_of(diff.same, "tensor") + (diff.same == 1 ? " is" : " are") + " the same";
  const auto add = [&](std::size_t count, const char* one, const char* more) {
    if (count > 0) total += ", " + with_commas(count) + " " + (count == 1 ? one : more);
  };
  add(diff.changed.size(), "differs", "differ");
  add(diff.other_type.size(), "has another dtype or shape", "have another dtype or shape");
  add(diff.only_in_a.size(), "is only in A", "are only in A");
  add(diff.only_in_b.size(), "is only in B", "are only in B");
  print(total + "\n");
}

}  // namespace

int diff(Arguments& arguments) {
  std::string a, b;
  std::optional<double> tolerance, relative;
  std::vector<std::string> renames;
  cairn::DiffOptions options;
  arguments.describe(
      "Compares two checkpoints by key: what only one of them has, what has another dtype or shape, and of each tensor "
      "whose values differ how many do, the largest and the mean difference. The object graph is compared as one text. "
      "The exit status is 1 when anything differs.");
  arguments.describe(
      "With --rename A is compared as if cairn edit had renamed it so; of the object graphs only which names lead to "
      "which values, then.");
  arguments.describe(
      "A file of Keras is compared as the checkpoint that cairn convert makes of it, which is held in memory; --rename "
      "brings together what another program calls otherwise.");
  arguments.example("cairn diff training/ckpt-2 training/ckpt-3 --tolerance 1e-6");
  arguments.example("cairn diff training shipped --across-dtypes --relative 1e-2 --rename model=net");
  arguments.positional("A", a, "one checkpoint, or a file of Keras");
  arguments.positional("B", b, "the other one");
  arguments.option("--tolerance", "T", tolerance, "numbers that are at most T apart are the same (0)");
  arguments.option(
      "--relative", "R", relative,
      "and so are those that are at most R times the larger one's size apart (0); with both the sum counts");
  arguments.flag("--across-dtypes", options.across_dtypes, "compare numbers by their values where the dtypes differ");
  arguments.option("--rename", "OLD=NEW", renames, "what is called OLD in A is NEW in B");
  arguments.parse();

  if (relative && !(*relative >= 0)) throw WrongUsage{"--relative wants a number of at least 0"};
  if (tolerance && !(*tolerance >= 0)) throw WrongUsage{"--tolerance wants a number of at least 0"};
  options.tolerance = tolerance.value_or(0);
  options.relative_tolerance = relative.value_or(0);
  for (const std::string& each : renames) {
    auto [from, to] = sides(each, "--rename", "OLD=NEW");
    options.rename.push_back({std::move(from), std::move(to)});
  }
  FilesWithKeras files;
  a = files.find(a, FilesWithKeras::Values::whole);
  b = files.find(b, FilesWithKeras::Values::whole);
  Progress progress(arguments.quiet(), "comparing", data_bytes(a) + data_bytes(b), files);
  const CheckpointDiff found = cairn::diff(a, b, options, progress);
  arguments.json() ? print_json(found) : print_text(found);
  return found.empty() ? done : damaged;
}

}  // namespace tool
