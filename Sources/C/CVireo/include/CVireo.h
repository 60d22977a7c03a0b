// Volatile register access, port I/O and barriers: what Swift cannot say. No header of any C library is included, so
// that every bare-metal triple finds all it needs here.
//
// `always_inline` keeps each accessor one instruction even in debug builds.
#ifndef VIREO_CVIREO_H
#define VIREO_CVIREO_H

#define VIREO_INLINE static inline __attribute__((always_inline))

typedef unsigned char vireo_u8;
typedef unsigned short vireo_u16;
typedef unsigned int vireo_u32;
typedef unsigned long vireo_address;  // as wide as a pointer on every supported triple (LP64)

_Static_assert(sizeof(vireo_address) == sizeof(void *), "Vireo supports LP64 targets only");

#if defined(__aarch64__)
// One instruction with a plain base register. Left alone, the compiler folds address arithmetic into write-back forms
// (`str w1, [x0, #16]!`), which a hypervisor that emulates the device cannot decode: the syndrome is not valid for them.
VIREO_INLINE vireo_u8 vireo_load8(vireo_address a) { vireo_u32 v; __asm__ volatile("ldrb %w0, [%1]" : "=r"(v) : "r"(a) : "memory"); return (vireo_u8)v; }
VIREO_INLINE vireo_u16 vireo_load16(vireo_address a) { vireo_u32 v; __asm__ volatile("ldrh %w0, [%1]" : "=r"(v) : "r"(a) : "memory"); return (vireo_u16)v; }
VIREO_INLINE vireo_u32 vireo_load32(vireo_address a) { vireo_u32 v; __asm__ volatile("ldr %w0, [%1]" : "=r"(v) : "r"(a) : "memory"); return v; }
VIREO_INLINE void vireo_store8(vireo_address a, vireo_u8 v) { __asm__ volatile("strb %w0, [%1]" : : "rZ"((vireo_u32)v), "r"(a) : "memory"); }
VIREO_INLINE void vireo_store16(vireo_address a, vireo_u16 v) { __asm__ volatile("strh %w0, [%1]" : : "rZ"((vireo_u32)v), "r"(a) : "memory"); }
VIREO_INLINE void vireo_store32(vireo_address a, vireo_u32 v) { __asm__ volatile("str %w0, [%1]" : : "rZ"(v), "r"(a) : "memory"); }
#else
VIREO_INLINE vireo_u8 vireo_load8(vireo_address a) { return *(const volatile vireo_u8 *)a; }
VIREO_INLINE vireo_u16 vireo_load16(vireo_address a) { return *(const volatile vireo_u16 *)a; }
VIREO_INLINE vireo_u32 vireo_load32(vireo_address a) { return *(const volatile vireo_u32 *)a; }
VIREO_INLINE void vireo_store8(vireo_address a, vireo_u8 v) { *(volatile vireo_u8 *)a = v; }
VIREO_INLINE void vireo_store16(vireo_address a, vireo_u16 v) { *(volatile vireo_u16 *)a = v; }
VIREO_INLINE void vireo_store32(vireo_address a, vireo_u32 v) { *(volatile vireo_u32 *)a = v; }
#endif

#if defined(__x86_64__)
VIREO_INLINE vireo_u8 vireo_in8(vireo_u16 p) { vireo_u8 v; __asm__ volatile("inb %1, %0" : "=a"(v) : "Nd"(p) : "memory"); return v; }
VIREO_INLINE vireo_u16 vireo_in16(vireo_u16 p) { vireo_u16 v; __asm__ volatile("inw %1, %0" : "=a"(v) : "Nd"(p) : "memory"); return v; }
VIREO_INLINE vireo_u32 vireo_in32(vireo_u16 p) { vireo_u32 v; __asm__ volatile("inl %1, %0" : "=a"(v) : "Nd"(p) : "memory"); return v; }
VIREO_INLINE void vireo_out8(vireo_u16 p, vireo_u8 v) { __asm__ volatile("outb %0, %1" : : "a"(v), "Nd"(p) : "memory"); }
VIREO_INLINE void vireo_out16(vireo_u16 p, vireo_u16 v) { __asm__ volatile("outw %0, %1" : : "a"(v), "Nd"(p) : "memory"); }
VIREO_INLINE void vireo_out32(vireo_u16 p, vireo_u32 v) { __asm__ volatile("outl %0, %1" : : "a"(v), "Nd"(p) : "memory"); }
#endif

// Orders every earlier access to memory before every later access to a device register. The language's fences order
// memory against memory only: `dmb ish` leaves out the outer shareable domain and `fence rw,rw` the I/O bits.
VIREO_INLINE void vireo_doorbell_barrier(void) {
#if defined(__aarch64__)
  __asm__ volatile("dmb osh" : : : "memory");
#elif defined(__riscv)
  __asm__ volatile("fence rw, io" : : : "memory");
#else
  __asm__ volatile("" : : : "memory");  // x86: stores to uncached memory and ports stay behind earlier stores
#endif
}

// Orders every earlier access to a device register before every later access to memory.
VIREO_INLINE void vireo_register_barrier(void) {
#if defined(__aarch64__)
  __asm__ volatile("dmb oshld" : : : "memory");
#elif defined(__riscv)
  __asm__ volatile("fence i, rw" : : : "memory");
#else
  __asm__ volatile("" : : : "memory");
#endif
}

// Tells the processor that this is a wait loop.
VIREO_INLINE void vireo_relax(void) {
#if defined(__aarch64__)
  __asm__ volatile("yield" : : : "memory");
#elif defined(__x86_64__)
  __asm__ volatile("pause" : : : "memory");
#else
  __asm__ volatile("" : : : "memory");
#endif
}

// An opaque identity: the compiler can neither foresee nor drop the value.
VIREO_INLINE vireo_address vireo_opaque(vireo_address value) {
  __asm__ volatile("" : "+r"(value) : : "memory");
  return value;
}

#endif
