// Functions of the program that save and restore objects in steps of their own.
#include <cairn/checkpoint/registered_saver.hpp>

#include "checkpoint/states.hpp"

#include <cairn/bundle/object_graph.hpp>
#include <cairn/bundle/reader.hpp>
#include <cairn/bundle/writer.hpp>
#include <cairn/cereal.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>

using namespace cairn;
using namespace cairn::test;
using namespace cairn::literals;

namespace {

cairn::testing::MemoryFileSystem& files() {
  static cairn::testing::MemoryFileSystem all;
  return all;
}

// Parts that are saved together, as one tensor "<name>/value".
struct Part {
  float value = 0;
};
struct Stack {
  std::vector<Part> parts;
  std::vector<float> note;  // saved as usual
};
std::vector<std::string> calls;  // what was called, in order

template <class T>
CheckpointSaver saver_of(std::string name) {
  const auto is_mine = [](const Trackable& object) { return object.is<T>() || object.is<Part>(); };
  return {.name = std::move(name),
          .predicate = is_mine,
          .save_fn =
              [](const Trackables& trackables, const std::string& file_prefix) {
                calls.push_back("save " + file_prefix);
                bundle::Writer writer(file_prefix, {}, files());
                for (const auto& [key, object] : trackables)
                  if (const T* const stack = object.template get_if<T>()) {
                    std::vector<float> values;
                    for (const Part& part : stack->parts) values.push_back(part.value);
                    writer.add(key + "/value", TensorView(DT_FLOAT, Shape{static_cast<std::int64_t>(values.size())},
                                                          std::as_bytes(std::span(values))));
                    writer.flush();
                  }
                writer.finish();
                return std::vector<std::string>{file_prefix};
              },
          .restore_fn = [](const Trackables& trackables, const std::string& merged_prefix) -> std::function<void()> {
            calls.push_back("restore " + merged_prefix);
            const bundle::Reader reader(merged_prefix, files());
            std::vector<std::pair<T*, std::vector<float>>> found;
            for (const auto& [key, object] : trackables)
              if (T* const stack = object.template get_if<T>()) {
                std::vector<float> values(static_cast<std::size_t>(reader.lookup(key + "/value").shape.num_elements()));
                reader.read(key + "/value", std::as_writable_bytes(std::span(values)));
                found.emplace_back(stack, std::move(values));
              }
            return [found = std::move(found)] {
              for (const auto& [stack, values] : found) {
                calls.push_back("put beside note " + std::to_string(stack->note.size()));
                stack->parts.resize(values.size());
                for (std::size_t i = 0; i < values.size(); ++i) stack->parts[i].value = values[i];
              }
            };
          }};
}

// Registered once for the program.
void register_stacks() {
  static const bool once = (register_checkpoint_saver(saver_of<Stack>("stacks")), true);
  static_cast<void>(once);
}
std::string saved_stack(const std::string& prefix) {
  register_stacks();
  calls.clear();
  Stack stack{{{1}, {2}, {3}}, {7, 8}};
  return CheckpointIn(files(), "stack"_a = stack).write(prefix);
}
ObjectGraph graph_of(const std::string& path) { return bundle::read_object_graph(bundle::Reader(path, files())); }
void change_graph(const std::string& path, const std::function<void(ObjectGraph&)>& change) {
  ObjectGraph graph = graph_of(path);
  change(graph);
  const std::vector<std::string> encoded{bundle::encode_object_graph(graph)};
  const bundle::Reader reader(path, files());
  bundle::Writer writer(path + "-changed", {}, files());
  for (const auto& [key, entry] : reader.entries())
    if (key != bundle::object_graph_key) writer.add_copy(reader, key);
  writer.add(std::string(bundle::object_graph_key), TensorView(Shape{}, encoded));
  writer.finish();
}

}  // namespace

TEST_CASE("test_registered_saver_checkpoint: a saver packs several objects into one tensor") {
  const std::string path = saved_stack("packs");
  CHECK(calls == Names{"save packs-Custom.stacks"});
  const bundle::Reader reader(path, files());
  CHECK(reader.contains("stack/value"));
  CHECK(reader.contains("stack/note/.ATTRIBUTES/VARIABLE_VALUE"));
  CHECK_FALSE(files().exists("packs-Custom.stacks.index"));
  const auto graph = graph_of(path);
  REQUIRE(graph.size() >= 2);
  REQUIRE(graph[1].registered_saver.has_value());
  CHECK(graph[1].registered_saver->name == "Custom.stacks");
  CHECK(graph[1].registered_saver->object_name == "stack");
  CHECK(graph[1].attributes.empty());
  CHECK(graph[1].has_checkpoint_values == true);

  Stack restored;
  const LoadStatus status = CheckpointIn(files(), "stack"_a = restored).read(path);
  REQUIRE(restored.parts.size() == 3);
  CHECK(restored.parts[2].value == 3);
}

TEST_CASE("test_registered_saver_checkpoint: separate objects are restored by themselves") {
  register_stacks();
  Stack a{{{1}}, {}}, b{{{2}}, {}};
  const std::string path = CheckpointIn(files(), "a"_a = a, "b"_a = b).write("separate");
  Stack restored;
  CheckpointIn checkpoint(files(), "b"_a = restored);
  checkpoint.read(path).expect_partial();
  CHECK(restored.parts.at(0).value == 2);
  Stack later;
  checkpoint.track("a", later);
  CHECK(later.parts.at(0).value == 1);
}

TEST_CASE("test_registered_saver_is_called_before_save_after_load") {
  const std::string path = saved_stack("order");
  Stack restored{{}, {0}};
  CheckpointIn(files(), "stack"_a = restored).read(path).expect_partial();
  CHECK(calls == Names{"save order-Custom.stacks", "restore order", "put beside note 2"});
}

TEST_CASE("what a saver refuses leaves everything as it was") {
  const std::string path = saved_stack("refuses");
  struct Other {
    std::vector<float> note;
    Stack stack;
  };
  change_graph(path, [](ObjectGraph& graph) { graph.set_registered_saver(1, {"Custom.stacks", "gone"}); });
  Stack restored{{{5}}, {0}};
  CheckpointIn checkpoint(files(), "stack"_a = restored);
  CHECK_THROWS_AS(static_cast<void>(checkpoint.read(path + "-changed")), Error);
  CHECK(restored.note.size() == 1);
  CHECK(restored.parts.at(0).value == 5);
}

TEST_CASE("a saver that is not registered here is no error, and listed") {
  const std::string path = saved_stack("unknown");
  change_graph(path, [](ObjectGraph& graph) { graph.set_registered_saver(1, {"Custom.elsewhere", "stack"}); });
  Stack restored;
  const LoadStatus status = CheckpointIn(files(), "stack"_a = restored).read(path + "-changed");
  CHECK(restored.note.size() == 2);
  const auto& left = status.only_in_checkpoint();
  CHECK(std::find(left.begin(), left.end(), "stack's registered saver 'Custom.elsewhere'") != left.end());
  CHECK_THROWS_AS(status.assert_consumed(), Error);
}

TEST_CASE("test_strict_predicate: an object that the saver does not take is refused before anything is restored") {
  const std::string path = saved_stack("strict");
  struct Other {
    std::vector<float> note;
  } other;
  CheckpointIn checkpoint(files(), "stack"_a = other);
  try {
    static_cast<void>(checkpoint.read(path));
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::invalid_argument);
    CHECK(std::string(error.what()).find("saver cannot be used") != std::string::npos);
  }
  CHECK(other.note.empty());
  const LoadStatus skipped = checkpoint.read(path, {.on_mismatch = OnMismatch::skip});
  CHECK(skipped.mismatched().size() == 1);
  CHECK(other.note.size() == 2);
}

namespace {
struct Optional {
  Stack stack;
  std::vector<Part> parts;
  std::vector<float> note;
};
}  // namespace

TEST_CASE("test_non_strict_predicate: an optional saver is skipped, and listed") {
  CheckpointSaver saver = saver_of<Optional>("optional");
  saver.predicate = [](const Trackable& object) { return object.is<Optional>(); };
  saver.strict_predicate_restore = false;
  register_checkpoint_saver(saver);
  register_stacks();
  Optional saved{{}, {{1}}, {4}};
  const std::string path = CheckpointIn(files(), "it"_a = saved).write("optional");
  struct {
    std::vector<float> note;
  } other;
  const LoadStatus status = CheckpointIn(files(), "it"_a = other).read(path);
  CHECK(other.note.size() == 1);
  CHECK_THROWS_AS(status.assert_consumed(), Error);
}

namespace {
struct Migrated {
  float value = 0;
  std::string name;  // what the saver was given for it
};
}  // namespace

TEST_CASE("test_migration_backwards_compatibility: a saver gets the first key of what was saved without it") {
  float plain = 5;
  const std::string path = CheckpointIn(files(), "it"_a = plain).write("plain");
  register_checkpoint_saver({.name = "migrated",
                             .predicate = [](const Trackable& object) { return object.is<Migrated>(); },
                             .save_fn = [](const Trackables&, const std::string&) { return Names{}; },
                             .restore_fn = [](const Trackables& objects, const std::string&) -> std::function<void()> {
                               return [objects] {
                                 for (const auto& [name, object] : objects) object.get_if<Migrated>()->name = name;
                               };
                             }});
  Migrated migrated;
  CheckpointIn(files(), "it"_a = migrated).read(path).expect_partial();
  CHECK(migrated.name == "it/.ATTRIBUTES/VARIABLE_VALUE");
}

// Its words are restored by themselves, its pages in cereal's way; a saver only counts them.
class Words {
 public:
  std::vector<float> words;
  cairn::NamedTensors serialize_to_tensors() const {
    cairn::NamedTensors tensors;
    tensors.add("words", words);
    return tensors;
  }
  void restore_from_tensors(const cairn::NamedTensors& tensors) { tensors.get("words", words); }
};
class Page {
 public:
  std::int32_t number = 0;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(cereal::make_nvp("number", number));
  }
};
struct Book {
  Words words;
  std::vector<Page> pages;
  std::int64_t sum = 0;
};

TEST_CASE("what restores itself below a saver's object is in place when the saver puts its values, which may move it") {
  register_checkpoint_saver({.name = "books",
                             .predicate = [](const Trackable& object) { return object.is<Book>(); },
                             .save_fn = [](const Trackables&, const std::string&) { return Names{}; },
                             .restore_fn = [](const Trackables& books, const std::string&) -> std::function<void()> {
                               return [books] {
                                 for (const auto& [key, object] : books) {
                                   Book& book = *object.get_if<Book>();
                                   book.sum = static_cast<std::int64_t>(book.words.words.size());
                                   for (const Page& page : book.pages) book.sum += page.number;
                                   book.pages.resize(100);
                                 }
                               };
                             }});
  struct Shelf {
    std::vector<Book> books;
  };
  Shelf saved{{{.words = {{1, 2, 3}}, .pages = {{10}, {20}}}, {.words = {{4}}, .pages = {{30}}}}};
  const std::string path = CheckpointIn(files(), "shelf"_a = saved).write("books");
  Shelf shelf{{{.words = {}, .pages = {{}, {}}}}};  // grows: the saver's object moves afterwards
  CheckpointIn(files(), "shelf"_a = shelf).read(path).expect_partial();
  REQUIRE(shelf.books.size() == 2);
  CHECK(shelf.books[0].sum == 33);
  CHECK(shelf.books[0].pages.size() == 100);
  CHECK(shelf.books[0].pages[1].number == 20);
  CHECK(shelf.books[1].words.words == std::vector<float>{4});
}

TEST_CASE("a save that a saver fails writes nothing, and leaves no files") {
  struct Failing {
    float value = 0;
  } failing;
  register_checkpoint_saver(
      {.name = "failing",
       .predicate = [](const Trackable& object) { return object.is<Failing>(); },
       .save_fn = [](const Trackables&, const std::string& prefix) -> Names {
         bundle::Writer(prefix, {}, files()).finish();
         if (calls.empty()) throw std::runtime_error("no");
         return {prefix, "nowhere"};
       },
       .restore_fn = [](const Trackables&, const std::string&) -> std::function<void()> { return {}; }});
  CheckpointIn checkpoint(files(), "it"_a = failing);
  calls = {"something"};
  CHECK_THROWS_AS(checkpoint.write("fails"), Error);
  CHECK_FALSE(files().exists("fails.index"));
  CHECK_FALSE(files().exists("fails-Custom.failing.index"));
  calls.clear();
  CHECK_THROWS_AS(checkpoint.save("fails"), std::runtime_error);
  CHECK(checkpoint.save_counter() == 0);
}

TEST_CASE("a saver that writes to the checkpoint's own path is refused in a sentence") {
  struct Bold {
    float value = 0;
  } bold;
  register_checkpoint_saver(
      {.name = "bold",
       .predicate = [](const Trackable& object) { return object.is<Bold>(); },
       .save_fn = [](const Trackables&, const std::string& prefix) -> Names {
         const std::string own = prefix.substr(0, prefix.size() - std::string_view("-Custom.bold").size());
         bundle::Writer(own, {}, files()).finish();
         return {own};
       },
       .restore_fn = [](const Trackables&, const std::string&) -> std::function<void()> { return {}; }});
  CheckpointIn checkpoint(files(), "it"_a = bold);
  const Error error = error_of([&] { return checkpoint.write("own"); });
  CHECK(error.code() == ErrorCode::invalid_argument);
  CHECK(error.file() == "own");
  CHECK(std::string(error.what()) ==
        "the registered saver Custom.bold wrote to own, which is the checkpoint's own path; write to the prefix that "
        "save_fn is given");
  CHECK(checkpoint.save_counter() == 0);
}

TEST_CASE("savers are registered once, under legal names, with all functions") {
  register_stacks();
  const auto code_of = [](CheckpointSaver saver) {
    try {
      register_checkpoint_saver(std::move(saver));
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::internal;
  };
  CHECK(code_of(saver_of<Stack>("stacks")) == ErrorCode::already_exists);
  CHECK(code_of(saver_of<Stack>("with space")) == ErrorCode::invalid_argument);
  CHECK(code_of(saver_of<Stack>("")) == ErrorCode::invalid_argument);
  CHECK(code_of({.name = "empty"}) == ErrorCode::invalid_argument);
}

TEST_CASE("a slot variable of a variable that a registered saver saves has no key, and is refused") {
  using Odd = Variable<std::int8_t, 7, 3>;
  register_checkpoint_saver({.name = "odd",
                             .predicate = [](const Trackable& object) { return object.is<Odd>(); },
                             .save_fn = [](const Trackables&, const std::string&) { return Names{}; },
                             .restore_fn = [](const Trackables&, const std::string&) { return [] {}; }});
  struct {
    float rate = 0;
    SlotVariables m;
  } optimizer;
  struct {
    Odd w;
  } model;
  optimizer.m[model.w](0, 0) = 1;
  CheckpointIn checkpoint(files(), "optimizer"_a = optimizer, "model"_a = model);
  std::string said;
  try {
    checkpoint.write("odd");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::unimplemented);
    said = error.what();
  }
  CHECK(said.find("let one saver save both") != std::string::npos);
}
