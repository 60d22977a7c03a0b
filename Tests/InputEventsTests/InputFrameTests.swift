import InputEvents
import Testing

struct InputFrameTests {
  private func frame(_ events: [(InputEventType, UInt16, Int32)], overrun: Bool = false) -> InputFrame {
    var frame = InputFrame()
    for (type, code, value) in events {
      let fits = frame.append(InputEvent(type, code: code, value: value))
      #expect(fits)
    }
    frame.isOverrun = overrun
    frame.frameCount = 1
    return frame
  }

  @Test func frame_takesSixtyFourEvents() {
    var frame = InputFrame()
    for code in 0..<64 {
      let fits = frame.append(InputEvent(.key, code: UInt16(code), value: 1))
      #expect(fits)
    }
    let fits = frame.append(InputEvent(.key, code: 64, value: 1))
    #expect(!fits && frame.map(\.code) == Array(0..<64))
    frame.clear()
    #expect(frame.isEmpty && frame.frameCount == 0)
  }

  @Test func motion_isDistancesAndPlacesButNotFingersOrKeys() {
    #expect(frame([(.relative, 0, 1), (.absolute, 0x2e, 1)]).isMotion)
    #expect(!frame([(.relative, 0, 1), (.absolute, 0x2f, 1)]).isMotion)
    #expect(!frame([(.relative, 0, 1), (.key, 0x110, 1)]).isMotion)
    #expect(!frame([]).isMotion && !frame([(.relative, 0, 1)], overrun: true).isMotion)
  }

  @Test func merge_addsDistancesAndReplacesPlaces() {
    var sum = frame([(.relative, 0, 5), (.absolute, 1, 7)])
    let isMerged = sum.merge(frame([(.absolute, 1, 9), (.relative, 0, -8), (.relative, 8, 1)]))
    #expect(isMerged && sum.frameCount == 2)
    #expect(
      Array(sum) == [
        InputEvent(.relative, code: 0, value: -3), InputEvent(.absolute, code: 1, value: 9),
        InputEvent(.relative, code: 8, value: 1),
      ])
  }

  @Test func merge_stopsAtTheEndsOfTheNumbers() {
    var sum = frame([(.relative, 0, .max), (.relative, 1, .min)])
    let isMerged = sum.merge(frame([(.relative, 0, 1), (.relative, 1, -1)]))
    #expect(isMerged && sum.map(\.value) == [.max, .min])
  }

  @Test func merge_withoutRoom_changesNothing() {
    var sum = frame((0..<63).map { (.absolute, UInt16($0 % 0x2f), Int32($0)) })
    let isMerged = sum.merge(frame([(.relative, 0, 1), (.relative, 1, 1)]))
    #expect(!isMerged && sum.count == 63 && sum.frameCount == 1)
  }

  @Test func copy_takesTheEventsThatThereAre() {
    var copy = frame([(.key, 1, 1), (.key, 2, 1), (.key, 3, 1)])
    copy.copy(frame([(.key, 9, 0)], overrun: true))
    #expect(Array(copy) == [InputEvent(.key, code: 9, value: 0)] && copy.isOverrun && copy.frameCount == 1)
  }
}
