// A checkpoint in TensorFlow's old format V1 as a bundle: an index, and one shard that is in memory.
//
//   table { "" -> list of tensors, code(name, slice) -> its values, ... }   (format/detail/saved_tensor_slices.hpp)
//
// All values are decoded and checked when the checkpoint is opened. Nothing writes the format.
#pragma once

#include "../../core/detail/maps.hpp"
#include "../../core/detail/own.hpp"
#include "../../core/detail/vec.hpp"
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

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::bundle::detail {

// Decodes the files of one checkpoint, one after the other.
class V1Decoder {
 public:
  // Throws Error: data_loss, with the tensor's name where it is known; unimplemented for a newer version of the format.
  CAIRN_COLD void decode(io::FileSystem& files, const std::string& path) {
    const std::string content = io::read_whole_file(files, path, std::numeric_limits<std::size_t>::max() / 4);
    EntryBudget budget(content.size());
    bytes_.reserve(bytes_.size() + content.size());
    try {
      Parts parts;
      bool has_list = false;
      for (format::TableReader table(content, path); table.next();) {
        budget.take(1, table.key().size(), 0);
        if (table.key().empty())
          has_list = list(table.value(), path, budget, parts);
        else
          add(parts, table.key(), table.value(), path);
      }
      if (!has_list)
        core::detail::fail(ErrorCode::data_loss,
                           {"\"", path, "\" has no list of tensors under the empty key: it is no checkpoint"});
      for (auto& [key, part] : parts) {
        if (!part.is_there) wrong(name_of(part), path, "its values are missing");
        const std::string& name = name_of(part);
        if (!parts_.insert(key, std::move(part))) wrong(name, path, "a part of it is there twice");
      }
    } catch (Error& error) {
      error.in_file(path);
      throw;
    }
  }

  [[nodiscard]] CAIRN_COLD bundle::Index index() && {
    bundle::Index index;
    for (auto& [name, tensor] : tensors_) {
      // A tensor that is not partitioned has one slice, which is the whole.
      Part& whole = *parts_.find(format::detail::encode_slice_key(name, tensor.entry.slices.front()));
      if (tensor.entry.slices.size() == 1 && whole.entry.shape == tensor.entry.shape) {
        index.entries.push_back({name, std::move(whole.entry)});
        whole.is_there = false;  // among the parts
      } else {
        index.entries.push_back({name, std::move(tensor.entry)});
      }
    }
    for (auto& [key, part] : parts_)
      if (part.is_there) index.slices.push_back({key, std::move(part.entry)});
    sort_entries(index.entries);
    sort_entries(index.slices);
    return index;
  }
  [[nodiscard]] core::detail::Vec<std::byte> bytes() && { return std::move(bytes_); }

 private:
  struct Part {
    std::size_t tensor = 0;  // its number in tensors_
    bundle::Entry entry;
    bool is_there = false;  // its values are
  };
  using Parts = core::detail::HashMap<std::string, Part>;

  [[nodiscard]] const std::string& name_of(const Part& part) const noexcept {
    return (tensors_.begin() + part.tensor)->key;
  }

  [[noreturn]] CAIRN_COLD static void wrong(std::string_view name, const std::string& path, std::string_view problem) {
    core::detail::fail(
        ErrorCode::data_loss,
        {"the tensor \"", name, "\" in \"", path, "\" cannot be read: ", problem, "; restore from another checkpoint"},
        {.key = name});
  }

  // False for a message that is no list.
  [[nodiscard]] CAIRN_COLD bool list(std::string_view message, const std::string& path, EntryBudget& budget,
                                     Parts& parts) {
    format::detail::SavedListReader saved(message);
    while (saved.next()) {
      const std::string& name = saved.name;
      bundle::Entry& tensor = saved.entry;
      budget.take(1, name.size(), 0);
      budget.take(tensor);
      if (name.empty()) wrong(name, path, "it has no name");
      if (!format::detail::has_saved_values(tensor.dtype))
        wrong(name, path, "its dtype is " + to_string(tensor.dtype) + ", whose values no such file has");
      if (tensor.unknown_rank || !tensor.shape.checked_num_elements())
        wrong(name, path, "its shape " + tensor.shape.to_string() + " is not legal");
      if (tensor.slices.empty()) wrong(name, path, "it has no slices");
      const std::size_t count = tensors_.size();
      Part& place = tensors_[name];
      const bool is_new = tensors_.size() != count;
      if (is_new) place.tensor = count;
      bundle::Entry& known = place.entry;
      if (!is_new && (known.dtype != tensor.dtype || known.shape != tensor.shape))
        wrong(name, path, "its slices are of different tensors");
      known.dtype = tensor.dtype;
      known.shape = tensor.shape;
      for (format::TensorSlice& slice : tensor.slices) {
        auto box = box_of_slice(tensor.shape, slice);
        if (!box) wrong(name, path, "a slice does not lie inside its shape " + tensor.shape.to_string());
        std::string key = format::detail::encode_slice_key(name, slice);
        budget.take(1, key.size(), 0);
        Part part{place.tensor, {}};
        part.entry.dtype = tensor.dtype;
        part.entry.shape = std::move(box->shape);
        if (!parts.insert(key, std::move(part))) wrong(name, path, "a part of it is there twice");
        known.slices.push_back(std::move(slice));
      }
    }
    if (saved.version) require_readable_version(*saved.version);
    return static_cast<bool>(saved.version);
  }

  CAIRN_COLD void add(Parts& parts, std::string_view key, std::string_view value, const std::string& path) {
    Part* const found = parts.find(key);
    if (found == nullptr)
      core::detail::fail(ErrorCode::data_loss,
                         {"\"", path, "\" has values that its list of tensors does not name; the file is damaged"});
    Part& part = *found;
    bundle::Entry& entry = part.entry;
    try {
      const auto count = static_cast<std::uint64_t>(entry.shape.num_elements());
      format::detail::SavedValues values = format::detail::decode_saved_values(value, entry.dtype, count);
      entry.offset = bytes_.size();
      if (entry.dtype == DT_STRING) {
        entry.crc32c = detail::encode_strings(std::span<const std::string>(values.strings),
                                              [&](std::span<const std::byte> bytes) { add_bytes(bytes); });
      } else {
        const auto bytes = std::as_writable_bytes(std::span(values.numbers));
        swap_numbers(bytes, swap_unit_of(entry.dtype), false);
        entry.crc32c = format::mask_crc(format::crc32c(bytes));
        add_bytes(bytes);
      }
      entry.size = bytes_.size() - entry.offset;
      part.is_there = true;
    } catch (const Error& error) {
      wrong(name_of(part), path, error.what());
    }
  }
  void add_bytes(std::span<const std::byte> bytes) {
    bytes_.insert(bytes_.end(), bytes.data(), bytes.data() + bytes.size());
  }

  Parts tensors_;  // by name, with all slices
  Parts parts_;    // by key
  core::detail::Vec<std::byte> bytes_;
};

// What a reader needs to know of a checkpoint, in whatever format it is.
struct OpenBundle {
  std::string prefix;
  bundle::Index index;
  Shards shards;
  std::uint64_t data_bytes = 0;  // of all shards that hold tensors, where that is known already
};

// Throws what find_checkpoint throws, and Error (data_loss, unimplemented) for an index that cannot be read.
[[nodiscard]] CAIRN_COLD inline OpenBundle open_bundle(std::string path, io::FileSystem& files) {
  const auto [prefix, opened, v1] = find_bundle(std::move(path), files);
  if (!v1) {
    const std::string index_path = bundle::index_path(prefix);
    bundle::Index index =
        bundle::decode_index(io::read_whole_file(*opened, index_path, bundle::max_index_bytes), index_path);
    const std::int32_t num_shards = index.num_shards;
    return {prefix, std::move(index), Shards(files, prefix, num_shards, true)};
  }
  V1Decoder decoder;
  for (const std::string& part : v1.paths) decoder.decode(files, part);
  core::detail::Own<io::ReadableFile> file(new FileInMemory(std::move(decoder).bytes()));
  return {prefix, std::move(decoder).index(), Shards(prefix, std::move(file))};
}

}  // namespace CAIRN_NAMESPACE::bundle::detail
