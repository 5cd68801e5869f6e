// Fields of the nodes of a GraphText, of which a part is in memory: also a node with a million children is looked at in
// little of it.
//
//   GraphWindow window(graph);
//   for (NodeFields fields(window, 0); fields.next();)
//     if (fields.number() == NodeFields::child) use(fields.reference().local_name);
#pragma once

#include "../../core/object_graph.hpp"
#include "../../format/object_graph.hpp"
#include "../../format/varint.hpp"
#include "../../format/wire.hpp"
#include "../../io/file_system.hpp"
#include "graph_text.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace CAIRN_NAMESPACE::edit::detail {

// Some of the bytes of a graph. Where they are asked for one behind the other, many are read at a time; after a jump,
// few. The graph must outlive it; it belongs to one thread.
class GraphWindow {
 public:
  explicit GraphWindow(const GraphText& graph) : graph_(graph) {}
  GraphWindow(const GraphWindow&) = delete;
  GraphWindow& operator=(const GraphWindow&) = delete;

  // Bytes that are there, valid until the next call. Throws Error as bundle::Reader::read_piece.
  [[nodiscard]] std::string_view bytes(std::uint64_t begin, std::uint64_t size) {
    if (begin < begin_ || begin + size > begin_ + size_) {
      constexpr std::uint64_t after_a_jump = 4096;
      const bool is_jump = begin < begin_ || begin > begin_ + size_;
      const std::uint64_t wanted =
          std::max(size, is_jump ? after_a_jump : std::min<std::uint64_t>(2 * size_, io::piece_bytes));
      const auto taken = static_cast<std::size_t>(std::min(wanted, graph_.message_bytes() - begin));
      if (memory_.size() < taken) memory_.resize(taken);
      size_ = 0;
      graph_.read(begin, std::span(memory_).first(taken));
      begin_ = begin;
      size_ = taken;
    }
    return std::string_view(memory_).substr(static_cast<std::size_t>(begin - begin_), static_cast<std::size_t>(size));
  }
  [[nodiscard]] const GraphText& graph() const noexcept { return graph_; }

 private:
  const GraphText& graph_;
  std::string memory_;  // in its beginning the bytes from begin_ on
  std::uint64_t begin_ = 0, size_ = 0;
};

// Goes over the fields of one node. What its members return is valid until the window is used again. They throw Error
// with ErrorCode::data_loss for what is no node.
class NodeFields {
 public:
  static constexpr std::uint32_t child = 1, attribute = 2, slot_variable = 3, registered_saver = 4;

  // Begins with the first field.
  NodeFields(GraphWindow& window, std::int32_t id) : window_(&window) {
    const GraphText::Node& node = window.graph().node(id);
    next_ = node.begin;
    end_ = next_ + node.size;
  }
  // The one field that is at a place().
  NodeFields(GraphWindow& window, std::uint32_t place)
      : window_(&window), next_(place), end_(window.graph().message_bytes()) {
    static_cast<void>(next());
  }

  // Goes to the next field that has a length, as all have that a node knows; returns false at the end.
  [[nodiscard]] bool next() {
    while (next_ < end_) {
      place_ = next_;
      constexpr std::uint64_t head_bytes = 2 * format::max_varint_bytes;
      format::ByteReader head(window_->bytes(place_, std::min(head_bytes, end_ - place_)), subject, place_);
      const std::uint32_t tag = head.read_varint32();
      if ((tag & 7) != static_cast<std::uint32_t>(format::WireType::length_delimited)) {
        format::FieldReader rest(window_->bytes(place_, end_ - place_), subject, place_);
        std::string field;
        if (rest.next()) rest.skip(&field);
        next_ += field.size();
        continue;
      }
      size_ = head.read_varint64();
      begin_ = head.offset();
      number_ = tag >> 3;
      if (number_ == 0) head.fail("a field has number 0");
      if (size_ > end_ - begin_) head.fail({"it has ", end_ - begin_, " bytes left where ", size_, " are announced"});
      next_ = begin_ + size_;
      return true;
    }
    return false;
  }

  [[nodiscard]] std::uint32_t number() const noexcept { return number_; }
  // Where the field begins in the message.
  [[nodiscard]] std::uint32_t place() const noexcept { return static_cast<std::uint32_t>(place_); }
  // The field, decoded as what its number says. They have no unknown fields.
  [[nodiscard]] ObjectReference reference() const { return decoded(format::detail::decode_child); }
  [[nodiscard]] SerializedTensor tensor() const { return decoded(format::detail::decode_attribute); }
  [[nodiscard]] SlotVariableReference slot() const { return decoded(format::detail::decode_slot_variable); }
  // The name of an empty child; or of a registered saver, which a field may lack.
  [[nodiscard]] std::string_view name() const {
    if (number_ == format::empty_children_field) {
      format::FieldReader whole(window_->bytes(place_, next_ - place_), subject, place_);
      return whole.next() ? whole.read_string() : std::string_view();
    }
    std::string_view name;
    for (format::FieldReader fields = message(); fields.next();)
      if (fields.is(1, format::WireType::length_delimited))
        name = fields.read_string();
      else
        fields.skip();
    return name;
  }

 private:
  static constexpr std::string_view subject = "the object graph";

  [[nodiscard]] format::FieldReader message() const {
    return format::FieldReader(window_->bytes(begin_, size_), subject, begin_);
  }
  template <class T>
  [[nodiscard]] T decoded(T (*decode)(format::FieldReader, std::string&)) const {
    std::string unknown;
    T element = decode(message(), unknown);
    element.unknown_fields = {};
    return element;
  }

  GraphWindow* window_;
  std::uint64_t place_ = 0, begin_ = 0, size_ = 0;  // of the field, of its contents
  std::uint64_t next_ = 0, end_ = 0;
  std::uint32_t number_ = 0;
};

}  // namespace CAIRN_NAMESPACE::edit::detail
