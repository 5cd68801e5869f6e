// The values of a checkpoint on their way into a safetensors file, without a list of tensors: what the header says of
// each is text as soon as its entry was read, and its bytes go over in large pieces.
//
//   entries, by key     "b": F32 [2]   | "a": F32 [1]   | "n": I64 []       what they say, and where their bytes are
//   header, by place    {"a": ..., "b": ..., "n": ...}
//   data, by size       n | a | b
#pragma once

#include "../../bundle/detail/piece_writer.hpp"
#include "../../bundle/detail/read_ahead.hpp"
#include "../../bundle/entry_reader.hpp"
#include "../../bundle/naming.hpp"
#include "../../core/detail/sort.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/durability.hpp"
#include "../../edit/checkpoint_reader.hpp"
#include "../../format/crc32c.hpp"
#include "../../format/detail/utf8.hpp"
#include "../../io/file_system.hpp"
#include "../../io/publish.hpp"
#include "base64.hpp"
#include "json_text.hpp"
#include "named_graph.hpp"
#include "safetensors_header.hpp"
#include "tensor_notes.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::exchange::detail {

// Every step returns false for a checkpoint that is not plain numbers and some strings in this machine's byte order, or
// in which anything is wrong: then the tensors have to be listed, which also tells what that is.
class SafetensorsStream {
 public:
  // Both must outlive it. Names are keys, or with `by_paths` those that lead to the values.
  SafetensorsStream(const CheckpointReader& reader, bool by_paths) : bundle_(reader.bundle()), by_paths_(by_paths) {}
  SafetensorsStream(const SafetensorsStream&) = delete;
  SafetensorsStream& operator=(const SafetensorsStream&) = delete;

  // Reads the index. Throws Error with ErrorCode::data_loss for a damaged index or graph.
  [[nodiscard]] bool prepare() {
    constexpr bool is_little = std::endian::native == std::endian::little;
    if (!is_little || bundle_.big_endian()) return false;
    read_graph();
    std::size_t next = 0;  // of paths_
    bool is_unnamed = false;
    for (bundle::EntryReader each(bundle_); each.next();) {
      const std::string_view key = each.key();
      if (key == bundle::object_graph_key) continue;
      while (next < paths_.size() && paths_[next].key < key) ++next;
      const bool is_named = next < paths_.size() && paths_[next].key == key;
      is_unnamed = is_unnamed || !is_named;
      if (!add(is_named ? std::string_view(paths_[next].name) : key, key, each.entry())) return false;
    }
    if (is_unnamed && is_any_name_twice()) return false;
    paths_ = {};
    core::detail::sort(values_, [](const Value& a, const Value& b) {
      if (a.shard != b.shard) return a.shard < b.shard;
      return a.offset != b.offset ? a.offset < b.offset : a.size < b.size;
    });
    std::uint64_t end = 0;
    for (std::size_t i = 0; i < values_.size(); ++i) {
      if (i != 0 && values_[i].shard != values_[i - 1].shard) end = 0;
      if (values_[i].offset < end || values_[i].size > max_bytes - values_[i].offset) return false;  // bytes of two
      end = values_[i].offset + values_[i].size;
      bytes_ += values_[i].size;
    }
    return true;
  }
  // The bytes of all numbers, after prepare().
  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }

  // After prepare(); throws what save_safetensors throws. Where it returns false, nothing was changed.
  [[nodiscard]] bool write(const std::string& path, Durability durability, io::FileSystem& files) {
    std::string note = read_notes();
    const std::string header = header_with(note, path);
    if (!format::detail::is_valid_utf8(note)) return false;
    text_ = {};
    bool is_right = true;
    try {
      io::publish_file(files, path, durability, [&](io::WritableFile& file) {
        bundle::detail::PieceWriter out(file, 0);
        const std::uint64_t header_bytes = header.size();
        out.append(std::as_bytes(std::span(&header_bytes, 1)));
        out.append(std::as_bytes(std::span(header)));
        for (const std::size_t size : sizes) is_right = is_right && copy(size, out, files);
        if (!is_right) throw Damaged{};  // no file is published
        out.append(std::as_bytes(std::span(note)));
        out.flush();
      });
    } catch (const Damaged&) {}
    return is_right;
  }

 private:
  static constexpr std::uint64_t max_bytes = std::uint64_t{1} << 62;
  static constexpr std::array<std::size_t, 4> sizes{8, 4, 2, 1};  // of elements, in the order of the data

  struct Damaged {};
  struct Value {
    std::uint64_t offset, size, text;  // where its text begins
    std::uint32_t text_size, crc32c;
    std::int32_t shard;
    std::uint8_t element;  // bytes; 0 for strings
  };

  void read_graph() {
    const auto graph = edit::detail::read_saved_graph(bundle_);
    std::string& note = own_[std::string(graph_note)];
    if (graph == nullptr) return;
    note = base64_encode(bundle_.read_strings(bundle::object_graph_key).at(0));
    if (!by_paths_) return;
    graph_ = graph;
    paths_ = names_by_key(*graph_);
  }
  // Whether a key is the name that another value has by its path.
  [[nodiscard]] bool is_any_name_twice() const {
    if (paths_.empty()) return false;
    std::unordered_set<std::string_view> names;
    for (const NamedKey& each : paths_) names.insert(each.name);
    std::size_t next = 0;
    for (bundle::EntryReader each(bundle_); each.next();) {
      while (next < paths_.size() && paths_[next].key < each.key()) ++next;
      if ((next == paths_.size() || paths_[next].key != each.key()) && names.contains(each.key())) return true;
    }
    return false;
  }

  [[nodiscard]] bool add(std::string_view name, std::string_view key, const bundle::Entry& entry) {
    constexpr std::size_t most_strings = 1000;
    const bool is_string = entry.dtype == DT_STRING;
    if (!entry.slices.empty() || entry.unknown_rank || !entry.shape.checked_num_elements()) return false;
    if (entry.shard < 0 || entry.shard >= bundle_.num_shards()) return false;
    if (!is_string && (stand_in(entry.dtype) != entry.dtype || safetensors_dtype_name(entry.dtype).empty() ||
                       entry.byte_count() != entry.size))
      return false;
    if (name == metadata_name || name == notes_name || !format::detail::is_valid_utf8(name)) return false;
    Value value{entry.offset, entry.size, text_.size(), 0, entry.crc32c, entry.shard, 0};
    if (is_string) {
      if (strings_.size() == most_strings) return false;
      value.text = strings_.size();
      strings_.push_back({std::string(name), std::string(key)});
    } else {
      value.element = static_cast<std::uint8_t>(size_of(entry.dtype));
      append_json(text_, name);
      ((text_ += ":{\"dtype\":\"") += safetensors_dtype_name(entry.dtype)) += "\",\"shape\":[";
      for (std::size_t axis = 0; axis < entry.shape.rank(); ++axis) {
        if (axis != 0) text_ += ',';
        append_number(text_, static_cast<std::uint64_t>(entry.shape[axis]));
      }
      text_ += "],\"data_offsets\":[";
      value.text_size = static_cast<std::uint32_t>(text_.size() - value.text);
    }
    values_.push_back(value);
    return true;
  }
  static void append_number(std::string& text, std::uint64_t number) {
    std::array<char, 20> digits{};
    std::size_t begin = digits.size();
    do digits[--begin] = static_cast<char>('0' + number % 10);
    while ((number /= 10) != 0);
    text.append(digits.data() + begin, digits.size() - begin);
  }

  // The text of the notes, among them the strings, which are read now.
  [[nodiscard]] std::string read_notes() {
    TensorNotes notes;
    for (std::size_t i = 0; i < values_.size() && !strings_.empty(); ++i) {
      if (values_[i].element != 0) continue;
      const auto& [name, key] = strings_[static_cast<std::size_t>(values_[i].text)];
      notes.strings.push_back({name, i, bundle_.lookup(key).shape, bundle_.read_strings(key)});
    }
    put_notes(own_, notes);
    return written_texts(own_);
  }
  [[nodiscard]] std::string header_with(const std::string& note, const std::string& path) const {
    std::array<std::uint64_t, 9> ends{};  // of the data of elements of that size
    for (const Value& value : values_) ends[value.element] += value.size;
    std::uint64_t begin = 0;
    for (const std::size_t size : sizes) begin += std::exchange(ends[size], begin);
    std::string header = "{";
    header.reserve(text_.size() + 32 * values_.size() + 100);
    const auto append = [&](std::string_view text, std::uint64_t from, std::uint64_t to) {
      if (header.size() != 1) header += ',';
      append_number(header += text, from);
      append_number(header += ',', to);
      header += "]}";
    };
    for (const Value& value : values_) {
      if (value.element == 0) continue;
      std::uint64_t& at = ends[value.element];
      append(std::string_view(text_).substr(static_cast<std::size_t>(value.text), value.text_size), at,
             at + value.size);
      at += value.size;
    }
    std::string text;
    append_json(text, notes_name);
    append_number(text += ":{\"dtype\":\"U8\",\"shape\":[", note.size());
    append(text += "],\"data_offsets\":[", begin, begin + note.size());
    end_safetensors_header(header, path);
    return header;
  }

  // Copies all numbers of that size. Returns false for damage.
  [[nodiscard]] bool copy(std::size_t size, bundle::detail::PieceWriter& out, io::FileSystem& files) const {
    bundle::detail::ReadAhead ahead;
    std::unique_ptr<const io::ReadableFile> file;
    std::int32_t shard = -1;
    core::detail::Vec<std::byte> buffer;
    for (const Value& value : values_) {
      if (value.element != size) continue;
      if (value.shard != shard) {
        shard = value.shard;
        auto next = files.open(bundle::data_path(bundle_.prefix(), shard, bundle_.num_shards()));
        ahead.use(*next);
        file = std::move(next);
      }
      if (value.offset > file->size() || value.size > file->size() - value.offset) return false;
      std::uint32_t crc = 0;
      for (std::uint64_t at = 0; at < value.size;) {
        const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(value.size - at, file->best_piece()));
        if (buffer.size() < count) buffer.resize(count);
        const std::span<std::byte> piece(buffer.data(), count);
        ahead.read(value.offset + at, piece);
        crc = format::extend_crc32c(crc, piece);
        out.append(piece);
        at += count;
      }
      if (format::mask_crc(crc) != value.crc32c) return false;
    }
    return true;
  }

  const bundle::Reader& bundle_;
  bool by_paths_;
  TensorFile::Metadata own_;
  std::shared_ptr<const ObjectGraph> graph_;
  std::vector<NamedKey> paths_;  // by key; of the graph
  std::string text_;             // what the header says of the values, up to their places
  core::detail::Vec<Value> values_;
  std::vector<std::pair<std::string, std::string>> strings_;  // names and keys
  std::uint64_t bytes_ = 0;
};

}  // namespace CAIRN_NAMESPACE::exchange::detail
