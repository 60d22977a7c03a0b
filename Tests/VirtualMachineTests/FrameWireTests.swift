import Foundation
import Testing

@testable import VirtualMachine

/// The wire of an emulated card, with a test at the emulator's end.
@Suite struct FrameWireTests {
  private let wire: FrameWire
  private let other: FileHandle

  init() throws {
    wire = try FrameWire(mark: [0x88, 0xb5, 0, 0])
    other = FileHandle(fileDescriptor: wire.inherited.descriptor, closeOnDealloc: false)
  }

  /// A numbered frame, behind its length.
  private func numbered(_ number: UInt8, mark: [UInt8] = [0x88, 0xb5, 0, 0], byteCount: Int = 60) -> [UInt8] {
    let frame = [UInt8](repeating: 7, count: 12) + mark + [number, 0, 0, 0]
    return [0, 0, UInt8(byteCount >> 8), UInt8(byteCount & 0xff)] + frame + [UInt8](repeating: 0, count: byteCount - 20)
  }

  private func put(_ bytes: [UInt8]) throws { try other.write(contentsOf: Data(bytes)) }

  private static func arrivals(_ frames: Int, _ byteCount: Int, _ disordered: Int) -> FrameWire.Arrivals {
    var arrivals = FrameWire.Arrivals()
    (arrivals.frames, arrivals.byteCount, arrivals.disordered) = (frames, byteCount, disordered)
    return arrivals
  }

  @Test func numberedFrames_areCountedAndNotHandedOver() throws {
    let last = numbered(9, mark: [0x88, 0xb5, 1, 0])
    let before = FrameWire.now
    try put(numbered(0) + numbered(1, byteCount: 1514) + last)
    #expect(try wire.receive(within: .seconds(5)) == Array(last.dropFirst(4)))
    var arrivals = wire.takeArrivals()
    #expect(arrivals.lastTime >= before && arrivals.lastTime <= FrameWire.now)
    arrivals.lastTime = 0
    #expect(arrivals == Self.arrivals(2, 1574, 0))
    #expect(wire.arrivals.frames == 0)
  }

  @Test func numbers_outOfTurn_areCounted() throws {
    // One is missing, and one comes again.
    try put([0, 2, 3, 3].flatMap { numbered($0) } + numbered(0, mark: [8, 0, 0, 0]))
    _ = try wire.receive(within: .seconds(5))
    #expect(wire.arrivals.frames == 4)
    #expect(wire.arrivals.disordered == 2)
    // The next ones begin at 0 again.
    wire.takeArrivals()
    try put(numbered(0) + numbered(1) + numbered(0, mark: [8, 0, 0, 0]))
    _ = try wire.receive(within: .seconds(5))
    #expect(wire.arrivals.frames == 2)
    #expect(wire.arrivals.disordered == 0)
  }

  @Test func frame_inPieces_isPutTogether() throws {
    let frame = numbered(1, mark: [8, 6, 0, 0])
    try put(Array(frame[..<2]))
    #expect(throws: VirtualMachineError.deadlinePassed(waitingFor: "a frame on a wire", milliseconds: 20)) {
      try wire.receive(within: .milliseconds(20))
    }
    try put(Array(frame[2..<30]))
    #expect(throws: VirtualMachineError.deadlinePassed(waitingFor: "a frame on a wire", milliseconds: 20)) {
      try wire.receive(within: .milliseconds(20))
    }
    try put(Array(frame[30...]))
    #expect(try wire.receive(within: .seconds(5)) == Array(frame.dropFirst(4)))
  }

  @Test func frame_thatIsTooLong_isRefused() throws {
    try put([0, 1, 0, 1, 0])
    #expect(throws: VirtualMachineError.self) { try wire.receive(within: .seconds(5)) }
  }

  @Test func shortFrames_areHandedOver() throws {
    try put([0, 0, 0, 3, 1, 2, 3, 0, 0, 0, 0])
    #expect(try wire.receive(within: .seconds(5)) == [1, 2, 3])
    #expect(try wire.receive(within: .seconds(5)) == [])
  }

  @Test func copies_haveNumbersAndLengths() throws {
    let frame = [UInt8](repeating: 5, count: 64)
    try wire.send(frame, copies: 3, numberedFrom: 0x0001_00ff, within: .seconds(5))
    try wire.send(frame, within: .seconds(5))
    let bytes = [UInt8](try #require(try other.read(upToCount: 4 * 68)))
    for (index, number) in [[0xff, 0, 1, 0], [0, 1, 1, 0], [1, 1, 1, 0], [5, 5, 5, 5]].enumerated() {
      let place = index * 68
      #expect(Array(bytes[place..<place + 4]) == [0, 0, 0, 64])
      var expected = frame
      expected.replaceSubrange(16..<20, with: number.map { UInt8($0) })
      #expect(Array(bytes[place + 4..<place + 68]) == expected)
    }
  }

  @Test func sending_withoutAnybodyWhoTakes_ends() throws {
    let frame = [UInt8](repeating: 5, count: 1514)
    #expect(throws: VirtualMachineError.deadlinePassed(waitingFor: "room on a wire", milliseconds: 50)) {
      try wire.send(frame, copies: 10_000, numberedFrom: 0, within: .milliseconds(50))
    }
  }

  @Test func end_ofTheEmulator_isSeen() throws {
    try put(numbered(0))
    wire.closeInherited()
    #expect(throws: VirtualMachineError.connectionClosed("a wire")) { try wire.receive(within: .seconds(5)) }
    #expect(wire.arrivals.frames == 1)
  }
}
