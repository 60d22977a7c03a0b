// Entry on aarch64: from QEMU's loader (ELF, at EL1 or EL2, MMU off), or from anything that follows the Linux arm64
// protocol as far as x0 (device tree) goes.
#include "../include/CBareMetal.h"
#if defined(VIREO_BARE_METAL) && defined(__aarch64__)

.section .text.boot, "ax"
.globl _start
_start:
  msr daifset, #15
  mov x19, x0                         // the device tree, or 0

  // EL2 (QEMU's `virtualization=on`, most boot loaders): give EL1 everything, then go there.
  mrs x0, CurrentEL
  cmp x0, #(2 << 2)
  b.ne at_el1
  mov x0, #(1 << 31)                  // HCR_EL2.RW: EL1 is AArch64
  msr hcr_el2, x0
  mov x0, #3                          // CNTHCTL_EL2: EL1 may use counter and timer
  msr cnthctl_el2, x0
  msr cntvoff_el2, xzr
  mov x0, #0x33ff                     // CPTR_EL2: RES1 bits only, no trapping of FP and SIMD
  msr cptr_el2, x0
  msr hstr_el2, xzr
  mrs x0, midr_el1
  msr vpidr_el2, x0
  mrs x0, mpidr_el1
  msr vmpidr_el2, x0
  mrs x0, id_aa64pfr0_el1             // GICv3 system registers, if there are any: EL1 may use them
  ubfx x0, x0, #24, #4
  cbz x0, 1f
  mrs x0, S3_4_C12_C9_5               // ICC_SRE_EL2
  mov x1, #9                          // Enable, SRE
  orr x0, x0, x1
  msr S3_4_C12_C9_5, x0
  isb
1:
  movz x0, #0x30d0, lsl #16           // SCTLR_EL1: RES1 bits, all else off
  movk x0, #0x0800
  msr sctlr_el1, x0
  mov x0, #0x3c5                      // EL1h, all interrupts masked
  msr spsr_el2, x0
  adr x0, at_el1
  msr elr_el2, x0
  eret

at_el1:
  // Two stacks: the code runs on SP_EL0, exceptions always switch to SP_EL1. So a stack overflow can be reported.
  msr spsel, #1
  adrp x0, vireo_exception_stack_top
  add x0, x0, :lo12:vireo_exception_stack_top
  mov sp, x0
  msr spsel, #0
  adrp x0, __stack_top
  add x0, x0, :lo12:__stack_top
  mov sp, x0

  mov x0, #(3 << 20)                  // CPACR_EL1.FPEN: Swift uses SIMD registers for copies
  msr cpacr_el1, x0
  adrp x0, vireo_vectors
  add x0, x0, :lo12:vireo_vectors
  msr vbar_el1, x0
  isb

  adrp x0, __bss_start
  add x0, x0, :lo12:__bss_start
  adrp x1, __bss_end
  add x1, x1, :lo12:__bss_end
2:
  cmp x0, x1
  b.hs 3f
  stp xzr, xzr, [x0], #16
  b 2b
3:
  bl vireo_build_page_tables          // returns TTBR0
  msr ttbr0_el1, x0
  movz x0, #0x04ff                    // attribute 0: normal, write-back; attribute 1: device-nGnRE
  msr mair_el1, x0
  ldr x0, =TCR
  msr tcr_el1, x0
  dsb ish                             // the tables are written before the walker reads them
  tlbi vmalle1
  ic iallu
  dsb ish
  isb
  mrs x0, sctlr_el1
  ldr x1, =(1 << 0 | 1 << 2 | 1 << 12 | 1 << 3) // M, C, I, and SA: a misaligned stack pointer is an exception
  orr x0, x0, x1
  bic x0, x0, #2                      // A: unaligned accesses to normal memory are fine
  msr sctlr_el1, x0
  isb

  mov x0, x19
  mov x29, xzr
  mov x30, xzr
  bl vireo_start
4:
  wfi
  b 4b

// T0SZ=24: 40 bits of addresses, which includes `virt`'s high PCI windows. Walks are cacheable (IRGN0, ORGN0) and
// inner shareable (SH0); TG0=4 KiB; EPD1: no upper half; IPS=40 bits; TBI0, because the Swift compiler assumes it.
.set TCR, 24 | 1 << 8 | 1 << 10 | 3 << 12 | 1 << 23 | 2 << 32 | 1 << 37

.bss
.balign 16
  .skip 32768
.globl vireo_exception_stack_top
vireo_exception_stack_top:
#endif
