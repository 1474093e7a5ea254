/// A number that rises with every grant of a scope, so that a store can refuse a holder whose lock was lost.
///
/// The counter lives in Redis and dies with it; the epoch lives in the database and is raised whenever the counter
/// was lost. Compared as (epoch, counter), tokens are never given twice or out of order.
public struct FencingToken: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Times that the counter has been started; at most 2²².
    public let epoch: Int64
    /// Grants since then; below 2⁴⁰.
    public let counter: Int64

    static let counterBits: Int64 = 40
    static let epochMax: Int64 = 1 << 22
    /// Independent masters that may vote together; each gives the numbers that leave its own remainder.
    static let voters: Int64 = 16

    /// The least that is ever given: epochs count from 1.
    static let first = FencingToken(epoch: 1, counter: 0)

    public init(epoch: Int64, counter: Int64) {
        precondition((0...Self.epochMax).contains(epoch), "epoch out of range")
        precondition((0..<(1 << Self.counterBits)).contains(counter), "counter out of range")
        self.epoch = epoch
        self.counter = counter
    }

    /// The token that `rawValue` stands for; nil for a number that none has.
    public init?(rawValue: Int64) {
        guard rawValue >= 0, rawValue >> Self.counterBits <= Self.epochMax else { return nil }
        epoch = rawValue >> Self.counterBits
        counter = rawValue & (1 << Self.counterBits - 1)
    }

    /// Both as one number with the same order, below 2⁶³, for a database column.
    public var rawValue: Int64 { epoch << Self.counterBits | counter }

    /// The raw value in decimal, as it goes on the wire: JavaScript's numbers would round it.
    public var description: String { String(rawValue) }

    /// The least number not below this one's that the given voter may count on from.
    func raised(toVoter voter: Int64) -> Int64 {
        let remainder = rawValue % Self.voters
        return rawValue - remainder + voter + (voter < remainder ? Self.voters : 0)
    }

    public static func < (lhs: FencingToken, rhs: FencingToken) -> Bool { lhs.rawValue < rhs.rawValue }
}
