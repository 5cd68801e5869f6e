#include <cairn/edit/checkpoint_editor.hpp>

#include <doctest/doctest.h>

#include <cairn/bundle/rewrite.hpp>
#include <cairn/bundle/verify.hpp>

#include "bundle/bundles.hpp"
#include "support/data.hpp"
#include "support/scratch.hpp"

#include <string>
#include <vector>

namespace bundle = cairn::bundle;
using cairn::CheckpointEditor;
using cairn::test::files_of;
using cairn::test::prefixes_below;

namespace {

// The problems that the original does not have.
std::string problems_of(const std::string& prefix) {
  std::string text;
  for (const cairn::Finding& finding : cairn::verify(prefix)) text += finding.key + ": " + finding.problem + "\n";
  return text;
}

// The first name below the root that holds values, but for the counter.
std::string first_child(const CheckpointEditor& editor) {
  const cairn::ObjectGraph graph = editor.object_graph();
  if (graph.empty()) return "";
  for (const cairn::ObjectReference child : graph[0].children)
    if (child.node_id != 0 && child.local_name != "save_counter" &&
        child.local_name.find_first_of("./*") == std::string::npos && !child.local_name.empty() &&
        graph[child.node_id].has_checkpoint_values.value_or(false))
      return std::string(child.local_name);
  return "";
}

}  // namespace

TEST_CASE(
    "an editor that changes nothing writes every checkpoint as it is, or as rewrite does; its edits leave nothing to "
    "verify") {
  const auto data = cairn::test::data_directory();
  if (!data) return cairn::test::skip("CAIRN_TEST_DATA names no folder");
  const cairn::test::ScratchDirectory scratch;
  const std::string copy = (scratch.path() / "copy").string();
  std::size_t renamed = 0;
  for (const std::string& prefix : prefixes_below(*data)) {
    CAPTURE(prefix);
    const bundle::Reader original(prefix);
    const std::string known_problems = problems_of(prefix);
    bundle::rewrite(original, copy, {.durability = cairn::Durability::none});
    const auto rewritten = files_of(copy);
    bundle::remove_checkpoint(copy);
    CheckpointEditor unchanged{prefix};
    CHECK(unchanged.to_string().empty());
    unchanged.write(copy, {.durability = cairn::Durability::none});
    const auto written = files_of(copy);  // where an index is not TensorFlow's own words, they are kept
    CHECK((written == rewritten || written == files_of(prefix)));
    bundle::remove_checkpoint(copy);

    const auto values = unchanged.values();
    if (values.size() < 2 || values.size() > 1000) continue;
    {
      CheckpointEditor one{prefix};
      const std::string kept = std::next(values.begin(), static_cast<std::ptrdiff_t>(values.size() / 2))->first;
      for (const auto& item : values)
        if (item.first != kept && one.contains(item.first)) one.erase(item.first);  // slot variables go with variables
      one.write(copy, {.durability = cairn::Durability::none});
      CHECK(problems_of(copy) == "");
      CHECK(one.values().size() <= 1);
      bundle::remove_checkpoint(copy);
    }
    CheckpointEditor subtree{prefix};
    const std::string name = first_child(subtree);
    if (name.empty()) continue;
    ++renamed;
    CAPTURE(name);
    subtree.rename(name, "new.place");
    CHECK(subtree.values().size() == values.size());
    subtree.write(copy, {.durability = cairn::Durability::none});
    CHECK(problems_of(copy) == "");
    subtree.rename("new.place", name);
    CHECK(subtree.values().size() == values.size());
    bundle::remove_checkpoint(copy);
    CheckpointEditor less{prefix};
    less.erase(name);
    less.write(copy, {.durability = cairn::Durability::none});
    CHECK(problems_of(copy) == "");
    bundle::remove_checkpoint(copy);
  }
  CHECK(renamed > 30);
}
