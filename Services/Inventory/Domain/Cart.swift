import Contracts

/// What a buyer gathers before checking out: one line a ticket type, of any number of events.
struct Cart: Sendable, Hashable {
    struct Line: Sendable, Hashable {
        let id: String
        let eventID: String
        let ticketTypeID: String
        var quantity: Int
        /// The seats that the buyer chose, as many as `quantity`; empty where any will do.
        var seatNumbers: [String]
        var unitPrice: Money
        /// What holds the line's places; nil while nothing does.
        var reservationID: String?

        var total: Int64 { unitPrice.minorUnits * Int64(quantity) }

        /// How a reservation asks for what the line wants.
        var selection: ReservationOrder.Selection {
            seatNumbers.isEmpty
                ? .items([.init(ticketTypeID: ticketTypeID, quantity: quantity)]) : .seats(seatNumbers)
        }
    }

    /// The last thing that was added without a key, so that a double click counts once.
    struct Addition: Sendable, Hashable {
        let fingerprint: String
        let at: Timestamp
    }

    /// How long a cart lives after its last change.
    static let lifetime = Duration.seconds(900)
    /// Within this time the same addition without a key is a double click.
    static let doubleClick = Duration.seconds(2)
    static let linesMax = 50

    let id: String
    let userID: String
    /// As stored: an `active` one may be past its end, see ``status(at:)``.
    var storedStatus: CartStatus
    var version: Int64
    var expiresAt: Timestamp
    var lines: [Line]
    var lastAddition: Addition?

    /// A new one without lines.
    static func empty(of userID: String, at now: Timestamp) -> Cart {
        Cart(
            id: UUIDv7.make(at: now), userID: userID, storedStatus: .active, version: 0, expiresAt: now + lifetime,
            lines: [], lastAddition: nil)
    }

    /// What the cart is at `now`.
    func status(at now: Timestamp) -> CartStatus {
        storedStatus == .active && expiresAt <= now ? .expired : storedStatus
    }

    /// Whether `addition` is the last one again, by a finger that was too quick.
    func isDoubleClick(_ addition: Addition) -> Bool {
        guard let lastAddition, lastAddition.fingerprint == addition.fingerprint else { return false }
        return addition.at - lastAddition.at < Self.doubleClick
    }

    /// The currency that all lines have; US dollars while there are none.
    var currency: Currency { lines.first?.unitPrice.currency ?? .usd }

    var total: Money { Money(minorUnits: lines.reduce(0) { $0 + $1.total }, currency: currency) }

    /// How many places of an event the lines want, that of `ticketTypeID` left out.
    func quantity(of eventID: String, besides ticketTypeID: String) -> Int {
        lines.filter { $0.eventID == eventID && $0.ticketTypeID != ticketTypeID }.reduce(0) { $0 + $1.quantity }
    }
}
