import DevicePlatform
import DeviceTraits
import Synchronization
import Testing

@testable import BareMetal

/// A port of a few lines: what is typed into it, and what it wrote.
private final class FakePort: SerialPort {
  private let typed: Mutex<[UInt8]>
  private let log = Mutex<[UInt8]>([])

  init(typed: [UInt8]) { self.typed = Mutex(typed) }

  var written: [UInt8] { log.withLock { $0 } }
  func enable() {}
  var canWrite: Bool { true }
  func put(_ byte: UInt8) { log.withLock { $0.append(byte) } }
  func readByte() -> UInt8? { typed.withLock { $0.isEmpty ? nil : $0.removeFirst() } }
  func setTransmitInterrupt(_ isOn: Bool) {}
  func acknowledgeTransmitInterrupt() {}
}

struct SerialConsoleTests {
  @Test func bytes_goOutAndComeInAsFarAsThereIsRoom() throws {
    let port = FakePort(typed: [1, 2, 3, 4, 5])
    let console: any ConsoleDevice = SerialConsole(port)
    try console.write(Array("hello".utf8).span)
    #expect(port.written == Array("hello".utf8))
    var bytes = [UInt8](repeating: 0, count: 3)
    var span = bytes.mutableSpan
    let count1 = try console.read(into: &span)
    #expect(count1 == 3)
    let count2 = try console.read(into: &span)
    #expect(count2 == 2)
    let count3 = try console.read(into: &span)
    #expect(count3 == 0)
    #expect(bytes == [4, 5, 3])
    #expect(console.textSize == nil)
    #expect(console.writeInEmergency(33))
    #expect(port.written == Array("hello!".utf8))
  }
}
