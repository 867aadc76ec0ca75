// The command line program as a function, for `python -m guichet`.
#define main guichet_command_line
#include <cli/main.cpp>
