// The identity map of aarch64. Runs before the MMU is on: plain aligned stores only.
#include "../include/CBareMetal.h"
#include "../paging.h"
#if defined(VIREO_BARE_METAL) && defined(__aarch64__)

enum : vireo_word {
  TABLE = 3,
  BLOCK = 1,
  ACCESSED = 1 << 10,
  NORMAL = 0 << 2 | 3 << 8,  // attribute 0, inner shareable
  DEVICE = 1 << 2,           // attribute 1
  READ_ONLY = 1 << 7,
  NEVER_RUN = 3ul << 53,  // at EL1 and EL0
  USER_NEVER_RUN = 1ul << 54,
};

static vireo_word level0[512] PAGE_TABLE, low[512] PAGE_TABLE, high[512] PAGE_TABLE;
static vireo_word devices[512] PAGE_TABLE, image[512] PAGE_TABLE;

vireo_word vireo_build_page_tables(void) {
  level0[0] = (vireo_word)low | TABLE;
  level0[1] = (vireo_word)high | TABLE;

  // 0 ... 1 GiB: registers, the 32-bit PCI window included. The first 128 MiB are flash, for which nobody has a use
  // here: left out, so that a null pointer is an exception.
  low[0] = (vireo_word)devices | TABLE;
  for (vireo_word i = MIB(128) / LARGE; i < 512; i++)
    devices[i] = i * LARGE | BLOCK | ACCESSED | DEVICE | NEVER_RUN;

  // 1 GiB ... 256 GiB: where `virt` puts RAM.
  for (vireo_word i = 2; i < 256; i++) low[i] = GIB(i) | BLOCK | ACCESSED | NORMAL | NEVER_RUN;
  low[1] = (vireo_word)image | TABLE;
  for (vireo_word i = 0; i < 512; i++) {
    vireo_word address = GIB(1) + i * LARGE, rights = NEVER_RUN;
    if (is_code(address)) rights = READ_ONLY | USER_NEVER_RUN;
    else if (is_constant(address)) rights = READ_ONLY | NEVER_RUN;
    image[i] = address | BLOCK | ACCESSED | NORMAL | rights;
  }

  // 256 GiB ... 1 TiB: the high ECAM (256 GiB) and the high PCI window (512 GiB).
  for (vireo_word i = 256; i < 512; i++) low[i] = GIB(i) | BLOCK | ACCESSED | DEVICE | NEVER_RUN;
  for (vireo_word i = 0; i < 512; i++) high[i] = GIB(512 + i) | BLOCK | ACCESSED | DEVICE | NEVER_RUN;
  return (vireo_word)level0;
}

#endif
