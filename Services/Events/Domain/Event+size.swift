/// How much an event takes on the wire.
extension Event {
    /// What its document has around the texts, and with each ticket type once more: names, ids, numbers and times.
    private static let frameBytes = 1000

    /// About the bytes of its document. Of the texts each byte counts twice, for it may have to be escaped.
    var documentBytes: Int {
        ticketTypes.reduce(Self.frameBytes + 2 * details.textBytes) { $0 + Self.frameBytes + 2 * $1.textBytes }
    }
}

extension EventDetails {
    /// In UTF-8, of all texts together.
    var textBytes: Int { utf8Bytes(title, description, artist, venue, venueAddress, city, category) }
}

extension TicketType {
    var textBytes: Int { utf8Bytes(name, description) }
}

extension EventDraft.TicketTypeDraft {
    var textBytes: Int { utf8Bytes(name, description) }
}

private func utf8Bytes(_ texts: String?...) -> Int {
    texts.reduce(0) { $0 + ($1?.utf8.count ?? 0) }
}
