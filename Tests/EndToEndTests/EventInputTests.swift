import Checker
import Contracts
import TestSupport
import Testing

/// What cannot be an event is refused with every field at fault, when it is made and when it is changed.
@Suite struct EventInputTests {
    private static let type = #"{"name":"A","price":10,"capacity":5}"#

    private static func event(
        title: String = "T", date: String = "2999-01-01T20:00:00Z", types: String = type, more: String = ""
    ) -> String {
        #"{"title":"\#(title)","eventDate":"\#(date)","venue":"V","ticketTypes":[\#(types)]\#(more)}"#
    }

    private static let long = String(repeating: "x", count: 1001)

    private static let cases: [(body: String, field: String)] = [
        (event(date: "2020-01-01T00:00:00Z"), "eventDate"),
        (event(date: "tomorrow"), "eventDate"),
        (event(more: #","endDate":"2998-01-01T00:00:00Z""#), "endDate"),
        (event(title: String(repeating: "x", count: 201)), "title"),
        (event(title: " "), "title"),
        (event(more: #","description":"\#(long)""#), "description"),
        (event(more: #","venueAddress":"\#(long)""#), "venueAddress"),
        (event(more: #","maxPerOrder":0"#), "maxPerOrder"),
        (event(more: #","reserveOn":"never""#), "reserveOn"),
        (event(types: ""), "ticketTypes"),
        (event(types: Array(repeating: type, count: 51).joined(separator: ",")), "ticketTypes"),
        (event(types: "\(type),\(type)"), "ticketTypes[1].name"),
        (event(types: #"{"name":"A","price":10,"capacity":0}"#), "ticketTypes[0].capacity"),
        (event(types: #"{"name":"A","price":10,"capacity":-5}"#), "ticketTypes[0].capacity"),
        (event(types: #"{"name":"A","price":10,"capacity":1000001}"#), "ticketTypes[0].capacity"),
        (event(types: #"{"name":"A","price":-0.01,"capacity":5}"#), "ticketTypes[0].price"),
        (event(types: #"{"name":"A","price":1.001,"capacity":5}"#), "ticketTypes[0].price"),
        (event(types: #"{"name":"A","price":1e30,"capacity":5}"#), "ticketTypes[0].price"),
        (event(types: #"{"name":"A","price":1,"currency":"XXX","capacity":5}"#), "ticketTypes[0].currency"),
        (event(types: #"{"name":"A","price":1,"seating":"lying","capacity":5}"#), "ticketTypes[0].seating"),
        (
            event(types: #"{"name":"A","price":1,"sections":[{"name":"S","rows":1001,"seatsPerRow":1}]}"#),
            "ticketTypes[0].sections[0].rows"
        ),
        (
            event(types: #"{"name":"A","price":1,"sections":[{"name":"S-1","rows":1,"seatsPerRow":1}]}"#),
            "ticketTypes[0].sections[0].name"
        ),
        (
            event(
                types: #"{"name":"A","price":1,"sections":[{"name":"S","rows":1000,"seatsPerRow":200},"#
                    + #"{"name":"T","rows":1,"seatsPerRow":1}]}"#), "ticketTypes"
        ),
        (
            event(
                types: #"{"name":"A","price":1,"capacity":5,"saleStartsAt":"2998-01-02T00:00:00Z","#
                    + #""saleEndsAt":"2998-01-01T00:00:00Z"}"#), "ticketTypes[0].saleEndsAt"
        ),
    ]

    @Test("a field that breaks a rule is named, in a new event and in a changed one", arguments: cases.indices)
    func fields(index: Int) async throws {
        let (body, field) = Self.cases[index]
        let organizer = try await Organizer.signUp()
        let made = try await organizer.client.send("POST", "/api/events", text: body)
        expectProblem(made, 422, "invalid-fields")
        #expect(made.problem?.errors?.map(\.field).contains(field) == true, "\(made.text)")
        let event = try await organizer.create()
        let changed = try await organizer.client.send("PUT", "/api/events/\(event.id)", text: body)
        expectProblem(changed, 422, "invalid-fields")
        #expect(changed.problem?.errors?.map(\.field).contains(field) == true, "\(changed.text)")
        #expect(try await organizer.event(event.id) == event)
    }

    @Test("bodies that are no event are malformed", arguments: ["", "{", "[1,"])
    func malformed(body: String) async throws {
        let organizer = try await Organizer.signUp()
        let event = try await organizer.create()
        let put = try await organizer.client.send("PUT", "/api/events/\(event.id)", text: body)
        expectProblem(put, 400, "malformed-json")
        let tickets = try await organizer.client.send("POST", "/api/events/\(event.id)/tickets", text: body)
        expectProblem(tickets, 400, "malformed-json")
    }

    @Test("an event of 200,000 seats is made whole within a request")
    func hugeHall() async throws {
        let organizer = try await Organizer.signUp()
        let sections = (1...4).map { SeatSection(name: "S\($0)", rows: 250, seatsPerRow: 200) }
        let event = try await organizer.client.createEvent(
            CreateEventRequest(
                title: "Huge", eventDate: SystemClock().now() + .seconds(86_400), venue: "Stadium",
                ticketTypes: [
                    CreateEventRequest.TicketType(
                        name: "Seat", price: DecimalAmount(minorUnits: 100, decimals: 2), sections: sections)
                ]))
        #expect(event.availableCapacity == 200_000)
        _ = try await organizer.sell("S4-250-200", of: event)
        #expect(try await organizer.client.availability(of: event.id).availableCapacity == 199_999)
    }
}
