// The keys that an object graph names, against those of an index, which come by in their order.
#pragma once

#include "../../core/detail/sort.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/error.hpp"
#include "../../format/detail/ordered_code.hpp"
#include "../index.hpp"
#include "../object_graph.hpp"
#include "verify_graph.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::bundle::detail {

// The text of a bundle's object graph; nothing for a name-based one.
[[nodiscard]] inline std::optional<std::string> graph_text(const bundle::Reader& reader) {
  if (!bundle::has_object_graph(reader)) return std::nullopt;
  return reader.read_strings(bundle::object_graph_key).at(0);
}

class GraphKeys {
 public:
  // Without a graph no key is missing. Of a graph that is damaged one always is.
  explicit GraphKeys(std::optional<std::string> graph, const std::string& path) {
    if (!graph) return;
    try {
      graph_ = format::decode_object_graph(std::move(*graph));
      graph_.require_ids(path);
      is_missing_ = graph_.size() == 0;
    } catch (const Error&) {
      is_missing_ = true;
      return;
    }
    for (std::size_t id = 0; id < graph_.size(); ++id)
      for (const format::SerializedTensor attribute : graph_[static_cast<std::int32_t>(id)].attributes)
        keys_.push_back(attribute.checkpoint_key);
    core::detail::sort(keys_, [](std::string_view a, std::string_view b) { return a < b; });
  }
  GraphKeys(const GraphKeys&) = delete;
  GraphKeys& operator=(const GraphKeys&) = delete;

  // The next key of the index.
  void pass(std::string_view key) {
    for (; next_ < keys_.size() && keys_[next_] <= key; ++next_)
      is_missing_ = is_missing_ || !is_key_of(key, keys_[next_]);
  }
  // Whether one is missing, after the last key.
  [[nodiscard]] bool is_any_missing() const noexcept { return is_missing_ || next_ < keys_.size(); }

 private:
  format::ObjectGraph graph_;
  core::detail::Vec<std::string_view> keys_;  // in their order
  std::size_t next_ = 0;
  bool is_missing_ = false;
};

// Whether all parts that the entry of a partitioned tensor lists are among `parts`, which get sorted, and make the whole.
[[nodiscard]] inline bool has_all_parts(std::string_view key, const bundle::Entry& entry, bundle::EntryList parts,
                                        const std::string& path) {
  bundle::Index one;
  one.slices = std::move(parts);
  sort_entries(one.slices);
  one.entries.push_back({std::string(key), entry});
  Findings findings;
  SliceVerifier(one, path, findings).run();
  return std::move(findings).take().empty();
}

}  // namespace CAIRN_NAMESPACE::bundle::detail
