// Entry on riscv64, S-mode, from SBI firmware: a0 is the hart, a1 the device tree.
#include "../include/CBareMetal.h"
#if defined(VIREO_BARE_METAL) && defined(__riscv)

.section .text.boot, "ax"
.globl _start
_start:
  .option push
  .option norelax                     // `la gp` must not be relaxed to an offset from gp
  la gp, __global_pointer$
  .option pop
  csrw sie, zero
  li t0, 2                            // sstatus.SIE off
  csrc sstatus, t0
  li t0, 0x6000                       // sstatus.FS off: Swift here is soft-float; a stray FP instruction traps
  csrc sstatus, t0
  mv s0, a1
  la sp, __stack_top

  la t0, __bss_start
  la t1, __bss_end
1:
  bgeu t0, t1, 2f
  sd zero, 0(t0)
  sd zero, 8(t0)
  addi t0, t0, 16
  j 1b
2:
  // sscratch holds the exception stack while code runs on another one, and 0 while it runs on the exception stack.
  la t0, vireo_exception_stack_top
  csrw sscratch, t0
  la t0, vireo_exception_entry
  csrw stvec, t0

  call vireo_build_page_tables        // returns satp
  sfence.vma
  csrw satp, a0
  sfence.vma

  mv a0, s0
  mv s0, zero
  call vireo_start
3:
  wfi
  j 3b

.bss
.balign 16
  .skip 32768
.globl vireo_exception_stack_top
vireo_exception_stack_top:
#endif
