/// Random values that nobody can guess: tokens, references, lock owners.
package enum SecureRandom {
    /// `count` bytes of the system's cryptographic generator (`getrandom` on Linux).
    package static func bytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            var word: UInt64 = generator.next()
            for _ in 0..<min(8, count - bytes.count) {
                bytes.append(UInt8(truncatingIfNeeded: word))
                word >>= 8
            }
        }
        return bytes
    }

    /// `count` random bytes as `2 × count` hexadecimal characters.
    package static func hexadecimal(bytes count: Int) -> String { Hexadecimal.encode(bytes(count)) }

    /// `count` characters that people can read to each other: digits and capitals without `0 1 I L O U`.
    ///
    /// 30 characters, so each carries 4.9 bits; drawn without bias by the generator's own range.
    package static func readable(_ count: Int) -> String {
        let alphabet = Array("23456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
        var generator = SystemRandomNumberGenerator()
        let characters = (0..<count).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] }
        return String(decoding: characters, as: UTF8.self)
    }
}
