// Prints the structs of all object-based checkpoints of a folder: print_all DATA OUT. Checkpoints with the same structs
// share a header, OUT/0.hpp and so on, in a namespace of its own; OUT/list.txt has a line for each checkpoint: number
// of its header, "restore" or "read", "whole" or "partial", and its prefix.
#include <cairn/edit/checkpoint_reader.hpp>
#include <cairn/edit/checkpoint_view.hpp>
#include <cairn/schema/print_struct.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <string>
#include <vector>

namespace {

std::string printed(const std::string& prefix, const std::string& name_space) {
  const cairn::CheckpointReader reader(prefix);
  cairn::PrintedValues values;
  for (const auto& [key, entry] : reader.bundle().entries())
    values.emplace(key, cairn::PrintedValue{entry.dtype, entry.shape});
  return cairn::print_struct(cairn::CheckpointView(prefix).object_graph(), values, {.name_space = name_space});
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  std::vector<std::string> prefixes;
  for (const auto& file : std::filesystem::recursive_directory_iterator(argv[1])) {
    const std::string path = file.path().string();
    if (path.ends_with(".index")) prefixes.push_back(path.substr(0, path.size() - 6));
  }
  std::sort(prefixes.begin(), prefixes.end());
  const std::filesystem::path out = argv[2];
  std::map<std::string, std::size_t> known;
  std::ofstream list(out / "list.txt");
  for (const std::string& prefix : prefixes) {
    if (!cairn::bundle::has_object_graph(cairn::bundle::Reader(prefix))) continue;
    const std::string text = printed(prefix, "same");
    const auto [place, is_new] = known.emplace(text, known.size());
    if (is_new)
      std::ofstream(out / (std::to_string(place->second) + ".hpp"))
          << printed(prefix, "printed_" + std::to_string(place->second));
    list << place->second << (text.find("}.restore(path)") == std::string::npos ? " read" : " restore")
         << (text.find("expect_partial") == std::string::npos ? " whole " : " partial ") << prefix << '\n';
  }
}
