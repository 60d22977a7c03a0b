import Testing
import VirtualMachine

@Suite(.serialized, .timeLimit(.minutes(1))) struct QMPConnectionTests {
  private func machine() throws -> Emulator {
    var configuration = Emulator.Configuration("qemu-system-x86_64", ["-M", "none"])
    configuration.isPaused = true
    return try Emulator(configuration)
  }

  @Test func refusedCommand_isNamedAndTheConversationGoesOn() throws {
    let machine = try machine()
    let refused = VirtualMachineError.commandFailed(
      command: "nonsense", errorClass: "CommandNotFound", reason: "The command nonsense has not been found")
    #expect(throws: refused) { try machine.monitor.execute("nonsense") }
    #expect(try machine.monitor.execute("query-status")["running"] == .boolean(false))
  }

  @Test func events_areKeptTakenAndWaitedFor() throws {
    let machine = try machine()
    #expect(try machine.monitor.takeEvents() == [])
    try machine.resume()
    try machine.pause()
    #expect(try machine.monitor.takeEvents() == [QMPEvent("RESUME"), QMPEvent("STOP")])
    try machine.resume()
    try machine.pause()
    #expect(try machine.monitor.waitForEvent("STOP") == QMPEvent("STOP"))
    #expect(try machine.monitor.takeEvents() == [])
  }

  @Test func eventThatDoesNotCome_isLateAndTheConversationGoesOn() throws {
    let machine = try machine()
    machine.monitor.timeout = 50
    let late = VirtualMachineError.deadlinePassed(waitingFor: "QMP: event SHUTDOWN", milliseconds: 50)
    #expect(throws: late) { try machine.monitor.waitForEvent("SHUTDOWN") }
    machine.monitor.timeout = 20_000
    #expect(try machine.monitor.execute("query-status")["status"]?.text == "prelaunch")
  }

  @Test func emulatorKilled_endsTheWait() throws {
    let machine = try machine()
    machine.process.kill()
    let error = #expect(throws: VirtualMachineError.self) { try machine.monitor.waitForEvent("SHUTDOWN") }
    #expect(error?.words == "qemu-system-x86_64 was ended by signal 9")
  }
}
