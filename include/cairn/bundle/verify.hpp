// verify: everything that is wrong with a checkpoint, as a list. A Reader stops at the first problem; verify reads on.
//
//   for (const cairn::Finding& finding : cairn::verify("training/ckpt-3"))
//     std::cout << finding.file << ' ' << finding.key << ": " << finding.problem << '\n';
//
// Its parts, in the order in which they run:
//   detail/whole_check.hpp   whether a large checkpoint is whole, in little memory; then that is all
//   detail/index_scan.hpp    the index, as far as it can be read
//   detail/verify_data.hpp   every byte of the data files, once and in order
//   detail/verify_graph.hpp  the parts of tensors, and the object graph, against the index
#pragma once

#include "../core/path_argument.hpp"
#include "../io/detail/watch.hpp"
#include "../io/progress.hpp"
#include "../io/whole_file.hpp"
#include "detail/index_scan.hpp"
#include "detail/v1_bundle.hpp"
#include "detail/verify_data.hpp"
#include "detail/verify_graph.hpp"
#include "detail/whole_check.hpp"
#include "files.hpp"
#include "find_checkpoint.hpp"
#include "finding.hpp"

#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE {

// How verify() works.
struct VerifyOptions {
  // The function that is told how many bytes are read, and the request to stop (io/progress.hpp). Where a stop is
  // heeded, verify() throws Error with ErrorCode::cancelled, and no finding is returned.
  ProgressCallback progress = {};
  StopRequest stop = {};
};

}  // namespace CAIRN_NAMESPACE

namespace CAIRN_NAMESPACE::bundle::detail {

// Checks a checkpoint of format V1: opening it decodes and checks all of it, so that only the parts of tensors are left
// to compare.
inline void verify_v1(io::FileSystem& files, const std::string& prefix, Findings& findings) {
  try {
    const OpenBundle bundle = open_bundle(prefix, files);
    SliceVerifier(bundle.index, prefix, findings).run();
  } catch (const Error& error) {
    findings.add(error, prefix);
  }
}

[[nodiscard]] inline std::vector<Finding> verify(const std::string& prefix, io::FileSystem& files) {
  const std::string index_path = bundle::index_path(prefix);
  Findings findings;
  if (!has_index(prefix, files)) {
    verify_v1(files, prefix, findings);
    return std::move(findings).take();
  }
  if (WholeCheck(files, prefix).is_whole()) return {};
  std::string bytes;
  try {
    bytes = io::read_whole_file(files, index_path, std::numeric_limits<std::size_t>::max() / 4);
  } catch (const Error& error) {
    findings.add(error, index_path);
    return std::move(findings).take();
  }
  IndexScan scan(std::move(bytes), index_path, findings);
  if (scan.has_header()) {
    DataVerifier data(files, prefix, scan.index(), scan.is_complete(), findings);
    data.run();
    SliceVerifier(scan.index(), index_path, findings).run();
    if (data.object_graph())
      GraphVerifier(scan.index(), scan.is_complete(), index_path, findings).run(*data.object_graph());
  }
  return std::move(findings).take();
}

}  // namespace CAIRN_NAMESPACE::bundle::detail

namespace CAIRN_NAMESPACE {

// Returns every problem of the checkpoint: damage in the index, block by block; entries that are not legal; data files
// that are missing, cut, or have bytes that belong to no tensor; tensors, strings and variants with a wrong checksum;
// parts that do not make up their tensor; an object graph that names nodes or keys that do not exist. An empty list
// means that everything in the checkpoint can be read.
//
// `path` is one as of bundle::find_checkpoint: a directory means its latest checkpoint. A checkpoint of TensorFlow's
// old format V1 is checked up to its first problem. Each byte is read once, in the order of the file, through a small
// buffer; only the index and the object graph are kept in memory. Throws Error with ErrorCode::not_found when there is
// no such checkpoint, ErrorCode::data_loss for a directory whose file `checkpoint` is damaged,
// ErrorCode::failed_precondition for a checkpoint of a CheckpointManager with another format. A file of the checkpoint
// that cannot be read is a finding and no Error.
[[nodiscard]] inline std::vector<Finding> verify(const PathArgument& path, const VerifyOptions& options,
                                                 io::FileSystem& files = io::native()) {
  const io::detail::Watch watch(options.progress, options.stop, files, "verifying", path.string(),
                                io::detail::Watch::reading);
  std::vector<Finding> findings = bundle::detail::verify(bundle::find_checkpoint(path, watch.files()), watch.files());
  watch.finish();
  return findings;
}
[[nodiscard]] inline std::vector<Finding> verify(const PathArgument& path, io::FileSystem& files = io::native()) {
  return verify(path, VerifyOptions{}, files);
}

}  // namespace CAIRN_NAMESPACE
