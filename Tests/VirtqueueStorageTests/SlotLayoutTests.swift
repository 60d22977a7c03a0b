import Testing
import VirtqueueStorage

/// What a slot's block looks like, and how many slots a ring has.
struct SlotLayoutTests {
  @Test func direct_headerDataStatus_takesThreeDescriptors() {
    let layout = SlotLayout(headerByteCount: 16, statusByteCount: 1, maximumSegments: 1, isIndirect: false)
    #expect(layout.chainLength == 3)
    #expect(layout.stride == 3)
    #expect(layout.statusOffset == 16)
    #expect(layout.blockByteCount == 32)
    #expect(!layout.isIndirect)
    #expect(layout.slotCount(ringSize: 256) == 85)
    #expect(layout.slotCount(ringSize: 2) == 0)
  }

  @Test func indirect_headerDataStatus_takesOneDescriptorAndATable() {
    let layout = SlotLayout(headerByteCount: 16, statusByteCount: 1, maximumSegments: 14, isIndirect: true)
    #expect(layout.chainLength == 16)
    #expect(layout.stride == 1)
    #expect(layout.statusOffset == 16)
    // Not in the line of the status, which the device writes.
    #expect(layout.tableOffset == 64)
    #expect(layout.blockByteCount == 320)
    #expect(layout.slotCount(ringSize: 256) == 256)
  }

  @Test func indirect_chainOfOne_needsNoTable() {
    let layout = SlotLayout(headerByteCount: 0, statusByteCount: 0, maximumSegments: 1, isIndirect: true)
    #expect(!layout.isIndirect)
    #expect(layout.chainLength == 1)
    #expect(layout.blockByteCount == 0)
    #expect(layout.slotCount(ringSize: 8) == 8)
  }

  @Test(arguments: [0, 1, 15, 16, 17, 4096], [0, 1, 16, 17, 4096])
  func blocks_ofAnySizes_holdTheirPartsApart(header: Int, status: Int) {
    for isIndirect in [false, true] {
      for segments in [1, 2, 5] {
        let layout = SlotLayout(
          headerByteCount: header, statusByteCount: status, maximumSegments: segments, isIndirect: isIndirect)
        #expect(layout.statusOffset >= header)
        #expect(layout.blockByteCount >= layout.statusOffset + status)
        #expect(layout.chainLength == segments + (header > 0 ? 1 : 0) + (status > 0 ? 1 : 0))
        if layout.isIndirect {
          #expect(layout.tableOffset >= layout.statusOffset + status)
          #expect(layout.tableOffset % 16 == 0)
          #expect(layout.blockByteCount >= layout.tableOffset + 16 * layout.chainLength)
          #expect(layout.blockByteCount % 64 == 0)
        } else {
          #expect(layout.blockByteCount % 16 == 0)
        }
      }
    }
  }

  @Test func layout_impossible_ends() async {
    await #expect(processExitsWith: .failure) {
      _ = SlotLayout(headerByteCount: 4097, statusByteCount: 0, maximumSegments: 1, isIndirect: false)
    }
    await #expect(processExitsWith: .failure) {
      _ = SlotLayout(headerByteCount: 0, statusByteCount: -1, maximumSegments: 1, isIndirect: false)
    }
    await #expect(processExitsWith: .failure) {
      _ = SlotLayout(headerByteCount: 0, statusByteCount: 0, maximumSegments: 0, isIndirect: false)
    }
  }
}
