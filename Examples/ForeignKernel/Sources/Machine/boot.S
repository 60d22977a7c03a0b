// Entry on QEMU's aarch64 `virt`, as its loader starts an ELF image: EL1, MMU off.

.section .text.boot, "ax"
.globl _start
_start:
  msr daifset, #15
  adrp x0, __stack_top
  add x0, x0, :lo12:__stack_top
  mov sp, x0
  mov x0, #(3 << 20)                  // CPACR_EL1.FPEN: Swift copies with SIMD registers
  msr cpacr_el1, x0
  adrp x0, vectors
  add x0, x0, :lo12:vectors
  msr vbar_el1, x0
  isb

  adrp x0, __bss_start
  add x0, x0, :lo12:__bss_start
  adrp x1, __bss_end
  add x1, x1, :lo12:__bss_end
1:
  cmp x0, x1
  b.hs 2f
  stp xzr, xzr, [x0], #16
  b 1b
2:
  // MMU and caches on: atomic operations are defined for normal memory only.
  adrp x0, page_table
  add x0, x0, :lo12:page_table
  msr ttbr0_el1, x0
  mov x0, #0x04ff                     // attribute 0: normal, write-back; attribute 1: device-nGnRE
  msr mair_el1, x0
  ldr x0, =TCR
  msr tcr_el1, x0
  dsb ish
  tlbi vmalle1
  dsb ish
  isb
  mrs x0, sctlr_el1
  mov x1, #(1 << 0 | 1 << 2 | 1 << 12) // M, C, I
  orr x0, x0, x1
  bic x0, x0, #2                      // A: unaligned accesses to normal memory are fine
  msr sctlr_el1, x0
  isb
  mov x29, xzr
  mov x30, xzr
  bl main
  mov w0, #4                          // the kernel does not return
  b machine_exit

// T0SZ=25: 39 bits, the table below is level 1. Cacheable walks, inner shareable; EPD1: no upper half; IPS=40 bits;
// TBI0, because the Swift compiler assumes it.
.set TCR, 25 | 1 << 8 | 1 << 10 | 3 << 12 | 1 << 23 | 2 << 32 | 1 << 37

// Every exception, a Swift trap among them, ends the machine.
.text
.balign 2048
vectors:
.rept 16
  mov w0, #3
  b machine_exit
  .balign 128
.endr

// Semihosting: SYS_EXIT with { ADP_Stopped_ApplicationExit, status }.
.globl machine_exit
machine_exit:
  uxtw x0, w0
  mov x1, #0x0026
  movk x1, #2, lsl #16
  stp x1, x0, [sp, #-16]!
  mov x1, sp
  mov w0, #0x18
  hlt #0xf000
3:
  wfi
  b 3b

.globl machine_counter
machine_counter:
  isb
  mrs x0, cntvct_el0
  ret

.globl machine_counter_frequency
machine_counter_frequency:
  mrs x0, cntfrq_el0
  ret

.globl machine_dma_start
machine_dma_start:
  adrp x0, __dma_start
  add x0, x0, :lo12:__dma_start
  ret

.globl machine_tables_start
machine_tables_start:
  adrp x0, __tables_start
  add x0, x0, :lo12:__tables_start
  ret

// Everything is where it says. Blocks of 1 GiB: the first holds the registers, the others RAM.
.data
.balign 4096
page_table:
  .quad 0x00000000 | 1 << 0 | 1 << 2 | 1 << 10 | 3 << 53   // attribute 1, accessed, never run
  .quad 0x40000000 | 1 << 0 | 3 << 8 | 1 << 10             // attribute 0, inner shareable, accessed
  .quad 0x80000000 | 1 << 0 | 3 << 8 | 1 << 10
  .quad 0xc0000000 | 1 << 0 | 3 << 8 | 1 << 10
  .skip 508 * 8
