import Checker
import Contracts
import HTTPKit
import TestSupport
import Testing

/// How people find what is for sale, while organizers change it and buyers buy it.
@Suite struct SearchTests {
    /// What the contract promises from a change to its being found, on a machine that does nothing else.
    private static let searchable = Duration.seconds(2)
    /// How long is waited for a change beside all other suites.
    private static let patience = Duration.seconds(20)
    /// What is left may be a moment old: the answer of inventory counts for a second.
    private static let counted = Duration.seconds(5)

    private static func word() -> String { "Zq\(SecureRandom.hexadecimal(bytes: 6))" }

    private func found(_ query: String, _ client: APIClient) async throws -> SearchReply {
        try await client.get("/api/search?\(query)")
    }

    /// How long it took until `condition` held.
    private func time(_ what: String, _ condition: () async throws -> Bool) async throws -> Duration {
        let start = ContinuousClock.now
        try await eventually(within: Self.patience, what, condition)
        return start.duration(to: .now)
    }

    @Test("every change of an event is searchable, and most are within two seconds however busy the machine is")
    func changes() async throws {
        let organizer = try await Organizer.signUp()
        let (before, after) = (Self.word(), Self.word())
        func ids(_ word: String) async throws -> [String] {
            try await found("q=\(word)", organizer.client).results.map(\.event.id)
        }
        var times: [Duration] = []
        let event = try await organizer.create(before)
        times.append(try await time("a new event is found") { try await ids(before) == [event.id] })
        #expect(try await organizer.put(event, title: after).status == 200)
        times.append(
            try await time("its new title is found, the old one is not") {
                let (old, new) = (try await ids(before), try await ids(after))
                return old.isEmpty && new == [event.id]
            })
        #expect(try await organizer.post("cancel", of: event.id).status == 200)
        times.append(try await time("a cancelled event is not found") { try await ids(after).isEmpty })
        #expect(try await organizer.post("reactivate", of: event.id).status == 200)
        times.append(try await time("reactivated it is") { try await ids(after) == [event.id] })
        #expect(try await organizer.delete(event.id).status == 204)
        times.append(try await time("deleted it is not") { try await ids(after).isEmpty })
        #expect(times.sorted()[times.count / 2] <= Self.searchable, "\(times)")
    }

    @Test("a price in results follows the organizer")
    func price() async throws {
        let organizer = try await Organizer.signUp()
        let word = Self.word()
        let event = try await organizer.create(word)
        let change = """
            {"title":"\(word)","eventDate":"\(event.eventDate)","venue":"V","ticketTypes":[\
            {"id":"\(event.ticketTypes[0].id)","name":"Seat","price":61.25,"capacity":10},\
            {"id":"\(event.ticketTypes[1].id)","name":"Standing","price":59,"capacity":5}]}
            """
        #expect(try await organizer.client.send("PUT", "/api/events/\(event.id)", text: change).status == 200)
        try await eventually(within: Self.patience, "the new price is shown and filtered by") {
            let reply = try await found("q=\(word)&minPrice=61&maxPrice=62", organizer.client)
            return reply.results.first?.event.ticketTypes[0].price == DecimalAmount(minorUnits: 6125, decimals: 2)
        }
        #expect(try await found("q=\(word)&maxPrice=58.99", organizer.client).total == 0)
    }

    @Test("what is left in results follows sales and releases within seconds")
    func availability() async throws {
        let organizer = try await Organizer.signUp()
        let word = Self.word()
        let event = try await organizer.create(word)
        func left() async throws -> Int? {
            try await found("q=\(word)", organizer.client).results.first?.event.availableCapacity
        }
        func isOffered() async throws -> Bool {
            try await found("q=\(word)&available=true", organizer.client).total == 1
        }
        try await eventually(within: Self.counted, "all of it is left") { try await left() == 15 }
        _ = try await organizer.sell("A-1-1", of: event)
        try await eventually(within: Self.counted, "one less is left") { try await left() == 14 }
        let buyer = try await organizer.stack.client().signUpGuest()
        let seats = (2...10).map { "A-1-\($0)" }
        let held: ReservationDocument = try await buyer.reserve(
            ReservationRequest(eventId: event.id, seatNumbers: seats)
        ).value()
        #expect(try await isOffered())
        let rest: ReservationDocument = try await organizer.reserve(event, standing: 5).value()
        #expect(rest.quantity == 5)
        try await eventually(within: Self.counted, "sold out, it is not offered") {
            let (count, offered) = (try await left(), try await isOffered())
            return count == 0 && !offered
        }
        #expect(try await buyer.release(held.reservationId).status == 204)
        try await eventually(within: Self.counted, "given back, it is offered again") {
            let (count, offered) = (try await left(), try await isOffered())
            return count == 9 && offered
        }
    }

    @Test("typos and accents are forgiven, what was found is marked, beginnings are completed")
    func forgiving() async throws {
        let organizer = try await Organizer.signUp()
        let word = Self.word()
        let event = try await organizer.create("Königsabend \(word)")
        try await eventually(within: Self.patience, "the event is found") {
            try await found("q=konigsabend+\(word)", organizer.client).results.map(\.event.id) == [event.id]
        }
        let reply = try await found("q=k%C3%B6nigsabned+\(word)", organizer.client)
        #expect(reply.results.first?.highlights["title"] == "<em>Königsabend</em> <em>\(word)</em>")
        let suggestions: [String] = try await organizer.client.get("/api/search/suggest?q=\(word.prefix(8))")
        #expect(suggestions == ["Königsabend \(word)"])
    }

    // MARK: - Bad input

    @Test(
        "hostile text is text: it is looked for and nothing else",
        arguments: [
            "%22", "%27%20OR%201%3D1--", "*", "a*", "title%3Ax", "NEAR(a%20b)", "a%20AND%20NOT%20b", "%28%28%28", "%00",
            "%25%25", "_", "%5C%27", "%3A*%20%26%20%7C%20!%20%3C-%3E", "%F0%9F%8E%B8", "%FF%FE",
        ])
    func hostile(text: String) async throws {
        let anyone = try await SharedStack.get().client()
        for route in ["/api/search", "/api/search/suggest"] {
            let reply = try await anyone.send("GET", "\(route)?q=\(text)")
            #expect(reply.status == 200, "\(reply.text)")
        }
    }

    @Test(
        "500 characters are looked for, more are refused, and 10,000 do not even pass the gateway",
        arguments: ["%22", "x", "*", "a+OR+", "%28"])
    func long(piece: String) async throws {
        let anyone = try await SharedStack.get().client()
        let characters = piece == "a+OR+" ? 5 : 1
        func text(_ count: Int) -> String { String(repeating: piece, count: count / characters) }
        for route in ["/api/search", "/api/search/suggest"] {
            #expect(try await anyone.send("GET", "\(route)?q=\(text(500))").status == 200)
            let refused = try await anyone.send("GET", "\(route)?q=\(text(505))")
            expectProblem(refused, 422, "invalid-fields")
            #expect(refused.problem?.errors?.map(\.field) == ["q"])
            expectProblem(try await anyone.send("GET", "\(route)?q=\(text(10_000))"), 414, "target-too-long")
        }
    }

    @Test(
        "pages, filters and orders that there are not are refused",
        arguments: [
            ("page=0", "page"), ("page=-1", "page"), ("page=1000000", "page"), ("page=x", "page"),
            ("page=101&pageSize=100", "page"), ("pageSize=0", "pageSize"), ("pageSize=101", "pageSize"),
            ("sort=best", "sort"), ("from=yesterday", "from"), ("minPrice=-1", "minPrice"),
            ("minPrice=1e400", "minPrice"), ("maxPrice=99999999999999999999999", "maxPrice"),
            ("minPrice=2&maxPrice=1", "maxPrice"), ("available=perhaps", "available"),
            ("from=2999-01-02T00:00:00Z&to=2999-01-01T00:00:00Z", "to"),
            ("city=\(String(repeating: "x", count: 201))", "city"), ("category=%00", "category"),
        ])
    func badQueries(query: String, field: String) async throws {
        let reply = try await SharedStack.get().client().send("GET", "/api/search?q=x&\(query)")
        expectProblem(reply, 422, "invalid-fields")
        #expect(reply.problem?.errors?.map(\.field) == [field], "\(reply.text)")
    }
}
