import Testing

@testable import search

@Suite struct EditDistanceTests {
    @Test(arguments: [
        ("coldplay", "coldplay", 0), ("coldpaly", "coldplay", 1), ("coldply", "coldplay", 1),
        ("colddplay", "coldplay", 1),
        ("goldplay", "coldplay", 1), ("goldpaly", "coldplay", 2), ("jaz", "jazz", 1), ("", "ab", 2), ("ab", "", 2),
        ("ca", "abc", nil), ("kitten", "sitting", nil), ("a", "abcd", nil), ("björk", "bjork", 1), ("", "", 0),
    ])
    func `mistakes are counted up to two`(left: String, right: String, distance: Int?) {
        #expect(EditDistance.distance(left, right, limit: 2) == distance)
        #expect(EditDistance.distance(right, left, limit: 2) == distance)
    }

    @Test func `the band gives what the whole table gives`() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let left = Self.word(&generator)
            let right = Self.word(&generator)
            let whole = EditDistance.distance(left, right, limit: 20)
            for limit in 0...3 {
                let expected = whole.flatMap { $0 <= limit ? $0 : nil }
                #expect(EditDistance.distance(left, right, limit: limit) == expected, "\(left) \(right) \(limit)")
            }
        }
    }

    private static func word(_ generator: inout SystemRandomNumberGenerator) -> String {
        String(
            (0..<Int.random(in: 0...7, using: &generator)).map { _ in "abc".randomElement(using: &generator) ?? "a" })
    }

    @Test(arguments: [(1, 0), (3, 0), (4, 1), (7, 1), (8, 2), (30, 2)])
    func `longer words may have more mistakes`(length: Int, forgiven: Int) {
        #expect(EditDistance.forgiven(length: length) == forgiven)
    }
}
