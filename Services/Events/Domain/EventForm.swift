import Contracts

/// What an organizer sent to make or replace an event, before any rule has looked at it.
///
/// Everything may be absent and every choice is still text, so that one reply can name all that is wrong.
struct EventForm: Sendable, Decodable {
    struct TicketType: Sendable, Decodable {
        /// Which of the event's types is meant; without one, the type of the same name, or a new one.
        var id: String?
        var name: String?
        var price: DecimalAmount?
        var capacity: Int?
        var currency: String?
        var description: String?
        var seating: String?
        var saleStartsAt: String?
        var saleEndsAt: String?
        var sections: [Section]?
        var isActive: Bool?
    }

    struct Section: Sendable, Decodable {
        var name: String?
        var rows: Int?
        var seatsPerRow: Int?
    }

    var title: String?
    var eventDate: String?
    var venue: String?
    var ticketTypes: [TicketType]?
    var description: String?
    var artist: String?
    var venueAddress: String?
    var city: String?
    var category: String?
    var endDate: String?
    var reserveOn: String?
    var maxPerOrder: Int?
    /// Only asked of a new event; later, its life has routes of its own.
    var status: String?
    /// The version that the change was made from; absent, the last change wins.
    var version: Int64?
}
