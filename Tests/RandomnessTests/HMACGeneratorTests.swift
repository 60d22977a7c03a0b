import Testing

@testable import Randomness

/// HMAC_DRBG against NIST's vectors (CAVP, HMAC_DRBG.rsp, SHA-256, without prediction resistance): two requests of 1024
/// bits, of which the second is given.
struct HMACGeneratorTests {
  struct Vector: CustomTestStringConvertible {
    var testDescription: String
    var entropy: String
    var nonce: String
    var personalization = ""
    var reseed = ""
    var additional = ["", ""]
    var returned: String
  }

  static let vectors = [
    Vector(
      testDescription: "no reseed, count 0",
      entropy: "ca851911349384bffe89de1cbdc46e6831e44d34a4fb935ee285dd14b71a7488",
      nonce: "659ba96c601dc69fc902940805ec0ca8",
      returned: """
        e528e9abf2dece54d47c7e75e5fe302149f817ea9fb4bee6f4199697d04d5b89d54fbb978a15b5c443c9ec21036d2460
        b6f73ebad0dc2aba6e624abf07745bc107694bb7547bb0995f70de25d6b29e2d3011bb19d27676c07162c8b5ccde0668
        961df86803482cb37ed6d5c0bb8d50cf1f50d476aa0458bdaba806f48be9dcb8
        """),
    Vector(
      testDescription: "no reseed, personalisation and additional input",
      entropy: "5d3286bc53a258a53ba781e2c4dcd79a790e43bbe0e89fb3eed39086be34174b",
      nonce: "c5422294b7318952ace7055ab7570abf",
      personalization: "2dba094d008e150d51c4135bb2f03dcde9cbf3468a12908a1b025c120c985b9d",
      additional: [
        "793a7ef8f6f0482beac542bb785c10f8b7b406a4de92667ab168ecc2cf7573c6",
        "2238cdb4e23d629fe0c2a83dd8d5144ce1a6229ef41dabe2a99ff722e510b530",
      ],
      returned: """
        d04678198ae7e1aeb435b45291458ffde0891560748b43330eaf866b5a6385e74c6fa5a5a44bdb284d436e98d244018d
        6acedcdfa2e9f499d8089e4db86ae89a6ab2d19cb705e2f048f97fb597f04106a1fa6a1416ad3d859118e079a0c319eb
        95686f4cbcce3b5101c7a0b010ef029c4ef6d06cdfac97efb9773891688c37cf
        """),
    Vector(
      testDescription: "reseed, count 0",
      entropy: "06032cd5eed33f39265f49ecb142c511da9aff2af71203bffaf34a9ca5bd9c0d",
      nonce: "0e66f71edc43e42a45ad3c6fc6cdc4df",
      reseed: "01920a4e669ed3a85ae8a33b35a74ad7fb2a6bb4cf395ce00334a9c9a5a5d552",
      returned: """
        76fc79fe9b50beccc991a11b5635783a83536add03c157fb30645e611c2898bb2b1bc215000209208cd506cb28da2a51
        bdb03826aaf2bd2335d576d519160842e7158ad0949d1a9ec3e66ea1b1a064b005de914eac2e9d4f2d72a8616a802254
        22918250ff66a41bd2f864a6a38cc5b6499dc43f7f2bd09e1e0f8f5885935124
        """),
  ]

  @Test(arguments: vectors) func generate_publishedVector_givesTheBitsOfTheSecondRequest(vector: Vector) {
    let seed = bytes(vector.entropy) + bytes(vector.nonce)
    let personalization = bytes(vector.personalization)
    let reseed = bytes(vector.reseed)
    let nothing: [UInt8] = []
    var generator = HMACGenerator(entropy: seed.span, personalization: personalization.span)
    if !reseed.isEmpty { generator.reseed(entropy: reseed.span, additional: nothing.span) }
    var output = [UInt8](repeating: 0, count: 128)
    for additional in vector.additional {
      let additional = bytes(additional)
      var span = output.mutableSpan
      generator.generate(into: &span, additional: additional.span)
    }
    #expect(output == bytes(vector.returned))
  }
}
