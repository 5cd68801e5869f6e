// A checkpoint in TensorFlow's old format V1 as a bundle: an index, and one shard that is in memory.
//
//   table { "" -> list of tensors, code(name, slice) -> its values, ... }   (format/detail/saved_tensor_slices.hpp)
//
// All values are decoded and checked when the checkpoint is opened. Nothing writes the format.
#pragma once

#include "../../core/error.hpp"
#include "../../format/crc32c.hpp"
#include "../../format/detail/ordered_code.hpp"
#include "../../format/detail/saved_tensor_slices.hpp"
#include "../../format/table.hpp"
#include "../../io/file_system.hpp"
#include "../../io/whole_file.hpp"
#include "../files.hpp"
#include "../find_checkpoint.hpp"
#include "../index.hpp"
#include "numbers.hpp"
#include "shards.hpp"
#include "slice.hpp"
#include "string_tensor.hpp"
#include "v1_files.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::bundle::detail {

class FileInMemory final : public io::ReadableFile {
 public:
  explicit FileInMemory(std::vector<std::byte> bytes) : bytes_(std::move(bytes)) {}
  [[nodiscard]] std::uint64_t size() const override { return bytes_.size(); }
  void read(std::uint64_t offset, std::span<std::byte> out) const override {
    std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(offset), out.size(), out.begin());
  }

 private:
  std::vector<std::byte> bytes_;
};

// Decodes the files of one checkpoint, one after the other.
class V1Decoder {
 public:
  // Throws Error: data_loss, with the tensor's name where it is known; unimplemented for a newer version of the format.
  void decode(io::FileSystem& files, const std::string& path) {
    std::string content = io::read_whole_file(files, path, std::numeric_limits<std::size_t>::max() / 4);
    EntryBudget budget(content.size());
    bytes_.reserve(bytes_.size() + content.size());
    const format::Table table(std::move(content), path);
    try {
      budget.take(table.size(), table.key_bytes());
      std::map<std::string, Part, std::less<>> parts;
      table.for_each([&](std::string_view key, std::string_view value) {
        if (key.empty())
          list(value, path, budget, parts);
        else
          add(parts, key, value, path);
      });
      if (!has_list_)
        throw Error(ErrorCode::data_loss,
                    "\"" + path + "\" has no list of tensors under the empty key: it is no checkpoint");
      has_list_ = false;
      for (auto& [key, part] : parts) {
        if (!part.is_there) throw wrong(part.name, path, "its values are missing");
        if (!parts_.emplace(key, std::move(part.entry)).second)
          throw wrong(part.name, path, "a part of it is there twice");
      }
    } catch (Error& error) {
      error.in_file(path);
      throw;
    }
  }

  [[nodiscard]] bundle::Index index() && {
    bundle::Index index;
    for (auto& [name, tensor] : tensors_) {
      // A tensor that is not partitioned has one slice, which is the whole.
      const auto whole = parts_.find(format::detail::encode_slice_key(name, tensor.slices.front()));
      if (tensor.slices.size() == 1 && whole->second.shape == tensor.shape) {
        index.entries.emplace_back(name, std::move(whole->second));
        parts_.erase(whole);
      } else {
        index.entries.emplace_back(name, std::move(tensor));
      }
    }
    for (auto& [key, entry] : parts_) index.slices.emplace_back(key, std::move(entry));
    return index;
  }
  [[nodiscard]] std::vector<std::byte> bytes() && { return std::move(bytes_); }

 private:
  struct Part {
    std::string_view name;  // in tensors_
    bundle::Entry entry;
    bool is_there = false;
  };
  using Parts = std::map<std::string, Part, std::less<>>;

  [[nodiscard]] static Error wrong(std::string_view name, const std::string& path, const std::string& problem) {
    return Error(ErrorCode::data_loss, "the tensor \"" + std::string(name) + "\" in \"" + path +
                                           "\" cannot be read: " + problem + "; restore from another checkpoint")
        .at_key(std::string(name));
  }

  void list(std::string_view message, const std::string& path, EntryBudget& budget, Parts& parts) {
    const auto version =
        format::detail::decode_saved_list(message, [&](std::string&& name, format::BundleEntry&& saved) {
          bundle::Entry tensor = entry_of_message(std::move(saved));
          budget.take(1, name.size());
          budget.take(tensor);
          if (name.empty()) throw wrong(name, path, "it has no name");
          if (!format::detail::has_saved_values(tensor.dtype))
            throw wrong(name, path, "its dtype is " + to_string(tensor.dtype) + ", whose values no such file has");
          if (tensor.unknown_rank || !tensor.shape.checked_num_elements())
            throw wrong(name, path, "its shape " + tensor.shape.to_string() + " is not legal");
          if (tensor.slices.empty()) throw wrong(name, path, "it has no slices");
          const auto [place, is_new] = tensors_.try_emplace(std::move(name));
          bundle::Entry& known = place->second;
          if (!is_new && (known.dtype != tensor.dtype || known.shape != tensor.shape))
            throw wrong(place->first, path, "its slices are of different tensors");
          known.dtype = tensor.dtype;
          known.shape = tensor.shape;
          for (format::TensorSlice& slice : tensor.slices) {
            const auto shape = shape_of_slice(tensor.shape, slice);
            if (!shape)
              throw wrong(place->first, path, "a slice does not lie inside its shape " + tensor.shape.to_string());
            std::string key = format::detail::encode_slice_key(place->first, slice);
            budget.take(1, key.size());
            Part part{place->first, {}};
            part.entry.dtype = tensor.dtype;
            part.entry.shape = *shape;
            if (!parts.emplace(std::move(key), std::move(part)).second)
              throw wrong(place->first, path, "a part of it is there twice");
            known.slices.push_back(std::move(slice));
          }
        });
    has_list_ = version.has_value();
    if (version) require_readable_version(*version);
  }

  void add(Parts& parts, std::string_view key, std::string_view value, const std::string& path) {
    const auto found = parts.find(key);
    if (found == parts.end())
      throw Error(ErrorCode::data_loss,
                  "\"" + path + "\" has values that its list of tensors does not name; the file is damaged");
    Part& part = found->second;
    bundle::Entry& entry = part.entry;
    try {
      const auto count = static_cast<std::uint64_t>(entry.shape.num_elements());
      format::detail::SavedValues values = format::detail::decode_saved_values(value, entry.dtype, count);
      entry.offset = bytes_.size();
      if (entry.dtype == DT_STRING) {
        entry.crc32c = detail::encode_strings(
            std::span<const std::string>(values.strings),
            [&](std::span<const std::byte> bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); });
      } else {
        const auto bytes = std::as_writable_bytes(std::span(values.numbers));
        swap_numbers(bytes, swap_unit_of(entry.dtype), false);
        entry.crc32c = format::mask_crc(format::crc32c(bytes));
        bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
      }
      entry.size = bytes_.size() - entry.offset;
      part.is_there = true;
    } catch (const Error& error) {
      throw wrong(part.name, path, error.what());
    }
  }

  std::map<std::string, bundle::Entry, std::less<>> tensors_;  // by name, with all slices
  std::map<std::string, bundle::Entry, std::less<>> parts_;    // by key
  std::vector<std::byte> bytes_;
  bool has_list_ = false;  // in the file that is being read
};

// What a reader needs to know of a checkpoint, in whatever format it is.
struct OpenBundle {
  std::string prefix;
  bundle::Index index;
  Shards shards;
};

// Throws what find_checkpoint throws, and Error (data_loss, unimplemented) for an index that cannot be read.
[[nodiscard]] inline OpenBundle open_bundle(std::string path, io::FileSystem& files) {
  const auto [prefix, v1] = find_bundle(std::move(path), files);
  if (!v1) {
    bundle::Index index = bundle::read_index(files, bundle::index_path(prefix));
    const std::int32_t num_shards = index.num_shards;
    return {prefix, std::move(index), Shards(files, prefix, num_shards)};
  }
  V1Decoder decoder;
  for (const std::string& part : v1->paths) decoder.decode(files, part);
  auto file = std::make_unique<const FileInMemory>(std::move(decoder).bytes());
  return {prefix, std::move(decoder).index(), Shards(prefix, std::move(file))};
}

}  // namespace cairn::bundle::detail
