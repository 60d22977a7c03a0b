// Marks the stack as writable memory without contents; its size is the linker script's.
#include "include/CBareMetal.h"
#if defined(VIREO_BARE_METAL)
.section .stack, "aw", @nobits
.balign 16
  .skip 16
#endif
