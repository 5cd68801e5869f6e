// The names in attributes of an HDF5 file, by which Keras orders layers and weights.
#pragma once

#include "../../../core/error.hpp"
#include "library.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::exchange::detail {

[[nodiscard]] inline Error hdf5_damage(const std::string& shown, const std::string& problem) {
  return Error(ErrorCode::data_loss, "\"" + shown + "\" is damaged, or was made to deceive: " + problem).in_file(shown);
}

// Reads the lists of names of one file, which messages call `shown`. Throws Error with ErrorCode::data_loss for a damaged
// list.
class Hdf5Names {
 public:
  explicit Hdf5Names(std::string shown) : shown_(std::move(shown)) {}

  // Returns a list of names that is an attribute, or several with numbers behind their names, as Keras divides long
  // ones.
  [[nodiscard]] std::vector<std::string> in(hid_t group, const std::string& attribute) const {
    std::vector<std::string> names;
    if (H5Aexists(group, attribute.c_str()) > 0) {
      add_names(group, attribute, names);
      return names;
    }
    for (std::size_t part = 0; H5Aexists(group, (attribute + std::to_string(part)).c_str()) > 0; ++part)
      add_names(group, attribute + std::to_string(part), names);
    return names;
  }

 private:
  static constexpr std::size_t max_names = 1'000'000;  // in an attribute

  [[nodiscard]] Error damaged(const std::string& problem) const { return hdf5_damage(shown_, problem); }
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

  std::string shown_;
};

}  // namespace CAIRN_NAMESPACE::exchange::detail
