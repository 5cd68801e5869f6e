// Progress, ProgressCallback and StopRequest: long work that is watched, and stopped.
//
//   std::stop_source stop;
//   checkpoint.save("run/ckpt", {.progress = [](const cairn::Progress& now) {
//                                  std::cout << now.what << ": " << now.bytes_done << " of " << now.bytes_in_all << '\n';
//                                },
//                                .stop = stop.get_token()});
//
// The options of save, write, restore, read, verify, convert, merge, rewrite and of an editor's write have both. A program
// that sets neither has none of their code. watched_file_system.hpp does the work.
#pragma once

#include "../version.hpp"

#include <concepts>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE {

class ProgressCallback;
class StopRequest;

namespace io {

class FileSystem;

namespace detail {

class Watch;

// The feature that both options carry. watched_file_system.hpp has the definition.
struct WatchFeature {
  struct Functions {
    // Makes a WatchedFileSystem, which the others are given.
    FileSystem* (*make)(FileSystem& files, const ProgressCallback& progress, const StopRequest& stop,
                        std::string_view work, std::string_view path, bool is_reading);
    void (*finish)(FileSystem& watched);
    void (*go_on)(FileSystem& watched, bool reads_again);
  };
  [[nodiscard]] static const Functions& functions();
};
using WatchFunctions = decltype(&WatchFeature::functions);

}  // namespace detail
}  // namespace io

// How far the work has come.
struct Progress {
  // The bytes of tensors, or of a file of another format, that were written so far, or read by restore and verify. The
  // number never falls.
  std::uint64_t bytes_done = 0;
  // The number that bytes_done ends with, so far as it is known: never less than bytes_done. It grows when a restore
  // must read bytes a second time. 0 is possible.
  std::uint64_t bytes_in_all = 0;
  // The work in words, such as: saving "run/ckpt-3". The text is valid during the call.
  std::string_view what = {};
};

// A function that is told the progress, as f(const Progress&); the option keeps a copy. It is called when the work
// begins, when it is complete (bytes_done is bytes_in_all then), and between at most ten times a second, always in the
// thread that does the call, which for a save in the background is the thread that writes. When it throws, the work
// ends as by a stop, and the exception goes to the caller; what it throws later than a stop is heeded is ignored.
class ProgressCallback {
 public:
  ProgressCallback() noexcept = default;
  // Keeps a copy of the function; copies of the ProgressCallback share it.
  template <class F>
    requires(!std::same_as<F, ProgressCallback> && std::copy_constructible<F> &&
             requires(F& function, const Progress& progress) { function(progress); })
  ProgressCallback(F function)  // NOLINT(google-explicit-constructor): a lambda is a callback
      : function_(std::make_shared<F>(std::move(function))),
        call_([](const void* place, const Progress& progress) {
          (*static_cast<F*>(const_cast<void*>(place)))(progress);
        }),
        watch_(&io::detail::WatchFeature::functions) {}

  // Returns true when there is a function; the call needs one.
  explicit operator bool() const noexcept { return call_ != nullptr; }
  void operator()(const Progress& progress) const { call_(function_.get(), progress); }

 private:
  friend io::detail::Watch;

  std::shared_ptr<const void> function_;
  void (*call_)(const void* place, const Progress& progress) = nullptr;
  io::detail::WatchFunctions watch_ = nullptr;
};

// A request to stop: a std::stop_token, or any object that is copied and has `bool stop_requested() const`, which any
// thread may call at any time. It is asked before each piece that is read or written. When it says true, the work ends
// with an Error (ErrorCode::cancelled): temporary files are removed, and the files and the tracked values are what they
// were before. A save is stopped up to the moment when its files get their names, a restore until values have changed
// that could not be given back; after that the work is completed.
class StopRequest {
 public:
  StopRequest() noexcept = default;
  // Keeps a copy of the token; copies of the StopRequest share it.
  template <class Token>
    requires(!std::same_as<Token, StopRequest> && std::copy_constructible<Token> &&
             requires(const Token& token) {
               { token.stop_requested() } -> std::convertible_to<bool>;
             })
  StopRequest(Token token)  // NOLINT(google-explicit-constructor): a std::stop_token is one
      : token_(std::make_shared<const Token>(std::move(token))),
        ask_([](const void* place) -> bool { return static_cast<const Token*>(place)->stop_requested(); }),
        watch_(&io::detail::WatchFeature::functions) {}

  // Returns true when there is a token; without one, is_requested() is false.
  explicit operator bool() const noexcept { return ask_ != nullptr; }
  [[nodiscard]] bool is_requested() const { return ask_ != nullptr && ask_(token_.get()); }

 private:
  friend io::detail::Watch;

  std::shared_ptr<const void> token_;
  bool (*ask_)(const void* place) = nullptr;
  io::detail::WatchFunctions watch_ = nullptr;
};

}  // namespace CAIRN_NAMESPACE
