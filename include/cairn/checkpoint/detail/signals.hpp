// SIGTERM and SIGINT as a wish to save: what {.save_on_signal = true} listens to.
//
//   first signal    remembered; a handler that the program had is called as well
//   second of it    as if nobody had listened: usually the end of the process, for those who cannot wait
//
// A signal that the program ignores (nohup) stays ignored.
//
// On Windows these are the events of the console: Ctrl-C is SIGINT, and SIGTERM are Ctrl-Break, a window that is closed, and
// the end of the session. Windows ends the process some five seconds after the latter two.
#pragma once

#include "../../core/detail/own.hpp"
#include "../../core/detail/windows_api.hpp"
#include "../manager_options.hpp"

#include <array>
#include <atomic>
#include <csignal>
#include <cstddef>
#include <mutex>
#include <optional>

#if !defined(_WIN32)
#include <signal.h>
#endif

namespace CAIRN_NAMESPACE::checkpoint::detail {

// A manager's view of the listener, whose code is in programs that write the option.
class Signals {
 public:
  Signals() = default;
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;
  virtual ~Signals() = default;

  // The last signal that came since the first listener was made.
  [[nodiscard]] virtual std::optional<int> signal() const noexcept { return std::nullopt; }
};

#if defined(_WIN32)

// Listens as long as it lives; several may. May be made and ended in any thread.
class SignalListener final : public Signals {
 public:
  SignalListener() {
    const std::lock_guard lock(mutex());
    if (count()++ > 0) return;
    received().store(0);
    is_first().store(true);
    ::SetConsoleCtrlHandler(&SignalListener::handle, 1);
  }
  ~SignalListener() override {
    const std::lock_guard lock(mutex());
    if (--count() == 0) ::SetConsoleCtrlHandler(&SignalListener::handle, 0);
  }

  [[nodiscard]] std::optional<int> signal() const noexcept override {
    const int number = received().load();
    return number == 0 ? std::nullopt : std::optional(number);
  }

  // Called in a thread of its own. 0 lets Windows do what it does when nobody listens.
  static int __stdcall handle(unsigned long event) {
    constexpr unsigned long ctrl_c = 0, ctrl_break = 1;
    received().store(event == ctrl_c ? SIGINT : SIGTERM);
    if (event == ctrl_c || event == ctrl_break) return is_first().exchange(false) ? 1 : 0;
    for (;;) ::Sleep(1000);  // the process ends when this returns
  }

 private:
  [[nodiscard]] static std::atomic<int>& received() noexcept {
    static std::atomic<int> number{0};
    return number;
  }
  [[nodiscard]] static std::atomic<bool>& is_first() noexcept {
    static std::atomic<bool> first{true};
    return first;
  }
  [[nodiscard]] static std::mutex& mutex() noexcept {
    static std::mutex own;
    return own;
  }
  [[nodiscard]] static int& count() noexcept {
    static int listeners = 0;
    return listeners;
  }
};

#else

// Listens as long as it lives; several may. The program's own handlers are back when the last one ends, unless the
// program has set others meanwhile. May be made and ended in any thread.
class SignalListener final : public Signals {
 public:
  SignalListener() {
    const std::lock_guard lock(mutex());
    if (count()++ > 0) return;
    received().store(0);
    for (Watched& each : watched()) {
      struct sigaction action{};
      action.sa_sigaction = &SignalListener::handle;
      action.sa_flags = SA_SIGINFO | SA_RESTART;
      ::sigemptyset(&action.sa_mask);
      each.is_first.store(true);
      each.is_set = ::sigaction(each.number, nullptr, &each.before) == 0 && !is_ignored(each.before) &&
                    ::sigaction(each.number, &action, nullptr) == 0;
    }
  }
  ~SignalListener() override {
    const std::lock_guard lock(mutex());
    if (--count() > 0) return;
    for (Watched& each : watched()) {
      struct sigaction now{};
      if (each.is_set && ::sigaction(each.number, nullptr, &now) == 0 && is_ours(now))
        ::sigaction(each.number, &each.before, nullptr);
    }
  }

  [[nodiscard]] std::optional<int> signal() const noexcept override {
    const int number = received().load();
    return number == 0 ? std::nullopt : std::optional(number);
  }

 private:
  struct Watched {
    int number;
    std::atomic<bool> is_first{true};
    bool is_set = false;
    struct sigaction before{};
  };
  [[nodiscard]] static std::array<Watched, 2>& watched() noexcept {
    static std::array<Watched, 2> signals{{{.number = SIGTERM}, {.number = SIGINT}}};
    return signals;
  }
  [[nodiscard]] static std::atomic<int>& received() noexcept {
    static std::atomic<int> number{0};
    return number;
  }
  [[nodiscard]] static std::mutex& mutex() noexcept {
    static std::mutex own;
    return own;
  }
  [[nodiscard]] static int& count() noexcept {
    static int listeners = 0;
    return listeners;
  }
  [[nodiscard]] static bool is_ignored(const struct sigaction& action) noexcept {
    return (action.sa_flags & SA_SIGINFO) == 0 && action.sa_handler == SIG_IGN;
  }
  [[nodiscard]] static bool is_ours(const struct sigaction& action) noexcept {
    return (action.sa_flags & SA_SIGINFO) != 0 && action.sa_sigaction == &SignalListener::handle;
  }

  // Only what a signal handler may do: atomics without locks, sigaction, raise.
  static void handle(int number, ::siginfo_t* info, void* context) {
    static_assert(std::atomic<int>::is_always_lock_free && std::atomic<bool>::is_always_lock_free);
    for (Watched& each : watched()) {
      if (each.number != number) continue;
      received().store(number);
      if (each.is_first.exchange(false)) {
        if ((each.before.sa_flags & SA_SIGINFO) != 0)
          each.before.sa_sigaction(number, info, context);
        else if (each.before.sa_handler != SIG_DFL)
          each.before.sa_handler(number);
      } else {
        ::sigaction(number, &each.before, nullptr);
        ::raise(number);  // comes when this handler returns
      }
    }
  }
};

#endif

inline core::detail::Own<Signals> SignalFeature::call() { return core::detail::make_own<SignalListener>(); }

}  // namespace CAIRN_NAMESPACE::checkpoint::detail
