// Ctrl-C while a file is being written: what is half done is removed before the command ends.
#pragma once

namespace tool {

// From now on the first SIGINT, SIGTERM or SIGHUP is only noted; the second ends the program at once.
void note_signals();

// A stop that is requested by such a signal. The library throws cairn::Error with ErrorCode::cancelled then, so that
// whoever made a temporary file removes it, and main ends the program by the signal.
struct Interrupt {
  [[nodiscard]] bool stop_requested() const noexcept;
};
// Throws such an Error where a signal was noted, for work that reads and writes no files.
void throw_if_interrupted();
// Ends the program by the signal that was noted; a shell sees 130 for Ctrl-C.
void end_by_signal();

}  // namespace tool
