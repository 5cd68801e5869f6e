// An object graph as the bytes that a checkpoint has of it, for a look at a few nodes: only the places of the nodes are
// noted, and a node is read and decoded when it is looked at.
//
//   const GraphText graph(reader);
//   for (const ObjectReference child : graph.children(0)) use(child.local_name, child.node_id);
#pragma once

#include "../../bundle/detail/string_tensor.hpp"
#include "../../bundle/object_graph.hpp"
#include "../../bundle/reader.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/object_graph.hpp"
#include "../../format/object_graph.hpp"
#include "../../format/wire.hpp"

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::edit::detail {

// Whoever goes over all nodes of a large graph reads them through a GraphWindow (graph_window.hpp).
//
// The memory is a window of the bytes, eight bytes for each node, and the largest node that is looked at. The members
// throw Error with ErrorCode::data_loss for what is no graph where they look. It belongs to one thread.
class GraphText {
 public:
  // Compares the checksum and notes where the nodes are. The checkpoint has an object graph. The reader must outlive
  // this. Throws what bundle::read_object_graph throws, but for names and numbers in nodes.
  explicit GraphText(const bundle::Reader& reader)
      : reader_(reader), entry_(&reader.lookup(bundle::object_graph_key)), window_(std::make_shared<std::string>()) {
    reader.require_bytes(bundle::object_graph_key, *entry_);
    if (entry_->dtype == DT_STRING && entry_->slices.empty() && entry_->shape.rank() == 0) {
      find_message();
    } else {  // no writer makes it so
      std::vector<std::string> texts = reader.read_strings(bundle::object_graph_key);
      if (texts.size() != 1) static_cast<void>(bundle::read_object_graph(reader));  // throws
      *window_ = std::move(texts.at(0));
      bytes_ = window_size_ = window_->size();
    }
    if (bytes_ > std::numeric_limits<std::uint32_t>::max())
      format::FieldReader({}, subject).fail("it has more than four gigabytes");
    constexpr std::uint64_t usual_node_bytes = 64;
    nodes_.reserve(static_cast<std::size_t>(bytes_ / usual_node_bytes));
    try {
      for (std::uint64_t at = 0; at < bytes_;) at = note_field(at);
    } catch (const Error&) {
      reader.verify(bundle::object_graph_key);  // where the bytes are damaged, this says so
      throw;
    }
    if (crc_) reader.require_whole(bundle::object_graph_key, *entry_, crc_->masked());
    crc_.reset();
  }
  GraphText(const GraphText&) = delete;
  GraphText& operator=(const GraphText&) = delete;

  // The elements of one kind that a node has, decoded as the loop goes on. They have no unknown fields.
  template <class T>
  class Elements {
   public:
    class Iterator {
     public:
      explicit Iterator(const format::FieldReader& fields) : fields_(fields) { ++*this; }
      [[nodiscard]] T operator*() const noexcept { return element_; }
      Iterator& operator++() {
        while ((is_there_ = fields_.next())) {
          if (fields_.is(field_of<T>, format::WireType::length_delimited)) {
            std::string unknown;
            element_ = decoded<T>(fields_.read_message(), unknown);
            element_.unknown_fields = {};
            break;
          }
          fields_.skip();
        }
        return *this;
      }
      friend bool operator==(const Iterator& at, std::default_sentinel_t) noexcept { return !at.is_there_; }

     private:
      format::FieldReader fields_;
      T element_;
      bool is_there_ = false;
    };

    Elements(std::shared_ptr<const std::string> window, const format::FieldReader& fields) noexcept
        : window_(std::move(window)), fields_(fields) {}
    [[nodiscard]] Iterator begin() const { return Iterator(fields_); }
    [[nodiscard]] std::default_sentinel_t end() const noexcept { return {}; }

   private:
    std::shared_ptr<const std::string> window_;  // what the fields are views of
    format::FieldReader fields_;
  };

  [[nodiscard]] std::size_t size() const noexcept { return nodes_.size(); }
  [[nodiscard]] Elements<ObjectReference> children(std::int32_t id) const { return elements<ObjectReference>(id); }
  [[nodiscard]] Elements<SerializedTensor> attributes(std::int32_t id) const { return elements<SerializedTensor>(id); }
  [[nodiscard]] Elements<SlotVariableReference> slot_variables(std::int32_t id) const {
    return elements<SlotVariableReference>(id);
  }

  // Where the bytes of a node are in the message, and some of these bytes; all are there.
  struct Node {
    std::uint32_t begin, size;
  };
  [[nodiscard]] const Node& node(std::int32_t id) const {
    if (id < 0 || static_cast<std::size_t>(id) >= size())
      format::FieldReader({}, subject)
          .fail({"it refers to node ", id, ", but has only nodes 0 to ", static_cast<std::int64_t>(size()) - 1});
    return nodes_[static_cast<std::size_t>(id)];
  }
  [[nodiscard]] std::uint64_t message_bytes() const noexcept { return bytes_; }
  void read(std::uint64_t begin, std::span<char> out) const {
    if (begin_ == 0)
      std::copy_n(window_->data() + begin, out.size(), out.data());
    else
      reader_.read_piece(bundle::object_graph_key, *entry_, begin_ + begin, std::as_writable_bytes(out));
  }

  // The node of a child: by its index, and by its name, where the last one counts, as in TensorFlow; -1 where there is
  // none.
  [[nodiscard]] std::int32_t child(std::int32_t parent, std::size_t index) const {
    for (const ObjectReference child : children(parent))
      if (index-- == 0) return child.node_id;
    return -1;
  }
  [[nodiscard]] std::int32_t child(std::int32_t parent, std::string_view name) const {
    std::int32_t found = -1;
    for (const ObjectReference child : children(parent))
      if (child.local_name == name) found = child.node_id;
    return found;
  }

 private:
  static constexpr std::string_view subject = "the object graph";

  template <class T>
  static constexpr std::uint32_t field_of = std::same_as<T, ObjectReference>    ? 1
                                            : std::same_as<T, SerializedTensor> ? 2
                                                                                : 3;
  template <class T>
  [[nodiscard]] static T decoded(format::FieldReader fields, std::string& unknown) {
    if constexpr (std::same_as<T, ObjectReference>)
      return format::detail::decode_child(std::move(fields), unknown);
    else if constexpr (std::same_as<T, SerializedTensor>)
      return format::detail::decode_attribute(std::move(fields), unknown);
    else
      return format::detail::decode_slot_variable(std::move(fields), unknown);
  }

  // The length of the one string, and what its checksum begins with.
  void find_message() {
    constexpr std::size_t checksum_bytes = sizeof(std::uint32_t);
    std::byte head[format::max_varint_bytes + checksum_bytes];
    const std::span<std::byte> begin(head,
                                     static_cast<std::size_t>(std::min<std::uint64_t>(sizeof head, entry_->size)));
    reader_.read_piece(bundle::object_graph_key, *entry_, 0, begin);
    format::ByteReader numbers(begin, subject);
    bytes_ = numbers.read_varint64();
    begin_ = numbers.position() + checksum_bytes;
    crc_.emplace(reader_.big_endian());
    crc_->add_length(bytes_);
    std::uint32_t checksum = 0;
    const bool is_there = begin_ <= entry_->size && bytes_ == entry_->size - begin_;
    if (is_there) std::memcpy(&checksum, head + numbers.position(), checksum_bytes);
    if (!is_there || bundle::detail::in_byte_order(checksum, reader_.big_endian()) != crc_->masked()) {
      reader_.verify(bundle::object_graph_key);
      numbers.fail("its length is wrong");
    }
    crc_->add_bytes(begin.subspan(numbers.position(), checksum_bytes));
  }

  // Notes the node, if it is one, that a field of the message is, and returns where the next field begins.
  [[nodiscard]] std::uint64_t note_field(std::uint64_t at) {
    constexpr std::uint64_t head_bytes = 2 * format::max_varint_bytes;
    format::ByteReader head(bytes(at, std::min(head_bytes, bytes_ - at)), subject, at);
    const std::uint32_t tag = head.read_varint32();
    if ((tag & 7) != static_cast<std::uint32_t>(format::WireType::length_delimited)) {
      format::FieldReader rest(bytes(at, bytes_ - at), subject, at);
      std::string field;
      if (rest.next()) rest.skip(&field);
      return at + field.size();
    }
    const std::uint64_t size = head.read_varint64(), begin = head.offset();
    if (size > bytes_ - begin) head.fail({"it has ", bytes_ - begin, " bytes left where ", size, " are announced"});
    if (tag >> 3 == 0) head.fail("a field has number 0");
    if (tag >> 3 == 1) {
      if (nodes_.size() * format::detail::node_memory >
          format::detail::free_graph_memory + format::detail::graph_memory_per_byte * bytes_)
        head.fail(format::detail::too_many_nodes);
      nodes_.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(size)});
    }
    while (crc_ && summed_ < begin + size) static_cast<void>(bytes(summed_, 1));
    return begin + size;
  }

  template <class T>
  [[nodiscard]] Elements<T> elements(std::int32_t id) const {
    const Node& place = node(id);
    const std::string_view message = bytes(place.begin, place.size);
    return Elements<T>(window_, format::FieldReader(message, subject, place.begin));
  }

  // Some of the bytes, which are there, valid until the next call.
  [[nodiscard]] std::string_view bytes(std::uint64_t begin, std::uint64_t size) const {
    if (begin < window_begin_ || begin + size > window_begin_ + window_size_) {
      const std::uint64_t wanted = std::max(size, std::min<std::uint64_t>(bytes_ - begin, io::piece_bytes));
      if (window_.use_count() > 1) window_ = std::make_shared<std::string>();  // a loop goes on in the old one
      window_size_ = 0;
      if (window_->size() < wanted) window_->resize(static_cast<std::size_t>(wanted));
      reader_.read_piece(bundle::object_graph_key, *entry_, begin_ + begin,
                         std::as_writable_bytes(std::span(*window_).first(static_cast<std::size_t>(wanted))));
      window_begin_ = begin;
      window_size_ = wanted;
      add_to_checksum();
    }
    return std::string_view(*window_).substr(static_cast<std::size_t>(begin - window_begin_),
                                             static_cast<std::size_t>(size));
  }

  // While the nodes are noted, all bytes pass through the window in their order.
  void add_to_checksum() const {
    const std::uint64_t end = window_begin_ + window_size_;
    if (!crc_ || end <= summed_) return;
    const auto bytes = std::as_bytes(std::span(*window_));
    crc_->add_bytes(
        bytes.subspan(static_cast<std::size_t>(summed_ - window_begin_), static_cast<std::size_t>(end - summed_)));
    summed_ = end;
  }

  const bundle::Reader& reader_;
  const bundle::Entry* entry_;
  std::uint64_t begin_ = 0;  // of the message, behind the first byte of the entry
  std::uint64_t bytes_ = 0;
  core::detail::Vec<Node> nodes_;
  mutable std::shared_ptr<std::string> window_;  // in its beginning the bytes of this part of the message:
  mutable std::uint64_t window_begin_ = 0, window_size_ = 0;
  mutable std::optional<bundle::detail::NumberCrc> crc_;  // until it is compared, of the first summed_ bytes
  mutable std::uint64_t summed_ = 0;
};

}  // namespace CAIRN_NAMESPACE::edit::detail
