// A tensor in a picture: what the index says about it, and what its bytes are like.
#pragma once

#include "../../bundle/reader.hpp"
#include "../../core/error.hpp"
#include "../statistics.hpp"
#include "statistics_text.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::pictures::detail {

// What a picture shows of names, keys and strings, however long they are.
inline constexpr std::size_t picture_name_bytes = 200;
inline constexpr std::size_t picture_key_bytes = 1000;
inline constexpr std::size_t picture_sentence_bytes = 500;
inline constexpr std::size_t picture_strings = 8;

// Cut where a character of UTF-8 begins, and marked so.
[[nodiscard]] inline std::string shortened(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return std::string(text);
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xc0u) == 0x80u) --bytes;
  return std::string(text.substr(0, bytes)) + "\u2026";
}

struct PictureTensor {
  std::string key;
  DType dtype = DT_INVALID;
  Shape shape;
  std::uint64_t bytes = 0;
  std::int32_t shard = 0;
  std::uint64_t offset = 0;
  std::uint32_t crc32c = 0;
  std::size_t parts = 0;  // of a partitioned tensor; it has no place and no checksum of its own
  bool is_checked = false;
  std::string problem = {};     // why its bytes could not be read
  std::string statistics = {};  // lines of the page: all that is known of the values, and the figures alone
  std::string figures = {};
};

[[nodiscard]] inline std::uint64_t bytes_of_entry(const bundle::Entry& entry) noexcept {
  return entry.slices.empty() ? entry.size : entry.byte_count().value_or(0);
}

[[nodiscard]] inline PictureTensor tensor_of_entry(const std::string& key, const bundle::Entry& entry) {
  return {.key = key,
          .dtype = entry.dtype,
          .shape = entry.shape,
          .bytes = bytes_of_entry(entry),
          .shard = entry.shard,
          .offset = entry.offset,
          .crc32c = entry.crc32c,
          .parts = entry.slices.size()};
}

// Reads tensors until it has read as many bytes as the data files have: tensors of a hostile index may share theirs.
class PictureReader {
 public:
  explicit PictureReader(const bundle::Reader& reader) : reader_(reader) {
    std::set<std::int32_t> shards;
    for (const bundle::EntryList* const list : {&reader.entries(), &reader.slices()})
      for (const auto& item : *list) shards.insert(item.second.shard);
    for (const std::int32_t shard : shards) {
      if (shard < 0 || shard >= reader.num_shards()) continue;
      try {
        left_ += reader.data_bytes(shard);
      } catch (const Error&) {  // NOLINT(bugprone-empty-catch): reading its tensors tells
      }
    }
  }

  // What goes wrong is the tensor's problem.
  void read(const std::string& key, PictureTensor& tensor) {
    try {
      if (tensor.bytes > left_)
        throw Error(ErrorCode::data_loss,
                    "it was not read, because together the tensors ask for more bytes than the data files have");
      left_ -= tensor.bytes;
      if (tensor.dtype == DT_STRING)
        read_strings(key, tensor);
      else if (size_of(tensor.dtype) != 0)
        add_statistics(statistics(reader_, key), tensor);
      else
        reader_.verify(key);
      tensor.is_checked = true;
    } catch (const Error& error) {
      tensor.problem = shortened(error.what(), picture_sentence_bytes);
    }
  }

 private:
  static void add_statistics(const TensorStatistics& statistics, PictureTensor& tensor) {
    tensor.statistics = full_text(statistics);
    if (statistics.elements > 0) tensor.figures = brief_text(statistics);
  }
  void read_strings(const std::string& key, PictureTensor& tensor) const {
    std::vector<std::string> shown;
    const auto show = [&](std::string_view text) { shown.push_back(shortened(text, picture_name_bytes)); };
    if (tensor.parts != 0) {
      const std::vector<std::string> strings = reader_.read_strings(key);
      for (std::size_t i = 0; i < std::min(strings.size(), picture_strings); ++i) show(strings[i]);
    } else {
      reader_.with_strings(key, [&](bundle::detail::StringElements& elements) {
        for (std::string element; shown.size() < picture_strings && elements.next(element);) show(element);
      });
    }
    tensor.statistics = full_text(shown);
  }

  const bundle::Reader& reader_;
  std::uint64_t left_ = 0;
};

}  // namespace CAIRN_NAMESPACE::pictures::detail
