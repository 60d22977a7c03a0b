// What Swift's runtime expects of a C library, besides memory.c: allocation and the stack guard. `putchar` is
// BareMetal's, in Swift.
#include "CBareMetal.h"

#if defined(VIREO_BARE_METAL)

extern char __heap_start[], __heap_end[];

vireo_heap *vireo_system_heap(void) {
  static vireo_heap heap;
  if (heap.end == 0) vireo_heap_init(&heap, (vireo_word)__heap_start, (vireo_word)(__heap_end - __heap_start));
  return &heap;
}

int posix_memalign(void **result, unsigned long alignment, unsigned long byte_count) {
  vireo_word address = vireo_heap_allocate(vireo_system_heap(), byte_count, alignment);
  if (address == 0) return 12;  // ENOMEM: Swift traps, and the exception report names the place
  *result = (void *)address;
  return 0;
}

void free(void *pointer) {
  // Freed twice, or never allocated: whatever happens next would be worse than stopping here.
  if (pointer != 0 && vireo_heap_free(vireo_system_heap(), (vireo_word)pointer) != 0) __builtin_trap();
}

// Any value will do: the guard catches accidents, there is no attacker on this side.
vireo_word __stack_chk_guard = 0x00f00d0a0dff5a5aul;
__attribute__((noreturn)) void __stack_chk_fail(void) { __builtin_trap(); }

#endif
