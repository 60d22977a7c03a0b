import DevicePlatform
import PCI
import VirtIO

/// The structures of one device, found through its capability list.
struct PCIStructures {
  private var found: [PCIStructure] = []
  /// True for a function that has a transitional ID and no VirtIO capability at all: then it has the legacy registers
  /// and nothing else. One with capabilities that cannot be used is a broken device, not a legacy one.
  ///
  /// SPEC: Virtio Transport Options / Virtio Over PCI Bus / PCI-specific Initialization And Device Operation / Device
  /// Initialization / Virtio Device Configuration Layout Detection / Legacy Interface: A Note on Device Layout
  /// Detection
  let isLegacy: Bool

  /// Walks the list once. The first capability of each kind that can be used wins: the device lists what it likes best
  /// first.
  ///
  /// - Throws: what is wrong with the first capability of a kind of which none can be used; `.missing` if there is none
  ///   at all, and the device is no legacy one.
  ///
  /// SPEC: drivernormative:Virtio Transport Options / Virtio Over PCI Bus / Virtio Structure PCI Capabilities
  init<Access: ConfigurationAccess>(
    of function: PCIFunction, access: Access, capabilities: PCICapabilities, placement: Placement
  ) throws(TransportError) {
    var faults: [(kind: PCIStructureKind, error: TransportError)] = []
    var isVirtIO = false
    for entry in capabilities.entries where entry.id == PCICapability.vendorSpecificID && entry.offset <= 0x100 - 16 {
      // Reserved types, shared memory, access through configuration space, vendor data: not for us.
      guard let kind = PCIStructureKind(rawValue: access.load8(function.address, at: entry.offset + 3)) else {
        continue
      }
      isVirtIO = true
      guard found.first(where: { $0.kind == kind }) == nil else { continue }
      // Reserved BARs come with later versions of the spec: such a capability is ignored.
      guard access.load8(function.address, at: entry.offset + 4) <= 5 else { continue }
      do throws(TransportError) {
        found.append(
          try PCIStructure(
            kind, at: entry.offset, of: function.address, access: access, placement: placement))
      } catch {
        faults.append((kind, error))
      }
    }
    isLegacy = !isVirtIO && PCIDeviceIdentity.isTransitional(function)
    if isLegacy { return }
    for kind in PCIStructureKind.allCases where self[kind] == nil {
      for fault in faults where fault.kind == kind { throw fault.error }
      if kind != .device { throw .missing(kind.name) }
    }
  }

  /// The structure of a kind.
  subscript(kind: PCIStructureKind) -> PCIStructure? { found.first { $0.kind == kind } }

  /// The structure of a kind that every device has.
  func required(_ kind: PCIStructureKind) throws(TransportError) -> PCIStructure {
    guard let structure = self[kind] else { throw .missing(kind.name) }
    return structure
  }

  /// The address spaces that the structures lie in.
  var spaces: PCICommand { found.reduce([]) { $0.union($1.location.isIO ? .io : .memory) } }
}
