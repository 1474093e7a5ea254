import Contracts
import Testing

@testable import events

@Suite struct TicketTypeRulebookTests {
    private func read(_ forms: [EventForm.TicketType]?) -> (types: [EventDraft.TicketTypeDraft], errors: [FieldError]) {
        var reader = FormReader()
        let types = TicketTypeRulebook(existing: [], plan: [:]).ticketTypes(forms, &reader)
        return (types, reader.errors)
    }

    private func fields(_ forms: [EventForm.TicketType]?) -> [String] { read(forms).errors.map(\.field) }

    private func type(
        _ name: String = "A", price: String = "10", currency: String? = nil, capacity: Int? = 10
    ) throws -> EventForm.TicketType {
        EventForm.TicketType(name: name, price: try .json(price), capacity: capacity, currency: currency)
    }

    private func reserved(_ name: String = "R", _ sections: [EventForm.Section]) throws -> EventForm.TicketType {
        EventForm.TicketType(name: name, price: try .json("10"), seating: "reserved", sections: sections)
    }

    @Test func `an event has 1 to 50 ticket types`() throws {
        #expect(fields(nil) == ["ticketTypes"])
        #expect(fields([]) == ["ticketTypes"])
        #expect(fields(try (0..<50).map { try type("T\($0)") }).isEmpty)
        #expect(fields(try (0..<51).map { try type("T\($0)") }) == ["ticketTypes"])
    }

    @Test func `names are unique whatever their case`() throws {
        #expect(fields([try type("VIP"), try type("Floor"), try type("vip")]) == ["ticketTypes[2].name"])
    }

    @Test(arguments: [("10.50", "USD"), ("10", "JPY"), ("1.234", "KWD"), ("0", "EUR"), ("0.00", "usd")])
    func `a price has at most the decimals of its currency`(price: String, currency: String) throws {
        #expect(fields([try type(price: price, currency: currency)]).isEmpty)
    }

    @Test(arguments: [("10.505", "USD"), ("10.5", "JPY"), ("1.2345", "KWD"), ("-1", "EUR"), ("1e30", "USD")])
    func `a price that is none in its currency is refused`(price: String, currency: String) throws {
        #expect(fields([try type(price: price, currency: currency)]) == ["ticketTypes[0].price"])
    }

    @Test func `a price keeps every cent`() throws {
        #expect(read([try type(price: "1234567.89")]).types.map(\.price.minorUnits) == [123_456_789])
    }

    @Test func `an event is sold in one currency`() throws {
        let mixed = [
            try type("A", currency: "EUR"), try type("B", currency: "EUR"), try type("C", currency: "USD"),
            try type("D"),
        ]
        #expect(fields(mixed) == ["ticketTypes[2].currency", "ticketTypes[3].currency"])
        #expect(fields([try type(currency: "XXX")]) == ["ticketTypes[0].currency"])
        #expect(fields([try type(currency: "")]) == ["ticketTypes[0].currency"])
    }

    @Test(arguments: [nil, 0, -5, 1_000_001]) func `general admission has 1 to 1,000,000 places`(capacity: Int?) throws
    {
        #expect(fields([try type(capacity: capacity)]) == ["ticketTypes[0].capacity"])
        #expect(fields([try type(capacity: 1_000_000)]).isEmpty)
    }

    @Test func `seats are counted from the sections, whatever capacity says`() throws {
        var form = try reserved(
            "R", [.init(name: "A", rows: 3, seatsPerRow: 4), .init(name: "B", rows: 1, seatsPerRow: 5)])
        form.capacity = 99
        let types = read([form]).types
        #expect(types.map(\.capacity) == [17])
        #expect(types.map(\.seating) == [.reserved])
    }

    @Test func `sections alone mean reserved seating; general admission has none`() throws {
        var form = try reserved("R", [.init(name: "A", rows: 1, seatsPerRow: 1)])
        form.seating = nil
        #expect(read([form]).types.map(\.seating) == [.reserved])
        form.seating = "general"
        form.capacity = 5
        #expect(fields([form]) == ["ticketTypes[0].sections"])
        form.seating = "standing"
        #expect(fields([form]) == ["ticketTypes[0].seating"])
    }

    @Test func `reserved seating needs sections`() throws {
        #expect(fields([try reserved("R", [])]) == ["ticketTypes[0].sections"])
    }

    @Test(arguments: ["", "A-B", "Ä", "A/1", "A{1}", "ABCDEFGHIJKLMNOPQRSTU"])
    func `a section's name has 1 to 20 letters, digits and spaces`(name: String) throws {
        let form = try reserved("R", [.init(name: name, rows: 1, seatsPerRow: 1)])
        #expect(fields([form]) == ["ticketTypes[0].sections[0].name"])
    }

    @Test func `a section's name occurs once in the event, over all its ticket types`() throws {
        let forms = [
            try reserved("R", [.init(name: "A", rows: 1, seatsPerRow: 1)]),
            try reserved("S", [.init(name: "B", rows: 1, seatsPerRow: 1), .init(name: "a", rows: 1, seatsPerRow: 1)]),
        ]
        #expect(fields(forms) == ["ticketTypes[1].sections[1].name"])
    }

    @Test func `rows and seats per row are 1 to 1000 each`() throws {
        let form = try reserved("R", [.init(name: "A", rows: 0, seatsPerRow: 1001), .init(name: "B")])
        #expect(
            fields([form]) == [
                "ticketTypes[0].sections[0].rows", "ticketTypes[0].sections[0].seatsPerRow",
                "ticketTypes[0].sections[1].rows", "ticketTypes[0].sections[1].seatsPerRow",
            ])
    }

    @Test func `an event has at most 200,000 seats in all`() throws {
        let half = EventForm.Section(name: "A", rows: 100, seatsPerRow: 1000)
        let other = EventForm.Section(name: "B", rows: 100, seatsPerRow: 1000)
        let one = EventForm.Section(name: "C", rows: 1, seatsPerRow: 1)
        #expect(fields([try reserved("R", [half]), try reserved("S", [other])]).isEmpty)
        #expect(fields([try reserved("R", [half, one]), try reserved("S", [other])]) == ["ticketTypes"])
    }

    @Test func `an event has at most 1000 sections`() throws {
        let sections = (0..<1001).map { EventForm.Section(name: "S\($0)", rows: 1, seatsPerRow: 1) }
        #expect(fields([try reserved("R", Array(sections.dropLast()))]).isEmpty)
        #expect(fields([try reserved("R", sections)]) == ["ticketTypes[0].sections"])
    }
}
