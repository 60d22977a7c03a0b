import DevicePlatform
import QTest
import Testing
import VirtIO
import VirtIOBlock

extension EmulatedMachines {
  /// Each driver in each place, a machine with many devices for all their combinations.
  @Suite struct MatrixTests {
    @Test(arguments: MatrixTable.pairs)
    func driver_everyCombination_agreesWithTheDevice(_ pair: MatrixTable.Pair) throws {
      let (place, driver) = (pair.place, pair.driver)
      var number = 0
      var rest = MatrixTable.offers(driver, place)[...]
      while !rest.isEmpty {
        let offers = Array(rest.prefix(place.deviceLimit))
        rest = rest.dropFirst(offers.count)
        try tryMachine(place, driver, offers, &number)
      }
      #expect(number >= 2 * MatrixTable.featureSets.count - 1)
    }

    /// The table without the whole product: each set of features comes out with each size that there is.
    @Test(arguments: MatrixTable.pairs)
    func table_featuresAndSizes_areAllPaired(_ pair: MatrixTable.Pair) {
      let (place, driver) = (pair.place, pair.driver)
      struct Outcome: Hashable {
        var features: UInt128
        var size: Int
      }
      var found: Set<Outcome> = []
      for offer in MatrixTable.offers(driver, place) {
        for (wanted, size) in MatrixTable.wishes(driver, place, offer) {
          let offered = place.offeredQueueSize(offer.size ?? driver.largestSize)
          let features = offer.features.intersection(wanted)
          found.insert(.init(features: features.rawValue, size: place.fixesQueueSize ? offered : min(offered, size)))
        }
      }
      let sizes = place.fixesQueueSize ? driver.deviceSizes : driver.driverSizes
      for size in sizes.isEmpty ? [driver.largestSize] : sizes {
        for features in MatrixTable.featureSets {
          #expect(found.contains(.init(features: features.rawValue, size: size)))
        }
      }
    }

    /// The control: an account that is one request old is no agreement, and neither is another request's chain.
    @Test func agreement_onWhatWasBefore_isNone() throws {
      let driver = BlockRow()
      let backing = try driver.backing(count: 1, in: .q35PCI)
      let offer = try #require(MatrixTable.offers(driver, .q35PCI).first)
      let trial = MatrixTrial(number: 0, backing: backing, device: 0, offer: offer, wanted: [], wantedSize: 256)
      let benches = try Bench.several(
        .q35PCI, devices: [Place.q35PCI.model("blk") + backing.properties[0]], backing: backing)
      try benches[0].use(.block, StaleTrial(trial: trial))
      try benches[0].expectCleanEnd()
    }

    private func tryMachine(
      _ place: Place, _ driver: any DriverRow, _ offers: [DeviceOffer], _ number: inout Int
    ) throws {
      let backing = try driver.backing(count: offers.count, in: place)
      let models = zip(offers, backing.properties).map { place.model(driver.model) + $1 + $0.properties(driver) }
      let benches = try Bench.several(place, devices: models, backing: backing)
      for (device, offer) in offers.enumerated() {
        for (wanted, size) in MatrixTable.wishes(driver, place, offer) {
          let trial = MatrixTrial(
            number: number, backing: backing, device: device, offer: offer, wanted: wanted, wantedSize: size)
          var bench = benches[device]
          bench.note = "\(trial)"
          do {
            try bench.use(driver.type, RowUser(driver: driver, trial: trial))
            #expect(try bench.report().status == 0, bench.note)
          } catch {
            Issue.record("\(trial): \(error)")
            return
          }
          number += 1
        }
      }
      try benches[0].expectCleanEnd()
    }
  }
}

/// A driver row's use of one device.
private struct RowUser: TransportUser {
  let driver: any DriverRow
  let trial: MatrixTrial

  func use<T: Transport & ~Copyable>(_ transport: consuming T, _ bench: Bench) throws {
    try driver.use(transport, bench, trial)
  }
}

private struct StaleTrial: TransportUser {
  let trial: MatrixTrial

  func use<T: Transport & ~Copyable>(_ transport: consuming T, _ bench: Bench) throws {
    var waiter = bench.machine.waiter
    var options = BlockOptions()
    options.features = []
    var disk = try BlockDevice(transport, options: options, waiter: &waiter)
    var buffer = try bench.machine.memory.allocate(byteCount: 512)
    try disk.read(sector: 0, into: &buffer, waiter: &waiter)
    let before = disk.queueState
    try bench.expectAgreement(on: before)
    try disk.read(sector: 0, into: &buffer, waiter: &waiter)
    let after = disk.queueState
    withKnownIssue { try bench.expectAgreement(on: before) }
    let data = VirtIOElementReport.Segment(
      address: buffer.deviceAddress.rawValue, byteCount: 512, deviceWrites: true)
    let ends = [
      VirtIOElementReport.Segment(address: 0, byteCount: 16, deviceWrites: false),
      .init(address: 0, byteCount: 1, deviceWrites: true),
    ]
    try bench.expectLast([ends[0], data, ends[1]], after, trial)
    var other = data
    other.address += 512
    withKnownIssue { try bench.expectLast([ends[0], other, ends[1]], after, trial) }
  }
}
