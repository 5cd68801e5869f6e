// cairn ls: what is in a checkpoint.
#include "as_header.hpp"
#include "command.hpp"
#include "output.hpp"
#include "progress.hpp"
#include "sha256.hpp"

#include <cairn/bundle/detail/add_copy.hpp>
#include <cairn/bundle/reader.hpp>

#include <algorithm>
#include <bit>

namespace tool {

namespace {

struct Line {
  std::string key;
  std::string dtype;
  cairn::Shape shape;
  std::uint64_t bytes = 0;
  std::string crc32c{};  // "ok", "bad"; "unknown" for a dtype of a newer TensorFlow
  std::string sha256{};  // empty where nobody can read it
};

// As they are stored; of a partitioned tensor all of its parts.
[[nodiscard]] std::uint64_t bytes_of(const cairn::bundle::Reader& reader, const std::string& key,
                                     const cairn::bundle::Entry& entry) {
  if (entry.slices.empty()) return entry.size;
  const auto elements = static_cast<std::uint64_t>(entry.shape.checked_num_elements().value_or(0));
  if (const std::size_t size = cairn::size_of(entry.dtype); size != 0) return elements * size;
  try {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < entry.slices.size(); ++i)
      sum += cairn::bundle::detail::stored_part(reader, key, entry, i).size;
    return sum;
  } catch (const cairn::Error&) {
    return 0;
  }
}

// Over the raw little-endian bytes; of strings over each one's length and bytes.
[[nodiscard]] std::string sha256_of(const cairn::bundle::Reader& reader, const std::string& key,
                                    const cairn::bundle::Entry& entry) {
  Sha256 sum;
  if (entry.dtype == cairn::DT_STRING) {
    for (const std::string& text : reader.read_strings(key)) {
      sum.add_little_endian(text.size());
      sum.add(std::as_bytes(std::span(text)));
    }
  } else if (entry.slices.empty() && std::endian::native == std::endian::little) {
    reader.read_pieces(key, [&](std::uint64_t, std::span<const std::byte> piece) { sum.add(piece); });
  } else {
    cairn::AnyTensor tensor = reader.read(key);
    cairn::bundle::detail::swap_numbers(tensor.bytes(), cairn::swap_unit_of(entry.dtype), false);
    sum.add(tensor.bytes());
  }
  return sum.hexadecimal();
}

void check(const cairn::bundle::Reader& reader, const cairn::bundle::Entry& entry, bool with_sha256, Line& line) {
  const bool has_values = entry.dtype == cairn::DT_STRING || cairn::size_of(entry.dtype) != 0;
  try {
    if (with_sha256 && has_values)
      line.sha256 = sha256_of(reader, line.key, entry);
    else
      reader.verify(line.key);
    line.crc32c = "ok";
  } catch (const cairn::Error& error) {
    line.sha256.clear();
    line.crc32c = error.code() == cairn::ErrorCode::unimplemented ? "unknown" : "bad";
  }
}

void print_json(const std::vector<Line>& lines, bool with_sha256) {
  Json json;
  json.begin('[');
  for (const Line& line : lines) {
    json.begin('{').key("key").value(line.key).key("dtype").value(line.dtype);
    json.key("shape").list(line.shape).key("bytes").value(line.bytes).key("crc32c").value(line.crc32c);
    if (with_sha256) {
      json.key("sha256");
      line.sha256.empty() ? json.null() : json.value(line.sha256);
    }
    json.end('}');
  }
  print(json.end(']').text());
}

void print_text(const std::vector<Line>& lines, const cairn::bundle::Reader& reader) {
  std::size_t dtype_width = 0, shape_width = 0, bytes_width = 0;
  std::uint64_t bytes = 0;
  for (const Line& line : lines) {
    dtype_width = std::max(dtype_width, line.dtype.size());
    shape_width = std::max(shape_width, line.shape.to_string().size());
    bytes_width = std::max(bytes_width, with_commas(line.bytes).size());
    bytes += line.bytes;
  }
  // A key that is too long, or too long for this terminal, has a line of its own.
  constexpr std::size_t max_key_width = 120;
  const std::size_t others = dtype_width + shape_width + bytes_width + 6;
  const std::size_t terminal = terminal_width().value_or(max_key_width + others);
  const std::size_t longest = std::min(max_key_width, terminal > others ? terminal - others : 0);
  std::size_t key_width = 2;
  for (const Line& line : lines)
    if (const std::size_t width = columns(shown(line.key)); width <= longest) key_width = std::max(key_width, width);
  const auto padding = [](std::size_t width, std::size_t taken) {
    return std::string(width > taken ? width - taken : 0, ' ');
  };
  for (const Line& line : lines) {
    const std::string shape = line.shape.to_string(), size = with_commas(line.bytes);
    const std::size_t width = columns(shown(line.key));
    std::string text = shown_key(line.key);
    text += width <= longest ? padding(key_width, width) : "\n" + padding(key_width, 0);
    text += "  " + line.dtype + padding(dtype_width, line.dtype.size()) + "  " + shape;
    text += padding(shape_width, shape.size()) + "  " + padding(bytes_width, size.size()) + size;
    if (!line.sha256.empty()) text += "  " + line.sha256;
    if (line.crc32c == "bad") text += red("  damaged");
    print(text + "\n");
  }
  std::string total = count_of(lines.size(), "tensor") + ", " + bytes_in_words(bytes);
  if (reader.num_shards() > 1) total += ", in " + std::to_string(reader.num_shards()) + " data files";
  print(total + "\n");
}

}  // namespace

int ls(Arguments& arguments) {
  std::string path, header;
  bool with_sha256 = false;
  arguments.describe(
      "Lists every tensor of a checkpoint: key, dtype, shape and bytes, sorted by key as TensorFlow sorts, and the "
      "totals at the end. Only the index is read, so that this is quick whatever the checkpoint's size.");
  arguments.describe(
      "With --json or --sha256 all bytes are read, and each tensor says whether its checksum is right (\"crc32c\": "
      "\"ok\" or \"bad\"; \"unknown\" where a newer TensorFlow wrote a dtype of its own). When one is not, the exit "
      "status is 1. A tensor's \"sha256\" is over its raw little-endian bytes; of strings over each one's length, as a "
      "little-endian uint64, and bytes. Partitioned tensors are put together first.");
  arguments.describe(
      "PATH is what the checkpoint was saved under, one of its files, its directory, or a SavedModel's. Checkpoints of "
      "TensorFlow's old format V1 are read as well, by every command; `cairn edit --out` writes them anew in today's.");
  arguments.describe(
      "With --cpp it prints the index and the object graph as a C++ header instead, as cairn_embed does: the compiler "
      "checks a program's structs against it, with cairn::schema::matches.");
  arguments.example("cairn ls training");
  arguments.example("cairn ls trained/ckpt-1 --cpp trained > trained.hpp");
  arguments.example("cairn ls training/ckpt-3 --json --sha256 | jq '.[] | select(.crc32c != \"ok\")'");
  arguments.positional("PATH", path, "the checkpoint");
  arguments.flag("--sha256", with_sha256, "a digest of each tensor's values, to compare them across files");
  arguments.option("--cpp", "NAME", header, "a header that defines NAME, for cairn::schema::parse(NAME)");
  arguments.parse();

  const std::string prefix = find_checkpoint(path);
  if (!header.empty()) {
    print(as_header(prefix, header));
    return done;
  }
  Progress progress(arguments.quiet(), "reading", data_bytes(prefix));
  const cairn::bundle::Reader reader(prefix, progress);
  std::vector<Line> lines;
  bool is_whole = true;
  for (const auto& [key, entry] : reader.entries()) {
    Line line{key, cairn::to_string(entry.dtype), entry.shape, bytes_of(reader, key, entry)};
    if (arguments.json() || with_sha256) check(reader, entry, with_sha256, line);
    is_whole = is_whole && line.crc32c != "bad";
    lines.push_back(std::move(line));
  }
  if (arguments.json())
    print_json(lines, with_sha256);
  else
    print_text(lines, reader);
  return is_whole ? done : damaged;
}

}  // namespace tool
