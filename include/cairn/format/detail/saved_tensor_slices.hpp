// The messages of TensorFlow's old format V1, in which a checkpoint is one table of everything.
//
//   key ""                  SavedTensorSlices { meta = 1: every tensor and its slices }
//   encode_slice_key(...)   SavedTensorSlices { data = 2: the values of one slice }
//
//   SavedTensorSliceMeta { repeated SavedSliceMeta tensor = 1; VersionDef versions = 2; }
//   SavedSliceMeta       { string name = 1; TensorShapeProto shape = 2; enum type = 3;
//                          repeated TensorSliceProto slice = 4; }
//   SavedSlice           { string name = 1; TensorSliceProto slice = 2; TensorProto data = 3; }
//   TensorProto          { enum dtype = 1; bytes tensor_content = 4;
//                          a repeated field for each kind of values = 5 ... 17; }
//
// (tensorflow/core/util/saved_tensor_slice.proto, tensorflow/core/framework/tensor.proto.) Decoding judges no number.
#pragma once

#include "../../core/dtype.hpp"
#include "../../core/error.hpp"
#include "../bundle_messages.hpp"
#include "../wire.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::format::detail {

// The field of TensorProto that holds the values of a dtype, and the form of one value there.
struct ValueField {
  std::uint32_t number = 0;  // 0 for a dtype without values
  WireType type = WireType::varint;
};
[[nodiscard]] inline ValueField value_field(DType dtype) noexcept {
  switch (dtype) {
    case DT_FLOAT:
      return {5, WireType::fixed32};
    case DT_DOUBLE:
      return {6, WireType::fixed64};
    case DT_INT32:
    case DT_INT16:
    case DT_INT8:
    case DT_UINT16:
    case DT_UINT8:
    case DT_QINT32:
    case DT_QINT16:
    case DT_QINT8:
    case DT_QUINT16:
    case DT_QUINT8:
      return {7, WireType::varint};
    case DT_STRING:
      return {8, WireType::length_delimited};
    case DT_COMPLEX64:
      return {9, WireType::fixed32};  // two of them for each value
    case DT_INT64:
      return {10, WireType::varint};
    case DT_BOOL:
      return {11, WireType::varint};
    case DT_COMPLEX128:
      return {12, WireType::fixed64};
    case DT_HALF:
    case DT_BFLOAT16:
      return {13, WireType::varint};
    case DT_UINT32:
      return {16, WireType::varint};
    case DT_UINT64:
      return {17, WireType::varint};
    default:
      return {};
  }
}

// Returns true for a dtype whose values a file of this format can hold.
[[nodiscard]] inline bool has_saved_values(DType dtype) noexcept { return value_field(dtype).number != 0; }

// Goes over the tensors that the message under the key "" lists. It does not copy the message.
class SavedListReader {
 public:
  explicit SavedListReader(std::string_view message) : fields_(message, "the list of tensors") {}

  // Goes to the next tensor; returns false at the end. Throws Error with ErrorCode::data_loss for damage.
  [[nodiscard]] bool next() {
    for (;; meta_ = fields_.read_message()) {
      while (meta_.next()) {
        if (meta_.is(2, WireType::length_delimited)) {
          merge_version(meta_.read_message(), *version);
        } else if (meta_.is(1, WireType::length_delimited)) {
          read_tensor(meta_.read_message());
          return true;
        } else {
          meta_.skip();
        }
      }
      for (;; fields_.skip()) {
        if (!fields_.next()) return false;
        if (fields_.is(1, WireType::length_delimited)) break;
      }
      if (!version) version.emplace();
    }
  }

  // The present tensor. Its entry has dtype, shape and slices.
  std::string name;
  BundleEntry entry;
  // The version of the format, as far as it was read; none when the message is no list.
  core::detail::Rare<VersionDef> version;

 private:
  void read_tensor(FieldReader tensor) {
    name.clear();
    entry = {};
    while (tensor.next()) {
      if (tensor.is(1, WireType::length_delimited))
        name = tensor.read_string();
      else if (tensor.is(2, WireType::length_delimited))
        merge_shape(tensor.read_message(), entry);
      else if (tensor.is(3, WireType::varint))
        entry.dtype = static_cast<DType>(tensor.read_int32());
      else if (tensor.is(4, WireType::length_delimited))
        entry.slices.push_back(decode_slice(tensor.read_message()));
      else
        tensor.skip();
    }
  }

  FieldReader fields_;
  FieldReader meta_{{}, {}};
};

// The values of one slice; numbers are little-endian bytes, one behind the other.
struct SavedValues {
  std::string numbers;
  std::vector<std::string> strings;
};

// Collects at most `count` values of a dtype that value_field knows.
class SavedValuesReader {
 public:
  SavedValuesReader(DType dtype, std::uint64_t count)
      : dtype_(dtype), field_(value_field(dtype)), size_(size_of(dtype)), count_(count) {}

  void read(FieldReader tensor) {
    while (tensor.next()) {
      if (tensor.is(1, WireType::varint))
        require_dtype(tensor, static_cast<DType>(tensor.read_int32()));
      else if (tensor.is(4, WireType::length_delimited) && dtype_ != DT_STRING)
        add_bytes(tensor, tensor.read_bytes(), size_);
      else if (tensor.number() == field_.number)
        read_values(tensor);
      else
        tensor.skip();
    }
  }
  [[nodiscard]] SavedValues take() && {
    const std::uint64_t found = dtype_ == DT_STRING ? values_.strings.size() : values_.numbers.size() / size_;
    if (found != count_)
      core::detail::fail(ErrorCode::data_loss, {"it has ", found, " values where ", count_, " should be"});
    return std::move(values_);
  }

 private:
  void require_dtype(const FieldReader& tensor, DType found) const {
    if (found != DT_INVALID && found != dtype_)
      tensor.fail({"it is ", to_string(found), ", and listed as ", to_string(dtype_)});
  }
  [[nodiscard]] std::uint64_t room() const noexcept { return count_ * size_ - values_.numbers.size(); }

  void read_values(FieldReader& tensor) {
    if (field_.type == WireType::length_delimited) {
      if (tensor.type() != WireType::length_delimited) return tensor.skip();
      const std::string_view text = tensor.read_bytes();
      if (values_.strings.size() == count_) too_many(tensor);
      values_.strings.emplace_back(text);
    } else if (field_.type == WireType::varint) {
      if (tensor.type() == WireType::varint) return add_number(tensor, tensor.read_uint64());
      if (tensor.type() != WireType::length_delimited) return tensor.skip();
      for (ByteReader packed(tensor.read_bytes(), "its list of values"); !packed.empty();)
        add_number(tensor, packed.read_varint64());
    } else {
      const std::size_t bytes = field_.type == WireType::fixed32 ? 4 : 8;
      if (tensor.type() == WireType::length_delimited)
        add_bytes(tensor, tensor.read_bytes(), bytes);
      else if (tensor.type() == field_.type)
        add_bytes(tensor, tensor.read_fixed(), bytes);
      else
        tensor.skip();
    }
  }
  void add_bytes(const FieldReader& tensor, std::string_view bytes, std::size_t unit) {
    if (bytes.size() % unit != 0) tensor.fail("a value ends in the middle");
    if (bytes.size() > room()) too_many(tensor);
    values_.numbers += bytes;
  }
  void add_number(const FieldReader& tensor, std::uint64_t number) {
    if (room() < size_) too_many(tensor);
    if (dtype_ == DT_BOOL) number = number != 0 ? 1 : 0;
    for (std::size_t i = 0; i < size_; ++i, number >>= 8) values_.numbers += static_cast<char>(number & 0xff);
  }
  [[noreturn]] void too_many(const FieldReader& tensor) const {
    tensor.fail({"it has more values than the ", count_, " that should be there"});
  }

  DType dtype_;
  ValueField field_;
  std::size_t size_;
  std::uint64_t count_;
  SavedValues values_;
};

// Returns the values of the slice in the message: `count` of them, of a dtype that has_saved_values() accepts. It takes
// a few times the memory of the message. Throws Error with ErrorCode::data_loss when the message has more or fewer
// values, or values of another dtype.
[[nodiscard]] CAIRN_COLD inline SavedValues decode_saved_values(std::string_view message, DType dtype,
                                                                std::uint64_t count) {
  if (count > message.size())  // each value takes a byte at least
    core::detail::fail(ErrorCode::data_loss, {count, " values cannot be in ", message.size(), " bytes"});
  SavedValuesReader values(dtype, count);
  FieldReader fields(message, "its list of values");
  while (fields.next()) {
    if (!fields.is(2, WireType::length_delimited)) {
      fields.skip();
      continue;
    }
    FieldReader slice = fields.read_message();
    while (slice.next()) {
      if (slice.is(3, WireType::length_delimited))
        values.read(slice.read_message());
      else
        slice.skip();
    }
  }
  return std::move(values).take();
}

}  // namespace CAIRN_NAMESPACE::format::detail
