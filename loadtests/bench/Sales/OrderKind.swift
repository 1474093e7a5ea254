/// What each order of a load wants.
enum OrderKind: Sendable, Hashable {
    /// Neighbouring seats by number.
    case seats(Int)
    /// Seats side by side, chosen by inventory.
    case best(Int)
    /// Places of one ticket type of general admission.
    case general(Int)
}
