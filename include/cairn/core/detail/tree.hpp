// The refusal of two forms of cairn in one file. Every header of include/cairn/ includes this one before all others, by
// itself or through the first that it includes. A folded header (single_include/cairn/) refuses in the same words.
#pragma once

#ifdef CAIRN_FOLDED
#error \
    "cairn: this file includes cairn from two places, and a folded header (single_include/cairn/) is one of them. Include all of cairn from one place: take the other one off the include path."
#include <nothing more: there is no such file, so that the compiler stops here>
#endif
#define CAIRN_TREE
