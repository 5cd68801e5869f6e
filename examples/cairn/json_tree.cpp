#include "json_tree.hpp"

#include <cairn/core/error.hpp>

// cereal's own copy, which some distributions put out of it.
#if __has_include(<cereal/external/rapidjson/reader.h>)
#include <cereal/external/rapidjson/reader.h>
#else
#include <rapidjson/reader.h>
#endif

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace tool {

namespace {

#ifdef CEREAL_RAPIDJSON_NAMESPACE
namespace json = CEREAL_RAPIDJSON_NAMESPACE;
#else
namespace json = rapidjson;
#endif

// What the reader tells of a text: the values that are open, the outermost first.
class Builder {
 public:
  bool Null() { return add({}); }
  bool Bool(bool flag) { return add({.kind = JsonValue::Kind::boolean, .flag = flag}); }
  bool Int(int number) { return Double(number); }
  bool Uint(unsigned number) { return Double(number); }
  bool Int64(std::int64_t number) { return Double(static_cast<double>(number)); }
  bool Uint64(std::uint64_t number) { return Double(static_cast<double>(number)); }
  bool Double(double number) { return add({.kind = JsonValue::Kind::number, .number = number}); }
  bool RawNumber(const char*, json::SizeType, bool) { return false; }
  bool String(const char* text, json::SizeType size, bool) {
    return add({.kind = JsonValue::Kind::string, .text = std::string(text, size)});
  }
  bool StartObject() { return open(JsonValue::Kind::object); }
  bool StartArray() { return open(JsonValue::Kind::array); }
  bool Key(const char* text, json::SizeType size, bool) {
    open_.back().names.emplace_back(text, size);
    return true;
  }
  bool EndObject(json::SizeType) { return close(); }
  bool EndArray(json::SizeType) { return close(); }

  JsonValue whole = {};

 private:
  static constexpr std::size_t max_depth = 200;

  bool open(JsonValue::Kind kind) {
    open_.push_back({.kind = kind});
    return open_.size() <= max_depth;
  }
  bool close() {
    JsonValue closed = std::move(open_.back());
    open_.pop_back();
    return add(std::move(closed));
  }
  bool add(JsonValue value) {
    if (open_.empty())
      whole = std::move(value);
    else
      open_.back().elements.push_back(std::move(value));
    return true;
  }

  std::vector<JsonValue> open_;
};

}  // namespace

std::optional<std::int64_t> JsonValue::integer() const {
  constexpr double most = 9007199254740992;  // 2^53, up to which a double is exact
  if (kind != Kind::number || std::abs(number) > most || number != std::floor(number)) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

const JsonValue* JsonValue::find(std::string_view name) const {
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? nullptr : &elements[static_cast<std::size_t>(found - names.begin())];
}

const JsonValue* member(const JsonValue& of, std::string_view name) {
  const JsonValue* const found = of.find(name);
  return found == nullptr || found->kind == JsonValue::Kind::null ? nullptr : found;
}
std::string text_of(const JsonValue* value) { return value == nullptr ? "" : value->text; }
std::string text_of(const JsonValue& of, std::string_view name) { return text_of(member(of, name)); }

JsonValue json_tree(std::string_view text, const std::string& path) {
  const std::string ended(text);  // by a NUL
  json::StringStream stream(ended.c_str());
  json::Reader reader;
  Builder builder;
  const auto result = reader.Parse < json::kParseIterativeFlag | json::kParseNanAndInfFlag > (stream, builder);
  if (result.IsError())
    throw cairn::Error(cairn::ErrorCode::data_loss, "the configuration in \"" + path + "\" is no JSON from byte " +
                                                        std::to_string(result.Offset()) + " of it on, or is too deep")
        .in_file(path);
  return std::move(builder.whole);
}

}  // namespace tool
