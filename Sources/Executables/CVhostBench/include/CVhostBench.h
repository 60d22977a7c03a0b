// A plain C client of a vhost-user disk to compare with, and the probe that tells whether two processors are near each
// other at the moment.
#ifndef VIREO_CVHOSTBENCH_H
#define VIREO_CVHOSTBENCH_H
#include <stdint.h>

struct vhost_bench_result {
  uint64_t requests;
  uint64_t nanoseconds;
  uint64_t kicks;
  uint64_t processor_nanoseconds;
};

// Keeps `depth` random reads of 4 KiB in flight over one split queue with EVENT_IDX, looking at the used index without
// end. NULL, or what went wrong.
const char *vhost_bench_plain_client(const char *path, unsigned depth, uint64_t milliseconds,
                                     struct vhost_bench_result *result);

// The median time that a cache line takes from processor 0 to processor 1 and back, in nanoseconds; 0 when this process
// may not run on both.
double vhost_bench_probe(uint64_t milliseconds);

// Lets the calling thread run on one processor only; 0 when it may not.
int vhost_bench_pin(int processor);

#endif
