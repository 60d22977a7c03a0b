/// Faults while a machine runs. The process itself can be stopped (`process.freeze()`) and killed (`process.kill()`).
extension Emulator {
  /// Pulls or plugs a network device's cable: the device's `id`.
  public func setLink(_ device: String, isUp: Bool) throws(VirtualMachineError) {
    try monitor.execute("set_link", ["name": .string(device), "up": .boolean(isUp)])
  }

  /// Plugs a device in: properties as for `-device`, whose `driver` and `id` are named here.
  public func plug(
    _ driver: String, id: String, _ properties: [String: QMPValue] = [:]
  ) throws(VirtualMachineError) {
    try monitor.execute(
      "device_add", properties.merging(["driver": .string(driver), "id": .string(id)]) { $1 })
  }

  /// Asks the guest to let go of a device, as the button beside a slot does: it leaves when the guest has powered the
  /// slot off, and the monitor tells it by `DEVICE_DELETED`.
  public func unplug(_ device: String) throws(VirtualMachineError) {
    try monitor.execute("device_del", ["id": .string(device)])
  }

  /// Takes a device away from behind its transport, without asking anybody: its registers read as zeros or as ones
  /// from then on, as the machine has it where there is nothing. For devices on PCI.
  ///
  /// - Parameter device: its `id`.
  public func tearOut(_ device: String) throws(VirtualMachineError) {
    try monitor.execute(
      "qom-set",
      ["path": .string("/machine/peripheral/\(device)"), "property": .string("realized"), "value": .boolean(false)])
  }

  /// Waits until a device is gone.
  public func waitForUnplug(of device: String) throws(VirtualMachineError) {
    try monitor.waitForEvent("DEVICE_DELETED") { $0["device"]?.text == device }
  }

  /// Makes a disk longer or shorter, in bytes: its block node's name.
  public func resize(node: String, byteCount: Int) throws(VirtualMachineError) {
    try monitor.execute("block_resize", ["node-name": .string(node), "size": .integer(Int64(byteCount))])
  }

  /// Cuts a block node's connection to its server: for NBD nodes.
  public func disconnect(node: String) throws(VirtualMachineError) {
    let instance = QMPValue.object(["type": .string("block-node"), "node-name": .string(node)])
    try monitor.execute("yank", ["instances": .array([instance])])
  }

  /// Stops the machine: processors and timers, not the monitor.
  public func pause() throws(VirtualMachineError) { try monitor.execute("stop") }

  /// Lets the machine go on, also after an error that has stopped it.
  public func resume() throws(VirtualMachineError) { try monitor.execute("cont") }

  /// Presses the reset button.
  public func reset() throws(VirtualMachineError) {
    try monitor.execute("system_reset")
    try monitor.waitForEvent("RESET")
  }

  /// Holds the next request of one kind at a node of `FaultyDisk`: it is not answered until `release`. Requests after it
  /// overtake it.
  ///
  /// - Parameters:
  ///   - node: the node's name.
  ///   - event: what is to be held, such as `read_aio` or `write_aio`.
  ///   - tag: a name for the held request.
  public func hold(node: String, event: String, tag: String) throws(VirtualMachineError) {
    try debug(node, "break \(event) \(tag)")
  }

  /// Lets a held request go on. One that has not come yet is not held any more.
  public func release(node: String, tag: String) throws(VirtualMachineError) {
    try debug(node, "resume \(tag)")
  }

  private func debug(_ node: String, _ command: String) throws(VirtualMachineError) {
    // Says whether the node exists. All else it would say goes to QEMU's standard output.
    let reply = try monitor.executeHuman("qemu-io \(node) \"\(command)\"")
    guard reply.isEmpty else { throw .refused(command: command, reply: reply) }
  }
}
