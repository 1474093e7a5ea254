import Contracts
import Testing

@testable import inventory

@Suite struct SaleEventTests {
    private let now = Timestamp(milliseconds: 1_800_000_000_000)

    private func event(status: EventStatus = .active, isActive: Bool = true, in seconds: Int = 3600) -> SaleEvent {
        SaleEvent(
            id: "e", ownerID: "o", rulesVersion: 1, status: status, isActive: isActive,
            eventDate: now + .seconds(seconds), endDate: nil, maxPerOrder: 10, reserveOn: .checkout, stockVersion: 0,
            ticketTypes: [])
    }

    private func type(isActive: Bool = true, from: Int? = nil, until: Int? = nil) -> SaleTicketType {
        SaleTicketType(
            id: "t", name: "Stalls", price: Money(minorUnits: 100, currency: .usd), seating: .general,
            saleStartsAt: from.map { now + .seconds($0) }, saleEndsAt: until.map { now + .seconds($0) },
            isActive: isActive, stock: TicketTypeStock(total: 1, reserved: 0, sold: 0))
    }

    @Test("an active event in the future sells")
    func sells() {
        #expect(event().refusalToSell(at: now) == nil)
    }

    @Test("drafts, cancelled and ended events do not sell", arguments: [EventStatus.draft, .cancelled, .ended])
    func statuses(status: EventStatus) {
        #expect(event(status: status).refusalToSell(at: now) != nil)
    }

    @Test("a deleted event and one that has begun do not sell")
    func deletedOrBegun() {
        #expect(event(isActive: false).refusalToSell(at: now) != nil)
        #expect(event(in: 0).refusalToSell(at: now) != nil)
    }

    @Test("a sale window is open from its start until before its end")
    func window() {
        #expect(type().refusalToSell(at: now) == nil)
        #expect(type(from: 0, until: 1).refusalToSell(at: now) == nil)
        #expect(type(from: 1).refusalToSell(at: now) != nil)
        #expect(type(until: 0).refusalToSell(at: now) != nil)
        #expect(type(isActive: false).refusalToSell(at: now) != nil)
    }
}
