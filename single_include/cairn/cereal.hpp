// cairn 0.1.0, <cairn/cereal.hpp>, all of which is in cairn.hpp.
// Made by single_include/amalgamate.py from include/cairn/; do not edit.
#pragma once

#include "cairn.hpp"

