import DevicePlatform
import Testing
import VirtIOTestSupport

@testable import NetworkStack

/// Packets as the stack writes them, against bytes that another program made and that a protocol analyser took apart
/// without a complaint.
struct GoldenPacketTests {
  private let memory = TestMemory(heap: DeviceHeap())
  private let host = EthernetAddress(rawValue: 0x5254_0012_3456)
  private let gateway = EthernetAddress(rawValue: 0x5255_0a00_0202)
  private let address = IPv4Address(10, 0, 2, 15)

  private func hex(_ frame: borrowing Frame) -> String {
    SimulatedPort.array(frame).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  private func datagram(
    from source: IPv4Address, _ sourcePort: UInt16, to destination: IPv4Address, _ destinationPort: UInt16,
    card: EthernetAddress, identification: UInt16, _ fill: (inout PayloadWriter) -> Void
  ) throws -> String {
    var writer = PayloadWriter(try memory.allocate(byteCount: 1514), start: 42, limit: 1472)
    fill(&writer)
    let isWhole = writer.isWhole
    #expect(isWhole)
    var frame = writer.takeFrame()
    UDPHeader.write(to: &frame, at: 34, from: source, sourcePort, to: destination, destinationPort)
    frame.putHeader(to: card, from: host, type: EthernetHeader.ipv4)
    IPv4Header.write(
      to: &frame, identification: identification, protocolNumber: IPv4Header.udp,
      payloadByteCount: frame.byteCount - 34, from: source, to: destination)
    frame.pad()
    return hex(frame)
  }

  @Test func arpRequest() throws {
    var frame = Frame(try memory.allocate(byteCount: 64), byteCount: 42)
    frame.putHeader(to: .broadcast, from: host, type: EthernetHeader.arp)
    ARPPacket.write(
      to: &frame, isRequest: true, from: host, address, to: EthernetAddress(rawValue: 0), IPv4Address(10, 0, 2, 2))
    frame.pad()
    #expect(
      hex(frame) == "ffffffffffff525400123456080600010800060400015254001234560a00020f0000000000000a000202"
        + String(repeating: "00", count: 18))
  }

  @Test func dhcpDiscovery() throws {
    let bytes = try datagram(
      from: .unspecified, 68, to: .broadcast, 67, card: .broadcast, identification: 0x0102
    ) { DHCPMessage.write(to: &$0, .discover, transaction: 0x1122_3344, client: host, wish: nil) }
    let start =
      "ffffffffffff52540012345608004500014801024000401138a400000000ffffffff00440043013482b7010106001122334400008000"
    let middle = String(repeating: "00", count: 16) + "525400123456" + String(repeating: "00", count: 202)
    #expect(
      bytes == start + middle + "63825363350101370401030633ff" + String(repeating: "00", count: 50))
  }

  @Test func echo() throws {
    var writer = PayloadWriter(try memory.allocate(byteCount: 1514), start: 42, limit: 1472)
    for index in 0..<56 { writer.append(UInt8(index)) }
    var frame = writer.takeFrame()
    ICMPEcho.write(to: &frame, at: 34, type: ICMPEcho.request, identifier: 0x1234, sequence: 1)
    frame.putHeader(to: gateway, from: host, type: EthernetHeader.ipv4)
    IPv4Header.write(
      to: &frame, identification: 0x0203, protocolNumber: IPv4Header.icmp, payloadByteCount: 64, from: address,
      to: IPv4Address(10, 0, 2, 2))
    let data = (0..<56).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    #expect(
      hex(frame) == "52550a00020252540012345608004500005402034000400120960a00020f0a0002020800eeb712340001" + data)
  }

  @Test func nameQuestion() throws {
    let message = try #require(DNSMessage(name: "vireo.example"))
    let bytes = try datagram(
      from: address, 50_000, to: IPv4Address(10, 0, 2, 3), 53, card: gateway, identification: 0x0304
    ) { message.writeQuestion(to: &$0, identifier: 0xbeef) }
    #expect(
      bytes
        == "52550a00020252540012345608004500003b0304400040111f9d0a00020f0a000203c350003500273424beef01000001000000000000"
        + "05766972656f076578616d706c650000010001")
  }

  @Test func fileRequest() throws {
    let bytes = try datagram(
      from: address, 50_001, to: IPv4Address(10, 0, 2, 2), 69, card: gateway, identification: 0x0405
    ) { TFTPMessage.writeRequest(to: &$0, file: "kernel", blockByteCount: 1468) }
    #expect(
      bytes == "52550a0002025254001234560800450000380405400040111ea00a00020f0a000202c35100450024506200016b65726e656c00"
        + "6f6374657400626c6b73697a65003134363800")
  }

  /// The first vectors of SipHash-2-4's reference implementation whose message is eight bytes: 00 01 ... 07.
  @Test func randomNumbers_areSipHash() {
    let hash = RandomNumbers.hash(0x0706_0504_0302_0100, (0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908))
    #expect(hash == 0x93f5_f579_9a93_2462)
  }

  @Test(arguments: ["10.0.2.2", "0.0.0.0", "255.255.255.255"]) func address_writtenAndRead(_ words: String) throws {
    #expect(try #require(IPv4Address(words)).words == words)
  }

  @Test(arguments: ["", "10", "10.0.2", "10.0.2.2.", "10.0.2.256", "10.0.2.2.2", "a.b.c.d", "10..2.2", "+1.0.0.1"])
  func address_notOne_isNil(_ words: String) { #expect(IPv4Address(words) == nil) }
}
