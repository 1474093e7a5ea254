import Checker
import Contracts
import LoadKit
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
        (event(more: #","artist":"\#(long)""#), "artist"),
        (event(more: #","city":"\#(long)""#), "city"),
        (event(more: #","category":"\#(long)""#), "category"),
        (event(more: #","artist":"a\u0000b""#), "artist"),
        (event(more: #","maxPerOrder":0"#), "maxPerOrder"),
        (event(more: #","reserveOn":"never""#), "reserveOn"),
        (event(types: ""), "ticketTypes"),
        (event(types: Array(repeating: type, count: 51).joined(separator: ",")), "ticketTypes"),
        (event(types: "\(type),\(type)"), "ticketTypes[1].name"),
        (event(types: #"\#(type),{"name":" a ","price":1,"capacity":1}"#), "ticketTypes[1].name"),
        (event(types: #"{"name":"A","price":10,"capacity":0}"#), "ticketTypes[0].capacity"),
        (event(types: #"{"name":"A","price":10,"capacity":-5}"#), "ticketTypes[0].capacity"),
        (event(types: #"{"name":"A","price":10,"capacity":1000001}"#), "ticketTypes[0].capacity"),
        // A number that no field can hold is refused before it is known whose it is.
        (event(types: #"{"name":"A","price":10,"capacity":99999999999999999999}"#), "body"),
        (event(types: #"{"name":"A","price":10,"capacity":1.5}"#), "body"),
        (event(types: #"{"name":"\#(long)","price":10,"capacity":5}"#), "ticketTypes[0].name"),
        (event(types: #"{"name":"A","price":10,"capacity":5,"description":"\#(long)"}"#), "ticketTypes[0].description"),
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

    @Test("a price of zero is a price: the event is made, and buying it needs no payment")
    func free() async throws {
        let organizer = try await Organizer.signUp()
        let reply = try await organizer.client.send(
            "POST", "/api/events", text: Self.event(types: #"{"name":"A","price":0,"capacity":5}"#))
        let event: EventDocument = try reply.value()
        #expect(event.ticketTypes[0].price == DecimalAmount(minorUnits: 0, decimals: 2))
        let buyer = try await organizer.stack.client().signUpGuest()
        let hold: ReservationDocument = try await buyer.reserve(
            ReservationRequest(
                eventId: event.id, items: [.init(ticketTypeId: event.ticketTypes[0].id, quantity: 2)])
        ).value()
        #expect(try await buyer.confirm(hold.reservationId, payment: nil, key: Sale.key()).status == 201)
    }

    @Test(
        "more tickets are as many as there may be",
        arguments: [
            (#""quantity":0"#, "quantity"), (#""quantity":-1"#, "quantity"), (#""quantity":1000001"#, "quantity"),
            (#""quantity":99999999999999999999"#, "body"),
            (#""sections":[{"name":"A","rows":1,"seatsPerRow":1}]"#, "sections"),
        ])
    func absurdTickets(more: String, field: String) async throws {
        let organizer = try await Organizer.signUp()
        let event = try await organizer.create()
        let reply = try await organizer.client.send(
            "POST", "/api/events/\(event.id)/tickets", text: #"{"ticketTypeId":"\#(event.ticketTypes[1].id)",\#(more)}"#
        )
        expectProblem(reply, 422, "invalid-fields")
        #expect(reply.problem?.errors?.contains { $0.field.hasPrefix(field) } == true, "\(reply.text)")
        #expect(try await organizer.event(event.id) == event)
    }

    @Test("an event of 200,000 seats is made whole, once, however often a slow machine must be asked")
    func hugeHall() async throws {
        let organizer = try await Organizer.signUp()
        let sections = (1...4).map { SeatSection(name: "S\($0)", rows: 250, seatsPerRow: 200) }
        let request = CreateEventRequest(
            title: "Huge", eventDate: SystemClock().now() + .seconds(86_400), venue: "Stadium",
            ticketTypes: [
                CreateEventRequest.TicketType(
                    name: "Seat", price: DecimalAmount(minorUnits: 100, decimals: 2), sections: sections)
            ])
        let key = SecureRandom.hexadecimal(bytes: 8)
        let event = try await Persistence(patience: .seconds(60)).insist {
            try await organizer.client.createEvent(request, key: key)
        }
        #expect(event.availableCapacity == 200_000)
        _ = try await organizer.sell("S4-250-200", of: event)
        #expect(try await organizer.client.availability(of: event.id).availableCapacity == 199_999)
    }
}
