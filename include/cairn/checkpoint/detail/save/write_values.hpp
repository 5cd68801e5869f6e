// A walked state's values into a bundle, and meanwhile its graph into the message that comes behind them.
#pragma once

#include "../../../bundle/object_graph.hpp"
#include "../../../bundle/writer.hpp"
#include "../../../core/detail/vec.hpp"
#include "../../../graph/detail/walk.hpp"
#include "../../../io/threads.hpp"
#include "../../../tensor/tensor_view.hpp"
#include "save_graph.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace cairn::checkpoint::detail {

// Plans and writes the values, and returns the encoded graph. For a large graph and threads >= 2, a second thread
// encodes the graph meanwhile. The graph owns the keys of the writer, and must live until that has finished. Throws
// Error with the codes of Writer::flush, and ErrorCode::invalid_argument for a name that is not UTF-8.
[[nodiscard]] inline std::string write_values(bundle::detail::BundleWriter& writer,
                                              const graph::detail::LiveGraph& live, std::size_t threads) {
  constexpr std::size_t usual_node_bytes = 100;
  std::string encoded;
  core::detail::Vec<std::shared_ptr<const void>> kept;
  const std::size_t last = std::min<std::size_t>(2, io::threads_for(live.graph.size() * usual_node_bytes, threads)) - 1;
  writer.reserve(live.graph.attributes().size() + 1);  // and the graph
  const auto add = [&](std::string_view key, TensorView view) { writer.add_kept(key, std::move(view)); };
  io::run_in_threads(last + 1, [&](std::size_t i) {
    if (i == 0) kept = plan_values(live, add);
    if (i == last) encoded = bundle::encode_object_graph(live.graph);
  });
  writer.flush();
  return encoded;
}

}  // namespace cairn::checkpoint::detail
