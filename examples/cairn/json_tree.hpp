// A JSON text as a tree in memory, read by rapidjson's reader: its own tree is no C++ for newer clangs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tool {

// A value, and what is in it. Functions for another kind of value return nothing of it: no element, no member, no number.
class JsonValue {
 public:
  enum class Kind { null, boolean, number, string, array, object };

  [[nodiscard]] bool is_array() const { return kind == Kind::array; }
  [[nodiscard]] bool is_object() const { return kind == Kind::object; }
  [[nodiscard]] bool is_string() const { return kind == Kind::string; }
  // The number, where it is a whole one of 64 bits.
  [[nodiscard]] std::optional<std::int64_t> integer() const;
  // The member of a name; null where there is none.
  [[nodiscard]] const JsonValue* find(std::string_view name) const;

  Kind kind = Kind::null;
  bool flag = false;
  double number = 0;
  std::string text = {};                 // a string's
  std::vector<JsonValue> elements = {};  // of an array, or the values of an object's members
  std::vector<std::string> names = {};   // of an object's members
};

// Throws cairn::Error (data_loss) for what is no JSON, or is too deep; `path` is for the message.
[[nodiscard]] JsonValue json_tree(std::string_view text, const std::string& path);

// A member of an object; null where there is none, or null.
[[nodiscard]] const JsonValue* member(const JsonValue& of, std::string_view name);
// The text of a string; empty for everything else.
[[nodiscard]] std::string text_of(const JsonValue* value);
[[nodiscard]] std::string text_of(const JsonValue& of, std::string_view name);

}  // namespace tool
