// The few Linux calls that Swift cannot make: macros, variadic functions, and the space between fork and exec.
// Results below zero are negated errno values.
#ifndef CQTEST_H
#define CQTEST_H

#include <stddef.h>

// A file without a path, of `size` bytes, close-on-exec.
int cqtest_memory_file(const char *name, size_t size);

// A connected pair of stream sockets, close-on-exec; the first is non-blocking.
int cqtest_socket_pair(int ends[2]);

// A pipe, close-on-exec; the first is the reading end.
int cqtest_pipe(int ends[2]);

// Maps a file shared, readable and writable, at a multiple of 2 MiB. NULL when that fails.
void *cqtest_map(int descriptor, size_t size);

// Waits until a descriptor can be read (or written): 1, or 0 when that much time has passed. Its end counts as ready.
int cqtest_ready(int descriptor, int writing, unsigned long long nanoseconds);

// Starts a program. It gets `/dev/null` as standard input and output, `error` as standard error, and
// `descriptors[i]` as descriptor 3 + i; all others are closed. It is killed when the calling *thread* ends. The program's process ID,
// or why it could not be executed.
int cqtest_spawn(const char *program, char *const arguments[], const int *descriptors, int count, int error);

// Waits until a child has ended, without reaping it. With `block` 0: 1 when it has, 0 when not yet.
int cqtest_wait(int process, int block);

// Reaps a child that has ended. Its exit status, or 256 + the signal that ended it.
int cqtest_reap(int process);

#endif
