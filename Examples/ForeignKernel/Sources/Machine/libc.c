// The C functions that Swift calls on its own: a heap, memory operations, the stack guard.
#include "Machine.h"

typedef unsigned long size_t;
extern char __heap_start[], __heap_end[];

// Powers of two from 64 bytes, a free list each. A block is a header of 64 bytes, which holds its class, and the
// payload; so every payload is at a multiple of 64.
enum { LINE = 64, CLASSES = 15 };

typedef struct block {
  int class;
  struct block *next;
} block;

static block *unused[CLASSES];
static char *fresh = __heap_start;
static unsigned long allocations;

unsigned long machine_allocations(void) { return allocations; }

int posix_memalign(void **result, size_t alignment, size_t byte_count) {
  int class = 0;
  while (class < CLASSES && ((size_t)LINE << class) < byte_count) class++;
  if (class == CLASSES || alignment > LINE) return 12;
  block *found = unused[class];
  if (found != 0) {
    unused[class] = found->next;
  } else {
    size_t needed = LINE + ((size_t)LINE << class);
    if ((size_t)(__heap_end - fresh) < needed) return 12;
    found = (block *)fresh;
    found->class = class;
    fresh += needed;
  }
  allocations++;
  *result = (char *)found + LINE;
  return 0;
}

void free(void *pointer) {
  if (pointer == 0) return;
  block *gone = (block *)((char *)pointer - LINE);
  gone->next = unused[gone->class];
  unused[gone->class] = gone;
}

// `no_builtin`: a loop must not be turned into a call of the function that it implements.
#define PLAIN __attribute__((no_builtin))

PLAIN void *memcpy(void *to, const void *from, size_t count) {
  for (size_t i = 0; i < count; i++) ((char *)to)[i] = ((const char *)from)[i];
  return to;
}

PLAIN void *memmove(void *to, const void *from, size_t count) {
  if ((size_t)to - (size_t)from >= count) return memcpy(to, from, count);
  for (size_t i = count; i-- > 0;) ((char *)to)[i] = ((const char *)from)[i];
  return to;
}

PLAIN void *memset(void *to, int value, size_t count) {
  for (size_t i = 0; i < count; i++) ((char *)to)[i] = (char)value;
  return to;
}

PLAIN int memcmp(const void *a, const void *b, size_t count) {
  for (size_t i = 0; i < count; i++) {
    int difference = ((const unsigned char *)a)[i] - ((const unsigned char *)b)[i];
    if (difference != 0) return difference;
  }
  return 0;
}

size_t __stack_chk_guard = 0x00f00d0a0dff5a5aul;
__attribute__((noreturn)) void __stack_chk_fail(void) { machine_exit(3); }
