// The refusal of a machine without cereal.
#pragma once

#include "../../version.hpp"

#if !__has_include(<cereal/cereal.hpp>)
#error \
    "cairn: cereal is not on the include path. Install it (Debian: libcereal-dev, elsewhere mostly cereal), put the folder of cereal/cereal.hpp on the include path, or include <cairn/checkpoint.hpp>, which does without."
#include <nothing more: there is no such file, so that the compiler stops here>
#endif
