import DevicePlatform
import Testing
import VirtIOTestSupport

@testable import NetworkStack

/// Bytes that nobody meant, and packets that somebody has damaged: always the same ones, for each seed.
struct GarbageTests {
  /// A small generator, so that a failure can be had again.
  private struct Dice {
    var state: UInt64
    mutating func roll(_ sides: Int) -> Int {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int(state % UInt64(sides))
    }
  }

  @Test(arguments: 1...8) func garbage_isDroppedWhateverItIs(_ seed: UInt64) {
    var dice = Dice(state: seed &* 0x9e37_79b9_7f4a_7c15)
    let lab = Laboratory()
    for _ in 0..<2000 {
      var frame = (0..<dice.roll(200)).map { _ in UInt8(dice.roll(256)) }
      // Most of them get past the first checks.
      if dice.roll(4) > 0, frame.count >= 35 {
        frame.replaceSubrange(0..<14, with: Bytes.host + Bytes.gateway + [8, dice.roll(3) == 0 ? 6 : 0])
        if dice.roll(3) > 0 {
          frame.replaceSubrange(14..<18, with: [0x45, 0] + Bytes.be16(frame.count - 14))
          frame.replaceSubrange(
            20..<34, with: [0, 0, 9, dice.roll(2) == 0 ? 1 : 17, 0, 0] + Bytes.gatewayIP + Bytes.hostIP)
          frame.replaceSubrange(24..<26, with: Bytes.be16(Bytes.checksum(Array(frame[14..<34]))))
        }
      }
      lab.receive(frame)
    }
    #expect(lab.isSettled)
  }

  /// Each client, on a wire that damages every other packet somewhere; checksums are put right again, so that the damage
  /// gets through to what reads it.
  @Test(arguments: 1...24) func clients_onADamagingWire_endInTime(_ seed: UInt64) {
    var dice = Dice(state: seed &* 0xd134_2543_de82_ef95)
    let lab = Laboratory(hasAddress: seed % 2 == 0)
    lab.waiter.limit = 200_000
    let gateway = Gateway()
    gateway.file = [UInt8](repeating: 3, count: 20_000)
    lab.network.peer = gateway.answer
    lab.network.deliver = { frame in
      if dice.roll(2) == 0 { return [frame] }
      var frame = frame
      for _ in 0...dice.roll(3) {
        switch dice.roll(4) {
        case 0: frame.removeLast(dice.roll(min(60, frame.count)))
        case 1: frame += [UInt8](repeating: UInt8(dice.roll(256)), count: dice.roll(20))
        default:
          if !frame.isEmpty { frame[dice.roll(frame.count)] = UInt8([0, 1, 255, 0xc0, dice.roll(256)][dice.roll(5)]) }
        }
      }
      return [Self.mended(frame)]
    }
    let start = lab.waiter.now
    var outcomes = 0
    for _ in 0..<4 {
      do throws(HostError) {
        _ = try lab.host.configure(waiter: &lab.waiter)
        outcomes += 1
        _ = try lab.host.ping(IPv4Address(10, 0, 2, 2), waiter: &lab.waiter)
        _ = try lab.host.resolve("host.example", waiter: &lab.waiter)
        _ = try lab.host.fetch("file", from: IPv4Address(10, 0, 2, 2), waiter: &lab.waiter, limit: 1 << 20) { _ in }
      } catch {
        outcomes += error.words.isEmpty ? 0 : 1
      }
    }
    #expect(outcomes >= 4 && lab.isSettled)
    // Every wait has an end: the sum of all limits, once for each block.
    #expect((lab.waiter.now - start) < .seconds(4 * 30 * 12))
  }

  /// Puts the checksums of a damaged packet right.
  private static func mended(_ frame: [UInt8]) -> [UInt8] {
    guard frame.count >= 42, frame[12] == 8, frame[13] == 0, frame[14] == 0x45 else { return frame }
    var frame = frame
    frame.replaceSubrange(24..<26, with: [0, 0])
    frame.replaceSubrange(24..<26, with: Bytes.be16(Bytes.checksum(Array(frame[14..<34]))))
    // None.
    if frame[23] == 17 { frame.replaceSubrange(40..<42, with: [0, 0]) }
    return frame
  }
}
