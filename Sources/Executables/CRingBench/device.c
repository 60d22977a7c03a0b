#define _POSIX_C_SOURCE 200809L
#include <time.h>

#include "CRingBench.h"

volatile uint16_t bench_bell;

__attribute__((noinline)) unsigned bench_device_run(struct bench_device *device) {
  uint16_t available = __atomic_load_n(&device->available[1], __ATOMIC_ACQUIRE);
  unsigned count = 0;
  while (device->last != available && count < device->limit) {
    unsigned position = device->last & device->mask;
    uint32_t *element = (uint32_t *)device->used + 1 + 2 * position;
    element[0] = device->available[2 + position];
    element[1] = device->length;
    device->last++;
    count++;
  }
  __atomic_store_n(&device->used[1], device->last, __ATOMIC_RELEASE);
  return count;
}

double bench_nanoseconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return time.tv_sec * 1e9 + time.tv_nsec;
}
