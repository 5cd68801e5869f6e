// An edited checkpoint on its way to the disk: the order of the input's data files is kept, and so is every byte that
// was not edited.
#pragma once

#include "../../bundle/detail/add_copy.hpp"
#include "../../bundle/detail/slice_cover.hpp"
#include "../../bundle/rewrite.hpp"
#include "../../bundle/writer.hpp"
#include "edited_value.hpp"
#include "mean.hpp"

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::edit::detail {

using EditedValues = std::map<std::string, EditedValue, std::less<>>;

// Writes `values`, and the object graph's bytes where they have changed; null leaves the input's as they are. New
// values stand before the graph in the last data file. A partitioned tensor stays so, with the same parts, unless its
// shape is another one. Memory: the index, and the largest tensor that is converted, or
// averaged and partitioned. Throws Error as Reader and Writer; then the prefix is what it was.
inline void write_edited(const bundle::Reader& input, const EditedValues& values, const std::string* graph,
                         std::string prefix, bundle::WriterOptions options, io::FileSystem& files) {
  using Item = EditedValues::value_type;
  std::unordered_map<std::string_view, const Item*> by_place;
  for (const Item& item : values)
    if (!item.second.place.empty()) by_place.emplace(item.second.place, &item);
  bundle::Contents shards = bundle::contents(input);
  const std::size_t num_shards = shards.size();
  for (auto shard = shards.begin(); shard != shards.end();) {
    erase_if(shard->second, [&](const bundle::StoredTensor& stored) {
      return stored.key != bundle::object_graph_key && !by_place.contains(stored.key);
    });
    shard = shard->second.empty() ? shards.erase(shard) : std::next(shard);
  }
  bundle::detail::BundleWriter writer(std::move(prefix), options, files);
  if (options.shard_size == 0 && shards.size() == num_shards)
    bundle::detail::keep_layout(writer, input, shards);
  else
    writer.keep_header(input.index(), 0);

  std::uint64_t bytes = 0;  // of numbers; the writer, which gets computed ones singly, does not know all
  for (const Item& item : values)
    bytes += static_cast<std::uint64_t>(item.second.shape.num_elements()) * size_of(item.second.dtype);
  files.expect(bytes);

  std::set<std::string_view> written;  // of those that are not written part by part
  const auto add = [&](const Item& item) {
    if (!written.insert(item.first).second) return;
    const EditedValue& value = item.second;
    if (value.is_stored()) return bundle::detail::add_copy(writer, *value.stored.reader, value.stored.key, item.first);
    if (value.given != nullptr && value.averaged_with.empty() && value.cast == DT_INVALID)
      return writer.add(item.first, value.given->view());
    // The mean of several, unless it may have to be cut.
    if (value.given == nullptr && value.cast == DT_INVALID && options.shard_size == 0) {
      std::vector<StoredValue> all{value.stored};
      all.insert(all.end(), value.averaged_with.begin(), value.averaged_with.end());
      if (are_whole(all))
        return bundle::detail::add_streamed(
            writer, item.first, value.dtype, value.shape,
            [all = std::move(all), dtype = value.dtype](const auto& use) { mean_in_pieces(all, dtype, use); });
    }
    const AnyTensor tensor = computed(value, item.first);
    writer.add(item.first, tensor.view());
    writer.flush();
  };
  const auto add_part = [&](const Item& item, const format::TensorSlice& slice) {
    const AnyTensor part = computed(item.second, item.first, &slice);
    bundle::detail::add_slice(writer, item.first, item.second.shape, slice, part.view());
    writer.flush();
  };
  const auto keeps_parts = [&](std::string_view key, const Shape& shape) {
    const bundle::Entry& whole = input.lookup(key);
    return whole.shape == shape && !bundle::detail::SliceOverlap::any(whole.shape, whole.slices);
  };
  bool has_new = false;
  const auto add_new = [&] {
    if (std::exchange(has_new, true)) return;
    for (const Item& item : values)
      if (item.second.place.empty()) add(item);
  };
  const AnyTensor graph_value = graph == nullptr ? AnyTensor() : AnyTensor(Shape{}, std::vector<std::string>{*graph});
  for (const auto& shard : shards) {
    if (options.shard_size == 0) writer.begin_shard();
    for (const bundle::StoredTensor& stored : shard.second) {
      if (stored.key == bundle::object_graph_key) {
        add_new();
        if (graph == nullptr)
          bundle::detail::add_item(writer, input, stored);
        else
          writer.add(std::string(stored.key), graph_value.view());
        continue;
      }
      const Item& item = *by_place.at(stored.key);
      const EditedValue& value = item.second;
      if (stored.part && value.is_stored() && value.stored.reader.get() == &input)
        bundle::detail::add_copy_of_slice(writer, input, stored.key, *stored.part, item.first);
      else if (stored.part && !value.is_stored() && keeps_parts(stored.key, value.shape))
        add_part(item, input.lookup(stored.key).slices[*stored.part]);
      else
        add(item);
    }
  }
  add_new();
  writer.finish();
}

}  // namespace CAIRN_NAMESPACE::edit::detail
