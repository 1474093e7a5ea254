import Contracts

/// A booking that is about to begin.
struct NewBooking: Sendable {
    let id: String
    let reference: String
    let userID: String
    let reservationID: String
    let createdAt: Timestamp
    let lease: SagaLease

    init(userID: String, reservationID: String, at now: Timestamp, lease: SagaLease) {
        id = UUIDv7.make(at: now)
        reference = "HF-\(SecureRandom.readable(Self.referenceLength))"
        self.userID = userID
        self.reservationID = reservationID
        createdAt = now
        self.lease = lease
    }

    /// 30¹⁰ references: two of a million bookings collide once in a thousand times, and then another is drawn.
    private static let referenceLength = 10
}
