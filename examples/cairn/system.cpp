#include "system.hpp"

#if defined(_WIN32)
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include <fcntl.h>
#include <io.h>
#include <shellapi.h>
#else
#include <cerrno>
#include <csignal>

#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

namespace tool {

#if defined(_WIN32)

std::vector<std::string> words_of(int /*argc*/, char** /*argv*/) {
  ::_setmode(::_fileno(stdout), _O_BINARY);
  ::_setmode(::_fileno(stderr), _O_BINARY);
  ::SetConsoleOutputCP(CP_UTF8);
  int count = 0;
  wchar_t** const wide = ::CommandLineToArgvW(::GetCommandLineW(), &count);
  std::vector<std::string> words;
  for (int i = 1; wide != nullptr && i < count; ++i) {
    const int size = ::WideCharToMultiByte(CP_UTF8, 0, wide[i], -1, nullptr, 0, nullptr, nullptr);
    std::string word(static_cast<std::size_t>(size), '\0');
    ::WideCharToMultiByte(CP_UTF8, 0, wide[i], -1, word.data(), size, nullptr, nullptr);
    word.resize(word.empty() ? 0 : word.size() - 1);  // without the NUL
    words.push_back(word);
  }
  ::LocalFree(static_cast<void*>(wide));
  return words;
}

std::optional<std::size_t> width_of(std::FILE* stream) {
  void* const console = ::GetStdHandle(stream == stdout ? STD_OUTPUT_HANDLE : STD_ERROR_HANDLE);
  unsigned long mode = 0;
  CONSOLE_SCREEN_BUFFER_INFO now;
  if (::GetConsoleMode(console, &mode) == 0 || ::GetConsoleScreenBufferInfo(console, &now) == 0) return std::nullopt;
  ::SetConsoleMode(console, mode | 4);  // ENABLE_VIRTUAL_TERMINAL_PROCESSING: it understands "\x1b[K"
  const int width = now.srWindow.Right - now.srWindow.Left + 1;
  return width > 0 ? static_cast<std::size_t>(width) : 80;
}

MemoryLimit::MemoryLimit(std::uint64_t /*bytes*/) {}
MemoryLimit::~MemoryLimit() = default;

Outcome try_apart(const std::function<void()>& /*work*/) { return Outcome::survived; }

#else

std::vector<std::string> words_of(int argc, char** argv) { return {argv + (argc > 0 ? 1 : 0), argv + argc}; }

std::optional<std::size_t> width_of(std::FILE* stream) {
  const int file = ::fileno(stream);
  if (::isatty(file) == 0) return std::nullopt;
  winsize size{};
  return ::ioctl(file, TIOCGWINSZ, &size) == 0 && size.ws_col != 0 ? size.ws_col : 80;
}

MemoryLimit::MemoryLimit(std::uint64_t bytes) {
  // What the process has is told in pages, and only by Linux.
  unsigned long long pages = 0;
  std::FILE* const file = std::fopen("/proc/self/statm", "r");
  const bool is_told = file != nullptr && std::fscanf(file, "%llu", &pages) == 1;
  if (file != nullptr) std::fclose(file);
  ::rlimit now{};
  if (!is_told || ::getrlimit(RLIMIT_AS, &now) != 0) return;
  before_ = now.rlim_cur;
  const auto most = static_cast<::rlim_t>(pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)) + bytes);
  if (now.rlim_cur != RLIM_INFINITY && now.rlim_cur <= most) return;
  now.rlim_cur = most;
  is_set_ = ::setrlimit(RLIMIT_AS, &now) == 0;
}
MemoryLimit::~MemoryLimit() {
  ::rlimit now{};
  if (!is_set_ || ::getrlimit(RLIMIT_AS, &now) != 0) return;
  now.rlim_cur = static_cast<::rlim_t>(before_);
  ::setrlimit(RLIMIT_AS, &now);
}

Outcome try_apart(const std::function<void()>& work) {
  const ::pid_t child = ::fork();
  if (child < 0) return Outcome::survived;  // then in this process
  if (child == 0) {
    constexpr ::rlim_t seconds = 30;
    const ::rlimit time{seconds, seconds}, none{0, 0};
    ::setrlimit(RLIMIT_CPU, &time);
    ::setrlimit(RLIMIT_CORE, &none);
    for (const int number : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL}) std::signal(number, SIG_DFL);
    try {
      work();
    } catch (...) {  // it will be thrown again where somebody hears of it
      ::_exit(1);
    }
    ::_exit(0);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return Outcome::survived;
  if (WIFSIGNALED(status) && WTERMSIG(status) != SIGINT && WTERMSIG(status) != SIGTERM) return Outcome::ended;
  return WIFEXITED(status) && WEXITSTATUS(status) != 0 ? Outcome::thrown : Outcome::survived;
}

#endif

}  // namespace tool
