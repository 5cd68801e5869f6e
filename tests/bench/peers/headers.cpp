// The headers of cereal's binary archive and of Boost.PFR in an empty program: the other programs are measured by it.
#include <boost/pfr/core.hpp>
#include <boost/pfr/tuple_size.hpp>
#include <cereal/archives/portable_binary.hpp>

int main() {}
