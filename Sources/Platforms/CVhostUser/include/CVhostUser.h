// The Linux calls that a vhost-user front-end needs and Swift cannot make: control messages, variadic functions, macros.
// Results below zero are negated errno values. Times are nanoseconds.
#ifndef CVHOSTUSER_H
#define CVHOSTUSER_H

#include <stddef.h>
#include <stdint.h>

// Connects to the socket at a path; the descriptor is non-blocking and close-on-exec. -ENOTSOCK when there is something
// else, -ENAMETOOLONG when the path does not fit a socket address.
int cvhost_connect(const char *path);

// Sends bytes, the first of them with descriptors, as far as there is room: the number of bytes.
long cvhost_send(int descriptor, const void *bytes, size_t count, const int *descriptors, size_t descriptor_count);

// Receives bytes, as far as there are some: their number, 0 at the end. Descriptors that come along are closed and counted.
long cvhost_receive(int descriptor, void *bytes, size_t count, int *descriptors_closed);

// Sends no more: the other side sees the end.
void cvhost_finish_sending(int descriptor);

// Waits until a descriptor can be read (or written): 1, or 0 when that much time has passed. Its end counts as ready.
int cvhost_ready(int descriptor, int writing, uint64_t nanoseconds);

// 1 when the other side has closed the connection, 0 when not.
int cvhost_is_closed(int descriptor);

// Waits until the other side closes the connection, whatever it sends before: 1, or 0 when that much time has passed.
int cvhost_wait_for_end(int descriptor, uint64_t nanoseconds);

// A file without a path, of `size` bytes, close-on-exec, that can neither grow nor shrink.
int cvhost_memory_file(size_t size);

// Maps a file shared, readable and writable, at a multiple of 2 MiB. NULL when that fails.
void *cvhost_map(int descriptor, size_t size);

// An event counter, non-blocking and close-on-exec; and adding one to it.
int cvhost_event(void);
void cvhost_signal(int event);

// A set of descriptors to wait for.
int cvhost_poller(void);
// Adds a connection, of which only the end is of interest, or an event counter, of which each signal is told once.
int cvhost_poller_add_connection(int poller, int descriptor);
int cvhost_poller_add_event(int poller, int descriptor);

enum { CVHOST_SIGNALLED = 1, CVHOST_CLOSED = 2 };

// Waits: flags of what happened, 0 when that much time has passed. One system call, but on kernels before 5.11 two.
int cvhost_poller_wait(int poller, uint64_t nanoseconds);

#endif
