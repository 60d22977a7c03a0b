// What can be had from a back-end: a client without any check that a driver owes its user, as short as C allows.
#define _GNU_SOURCE
#include "CVhostBench.h"

#include <stdatomic.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { ENTRIES = 1024, BLOCK = 4096, CHAIN = 3, MOST_DEPTH = ENTRIES / CHAIN, SLOT = 64 };
enum {
  GET_FEATURES = 1, SET_FEATURES = 2, SET_OWNER = 3, SET_MEM_TABLE = 5, SET_VRING_NUM = 8, SET_VRING_ADDR = 9,
  SET_VRING_BASE = 10, SET_VRING_KICK = 12, SET_VRING_CALL = 13, GET_PROTOCOL_FEATURES = 15,
  SET_PROTOCOL_FEATURES = 16, SET_VRING_ENABLE = 18, GET_CONFIG = 24
};

struct descriptor {
  uint64_t address;
  uint32_t length;
  uint16_t flags, next;
};

static int send_message(int socket, uint32_t request, const void *payload, uint32_t size, int descriptor) {
  struct {
    uint32_t request, flags, size;
    uint8_t payload[128];
  } message = {request, 1, size, {0}};
  memcpy(message.payload, payload, size);
  struct iovec part = {&message, 12 + size};
  union {
    struct cmsghdr header;
    char room[CMSG_SPACE(sizeof(int))];
  } control = {0};
  struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1};
  if (descriptor >= 0) {
    header.msg_control = &control;
    header.msg_controllen = sizeof control;
    control.header.cmsg_level = SOL_SOCKET;
    control.header.cmsg_type = SCM_RIGHTS;
    control.header.cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(&control.header), &descriptor, sizeof(int));
  }
  return sendmsg(socket, &header, MSG_NOSIGNAL) == (ssize_t)(12 + size);
}

static int receive(int socket, void *payload, uint32_t size) {
  uint32_t header[3];
  if (recv(socket, header, sizeof header, MSG_WAITALL) != sizeof header || header[2] != size) return 0;
  return recv(socket, payload, size, MSG_WAITALL) == (ssize_t)size;
}

static inline void relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static uint64_t clock_value(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (uint64_t)time.tv_sec * 1000000000ull + (uint64_t)time.tv_nsec;
}

const char *vhost_bench_plain_client(const char *path, unsigned depth, uint64_t milliseconds,
                                     struct vhost_bench_result *result) {
  if (depth < 1 || depth > MOST_DEPTH) return "depth beyond the plain client's queue";
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address.sun_path) return "the path is too long";
  strcpy(address.sun_path, path);
  int connection = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct timeval patience = {.tv_sec = 10};
  setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (connect(connection, (struct sockaddr *)&address, sizeof address) < 0) return "cannot connect";

  uint64_t features = 0, protocol = 0;
  if (!send_message(connection, GET_FEATURES, "", 0, -1) || !receive(connection, &features, 8)) return "GET_FEATURES";
  if (!send_message(connection, GET_PROTOCOL_FEATURES, "", 0, -1) || !receive(connection, &protocol, 8))
    return "GET_PROTOCOL_FEATURES";
  protocol &= 1ull << 9 | 1ull << 0;
  const uint64_t wanted = 1ull << 32 | 1ull << 30 | 1ull << 29;
  if ((features & wanted) != wanted) return "VERSION_1 or EVENT_IDX is not offered";
  struct {
    uint32_t offset, size, flags;
    uint8_t bytes[60];
  } configuration = {0, 60, 0, {0}};
  if (!send_message(connection, SET_OWNER, "", 0, -1) ||
      !send_message(connection, SET_PROTOCOL_FEATURES, &protocol, 8, -1) ||
      !send_message(connection, SET_FEATURES, &wanted, 8, -1) ||
      !send_message(connection, GET_CONFIG, &configuration, 72, -1) || !receive(connection, &configuration, 72))
    return "GET_CONFIG";
  uint64_t sectors;
  memcpy(&sectors, configuration.bytes, 8);
  const uint64_t blocks = sectors / (BLOCK / 512);
  if (blocks == 0) return "the disk is too small";

  // Table, rings, a slot with header and status for each request, and the data.
  const size_t slots_at = 65536, data_at = slots_at + (size_t)depth * SLOT;
  const size_t size = ((data_at + 4095) & ~(size_t)4095) + (size_t)depth * BLOCK;
  int file = memfd_create("plain", MFD_CLOEXEC);
  if (file < 0 || ftruncate(file, (off_t)size) < 0) return "no memory file";
  uint8_t *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, file, 0);
  if (memory == MAP_FAILED) return "no mapping";
  const uint64_t base = (uint64_t)(uintptr_t)memory;
  struct {
    uint32_t count, padding;
    uint64_t guest, size, user, offset;
  } table = {1, 0, base, size, base, 0};
  struct descriptor *descriptors = (void *)memory;
  _Atomic uint16_t *available = (void *)(memory + 16384);
  _Atomic uint16_t *used = (void *)(memory + 32768);
  const uint32_t *elements = (void *)(memory + 32768 + 4);
  uint8_t *slots = memory + slots_at, *data = memory + ((data_at + 4095) & ~(size_t)4095);
  int kick = eventfd(0, EFD_CLOEXEC), call = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  struct {
    uint32_t index, value;
  } ring = {0, ENTRIES};
  struct {
    uint32_t index, flags;
    uint64_t descriptors, used, available, log;
  } addresses = {0, 0, base, base + 32768, base + 16384, 0};
  const uint64_t queue = 0;
  int sent = send_message(connection, SET_MEM_TABLE, &table, sizeof table, file) &&
             send_message(connection, SET_VRING_NUM, &ring, 8, -1);
  ring.value = 0;
  sent = sent && send_message(connection, SET_VRING_BASE, &ring, 8, -1) &&
         send_message(connection, SET_VRING_ADDR, &addresses, sizeof addresses, -1) &&
         send_message(connection, SET_VRING_CALL, &queue, 8, call) &&
         send_message(connection, SET_VRING_KICK, &queue, 8, kick);
  ring.value = 1;
  if (!sent || !send_message(connection, SET_VRING_ENABLE, &ring, 8, -1)) return "the queue's set-up";

  for (unsigned slot = 0; slot < depth; slot++) {
    uint64_t header = base + slots_at + (uint64_t)slot * SLOT;
    struct descriptor *chain = descriptors + slot * CHAIN;
    chain[0] = (struct descriptor){header, 16, 1, (uint16_t)(slot * CHAIN + 1)};
    chain[1] = (struct descriptor){
        (uint64_t)(uintptr_t)(data + (size_t)slot * BLOCK), BLOCK, 3, (uint16_t)(slot * CHAIN + 2)};
    chain[2] = (struct descriptor){header + 16, 1, 2, 0};
  }
  uint64_t random = 88172645463325252ull, done = 0, kicks = 0;
  uint16_t next = 0, published = 0, last = 0;
  _Atomic uint16_t *used_event = &available[2 + ENTRIES];
  _Atomic uint16_t *available_event = (void *)(memory + 32768 + 4 + 8 * ENTRIES);
  const uint64_t processor = clock_value(CLOCK_PROCESS_CPUTIME_ID), begin = clock_value(CLOCK_MONOTONIC);
  const uint64_t end = begin + milliseconds * 1000000ull;
  uint64_t time = begin, next_look = 0;
#define SUBMIT(slot)                                                                              \
  do {                                                                                            \
    random ^= random << 13, random ^= random >> 7, random ^= random << 17;                        \
    *(uint64_t *)(slots + (slot) * SLOT + 8) = random % blocks * (BLOCK / 512);                   \
    slots[(slot) * SLOT + 16] = 0xff;                                                             \
    atomic_store_explicit(&available[2 + (next & (ENTRIES - 1))], (uint16_t)((slot) * CHAIN),     \
                          memory_order_relaxed);                                                  \
    next++;                                                                                       \
  } while (0)
  for (unsigned slot = 0; slot < depth; slot++) SUBMIT(slot);
  for (;;) {
    atomic_store_explicit(&available[1], next, memory_order_release);
    atomic_thread_fence(memory_order_seq_cst);
    uint16_t event = atomic_load_explicit(available_event, memory_order_relaxed);
    if ((uint16_t)(next - event - 1) < (uint16_t)(next - published)) {
      const uint64_t one = 1;
      if (write(kick, &one, sizeof one) != sizeof one) return "the kick";
      kicks++;
    }
    published = next;
    uint16_t index;
    uint64_t looks = 0;
    while ((index = atomic_load_explicit(&used[1], memory_order_acquire)) == last) {
      relax();
      if ((++looks & 0xffffff) == 0 && clock_value(CLOCK_MONOTONIC) > end + 5000000000ull) return "no answer";
    }
    while (last != index) {
      uint32_t slot = elements[2 * (last & (ENTRIES - 1))] / CHAIN;
      if (slots[slot * SLOT + 16] != 0) return "a read failed";
      last++;
      done++;
      SUBMIT(slot);
    }
    // Never reached: no interrupts.
    atomic_store_explicit(used_event, (uint16_t)(last - ENTRIES / 2), memory_order_relaxed);
    if (done < next_look) continue;
    next_look = done + 64;
    if ((time = clock_value(CLOCK_MONOTONIC)) >= end) break;
  }
  result->requests = done;
  result->nanoseconds = time - begin;
  result->kicks = kicks;
  result->processor_nanoseconds = clock_value(CLOCK_PROCESS_CPUTIME_ID) - processor;
  // The rest goes with the process: this is a bench.
  close(connection);
  return NULL;
}
