// Exceptions and interrupts on riscv64. All integer registers; floating point is off (boot.S).
// Layout: `vireo_exception_frame`.
#include "../include/CBareMetal.h"
#if defined(VIREO_BARE_METAL) && defined(__riscv)

.set FRAME, 304

.text
.balign 4
.globl vireo_exception_entry
vireo_exception_entry:
  csrrw sp, sscratch, sp
  bnez sp, 1f
  // On the exception stack already: sscratch was 0. Stay here.
  csrrw sp, sscratch, sp
  addi sp, sp, -FRAME
  sd t0, 40(sp)
  addi t0, sp, FRAME
  sd t0, 16(sp)
  sd zero, 288(sp)
  j 2f
1:
  addi sp, sp, -FRAME
  sd t0, 40(sp)
  csrrw t0, sscratch, zero            // the interrupted stack pointer
  sd t0, 16(sp)
  addi t0, sp, FRAME                  // what sscratch was
  sd t0, 288(sp)
2:
  sd zero, 0(sp)
  sd zero, 296(sp)
  sd x1, 8(sp)
  sd x3, 24(sp)
  sd x4, 32(sp)
  sd x6, 48(sp)
  sd x7, 56(sp)
  sd x8, 64(sp)
  sd x9, 72(sp)
  sd x10, 80(sp)
  sd x11, 88(sp)
  sd x12, 96(sp)
  sd x13, 104(sp)
  sd x14, 112(sp)
  sd x15, 120(sp)
  sd x16, 128(sp)
  sd x17, 136(sp)
  sd x18, 144(sp)
  sd x19, 152(sp)
  sd x20, 160(sp)
  sd x21, 168(sp)
  sd x22, 176(sp)
  sd x23, 184(sp)
  sd x24, 192(sp)
  sd x25, 200(sp)
  sd x26, 208(sp)
  sd x27, 216(sp)
  sd x28, 224(sp)
  sd x29, 232(sp)
  sd x30, 240(sp)
  sd x31, 248(sp)
  csrr t0, sepc
  csrr t1, sstatus
  csrr t2, scause
  csrr t3, stval
  sd t0, 256(sp)
  sd t1, 264(sp)
  sd t2, 272(sp)
  sd t3, 280(sp)

  mv a0, sp
  mv s0, zero
  bltz t2, 3f                         // scause: the highest bit says interrupt
  call vireo_exception
  j 4f
3:
  call vireo_interrupt
4:
  // Gives up the interrupted code's reservation, if it had one: its `sc` fails and is repeated.
  addi t0, sp, 296
  sc.d zero, zero, (t0)

  ld t0, 256(sp)
  ld t1, 264(sp)
  ld t2, 288(sp)
  csrw sepc, t0
  csrw sstatus, t1
  csrw sscratch, t2
  ld x1, 8(sp)
  ld x3, 24(sp)
  ld x4, 32(sp)
  ld x5, 40(sp)
  ld x6, 48(sp)
  ld x7, 56(sp)
  ld x8, 64(sp)
  ld x9, 72(sp)
  ld x10, 80(sp)
  ld x11, 88(sp)
  ld x12, 96(sp)
  ld x13, 104(sp)
  ld x14, 112(sp)
  ld x15, 120(sp)
  ld x16, 128(sp)
  ld x17, 136(sp)
  ld x18, 144(sp)
  ld x19, 152(sp)
  ld x20, 160(sp)
  ld x21, 168(sp)
  ld x22, 176(sp)
  ld x23, 184(sp)
  ld x24, 192(sp)
  ld x25, 200(sp)
  ld x26, 208(sp)
  ld x27, 216(sp)
  ld x28, 224(sp)
  ld x29, 232(sp)
  ld x30, 240(sp)
  ld x31, 248(sp)
  ld sp, 16(sp)
  sret
#endif
