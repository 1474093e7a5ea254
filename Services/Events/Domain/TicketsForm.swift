/// What an organizer sent to add a set of tickets, before any rule has looked at it.
struct TicketsForm: Sendable, Decodable {
    var ticketTypeId: String?
    /// For general admission: how many places come on top.
    var quantity: Int?
    /// For reserved seating: the blocks of seats that come on top.
    var sections: [EventForm.Section]?
}
