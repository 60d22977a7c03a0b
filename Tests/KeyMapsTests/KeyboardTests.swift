import DevicePlatform
import InputEvents
import KeyMaps
import Testing

struct KeyboardTests {
  private func time(_ milliseconds: UInt64) -> MonotonicTime { MonotonicTime(nanoseconds: milliseconds * 1_000_000) }

  private func type(_ keyboard: inout Keyboard, _ keys: [(UInt16, Int32)]) -> String {
    var text = ""
    for (code, value) in keys {
      let press = keyboard.take(InputEvent(.key, code: code, value: value), now: time(0))
      if let character = press?.character { text.unicodeScalars.append(character) }
    }
    return text
  }

  private func all(_ map: KeyMap, _ modifiers: KeyModifiers) -> String {
    var text = ""
    for code in Array(UInt16(2)...13) + Array(16...27) + Array(30...41) + Array(43...53) + [86] {
      if let character = map.character(for: code, modifiers) { text.unicodeScalars.append(character) }
    }
    return text
  }

  /// What is printed on the keys, row by row.
  @Test func maps_typeWhatIsPrintedOnTheKeys() {
    #expect(all(.us, []) == "1234567890-=qwertyuiop[]asdfghjkl;'`\\zxcvbnm,./<")
    #expect(all(.us, .shift) == "!@#$%^&*()_+QWERTYUIOP{}ASDFGHJKL:\"~|ZXCVBNM<>?>")
    #expect(all(.us, .altGr) == "")
    #expect(all(.german, []) == "1234567890ß´qwertzuiopü+asdfghjklöä^#yxcvbnm,.-<")
    #expect(all(.german, .shift) == "!\"§$%&/()=?`QWERTZUIOPÜ*ASDFGHJKLÖÄ°'YXCVBNM;:_>")
    #expect(all(.german, .altGr) == "²³{[]}\\@€~µ|")
    #expect(all(.german, .capsLock) == "1234567890ß´QWERTZUIOPÜ+ASDFGHJKLÖÄ^#YXCVBNM,.-<")
    #expect(all(.german, [.capsLock, .shift]) == "!\"§$%&/()=?`qwertzuiopü*asdfghjklöä°'yxcvbnm;:_>")
  }

  @Test func controlAndKeypad() {
    #expect(KeyMap.us.character(for: 46, .control) == "\u{3}" && KeyMap.us.character(for: 57, .control) == "\0")
    #expect(KeyMap.german.character(for: 44, .control) == "\u{19}")
    #expect(KeyMap.us.character(for: 26, .control) == "\u{1b}")
    #expect(KeyMap.us.character(for: 71) == nil && KeyMap.us.character(for: 71, .numberLock) == "7")
    #expect(KeyMap.us.character(for: 82, .numberLock) == "0" && KeyMap.us.character(for: 83, .numberLock) == ".")
    #expect(KeyMap.german.character(for: 83, .numberLock) == "," && KeyMap.german.character(for: 96) == "\n")
    #expect(KeyMap.us.character(for: 0) == nil && KeyMap.us.character(for: 0xffff) == nil)
  }

  @Test func modifiers_areFollowed() {
    var keyboard = Keyboard(.us)
    // Both shift keys, of which one is let go.
    #expect(type(&keyboard, [(42, 1), (54, 1), (42, 0), (30, 1), (30, 0), (54, 0), (30, 1), (30, 0)]) == "Aa")
    #expect(type(&keyboard, [(58, 1), (58, 0), (30, 1), (30, 0), (2, 1), (2, 0)]) == "A1")
    #expect(keyboard.isOn(.capsLock) && !keyboard.isOn(.numberLock))
    #expect(type(&keyboard, [(58, 1), (58, 0), (29, 1), (46, 1), (46, 0), (29, 0)]) == "\u{3}")
    #expect(!keyboard.isOn(.capsLock) && keyboard.modifiers == [])
    // A second press without a release in between is none.
    #expect(type(&keyboard, [(30, 1), (30, 1), (30, 2), (30, 0), (30, 0)]) == "a")
    // What is no key, and keys that cannot be.
    #expect(keyboard.take(InputEvent(.relative, code: 30, value: 1), now: time(0)) == nil)
    #expect(keyboard.take(InputEvent(.key, code: 0xffff, value: 1), now: time(0)) == nil)
    #expect(keyboard.take(InputEvent(.key, code: 30, value: .min), now: time(0)) == nil)
  }

  @Test func heldKey_repeatsByTheClock() {
    var keyboard = Keyboard(.german)
    #expect(keyboard.nextRepetition == nil)
    #expect(keyboard.take(InputEvent(.key, code: 40, value: 1), now: time(1000))?.character == "ä")
    #expect(keyboard.nextRepetition == time(1500) && keyboard.repetition(now: time(1499)) == nil)
    let press = keyboard.repetition(now: time(1500))
    #expect(press?.character == "ä" && press?.isRepeated == true && keyboard.nextRepetition == time(1533))
    // Late by many periods: one.
    #expect(keyboard.repetition(now: time(9000)) != nil && keyboard.repetition(now: time(9000)) == nil)
    // Another key takes over; the first one's release changes nothing.
    #expect(keyboard.take(InputEvent(.key, code: 21, value: 1), now: time(9001))?.character == "z")
    #expect(keyboard.take(InputEvent(.key, code: 40, value: 0), now: time(9002)) == nil)
    #expect(keyboard.repetition(now: time(9501))?.code == 21)
    #expect(keyboard.take(InputEvent(.key, code: 21, value: 0), now: time(9600)) == nil)
    #expect(keyboard.nextRepetition == nil && keyboard.repetition(now: time(99_000)) == nil)
  }

  @Test func lostEvents_letGoOfEverything() {
    var keyboard = Keyboard(.us)
    _ = type(&keyboard, [(58, 1), (58, 0), (42, 1), (30, 1)])
    keyboard.forget()
    #expect(keyboard.modifiers == .capsLock && keyboard.nextRepetition == nil)
    #expect(type(&keyboard, [(30, 1)]) == "A")
  }
}
