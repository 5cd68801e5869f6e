// An element of a container is named with the struct and the member that hold it, however deep it is.
// expect: this_member_cannot_be_tracked<Part, cairn::reflect::detail::spelled<
// expect: callbacks
// expect: function<void
// expect: its_type_is_unknown
// expect: cairn: this member cannot be saved, because nothing is known of its type.
// errors: 1
#include <cairn/checkpoint.hpp>

#include <functional>
#include <map>
#include <optional>

struct Part {
#ifdef CAIRN_WRONG
  std::map<std::string, std::vector<std::optional<std::function<void()>>>> callbacks;
#else
  cairn::NotSaved<std::map<std::string, std::vector<std::optional<std::function<void()>>>>> callbacks;
#endif
};
struct Training {
  int step = 0;
  std::vector<std::unique_ptr<Part>> parts;
};

void use() {
  Training training;
  cairn::Checkpoint checkpoint{training};
  static_cast<void>(checkpoint);
}
