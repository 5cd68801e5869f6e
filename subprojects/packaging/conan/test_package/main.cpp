#include <cairn/checkpoint.hpp>

#include <cstdint>

struct State {
  std::int64_t step = 0;
};

int main() {
  State state{7}, restored;
  cairn::Checkpoint(state).write("saved");
  cairn::Checkpoint(restored).read("saved").assert_consumed();
  return restored.step == 7 ? 0 : 1;
}
