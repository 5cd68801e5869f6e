// What nobody knows how to save is refused with its name and its type.
// expect: this_member_cannot_be_tracked<Model
// expect: log
// expect: std::thread
// expect: its_type_is_unknown
// expect: cairn: this member cannot be saved. Make it a Variable or a plain struct of such
// errors: 1
#include "cairn/graph.hpp"

#include <thread>

#ifdef CAIRN_WRONG
struct Model {
  int step = 0;
  std::thread log;
};
#else
struct Model {
  int step = 0;
  cairn::NotSaved<std::thread> log;
};
#endif

const auto& type = cairn::detail::object_type<Model>();
