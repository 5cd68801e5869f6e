// The refusal of an array whose elements a program does not reach by a pointer.
#pragma once

#include "../../core/error.hpp"

#include <string>
#include <string_view>

namespace CAIRN_NAMESPACE::types::detail {

// Throws Error with ErrorCode::unimplemented. `where` is the device, and `staging` the lines that copy there and back.
[[noreturn]] inline void refuse_device_memory(std::string_view type, std::string_view where, std::string_view staging) {
  throw Error(ErrorCode::unimplemented, "a " + std::string(type) + " lies in the memory of the device " +
                                            std::string(where) +
                                            ", which a save or restore does not reach. Let a staging buffer in the "
                                            "CPU's memory be the member that is saved: " +
                                            std::string(staging));
}

}  // namespace CAIRN_NAMESPACE::types::detail
