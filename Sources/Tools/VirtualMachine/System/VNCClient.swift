import Glibc

/// Looks at a screen as somebody on a network would: a small client of the RFB protocol (RFC 6143), over a socket with a
/// path. Sees what the display device told to be new, and nothing else; and what a screenshot does not have: cursor and
/// keyboard lights. Asks for another screen size.
public final class VNCClient {
  /// In pixels.
  public private(set) var width = 0
  /// In pixels.
  public private(set) var height = 0
  /// Four bytes a pixel, as words: red in bits 16 to 23, green in 8 to 15, blue in 0 to 7.
  public private(set) var pixels: [UInt32] = []
  /// Width, height, hot spot, pixels and, bit by bit, which of them cover.
  public private(set) var cursor: (width: Int, height: Int, hotX: Int, hotY: Int, pixels: [UInt32], mask: [UInt8])?
  /// Bit 0 scroll lock, bit 1 number lock, bit 2 caps lock; nil before the server told.
  public private(set) var lights: UInt8?

  private let socket: Int32
  private var received: [UInt8] = []

  /// Connects and exchanges greetings.
  public init(path: String) throws(VirtualMachineError) {
    socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = UInt16(AF_UNIX)
    let bytes = Array(path.utf8)
    // The path is shorter than the field; checked here.
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { field in
      precondition(bytes.count < field.count, "a path that is too long")
      unsafe field.copyBytes(from: bytes)
    }
    // As large as the call is told.
    let result = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(socket, $0, UInt32(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard result == 0 else { throw .system(doing: "connecting to \(path)", errno: errno) }
    guard try take(12) == Array("RFB 003.008\n".utf8) else { throw Self.malformed("version") }
    try send(Array("RFB 003.008\n".utf8))
    // No password.
    guard try take(Int(try take(1)[0])).contains(1) else { throw Self.malformed("security") }
    try send([1])
    guard try take(4) == [0, 0, 0, 0] else { throw Self.malformed("security result") }
    try send([1])
    let start = try take(24)
    _ = try take(Self.number(start, 20, 4))
    resize(Self.number(start, 0, 2), Self.number(start, 2, 2))
    // 32 bits, 24 of them used, little-endian, 8 bits each at 16, 8 and 0.
    try send([0, 0, 0, 0, 32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0])
    // Plain pixels, cursor, size, extended size, lights.
    let encodings: [Int32] = [0, -239, -223, -308, -261]
    try send([2, 0, 0, UInt8(encodings.count)] + encodings.flatMap { Self.big(UInt32(bitPattern: $0), 4) })
    try request(isIncremental: false)
  }

  deinit { close(socket) }

  /// Takes what the server has to tell, until `isDone` or until so many milliseconds have passed; true when it was.
  @discardableResult
  public func watch(
    milliseconds: Int, until isDone: (VNCClient) -> Bool
  ) throws(VirtualMachineError) -> Bool {
    let deadline = ContinuousClock.now + .milliseconds(milliseconds)
    while !isDone(self) {
      guard try receive(until: deadline) else { return false }
      try read()
    }
    return true
  }

  /// Asks for another screen size, as a window that was pulled at its corner.
  public func resizeScreen(width: Int, height: Int) throws(VirtualMachineError) {
    let size = Self.big(UInt32(width), 2) + Self.big(UInt32(height), 2)
    try send([251, 0] + size + [1, 0, 0, 0, 0, 0, 0, 0, 0, 0] + size + [0, 0, 0, 0])
  }

  private func request(isIncremental: Bool) throws(VirtualMachineError) {
    try send(
      [3, isIncremental ? 1 : 0, 0, 0, 0, 0] + Self.big(UInt32(width), 2) + Self.big(UInt32(height), 2))
  }

  /// One message of the server, whose first byte is there.
  private func read() throws(VirtualMachineError) {
    switch try take(1)[0] {
    case 0:
      let rectangles = Self.number(try take(3), 1, 2)
      for _ in 0..<rectangles { try readRectangle() }
      try request(isIncremental: true)
    case 2: break
    case 3: _ = try take(Self.number(try take(7), 3, 4))
    case let kind: throw Self.malformed("message \(kind)")
    }
  }

  private func readRectangle() throws(VirtualMachineError) {
    let head = try take(12)
    let (x, y) = (Self.number(head, 0, 2), Self.number(head, 2, 2))
    let (width, height) = (Self.number(head, 4, 2), Self.number(head, 6, 2))
    switch Int32(bitPattern: UInt32(Self.number(head, 8, 4))) {
    case 0:
      let words = try takePixels(width * height)
      guard x + width <= self.width, y + height <= self.height else { throw Self.malformed("rectangle") }
      for row in 0..<height {
        for column in 0..<width { pixels[(y + row) * self.width + x + column] = words[row * width + column] }
      }
    case -223: resize(width, height)
    case -239:
      let words = try takePixels(width * height)
      cursor = (width, height, x, y, words, try take((width + 7) / 8 * height))
    case -308:
      _ = try take(16 * Int(try take(4)[0]))
      if width != self.width || height != self.height { resize(width, height) }
    case -261: lights = try take(1)[0]
    case let kind: throw Self.malformed("encoding \(kind)")
    }
  }

  private func resize(_ width: Int, _ height: Int) {
    (self.width, self.height) = (width, height)
    pixels = [UInt32](repeating: 0, count: width * height)
  }

  private func takePixels(_ count: Int) throws(VirtualMachineError) -> [UInt32] {
    let bytes = try take(4 * count)
    return (0..<count).map { index in
      UInt32(bytes[4 * index]) | UInt32(bytes[4 * index + 1]) << 8 | UInt32(bytes[4 * index + 2]) << 16
    }
  }

  /// The next bytes; they have to come within ten seconds.
  private func take(_ count: Int) throws(VirtualMachineError) -> [UInt8] {
    let deadline = ContinuousClock.now + .seconds(10)
    while received.count < count {
      guard try receive(until: deadline, atLeast: count) else { throw Self.malformed("silence") }
    }
    let bytes = Array(received[..<count])
    received.removeFirst(count)
    return bytes
  }

  /// Waits until there is something to read; false when the deadline has passed.
  private func receive(until deadline: ContinuousClock.Instant, atLeast wanted: Int = 1) throws(VirtualMachineError)
    -> Bool
  {
    if received.count >= wanted { return true }
    while ContinuousClock.now < deadline {
      var wish = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
      // One structure.
      guard unsafe poll(&wish, 1, 20) > 0 else { continue }
      var part = [UInt8](repeating: 0, count: 1 << 18)
      // As large as the call is told.
      let count = unsafe part.withUnsafeMutableBytes { unsafe recv(socket, $0.baseAddress, $0.count, 0) }
      guard count > 0 else { throw Self.malformed("end of the connection") }
      received += part[..<count]
      return true
    }
    return false
  }

  private func send(_ bytes: [UInt8]) throws(VirtualMachineError) {
    // Stays within the array.
    let count = unsafe bytes.withUnsafeBytes {
      unsafe Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
    }
    guard count == bytes.count else { throw Self.malformed("sending") }
  }

  private static func malformed(_ what: String) -> VirtualMachineError { .malformed(what: "VNC server", found: what) }

  private static func number(_ bytes: [UInt8], _ offset: Int, _ count: Int) -> Int {
    bytes[offset..<offset + count].reduce(0) { $0 << 8 | Int($1) }
  }

  private static func big(_ value: UInt32, _ count: Int) -> [UInt8] {
    (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
  }
}
