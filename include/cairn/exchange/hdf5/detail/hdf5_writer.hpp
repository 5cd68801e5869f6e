// An HDF5 file that is made in memory: datasets at their paths, as h5py writes them for Keras.
#pragma once

#include "../../../core/dtype.hpp"
#include "../../../core/error.hpp"
#include "../../../tensor/tensor_view.hpp"
#include "library.hpp"

#include <bit>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::exchange::detail {

class Hdf5Writer {
 public:
  // `shown` is the file's name in messages.
  explicit Hdf5Writer(std::string shown) : shown_(std::move(shown)), file_(created()) {
    if (file_ < 0) throw failed("a file in memory");
  }
  Hdf5Writer(const Hdf5Writer&) = delete;
  Hdf5Writer& operator=(const Hdf5Writer&) = delete;
  ~Hdf5Writer() {
    const Hdf5Turn turn;
    if (file_ >= 0) H5Fclose(file_);
  }

  // Adds a dataset, and the groups that it lies in. Throws Error with ErrorCode::unimplemented for elements that Keras
  // has no form for.
  void add(const std::string& path, const TensorView& value) {
    const Hdf5Turn turn;
    const Hdf5Id type(type_of(value.dtype()), H5Tclose);
    if (!type.is_open())
      throw Error(ErrorCode::unimplemented,
                  "\"" + path + "\" is " + to_string(value.dtype()) +
                      ", and the files of Keras have no such elements; mark the member not_saved, "
                      "or give it another type")
          .in_file(shown_)
          .at_key(path);
    std::vector<hsize_t> extents;
    for (std::size_t axis = 0; axis < value.shape().rank(); ++axis)
      extents.push_back(static_cast<hsize_t>(value.shape()[axis]));
    const Hdf5Id space(extents.empty() ? H5Screate(H5S_SCALAR)
                                       : H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr),
                       H5Sclose);
    const Hdf5Id links(links_with_groups(), H5Pclose);
    const Hdf5Id id(H5Dcreate2(file_, path.c_str(), type.get(), space.get(), links.get(), H5P_DEFAULT, H5P_DEFAULT),
                    H5Dclose);
    if (!id.is_open() || (!value.bytes().empty() &&
                          H5Dwrite(id.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, value.bytes().data()) < 0))
      throw failed(path);
    if (value.dtype() == DT_BFLOAT16) add_text(id.get(), "dtype", "bfloat16");
  }

  // Adds a group with a name as its attribute, or without one, unless there is something at its path.
  void add_group(const std::string& path, const std::string& name) {
    const Hdf5Turn turn;
    if (has(path)) return;
    const Hdf5Id links(links_with_groups(), H5Pclose);
    const Hdf5Id id(H5Gcreate2(file_, path.c_str(), links.get(), H5P_DEFAULT, H5P_DEFAULT), H5Gclose);
    if (!id.is_open()) throw failed(path);
    if (!name.empty()) add_text(id.get(), "name", name.c_str());
  }

  // Gives a group that was added a second path, unless there is something.
  void add_link(const std::string& group, const std::string& path) {
    const Hdf5Turn turn;
    if (has(path)) return;
    const Hdf5Id links(links_with_groups(), H5Pclose);
    if (H5Lcreate_hard(file_, group.c_str(), file_, path.c_str(), links.get(), H5P_DEFAULT) < 0) throw failed(path);
  }

  // Returns the bytes of the file.
  [[nodiscard]] std::vector<std::byte> image() const {
    const Hdf5Turn turn;
    const ssize_t size = H5Fflush(file_, H5F_SCOPE_GLOBAL) < 0 ? -1 : H5Fget_file_image(file_, nullptr, 0);
    if (size < 0) throw failed("the whole");
    std::vector<std::byte> bytes(static_cast<std::size_t>(size));
    if (H5Fget_file_image(file_, bytes.data(), bytes.size()) != size) throw failed("the whole");
    return bytes;
  }

 private:
  [[nodiscard]] static hid_t created() {
    const Hdf5Turn turn;
    const Hdf5Id access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
    constexpr std::size_t increment = 1 << 20;
    H5Pset_fapl_core(access.get(), increment, false);
    return H5Fcreate(name_in_memory().c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access.get());
  }
  [[nodiscard]] Error failed(const std::string& what) const {
    return Error(ErrorCode::resource_exhausted, "the HDF5 library cannot make \"" + what + "\" for \"" + shown_ +
                                                    "\"; there is too little memory, or the name is none that HDF5 "
                                                    "takes")
        .in_file(shown_);
  }
  [[nodiscard]] static hid_t links_with_groups() {
    const hid_t links = H5Pcreate(H5P_LINK_CREATE);
    H5Pset_create_intermediate_group(links, 1);
    H5Pset_char_encoding(links, H5T_CSET_UTF8);
    return links;
  }
  // A path is there when each of its parts is.
  [[nodiscard]] bool has(const std::string& path) const {
    for (std::size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
      if (H5Lexists(file_, path.substr(0, end).c_str(), H5P_DEFAULT) <= 0) return false;
      if (end == path.npos) return true;
    }
  }

  // The type of this machine's elements; below zero where there is none.
  [[nodiscard]] static hid_t type_of(DType dtype) {
    switch (dtype) {
      case DT_FLOAT:
        return H5Tcopy(H5T_NATIVE_FLOAT);
      case DT_DOUBLE:
        return H5Tcopy(H5T_NATIVE_DOUBLE);
      case DT_INT8:
        return H5Tcopy(H5T_NATIVE_INT8);
      case DT_UINT8:
        return H5Tcopy(H5T_NATIVE_UINT8);
      case DT_INT16:
        return H5Tcopy(H5T_NATIVE_INT16);
      case DT_UINT16:
        return H5Tcopy(H5T_NATIVE_UINT16);
      case DT_INT32:
        return H5Tcopy(H5T_NATIVE_INT32);
      case DT_UINT32:
        return H5Tcopy(H5T_NATIVE_UINT32);
      case DT_INT64:
        return H5Tcopy(H5T_NATIVE_INT64);
      case DT_UINT64:
        return H5Tcopy(H5T_NATIVE_UINT64);
      case DT_HALF: {  // IEEE's: sign at 15, five bits of exponent at 10, ten of mantissa
        const hid_t half = H5Tcopy(H5T_NATIVE_FLOAT);
        H5Tset_fields(half, 15, 10, 5, 0, 10);
        H5Tset_size(half, 2);
        H5Tset_ebias(half, 15);
        return half;
      }
      case DT_BOOL: {
        const hid_t logical = H5Tenum_create(H5T_NATIVE_INT8);
        for (signed char value = 0; value < 2; ++value) H5Tenum_insert(logical, value == 0 ? "FALSE" : "TRUE", &value);
        return logical;
      }
      case DT_BFLOAT16:
        return std::endian::native == std::endian::little ? H5Tcreate(H5T_OPAQUE, 2) : -1;
      default:
        return -1;
    }
  }
  void add_text(hid_t object, const char* attribute, const char* value) const {
    const Hdf5Id text(H5Tcopy(H5T_C_S1), H5Tclose);
    H5Tset_size(text.get(), H5T_VARIABLE);
    H5Tset_cset(text.get(), H5T_CSET_UTF8);
    const Hdf5Id space(H5Screate(H5S_SCALAR), H5Sclose);
    const Hdf5Id id(H5Acreate2(object, attribute, text.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
    if (!id.is_open() || H5Awrite(id.get(), text.get(), static_cast<const void*>(&value)) < 0) throw failed(attribute);
  }

  std::string shown_;
  hid_t file_;
};

}  // namespace CAIRN_NAMESPACE::exchange::detail
