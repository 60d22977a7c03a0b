#if os(none)
  import BareMetal
  import DeviceTree
  import PCI

  /// Which line a device's interrupts arrive at. All answers are nil when nobody says it.
  extension MachineFacts {
    #if arch(x86_64)
      /// microvm: its slots are the inputs of the second I/O APIC, one each, and there is a second one unless somebody
      /// asked for a machine without.
      ///
      /// QEMU swaps input 0 for 2, as on PCs, on the second one as well. There slots 0 and 2 would pull at one input,
      /// and when one lets go of it the other's interrupt is lost: slot 0 is polled.
      static func route(ofSlot slot: UInt32) -> InterruptRoute? {
        slot == 0 ? nil : InterruptRoute(line: InterruptLine(24 + slot), trigger: .level)
      }

      /// q35: the pins of devices 0 to 24 go round PIRQ E to H, as the chip set wires them (ICH9, D24IR and below are not
      /// programmable), and PIRQ A to H are the I/O APIC's inputs 16 to 23.
      func route(of function: PCIFunction) -> InterruptRoute? {
        guard function.address.bus == 0, function.address.device < 25, 1...4 ~= function.interruptPin else {
          return nil
        }
        let line = 20 + (UInt32(function.address.device) + UInt32(function.interruptPin) - 1) % 4
        return InterruptRoute(line: InterruptLine(line), trigger: .level)
      }
    #else
      /// By the cells of one interrupt, as this machine's controller counts.
      func route(cells: ArraySlice<UInt32>) -> InterruptRoute? {
        #if arch(arm64)
          // Kind, number, flags. Kind 0: shared, from 32 on. Flags: 1 rising edge, 4 high level.
          guard cells.count == 3, let first = cells.first, let flags = cells.last, first == 0 else { return nil }
          let number = cells[cells.startIndex + 1]
          guard number < 988, flags & 0xf == 1 || flags & 0xf == 4 else { return nil }
          return InterruptRoute(line: InterruptLine(32 + number), trigger: flags & 0xf == 1 ? .edge : .level)
        #else
          guard cells.count == 1, let number = cells.first else { return nil }
          return InterruptRoute(line: InterruptLine(number), trigger: .level)
        #endif
      }

      /// By `interrupt-map`: addresses and pins to interrupts of the controller. Only for the root bus: no bridge is in
      /// between that would swap the pins.
      func route(of function: PCIFunction, behind host: PCIHostNode) -> InterruptRoute? {
        let address = function.address
        let map = host.interruptMap
        let mask = host.interruptMapMask
        guard let tree, address.bus == host.buses.lowerBound, 1...4 ~= function.interruptPin, mask.count == 4 else {
          return nil
        }
        let place = UInt32(address.bus) << 16 | UInt32(address.device) << 11 | UInt32(address.function) << 8
        let wanted = [place & mask[0], 0, 0, UInt32(function.interruptPin) & mask[3]]
        // Each entry: three cells of address, the pin, the controller's handle, its address, its interrupt.
        var position = 0
        var controller: (handle: UInt32, addressCells: Int, interruptCells: Int)?
        while map.count - position > 5 {
          let handle = map[position + 4]
          if controller?.handle != handle { controller = cellCounts(of: handle, in: tree) }
          guard let controller else { return nil }
          let start = position + 5 + controller.addressCells
          let end = start + controller.interruptCells
          guard end <= map.count else { return nil }
          let entry = [map[position] & mask[0], map[position + 1] & mask[1], map[position + 2] & mask[2]]
          if entry + [map[position + 3] & mask[3]] == wanted { return route(cells: map[start..<end]) }
          position = end
        }
        return nil
      }

      private func cellCounts(
        of handle: UInt32, in tree: FlattenedDeviceTree
      ) -> (handle: UInt32, addressCells: Int, interruptCells: Int)? {
        for node in tree.nodes {
          guard let found = try? node.cell("phandle"), found == handle else { continue }
          let addressCells = (try? node.cell("#address-cells")) ?? 0
          guard let interruptCells = try? node.cell("#interrupt-cells"), addressCells <= 2, 1...3 ~= interruptCells
          else {
            return nil
          }
          return (handle, Int(addressCells), Int(interruptCells))
        }
        return nil
      }
    #endif
  }
#endif
