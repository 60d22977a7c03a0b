// The Sv39 identity map of riscv64. Memory types are not the page tables' business here: the physical memory
// attributes of the machine make registers uncached.
#include "../include/CBareMetal.h"
#include "../paging.h"
#if defined(VIREO_BARE_METAL) && defined(__riscv)

enum : vireo_word {
  VALID = 1,
  READ = 2,
  WRITE = 4,
  RUN = 8,
  USED = 1 << 6 | 1 << 7,  // accessed and dirty: hardware may fault instead of setting them
  SV39 = 8ul << 60,
};

static vireo_word root[512] PAGE_TABLE, devices[512] PAGE_TABLE, image[512] PAGE_TABLE, lowest[512] PAGE_TABLE;

static vireo_word table(const vireo_word *next) { return (vireo_word)next >> 12 << 10 | VALID; }
static vireo_word leaf(vireo_word address, vireo_word rights) {
  return address >> 12 << 10 | VALID | READ | USED | rights;
}

vireo_word vireo_build_page_tables(void) {
  // The lower half of the 39-bit space; the upper half cannot be mapped to itself.
  for (vireo_word i = 0; i < 256; i++) root[i] = leaf(GIB(i), WRITE);

  // The first 2 MiB hold `virt`'s test device and clock at 1 MiB; the rest is left out, so that a null pointer is an
  // exception.
  root[0] = table(devices);
  for (vireo_word i = 1; i < 512; i++) devices[i] = leaf(i * LARGE, WRITE);
  devices[0] = table(lowest);
  for (vireo_word page = MIB(1); page < MIB(1) + 0x2000; page += 0x1000) lowest[page >> 12] = leaf(page, WRITE);

  // The first 2 MiB of RAM are the firmware's.
  root[2] = table(image);
  for (vireo_word i = 1; i < 512; i++) {
    vireo_word address = GIB(2) + i * LARGE;
    image[i] = leaf(address, is_code(address) ? RUN : is_constant(address) ? 0 : WRITE);
  }
  return SV39 | (vireo_word)root >> 12;
}

#endif
