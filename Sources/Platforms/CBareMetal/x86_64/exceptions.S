// Exceptions and interrupts on x86_64: everything is saved, x87 and SSE included, because ordinary Swift code uses
// them. Layout: `vireo_exception_frame`. AVX is off (CR4.OSXSAVE), so there is nothing above what FXSAVE knows.
#include "../include/CBareMetal.h"
#if defined(VIREO_BARE_METAL) && defined(__x86_64__)

.text
// One stub per vector, 16 bytes each: all leave an error code and the vector on the stack.
.balign 16
.globl vireo_vectors
vireo_vectors:
.set vector, 0
.rept 256
.balign 16
  .if !(vector == 8 || (vector >= 10 && vector <= 14) || vector == 17 || vector == 21 || vector == 29 || vector == 30)
  pushq $0
  .endif
  pushq $vector
  jmp save
.set vector, vector + 1
.endr

save:
  push %rax
  push %rcx
  push %rdx
  push %rsi
  push %rdi
  push %r8
  push %r9
  push %r10
  push %r11
  push %rbp
  push %rbx
  push %r12
  push %r13
  push %r14
  push %r15
  mov %cr2, %rax
  push %rax
  mov %rsp, %rbx                      // kept by the callee
  sub $512, %rsp
  and $-16, %rsp
  fxsave64 (%rsp)
  cld
  mov %rbx, %rdi
  xor %ebp, %ebp
  cmpq $32, 128(%rbx)                 // the vector: those below are the processor's own
  jae 1f
  call vireo_exception
  jmp 2f
1:
  call vireo_interrupt
2:
  fxrstor64 (%rsp)
  mov %rbx, %rsp
  add $8, %rsp                        // cr2
  pop %r15
  pop %r14
  pop %r13
  pop %r12
  pop %rbx
  pop %rbp
  pop %r11
  pop %r10
  pop %r9
  pop %r8
  pop %rdi
  pop %rsi
  pop %rdx
  pop %rcx
  pop %rax
  add $16, %rsp                       // vector, error code
  iretq

// void vireo_load_descriptors(const void *gdt_pointer, const void *idt_pointer): switches to the final tables.
.globl vireo_load_descriptors
vireo_load_descriptors:
  lgdt (%rdi)
  lidt (%rsi)
  mov $16, %eax
  mov %eax, %ds
  mov %eax, %es
  mov %eax, %ss
  mov $24, %eax
  ltr %ax
  ret
#endif
