// Classes that are several tensors of one node.
#include <cairn/graph/detail/several_tensors.hpp>

#include "graph/saved_state.hpp"

#include <doctest/doctest.h>

using namespace cairn;
using namespace cairn::test;

namespace {

// Its state is private; what it gives out is made for the occasion.
class Vocabulary {
 public:
  Vocabulary() = default;
  explicit Vocabulary(std::map<std::string, std::int64_t> ids) : ids_(std::move(ids)) {}
  [[nodiscard]] const std::map<std::string, std::int64_t>& ids() const { return ids_; }

  [[nodiscard]] NamedTensors serialize_to_tensors() const {
    std::vector<std::string> words;
    std::vector<std::int64_t> ids;
    for (const auto& [word, id] : ids_) {
      words.push_back(word);
      ids.push_back(id);
    }
    NamedTensors tensors;
    tensors.add("words", words);
    tensors.add("a/b.c", ids);
    return tensors;
  }
  void restore_from_tensors(const NamedTensors& tensors) {
    std::vector<std::string> words;
    std::vector<std::int64_t> ids;
    tensors.get("words", words);
    tensors.get("a/b.c", ids);
    if (words.size() != ids.size()) throw Error(ErrorCode::invalid_argument, "there is not one id for each word");
    ids_.clear();
    for (std::size_t i = 0; i < words.size(); ++i) ids_[words[i]] = ids[i];
  }

 private:
  std::map<std::string, std::int64_t> ids_;
};

struct Model {
  Variable<float, 2> weights;
  Vocabulary vocabulary;
};
const std::map<std::string, std::int64_t> two_words{{"one", 1}, {"two", 2}};
const std::string words_key = "vocabulary/.ATTRIBUTES/words";
const std::string ids_key = "vocabulary/.ATTRIBUTES/a.Sb..c";

SavedState saved_model() {
  Model model{{1, 2}, Vocabulary(two_words)};
  return SavedState(root_of(model));
}

}  // namespace

TEST_CASE("test_keys_and_metadata: each tensor is an attribute of the node, under its own name") {
  SavedState saved = saved_model();
  CHECK(saved.keys() == Names{ids_key, words_key, "weights/.ATTRIBUTES/VARIABLE_VALUE"});
  const ObjectGraph::Node node = saved.graph[2];
  REQUIRE(node.attributes.size() == 2);
  CHECK(node.attributes[0] == SerializedTensor{"words", "", words_key});
  CHECK(node.attributes[1] == SerializedTensor{"a.Sb..c", "", ids_key});
  CHECK(node.children.empty());
  CHECK(node.has_checkpoint_values == true);

  Vocabulary root(two_words);
  CHECK(SavedState(root_of(root)).keys() == Names{"/.ATTRIBUTES/a.Sb..c", "/.ATTRIBUTES/words"});
}

TEST_CASE("several tensors are restored as one value") {
  Model model;
  const Restored restored = saved_model().restore(root_of(model));
  CHECK(model.vocabulary.ids() == two_words);
  CHECK(restored.matched == Names{"weights", "vocabulary"});
  CHECK(restored.only_in_checkpoint.empty());
  CHECK(restored.only_in_program.empty());
}

TEST_CASE("a tensor is found by the key that the graph says, however that is escaped") {
  SavedState saved = saved_model();
  const std::string twice = "vocabulary/.ATTRIBUTES/a..Sb....c";  // what TensorFlow writes
  saved.values[twice] = saved.values.at(ids_key);
  saved.values.erase(ids_key);
  saved.graph.set_key(2, 1, twice);
  Model model;
  saved.restore(root_of(model));
  CHECK(model.vocabulary.ids() == two_words);
}

TEST_CASE("test_restore_nodes_with_different_number_of_serialized_to_tensors: one too few is refused, or skipped") {
  SavedState saved = saved_model();
  saved.graph.erase_attributes(2, [](const SerializedTensor& each) { return each.name != "words"; });
  Model model{{7, 7}, Vocabulary({{"old", 1}})};
  CHECK(code_of([&] { saved.restore(root_of(model)); }) == ErrorCode::invalid_argument);
  CHECK(model.weights(0) == 7);
  CHECK(model.vocabulary.ids().size() == 1);

  const Restored skipped = saved.restore(root_of(model), OnMismatch::skip);
  REQUIRE(skipped.mismatched.size() == 1);
  CHECK(skipped.mismatched[0].path == "vocabulary's tensor 'a/b.c'");
  CHECK(skipped.mismatched[0].expected == "int64 [1]");
  CHECK(skipped.mismatched[0].found == "not there");
  CHECK(model.weights(0) == 1);
  CHECK(model.vocabulary.ids().count("old") == 1);
}

TEST_CASE("one too many is listed as an attribute that nobody claims") {
  SavedState saved = saved_model();
  saved.graph.add_attribute(2, {"counts", "", ids_key});
  Model model;
  const Restored restored = saved.restore(root_of(model));
  CHECK(model.vocabulary.ids() == two_words);
  CHECK(restored.only_in_checkpoint == Names{"vocabulary's attribute 'counts'"});
}

TEST_CASE("an attribute beside a variable's value that nobody claims is listed") {
  SavedState saved = saved_model();
  saved.graph.add_attribute(1, {"OBJECT_CONFIG_JSON", "", words_key});
  Model model;
  CHECK(saved.restore(root_of(model)).only_in_checkpoint == Names{"weights's attribute 'OBJECT_CONFIG_JSON'"});
}

TEST_CASE("a node without values leaves a class of several tensors as it is, and says so") {
  SavedState saved = saved_model();
  saved.graph.erase_attributes(2, [](const SerializedTensor&) { return true; });
  Model model{{}, Vocabulary({{"old", 1}})};
  CHECK(saved.restore(root_of(model)).only_in_program == Names{"vocabulary"});
  CHECK(model.vocabulary.ids().count("old") == 1);
}

TEST_CASE("a tensor of another dtype is refused before anything is restored") {
  SavedState saved = saved_model();
  saved.values.at(ids_key).dtype = DT_DOUBLE;
  Model model;
  CHECK(code_of([&] { saved.restore(root_of(model)); }) == ErrorCode::invalid_argument);
  CHECK(model.weights(0) == 0);
  const Restored skipped = saved.restore(root_of(model), OnMismatch::skip);
  REQUIRE(skipped.mismatched.size() == 1);
  CHECK(skipped.mismatched[0].found == "float64 [2]");
}

TEST_CASE("what the class itself refuses is an error that changes nothing, or skipped") {
  SavedState saved = saved_model();
  saved.values.at(ids_key) = {DT_INT64, Shape{1}, std::vector<std::byte>(8), {}};
  Model model{{7, 7}, Vocabulary({{"old", 1}})};
  CHECK(code_of([&] { saved.restore(root_of(model)); }) == ErrorCode::invalid_argument);
  CHECK(model.weights(0) == 7);
  CHECK(model.vocabulary.ids().count("old") == 1);
  const Restored skipped = saved.restore(root_of(model), OnMismatch::skip);
  REQUIRE(skipped.mismatched.size() == 1);
  CHECK(skipped.mismatched[0].found == "words string [2], a/b.c int64 [1]");
  CHECK(model.vocabulary.ids().count("old") == 1);
}

TEST_CASE("a damaged value later in the file leaves several tensors as they were") {
  SavedState saved = saved_model();
  saved.damaged.insert("weights/.ATTRIBUTES/VARIABLE_VALUE");
  Model model{{7, 7}, Vocabulary({{"old", 1}})};
  CHECK(code_of([&] { saved.restore(root_of(model)); }) == ErrorCode::data_loss);
  CHECK(model.vocabulary.ids().count("old") == 1);
}

TEST_CASE("a list grows by classes of several tensors") {
  std::vector<Vocabulary> list{Vocabulary({{"a", 1}}), Vocabulary(two_words)};
  SavedState saved(child("list", list));
  std::vector<Vocabulary> grown;
  saved.restore(child("list", grown));
  REQUIRE(grown.size() == 2);
  CHECK(grown[1].ids() == two_words);
}

TEST_CASE("two tensors of one name are refused when they are added") {
  NamedTensors tensors;
  tensors.add("a", 1.0f);
  CHECK(code_of([&] { tensors.add("a", 2.0f); }) == ErrorCode::already_exists);
  CHECK(code_of([&] { (void)tensors.at("b"); }) == ErrorCode::not_found);
  std::int32_t other = 5;
  CHECK(code_of([&] { tensors.get("a", other); }) == ErrorCode::invalid_argument);
  CHECK(other == 5);
}
