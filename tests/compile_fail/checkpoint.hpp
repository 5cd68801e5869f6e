// What is precompiled for the cases that save and restore.
#include <cairn/checkpoint.hpp>
