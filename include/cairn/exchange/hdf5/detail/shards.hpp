// The list of the files that Keras has divided a model's weights among, "model.weights.json":
//
//   {"metadata": {"total_size": 288.0},
//    "weight_map": {"/layers/dense/vars": "model_00000.weights.h5",
//                   "/layers/dense_1/vars": ["model_00000.weights.h5", "model_00001.weights.h5"]}}
//
// keras.src.saving.saving_lib.ShardedH5IOStore writes it. The files lie beside the list.
#pragma once

#include "../../../core/error.hpp"
#include "../../../io/file_system.hpp"
#include "../../../io/path.hpp"
#include "../../../io/whole_file.hpp"
#include "../../detail/json_text.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::exchange::detail {

// A file of weights, and the groups that are said to have tensors in it.
struct WeightsShard {
  std::string path;
  std::vector<std::string> groups;  // "/layers/dense/vars"
};

[[nodiscard]] inline bool is_list_of_shards(std::string_view path) noexcept { return path.ends_with(".weights.json"); }

// Reads such a list; the files come in the order of their names, which is that in which Keras wrote them. Throws Error
// with ErrorCode::data_loss for a damaged list and for a name that leads out of its folder.
[[nodiscard]] inline std::vector<WeightsShard> read_shards(const std::string& path, io::FileSystem& files) {
  constexpr std::size_t max_bytes = 1 << 28, max_shards = 100'000;
  const std::string text = io::read_whole_file(files, path, max_bytes);
  JsonReader json(text, path, "list of files");
  std::vector<WeightsShard> shards;
  const std::string folder = path.substr(0, path.size() - io::file_name(path).size());
  const auto note = [&](std::string name, const std::string& group) {
    const bool stays =
        !name.empty() && name != "." && name != ".." && name.find_first_of(std::string_view("/\\:\0", 4)) == name.npos;
    if (!stays)
      throw Error(ErrorCode::data_loss, "\"" + path + "\" names \"" + name.c_str() +
                                            "\" among its files, which is no name in its own folder; it is damaged, or "
                                            "was made to deceive")
          .in_file(path);
    name = folder + name;
    const auto is_it = [&](const WeightsShard& shard) { return shard.path == name; };
    auto known = std::find_if(shards.rbegin(), shards.rend(), is_it);  // mostly the last one
    if (known == shards.rend()) {
      if (shards.size() == max_shards) throw json.wrong("names more than " + std::to_string(max_shards) + " files");
      shards.push_back({std::move(name), {}});
      known = shards.rbegin();
    }
    known->groups.push_back(group);
  };
  json.for_each_member([&](const std::string& member) {
    if (member != "weight_map") return json.skip();
    json.for_each_member([&](const std::string& group) {
      if (json.next() == '[')
        json.for_each_element([&] { note(json.string(), group); });
      else
        note(json.string(), group);
    });
  });
  json.end();
  if (shards.empty()) throw json.wrong("names no file of weights");
  std::sort(shards.begin(), shards.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return shards;
}

// Throws Error with ErrorCode::data_loss unless each group has a tensor among `paths`, those of the file's datasets.
inline void require_groups(const WeightsShard& shard, std::vector<std::string> paths) {
  std::sort(paths.begin(), paths.end());
  for (const std::string& group : shard.groups) {
    const std::string within = group + "/";
    const auto found = std::lower_bound(paths.begin(), paths.end(), within);
    if (found == paths.end() || !found->starts_with(within))
      throw Error(ErrorCode::data_loss, "\"" + shard.path + "\" has no weights in \"" + group +
                                            "\", which the list of files says; it is another model's, or was cut")
          .in_file(shard.path);
  }
}

// True when a dataset stands before another one: by the names of their groups, and numbers by their value.
[[nodiscard]] inline bool is_before_in_keras(std::string_view a, std::string_view b) noexcept {
  const auto is_number = [](std::string_view name) {
    return !name.empty() && name.find_first_not_of("0123456789") == name.npos;
  };
  const auto take = [](std::string_view& path) {
    const std::string_view name = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(path.size(), name.size() + 1));
    return name;
  };
  while (!a.empty() && !b.empty()) {
    const std::string_view first = take(a), second = take(b);
    if (is_number(first) && is_number(second) && first.size() != second.size()) return first.size() < second.size();
    if (first != second) return first < second;
  }
  return a.empty() && !b.empty();
}

}  // namespace CAIRN_NAMESPACE::exchange::detail
