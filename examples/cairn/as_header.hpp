// A checkpoint as a header for the compiler, as cairn_embed makes it; cairn/schema.hpp says what it is for.
#pragma once

#include <string>
#include <string_view>

namespace tool {

// The text of a header that defines `name`: the index, and the object graph where there is one. Throws cairn::Error
// when the compiler could not read them, and WrongUsage when `name` is no name in C++.
[[nodiscard]] std::string as_header(const std::string& prefix, std::string_view name);

}  // namespace tool
