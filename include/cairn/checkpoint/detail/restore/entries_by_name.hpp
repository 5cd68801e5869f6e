// The names that a program may use for the tensors of a checkpoint without an object graph.
#pragma once

#include "../../../bundle/reader.hpp"
#include "../../../core/detail/own.hpp"
#include "../../../core/detail/vec.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace CAIRN_NAMESPACE::checkpoint::detail {

// A name that a program may use for a tensor of the checkpoint, and the place of the tensor in the reader's entries.
struct NamedEntry {
  std::string_view name;
  std::size_t entry;
};

// The names in their order, each once: texts of the reader's index, and those that a rule gave. There may be very many.
struct EntriesByName {
  // Null when there is no such name.
  [[nodiscard]] const NamedEntry* find(std::string_view name) const noexcept {
    std::size_t first = 0, last = names.size();
    while (first < last) {
      const std::size_t middle = first + (last - first) / 2;
      if (names[middle].name < name)
        first = middle + 1;
      else
        last = middle;
    }
    return first < names.size() && names[first].name == name ? &names[first] : nullptr;
  }

  core::detail::Vec<NamedEntry> names;
  core::detail::Vec<core::detail::Own<const std::string>> given;
};

// True for the end of the key itself, and false for a name that a rule gave.
[[nodiscard]] inline bool is_its_own(std::string_view name, std::string_view key) noexcept {
  return name.data() + name.size() == key.data() + key.size();
}

// Every tensor under its own key. Refers to the reader's entries, which are in the order of their keys.
[[nodiscard]] inline EntriesByName entries_by_key(const bundle::Reader& reader) {
  EntriesByName by_name;
  const auto& entries = reader.entries();
  by_name.names.reserve(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) by_name.names.push_back({entries[i].first, i});
  return by_name;
}

}  // namespace CAIRN_NAMESPACE::checkpoint::detail
