import Checker
import Contracts
import HTTPKit
import TestSupport

/// A stack of one test's own whose services die while an organizer works.
struct EventScene {
    let stack: HoldfastStack
    let admin: APIClient

    /// Runs `body` on a stack whose background takes over quickly what a dead process left.
    static func with(on database: StackDatabase = .sqlite, _ body: (EventScene) async throws -> Void) async throws {
        var options = StackOptions(services: [.events: ["PUSH_TAKEOVER_SECONDS": "1"]])
        options.database = database
        try await HoldfastStack.with(options) { stack in
            try await body(EventScene(stack: stack, admin: try await stack.admin()))
        }
    }

    /// Makes `name` die at `point` while `trigger` runs, whose request fails therefore, and starts it again.
    func crash(_ name: ServiceName, at point: String, _ trigger: () async throws -> Void) async throws {
        try await stack.terminate(name)
        try await stack.start(name, faults: "\(point)=die")
        try await stack.waitUntilHealthy()
        try? await trigger()
        let end = try await stack.process(name).wait(within: .seconds(60))
        guard end == .signalled(9) else { throw StackError(message: "\(name) ended otherwise at \(point): \(end)") }
        try await stack.start(name)
        try await stack.waitUntilHealthy()
    }

    /// An event of `rows` rows of 100 seats.
    static func request(_ title: String, rows: Int = 1) -> CreateEventRequest {
        CreateEventRequest(
            title: title, eventDate: SystemClock().now() + .seconds(30 * 86_400), venue: "Harbour Hall",
            ticketTypes: [
                CreateEventRequest.TicketType(
                    name: "Seat", price: DecimalAmount(minorUnits: 4950, decimals: 2),
                    sections: [SeatSection(name: "A", rows: rows, seatsPerRow: 100)]),
                CreateEventRequest.TicketType(
                    name: "Standing", price: DecimalAmount(minorUnits: 2000, decimals: 2), capacity: 50),
            ])
    }

    /// A word that no other event has.
    static func word() -> String { "Q\(SecureRandom.hexadecimal(bytes: 6))" }

    func create(_ title: String) async throws -> EventDocument { try await admin.createEvent(Self.request(title)) }

    func event(_ id: String) async throws -> EventDocument { try await admin.get("/api/events/\(id)") }

    /// Every event there is, active or not.
    func all() async throws -> [EventDocument] { try await admin.get("/api/events?includeInactive=true&pageSize=100") }

    func post(_ command: String, of id: String) async throws -> APIReply {
        try await admin.send("POST", "/api/events/\(id)/\(command)")
    }

    /// Waits until the events with these words, and no others, are found by them.
    func findable(_ words: [String], _ what: String) async throws {
        try await eventually(within: .seconds(20), "\(what): all changes are searchable") {
            for word in words {
                let reply = try? await admin.send("GET", "/api/search?q=\(word)")
                guard let reply, reply.status == 200, try reply.decode(SearchReply.self).total == 1 else {
                    return false
                }
            }
            return true
        }
    }
}
