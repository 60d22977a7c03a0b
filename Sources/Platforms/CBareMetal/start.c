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

void vireo_start(vireo_word argument) {
  boot_argument = argument;
#if defined(__x86_64__)
  vireo_install_descriptors();
  __asm__ volatile("mov %0, %%cr3" ::"r"(vireo_build_page_tables()) : "memory");
#endif
  vireo_kernel_main();
  vireo_halt();
}

#endif
