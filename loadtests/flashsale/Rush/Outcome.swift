/// How a buyer's visit ended.
enum Outcome: String, Sendable, Codable, CaseIterable {
    /// Has tickets.
    case bought
    /// Came too late.
    case soldOut
    /// Picked and picked, and somebody was always quicker.
    case outpaced
    /// The payment was declined; the seats were given back.
    case declined
    /// The hold ended before the payment.
    case expired
    /// Asked until patience ended and never learned what became of it; the audit knows.
    case unknown
    /// A reply that should not be; its status and code are counted.
    case failed
}
