// A bundle as the walk's TensorSource.
#pragma once

#include "../bundle/reader.hpp"
#include "../graph/tensor_source.hpp"

#include <string>
#include <utility>
#include <vector>

namespace cairn::detail {

class BundleSource final : public TensorSource {
 public:
  explicit BundleSource(bundle::Reader reader) : reader_(std::move(reader)) {}

  [[nodiscard]] const bundle::Reader& reader() const noexcept { return reader_; }

  [[nodiscard]] std::string name() const override { return reader_.prefix(); }
  [[nodiscard]] std::optional<Description> find(std::string_view key) const override {
    if (!reader_.contains(key)) return std::nullopt;
    reader_.require_bytes(key);
    const bundle::Entry& entry = reader_.lookup(key);
    return Description{entry.dtype, entry.shape};
  }
  [[nodiscard]] std::uint64_t data_bytes() const override { return reader_.data_bytes(); }
  void read(std::string_view key, std::span<std::byte> out) const override { reader_.read(key, out); }
  [[nodiscard]] std::vector<std::string> read_strings(std::string_view key) const override {
    return reader_.read_strings(key);
  }
  void verify(std::string_view key) const override { reader_.verify(key); }

 private:
  bundle::Reader reader_;
};

}  // namespace cairn::detail
