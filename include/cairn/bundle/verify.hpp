// Is this checkpoint whole? Reads everything and lists all that is wrong, where a Reader stops at the first problem.
//
//   for (const cairn::Finding& finding : cairn::verify("training/ckpt-3"))
//     std::cout << finding.file << ' ' << finding.key << ": " << finding.problem << '\n';
//
//   bundle/index_scan.hpp   the index, as far as it can be read
//   bundle/verify_data.hpp  every byte of the data files, once and in order
//   bundle/verify_graph.hpp parts of tensors, and the object graph, against the index
#pragma once

#include "../io/whole_file.hpp"
#include "files.hpp"
#include "finding.hpp"
#include "index_scan.hpp"
#include "v1_bundle.hpp"
#include "verify_data.hpp"
#include "verify_graph.hpp"

#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace cairn::detail {

// A checkpoint of format V1 is decoded and checked in whole when it is opened; what is left are the parts of tensors.
inline void verify_v1(io::FileSystem& files, const std::string& prefix, Findings& findings) {
  try {
    const OpenBundle bundle = open_bundle(prefix, files);
    SliceVerifier(bundle.index, prefix, findings).run();
  } catch (const Error& error) {
    findings.add(error, prefix);
  }
}

}  // namespace cairn::detail

namespace cairn {

// Every problem of the checkpoint: damage in the index, block by block; entries that are not legal; data files that are
// missing, cut, or have bytes that belong to nobody; tensors, strings and variants whose checksum is wrong; parts that
// do not make up their tensor; an object graph that names nodes or keys that do not exist. None at all means that
// everything in it can be read.
//
// The path is a prefix as it was saved, or that of its .index. A checkpoint of TensorFlow's old format V1 is looked at
// until the first problem. Reads each byte once, in the order of the file, through a small buffer: index and object
// graph are what is kept in memory. Throws Error (not_found) when there is no such checkpoint, and nothing else that has
// to do with its files: one that cannot be read is a finding.
[[nodiscard]] inline std::vector<Finding> verify(const std::string& path, io::FileSystem& files = io::posix()) {
  const std::string prefix = bundle::existing_prefix(path, files);
  const std::string index_path = bundle::index_path(prefix);
  detail::Findings findings;
  if (!bundle::exists(prefix, files)) {
    detail::verify_v1(files, prefix, findings);
    return std::move(findings).take();
  }
  std::string bytes;
  try {
    bytes = io::read_whole_file(files, index_path, std::numeric_limits<std::size_t>::max() / 4);
  } catch (const Error& error) {
    findings.add(error, index_path);
    return std::move(findings).take();
  }
  detail::IndexScan scan(std::move(bytes), index_path, findings);
  if (scan.has_header()) {
    detail::DataVerifier data(files, prefix, scan.index(), scan.is_complete(), findings);
    data.run();
    detail::SliceVerifier(scan.index(), index_path, findings).run();
    if (data.object_graph())
      detail::GraphVerifier(scan.index(), scan.is_complete(), index_path, findings).run(*data.object_graph());
  }
  return std::move(findings).take();
}

}  // namespace cairn
