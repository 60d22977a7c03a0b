public import DevicePlatform
internal import VirtIO

/// What is on the other end of the scanouts.
extension GPUDevice where T: ~Copyable {
  /// Asks for all displays, one for each scanout.
  ///
  /// - Throws: `.invalidDisplay` for one that is enabled without pixels or with a side above 16 384, beside what any
  ///   command throws.
  public mutating func displays<W: Waiter & ~Copyable>(
    waiter: inout W, timeout: TimeSpan = .seconds(5)
  ) throws(GPUError) -> [GPUDisplay] {
    let answer = try run(
      GPURequest(.displayInformation), answerByteCount: GPUAnswer.displayByteCount, &waiter, timeout)
    var displays: [GPUDisplay] = []
    for index in 0..<scanoutCount { displays.append(try GPUDisplay(answer.buffer, index: index)) }
    return displays
  }

  /// Asks what a display can do.
  ///
  /// - Throws: `.notNegotiated` where the device cannot tell; `.edid` for one that makes no sense.
  public mutating func edid<W: Waiter & ~Copyable>(
    ofScanout scanout: Int, waiter: inout W, timeout: TimeSpan = .seconds(5)
  ) throws(GPUError) -> EDID {
    guard features.contains(.GPU.edid) else { throw .notNegotiated(.GPU.edid) }
    try check(scanout)
    let answer = try run(
      GPURequest.edid(scanout), answerByteCount: GPUAnswer.edidByteCount, &waiter, timeout)
    let head = GPUAnswer.byteCount + 8
    let size = UInt32(truncatingIfNeeded: answer.buffer.load64(at: GPUAnswer.byteCount))
    guard size <= UInt32(EDID.maximumByteCount) else { throw .edid(.tooLong(byteCount: size)) }
    guard answer.byteCount - head >= Int(size) else {
      throw .answerTooShort(.edid, found: answer.byteCount, needed: head + Int(size))
    }
    let bytes = answer.buffer.array(head + Int(size))
    do throws(EDIDError) { return try EDID(Array(bytes[head...])) } catch { throw .edid(error) }
  }

  /// Looks whether displays came, went or changed their size since the last call: after `.configurationChanged`. Then
  /// ask for `displays`.
  public mutating func takeDisplayEvent() throws(GPUError) -> Bool {
    if let end { throw end }
    let status = transport.readStatus()
    if status.isAbsent { throw .deviceAbsent }
    if status.contains(.deviceNeedsReset) {
      fail(.deviceGaveUp(status: status))
      throw .deviceGaveUp(status: status)
    }
    let events: UInt32
    do throws(ConfigurationError) {
      events = try transport.readConfiguration(byteCount: GPUConfiguration.byteCount) {
        $0.readConfiguration32(at: GPUConfiguration.eventsRead)
      }
    } catch {
      throw .configuration(error)
    }
    guard events & GPUConfiguration.displayEvent != 0 else { return false }
    transport.writeConfiguration32(GPUConfiguration.displayEvent, at: GPUConfiguration.eventsClear)
    return true
  }

  func check(_ scanout: Int) throws(GPUError) {
    guard 0..<scanoutCount ~= scanout else { throw .scanoutUnknown(index: scanout, count: scanoutCount) }
  }
}
