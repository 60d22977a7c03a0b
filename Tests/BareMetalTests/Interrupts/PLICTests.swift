import Testing

@testable import BareMetal

struct PLICTests {
  private let registers = RecordedRegisters(byteCount: 0x60_0000, words: [0x1004: 1 << 3, 0x20_1004: 10])

  @Test func contextOne_hasItsOwnRegisters() throws {
    let plic = try #require(PLIC(registers: registers, sources: 96, context: 1))
    #expect(plic.lineCount == 97 && plic.hasLine(96) && !plic.hasLine(97) && !plic.hasLine(0))
    plic.enable(35)
    #expect(registers.writes == [.init(1 << 3, at: 0x2084), .init(1, at: 35 * 4)])
    plic.enable(36)
    #expect(registers.has(3 << 3, at: 0x2084), "its neighbour stays enabled")
    registers.forgetWrites()
    plic.mask(35)
    plic.complete(35)
    #expect(registers.writes == [.init(0, at: 35 * 4), .init(35, at: 0x20_1004)], "masked by priority, so completable")
    #expect(plic.claim() == 35 && plic.isPending(35) && !plic.isPending(36))
  }

  @Test func start_silencesEveryLineOfThisContextOnly() throws {
    let plic = try #require(PLIC(registers: registers, sources: 96, context: 1))
    plic.start()
    for line in 1...96 { #expect(registers.has(0, at: line * 4)) }
    #expect(registers.has(0, at: 0x208c) && registers.has(0, at: 0x20_1000))
    #expect(!registers.writes.contains { (0x2000..<0x2080).contains($0.offset) || $0.offset == 0 })
  }

  @Test(arguments: [(0, 1), (1024, 1), (96, 0x400), (96, .max)] as [(UInt32, UInt32)])
  func numbersThatCannotBe_areRefused(sources: UInt32, context: UInt32) {
    #expect(PLIC(registers: registers, sources: sources, context: context) == nil)
  }
}
