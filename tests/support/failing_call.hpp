// A system call that fails as a rule of the kernel wants it (seccomp), in a child process.
//
//   const auto refusal = cairn::test::refusal_where({{SYS_fsync, EIO}}, [&](const auto& begin) {
//     const auto file = io::native().create(path);
//     begin();  // from here on, every fsync fails
//     file->sync();
//   });
#pragma once

#include <cairn/core/error.hpp>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <initializer_list>
#include <optional>
#include <string>

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace cairn::test {

// The number of a system call, and the errno that it fails with. Where `argument` is not negative, the call fails only
// when that argument has the value, or only when it has another one.
struct FailingCall {
  std::uint32_t number;
  int error;
  int argument = -1;
  std::uint32_t value = 0;
  bool is_value = true;
};

// Lets these calls of the process fail from now on; returns false where the machine does not allow that.
inline bool let_fail(std::initializer_list<FailingCall> calls) {
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return false;
  for (const FailingCall& call : calls) {
    const auto statement = [](int code, std::uint32_t k, std::uint8_t yes = 0, std::uint8_t no = 0) {
      return ::sock_filter{static_cast<std::uint16_t>(code), yes, no, k};
    };
    const auto word =
        static_cast<std::uint32_t>(offsetof(::seccomp_data, args)) + 8 * static_cast<std::uint32_t>(call.argument);
    const bool any = call.argument < 0;
    ::sock_filter filter[] = {statement(BPF_LD | BPF_W | BPF_ABS, offsetof(::seccomp_data, nr)),
                              statement(BPF_JMP | BPF_JEQ | BPF_K, call.number, 0, 3),
                              statement(BPF_LD | BPF_W | BPF_ABS, any ? 0 : word),
                              statement(BPF_JMP | BPF_JEQ | BPF_K, any ? call.number : call.value,
                                        call.is_value ? 0 : 1, call.is_value ? 1 : 0),
                              statement(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(call.error)),
                              statement(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
    const ::sock_fprog program{sizeof filter / sizeof *filter, filter};
    if (::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) != 0) return false;
  }
  return true;
}

// Runs body(begin) in a child process, where the calls fail once it has called begin(). Returns the code and the
// sentence of the Error that it throws; "" when it throws none; "killed" when it does not end; nullopt where the machine
// does not allow that.
template <class Body>
[[nodiscard]] std::optional<std::string> refusal_where(std::initializer_list<FailingCall> calls, const Body& body) {
  int ends[2];
  if (::pipe(ends) != 0) return std::nullopt;
  const pid_t child = ::fork();
  if (child < 0) return std::nullopt;
  if (child == 0) {
    std::string text;
    try {
      ::alarm(10);
      body([&] {
        if (!let_fail(calls)) ::_exit(77);
      });
    } catch (const Error& error) {
      (text = to_string(error.code())).append(": ").append(error.what());
    } catch (const std::exception& other) {
      text = other.what();
    }
    const bool is_told = ::write(ends[1], text.data(), text.size()) == static_cast<::ssize_t>(text.size());
    ::_exit(is_told ? 0 : 1);
  }
  ::close(ends[1]);
  std::string text;
  char piece[256];
  for (::ssize_t got; (got = ::read(ends[0], piece, sizeof piece)) > 0;)
    text.append(piece, static_cast<std::size_t>(got));
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 77) return std::nullopt;
  return WIFEXITED(status) ? text : "killed";
}

}  // namespace cairn::test
