import Contracts
package import HTTPKit

/// Reads what an audit judges from a running Holdfast, through the gateway, with an admin's token.
package struct AuditReader: Sendable {
    private let admin: APIClient
    private let pageSize: Int

    /// `pageSize` entries are asked for at a time, 1,000 at most.
    package init(admin: APIClient, pageSize: Int = 1000) {
        self.admin = admin
        self.pageSize = pageSize
    }

    /// Audits one event as soon as nothing is under way there any more, or at the deadline as it is then.
    ///
    /// `buyers` are the ids of people who buy nothing else: their charges count also when their bookings are unknown.
    package func audit(
        eventID: String, acknowledged: [AcknowledgedBooking], buyers: Set<String> = [], within limit: Duration
    ) async throws -> AuditReport {
        let deadline = Deadline.after(limit)
        while true {
            var world = try await read(eventID: eventID, buyers: buyers, deadline: deadline)
            world.acknowledged = acknowledged
            if world.isSettled || deadline.hasPassed { return AuditReport(of: world) }
            try await Task.sleep(for: .milliseconds(300))
        }
    }

    /// What the services say of one event at this moment.
    package func read(eventID: String, buyers: Set<String>, deadline: Deadline) async throws -> AuditWorld {
        // Bookings come first: a saga that moves on meanwhile was still pending here, which shows as unsettled.
        let bookings: [BookingReconciliationEntry] = try await pages(
            of: "/api/bookings/reconciliation?eventId=\(eventID)&", cursor: \.bookingId, deadline)
        let charges: [PaymentReconciliationEntry] = try await pages(
            of: "/api/payments/reconciliation?", cursor: \.chargeKey, deadline)
        let (counters, sales) = try await stock(of: eventID, deadline)
        let ids = Set(bookings.map(\.bookingId))
        return AuditWorld(
            counters: counters, sales: sales, bookings: bookings,
            charges: charges.filter { ids.contains($0.bookingId) || buyers.contains($0.userId) })
    }

    private func pages<Entry: Decodable & Sendable>(
        of target: String, cursor: (Entry) -> String, _ deadline: Deadline
    ) async throws -> [Entry] {
        var entries: [Entry] = []
        while true {
            let page: [Entry] = try await get(
                "\(target)after=\(entries.last.map(cursor) ?? "")&limit=\(pageSize)", deadline)
            // A service may leave entries out of a full page, so only an empty one is surely past the end.
            guard !page.isEmpty else { return entries }
            entries += page
        }
    }

    private func stock(
        of eventID: String, _ deadline: Deadline
    ) async throws -> (counters: [InventoryReconciliation.Counters], sales: [InventoryReconciliation.Sale]) {
        var sales: [InventoryReconciliation.Sale] = []
        while true {
            let after = sales.last?.reservationId ?? ""
            let page: InventoryReconciliation = try await get(
                "/api/inventory/reconciliation?eventId=\(eventID)&after=\(after)&limit=\(pageSize)", deadline)
            sales += page.sales
            // A page counts reservations, which have a sale for each ticket type: only an empty one is surely past the
            // end. Its counters are the newest, read after every sale.
            if page.sales.isEmpty { return (page.counters, sales) }
        }
    }

    /// Reads one page, again and again while a service is away and time is left.
    private func get<Value: Decodable & Sendable>(_ target: String, _ deadline: Deadline) async throws -> Value {
        while true {
            do {
                return try await admin.get(target)
            } catch let refusal as APIRefusal where [429, 502, 503, 504].contains(refusal.reply.status) {
                guard !deadline.hasPassed else { throw refusal }
            } catch let error as HTTPClientError {
                guard !deadline.hasPassed else { throw error }
            }
            try await Task.sleep(for: .milliseconds(200))
        }
    }
}
