import DevicePlatform
import Synchronization

/// Registers that keep what is written, in words of 32 bits, and remember every write in order. Windows share them.
struct RecordedRegisters: RegisterAccess {
  struct Write: Equatable {
    var offset: Int
    var value: UInt32

    init(_ value: UInt32, at offset: Int) {
      self.offset = offset
      self.value = value
    }
  }

  private final class Store: Sendable {
    let state = Mutex<(words: [Int: UInt32], writes: [Write])>(([:], []))
  }

  private let store: Store
  private let base: Int
  let byteCount: Int
  /// What becomes of a write: called with offset and value, returns what the register reads afterwards.
  private let effect: @Sendable (Int, UInt32) -> UInt32

  init(byteCount: Int, words: [Int: UInt32] = [:], effect: @escaping @Sendable (Int, UInt32) -> UInt32 = { $1 }) {
    store = Store()
    base = 0
    self.byteCount = byteCount
    self.effect = effect
    store.state.withLock { $0.words = words }
  }

  private init(_ parent: RecordedRegisters, at offset: Int, byteCount: Int) {
    store = parent.store
    base = parent.base + offset
    self.byteCount = byteCount
    effect = parent.effect
  }

  /// All writes up to now, with offsets from the start of the outermost window.
  var writes: [Write] { store.state.withLock { $0.writes } }
  /// Forgets all writes, but not what they left.
  func forgetWrites() { store.state.withLock { $0.writes = [] } }
  /// Whether something was written.
  func has(_ value: UInt32, at offset: Int) -> Bool { writes.contains(Write(value, at: offset)) }

  func load32(at offset: Int) -> UInt32 {
    precondition(offset >= 0 && offset % 4 == 0 && offset <= byteCount - 4, "offset \(offset)")
    return store.state.withLock { $0.words[base + offset] ?? 0 }
  }

  func store32(_ value: UInt32, at offset: Int) {
    precondition(offset >= 0 && offset % 4 == 0 && offset <= byteCount - 4, "offset \(offset)")
    store.state.withLock {
      $0.writes.append(Write(value, at: base + offset))
      $0.words[base + offset] = effect(base + offset, value)
    }
  }

  func load8(at offset: Int) -> UInt8 { UInt8(truncatingIfNeeded: load32(at: offset)) }
  func load16(at offset: Int) -> UInt16 { UInt16(truncatingIfNeeded: load32(at: offset)) }
  func store8(_ value: UInt8, at offset: Int) { store32(UInt32(value), at: offset) }
  func store16(_ value: UInt16, at offset: Int) { store32(UInt32(value), at: offset) }
  func window(at offset: Int, byteCount: Int) -> RecordedRegisters {
    RecordedRegisters(self, at: offset, byteCount: byteCount)
  }
}
