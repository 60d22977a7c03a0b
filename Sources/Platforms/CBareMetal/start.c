// From the assembly to the kernel: the last steps of the boot, on the boot stack, with bss cleared.
#include "include/CBareMetal.h"
#if defined(VIREO_BARE_METAL)

extern char __image_start[], __image_end[], __writable_start[], __stack_top[];
static vireo_word boot_argument;

vireo_word vireo_boot_argument(void) { return boot_argument; }
vireo_word vireo_image_start(void) { return (vireo_word)__image_start; }
vireo_word vireo_image_end(void) { return (vireo_word)__image_end; }
vireo_word vireo_stack_start(void) { return (vireo_word)__writable_start; }
vireo_word vireo_stack_end(void) { return (vireo_word)__stack_top; }

#if defined(__x86_64__)
vireo_word vireo_build_page_tables(void);
void vireo_install_descriptors(void);
#endif

#if defined(__x86_64__)
// QEMU's firmware leaves parts of the PVH start info (the memory map) in the first page, which is not mapped later.
static vireo_word first_page[512];
vireo_word vireo_first_page(void) { return (vireo_word)first_page; }

static void copy_first_page(void) {
  // Hidden from the compiler, which takes address 0 for a mistake.
  const volatile vireo_word *from;
  __asm__("" : "=r"(from) : "0"(0));
  for (int i = 0; i < 512; i++) first_page[i] = from[i];
}
#endif

void vireo_start(vireo_word argument) {
  boot_argument = argument;
#if defined(__x86_64__)
  vireo_install_descriptors();
  copy_first_page();
  __asm__ volatile("mov %0, %%cr3" ::"r"(vireo_build_page_tables()) : "memory");
#endif
  vireo_kernel_main();
  vireo_halt();
}

#endif
