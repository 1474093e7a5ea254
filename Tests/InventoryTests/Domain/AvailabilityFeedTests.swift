import Contracts
import Testing

@testable import inventory

@Suite struct AvailabilityFeedTests {
    private let now = Timestamp(milliseconds: 1_800_000_000_000)

    private func state(
        _ version: Int64, reserved: [Int], ended: [String: Int] = [:], status: EventStatus = .active,
        after seconds: Int = 0
    ) -> AvailabilityState {
        let event = SaleEvent(
            id: "e", ownerID: "o", rulesVersion: 1, status: status, isActive: true, eventDate: now + .seconds(60),
            endDate: nil, maxPerOrder: 10, reserveOn: .checkout, stockVersion: version,
            ticketTypes: reserved.enumerated().map { index, reserved in
                SaleTicketType(
                    id: "t\(index)", name: "T\(index)", price: Money(minorUnits: 100, currency: .usd),
                    seating: .general, saleStartsAt: nil, saleEndsAt: nil, isActive: true,
                    stock: TicketTypeStock(total: 10, reserved: reserved, sold: 0))
            })
        return AvailabilityState(event, ended: ended, at: now + .seconds(seconds))
    }

    private func types(_ message: AvailabilityFeed.Message?) -> [String]? {
        guard case .changes(let document) = message else { return nil }
        return document.ticketTypes.map(\.ticketTypeId)
    }

    private func isSnapshot(_ message: AvailabilityFeed.Message?) -> Bool {
        if case .snapshot = message { true } else { false }
    }

    @Test func `a change is told once, with the types that changed and the sums of all`() throws {
        var feed = AvailabilityFeed(state(1, reserved: [0, 0]))
        #expect(feed.tell() == nil)
        #expect(feed.take(state(2, reserved: [0, 3])) == true)
        guard case .changes(let document) = feed.tell() else { return #expect(Bool(false), "changes are told") }
        #expect(document.version == 2)
        #expect(document.ticketTypes.map(\.availableCount) == [7])
        #expect(document.totalCapacity == 20 && document.availableCapacity == 17)
        #expect(feed.tell() == nil)
    }

    @Test func `many changes between two messages are one message`() {
        var feed = AvailabilityFeed(state(1, reserved: [0, 0]))
        for version in 2...50 { _ = feed.take(state(Int64(version), reserved: [version % 5, 0])) }
        #expect(types(feed.tell()) == ["t0"])
        #expect(feed.tell() == nil)
    }

    @Test func `a version that moved back to the same counters is told all the same`() {
        var feed = AvailabilityFeed(state(1, reserved: [0]))
        _ = feed.take(state(3, reserved: [0]))
        #expect(types(feed.tell()) == [])
    }

    @Test(arguments: [nil, "", "x", "-1", "4", "99999999999999999999", "6"])
    func `a new client, and an id from elsewhere, from before or from the future, get a snapshot`(id: String?) {
        var feed = AvailabilityFeed(state(5, reserved: [0]))
        #expect(isSnapshot(feed.opening(after: id)))
        _ = feed.take(state(5, reserved: [0]))
        #expect(isSnapshot(feed.opening(after: id)))
    }

    @Test func `who comes back gets what changed since, also with an id that was never seen here`() {
        var feed = AvailabilityFeed(state(1, reserved: [0, 0, 0]))
        _ = feed.take(state(4, reserved: [1, 0, 0]))
        _ = feed.take(state(9, reserved: [1, 2, 0]))
        #expect(types(feed.opening(after: "1")) == ["t0", "t1"])
        #expect(types(feed.opening(after: "3")) == ["t0", "t1"])
        #expect(types(feed.opening(after: "4")) == ["t1"])
        #expect(types(feed.opening(after: "8")) == ["t1"])
        #expect(feed.opening(after: "9") == nil)
    }

    @Test func `a hold that ended by the clock is told to those who are there and to those who come back`() {
        var feed = AvailabilityFeed(state(2, reserved: [3, 0]))
        #expect(feed.take(state(2, reserved: [3, 0], ended: ["t0": 3])) == true)
        guard case .changes(let document) = feed.tell() else { return #expect(Bool(false), "changes are told") }
        #expect(document.ticketTypes.map(\.availableCount) == [10])
        #expect(types(feed.opening(after: "2")) == ["t0"])
        // The sweep moves the version and nothing that shows; who knows only version 2 may not know of the end.
        #expect(feed.take(state(3, reserved: [0, 0])) == true)
        #expect(types(feed.opening(after: "2")) == ["t0"])
    }

    @Test func `an end that comes by time is told without a change of stock`() {
        var feed = AvailabilityFeed(state(2, reserved: [0]))
        #expect(feed.take(state(2, reserved: [0], after: 60)) == true)
        guard case .changes(let document) = feed.tell() else { return #expect(Bool(false), "changes are told") }
        #expect(document.status == .ended && !document.isActive)
        #expect(feed.opening(after: "2") != nil)
    }

    @Test func `a cancellation is told`() {
        var feed = AvailabilityFeed(state(2, reserved: [0]))
        _ = feed.take(state(3, reserved: [0], status: .cancelled))
        guard case .changes(let document) = feed.tell() else { return #expect(Bool(false), "changes are told") }
        #expect(document.status == .cancelled && !document.isActive)
    }

    @Test func `when ticket types come or go, everyone gets a snapshot`() {
        var feed = AvailabilityFeed(state(1, reserved: [0, 0]))
        _ = feed.take(state(2, reserved: [0]))
        #expect(isSnapshot(feed.opening(after: "1")))
        let message = feed.tell()
        #expect(isSnapshot(message))
        _ = feed.take(state(3, reserved: [1]))
        #expect(types(feed.tell()) == ["t0"])
    }
}
