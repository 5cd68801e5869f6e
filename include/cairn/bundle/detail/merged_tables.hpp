// Several indexes made one: sorted tables that are gone through side by side, of each of which one block is in memory.
//
//   part-0 | "a", "w" (rows 0, 1) |              "" | "a" | "b" | "w" (rows 0 to 3)
//   part-1 | "b", "w" (rows 2, 3) |     ->
//
// The entries keep their bytes but for the number of the data file. Those that list parts are decoded, and united.
#pragma once

#include "../../core/detail/fail.hpp"
#include "../../core/detail/function_ref.hpp"
#include "../../core/detail/maps.hpp"
#include "../../core/detail/own.hpp"
#include "../../core/detail/vec.hpp"
#include "../../format/bundle_messages.hpp"
#include "../../format/table_builder.hpp"
#include "../../io/file_system.hpp"
#include "../../io/whole_file.hpp"
#include "../files.hpp"
#include "../index.hpp"
#include "../naming.hpp"
#include "graph_keys.hpp"
#include "plain_entry.hpp"
#include "shards.hpp"
#include "table_file.hpp"
#include "table_walk.hpp"
#include "unused_bytes.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::bundle::detail {

// The index of one part, on the disk.
class MergedPart {
 public:
  // Reads the header. Where the file is not to stay open, it is held in memory. Throws Error as read_index does.
  MergedPart(io::FileSystem& files, const std::string& prefix, bool stays_open)
      : prefix_(prefix), path_(bundle::index_path(prefix)), file_(files.open(path_).release()) {
    if (!stays_open) {
      const std::string all = io::read_whole_file(*file_, path_, bundle::max_index_bytes);
      core::detail::Vec<std::byte> bytes(all.size());
      if (!all.empty()) std::memcpy(bytes.data(), all.data(), all.size());
      file_.reset(new FileInMemory(std::move(bytes)));
    }
    naming_file(path_, [&] {
      table_ = core::detail::make_own<TableFile>(*file_, path_);
      format::TableReader entries = table_->entries();
      if (!entries.next() || !entries.key().empty())
        core::detail::fail(ErrorCode::data_loss,
                           {"\"", path_, "\" has no header under the empty key: it is no checkpoint's index"});
      decode_header(entries.value(), header_);
    });
  }
  MergedPart(const MergedPart&) = delete;
  MergedPart& operator=(const MergedPart&) = delete;

  [[nodiscard]] const std::string& prefix() const noexcept { return prefix_; }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  [[nodiscard]] const io::ReadableFile& file() const noexcept { return *file_; }
  [[nodiscard]] TableFile& table() noexcept { return *table_; }
  // Without entries.
  [[nodiscard]] const bundle::Index& header() const noexcept { return header_; }

  // Throws Error: "the checkpoint … cannot be merged with the others: <problem>".
  [[noreturn]] void refuse(ErrorCode code, std::initializer_list<core::detail::Words> problem,
                           std::string_view key = {}) const {
    core::detail::fail(
        code,
        {"the checkpoint \"", prefix_, "\" cannot be merged with the others: ", core::detail::sentence_of(problem)},
        {.file = path_, .key = key});
  }

 private:
  std::string prefix_, path_;
  core::detail::Own<io::ReadableFile> file_;
  core::detail::Own<TableFile> table_;
  bundle::Index header_;
};

// Goes over all entries of a part, those of the parts of tensors among them. There is one at a time.
class PartEntries {
 public:
  explicit PartEntries(MergedPart& part) : part_(part), entries_(part.table().entries()) {}
  PartEntries(const PartEntries&) = delete;
  PartEntries& operator=(const PartEntries&) = delete;

  // Goes to the next entry; returns false at the end. Throws Error (data_loss) for damage.
  [[nodiscard]] bool next() {
    return naming_file(part_.path(), [&] {
      do {
        if (!entries_.next()) return false;
      } while (entries_.key().empty());  // the header
      is_plain_ = read_plain_entry(entries_.value(), plain_);
      if (is_plain_) return true;
      EntryBudget budget(part_.file().size());  // one entry is held at a time
      entry_ = decode_entry(entries_.key(), entries_.value(), part_.path(), budget);
      return true;
    });
  }
  [[nodiscard]] std::string_view key() const noexcept { return entries_.key(); }
  [[nodiscard]] MergedPart& part() const noexcept { return part_; }
  // Of the present entry. Its numbers are in plain() where it has that form.
  [[nodiscard]] bool is_plain() const noexcept { return is_plain_; }
  [[nodiscard]] const PlainEntry& plain() const noexcept { return plain_; }
  [[nodiscard]] std::int32_t shard() const noexcept { return is_plain_ ? plain_.shard : entry_.shard; }
  [[nodiscard]] std::uint64_t offset() const noexcept { return is_plain_ ? plain_.offset : entry_.offset; }
  [[nodiscard]] std::uint64_t size() const noexcept { return is_plain_ ? plain_.size : entry_.size; }
  [[nodiscard]] bool is_partitioned() const noexcept { return !is_plain_ && !entry_.slices.empty(); }
  // All of it.
  [[nodiscard]] bundle::Entry entry() const {
    return is_plain_ ? format::decode_bundle_entry(entries_.value()) : entry_;
  }
  void append(std::string& out, std::int32_t shard) const {
    if (is_plain_) return append_with_shard(out, entries_.value(), plain_, shard);
    bundle::Entry entry = entry_;
    entry.shard = shard;
    format::append_encoded(out, entry);
  }
  // Adds the entries of the parts of the present tensor.
  void add_parts(bundle::EntryList& list) {
    naming_file(part_.path(), [&] {
      if (beside_ == nullptr) beside_ = core::detail::make_own<PartsBeside>(part_.file(), part_.path());
      EntryBudget budget(part_.file().size());
      beside_->add_parts_of(key(), list, budget);
    });
  }

 private:
  MergedPart& part_;
  format::TableReader entries_;
  PlainEntry plain_;
  bundle::Entry entry_;  // where it is not plain
  bool is_plain_ = false;
  core::detail::Own<PartsBeside> beside_;
};

class MergedTables {
 public:
  // A data file of a part that some entry is in.
  struct Shard {
    std::size_t part = 0;
    std::int32_t number = 0;  // in the part
    std::string path;         // under the part's prefix
    std::uint64_t end = 0;    // behind the last byte that an entry asks for
    std::string unused = {};  // offset, size, offset, size, ...: the form of detail/unused_bytes.hpp
  };
  // How data files are numbered: in the order in which the keys of the parts use them, as TensorFlow does, or in the
  // order of their numbers, as they are copied.
  enum class Numbers { by_use, by_number };
  // Is told of each entry whose bytes are in a data file, with the place of that in shards(), which grows meanwhile.
  using See = core::detail::FunctionRef<void(const PartEntries&)>;

  // Opens all indexes and goes over them one by one. Throws Error with ErrorCode::data_loss, not_found, unimplemented
  // and invalid_argument as merge() does. `part_names` must outlive it.
  MergedTables(io::FileSystem& files, std::span<const std::string> part_names, Numbers numbers, See see) {
    constexpr std::size_t most_open = 100;  // a system lets a program open some thousand files
    for (const std::string& prefix : part_names) {
      parts_.push_back(core::detail::make_own<MergedPart>(files, prefix, part_names.size() <= most_open));
      add(*parts_.back(), numbers, see);
    }
  }

  [[nodiscard]] std::int32_t num_shards() const noexcept { return std::max(num_shards_, std::int32_t{1}); }
  [[nodiscard]] const core::detail::Vec<Shard>& shards() const noexcept { return shards_; }
  [[nodiscard]] const bundle::Index& header() const noexcept { return parts_[0]->header(); }
  [[nodiscard]] std::size_t size() const noexcept { return parts_.size(); }
  [[nodiscard]] MergedPart& part(std::size_t number) const noexcept { return *parts_[number]; }

  // Gives the bytes of the .index of the bundle whose first shard has the number `shift` to `use`, in pieces, and with
  // `graph` all keys to it. Returns false where that is given and a part of a partitioned tensor is missing. Throws Error
  // with ErrorCode::already_exists for a key, or a part, that two of the parts have, ErrorCode::invalid_argument for
  // parts of one tensor of different dtypes or shapes, ErrorCode::data_loss for damage.
  [[nodiscard]] bool write(std::int32_t shift, core::detail::FunctionRef<void(std::string_view)> use,
                           GraphKeys* graph = nullptr) {
    format::TableBuilder builder;
    builder.add("", format::encode(merged_header(shift)));
    bool is_whole = true;
    go_through(shift, [&](const PartEntries& first, std::string_view value, const Whole* whole) {
      builder.add(first.key(), value);
      if (builder.complete_bytes() >= format::default_block_size) use(builder.take());
      if (graph == nullptr) return;
      graph->pass(first.key());
      if (whole != nullptr && is_whole && whole->entry.shape.checked_num_elements())
        is_whole = has_all_parts(first.key(), whole->entry, whole->parts(), first.part().path());
    });
    use(builder.finish());
    return is_whole;
  }
  // The index, decoded: with slices among the entries.
  [[nodiscard]] bundle::Index decoded() {
    bundle::Index index = header();
    index.num_shards = num_shards();
    go_through(0, [&](const PartEntries& first, std::string_view value, const Whole*) {
      index.entries.push_back({std::string(first.key()), format::decode_bundle_entry(value)});
    });
    return index;
  }

 private:
  using Cursors = core::detail::Vec<core::detail::Own<PartEntries>>;
  // A partitioned tensor, of which each of these parts lists some.
  struct Whole {
    bundle::Entry entry;
    core::detail::Vec<PartEntries*> from;

    [[nodiscard]] bundle::EntryList parts() const {
      bundle::EntryList list;
      for (PartEntries* const each : from) each->add_parts(list);
      return list;
    }
  };

  void add(MergedPart& part, Numbers numbers, See see) {
    const bundle::Index &one = part.header(), &first = header();
    if (one.big_endian != first.big_endian || one.version != first.version)
      part.refuse(ErrorCode::invalid_argument, {"its byte order or version is not that of the first one"});
    if (one.num_shards < 1 || num_shards_ > std::numeric_limits<std::int32_t>::max() - 1 - one.num_shards)
      part.refuse(ErrorCode::data_loss, {"it says that it has ", one.num_shards, " shards"});
    num_shards_ += one.num_shards;
    numbers_.push_back({});
    core::detail::HashMap<std::int32_t, std::int32_t>& number_of = numbers_.back();
    const std::size_t begin = shards_.size();
    std::int32_t last = -1;  // mostly it is the one before
    Shard* shard = nullptr;
    for (PartEntries each(part); each.next();) {
      if (each.shard() != last || shard == nullptr) {
        if (each.shard() < 0 || each.shard() >= one.num_shards)
          part.refuse(ErrorCode::data_loss, {"a key of it is in a shard that it does not have"}, each.key());
        // The entry of a partitioned tensor has no bytes, and its number means nothing.
        if (each.is_partitioned() && numbers == Numbers::by_number) continue;
        last = each.shard();
        if (number_of.insert(last, static_cast<std::int32_t>(shards_.size())))
          shards_.push_back({parts_.size() - 1, last, bundle::data_path(part.prefix(), last, one.num_shards)});
        shard = &shards_[static_cast<std::size_t>(*number_of.find(last))];
      }
      if (each.is_partitioned()) continue;
      if (each.size() > std::numeric_limits<std::uint64_t>::max() - each.offset())
        part.refuse(ErrorCode::data_loss, {"one of its entries lies beyond every file"});
      shard->end = std::max(shard->end, each.offset() + each.size());
      see(each);
    }
    if (numbers == Numbers::by_number) number_in_order(begin, number_of);
    for (UnusedRanges ranges(one.unused_bytes); ranges.next();) {
      if (ranges.shard >= static_cast<std::uint64_t>(one.num_shards)) continue;
      const std::int32_t* const number = number_of.find(static_cast<std::int32_t>(ranges.shard));
      if (number == nullptr) continue;  // a data file that no key uses is not taken over
      std::string& unused = shards_[static_cast<std::size_t>(*number)].unused;
      format::append_varint(unused, ranges.offset);
      format::append_varint(unused, ranges.size);
    }
  }
  void number_in_order(std::size_t begin, core::detail::HashMap<std::int32_t, std::int32_t>& number_of) {
    core::detail::sort(shards_.data() + begin, shards_.data() + shards_.size(),
                       [](const Shard& a, const Shard& b) { return a.number < b.number; });
    for (std::size_t i = begin; i < shards_.size(); ++i)
      *number_of.find(shards_[i].number) = static_cast<std::int32_t>(i);
  }

  [[nodiscard]] format::BundleHeader merged_header(std::int32_t shift) const {
    format::BundleHeader merged;
    merged.num_shards = num_shards() + shift;
    merged.endianness = header().big_endian ? format::Endianness::big : format::Endianness::little;
    merged.version = header().version;
    merged.unknown_fields = header().unknown_fields;
    for (std::size_t i = 0; i < shards_.size(); ++i) {
      format::ByteReader ranges(shards_[i].unused);
      while (!ranges.empty()) {
        format::append_varint(merged.unused_bytes, i + static_cast<std::uint64_t>(shift));
        for (int k = 0; k < 2; ++k) format::append_varint(merged.unused_bytes, ranges.read_varint64());
      }
    }
    return merged;
  }

  // The new number of the present entry's data file.
  [[nodiscard]] std::int32_t number_of(const PartEntries& at, std::size_t part) const {
    const std::int32_t* const number = numbers_[part].find(at.shard());
    return number == nullptr ? 0 : *number;
  }

  // Calls use(entries, value, whole) for each key, in order: `entries` stands at it, `value` is the new entry, and `whole`
  // is not null where that is one of a partitioned tensor.
  template <class Use>
  void go_through(std::int32_t shift, const Use& use) {
    Cursors cursors;
    core::detail::Vec<std::uint32_t> heap;  // the numbers of those that are not at their end; the least key is on top
    for (const core::detail::Own<MergedPart>& part : parts_)
      cursors.push_back(core::detail::make_own<PartEntries>(*part));
    const auto is_before = [&](std::uint32_t a, std::uint32_t b) {
      const int order = cursors[a]->key().compare(cursors[b]->key());
      return order != 0 ? order < 0 : a < b;
    };
    const auto sink = [&](std::size_t at) {
      const std::uint32_t moved = heap[at];
      for (std::size_t child = 2 * at + 1; child < heap.size(); child = 2 * at + 1) {
        if (child + 1 < heap.size() && is_before(heap[child + 1], heap[child])) ++child;
        if (!is_before(heap[child], moved)) break;
        heap[at] = heap[child];
        at = child;
      }
      heap[at] = moved;
    };
    const auto advance = [&] {  // the one on top
      if (!cursors[heap[0]]->next()) {
        heap[0] = heap.back();
        heap.pop_back();
      }
      if (!heap.empty()) sink(0);
    };
    for (std::uint32_t i = 0; i < cursors.size(); ++i)
      if (cursors[i]->next()) heap.push_back(i);
    for (std::size_t i = heap.size() / 2; i-- > 0;) sink(i);

    std::string value;
    while (!heap.empty()) {
      const std::uint32_t number = heap[0];
      const PartEntries& first = *cursors[number];
      value.clear();
      const auto is_twin = [&](std::size_t child) {
        return child < heap.size() && cursors[heap[child]]->key() == first.key();
      };
      if (!first.is_partitioned() && !is_twin(1) && !is_twin(2)) {
        first.append(value, number_of(first, number) + shift);
        use(first, value, nullptr);
        advance();
        continue;
      }
      const Whole whole = united(cursors, heap, shift);
      format::append_encoded(value, whole.entry);
      use(first, value, &whole);
      for (std::size_t i = 0; i < whole.from.size(); ++i) advance();  // they are on top, one after the other
    }
  }
  // The entry of all that have the least key, which is a partitioned tensor's or may not be there twice.
  [[nodiscard]] Whole united(const Cursors& cursors, const core::detail::Vec<std::uint32_t>& heap, std::int32_t shift) {
    core::detail::Vec<std::uint32_t> twins;
    const std::string_view key = cursors[heap[0]]->key();
    for (const std::uint32_t number : heap)
      if (cursors[number]->key() == key) twins.push_back(number);
    core::detail::sort(twins, [](std::uint32_t a, std::uint32_t b) { return a < b; });
    Whole whole;
    for (const std::uint32_t number : twins) {
      PartEntries& each = *cursors[number];
      const MergedPart& part = each.part();
      bundle::Entry entry = each.entry();
      entry.shard = number_of(each, number) + shift;
      whole.from.push_back(&each);
      if (number == twins[0]) {
        whole.entry = std::move(entry);
        continue;
      }
      if (whole.entry.slices.empty() || entry.slices.empty())
        part.refuse(ErrorCode::already_exists, {"one of them has its key \"", key, "\" already"}, key);
      if (whole.entry.dtype != entry.dtype || whole.entry.shape != entry.shape)
        part.refuse(ErrorCode::invalid_argument,
                    {"it has parts of \"", key, "\" as ", to_string(entry.dtype), " ", entry.shape.to_string(),
                     ", others as ", to_string(whole.entry.dtype), " ", whole.entry.shape.to_string()},
                    key);
      for (format::TensorSlice& slice : entry.slices) whole.entry.slices.push_back(std::move(slice));
    }
    return whole;
  }

  core::detail::Vec<core::detail::Own<MergedPart>> parts_;
  core::detail::Vec<core::detail::HashMap<std::int32_t, std::int32_t>> numbers_;  // of each part's data files: ours
  core::detail::Vec<Shard> shards_;                                               // in the order of our numbers
  std::int32_t num_shards_ = 0;
};

}  // namespace CAIRN_NAMESPACE::bundle::detail
