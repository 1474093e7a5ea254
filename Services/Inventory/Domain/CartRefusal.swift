/// Why a cart cannot be changed or checked out.
enum CartRefusal: Error, Sendable, Hashable {
    case itemUnknown
    case ticketTypeUnknown(String)
    /// Lines in two currencies have no total.
    case currenciesMixed
    case full
    /// A line of chosen seats grows by choosing more seats.
    case seatsAreChosen
    case empty
    case expired
}
