import InputEvents
import Testing

struct InputDescriptionTests {
  private func bits(_ codes: [UInt16]) -> InputBits {
    var bits = InputBits()
    for code in codes { bits.insert(code) }
    return bits
  }

  private func kind(_ codes: [(InputEventType, [UInt16])], direct: Bool = false) -> InputKind {
    var description = InputDescription()
    for (type, codes) in codes { description.add(type, bits(codes)) }
    if direct { description.properties.insert(1) }
    return description.kind
  }

  @Test func kinds_areToldByWhatThereIs() {
    #expect(kind([(.key, Array(1...88)), (.light, [0, 1, 2])]) == .keyboard)
    // A letter is missing.
    #expect(kind([(.key, Array(1...24))]) == .other)
    #expect(kind([(.key, [0x110, 0x111]), (.relative, [0, 1, 8])]) == .mouse)
    #expect(kind([(.key, [0x110]), (.relative, [8])]) == .other)
    #expect(kind([(.key, [0x110]), (.absolute, [0, 1])]) == .tablet)
    #expect(kind([(.key, [0x14a]), (.absolute, [0, 1])]) == .tablet)
    #expect(kind([(.key, [0x14a]), (.absolute, [0, 1])], direct: true) == .touchscreen)
    #expect(kind([(.absolute, [0x2f, 0x35, 0x36])]) == .touchscreen)
    #expect(kind([(.absolute, [0, 1])]) == .other && kind([]) == .other)
  }

  @Test func bits_endWhereTheirBytesEnd() {
    let codes = bits([0, 15, 767])
    #expect([0, 15, 767].allSatisfy { codes.contains($0) })
    #expect([1, 14, 16, 766, 768, .max].allSatisfy { !codes.contains($0) })
    #expect(InputBits([0, 0]).isEmpty && !codes.isEmpty)
  }

  @Test func description_keepsTheLastWordOnATypeAndAnAxis() {
    var description = InputDescription()
    description.add(.key, bits([1]))
    description.add(.key, bits([2]))
    #expect(description.supports(.key, code: 2) && !description.supports(.key, code: 1))
    description.add(.repetition)
    #expect(description.supports(.repetition) && !description.supports(.repetition, code: 0))
    #expect(!description.supports(.light))
    description.add(InputAxis(code: 0, minimum: 0, maximum: 9))
    description.add(InputAxis(code: 0, minimum: 5, maximum: 7))
    #expect(description.axis(0)?.minimum == 5 && description.axis(1) == nil)
  }

  @Test func axis_putsValuesOnALine() {
    let axis = InputAxis(code: 0, minimum: 0, maximum: 32_767)
    #expect([-1, 0, 16_384, 32_767, 40_000].map { axis.position(of: $0, on: 1280) } == [0, 0, 639, 1279, 1279])
    for length in [0, .min, .max] { #expect(axis.position(of: 5, on: length) == 0) }
    let wide = InputAxis(code: 0, minimum: .min, maximum: .max)
    #expect([Int32.min, 0, .max].map { wide.position(of: $0, on: 1001) } == [0, 500, 1000])
    #expect(InputAxis(code: 2, minimum: 7, maximum: 7).position(of: 7, on: 100) == 0)
  }
}
