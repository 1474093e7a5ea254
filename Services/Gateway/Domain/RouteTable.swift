import Contracts

/// Which service answers which path: the public part of the wire contract and nothing else.
///
/// What is not in this table does not exist for clients, so internal routes, health and metrics of the services are
/// closed by not being here. The first entry that matches decides.
enum RouteTable {
    struct Entry: Sendable {
        /// Segments in order; `*` stands for any one segment.
        let pattern: StaticString
        let route: Route
        /// Whether the pattern is the whole path, or the beginning of one that goes on with `/`.
        let isWholePath: Bool

        init(_ pattern: StaticString, _ service: ServiceName) {
            self.pattern = pattern
            route = Route(service)
            isWholePath = false
        }

        init(streamOf pattern: StaticString, _ service: ServiceName) {
            self.pattern = pattern
            route = Route(service, .stream)
            isWholePath = true
        }
    }

    static let entries: [Entry] = [
        Entry("/api/inventory", .inventory),
        Entry("/api/bookings", .booking),
        Entry("/api/payments", .payment),
        Entry(streamOf: "/api/events/*/availability/stream", .inventory),
        Entry(streamOf: "/api/concerts/*/availability/stream", .inventory),
        Entry("/api/events/*/audit", .booking),
        Entry("/api/events/*/refunds", .booking),
        Entry("/api/events", .events),
        Entry("/api/concerts", .events),
        Entry("/api/auth", .auth),
        Entry("/api/tickets/reserve", .inventory),
        Entry("/api/tickets/reservation", .inventory),
        Entry("/api/tickets", .booking),
        Entry("/api/holds", .inventory),
        Entry("/api/cart", .inventory),
        Entry("/api/search", .search),
        Entry("/api/monitoring", .inventory),
    ]

    /// The route of a path that `RequestPath` has accepted; nil when there is none.
    static func route(_ bytes: Span<UInt8>, _ path: Range<Int>) -> Route? {
        for entry in entries where matches(entry, bytes, path) { return entry.route }
        return nil
    }

    private static func matches(_ entry: Entry, _ bytes: Span<UInt8>, _ path: Range<Int>) -> Bool {
        let slash = UInt8(ascii: "/")
        let pattern = entry.pattern
        var place = path.lowerBound
        for offset in 0..<pattern.utf8CodeUnitCount {
            let expected = pattern.utf8Start[offset]
            if expected == UInt8(ascii: "*") {
                let start = place
                while place < path.upperBound, bytes[place] != slash { place += 1 }
                guard place > start else { return false }
            } else {
                guard place < path.upperBound, bytes[place] == expected else { return false }
                place += 1
            }
        }
        return place == path.upperBound || (!entry.isWholePath && bytes[place] == slash)
    }
}
