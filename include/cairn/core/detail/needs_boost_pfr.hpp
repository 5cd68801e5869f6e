// The refusal of a machine without Boost.PFR.
#pragma once

#include "../../version.hpp"

#if !__has_include(<boost/pfr/core.hpp>)
#error \
    "cairn: Boost.PFR is not on the include path. Install Boost 1.75 or newer (Debian 12: libboost1.81-dev, elsewhere mostly libboost-dev or boost), or put the folder of boost/pfr.hpp on the include path."
#include <nothing more: there is no such file, so that the compiler stops here>
#endif
