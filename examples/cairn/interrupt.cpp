#include "interrupt.hpp"

#include <cairn/core/error.hpp>

#include <csignal>
#include <initializer_list>

namespace tool {

namespace {

volatile std::sig_atomic_t noted = 0;

}  // namespace

void note_signals() {
#if defined(_WIN32)
  for (const int signal : {SIGINT, SIGTERM, SIGBREAK})  // which Windows resets when one comes
    if (std::signal(signal, [](int number) { noted = number; }) == SIG_IGN) std::signal(signal, SIG_IGN);
#else
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction action{};
    if (::sigaction(signal, nullptr, &action) != 0 || action.sa_handler == SIG_IGN) continue;  // nohup
    action = {};
    action.sa_handler = [](int number) { noted = number; };
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    ::sigaction(signal, &action, nullptr);
  }
#endif
}

bool Interrupt::stop_requested() const noexcept { return noted != 0; }

void throw_if_interrupted() {
  if (noted != 0) throw cairn::Error(cairn::ErrorCode::cancelled, "the command was interrupted");
}

void end_by_signal() {
  std::signal(noted, SIG_DFL);
  std::raise(noted);
}

}  // namespace tool
