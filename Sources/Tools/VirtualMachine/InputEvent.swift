/// What a person does at an emulated machine.
public enum InputEvent: Equatable, Sendable {
  /// A key goes down and up. QEMU's names (`QKeyCode`): `a`, `ret`, `shift`, `f1`, ...
  case key(String)
  /// A key goes down, or up.
  case keyState(String, isDown: Bool)
  /// Keys go down in this order, and up again the other way round, all at one moment: no key is held long enough to
  /// repeat, however busy the host is.
  case stroke([String])
  /// A pointer's button goes down, or up: `left`, `middle`, `right`, `wheel-up`, ...
  case button(String, isDown: Bool)
  /// A pointer moves by so much.
  case move(x: Int, y: Int)
  /// A tablet's pointer goes there: from 0 to 32 767 in both directions, whatever the screen's size.
  case place(x: Int, y: Int)

  /// As the monitor takes them: each inner list is one report, which the guest sees with one SYN.
  var reports: [[QMPValue]] {
    switch self {
    case .key(let code): [[Self.key(code, true)], [Self.key(code, false)]]
    case .keyState(let code, let isDown): [[Self.key(code, isDown)]]
    case .stroke(let codes): [codes.map { Self.key($0, true) } + codes.reversed().map { Self.key($0, false) }]
    case .button(let name, let isDown):
      [[Self.event("btn", ["down": .boolean(isDown), "button": .string(name)])]]
    case .move(let x, let y): [Self.axes("rel", x, y)]
    case .place(let x, let y): [Self.axes("abs", x, y)]
    }
  }

  private static func event(_ type: String, _ data: [String: QMPValue]) -> QMPValue {
    .object(["type": .string(type), "data": .object(data)])
  }

  private static func key(_ code: String, _ isDown: Bool) -> QMPValue {
    event(
      "key", ["down": .boolean(isDown), "key": .object(["type": .string("qcode"), "data": .string(code)])])
  }

  private static func axes(_ type: String, _ x: Int, _ y: Int) -> [QMPValue] {
    [("x", x), ("y", y)].map { axis, value in
      event(type, ["axis": .string(axis), "value": .integer(Int64(value))])
    }
  }
}

extension Emulator {
  /// Does something at the machine.
  ///
  /// - Parameter device: the display device whose inputs are meant; nil for the current ones. QEMU sends a button to the
  ///   pointing device that was used last: have one per machine.
  public func send(_ event: InputEvent, to device: String? = nil) throws(VirtualMachineError) {
    for report in event.reports {
      var arguments: [String: QMPValue] = ["events": .array(report)]
      if let device { arguments["device"] = .string(device) }
      try monitor.execute("input-send-event", arguments)
    }
  }

  /// Presses keys together, as in `["ctrl", "alt", "delete"]`, and lets go after a tenth of a second.
  public func press(_ keys: [String]) throws(VirtualMachineError) {
    let codes = keys.map { QMPValue.object(["type": .string("qcode"), "data": .string($0)]) }
    try monitor.execute("send-key", ["keys": .array(codes)])
  }
}
