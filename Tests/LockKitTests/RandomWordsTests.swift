import Testing

@testable import LockKit

@Suite struct RandomWordsTests {
    @Test func `no word is given twice, also beyond what one call of the system brings`() {
        var words = RandomWords()
        let given = (0..<1000).map { _ in words.next() }
        #expect(Set(given).count == given.count)
        // Of 64,000 random bits half are set; six standard deviations beside it would be a source that is stuck.
        let bits = given.reduce(0) { $0 + $1.nonzeroBitCount }
        #expect(abs(bits - 32_000) < 760)
    }
}
