// An HDF5 file that is read.
#pragma once

#include "../../../core/dtype.hpp"
#include "../../../core/error.hpp"
#include "hdf5_names.hpp"
#include "hdf5_walk.hpp"
#include "library.hpp"

#include <bit>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::exchange::detail {

// An HDF5 file that is open.
class Hdf5File {
 public:
  // Opens a file, or the bytes of one, which it keeps. Throws Error with ErrorCode::data_loss when the library does not
  // take it for an HDF5 file.
  explicit Hdf5File(const std::string& path) : shown_(path), file_(opened(path, {})) { require_open(); }
  Hdf5File(std::string shown, std::span<const std::byte> image)
      : shown_(std::move(shown)), file_(opened(name_in_memory(), image)) {
    require_open();
  }
  Hdf5File(const Hdf5File&) = delete;
  Hdf5File& operator=(const Hdf5File&) = delete;
  ~Hdf5File() {
    const Hdf5Turn turn;
    if (file_ >= 0) H5Fclose(file_);
  }

  // Returns all datasets, in Keras' order. Throws Error with ErrorCode::data_loss for a damaged file,
  // ErrorCode::unimplemented for what leads out of it and for elements that TensorFlow does not have.
  [[nodiscard]] std::vector<Hdf5Dataset> datasets() const {
    const Hdf5Turn turn;
    return Hdf5Walk(file_, shown_).datasets();
  }

  // Returns the list of names in an attribute of a group, of a file whose datasets() were listed, so that no link leads
  // out of it; an empty one where there is no such list or group. Throws Error with ErrorCode::data_loss for a damaged
  // list.
  [[nodiscard]] std::vector<std::string> names(const std::string& group, const std::string& attribute) const {
    const Hdf5Turn turn;
    const Hdf5Id id(H5Gopen2(file_, group.c_str(), H5P_DEFAULT), H5Gclose);
    return id.is_open() ? Hdf5Names(shown_).in(id.get(), attribute) : std::vector<std::string>();
  }

  // Returns the elements of a dataset in this machine's byte order. Throws Error with ErrorCode::data_loss for damaged
  // bytes.
  [[nodiscard]] std::vector<std::byte> read(const Hdf5Dataset& dataset) const {
    const Hdf5Turn turn;
    std::vector<std::byte> bytes(dataset.bytes);
    if (bytes.empty()) return bytes;
    const Hdf5Id id(H5Dopen2(file_, dataset.path.c_str(), H5P_DEFAULT), H5Dclose);
    const Hdf5Id stored(H5Dget_type(id.get()), H5Tclose);
    const Hdf5Id type(H5Tcopy(stored.get()), H5Tclose);
    constexpr H5T_order_t order = std::endian::native == std::endian::little ? H5T_ORDER_LE : H5T_ORDER_BE;
    if (dataset.dtype != DT_BOOL && dataset.dtype != DT_BFLOAT16) H5Tset_order(type.get(), order);
    if (H5Dread(id.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data()) < 0)
      throw hdf5_damage(shown_, "the elements of \"" + dataset.path + "\" cannot be read");
    if (dataset.dtype == DT_BFLOAT16 &&
        order == H5T_ORDER_BE)  // bytes to HDF5, which Keras writes on little-endian machines
      for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) std::swap(bytes[i], bytes[i + 1]);
    return bytes;
  }

 private:
  [[nodiscard]] static hid_t opened(const std::string& path, std::span<const std::byte> image) {
    const Hdf5Turn turn;
    const Hdf5Id access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
    H5Pset_fclose_degree(access.get(), H5F_CLOSE_STRONG);  // whatever a damaged file has left open
    if (image.data() != nullptr) {
      constexpr std::size_t increment = 1 << 20;
      H5Pset_fapl_core(access.get(), increment, false);
      H5Pset_file_image(access.get(), const_cast<std::byte*>(image.data()), image.size());  // it is copied
    }
    return H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.get());
  }
  void require_open() const {
    if (file_ < 0)
      throw Error(ErrorCode::data_loss, "\"" + shown_ +
                                            "\" is no HDF5 file that can be opened; it was cut, is damaged, or is "
                                            "something else")
          .in_file(shown_);
  }

  std::string shown_;
  hid_t file_;
};

}  // namespace CAIRN_NAMESPACE::exchange::detail
