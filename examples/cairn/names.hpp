// Names that a user gives: of tensors, of dtypes, and two of them joined by "=".
#pragma once

#include <cairn/core/dtype.hpp>
#include <cairn/fwd.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace tool {

// The key of a tensor that is called by its key, its path, or by its key as `cairn ls` shows it, with "\n" for a line's
// end. Throws cairn::Error, with the nearest name.
[[nodiscard]] std::string key_of(const cairn::CheckpointReader& reader, const std::string& name);
[[nodiscard]] std::string key_of(const cairn::CheckpointEditor& editor, const std::string& name);

// What `shown` makes of a text, undone.
[[nodiscard]] std::string unescaped(std::string_view text);

// "float32", also "float" and "DT_FLOAT". Throws WrongUsage, with the nearest one.
[[nodiscard]] cairn::DType dtype_named(std::string_view name);

// The two sides of "OLD=NEW"; "\=" is a letter of a name. Throws WrongUsage: `option` and `form` are for its sentence.
[[nodiscard]] std::pair<std::string, std::string> sides(std::string_view text, std::string_view option,
                                                        std::string_view form);

}  // namespace tool
