// Ctrl-C on the console of a program that trains: the next save writes, whatever its interval says, and what it wrote is
// restored. Only Windows has such events. This one goes to all programs of the console; Wine has one where there is a
// terminal, and sends no Ctrl-Break: that is told to the listener by hand.
#include <cairn/checkpoint.hpp>
#include <cairn/checkpoint/detail/signals.hpp>

#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>

#include <windows.h>

namespace {

struct Model {
  cairn::Variable<float, 2, 3> weights;
  std::int64_t step = 0;
};

void check(bool is_right, const char* sentence) {
  if (is_right) return;
  std::printf("not right: %s (Windows says %lu)\n", sentence, ::GetLastError());
  std::fflush(stdout);
  std::_Exit(1);
}

void the_first_event_is_remembered_and_the_second_ends_the_process(unsigned long event, int signal) {
  using Listener = cairn::checkpoint::detail::SignalListener;
  const Listener listener;
  check(!listener.signal(), "nothing was heard yet");
  check(Listener::handle(event) == 1, "the first event is taken");
  check(listener.signal() == signal, "what a listener heard is the event's signal");
  check(Listener::handle(event) == 0, "the second event is left to Windows");
}

}  // namespace

int main() {
  the_first_event_is_remembered_and_the_second_ends_the_process(CTRL_BREAK_EVENT, SIGTERM);
  the_first_event_is_remembered_and_the_second_ends_the_process(CTRL_C_EVENT, SIGINT);
  Model model;
  cairn::Checkpoint checkpoint{model};
  cairn::CheckpointManager manager(checkpoint, "training",
                                   {.step_counter = model.step, .checkpoint_interval = 100000, .save_on_signal = true});
  check(manager.save().has_value(), "the first save writes");
  std::optional<std::string> path;
  for (model.step = 1; !path; ++model.step) {
    check(model.step < 6000, "Ctrl-C came within a minute");
    if (model.step == 3) check(::GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0) != 0, "Ctrl-C can be sent");
    model.weights(0, 0) = static_cast<float>(model.step);
    path = manager.save();
    ::Sleep(10);
  }
  check(manager.signal() == SIGINT, "what the manager heard is a SIGINT");
  Model later;
  cairn::Checkpoint{later}.restore(*path).assert_consumed();
  check(later.step + 1 == model.step && later.step >= 3, "what it wrote is the last step");
  std::puts("a checkpoint was left behind");
}
