// The descriptor tables of x86_64: flat segments, one task state segment, 256 interrupt gates.
#include "../include/CBareMetal.h"
#if defined(VIREO_BARE_METAL) && defined(__x86_64__)

extern char vireo_vectors[];
void vireo_load_descriptors(const void *gdt_pointer, const void *idt_pointer);

struct __attribute__((packed)) table_pointer { unsigned short limit; vireo_word base; };

// A stack overflow is a page fault that cannot push its frame: a double fault, which hence has its own stack (IST 1).
static char double_fault_stack[16384] __attribute__((aligned(16)));
static struct __attribute__((packed)) { vireo_half r0; vireo_word rsp[3], r1, ist[7], r2; vireo_half r3; } tss;

static vireo_word gdt[5] = {0, 0x00af9a000000ffff, 0x00cf92000000ffff, 0, 0};
static struct { vireo_word low, high; } idt[256];

void vireo_install_descriptors(void) {
  tss.ist[0] = (vireo_word)(double_fault_stack + sizeof double_fault_stack);
  tss.r3 = sizeof tss << 16;  // no I/O permission bitmap
  vireo_word base = (vireo_word)&tss;
  gdt[3] = (sizeof tss - 1) | (base & 0xffffff) << 16 | 0x89ul << 40 | (base >> 24 & 0xff) << 56;
  gdt[4] = base >> 32;
  for (vireo_word vector = 0; vector < 256; vector++) {
    vireo_word target = (vireo_word)vireo_vectors + vector * 16;
    vireo_word stack = vector == 8 ? 1 : 0;
    idt[vector].low = (target & 0xffff) | 8ul << 16 | stack << 32 | 0x8eul << 40 | (target >> 16 & 0xffff) << 48;
    idt[vector].high = target >> 32;
  }
  struct table_pointer gdt_pointer = {sizeof gdt - 1, (vireo_word)gdt};
  struct table_pointer idt_pointer = {sizeof idt - 1, (vireo_word)idt};
  vireo_load_descriptors(&gdt_pointer, &idt_pointer);

  // The two interrupt controllers of 1981 deliver into exception vectors as the firmware left them: all lines off.
  __asm__ volatile("outb %0, $0x21; outb %0, $0xa1" ::"a"((vireo_byte)0xff));
}

#endif
