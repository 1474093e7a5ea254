/// Numbers that look random and are always the same for the same seed (SplitMix64).
///
/// Draws by ``index(below:)`` and its relatives rather than by the standard library's `random(in:using:)`, whose way
/// from bits to numbers may change from one release to the next, and a catalogue with it.
package struct SeededNumbers: RandomNumberGenerator, Sendable {
    private var state: UInt64

    private static let increment: UInt64 = 0x9E37_79B9_7F4A_7C15

    package init(seed: UInt64) {
        state = seed
    }

    /// A sequence of its own for the thing with this number, of the kind that `salt` stands for.
    package init(seed: UInt64, salt: UInt64, number: Int) {
        var mixer = SeededNumbers(seed: seed ^ salt &* Self.increment)
        state = mixer.next() ^ UInt64(truncatingIfNeeded: number) &* 0xD1B5_4A32_D192_ED03
    }

    package mutating func next() -> UInt64 {
        state &+= Self.increment
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// From 0 to `count` - 1, each equally often; `count` is above 0.
    package mutating func index(below count: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(count)).high)
    }

    /// From 0 to `count` - 1, small ones far more often: the product of two draws, as popularity is spread.
    package mutating func popularIndex(below count: Int) -> Int {
        let product = (next() >> 32) &* (next() >> 32)
        return Int(product.multipliedFullWidth(by: UInt64(count)).high)
    }

    /// A number within `range`.
    package mutating func number(in range: ClosedRange<Int>) -> Int {
        range.lowerBound + index(below: range.count)
    }

    /// One of `choices`, of which there is at least one.
    package mutating func pick<Choice>(_ choices: [Choice]) -> Choice {
        choices[index(below: choices.count)]
    }

    /// True in so many of a hundred cases.
    package mutating func happens(percent: Int) -> Bool {
        index(below: 100) < percent
    }
}
