// Objects that are several tensors of one node: serialize_to_tensors.
#include "interop/case.hpp"

#include <map>

using namespace cairn::literals;

namespace {

struct PlainName {
  static constexpr const char* ids = "ids";
};
struct EscapedName {
  static constexpr const char* ids = "a/b.c";
};

template <class Name>
class Vocabulary {
 public:
  std::map<std::string, std::int64_t> numbers;

  cairn::NamedTensors serialize_to_tensors() const {
    std::vector<std::string> words;
    std::vector<std::int64_t> ids;
    for (const auto& [word, id] : numbers) {
      words.push_back(word);
      ids.push_back(id);
    }
    cairn::NamedTensors tensors;
    tensors.add("words", words);
    tensors.add(Name::ids, ids);
    return tensors;
  }
  void restore_from_tensors(const cairn::NamedTensors& tensors) {
    std::vector<std::string> words;
    std::vector<std::int64_t> ids;
    tensors.get("words", words);
    tensors.get(Name::ids, ids);
    numbers.clear();
    for (std::size_t i = 0; i < words.size(); ++i) numbers[words[i]] = ids.at(i);
  }
};

// TensorFlow's MutableHashTable.
struct Table {
  static constexpr std::string_view saveable_name = "table";
  std::vector<std::string> keys;
  std::vector<std::int64_t> values;

  cairn::NamedTensors serialize_to_tensors() const {
    cairn::NamedTensors tensors;
    tensors.add("-keys", keys);
    tensors.add("-values", values);
    return tensors;
  }
  void restore_from_tensors(const cairn::NamedTensors& tensors) {
    tensors.get("-keys", keys);
    tensors.get("-values", values);
  }
};

struct Model {
  Vocabulary<PlainName> vocabulary;
  std::int64_t step = 0;
};

}  // namespace

void read(const std::filesystem::path& directory) {
  Model model;
  cairn::Checkpoint checkpoint{"model"_a = model};
  checkpoint.read((directory / "plain").string()).assert_consumed();
  CAIRN_EXPECT(model.vocabulary.numbers == (std::map<std::string, std::int64_t>{{"one", 1}, {"two", 2}}));
  CAIRN_EXPECT(model.step == 5);

  Vocabulary<EscapedName> escaped;
  cairn::Checkpoint{"vocabulary"_a = escaped}.read((directory / "escaped").string()).assert_consumed();
  CAIRN_EXPECT(escaped.numbers == (std::map<std::string, std::int64_t>{{"one", 1}}));

  Table table;
  cairn::Checkpoint{"table"_a = table}.read((directory / "table").string()).assert_consumed();
  CAIRN_EXPECT(table.keys == std::vector<std::string>{"seven"} && table.values == std::vector<std::int64_t>{7});

  CAIRN_EXPECT_THROWS(cairn::ErrorCode::invalid_argument, "model.vocabulary's tensor 'ids'",
                      (void)checkpoint.read((directory / "other_names").string()));
  CAIRN_EXPECT(model.vocabulary.numbers.size() == 2);
}

void write(const std::filesystem::path& directory) {
  Model model{{{{"two", 2}, {"three", 3}}}, 6};
  cairn::Checkpoint{"model"_a = model}.write(directory / "plain");
  Vocabulary<EscapedName> escaped{{{"nine", 9}}};
  cairn::Checkpoint{"vocabulary"_a = escaped}.write(directory / "escaped");
  Table table{{"eight"}, {8}};
  cairn::Checkpoint{"table"_a = table}.write(directory / "table");
}
