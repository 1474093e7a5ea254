import Contracts
import Testing

@testable import events

@Suite struct EventRulebookTests {
    private static let now = Timestamp(milliseconds: 1_767_225_600_000)

    private func form(_ change: (inout EventForm) -> Void = { _ in }) -> EventForm {
        var form = EventForm(
            title: "Opera", eventDate: "2026-06-01T19:00:00Z", venue: "Scala",
            ticketTypes: [
                EventForm.TicketType(name: "Stalls", price: DecimalAmount(minorUnits: 1000, decimals: 2), capacity: 10)
            ])
        change(&form)
        return form
    }

    private func errors(_ change: (inout EventForm) -> Void) -> [FieldError] {
        do throws(InvalidEvent) {
            _ = try EventRulebook(now: Self.now).draft(from: form(change))
            return []
        } catch {
            return error.errors
        }
    }

    private func fields(_ change: (inout EventForm) -> Void) -> [String] { errors(change).map(\.field) }

    @Test func `an event that keeps all rules becomes a draft with the defaults of the contract`() throws {
        let draft = try EventRulebook(now: Self.now).draft(from: form { $0.title = "  Opera \n" })
        #expect(draft.details.title == "Opera")
        #expect(draft.details.maxPerOrder == 10)
        #expect(draft.details.reserveOn == .checkout)
        #expect(!draft.isDraft)
        #expect(draft.ticketTypes.map(\.price) == [Money(minorUnits: 1000, currency: .usd)])
        #expect(draft.ticketTypes.map(\.seating) == [.general])
    }

    @Test func `an empty form is told everything that is missing at once`() {
        do throws(InvalidEvent) {
            _ = try EventRulebook(now: Self.now).draft(from: EventForm())
            Issue.record("accepted")
        } catch {
            #expect(Set(error.errors.map(\.field)) == ["title", "eventDate", "venue", "ticketTypes"])
            #expect(error.errors.allSatisfy { $0.message == "is required" })
        }
    }

    @Test func `every wrong field is named in one answer`() {
        let fields = fields {
            $0.title = String(repeating: "x", count: 201)
            $0.description = String(repeating: "x", count: 1001)
            $0.venue = " "
            $0.venueAddress = String(repeating: "x", count: 501)
            $0.endDate = "2026-06-01T18:00:00Z"
            $0.maxPerOrder = 101
            $0.reserveOn = "never"
            $0.status = "Ended"
            $0.ticketTypes?[0].name = String(repeating: "x", count: 101)
            $0.ticketTypes?[0].description = String(repeating: "x", count: 501)
            $0.ticketTypes?[0].capacity = 0
            $0.ticketTypes?[0].saleStartsAt = "2026-03-01T00:00:00Z"
            $0.ticketTypes?[0].saleEndsAt = "2026-03-01T00:00:00Z"
        }
        #expect(
            Set(fields) == [
                "title", "description", "venue", "venueAddress", "endDate", "maxPerOrder", "reserveOn", "status",
                "ticketTypes[0].name", "ticketTypes[0].description", "ticketTypes[0].capacity",
                "ticketTypes[0].saleEndsAt",
            ])
        #expect(Set(fields).count == fields.count)
    }

    @Test(arguments: [200, 1]) func `a title of up to 200 characters is fine`(length: Int) {
        #expect(fields { $0.title = String(repeating: "é", count: length) }.isEmpty)
    }

    /// Fifty ticket types whose names and descriptions have `letters` of `letter` each.
    private func types(_ letters: Int, of letter: String) -> [EventForm.TicketType] {
        (10..<60).map { number in
            EventForm.TicketType(
                name: "\(number)", price: DecimalAmount(minorUnits: 1000, decimals: 2), capacity: 10,
                description: String(repeating: letter, count: letters))
        }
    }

    @Test func `the texts of an event have 64 KiB in all, counted in bytes`() throws {
        // "Opera" and "Scala", then 50 names of 2 bytes: 110 bytes.
        let room = EventLimits.textBytesMax - 110 - 50 * 4 * 300
        #expect(fields { $0.ticketTypes = types(500, of: "x") }.isEmpty)
        #expect(fields { $0.ticketTypes = types(500, of: "🎸") } == ["ticketTypes"])
        func fill(_ form: inout EventForm, _ letters: Int) {
            form.ticketTypes = types(300, of: "🎸")
            for index in 0..<50 { form.ticketTypes?[index].description? += String(repeating: "x", count: letters / 50) }
            form.description = String(repeating: "x", count: letters % 50)
        }
        #expect(fields { fill(&$0, room) }.isEmpty)
        #expect(fields { fill(&$0, room + 1) } == ["ticketTypes"])
        let draft = try EventRulebook(now: Self.now).draft(from: form())
        let (event, plan) = draft.makeEvent(ownerID: "o", at: Self.now)
        #expect(throws: InvalidEvent.self) {
            try EventRulebook(now: Self.now).draft(
                from: form { $0.ticketTypes = types(500, of: "🎸") }, replacing: event, plan)
        }
    }

    @Test func `an event must lie in the future, to the millisecond`() {
        #expect(fields { $0.eventDate = Self.now.description } == ["eventDate"])
        #expect(fields { $0.eventDate = (Self.now + .milliseconds(1)).description }.isEmpty)
    }

    @Test(arguments: ["tomorrow", "2026-02-30T00:00:00Z", "2026-06-01", ""])
    func `a date that is no RFC 3339 time is refused`(text: String) {
        #expect(fields { $0.eventDate = text } == ["eventDate"])
        #expect(fields { $0.endDate = text } == ["endDate"])
    }

    @Test func `control characters are refused, line breaks of a description are not`() {
        #expect(fields { $0.title = "a\u{0}b" } == ["title"])
        #expect(fields { $0.artist = "a\u{1B}[31m" } == ["artist"])
        #expect(fields { $0.description = "first\nsecond\tcolumn" }.isEmpty)
    }

    @Test func `only a draft or an active event can be made`() throws {
        #expect(try EventRulebook(now: Self.now).draft(from: form { $0.status = "Draft" }).isDraft)
        #expect(try !EventRulebook(now: Self.now).draft(from: form { $0.status = "Active" }).isDraft)
        #expect(fields { $0.status = "Cancelled" } == ["status"])
    }

    @Test(arguments: [0, -1, 101, Int.max]) func `an order has 1 to 100 tickets`(max: Int) {
        #expect(fields { $0.maxPerOrder = max } == ["maxPerOrder"])
    }

    @Test func `a hopeless request gets at most a hundred errors`() {
        let errors = errors { form in
            form.ticketTypes = (0..<50).map { _ in EventForm.TicketType() }
        }
        #expect(errors.count == EventLimits.errorsMax)
    }
}
