#include "as_header.hpp"

#include "arguments.hpp"

#include <cairn/bundle/object_graph.hpp>
#include <cairn/bundle/reader.hpp>
#include <cairn/io/native.hpp>
#include <cairn/io/whole_file.hpp>
#include <cairn/schema/detail/print_words.hpp>
#include <cairn/schema/parse.hpp>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <limits>

namespace tool {

namespace {

[[nodiscard]] cairn::schema::detail::FileBytes bytes_of(const std::string& text) {
  return {reinterpret_cast<const unsigned char*>(text.data()), text.size()};
}

// Octal escapes have three digits, so that no letter behind one is taken for a digit of it; "??" begins trigraphs.
void append_array(std::string& out, std::string_view name, std::string_view bytes) {
  constexpr std::size_t in_a_line = 64;
  out.append("  static constexpr unsigned char ").append(name).append("[] =");
  for (std::size_t begin = 0; begin == 0 || begin < bytes.size(); begin += in_a_line) {
    out += "\n      \"";
    for (const char letter : bytes.substr(begin, in_a_line)) {
      const auto byte = static_cast<unsigned char>(letter);
      if (letter == '"' || letter == '\\')
        (out += '\\') += letter;
      else if (byte >= 32 && byte < 127 && letter != '?')
        out += letter;
      else
        for (const int digit : {-1, byte >> 6, byte >> 3 & 7, byte & 7})
          out += digit < 0 ? '\\' : static_cast<char>('0' + digit);
    }
    out += '"';
  }
  out += ";\n";
}

}  // namespace

std::string as_header(const std::string& prefix, std::string_view name) {
  if (name.empty() || cairn::schema::detail::is_digit_letter(name.front()) ||
      !std::all_of(name.begin(), name.end(), cairn::schema::detail::is_name_letter))
    throw WrongUsage{"--cpp \"" + std::string(name) + "\" is no name in C++"};
  const cairn::bundle::Reader reader(prefix);
  const std::string index = cairn::io::native().exists(cairn::bundle::index_path(prefix))
                                ? cairn::io::read_whole_file(cairn::io::native(), cairn::bundle::index_path(prefix),
                                                             std::numeric_limits<std::size_t>::max() / 4)
                                : cairn::bundle::encode_index(reader.index());
  const bool has_graph = cairn::bundle::has_object_graph(reader);
  const std::string graph = has_graph ? reader.read_strings(cairn::bundle::object_graph_key).at(0) : std::string();
  const auto problem = cairn::schema::detail::find_problem(
      bytes_of(index), has_graph ? bytes_of(graph) : cairn::schema::detail::FileBytes{});
  if (problem == cairn::schema::detail::Problem::it_is_compressed)
    throw cairn::Error(cairn::ErrorCode::unimplemented, "the index of " + prefix +
                                                            " is compressed, which no compiler reads; `cairn edit "
                                                            "--out` writes it anew, without");
  if (problem != cairn::schema::detail::Problem::none)
    throw cairn::Error(
        cairn::ErrorCode::data_loss,
        "the index of " + prefix + ", or its object graph, cannot be read as a constant; `cairn verify` says why");
  std::string text = has_graph ? "// The index and the object graph of " : "// The index of ";
  text += std::filesystem::path(prefix).filename().string();
  text +=
      ", made by cairn_embed: see cairn/schema.hpp.\n#pragma once\n#if defined(__GNUC__)\n"
      "#pragma GCC system_header\n#endif\n\nstruct ";
  text.append(name).append("_checkpoint {\n");
  append_array(text, "index", index);
  if (has_graph) append_array(text, "graph", graph);
  text.append("};\ninline constexpr ").append(name).append("_checkpoint ").append(name).append("{};\n");
  return text;
}

}  // namespace tool
