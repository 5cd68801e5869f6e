// cairn ls of a file of Keras: in Keras' order, and without checksums, which such files do not have.
#include "command.hpp"
#include "keras_file.hpp"
#include "output.hpp"
#include "sha256.hpp"

#include <cairn/bundle/detail/numbers.hpp>
#include <cairn/tensor/any_tensor.hpp>

#include <algorithm>
#include <bit>

namespace tool {

namespace {

using cairn::TensorFile;

[[nodiscard]] std::uint64_t bytes_of(const TensorFile::Tensor& tensor) {
  return static_cast<std::uint64_t>(tensor.shape.num_elements()) * cairn::size_of(tensor.dtype);
}

// The digest of a tensor's little-endian bytes, which are read; empty where they cannot be.
[[nodiscard]] std::string sha256_of(const TensorFile::Tensor& tensor) try {
  cairn::AnyTensor value = TensorFile::read(tensor);
  if constexpr (std::endian::native == std::endian::big)
    cairn::bundle::detail::swap_numbers(value.bytes(), cairn::swap_unit_of(value.dtype()), false);
  Sha256 sum;
  sum.add(value.bytes());
  return sum.hexadecimal();
} catch (const cairn::Error& error) {
  if (error.code() != cairn::ErrorCode::data_loss) throw;
  return {};
}

}  // namespace

int ls_keras(const Arguments& arguments, const std::string& path, bool with_sha256) {
  const TensorFile weights = read_keras_file(path);
  bool is_whole = true;
  if (arguments.json()) {
    Json json;
    json.begin('[');
    for (const TensorFile::Tensor& tensor : weights.tensors()) {
      const std::string sum = sha256_of(tensor);
      is_whole = is_whole && !sum.empty();
      json.begin('{').key("key").value(tensor.name).key("dtype").value(cairn::to_string(tensor.dtype));
      json.key("shape").list(tensor.shape).key("bytes").value(bytes_of(tensor));
      json.key("crc32c").value(sum.empty() ? "bad" : "none");
      if (with_sha256) {
        json.key("sha256");
        sum.empty() ? json.null() : json.value(sum);
      }
      json.end('}');
      print(json.take());
    }
    print(json.end(']').text());
    return is_whole ? done : damaged;
  }
  std::size_t names = 2, dtypes = 0, shapes = 0;
  std::uint64_t sum = 0, most = 0;
  for (const TensorFile::Tensor& tensor : weights.tensors()) {
    names = std::max(names, shown_columns(tensor.name));
    dtypes = std::max(dtypes, cairn::to_string(tensor.dtype).size());
    shapes = std::max(shapes, tensor.shape.to_string().size());
    most = std::max(most, bytes_of(tensor));
    sum += bytes_of(tensor);
  }
  const auto padded = [](std::string text, std::size_t width, std::size_t taken) {
    return text + std::string(width > taken ? width - taken : 0, ' ');
  };
  for (const TensorFile::Tensor& tensor : weights.tensors()) {
    const std::string dtype = cairn::to_string(tensor.dtype), shape = tensor.shape.to_string(),
                      bytes = with_commas(bytes_of(tensor));
    std::string line = padded(shown(tensor.name), names, shown_columns(tensor.name)) + "  " +
                       padded(dtype, dtypes, dtype.size()) + "  " + padded(shape, shapes, shape.size()) + "  " +
                       padded({}, with_commas(most).size(), bytes.size()) + bytes;
    if (with_sha256) {
      const std::string digest = sha256_of(tensor);
      line += digest.empty() ? red("  damaged") : "  " + digest;
      is_whole = is_whole && !digest.empty();
    }
    print(line + "\n");
  }
  print(count_of(weights.tensors().size(), "tensor") + ", " + bytes_in_words(sum) + "\n");
  return is_whole ? done : damaged;
}

}  // namespace tool
