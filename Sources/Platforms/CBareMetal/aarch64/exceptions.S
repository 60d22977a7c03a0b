// Exceptions and interrupts on aarch64: everything is saved, SIMD registers included, because ordinary Swift code uses
// them. Layout: `vireo_exception_frame`.
#include "../include/CBareMetal.h"
#if defined(VIREO_BARE_METAL) && defined(__aarch64__)

.set FRAME, 832
.set Q, 304

// Every row of the table has room for 32 instructions.
.macro ROW number
.balign 128
  sub sp, sp, #FRAME
  stp x0, x1, [sp]
  mov x0, #\number
  b save
.endm

.text
.balign 2048
.globl vireo_vectors
vireo_vectors:
.irp number, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
  ROW \number
.endr

save:
  stp x2, x3, [sp, #16]
  stp x4, x5, [sp, #32]
  stp x6, x7, [sp, #48]
  stp x8, x9, [sp, #64]
  stp x10, x11, [sp, #80]
  stp x12, x13, [sp, #96]
  stp x14, x15, [sp, #112]
  stp x16, x17, [sp, #128]
  stp x18, x19, [sp, #144]
  stp x20, x21, [sp, #160]
  stp x22, x23, [sp, #176]
  stp x24, x25, [sp, #192]
  stp x26, x27, [sp, #208]
  stp x28, x29, [sp, #224]
  str x30, [sp, #240]
  // Rows 4 ... 7: the exception came while on this stack already. All others: from SP_EL0.
  and x1, x0, #0xc
  cmp x1, #4
  mrs x1, sp_el0
  add x2, sp, #FRAME
  csel x1, x2, x1, eq
  mrs x2, elr_el1
  stp x1, x2, [sp, #248]
  mrs x1, spsr_el1
  mrs x2, esr_el1
  stp x1, x2, [sp, #264]
  mrs x1, far_el1
  stp x1, x0, [sp, #280]
  str xzr, [sp, #296]
  add x1, sp, #Q
  stp q0, q1, [x1, #0]
  stp q2, q3, [x1, #32]
  stp q4, q5, [x1, #64]
  stp q6, q7, [x1, #96]
  stp q8, q9, [x1, #128]
  stp q10, q11, [x1, #160]
  stp q12, q13, [x1, #192]
  stp q14, q15, [x1, #224]
  stp q16, q17, [x1, #256]
  stp q18, q19, [x1, #288]
  stp q20, q21, [x1, #320]
  stp q22, q23, [x1, #352]
  stp q24, q25, [x1, #384]
  stp q26, q27, [x1, #416]
  stp q28, q29, [x1, #448]
  stp q30, q31, [x1, #480]
  mrs x2, fpsr
  mrs x3, fpcr
  str x2, [x1, #512]
  str x3, [x1, #520]

  // Rows come in fours: synchronous, IRQ, FIQ, system error.
  and x2, x0, #3
  mov x0, sp
  mov x29, xzr
  cmp x2, #1
  b.eq interrupt
  bl vireo_exception
restore:
  add x1, sp, #Q
  ldr x2, [x1, #512]
  ldr x3, [x1, #520]
  msr fpsr, x2
  msr fpcr, x3
  ldp q0, q1, [x1, #0]
  ldp q2, q3, [x1, #32]
  ldp q4, q5, [x1, #64]
  ldp q6, q7, [x1, #96]
  ldp q8, q9, [x1, #128]
  ldp q10, q11, [x1, #160]
  ldp q12, q13, [x1, #192]
  ldp q14, q15, [x1, #224]
  ldp q16, q17, [x1, #256]
  ldp q18, q19, [x1, #288]
  ldp q20, q21, [x1, #320]
  ldp q22, q23, [x1, #352]
  ldp q24, q25, [x1, #384]
  ldp q26, q27, [x1, #416]
  ldp q28, q29, [x1, #448]
  ldp q30, q31, [x1, #480]
  ldp x1, x2, [sp, #248]
  msr elr_el1, x2
  ldr x2, [sp, #264]
  msr spsr_el1, x2
  ldr x0, [sp, #288]
  and x0, x0, #0xc
  cmp x0, #4
  b.eq 1f
  msr sp_el0, x1
1:
  ldr x30, [sp, #240]
  ldp x28, x29, [sp, #224]
  ldp x26, x27, [sp, #208]
  ldp x24, x25, [sp, #192]
  ldp x22, x23, [sp, #176]
  ldp x20, x21, [sp, #160]
  ldp x18, x19, [sp, #144]
  ldp x16, x17, [sp, #128]
  ldp x14, x15, [sp, #112]
  ldp x12, x13, [sp, #96]
  ldp x10, x11, [sp, #80]
  ldp x8, x9, [sp, #64]
  ldp x6, x7, [sp, #48]
  ldp x4, x5, [sp, #32]
  ldp x2, x3, [sp, #16]
  ldp x0, x1, [sp, #0]
  add sp, sp, #FRAME
  eret                                // also clears the exclusive monitor: an interrupted `stxr` fails and is repeated

interrupt:
  bl vireo_interrupt
  b restore
#endif
