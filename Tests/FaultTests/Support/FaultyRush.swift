import Checker
import Contracts
import LoadKit
import TestSupport

@testable import flashsale

/// A rush on a test's stack, with something going wrong in its middle.
struct FaultyRush {
    let stack: HoldfastStack
    let rush: Rush

    /// Sagas are taken up quickly after a crash, so that tests need not wait for what operators would; and a hold whose
    /// buyer never heard of it ends soon: it may come of a request that was given up before it was executed.
    static let settings = StackOptions(
        services: [
            .booking: ["SAGA_LEASE_SECONDS": "3", "RECOVERY_SECONDS": "0.2"], .inventory: ["HOLD_SECONDS": "20"],
        ])

    /// - Parameter client: the gateway that buyers go to, by default the first one
    init(
        on stack: HoldfastStack, users: Int = 500, seats: Int = 500, seatsPerOrder: Int = 2,
        payments: [PaymentMethod]? = nil, client: APIClient? = nil
    ) {
        self.stack = stack
        var plan = RushPlan(users: users, seats: seats, seatsPerOrder: seatsPerOrder, concurrency: 32)
        if let payments { plan.payments = payments }
        plan.picksMax = 200
        rush = Rush(
            plan, client: client ?? stack.client(timeout: .seconds(5)),
            admin: AdminCredentials(email: HoldfastStack.adminEmail, password: stack.adminPassword),
            progress: .silent)
    }

    /// Runs the rush and, beside it, `disaster`.
    func run(_ disaster: @escaping @Sendable (FaultyRush) async throws -> Void) async throws -> RushReport {
        let rush = rush
        return try await withThrowingTaskGroup(of: RushReport?.self) { group in
            group.addTask { try await rush.run() }
            group.addTask {
                try await disaster(self)
                return nil
            }
            var report: RushReport?
            for try await result in group { report = report ?? result }
            guard let report else { throw StackError(message: "the rush brought no report") }
            return report
        }
    }

    /// Waits until that many bookings were acknowledged.
    func waitForBookings(_ count: Int) async throws {
        try await eventually(within: .seconds(60), "\(count) bookings") { rush.bookingsConfirmed >= count }
    }

    /// Kills a service at once and starts it again when it has been away for a moment.
    func crash(_ name: ServiceName) async throws {
        try stack.kill9(name)
        // Others notice that it is away: somebody's request fails before it is back.
        try await eventually(within: .seconds(20), "\(name.rawValue) is missed") {
            try await stack.client().send("GET", "/health").status == 503
        }
        try await stack.start(name)
    }
}
