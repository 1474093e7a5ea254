import Contracts
import Testing

@Suite struct ConstantTimeTests {
    @Test func `bytes are equal when every one of them is`() {
        #expect(ConstantTime.areEqual([], []))
        #expect(ConstantTime.areEqual(Array(0...255), (0...255).map(UInt8.init)[...]))
        #expect(!ConstantTime.areEqual([1, 2, 3], [1, 2]))
        #expect(!ConstantTime.areEqual([], [0]))
    }

    @Test func `a single other bit is told, wherever it is`() {
        let bytes: [UInt8] = (0..<32).map { UInt8($0 * 7) }
        for index in bytes.indices {
            for bit in 0..<8 {
                var other = bytes
                other[index] ^= 1 << bit
                #expect(!ConstantTime.areEqual(bytes, other), "byte \(index), bit \(bit)")
            }
        }
    }

    /// Differences must not cancel each other out, nor hide behind bits that are set.
    @Test func `of all pairs of three small bytes those that are the same are equal`() {
        let all = (0..<512).map { number in (0..<3).map { UInt8(number >> ($0 * 3) & 7) } }
        let wrong = all.indices.reduce(0) { count, one in
            count + all.indices.count { ConstantTime.areEqual(all[one], all[$0]) != (one == $0) }
        }
        #expect(wrong == 0)
    }
}
