/// Comparison of secrets.
package enum ConstantTime {
    /// Whether both have the same bytes, told in a time that depends on the lengths alone: one that ended at the first
    /// difference would tell a guesser how far a guess was right.
    @inlinable
    package static func areEqual(_ one: some Collection<UInt8>, _ other: some Collection<UInt8>) -> Bool {
        guard one.count == other.count else { return false }
        var difference: UInt8 = 0
        for (left, right) in zip(one, other) { difference |= left ^ right }
        return difference == 0
    }
}
