#define _GNU_SOURCE
#include "CVhostBench.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

static _Alignas(128) _Atomic uint64_t ping;
static _Alignas(128) _Atomic uint64_t pong;
static _Alignas(128) atomic_int is_over;

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000ull + (uint64_t)time.tv_nsec;
}

int vhost_bench_pin(int processor) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(processor, &set);
  return sched_setaffinity(0, sizeof set, &set) == 0;
}

static void *answer(void *argument) {
  if (!vhost_bench_pin(1)) return NULL;
  uint64_t seen = 0;
  while (!atomic_load_explicit(&is_over, memory_order_relaxed)) {
    uint64_t value = atomic_load_explicit(&ping, memory_order_acquire);
    if (value == seen) continue;
    seen = value;
    atomic_store_explicit(&pong, seen, memory_order_release);
  }
  return argument;
}

static int compare(const void *a, const void *b) {
  double difference = *(const double *)a - *(const double *)b;
  return difference < 0 ? -1 : difference > 0;
}

double vhost_bench_probe(uint64_t milliseconds) {
  enum { MOST_WINDOWS = 1000, ROUNDS = 2000 };
  static double windows[MOST_WINDOWS];
  pthread_t thread;
  if (!vhost_bench_pin(0) || pthread_create(&thread, NULL, answer, NULL) != 0) return 0;
  int count = 0;
  uint64_t value = 0;
  const uint64_t end = now() + milliseconds * 1000000ull;
  while (count < MOST_WINDOWS && now() < end) {
    uint64_t start = now();
    for (int round = 0; round < ROUNDS; round++) {
      atomic_store_explicit(&ping, ++value, memory_order_release);
      uint64_t looks = 0;
      while (atomic_load_explicit(&pong, memory_order_acquire) != value)
        // Nobody answers when the other processor is not ours.
        if ((++looks & 0xfffff) == 0 && now() > end + 1000000000ull) goto over;
    }
    windows[count++] = (double)(now() - start) / ROUNDS;
  }
over:
  atomic_store(&is_over, 1);
  pthread_join(thread, NULL);
  if (count == 0) return 0;
  qsort(windows, (size_t)count, sizeof windows[0], compare);
  return windows[count / 2];
}
