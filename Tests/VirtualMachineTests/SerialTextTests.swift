import Testing
import VirtualMachine

@Suite struct SerialTextTests {
  @Test func carriageReturns_areRemovedAndLinesCut() {
    var serial = SerialText()
    #expect(serial.receive("one\r\ntw".utf8) == Array("one\ntw".utf8))
    #expect(serial.lines == ["one"])
    serial.receive("o\n".utf8)
    #expect(serial.lines == ["one", "two"])
  }

  @Test func prompt_isSeenOnlyAtTheEnd() {
    var serial = SerialText()
    serial.receive("vireo>".utf8)
    #expect(!serial.isAt(prompt: "vireo> "))
    serial.receive(" ".utf8)
    #expect(serial.isAt(prompt: "vireo> "))
    serial.receive("ok\r\n".utf8)
    #expect(!serial.isAt(prompt: "vireo> "))
    #expect(serial.allLines == ["vireo> ok"])
  }
}
