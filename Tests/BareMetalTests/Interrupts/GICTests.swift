import Testing

@testable import BareMetal

struct GICv2Tests {
  private let distributor = RecordedRegisters(byteCount: 0x1000, words: [0x4: 8])
  private let cpu = RecordedRegisters(byteCount: 0x100)
  private var gic: GICv2<RecordedRegisters> { GICv2(distributor: distributor, cpu: cpu) }

  @Test(arguments: [(0, 32), (8, 288), (31, 1020), (0xffff_ffe8, 288)] as [(UInt32, UInt32)])
  func type_saysHowManyLines(type: UInt32, lines: UInt32) {
    let gic = GICv2(distributor: RecordedRegisters(byteCount: 0x1000, words: [0x4: type]), cpu: cpu)
    #expect(gic.lineCount == lines)
    #expect(gic.hasLine(lines - 1) && !gic.hasLine(lines) && !gic.hasLine(15) && gic.hasLine(16))
  }

  @Test func start_masksAllBeforeItDelivers() {
    gic.start()
    for word in 0..<9 { #expect(distributor.has(.max, at: 0x180 + word * 4)) }
    #expect(!distributor.has(.max, at: 0x180 + 9 * 4), "behind the last line")
    #expect(distributor.has(0x0101_0101, at: 0x800 + 284), "one processor's target bytes read as zero")
    #expect(!distributor.writes.contains { (0x800..<0x820).contains($0.offset) }, "private lines have no target")
    #expect(distributor.writes.first == .init(0, at: 0))
    #expect(distributor.writes.last == .init(1, at: 0))
    #expect(cpu.has(0xff, at: 4) && cpu.has(1, at: 0))
  }

  @Test func start_targetsTheProcessorThatCalls() {
    let distributor = RecordedRegisters(byteCount: 0x1000, words: [0x4: 1, 0x800: 0x0404_0404])
    GICv2(distributor: distributor, cpu: cpu).start()
    #expect(distributor.has(0x0404_0404, at: 0x820))
  }

  @Test func enable_maskedThenTriggerThenUnmasked() {
    gic.enable(80, trigger: .edge)
    #expect(distributor.writes == [.init(1 << 16, at: 0x188), .init(2, at: 0xc14), .init(1 << 16, at: 0x108)])
    distributor.forgetWrites()
    gic.enable(81, trigger: .edge)
    #expect(distributor.has(2 | 8, at: 0xc14), "its neighbour stays as it was")
    gic.enable(80, trigger: .level)
    #expect(distributor.has(8, at: 0xc14))
  }

  @Test func maskUnmaskPending_useTheLinesBit() {
    let distributor = RecordedRegisters(byteCount: 0x1000, words: [0x4: 8, 0x204: 1 << 1])
    let gic = GICv2(distributor: distributor, cpu: cpu)
    gic.mask(33)
    gic.unmask(33)
    #expect(distributor.writes == [.init(2, at: 0x184), .init(2, at: 0x104)])
    #expect(gic.isPending(33) && !gic.isPending(34) && !gic.isPending(1))
  }

  @Test func acknowledge_dropsTheProcessorsNumber() {
    let gic = GICv2(distributor: distributor, cpu: RecordedRegisters(byteCount: 0x100, words: [0xc: 3 << 10 | 5]))
    #expect(gic.acknowledge() == 5)
  }

  @Test func messageFrame_namesItsLines() {
    let frame = RecordedRegisters(byteCount: 0x1000, words: [8: 80 << 16 | 64])
    let messages = GICv2MessageFrame(frame, at: 0x0802_0000, lineCount: 288)
    #expect(messages?.doorbell == 0x0802_0040)
    #expect(messages?.lines == 80..<144)
  }

  @Test(arguments: [80 << 16, 16 << 16 | 8, 280 << 16 | 9, 0, .max] as [UInt32])
  func messageFrame_linesThatCannotBe_isLeftAlone(type: UInt32) {
    let frame = RecordedRegisters(byteCount: 0x1000, words: [8: type])
    #expect(GICv2MessageFrame(frame, at: 0x0802_0000, lineCount: 288) == nil)
  }
}

struct GICv3Tests {
  private let distributor = RecordedRegisters(byteCount: 0x1_0000, words: [0x4: 7])

  private func redistributors(wake: Bool = true) -> RecordedRegisters {
    // Two processors: 0.0.0.0 and 0.0.1.2, the second one the last.
    RecordedRegisters(
      byteCount: 0x8_0000, words: [0x0c: 0, 0x2_000c: 0x0102, 0x2_0008: 1 << 4, 0x4_000c: 0x0103, 0x2_0014: 6]
    ) { offset, value in
      // GICR_WAKER: the children wake when the processor does.
      offset == 0x2_0014 && wake ? value & ~4 : value
    }
  }

  @Test func privateLines_areTheOwnRedistributors() throws {
    let redistributors = redistributors()
    let gic = try #require(GICv3(distributor: distributor, redistributors: redistributors, affinity: 0x0102))
    gic.unmask(27)
    gic.unmask(33)
    #expect(redistributors.writes == [.init(1 << 27, at: 0x3_0100)])
    #expect(distributor.writes == [.init(2, at: 0x104)])
  }

  @Test func redistributorBehindTheLast_isNotFound() {
    #expect(GICv3(distributor: distributor, redistributors: redistributors(), affinity: 0x0103) == nil)
    let short = RecordedRegisters(byteCount: 0x1_ffff)
    #expect(GICv3(distributor: distributor, redistributors: short, affinity: 0) == nil)
  }

  @Test func start_wakesTheRedistributorAndRoutesToIt() throws {
    let redistributors = redistributors()
    let gic = try #require(GICv3(distributor: distributor, redistributors: redistributors, affinity: 0x0102))
    #expect(gic.start())
    #expect(redistributors.has(4, at: 0x2_0014))
    #expect(redistributors.has(.max, at: 0x3_0180) && redistributors.has(.max, at: 0x3_0080))
    #expect(distributor.has(0x0102, at: 0x6000 + 255 * 8) && !distributor.has(0x0102, at: 0x6000 + 31 * 8))
    #expect(distributor.writes.last == .init(0x12, at: 0))
  }

  @Test func start_redistributorThatSleepsOn_fails() throws {
    let redistributors = redistributors(wake: false)
    let gic = try #require(GICv3(distributor: distributor, redistributors: redistributors, affinity: 0x0102))
    #expect(!gic.start())
  }
}
