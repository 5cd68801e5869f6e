// Ctrl-C while a file is being written: what is half done is removed before the command ends.
#pragma once

namespace tool {

// Thrown on the way, so that whoever made a temporary file removes it. main ends the program by the signal then.
struct Interrupted {
  int signal;
};

// From now on the first SIGINT, SIGTERM or SIGHUP is only noted; the second ends the program at once.
void note_signals();
// Throws Interrupted where a signal was noted.
void throw_if_interrupted();

}  // namespace tool
