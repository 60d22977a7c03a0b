import Testing

@testable import BareMetal

struct ExitStatusTests {
  @Test func debugExit_isWhatQEMUMakesOfTheValue() {
    for value in 0...UInt8.max {
      let status = ExitStatus(value)
      #expect(UInt32(status.debugExitStatus) == status.debugExitValue << 1 | 1)
      // Below what shells and `timeout` use for signals and time limits.
      #expect(status.debugExitStatus < 124)
    }
  }

  @Test func known_areDistinctAndNeverQEMUsOwn() {
    let known = [ExitStatus.success, .failure, .exception]
    #expect(Set(known.map(\.rawValue)).count == known.count)
    for status in known {
      #expect(status.rawValue != 1)
      #expect(status.debugExitStatus != 0 && status.debugExitStatus != 1)
    }
    #expect(ExitStatus.success.rawValue == 0 && ExitStatus.success.debugExitStatus == 33)
  }

  @Test func ownStatus_outsideItsRange_isFailure() {
    #expect(ExitStatus(0) == .failure)
    #expect(ExitStatus(1) == .failure)
    #expect(ExitStatus(41) == .failure)
    #expect(ExitStatus(4).rawValue == 4 && ExitStatus(40).rawValue == 40)
  }
}
