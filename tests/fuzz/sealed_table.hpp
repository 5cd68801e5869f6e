// A table taken apart into its blocks and put together again with right checksums: for mutators, which find nothing
// behind a checksum that they break.
#pragma once

#include <cairn/format/block.hpp>
#include <cairn/format/snappy.hpp>
#include <cairn/format/table_format.hpp>

#include "damage/craft.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::fuzz {

struct TableParts {
  struct DataBlock {
    std::string index_key;
    std::string contents;
    std::uint8_t compression = 0;
  };
  std::vector<DataBlock> blocks;

  // As much as can be found, whatever the checksums say; nullopt when nothing can.
  static std::optional<TableParts> of(std::string_view file) {
    TableParts parts;
    try {
      if (file.size() < format::table_footer_size) return std::nullopt;
      const std::uint64_t limit = file.size() - format::table_footer_size;
      format::ByteReader footer(file.substr(static_cast<std::size_t>(limit)));
      (void)format::read_handle(footer, limit);
      const auto index = format::read_handle(footer, limit);
      format::Block(contents(file, index), "", 0).for_each([&](std::string_view key, std::string_view value) {
        format::ByteReader reader(value);
        const auto handle = format::read_handle(reader, limit);
        const auto type = static_cast<std::uint8_t>(file[static_cast<std::size_t>(handle.offset + handle.size)]);
        parts.blocks.push_back({std::string(key), std::string(contents(file, handle)), type});
      });
    } catch (const Error&) {}
    if (parts.blocks.empty()) return std::nullopt;
    return parts;
  }

  // `change_index(block)`: the last word on the index block.
  template <class ChangeIndex>
  [[nodiscard]] std::string sealed(ChangeIndex change_index) const {
    test::RawTable table;
    test::RawTable::Rows rows;
    for (const DataBlock& block : blocks)
      rows.push_back({block.index_key, test::RawTable::encoded(table.add(block.contents, block.compression))});
    const auto metaindex = table.add(test::RawTable::block({}));
    std::string index = test::RawTable::block(rows);
    change_index(index);
    return table.finish(metaindex, table.add(index));
  }
  [[nodiscard]] std::string sealed() const {
    return sealed([](std::string&) {});
  }

 private:
  static std::string_view contents(std::string_view file, const format::BlockHandle& handle) {
    return file.substr(static_cast<std::size_t>(handle.offset), static_cast<std::size_t>(handle.size));
  }
};

}  // namespace cairn::fuzz
