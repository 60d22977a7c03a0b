import DevicePlatform
import InputEvents
import Testing
import VirtIO
import VirtIOInput
import VirtIOTestSupport

struct DescriptionTests {
  // SPEC: drivernormative:... / Input Device / Device Initialization 2
  @Test func description_isWhatTheDeviceSays() throws {
    let bench = Bench()
    bench.model.makeKeyboard()
    bench.model.answers[[2, 0]] = Array("0042".utf8)
    bench.model.answers[[3, 0]] = [6, 0, 0x27, 6, 1, 0, 2, 0]
    bench.model.answers[[0x10, 0]] = [0x21]
    bench.model.setCodes(3, [0, 1, 0x28])
    bench.model.setAxis(0, [-5, 32_767, 1, 2, 3])
    bench.model.setAxis(1, [.min, .max, 0, 0, 0])
    do {
      let input = try bench.open()
      let description = input.description
      #expect(description.name == "scripted input" && description.serial == "0042")
      #expect(description.identity?.bus == 6 && description.identity?.vendor == 0x627)
      #expect(description.identity?.product == 1 && description.identity?.version == 2)
      #expect(description.properties.contains(0) && description.properties.contains(5))
      #expect(!description.properties.contains(1) && !description.properties.contains(0xffff))
      #expect(description.supports(.key, code: 88) && !description.supports(.key, code: 89))
      #expect(description.supports(.light) && !description.supports(.relative) && description.has(.scrollLock))
      #expect(description.axis(0)?.minimum == -5 && description.axis(0)?.maximum == 32_767)
      #expect(description.axis(0)?.fuzz == 1 && description.axis(0)?.flat == 2 && description.axis(0)?.resolution == 3)
      #expect(description.axis(1)?.minimum == .min && description.axis(0x28) == nil && description.axis(2) == nil)
    }
    #expect(bench.isClean)
  }

  /// What somebody asked before is still selected.
  // SPEC: drivernormative:... / Input Device / Device Initialization 1
  @Test func questions_areAskedInFull() throws {
    let bench = Bench()
    bench.model.answers[[2, 0]] = Array("0042".utf8)
    bench.model.setCodes(3, [0])
    bench.model.setAxis(0, [0, 9, 0, 0, 0])
    for (question, detail) in [(0x11, 5), (1, 3), (0x12, 0xff)] as [(UInt8, UInt8)] {
      bench.model.select(question, detail)
      let input = try bench.open()
      #expect(input.description.name == "scripted input" && input.description.serial == "0042")
      #expect(input.description.axis(0)?.maximum == 9)
    }
    #expect(bench.isClean)
  }

  /// QEMU has a zero at the end of a name, the spec none.
  @Test func name_withAZeroAtItsEnd_isWithoutIt() throws {
    let bench = Bench()
    bench.model.answers[[1, 0]] = Array("a name\0".utf8)
    bench.model.answers[[2, 0]] = [0]
    bench.model.answers[[0x11, 0x14]] = [0]
    do {
      let input = try bench.open()
      #expect(input.description.name == "a name" && input.description.serial == "")
      // No code of that type, but the type.
      #expect(input.description.supports(.repetition) && !input.description.supports(.repetition, code: 0))
    }
    #expect(bench.isClean)
  }

  @Test(arguments: [129, 200, 255] as [UInt8]) func answer_longerThanTheConfiguration_isRefused(_ size: UInt8) {
    let bench = Bench()
    bench.model.size = size
    #expect(
      failure { () throws(BringupError) in _ = try bench.open() }
        == .configuration(.invalid(field: ConfigurationField("size"), value: UInt64(size))))
    #expect(bench.device.status.contains(.failed) && bench.memory.buffersInUse == 0)
  }

  @Test func answer_ofAllOfTheConfiguration_isTaken() throws {
    let bench = Bench()
    bench.model.answers[[1, 0]] = [UInt8](repeating: 0x78, count: 128)
    do {
      let input = try bench.open()
      #expect(input.description.name.utf8.count == 128)
    }
    #expect(bench.isClean)
  }

  @Test func axisAndIdentity_cutShortOrTheWrongWayRound_areRefused() {
    let short = Bench()
    short.model.answers[[3, 0]] = [6, 0, 1]
    #expect(
      failure { () throws(BringupError) in _ = try short.open() }
        == .configuration(.tooShort(byteCount: 3, needed: 8)))
    let cut = Bench()
    cut.model.setCodes(3, [0])
    cut.model.setAxis(0, [0, 1, 0, 0])
    #expect(
      failure { () throws(BringupError) in _ = try cut.open() }
        == .configuration(.tooShort(byteCount: 16, needed: 20)))
    let reversed = Bench()
    reversed.model.setCodes(3, [0])
    reversed.model.setAxis(0, [1, -1, 0, 0, 0])
    #expect(
      failure { () throws(BringupError) in _ = try reversed.open() }
        == .configuration(.invalid(field: ConfigurationField("abs.max"), value: 0xffff_ffff)))
  }
}
