// Writer: plans tensors, writes them to temporary data files, and publishes the bundle by renames.
//
//   cairn::bundle::Writer writer("training/ckpt-3");
//   writer.add("model/kernel/.ATTRIBUTES/VARIABLE_VALUE", view);
//   writer.finish();
//
// detail/bundle_writer.hpp does the work.
#pragma once

#include "../core/path_argument.hpp"
#include "../io/detail/watch.hpp"
#include "../io/file_system.hpp"
#include "../io/native.hpp"
#include "../tensor/tensor_view.hpp"
#include "detail/add_copy.hpp"
#include "detail/add_parts.hpp"
#include "detail/bundle_writer.hpp"
#include "reader.hpp"
#include "writer_options.hpp"

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::bundle {

// Writes one bundle. A Writer belongs to one thread, and two Writers must not work on one prefix at the same time.
// Besides the codes that a member lists, a call that fails in the file system throws Error with
// ErrorCode::permission_denied, resource_exhausted or unavailable. Every member but prefix() and reserve()
// throws ErrorCode::failed_precondition after finish(), and after a flush() or finish() that threw.
class Writer {
 public:
  // The function that add_streamed() gives to `pieces`.
  using Append = std::function<void(std::span<const std::byte>)>;

  // Prepares a bundle under `prefix`; no file is touched yet. Throws Error with ErrorCode::invalid_argument for a
  // data_alignment of 0, and for a prefix that ends without a name ("", "training/", "..").
  explicit Writer(PathArgument prefix, WriterOptions options = {}, io::FileSystem& files = io::native())
      : watch_(options.progress, options.stop, files, "writing", prefix.string(), io::detail::Watch::writing),
        writer_(std::move(prefix).string(), options, watch_.files()) {}
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  // A Writer that is destroyed before finish() removes its temporary files; the prefix is then what it was before.
  ~Writer() = default;

  // Returns the prefix that the constructor was given.
  [[nodiscard]] const std::string& prefix() const noexcept { return writer_.prefix(); }

  // Reserves memory for `count` more tensors. The call is never needed; it saves copies where the number is known.
  void reserve(std::size_t count) { writer_.reserve(count); }

  // Plans a tensor; tensors lie in the data file in the order of the calls. The memory that `tensor` views must stay
  // unchanged until flush() or finish() returns; the key is copied. Throws Error with ErrorCode::already_exists for a
  // key that was added before, ErrorCode::invalid_argument for an empty key.
  void add(std::string_view key, TensorView tensor) { writer_.add(key, std::move(tensor)); }
  // Plans one part of a partitioned tensor of shape `full_shape`; the list of parts in the index has the order of the
  // calls. A slice that covers the whole tensor is added as a plain tensor. Parts may be missing, because other bundles
  // may have them (merge.hpp). Throws Error with ErrorCode::already_exists for a key, or a part, that was added before;
  // ErrorCode::invalid_argument for an empty key, for a slice that does not lie inside `full_shape` or has another
  // shape than `tensor`, for a part that shares elements with a part added before, and for a dtype or full shape other
  // than that of the parts before.
  void add_slice(const std::string& key, const Shape& full_shape, const TensorSlice& slice, TensorView tensor) {
    detail::add_slice(writer_, key, full_shape, slice, tensor);
  }

  // Plans a tensor of numbers that need not be in memory. While the data file is written, any thread may call
  // pieces(append) once; `pieces` hands over all bytes of the tensor, row by row, by calls of append(bytes), and may
  // free the bytes of each call when it returns. The tensor is never cut. Throws Error with ErrorCode::invalid_argument
  // for strings, variants, a shape without a number of elements, and an empty key; ErrorCode::already_exists for a key
  // that was added before. flush() and finish() throw the exceptions of `pieces`, and ErrorCode::invalid_argument when
  // the number of bytes is not that of dtype and shape.
  void add_streamed(std::string key, DType dtype, Shape shape, std::function<void(const Append&)> pieces) {
    detail::add_streamed(writer_, key, dtype, std::move(shape), std::move(pieces));
  }
  // The former name of add_streamed().
  void add_pieces(std::string key, DType dtype, Shape shape, std::function<void(const Append&)> pieces) {
    add_streamed(std::move(key), dtype, std::move(shape), std::move(pieces));
  }

  // Plans a copy of a tensor of another bundle, of any dtype, partitioned or not, without reading it yet. Its bytes
  // pass through a small buffer while the data file is written; they are checked on the way, and numbers are converted
  // where the file has the other byte order. `source` must live until flush() or finish() returns. The tensor is not
  // cut further. Throws Error with ErrorCode::not_found for a key that `source` does not have; ErrorCode::data_loss
  // when a part, or the bytes of one, are missing; ErrorCode::already_exists for a new key that was added before;
  // ErrorCode::invalid_argument for an empty one. flush() and finish() throw ErrorCode::data_loss for damaged bytes,
  // ErrorCode::unimplemented for bytes of the other byte order that cannot be converted.
  void add_copy(const Reader& source, std::string_view key) { add_copy(source, key, std::string(key)); }
  void add_copy(const Reader& source, std::string_view key, std::string new_key) {
    detail::add_copy(writer_, source, key, new_key);
  }

  // Tensors that are added from here on go to a new data file, unless the present one is still empty.
  void begin_shard() { writer_.begin_shard(); }

  // Writes all tensors that are planned so far to the temporary data files; afterwards their memory may be freed or
  // changed. Nothing is published yet. When it throws, the writer cannot be used further: only its destruction is left.
  // Throws Error with ErrorCode::data_loss for damaged bytes of a source, ErrorCode::unimplemented for bytes of the
  // other byte order that cannot be converted, ErrorCode::invalid_argument for pieces of another number of bytes; an
  // exception of `pieces` is passed on.
  void flush() { writer_.flush(); }

  // Writes the tensors that are still planned and publishes the bundle, at one instant; the folder of the prefix is
  // made if it is missing. It is called once. When it throws, the prefix is what it was before, unless the sentence of
  // the Error begins by saying that the checkpoint is complete: then only the removal of old files failed. Throws Error
  // with ErrorCode::data_loss, unimplemented and invalid_argument for the reasons that flush() gives.
  void finish() {
    writer_.finish();
    watch_.finish();
  }

 private:
  io::detail::Watch watch_;
  detail::BundleWriter writer_;
};

}  // namespace CAIRN_NAMESPACE::bundle
