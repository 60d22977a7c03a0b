// Entry on x86_64 by the PVH protocol: 32-bit protected mode, paging off, %ebx is the start info.
#include "../include/CBareMetal.h"
#if defined(VIREO_BARE_METAL) && defined(__x86_64__)

// XEN_ELFNOTE_PHYS32_ENTRY: this is a PVH kernel, and here it starts.
.section .note.pvh, "a", @note
.balign 4
  .long 4, 4, 18
  .asciz "Xen"
  .long _start

.section .text.boot, "ax"
.code32
.globl _start
_start:
  cli
  cld
  mov %ebx, %esi
  mov $__stack_top, %esp

  mov $__bss_start, %edi
  mov $__bss_end, %ecx
  sub %edi, %ecx
  shr $2, %ecx
  xor %eax, %eax
  rep stosl

  // A first map, all of 4 GiB with all rights in pages of 2 MiB; paging.c refines it in 64-bit mode.
  mov $vireo_page_directories + 3, %eax
  mov $vireo_page_pointers, %edi
  mov $4, %ecx
1:
  mov %eax, (%edi)
  add $0x1000, %eax
  add $8, %edi
  loop 1b
  mov $0x83, %eax                     // present, writable, large
  mov $vireo_page_directories, %edi
  mov $2048, %ecx
2:
  mov %eax, (%edi)
  add $0x200000, %eax
  add $8, %edi
  loop 2b
  movl $vireo_page_pointers + 3, vireo_page_root
  mov $vireo_page_root, %eax
  mov %eax, %cr3

  mov %cr4, %eax
  or $0x620, %eax                     // PAE, OSFXSR, OSXMMEXCPT
  mov %eax, %cr4
  mov $0xc0000080, %ecx               // EFER
  rdmsr
  or $0x900, %eax                     // LME, NXE
  wrmsr
  mov %cr0, %eax
  and $0x9ffffff3, %eax               // CD, NW: caches on; EM, TS: SSE without traps
  or $0x80010022, %eax                // PG, WP (read-only holds for the kernel too), NE, MP
  mov %eax, %cr0
  lgdt first_gdt_pointer
  ljmp $8, $long_mode

.code64
long_mode:
  mov $16, %eax
  mov %eax, %ds
  mov %eax, %es
  mov %eax, %ss
  xor %eax, %eax
  mov %eax, %fs
  mov %eax, %gs
  mov $__stack_top, %rsp
  mov %esi, %edi                      // also clears the upper half
  xor %ebp, %ebp
  call vireo_start
3:
  cli
  hlt
  jmp 3b

.section .rodata, "a"
.balign 8
first_gdt:
  .quad 0
  .quad 0x00af9a000000ffff            // 64-bit code
  .quad 0x00cf92000000ffff            // data
first_gdt_pointer:
  .word 23
  .long first_gdt
#endif
