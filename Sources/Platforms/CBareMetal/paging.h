// Common to the page tables of all architectures: which part of the image an address belongs to (Linker/*.ld).
#ifndef VIREO_PAGING_H
#define VIREO_PAGING_H
#include "include/CBareMetal.h"
#if defined(VIREO_BARE_METAL)

extern char __image_start[], __rodata_start[], __writable_start[];

#define PAGE_TABLE __attribute__((aligned(4096)))
#define MIB(n) ((vireo_word)(n) << 20)
#define GIB(n) ((vireo_word)(n) << 30)
#define LARGE MIB(2)  // what one entry of the second-lowest level maps, on all three architectures

static inline int is_code(vireo_word address) {
  return address >= (vireo_word)__image_start && address < (vireo_word)__rodata_start;
}

static inline int is_constant(vireo_word address) {
  return address >= (vireo_word)__rodata_start && address < (vireo_word)__writable_start;
}

#endif
#endif
