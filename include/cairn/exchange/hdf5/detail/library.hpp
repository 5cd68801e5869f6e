// The HDF5 library: its header, ids of it that are closed, and one thread at a time in it.
#pragma once

#include "../../../version.hpp"

#if !__has_include(<hdf5.h>)
#error \
    "cairn: the HDF5 library is not on the include path. Install it (Debian: libhdf5-dev) and compile with what `pkg-config --cflags --libs hdf5` says, or leave <cairn/exchange/hdf5.hpp> out."
#include <nothing more: there is no such file, so that the compiler stops here>
#else
#include <hdf5.h>
#endif

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>

namespace CAIRN_NAMESPACE::exchange::detail {

// An id of the library, which is closed at its end; below zero when the library refused.
class Hdf5Id {
 public:
  Hdf5Id(hid_t id, herr_t (*close)(hid_t)) noexcept : id_(id), close_(close) {}
  Hdf5Id(const Hdf5Id&) = delete;
  Hdf5Id& operator=(const Hdf5Id&) = delete;
  ~Hdf5Id() {
    if (id_ >= 0) close_(id_);
  }
  [[nodiscard]] bool is_open() const noexcept { return id_ >= 0; }
  [[nodiscard]] hid_t get() const noexcept { return id_; }

 private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

// While it lives no other thread is in the library, which prints nothing, and loads no plugin: a file that names a filter
// of its own would make it look for one in folders of the system.
class Hdf5Turn {
 public:
  Hdf5Turn() : lock_(mutex()) {
    H5Eget_auto2(H5E_DEFAULT, &print_, &data_);
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    H5PLget_loading_state(&plugins_);
    H5PLset_loading_state(0);
  }
  Hdf5Turn(const Hdf5Turn&) = delete;
  Hdf5Turn& operator=(const Hdf5Turn&) = delete;
  ~Hdf5Turn() {
    H5PLset_loading_state(plugins_);
    H5Eset_auto2(H5E_DEFAULT, print_, data_);
  }

 private:
  [[nodiscard]] static std::mutex& mutex() {
    static std::mutex one;
    return one;
  }
  std::lock_guard<std::mutex> lock_;
  H5E_auto2_t print_ = nullptr;
  void* data_ = nullptr;
  unsigned plugins_ = 0;
};

// A name for a file in memory: the library takes two of one name for the same file.
[[nodiscard]] inline std::string name_in_memory() {
  static std::atomic<std::uint64_t> count{0};
  return "in memory, " + std::to_string(count.fetch_add(1));
}

}  // namespace CAIRN_NAMESPACE::exchange::detail
