// An HDF5 file that is read: its datasets by the groups that they lie in, in Keras' order, checked before anybody uses one.
#pragma once

#include "../../../core/dtype.hpp"
#include "../../../core/error.hpp"
#include "../../../core/shape.hpp"
#include "library.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
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

// An HDF5 file that is open. What leads out of the file is refused: soft and external links, virtual datasets, datasets
// whose bytes are elsewhere. So is a dataset that says to be larger than its stored bytes can be.
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
    std::vector<Hdf5Dataset> found;
    std::size_t objects = 0;
    list("", 0, objects, found);
    return found;
  }

  // Returns the list of names in an attribute of a group, of a file whose datasets() were listed, so that no link leads
  // out of it; an empty one where there is no such list or group. Throws Error with ErrorCode::data_loss for a damaged
  // list.
  [[nodiscard]] std::vector<std::string> names(const std::string& group, const std::string& attribute) const {
    const Hdf5Turn turn;
    const Hdf5Id id(H5Gopen2(file_, group.c_str(), H5P_DEFAULT), H5Gclose);
    return id.is_open() ? names_in(id.get(), attribute) : std::vector<std::string>();
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
      throw damaged("the elements of \"" + dataset.path + "\" cannot be read");
    if (dataset.dtype == DT_BFLOAT16 &&
        order == H5T_ORDER_BE)  // bytes to HDF5, which Keras writes on little-endian machines
      for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) std::swap(bytes[i], bytes[i + 1]);
    return bytes;
  }

 private:
  static constexpr int max_depth = 64;                    // Keras nests layers a few deep
  static constexpr std::size_t max_objects = 1'000'000;   // groups and datasets
  static constexpr std::size_t max_names = 1'000'000;     // in an attribute
  static constexpr std::uint64_t max_compression = 1100;  // deflate's is 1,032
  static constexpr std::uint64_t always_taken = 1 << 16;  // bytes that a dataset may have without any stored

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
  [[nodiscard]] Error damaged(const std::string& problem) const {
    return Error(ErrorCode::data_loss, "\"" + shown_ + "\" is damaged, or was made to deceive: " + problem)
        .in_file(shown_);
  }
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
    put_in_order(names, names_in(group.get(), "layer_names"), [](const std::string& name) { return name; });
    const std::size_t first = found.size();
    for (const std::string& name : names) {
      const std::string below = path + "/" + name;
      const H5I_type_t kind = kind_of(group.get(), name);
      if (kind == H5I_BADID) throw damaged("the object \"" + below + "\"");
      if (kind == H5I_GROUP) list(below, depth + 1, objects, found);
      if (kind == H5I_DATASET) found.push_back(described(group.get(), name, below));
    }
    if (const std::vector<std::string> weights = names_in(group.get(), "weight_names"); !weights.empty()) {
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

  // Returns a list of names that is an attribute, or several with numbers behind their names, as Keras divides long
  // ones.
  [[nodiscard]] std::vector<std::string> names_in(hid_t group, const std::string& attribute) const {
    std::vector<std::string> names;
    if (H5Aexists(group, attribute.c_str()) > 0) {
      add_names(group, attribute, names);
      return names;
    }
    for (std::size_t part = 0; H5Aexists(group, (attribute + std::to_string(part)).c_str()) > 0; ++part)
      add_names(group, attribute + std::to_string(part), names);
    return names;
  }
  void add_names(hid_t group, const std::string& attribute, std::vector<std::string>& names) const {
    const Hdf5Id id(H5Aopen(group, attribute.c_str(), H5P_DEFAULT), H5Aclose);
    const Hdf5Id space(H5Aget_space(id.get()), H5Sclose);
    const Hdf5Id stored(H5Aget_type(id.get()), H5Tclose);
    const hssize_t count = H5Sget_simple_extent_npoints(space.get());
    if (count <= 0 || H5Tget_class(stored.get()) != H5T_STRING) return;  // an empty list is one of numbers
    if (static_cast<std::uint64_t>(count) > max_names - names.size())
      throw damaged("the attribute \"" + attribute + "\" has too many names");
    if (H5Tis_variable_str(stored.get()) > 0) {
      std::vector<char*> texts(static_cast<std::size_t>(count), nullptr);
      if (H5Aread(id.get(), stored.get(), static_cast<void*>(texts.data())) < 0)
        throw damaged("the attribute \"" + attribute + "\"");
      for (const char* const text : texts) names.emplace_back(text == nullptr ? "" : text);
      H5Dvlen_reclaim(stored.get(), space.get(), H5P_DEFAULT, static_cast<void*>(texts.data()));
      return;
    }
    const std::size_t width = H5Tget_size(stored.get());
    if (width == 0 || width > H5Aget_storage_size(id.get())) throw damaged("the attribute \"" + attribute + "\"");
    std::vector<char> texts(width * static_cast<std::size_t>(count));
    if (H5Aread(id.get(), stored.get(), texts.data()) < 0) throw damaged("the attribute \"" + attribute + "\"");
    for (std::size_t i = 0; i < texts.size(); i += width) {
      const std::string_view text(texts.data() + i, width);
      names.emplace_back(text.substr(0, text.find('\0')));
    }
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

  std::string shown_;
  hid_t file_;
};

}  // namespace CAIRN_NAMESPACE::exchange::detail
