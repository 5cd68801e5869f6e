// cairn ls: what is in a checkpoint.
#include "as_header.hpp"
#include "command.hpp"
#include "keras_file.hpp"
#include "output.hpp"
#include "progress.hpp"
#include "sha256.hpp"
#include "system.hpp"

#include <cairn/bundle/detail/add_copy.hpp>
#include <cairn/bundle/entry_reader.hpp>
#include <cairn/bundle/reader.hpp>

#include <algorithm>
#include <array>
#include <bit>

namespace tool {

namespace {

// What was found out about a tensor's values.
struct Checked {
  std::string crc32c;  // "ok", "bad"; "unknown" for a dtype of a newer TensorFlow; empty where nobody looked
  std::string sha256;  // empty where nobody can read it
};

// As they are stored; of a partitioned tensor all of its parts.
[[nodiscard]] std::uint64_t bytes_of(cairn::bundle::EntryReader& each) {
  const cairn::bundle::Entry& entry = each.entry();
  if (entry.slices.empty()) return entry.size;
  const auto elements = static_cast<std::uint64_t>(entry.shape.checked_num_elements().value_or(0));
  if (const std::size_t size = cairn::size_of(entry.dtype); size != 0) return elements * size;
  try {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < entry.slices.size(); ++i)
      sum += cairn::bundle::detail::stored_part(each.reader(), each.key(), entry, i).size;
    return sum;
  } catch (const cairn::Error&) {
    return 0;
  }
}

// Over the raw little-endian bytes; of strings over each one's length and bytes.
[[nodiscard]] std::string sha256_of(const cairn::bundle::Reader& reader, const std::string& key,
                                    const cairn::bundle::Entry& entry) {
  Sha256 sum;
  if (entry.dtype == cairn::DT_STRING && entry.slices.empty()) {
    reader.with_strings(key, entry, [&](cairn::bundle::detail::StringElements& texts) {
      while (texts.next_in_pieces([&](std::uint64_t length) { sum.add_little_endian(length); },
                                  [&](std::span<const std::byte> piece) { sum.add(piece); })) {}
    });
  } else if (entry.dtype == cairn::DT_STRING) {
    for (const std::string& text : reader.read_strings(key, entry)) {
      sum.add_little_endian(text.size());
      sum.add(std::as_bytes(std::span(text)));
    }
  } else if (entry.slices.empty() && std::endian::native == std::endian::little) {
    reader.read_pieces(key, entry, [&](std::uint64_t, std::span<const std::byte> piece) { sum.add(piece); });
  } else {
    cairn::AnyTensor tensor = reader.read(key, entry);
    cairn::bundle::detail::swap_numbers(tensor.bytes(), cairn::swap_unit_of(entry.dtype), false);
    sum.add(tensor.bytes());
  }
  return sum.hexadecimal();
}

[[nodiscard]] Checked check(const cairn::bundle::Reader& reader, const std::string& key,
                            const cairn::bundle::Entry& entry, bool with_sha256) {
  const bool has_values = entry.dtype == cairn::DT_STRING || cairn::size_of(entry.dtype) != 0;
  Checked checked;
  try {
    if (with_sha256 && has_values)
      checked.sha256 = sha256_of(reader, key, entry);
    else
      reader.verify(key, entry);
    checked.crc32c = "ok";
  } catch (const cairn::Error& error) {
    if (error.code() == cairn::ErrorCode::cancelled) throw;
    checked.crc32c = error.code() == cairn::ErrorCode::unimplemented ? "unknown" : "bad";
  }
  return checked;
}

// Returns false when a tensor is damaged.
[[nodiscard]] bool print_json(const cairn::bundle::Reader& reader, bool with_sha256) {
  for (cairn::bundle::EntryReader each(reader); each.next();) {}  // half a list is none: damage is found before
  bool is_whole = true;
  Json json;
  json.begin('[');
  for (cairn::bundle::EntryReader each(reader); each.next();) {
    const std::string key(each.key());
    const cairn::bundle::Entry& entry = each.entry();
    const Checked checked = check(each.reader(), key, entry, with_sha256);
    is_whole = is_whole && checked.crc32c != "bad";
    json.begin('{').key("key").value(key).key("dtype").value(cairn::to_string(entry.dtype));
    json.key("shape").list(entry.shape).key("bytes").value(bytes_of(each));
    json.key("crc32c").value(checked.crc32c);
    if (with_sha256) {
      json.key("sha256");
      checked.sha256.empty() ? json.null() : json.value(checked.sha256);
    }
    json.end('}');
    print(json.take());
  }
  print(json.end(']').text());
  return is_whole;
}

// How wide the columns are, and the sums.
struct Table {
  std::size_t dtype_width = 0, shape_width = 0, bytes_width = 0, key_width = 2;
  std::size_t longest = 0;  // a key that is longer has a line of its own
  std::uint64_t tensors = 0, bytes = 0;
};

// The words of an entry.
struct Words {
  cairn::DType dtype_of = cairn::DT_INVALID;
  cairn::Shape shape_of;
  std::uint64_t bytes_of = 0;
  std::string dtype, shape, bytes;
};
// Many entries have the same ones, also where those of a layer take turns.
class KnownWords {
 public:
  [[nodiscard]] const Words& of(const cairn::bundle::Entry& entry, std::uint64_t bytes) {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      Words& words = words_[(last_ + i) % words_.size()];
      if (words.dtype_of != entry.dtype || words.bytes_of != bytes || words.shape_of != entry.shape) continue;
      if (words.dtype.empty()) break;
      last_ = (last_ + i) % words_.size();
      return words;
    }
    last_ = oldest_++ % words_.size();
    return words_[last_] = {
               entry.dtype,       entry.shape, bytes, cairn::to_string(entry.dtype), entry.shape.to_string(),
               with_commas(bytes)};
  }

 private:
  std::array<Words, 8> words_;
  std::size_t last_ = 0, oldest_ = 0;
};

[[nodiscard]] Table measure(const cairn::bundle::Reader& reader) {
  Table table;
  // A key that is too long, or too long for this terminal, has a line of its own. How wide the other columns are is
  // known at the end, so that the lengths of all keys are counted.
  constexpr std::size_t max_key_width = 120;
  std::array<bool, max_key_width + 1> is_there{};
  KnownWords known;
  std::uint64_t most_bytes = 0;
  for (cairn::bundle::EntryReader each(reader); each.next(); ++table.tensors) {
    const std::uint64_t bytes = bytes_of(each);
    const Words& words = known.of(each.entry(), bytes);
    table.dtype_width = std::max(table.dtype_width, words.dtype.size());
    table.shape_width = std::max(table.shape_width, words.shape.size());
    most_bytes = std::max(most_bytes, bytes);
    table.bytes += bytes;
    if (const std::size_t width = shown_columns(each.key()); width <= max_key_width) is_there[width] = true;
  }
  if (table.tensors != 0) table.bytes_width = with_commas(most_bytes).size();
  const std::size_t others = table.dtype_width + table.shape_width + table.bytes_width + 6;
  const std::size_t terminal = width_of(stdout).value_or(max_key_width + others);
  table.longest = std::min(max_key_width, terminal > others ? terminal - others : 0);
  for (std::size_t width = table.key_width; width <= table.longest; ++width)
    if (is_there[width]) table.key_width = width;
  return table;
}

// Returns false when a tensor is damaged.
[[nodiscard]] bool print_text(const cairn::bundle::Reader& reader, bool with_sha256) {
  const Table table = measure(reader);
  const auto pad = [](std::string& text, std::size_t width, std::size_t taken) {
    if (width > taken) text.append(width - taken, ' ');
  };
  bool is_whole = true;
  KnownWords known;
  std::string line;
  for (cairn::bundle::EntryReader each(reader); each.next();) {
    const Words& words = known.of(each.entry(), bytes_of(each));
    const std::size_t width = shown_columns(each.key());
    line.clear();
    append_shown_key(line, each.key());
    if (width > table.longest) line += '\n';
    pad(line, table.key_width, width > table.longest ? 0 : width);
    (line += "  ") += words.dtype;
    pad(line, table.dtype_width, words.dtype.size());
    (line += "  ") += words.shape;
    pad(line, table.shape_width, words.shape.size());
    pad(line += "  ", table.bytes_width, words.bytes.size());
    line += words.bytes;
    if (with_sha256) {
      const Checked checked = check(each.reader(), std::string(each.key()), each.entry(), with_sha256);
      if (!checked.sha256.empty()) (line += "  ") += checked.sha256;
      if (checked.crc32c == "bad") line += red("  damaged");
      is_whole = is_whole && checked.crc32c != "bad";
    }
    print(line += '\n');
  }
  std::string total = count_of(table.tensors, "tensor") + ", " + bytes_in_words(table.bytes);
  if (reader.num_shards() > 1) total += ", in " + std::to_string(reader.num_shards()) + " data files";
  print(total + "\n");
  return is_whole;
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
      "PATH may also be a file of Keras: .keras, .weights.h5 or .h5. Its tensors come in Keras' order. It has no "
      "checksums: \"crc32c\" is \"none\", or \"bad\" where the values cannot be read.");
  arguments.describe(
      "With --cpp it prints the index and the object graph as a C++ header instead, as cairn_embed does: the compiler "
      "checks a program's structs against it, with cairn::schema::matches.");
  arguments.example("cairn ls training");
  arguments.example("cairn ls trained/ckpt-1 --cpp trained > trained.hpp");
  arguments.example("cairn ls training/ckpt-3 --json --sha256 | jq '.[] | select(.crc32c != \"ok\")'");
  arguments.positional("PATH", path, "the checkpoint, or a file of Keras");
  arguments.flag("--sha256", with_sha256, "a digest of each tensor's values, to compare them across files");
  arguments.option("--cpp", "NAME", header, "a header that defines NAME, for cairn::schema::parse(NAME)");
  arguments.parse();

  if (header.empty() && is_keras_file(path)) return ls_keras(arguments, path, with_sha256);
  const std::string prefix = find_checkpoint(path);
  if (!header.empty()) {
    print(as_header(prefix, header));
    return done;
  }
  Progress progress(arguments.quiet(), "reading", data_bytes(prefix));
  const cairn::bundle::Reader reader(prefix, progress);
  const bool is_whole = arguments.json() ? print_json(reader, with_sha256) : print_text(reader, with_sha256);
  return is_whole ? done : damaged;
}

}  // namespace tool
