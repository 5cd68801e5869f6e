// cairn on the command line: what all commands share.
//
// A command is one function in a file of its own (ls.cpp is a short one): it says what its arguments are, calls
// parse(), does its work by one or two calls of the library, and prints. Its one line in main.cpp makes it known.
// arguments.hpp has the arguments and the manual pages, output.hpp what is printed, progress.hpp the bar and how to
// look for a path.
#pragma once

#include "arguments.hpp"

namespace tool {

// The exit status of every command.
inline constexpr int done = 0;
inline constexpr int damaged = 1;      // a checkpoint is damaged, or differs from the other one
inline constexpr int wrong_usage = 2;  // the arguments make no sense; nothing was done
inline constexpr int failed = 3;       // anything else: not there, no permission, disk full

struct Command {
  const char* name;
  const char* summary;  // for the list of commands, in a few words
  int (*run)(Arguments&);
};

int average(Arguments&);
int cat(Arguments&);
int completion(Arguments&);
int convert(Arguments&);
int diff(Arguments&);
int edit(Arguments&);
int graph(Arguments&);
int ls(Arguments&);
int merge(Arguments&);
int print_struct(Arguments&);
int prune(Arguments&);
int repair(Arguments&);
int set(Arguments&);
int tree(Arguments&);
int verify(Arguments&);

}  // namespace tool
