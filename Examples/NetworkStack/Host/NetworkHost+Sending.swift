internal import DevicePlatform

extension NetworkHost where Port: ~Copyable {
  /// Hands a frame to the card, which sees it at the next flush.
  mutating func transmit(_ frame: consuming Frame) {
    var frame = frame
    frame.pad()
    counters.sent += 1
    port.send(frame)
  }

  /// A buffer to send something in.
  func limitOfDatagram() -> Int { port.mtu - IPv4Header.byteCount - UDPHeader.byteCount }

  mutating func takeBuffer<W: Waiter & ~Copyable>(
    until deadline: MonotonicTime, waiter: inout W
  ) throws(HostError) -> DMABuffer {
    while true {
      if let buffer = port.takeBuffer() { return buffer }
      port.flush()
      guard waiter.now < deadline else { throw .noBuffer }
      waiter.wait(until: min(deadline, waiter.now + .milliseconds(1)))
    }
  }

  /// Sends a datagram, if need be after a question about whom to send it to.
  mutating func sendDatagram<W: Waiter & ~Copyable>(
    from sourcePort: UInt16, to destination: IPv4Address, _ destinationPort: UInt16, until deadline: MonotonicTime,
    waiter: inout W, _ fill: (inout PayloadWriter) -> Void
  ) throws(HostError) {
    let body = EthernetHeader.byteCount + IPv4Header.byteCount
    let card = try card(for: destination, until: deadline, waiter: &waiter)
    var frame = try makePacket(
      headers: body + UDPHeader.byteCount, limit: limitOfDatagram(), until: deadline, waiter: &waiter, fill)
    UDPHeader.write(to: &frame, at: body, from: address, sourcePort, to: destination, destinationPort)
    sendPacket(frame, IPv4Header.udp, to: destination, card)
  }

  /// Sends an echo.
  mutating func sendEcho<W: Waiter & ~Copyable>(
    identifier: UInt16, sequence: UInt16, byteCount: Int, to destination: IPv4Address, until deadline: MonotonicTime,
    waiter: inout W
  ) throws(HostError) {
    let body = EthernetHeader.byteCount + IPv4Header.byteCount
    let limit = port.mtu - IPv4Header.byteCount - ICMPEcho.byteCount
    let card = try card(for: destination, until: deadline, waiter: &waiter)
    var frame = try makePacket(
      headers: body + ICMPEcho.byteCount, limit: limit, until: deadline, waiter: &waiter
    ) { writer in
      for index in 0..<byteCount { writer.append(UInt8(truncatingIfNeeded: index)) }
    }
    ICMPEcho.write(to: &frame, at: body, type: ICMPEcho.request, identifier: identifier, sequence: sequence)
    sendPacket(frame, IPv4Header.icmp, to: destination, card)
  }

  private mutating func makePacket<W: Waiter & ~Copyable>(
    headers: Int, limit: Int, until deadline: MonotonicTime, waiter: inout W, _ fill: (inout PayloadWriter) -> Void
  ) throws(HostError) -> Frame {
    var writer = PayloadWriter(try takeBuffer(until: deadline, waiter: &waiter), start: headers, limit: limit)
    fill(&writer)
    let (isWhole, byteCount) = (writer.isWhole, writer.byteCount)
    let frame = writer.takeFrame()
    if !isWhole {
      port.giveBack(frame)
      throw .tooLong(byteCount: byteCount, limit: limit)
    }
    return frame
  }

  private mutating func sendPacket(
    _ frame: consuming Frame, _ number: UInt8, to destination: IPv4Address, _ card: EthernetAddress
  ) {
    var frame = frame
    frame.putHeader(to: card, from: port.address, type: EthernetHeader.ipv4)
    IPv4Header.write(
      to: &frame, identification: random.next16(), protocolNumber: number,
      payloadByteCount: frame.byteCount - EthernetHeader.byteCount - IPv4Header.byteCount, from: address,
      to: destination)
    transmit(frame)
    port.flush()
  }
}
