/// Access to a window of device registers, wherever they are: mapped memory, I/O ports, a socket to an emulator, or a
/// recorder in a test.
///
/// Offsets are bytes from the start of the window. Each call is exactly one access of exactly that width, and calls are
/// performed in program order. Values are in the CPU's byte order; every VirtIO register is little-endian, so a
/// big-endian platform swaps here and nowhere else.
///
/// An offset outside `0 ..< byteCount`, or one that is not a multiple of the access width, is a programming error:
/// whatever a device says about offsets is validated before it gets here.
public protocol RegisterAccess: Sendable {
  /// The window's size in bytes.
  var byteCount: Int { get }

  /// Reads one byte.
  func load8(at offset: Int) -> UInt8
  /// Reads two bytes.
  func load16(at offset: Int) -> UInt16
  /// Reads four bytes.
  func load32(at offset: Int) -> UInt32

  /// Writes one byte.
  func store8(_ value: UInt8, at offset: Int)
  /// Writes two bytes.
  func store16(_ value: UInt16, at offset: Int)
  /// Writes four bytes.
  func store32(_ value: UInt32, at offset: Int)

  /// A part of this window, with offsets that start at zero again.
  func window(at offset: Int, byteCount: Int) -> Self
}
