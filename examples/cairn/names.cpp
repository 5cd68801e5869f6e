#include "names.hpp"

#include "arguments.hpp"
#include "output.hpp"

#include <cairn/edit/checkpoint_editor.hpp>
#include <cairn/edit/checkpoint_reader.hpp>
#include <cairn/reflect/detail/nearest.hpp>

#include <array>
#include <charconv>

namespace tool {

std::string unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      plain += text[i];
      continue;
    }
    const char kind = text[++i];
    const std::size_t digits = kind == 'x' ? 2 : kind == 'u' ? 4 : 0;
    std::uint32_t value = 0;
    const std::string_view hex = text.substr(i + 1, digits);
    const bool is_hex = digits != 0 && hex.size() == digits &&
                        std::from_chars(hex.data(), hex.data() + digits, value, 16).ptr == hex.data() + digits;
    if (kind == 'n' || kind == 't' || kind == 'r') {
      plain += kind == 'n' ? '\n' : kind == 't' ? '\t' : '\r';
    } else if (is_hex) {
      i += digits;
      if (kind == 'x') {
        plain += static_cast<char>(value);
      } else if (value < 0x800) {
        plain += static_cast<char>(0xc0u | value >> 6);
        plain += static_cast<char>(0x80u | (value & 0x3fu));
      } else {
        plain += static_cast<char>(0xe0u | value >> 12);
        plain += static_cast<char>(0x80u | (value >> 6 & 0x3fu));
        plain += static_cast<char>(0x80u | (value & 0x3fu));
      }
    } else {
      (plain += '\\') += kind;
    }
  }
  return plain;
}

std::string key_of(const cairn::CheckpointReader& reader, const std::string& name) {
  if (const std::string plain = unescaped(name); plain != name && !reader.has_tensor(name) && reader.has_tensor(plain))
    return reader.key_of(plain);
  return reader.key_of(name);
}

std::string key_of(const cairn::CheckpointEditor& editor, const std::string& name) {
  if (const std::string plain = unescaped(name); plain != name && !editor.contains(name) && editor.contains(plain))
    return editor.key_of(plain);
  return editor.key_of(name);
}

cairn::DType dtype_named(std::string_view name) {
  std::string text(name);
  if (text.starts_with("DT_")) {
    text.erase(0, 3);
    for (char& c : text) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  }
  constexpr std::array<std::pair<std::string_view, cairn::DType>, 3> others{
      {{"float", cairn::DT_FLOAT}, {"double", cairn::DT_DOUBLE}, {"half", cairn::DT_HALF}}};
  for (const auto& [other, dtype] : others)
    if (text == other) return dtype;
  if (const auto dtype = cairn::dtype_from_name(text)) return *dtype;
  cairn::reflect::detail::Nearest search{.wrong = text};
  std::string_view nearest;
  for (std::int32_t i = 1; cairn::is_known(static_cast<cairn::DType>(i)); ++i)
    if (search.offer(cairn::name(static_cast<cairn::DType>(i)))) nearest = cairn::name(static_cast<cairn::DType>(i));
  throw WrongUsage{"there is no dtype " + shown(name) +
                   (nearest.empty() ? "; float32, int64, bool and string are names of some"
                                    : "; the nearest name is " + std::string(nearest))};
}

std::pair<std::string, std::string> sides(std::string_view text, std::string_view option, std::string_view form) {
  std::pair<std::string, std::string> both;
  std::string* side = &both.first;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] == '=')
      *side += text[++i];
    else if (text[i] == '=' && side == &both.first)
      side = &both.second;
    else
      *side += text[i];
  }
  if (side == &both.first || both.first.empty() || both.second.empty())
    throw WrongUsage{std::string(option) + " wants " + std::string(form) + ", not " + shown(text)};
  return both;
}

}  // namespace tool
