// The datasets of an HDF5 file by the groups that they lie in, in Keras' order, checked before anybody uses one.
#pragma once

#include "../../../core/dtype.hpp"
#include "../../../core/error.hpp"
#include "../../../core/shape.hpp"
#include "hdf5_names.hpp"
#include "library.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::exchange::detail {

// A dataset of a file, checked.
struct Hdf5Dataset {
  std::string path;  // "/layers/dense/vars/0"
  DType dtype = DT_INVALID;
  Shape shape;
  std::size_t bytes = 0;
};

// One pass over the groups of a file that is open. What leads out of the file is refused: soft and external links, virtual
// datasets, datasets whose bytes are elsewhere. So is a dataset that says to be larger than its stored bytes can be.
class Hdf5Walk {
 public:
  // `shown` is what messages call the file.
  Hdf5Walk(hid_t file, const std::string& shown) : shown_(shown), file_(file), names_(shown) {}

  // Throws Error with ErrorCode::data_loss for a damaged file, ErrorCode::unimplemented for what leads out of it and for
  // elements that TensorFlow does not have.
  [[nodiscard]] std::vector<Hdf5Dataset> datasets() const {
    std::vector<Hdf5Dataset> found;
    std::size_t objects = 0;
    list("", 0, objects, found);
    return found;
  }

 private:
  static constexpr int max_depth = 64;                    // Keras nests layers a few deep
  static constexpr std::size_t max_objects = 1'000'000;   // groups and datasets
  static constexpr std::uint64_t max_compression = 1100;  // deflate's is 1,032
  static constexpr std::uint64_t always_taken = 1 << 16;  // bytes that a dataset may have without any stored

  [[nodiscard]] Error damaged(const std::string& problem) const { return hdf5_damage(shown_, problem); }
  [[nodiscard]] Error refused(const std::string& path, const std::string& problem) const {
    return Error(ErrorCode::unimplemented, "\"" + path + "\" in \"" + shown_ + "\" " + problem)
        .in_file(shown_)
        .at_key(path);
  }

  // Lists what a group holds, the root for an empty path: the datasets of groups within it come in the place of these.
  void list(const std::string& path, int depth, std::size_t& objects, std::vector<Hdf5Dataset>& found) const {
    if (depth > max_depth) throw damaged("groups lie in each other more than " + std::to_string(max_depth) + " deep");
    const Hdf5Id group(H5Gopen2(file_, path.empty() ? "/" : path.c_str(), H5P_DEFAULT), H5Gclose);
    H5G_info_t info{};
    if (!group.is_open() || H5Gget_info(group.get(), &info) < 0) throw damaged("the group \"" + path + "\"");
    if (info.nlinks > max_objects - objects)
      throw damaged("it has more than " + std::to_string(max_objects) + " groups and datasets");
    objects += static_cast<std::size_t>(info.nlinks);
    std::vector<std::string> names;
    for (hsize_t i = 0; i < info.nlinks; ++i) names.push_back(name_of_link(group.get(), path, i));
    std::sort(names.begin(), names.end(), [](const std::string& a, const std::string& b) {
      const auto is_number = [](const std::string& name) {
        return !name.empty() && name.find_first_not_of("0123456789") == name.npos;
      };
      if (is_number(a) && is_number(b) && a.size() != b.size()) return a.size() < b.size();
      return a < b;
    });
    put_in_order(names, names_.in(group.get(), "layer_names"), [](const std::string& name) { return name; });
    const std::size_t first = found.size();
    for (const std::string& name : names) {
      const std::string below = path + "/" + name;
      const H5I_type_t kind = kind_of(group.get(), name);
      if (kind == H5I_BADID) throw damaged("the object \"" + below + "\"");
      if (kind == H5I_GROUP) list(below, depth + 1, objects, found);
      if (kind == H5I_DATASET) found.push_back(described(group.get(), name, below));
    }
    if (const std::vector<std::string> weights = names_.in(group.get(), "weight_names"); !weights.empty()) {
      std::vector<Hdf5Dataset> here(std::make_move_iterator(found.begin() + static_cast<std::ptrdiff_t>(first)),
                                    std::make_move_iterator(found.end()));
      found.resize(first);
      put_in_order(here, weights, [&](const Hdf5Dataset& dataset) { return dataset.path.substr(path.size() + 1); });
      std::move(here.begin(), here.end(), std::back_inserter(found));
    }
  }

  [[nodiscard]] static H5I_type_t kind_of(hid_t group, const std::string& name) {
    const Hdf5Id object(H5Oopen(group, name.c_str(), H5P_DEFAULT), H5Oclose);
    return object.is_open() ? H5Iget_type(object.get()) : H5I_BADID;
  }

  // Puts those that `order` names first, in that order; the others keep theirs.
  template <class T, class Name>
  static void put_in_order(std::vector<T>& items, const std::vector<std::string>& order, Name name_of) {
    if (order.empty()) return;
    std::unordered_map<std::string_view, std::size_t> place;
    for (const std::string& name : order) place.try_emplace(name, place.size());
    std::stable_sort(items.begin(), items.end(), [&](const T& a, const T& b) {
      const auto place_of = [&](const T& item) {
        const auto found = place.find(name_of(item));
        return found == place.end() ? place.size() : found->second;
      };
      return place_of(a) < place_of(b);
    });
  }

  [[nodiscard]] std::string name_of_link(hid_t group, const std::string& path, hsize_t i) const {
    const ssize_t size = H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, i, nullptr, 0, H5P_DEFAULT);
    if (size <= 0) throw damaged("the names in the group \"" + path + "\"");
    std::string name(static_cast<std::size_t>(size), '\0');
    H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, i, name.data(), name.size() + 1, H5P_DEFAULT);
    H5L_info_t link{};
    if (H5Lget_info(group, name.c_str(), &link, H5P_DEFAULT) < 0)
      throw damaged("the link \"" + path + "/" + name + "\"");
    if (link.type != H5L_TYPE_HARD)
      throw refused(path + "/" + name, "is a link that may lead out of the file, which Keras never writes");
    return name;
  }

  [[nodiscard]] Hdf5Dataset described(hid_t group, const std::string& name, const std::string& path) const {
    const Hdf5Id id(H5Dopen2(group, name.c_str(), H5P_DEFAULT), H5Dclose);
    const Hdf5Id type(H5Dget_type(id.get()), H5Tclose);
    const Hdf5Id space(H5Dget_space(id.get()), H5Sclose);
    const Hdf5Id created(H5Dget_create_plist(id.get()), H5Pclose);
    if (!id.is_open() || !type.is_open() || !space.is_open() || !created.is_open())
      throw damaged("the dataset \"" + path + "\"");
    if (H5Pget_external_count(created.get()) != 0 || H5Pget_layout(created.get()) == H5D_VIRTUAL)
      throw refused(path, "has its elements in another file, which Keras never writes");
    Hdf5Dataset dataset{.path = path, .dtype = dtype_of(type.get(), path), .shape = {}};
    if (H5Sget_simple_extent_type(space.get()) == H5S_NULL)
      throw refused(path, "is a dataset without elements or shape");
    const int rank = H5Sget_simple_extent_ndims(space.get());
    if (rank < 0 || rank > H5S_MAX_RANK) throw damaged("the shape of \"" + path + "\"");
    hsize_t extents[H5S_MAX_RANK] = {};
    if (H5Sget_simple_extent_dims(space.get(), extents, nullptr) < 0) throw damaged("the shape of \"" + path + "\"");
    const std::uint64_t stored = H5Dget_storage_size(id.get());
    const std::uint64_t most =
        std::max(always_taken, stored > UINT64_MAX / max_compression ? UINT64_MAX : stored * max_compression);
    std::uint64_t bytes = size_of(dataset.dtype);
    for (int axis = 0; axis < rank; ++axis) {
      if (extents[axis] != 0 && bytes > most / extents[axis])
        throw damaged("\"" + path + "\" says to have more elements than its " + std::to_string(stored) + " bytes hold");
      bytes *= extents[axis];
    }
    for (int axis = 0; axis < rank; ++axis) {
      if (extents[axis] > most) throw damaged("the shape of \"" + path + "\"");  // beside an axis of no elements
      dataset.shape.push_back(static_cast<std::int64_t>(extents[axis]));
    }
    dataset.bytes = static_cast<std::size_t>(bytes);
    return dataset;
  }

  [[nodiscard]] DType dtype_of(hid_t type, const std::string& path) const {
    const std::size_t size = H5Tget_size(type);
    switch (H5Tget_class(type)) {
      case H5T_FLOAT: {
        std::size_t sign = 0, exponent_at = 0, exponent = 0, mantissa_at = 0, mantissa = 0;
        H5Tget_fields(type, &sign, &exponent_at, &exponent, &mantissa_at, &mantissa);
        if (size == 2 && exponent == 5 && mantissa == 10) return DT_HALF;
        if (size == 4 && exponent == 8 && mantissa == 23) return DT_FLOAT;
        if (size == 8 && exponent == 11 && mantissa == 52) return DT_DOUBLE;
        break;
      }
      case H5T_INTEGER: {
        if (H5Tget_precision(type) != 8 * size) break;
        const bool is_signed = H5Tget_sign(type) == H5T_SGN_2;
        if (size == 1) return is_signed ? DT_INT8 : DT_UINT8;
        if (size == 2) return is_signed ? DT_INT16 : DT_UINT16;
        if (size == 4) return is_signed ? DT_INT32 : DT_UINT32;
        if (size == 8) return is_signed ? DT_INT64 : DT_UINT64;
        break;
      }
      case H5T_ENUM:  // h5py's bool
        if (size == 1 && H5Tget_nmembers(type) == 2) return DT_BOOL;
        break;
      case H5T_OPAQUE:  // Keras' bfloat16, the only dtype of two bytes that it keeps so; its name is there in Keras 3 only
        if (size == 2) return DT_BFLOAT16;
        break;
      default:
        break;
    }
    throw refused(path, "has elements for which TensorFlow has no dtype");
  }

  const std::string& shown_;
  hid_t file_;
  Hdf5Names names_;
};

}  // namespace CAIRN_NAMESPACE::exchange::detail
