// A picture as one page: title and totals as HTML, the data as JSON in a script element that is not run, and the page's
// own style and script, which are the same for every checkpoint.
#pragma once

#include "assets.hpp"
#include "json.hpp"
#include "text.hpp"
#include "tree.hpp"

#include "../../io/path.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::pictures::detail {

struct PictureTotals {
  struct OfDType {
    std::size_t tensors = 0;
    std::uint64_t bytes = 0;
  };
  std::size_t tensors = 0;
  std::uint64_t parameters = 0;  // numbers
  std::uint64_t bytes = 0;
  std::uint64_t graph_bytes = 0;
  std::map<std::string, OfDType> dtypes;

  // Sums over what a file says stop at the largest number.
  explicit PictureTotals(const bundle::Reader& reader) {
    const auto add = [](std::uint64_t& sum, std::uint64_t number) {
      sum = number > ~std::uint64_t{0} - sum ? ~std::uint64_t{0} : sum + number;
    };
    for (const auto& [key, entry] : reader.entries()) {
      if (key == bundle::object_graph_key) {
        graph_bytes = entry.size;
        continue;
      }
      ++tensors;
      add(bytes, bytes_of_entry(entry));
      OfDType& of_dtype = dtypes[dtype_text(entry.dtype)];
      ++of_dtype.tensors;
      add(of_dtype.bytes, bytes_of_entry(entry));
      if (size_of(entry.dtype) != 0)
        add(parameters, static_cast<std::uint64_t>(entry.shape.checked_num_elements().value_or(0)));
    }
  }
};

[[nodiscard]] inline std::string counted(std::uint64_t number, const std::string& one, const std::string& many) {
  return grouped(number) + " " + (number == 1 ? one : many);
}

// The buttons that search for a dtype, the ones with most bytes first.
[[nodiscard]] inline std::string dtype_buttons(const PictureTotals& totals) {
  std::vector<std::pair<std::string, PictureTotals::OfDType>> dtypes(totals.dtypes.begin(), totals.dtypes.end());
  std::stable_sort(dtypes.begin(), dtypes.end(),
                   [](const auto& a, const auto& b) { return a.second.bytes > b.second.bytes; });
  std::string out;
  for (const auto& [dtype, of_dtype] : dtypes)
    out += "<li><button type=\"button\" class=\"chip\" data-search=\"" + html_text(dtype) + "\" title=\"Show " +
           counted(of_dtype.tensors, "tensor", "tensors") + " of this dtype, " + bytes_text(of_dtype.bytes) + "\"><b>" +
           html_text(dtype) + "</b> " + grouped(of_dtype.tensors) + "</button></li>\n";
  return out;
}

// The page is no larger than `max_bytes`, unless it is so without any statistics.
[[nodiscard]] inline std::string picture_html(const bundle::Reader& reader, const PictureTree& tree,
                                              const std::vector<PictureTensor>& tensors, std::size_t max_bytes) {
  const PictureTotals totals(reader);
  std::string path = html_text(shortened(reader.prefix(), picture_key_bytes));
  const std::string name = html_text(shortened(io::file_name(reader.prefix()), picture_name_bytes));
  for (std::size_t slash = path.find('/'); slash != path.npos; slash = path.find('/', slash + 1))
    path.insert(slash + 1, "<wbr>");
  std::string facts = "<b>" + grouped(totals.tensors) + "</b> " + (totals.tensors == 1 ? "tensor" : "tensors") +
                      " · <b>" + grouped(totals.parameters) + "</b> " +
                      (totals.parameters == 1 ? "number" : "numbers") + " · <b>" + bytes_text(totals.bytes) +
                      "</b> in " +
                      counted(static_cast<std::uint64_t>(std::max(reader.num_shards(), 0)), "shard", "shards");
  facts +=
      totals.graph_bytes > 0 ? " · object graph " + bytes_text(totals.graph_bytes) : " · names only, no object graph";
  const auto damaged = static_cast<std::uint64_t>(
      std::count_if(tensors.begin(), tensors.end(), [](const PictureTensor& each) { return !each.problem.empty(); }));
  std::string notes;
  if (damaged > 0)
    notes += "<p class=\"note bad\"><b>" + counted(damaged, "tensor", "tensors") +
             " could not be read.</b> <button type=\"button\" data-search=\"unreadable\">Show</button></p>\n";
  if (tree.left_out > 0)
    notes += "<p class=\"note\">The tree is cut: " +
             counted(tree.left_out, "more object or name is", "more objects and names are") + " left out.</p>\n";

  std::string out =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>" + name +
      " · TensorFlow checkpoint</title>\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
      "script-src '" +
      std::string(page_script_hash) + "'; style-src '" + std::string(page_style_hash) +
      "'; base-uri 'none'; form-action 'none'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n<style>";
  out += page_style;
  out += "</style>\n</head>\n<body>\n<header>\n<h1>" + path + "</h1>\n<p class=\"facts\">" + facts +
         "</p>\n<ul class=\"chips\" aria-label=\"Dtypes\">\n" + dtype_buttons(totals) + "</ul>\n" + notes +
         "</header>\n";
  out += page_body;
  out += "<script type=\"application/json\" id=\"data\">" +
         picture_json(tree, tensors, bundle::has_object_graph(reader) ? "." : "/") +
         "</script>\n<script type=\"text/plain\" id=\"statistics\">\n";
  const std::string end = "</script>\n<script>" + std::string(page_script) + "</script>\n</body>\n</html>\n";
  out += statistics_lines(tensors, max_bytes - std::min(max_bytes, out.size() + end.size()));
  return out += end;
}

}  // namespace CAIRN_NAMESPACE::pictures::detail
