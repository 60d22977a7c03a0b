public import DevicePlatform

/// An Ethernet frame in a buffer, from the destination address to the end of the data. It owns the buffer.
public struct Frame: ~Copyable, Sendable {
  private var buffer: DMABuffer
  /// Where in the buffer it begins.
  public let offset: Int
  /// How long it is.
  public private(set) var byteCount: Int
  /// What the card says of the checksum of what the frame carries.
  public let checksum: ChecksumWord

  /// The frame that lies in these bytes of a buffer.
  public init(_ buffer: consuming DMABuffer, offset: Int = 0, byteCount: Int, checksum: ChecksumWord = .none) {
    precondition(
      offset >= 0 && byteCount >= 0 && offset <= buffer.count && byteCount <= buffer.count - offset,
      "a frame inside its buffer")
    self.buffer = buffer
    self.offset = offset
    self.byteCount = byteCount
    self.checksum = checksum
  }

  /// The buffer, for whoever sends the frame or is done with it.
  public consuming func takeBuffer() -> DMABuffer { buffer }

  /// What the frame consists of.
  public var bytes: Span<UInt8> {
    @_lifetime(borrow self)
    get { Span<UInt8>(_bytes: buffer.bytes.extracting(offset..<offset + byteCount)) }
  }

  /// How long the frame may become.
  var capacity: Int { buffer.count - offset }

  /// Makes the frame shorter, or longer by bytes that are in the buffer already.
  mutating func setByteCount(_ count: Int) {
    precondition(0...capacity ~= count, "a frame inside its buffer")
    byteCount = count
  }

  mutating func put8(_ value: UInt8, at position: Int) {
    precondition(0..<byteCount ~= position, "a byte of the frame")
    buffer[offset + position] = value
  }

  mutating func put16(_ value: UInt16, at position: Int) {
    put8(UInt8(value >> 8), at: position)
    put8(UInt8(truncatingIfNeeded: value), at: position + 1)
  }

  mutating func put32(_ value: UInt32, at position: Int) {
    put16(UInt16(value >> 16), at: position)
    put16(UInt16(truncatingIfNeeded: value), at: position + 2)
  }

  mutating func put(_ address: EthernetAddress, at position: Int) {
    put16(UInt16(address.rawValue >> 32), at: position)
    put32(UInt32(truncatingIfNeeded: address.rawValue), at: position + 2)
  }

  /// Writes destination, source and type.
  mutating func putHeader(to destination: EthernetAddress, from source: EthernetAddress, type: UInt16) {
    put(destination, at: 0)
    put(source, at: 6)
    put16(type, at: 12)
  }

  /// Fills it up with zeros to the smallest frame that Ethernet carries, as far as the buffer reaches.
  mutating func pad() {
    let first = byteCount
    let end = min(EthernetHeader.smallestFrame, capacity)
    guard first < end else { return }
    setByteCount(end)
    for position in first..<end { put8(0, at: position) }
  }
}
