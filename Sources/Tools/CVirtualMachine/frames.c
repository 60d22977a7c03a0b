#define _GNU_SOURCE
#include "CVirtualMachine.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

static unsigned long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (unsigned long long)time.tv_sec * 1000000000ull + (unsigned long long)time.tv_nsec;
}

// Waits until the deadline for a descriptor that was not ready.
static int ready(int descriptor, int writing, unsigned long long deadline) {
  unsigned long long time = now();
  int result = vm_ready(descriptor, writing, time < deadline ? deadline - time : 0);
  return result > 0 || result == -EINTR ? 0 : result == 0 ? -ETIMEDOUT : result;
}

static int send_all(int descriptor, const unsigned char *bytes, size_t count, unsigned long long deadline) {
  while (count > 0) {
    ssize_t sent = send(descriptor, bytes, count, MSG_NOSIGNAL);
    if (sent >= 0) {
      bytes += sent;
      count -= (size_t)sent;
    } else if (errno == EAGAIN) {
      int result = ready(descriptor, 1, deadline);
      if (result < 0) return result;
    } else if (errno != EINTR) {
      return -errno;
    }
  }
  return 0;
}

static unsigned long long after(unsigned long long nanoseconds) {
  unsigned long long time = now();
  return nanoseconds < ~0ull - time ? time + nanoseconds : ~0ull;
}

int vm_frames_send(int descriptor, const unsigned char *frame, unsigned int size, unsigned int first, unsigned int count,
                   unsigned long long nanoseconds) {
  static _Thread_local unsigned char batch[4 * VM_FRAME_LIMIT];
  unsigned long long deadline = after(nanoseconds);
  if (size > VM_FRAME_LIMIT) return -EMSGSIZE;
  size_t used = 0;
  for (unsigned int i = 0; i < count; i++) {
    unsigned char *place = batch + used;
    for (int byte = 0; byte < 4; byte++) place[byte] = (unsigned char)(size >> (24 - 8 * byte));
    memcpy(place + 4, frame, size);
    unsigned int number = first + i;
    for (int byte = 0; size >= VM_NUMBERED_LEAST && byte < 4; byte++)
      place[4 + VM_FRAME_NUMBER + byte] = (unsigned char)(number >> (8 * byte));
    used += 4 + size;
    // Together, as long as another one has room.
    if (i + 1 < count && used + 4 + size <= sizeof batch) continue;
    int result = send_all(descriptor, batch, used, deadline);
    if (result < 0) return result;
    used = 0;
  }
  return 0;
}

static unsigned int number(const unsigned char *bytes) {
  return bytes[0] | (unsigned int)bytes[1] << 8 | (unsigned int)bytes[2] << 16 | (unsigned int)bytes[3] << 24;
}

int vm_frames_receive(int descriptor, struct vm_frames *state, unsigned char buffer[VM_FRAMES_BUFFER],
                      const unsigned char mark[4], unsigned char frame[VM_FRAME_LIMIT], unsigned long long nanoseconds) {
  unsigned long long deadline = after(nanoseconds);
  int has_looked = 0;
  for (;;) {
    unsigned long long before = state->frames;
    while (state->end - state->begin >= 4) {
      const unsigned char *place = buffer + state->begin;
      unsigned int size = (unsigned int)place[0] << 24 | (unsigned int)place[1] << 16 | (unsigned int)place[2] << 8 | place[3];
      if (size > VM_FRAME_LIMIT) return -EMSGSIZE;
      if (state->end - state->begin < 4 + size) break;
      place += 4;
      int is_numbered = size >= VM_NUMBERED_LEAST && memcmp(place + VM_FRAME_MARK, mark, 4) == 0;
      if (!is_numbered && state->frames != before) state->time = now();
      state->begin += 4 + size;
      if (!is_numbered) {
        memcpy(frame, place, size);
        return (int)size;
      }
      unsigned int value = number(place + VM_FRAME_NUMBER);
      if (value != state->next) state->disordered++;
      state->next = value + 1;
      state->frames++;
      state->bytes += size;
    }
    if (state->frames != before) state->time = now();
    memmove(buffer, buffer + state->begin, state->end - state->begin);
    state->end -= state->begin;
    state->begin = 0;
    // Numbered frames without end are no reason to stay.
    if (has_looked && now() >= deadline) return -ETIMEDOUT;
    has_looked = 1;
    ssize_t count = recv(descriptor, buffer + state->end, VM_FRAMES_BUFFER - state->end, 0);
    if (count == 0) return -EPIPE;
    if (count > 0) {
      state->end += (unsigned int)count;
    } else if (errno == EAGAIN) {
      int result = ready(descriptor, 0, deadline);
      if (result < 0) return result;
    } else if (errno != EINTR) {
      return -errno;
    }
  }
}
