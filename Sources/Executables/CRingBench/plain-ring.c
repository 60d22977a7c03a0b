// A split ring as a careful C programmer would write it: no generality, but ids are checked and EVENT_IDX is on. Each
// `add` makes its entry visible, as existing drivers do; with `deferred`, one store does it for the whole batch. Built
// with -DPLAIN_RING_MAIN it is a program of its own, so that other compilers can have a go.
#include <stdlib.h>
#include <string.h>

#include "CRingBench.h"

enum { SIZE = 256, BATCH = 32 };

struct descriptor { uint64_t address; uint32_t length; uint16_t flags, next; };
struct segment { void *start; uint32_t length; int device_writes; };
struct ring {
  struct descriptor *descriptors;
  uint16_t *available, *used;
  uint16_t free_head, free_count, next, published, last_used;
  void *tokens[SIZE];
  uint16_t counts[SIZE];
};

static inline int add(struct ring *r, const struct segment *segments, unsigned count, void *token, int deferred) {
  if (r->free_count < count) return -1;
  uint16_t head = r->free_head, index = head;
  for (unsigned i = 0; i < count; i++) {
    struct descriptor *d = &r->descriptors[index];
    d->address = (uint64_t)(uintptr_t)segments[i].start;
    d->length = segments[i].length;
    d->flags = (segments[i].device_writes ? 2 : 0) | (i + 1 < count ? 1 : 0);
    index = d->next;
  }
  r->free_head = index;
  r->free_count -= count;
  r->tokens[head] = token;
  r->counts[head] = count;
  r->available[2 + (r->next & (SIZE - 1))] = head;
  r->next++;
  if (!deferred) __atomic_store_n(&r->available[1], r->next, __ATOMIC_RELEASE);
  return 0;
}

static inline int publish(struct ring *r, int deferred) {
  uint16_t old = r->published;
  r->published = r->next;
  if (deferred) __atomic_store_n(&r->available[1], r->next, __ATOMIC_RELEASE);
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
  uint16_t event = __atomic_load_n(&r->used[2 + 4 * SIZE], __ATOMIC_RELAXED);
  return (uint16_t)(r->next - event - 1) < (uint16_t)(r->next - old);
}

static inline void *pop(struct ring *r, uint32_t *length) {
  if (__atomic_load_n(&r->used[1], __ATOMIC_ACQUIRE) == r->last_used) return 0;
  uint32_t *element = (uint32_t *)r->used + 1 + 2 * (r->last_used & (SIZE - 1));
  uint32_t id = element[0];
  *length = element[1];
  if (id >= SIZE) abort();
  void *token = r->tokens[id];
  if (!token) abort();
  r->tokens[id] = 0;
  uint16_t count = r->counts[id], last = id;
  while (--count) last = r->descriptors[last].next;
  r->descriptors[last].next = r->free_head;
  r->free_head = id;
  r->free_count += r->counts[id];
  r->last_used++;
  return token;
}

static uint8_t buffers[BATCH][64], statuses[BATCH], header[16];

#define RUN(NAME, COUNT, SEGMENTS, DEFERRED)                                                                     \
  __attribute__((noinline)) static uint64_t NAME(struct ring *r, struct bench_device *d, uint64_t n) {   \
    uint64_t sum = 0;                                                                                    \
    uint32_t length;                                                                                     \
    for (uint64_t i = 0; i < n / COUNT; i++) {                                                           \
      for (int k = 0; k < COUNT; k++) {                                                                  \
        struct segment segments[] = SEGMENTS;                                                            \
        if (add(r, segments, sizeof segments / sizeof *segments, buffers[k], DEFERRED)) abort();                \
      }                                                                                                  \
      if (publish(r, DEFERRED)) bench_ring_bell();                                                                        \
      bench_device_run(d);                                                                               \
      for (int k = 0; k < COUNT; k++) {                                                                  \
        if (!pop(r, &length)) abort();                                                                   \
        sum += length;                                                                                   \
      }                                                                                                  \
    }                                                                                                    \
    return sum;                                                                                          \
  }
#define ONE {{buffers[k], 64, 1}}
#define THREE {{header, 16, 0}, {buffers[k], 64, 1}, {&statuses[k], 1, 1}}
RUN(one_at_a_time, 1, ONE, 0)
RUN(batches, BATCH, ONE, 0)
RUN(batches_of_chains, BATCH, THREE, 0)
RUN(one_at_a_time_deferred, 1, ONE, 1)
RUN(batches_deferred, BATCH, ONE, 1)
RUN(batches_of_chains_deferred, BATCH, THREE, 1)

static void *pages(size_t count) {
  void *start = aligned_alloc(4096, (count + 4095) & ~(size_t)4095);
  if (!start) abort();
  return memset(start, 0, (count + 4095) & ~(size_t)4095);
}

uint64_t bench_plain_ring(int shape, uint64_t operations, int deferred) {
  static struct ring r;
  r = (struct ring){.descriptors = pages(16 * SIZE), .available = pages(6 + 2 * SIZE), .used = pages(6 + 8 * SIZE)};
  r.free_count = SIZE;
  for (int i = 0; i < SIZE; i++) r.descriptors[i].next = i + 1;
  r.used[2 + 4 * SIZE] = 0x8000;
  struct bench_device device = {r.available, r.used, 0, SIZE - 1, SIZE, 64};
  switch (shape) {
    case 0: return (deferred ? one_at_a_time_deferred : one_at_a_time)(&r, &device, operations);
    case 1: return (deferred ? batches_deferred : batches)(&r, &device, operations);
    default: return (deferred ? batches_of_chains_deferred : batches_of_chains)(&r, &device, operations);
  }
}

#ifdef PLAIN_RING_MAIN
#include <stdio.h>
int main(int count, char **arguments) {
  if (count != 4) return 2;
  uint64_t operations = strtoull(arguments[2], 0, 10);
  double start = bench_nanoseconds();
  uint64_t sum = bench_plain_ring(atoi(arguments[1]), operations, atoi(arguments[3]));
  double end = bench_nanoseconds();
  printf("%.4f %llu\n", (end - start) / operations, (unsigned long long)sum);
}
#endif
