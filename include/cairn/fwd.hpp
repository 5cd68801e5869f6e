// Forward declarations of cairn's public classes, for a header that needs only their names. To use an object of such a
// class, include the class's own header, or the door of its folder.
#pragma once

#include "core/fixed_string.hpp"

#include <cstddef>

namespace CAIRN_NAMESPACE {

class Error;
class Shape;
class TensorView;
class AnyTensor;
class MappedTensor;
template <class T, std::size_t... Extents>
class Tensor;
template <class T, std::size_t... Extents>
class Variable;

namespace bundle {
class Reader;
class Writer;
}  // namespace bundle

class BundleOutputArchive;  // <cairn/cereal.hpp>
class BundleInputArchive;   // <cairn/cereal.hpp>

class CheckpointReader;  // <cairn/edit.hpp>
class CheckpointView;    // <cairn/edit.hpp>
class TrackableView;     // <cairn/edit.hpp>
class CheckpointEditor;  // <cairn/edit.hpp>
struct CheckpointDiff;   // <cairn/edit.hpp>
class TensorFile;        // <cairn/exchange.hpp>

class LoadStatus;
template <class... Children>
class Checkpoint;

}  // namespace CAIRN_NAMESPACE
