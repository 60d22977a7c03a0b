// The device's side of a split ring for benchmarks, and a plain C driver ring to compare with.
#ifndef VIREO_CRINGBENCH_H
#define VIREO_CRINGBENCH_H
#include <stdint.h>

// The device: uses what is available, at once and in order, up to `limit` chains at a time, and asks for no
// notification. Each chain's used length is `length`.
struct bench_device {
  uint16_t *available;
  uint16_t *used;
  uint16_t last;
  uint16_t mask;
  unsigned limit;
  uint32_t length;
};
// Not inlined, so that its instructions can be told from the driver's. Returns how many chains it used.
unsigned bench_device_run(struct bench_device *device);

// Runs the plain C ring: `shape` is 0 (one at a time), 1 (batches of 32) or 2 (batches of 32 chains of three).
// Returns the sum of the used lengths, as a check. `deferred`: one publication for a batch, not one for each request.
uint64_t bench_plain_ring(int shape, uint64_t operations, int deferred);

// The doorbell: a store that the compiler must make.
extern volatile uint16_t bench_bell;
static inline void bench_ring_bell(void) { bench_bell = 0; }

double bench_nanoseconds(void);
#endif
