// The identity map of x86_64, 4 GiB. Refines what boot.S made, in place.
#include "../include/CBareMetal.h"
#include "../paging.h"
#if defined(VIREO_BARE_METAL) && defined(__x86_64__)

enum : vireo_word {
  PRESENT = 1,
  WRITABLE = 2,
  UNCACHED = 1 << 3 | 1 << 4,  // write-through and cache disable: type UC of the PAT as it is after reset
  LARGE_PAGE = 1 << 7,
  NEVER_RUN = 1ul << 63,
};

vireo_word vireo_page_root[512] PAGE_TABLE, vireo_page_pointers[512] PAGE_TABLE;
vireo_word vireo_page_directories[2048] PAGE_TABLE;
static vireo_word lowest[512] PAGE_TABLE;

// Above this there is no RAM on q35 (ECAM is here, then BARs, I/O APIC, local APIC, flash). A microvm with more than
// 2816 MiB has some: slow, not wrong.
#define REGISTERS 0xb0000000ul

vireo_word vireo_build_page_tables(void) {
  for (vireo_word i = 0; i < 2048; i++) {
    vireo_word address = i * LARGE, rights = WRITABLE | NEVER_RUN;
    if (is_code(address)) rights = 0;
    else if (is_constant(address)) rights = NEVER_RUN;
    else if (address >= REGISTERS) rights |= UNCACHED;
    vireo_page_directories[i] = address | PRESENT | LARGE_PAGE | rights;
  }
  // The first page is left out, so that a null pointer is an exception. The others have firmware tables.
  for (vireo_word page = 1; page < 512; page++) lowest[page] = page << 12 | PRESENT | WRITABLE | NEVER_RUN;
  vireo_page_directories[0] = (vireo_word)lowest | PRESENT | WRITABLE;
  return (vireo_word)vireo_page_root;
}

#endif
