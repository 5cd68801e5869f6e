// Entry: where the bytes of a tensor are. It is the value that the index stores under the tensor's key.
//
//   key "model/kernel/.ATTRIBUTES/VARIABLE_VALUE"  ->  Entry { dtype, shape, shard, offset, size, crc32c }
//
// An entry that was read from a file may hold any numbers. A Reader checks it against dtype, shape and the size of the
// shard before it uses the entry.
#pragma once

#include "../format/bundle_messages.hpp"

namespace CAIRN_NAMESPACE::bundle {

// These are the entry, and the slices of a tensor of which a checkpoint holds parts, under the names of this folder.
using Entry = format::BundleEntry;
using format::SliceExtent;
using format::TensorSlice;

}  // namespace CAIRN_NAMESPACE::bundle
