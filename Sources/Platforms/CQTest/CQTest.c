#define _GNU_SOURCE
#include "CQTest.h"

#include <stdint.h>
#include <sys/mman.h>

void *cqtest_map(int descriptor, size_t size) {
  const size_t alignment = 2u << 20;
  // Room to align in; what is left over on both sides is given back.
  uint8_t *room = mmap(NULL, size + alignment, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (room == MAP_FAILED) return NULL;
  uint8_t *start = (uint8_t *)(((uintptr_t)room + alignment - 1) & ~(uintptr_t)(alignment - 1));
  if (mmap(start, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, descriptor, 0) == MAP_FAILED) {
    munmap(room, size + alignment);
    return NULL;
  }
  if (start > room) munmap(room, (size_t)(start - room));
  // The kernel rounds to pages: so does this.
  size_t mapped = (size + 4095) & ~(size_t)4095;
  size_t behind = (size_t)(room + size + alignment - (start + mapped));
  if (behind > 0) munmap(start + mapped, behind);
  return start;
}
