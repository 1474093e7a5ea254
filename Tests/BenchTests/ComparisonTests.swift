import Testing

@testable import bench

@Suite struct ComparisonTests {
    private let rate = Comparison(
        "requests/s", .init("ours", .rate), to: .init("theirs", .rate), .atLeast(0.9))

    private func samples(_ rates: [Double]) -> [Sample] { rates.map { Sample([.rate: $0]) } }

    @Test("a ratio is taken within a round, never between rounds")
    func ratioTakenWithinRound() {
        // The machine was four times as fast in the second round: between rounds nothing could be said.
        let found = rate.ratios(in: ["ours": samples([100, 400]), "theirs": samples([50, 200])])
        #expect(found == [2, 2])
    }

    @Test("a comparison without a reference is the figure itself")
    func comparisonWithoutReferenceFigure() {
        let latency = Comparison("p99", .init("ours", .p99), .atMost(15))
        #expect(latency.ratios(in: ["ours": [Sample([.p99: 3])]]) == [3])
    }

    @Test("a reference that did nothing makes no infinite ratio")
    func referenceDidNothingMakes() {
        #expect(rate.ratios(in: ["ours": samples([100]), "theirs": samples([0])]) == [0])
    }

    @Test(
        "a target's bound itself meets it",
        arguments: [
            (Comparison.Target.atLeast(0.9), 0.9, true), (.atLeast(0.9), 0.89, false), (.atMost(15), 15, true),
            (.atMost(15), 15.1, false), (.none, 0, true),
        ])
    func targetsBoundItselfMeets(_ target: Comparison.Target, _ value: Double, _ isMet: Bool) {
        #expect(target.isMet(by: value) == isMet)
    }

    @Test("a spread has the middle value, or the mean of the two in the middle")
    func spreadHasMiddleValue() {
        #expect(Spread([3, 1, 2])?.median == 2)
        #expect(Spread([4, 1, 2, 3])?.median == 2.5)
        #expect(Spread([3, 1, 2])?.min == 1)
        #expect(Spread([3, 1, 2])?.max == 3)
        #expect(Spread([]) == nil)
    }

    @Test(
        "numbers show the digits that say something",
        arguments: [(1_234_567.4, "1,234,567"), (999.6, "1000"), (123.4, "123"), (12.34, "12.3"), (1.234, "1.23")])
    func numbersShowDigitsSay(_ value: Double, _ text: String) {
        #expect(Quantity.text(value) == text)
    }
}
