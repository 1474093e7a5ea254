/// Why a booking came to nothing.
enum FailureReason: String, Sendable, CaseIterable {
    /// The provider refused to charge.
    case declined
    /// The payment had no outcome in time and was called off; nothing was charged.
    case notCompleted
    /// The hold was gone when it was to be sold.
    case reservationLost
    /// The event was not on sale any more when the hold was to be sold.
    case saleStopped
    /// Another ticket for one of the seats is in use, which only a fault elsewhere can bring about.
    case seatTaken
}
