// The few Linux calls that Swift cannot make: macros, variadic functions, and the space between fork and exec.
// Results below zero are negated errno values.
#ifndef CVIRTUALMACHINE_H
#define CVIRTUALMACHINE_H

#include <stddef.h>

// A file without a path, of `size` bytes, close-on-exec.
int vm_memory_file(const char *name, size_t size);

// A connected pair of stream sockets, close-on-exec; the first is non-blocking.
int vm_socket_pair(int ends[2]);

// A pipe, close-on-exec; the first is the reading end.
int vm_pipe(int ends[2]);

enum { VM_NAME_LIMIT = 108 };

// A listening stream socket, close-on-exec, at an abstract address that the kernel picks: no file. Its name's bytes,
// which are no string, go to `name`.
int vm_listen(char name[VM_NAME_LIMIT], int *length);

// A stream socket, close-on-exec and non-blocking, connected to such an address.
int vm_connect(const char *name, int length);

// Waits until a descriptor can be read (or written): 1, or 0 when that much time has passed. Its end counts as ready.
int vm_ready(int descriptor, int writing, unsigned long long nanoseconds);

// Starts a program. `streams` are its standard input, output and error: a descriptor, or -1 for `/dev/null`.
// `descriptors[i]` becomes its descriptor 3 + i; all others are closed. `environment` and `folder` may be null: the
// caller's. It is killed when the calling *thread* ends; with `survives` it is not, and a session of its own keeps it from
// the terminal's signals. The program's process ID, or why it could not be executed.
int vm_spawn(const char *program, char *const arguments[], char *const environment[], const char *folder,
             const int streams[3], const int *descriptors, int count, int survives);

// Waits until a child has ended, without reaping it. With `block` 0: 1 when it has, 0 when not yet.
int vm_wait(int process, int block);

// Reaps a child that has ended. Its exit status, or 256 + the signal that ended it.
int vm_reap(int process);

// Frames on a stream, each behind its length in four bytes with the highest first. In a loop of its own, as a card takes
// and sends hundreds of thousands in a second.
enum {
  VM_FRAME_LIMIT = 65536,
  VM_FRAME_MARK = 12,
  VM_FRAME_NUMBER = 16,
  VM_NUMBERED_LEAST = 20,
  VM_FRAMES_BUFFER = 4 * VM_FRAME_LIMIT
};

// What was counted, and which bytes of the buffer were not handed over yet.
struct vm_frames {
  unsigned long long frames, bytes, disordered;
  // When the last numbered frame was seen, in nanoseconds of CLOCK_MONOTONIC; and the number that is expected next.
  unsigned long long time;
  unsigned int next;
  unsigned int begin, end;
};

// Sends `count` copies of a frame, each with its number (`first` and up, four bytes with the lowest first) at
// VM_FRAME_NUMBER; a frame that is shorter goes unnumbered. Waits for room. 0, -ETIMEDOUT, or another reason.
int vm_frames_send(int descriptor, const unsigned char *frame, unsigned int size, unsigned int first, unsigned int count,
                   unsigned long long nanoseconds);

// Takes frames off the stream until one comes that is not marked: it goes to `frame`. Those with the four bytes of `mark`
// at VM_FRAME_MARK are counted. `buffer` is kept from call to call. The frame's size, -ETIMEDOUT, -EPIPE at the end,
// -EMSGSIZE for one that is too long, or another reason.
int vm_frames_receive(int descriptor, struct vm_frames *state, unsigned char buffer[VM_FRAMES_BUFFER],
                      const unsigned char mark[4], unsigned char frame[VM_FRAME_LIMIT], unsigned long long nanoseconds);

#endif
