// Strings: any bytes, empty, UTF-8, long ones, and variables of strings.
#include "interop/case.hpp"

using namespace cairn::literals;
using namespace std::string_literals;

namespace {

struct Texts {
  std::string note, nothing = "something";
  std::vector<std::string> texts;
  std::array<std::string, 3> fixed;
  std::vector<std::string> none{"something"};
  cairn::Variable<std::string, 2, 3> table;
  cairn::Variable<std::string> one;
  std::map<std::string, std::string> by_name;
};

Texts filled() {
  std::string bytes(256, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i);
  Texts texts;
  texts.note = "note\0with a nul"s;
  texts.nothing.clear();
  texts.texts = {"", "plain", "nul\0in\0it"s, "grüße 你好", bytes, std::string(300, 'x'), std::string(70000, 'y')};
  texts.fixed = {"a", "", "c"};
  texts.none.clear();
  texts.by_name = {{"first", "1st"}, {"second", "2nd"}};
  texts.table = {{"00", "01", "02"}, {"10", "11", "\0"s}};
  texts.one.assign("only");
  return texts;
}

}  // namespace

void write(const std::filesystem::path& directory) {
  Texts texts = filled();
  cairn::Checkpoint checkpoint{"texts"_a = texts};
  checkpoint.save(directory / "ckpt");
}

void read(const std::filesystem::path& directory) {
  Texts texts;
  const Texts expected = filled();
  cairn::Checkpoint checkpoint{"texts"_a = texts};
  checkpoint.restore((directory / "ckpt-1").string()).assert_consumed();
  CAIRN_EXPECT(texts.note == expected.note);
  CAIRN_EXPECT(texts.nothing.empty());
  CAIRN_EXPECT(texts.texts == expected.texts);
  CAIRN_EXPECT(texts.fixed == expected.fixed);
  CAIRN_EXPECT(texts.none.empty());
  CAIRN_EXPECT(std::ranges::equal(texts.table.span(), expected.table.span()));
  CAIRN_EXPECT(texts.one.value()() == "only");
  CAIRN_EXPECT(texts.by_name == expected.by_name);
}
