import DevicePlatform
public import VirtIO

/// Message-signalled interrupts. With them the interrupt line and its status register are of no use.
extension PCITransport {
  /// How many messages are in use; 0 when interrupts come by the line, or by nothing.
  public var messageCount: Int { messages?.count ?? 0 }

  /// What message number `index` can mean: for the `MessageSource` of its `InterruptHandle`.
  public func meaning(ofMessage index: Int) -> DeviceEvents {
    precondition(index >= 0 && index < messageCount, "number of a message")
    return messages?.meaning(ofVector: index) ?? []
  }

  /// What masks messages later on, when the transport is its driver's; nil without messages.
  public func makeMessageControl() -> PCIMessageControl<Registers>? { messages.map { PCIMessageControl(table: $0) } }

  /// Tells the device the vector of its configuration; remembered as refused if it does not take it.
  ///
  /// SPEC: drivernormative:Virtio Transport Options / Virtio Over PCI Bus / PCI-specific Initialization And Device
  /// Operation / Device Initialization / MSI-X Vector Configuration
  func assignConfigurationVector() {
    if messages == nil { return }
    common.store16(
      PCIMessageTable<Registers>.configurationVector, at: PCICommonRegister.configurationVector)
  }

  /// Tells the device the vector of the queue that is selected, and reads both vectors back: NO_VECTOR means that it had
  /// no room for them.
  func assignVector(ofQueue index: UInt16) throws(TransportError) {
    guard let messages else { return }
    let vector = messages.vector(ofQueue: index)
    guard
      common.load16(at: PCICommonRegister.configurationVector) == PCIMessageTable<Registers>.configurationVector
    else { throw .vectorRefused(queue: nil) }
    common.store16(vector, at: PCICommonRegister.queueVector)
    guard common.load16(at: PCICommonRegister.queueVector) == vector else { throw .vectorRefused(queue: index) }
  }
}
