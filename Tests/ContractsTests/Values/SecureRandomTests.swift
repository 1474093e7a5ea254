import Contracts
import Testing

@Suite struct SecureRandomTests {
    @Test("has the length that was asked for", arguments: [0, 1, 7, 8, 9, 32])
    func lengths(count: Int) {
        #expect(SecureRandom.bytes(count).count == count)
        #expect(SecureRandom.hexadecimal(bytes: count).count == 2 * count)
        #expect(SecureRandom.readable(count).count == count)
    }

    @Test("readable text avoids characters that people confuse")
    func readable() {
        #expect(SecureRandom.readable(5000).allSatisfy { !"01ILOU".contains($0) })
    }

    @Test("hexadecimal is read back, in either case, and nothing else is")
    func hexadecimal() {
        let bytes = SecureRandom.bytes(33)
        #expect(Hexadecimal.decode(Hexadecimal.encode(bytes)) == bytes)
        #expect(Hexadecimal.decode("AbCd") == [0xAB, 0xCD])
        #expect(Hexadecimal.decode("abc") == nil)
        #expect(Hexadecimal.decode("zz") == nil)
    }
}
