import Contracts
import Logging
import ServiceKit
import ServiceLifecycle
import TestSupport
import Testing

@testable import booking

@Suite(.onBothDatabases) struct RecoveryServiceTests {
    @Test func `the service finds unfinished bookings by itself`() async throws {
        let test = try await TestEnvironment.make(.booking, settings: ["RECOVERY_SECONDS": "0.05"])
        let database = try await test.environment.openDatabase(migrations: BookingMigrations.all)
        let inventory = FakeInventory(clock: test.clock)
        let payment = FakePayment()
        let id = inventory.hold()
        inventory.faults.next(.commit, .replyLost)
        let parts = BookingParts(
            try BookingMain.configuration(test.settings), test.environment, database,
            BookingNeighbours(
                reservations: inventory, sales: inventory, charges: payment, events: FakeEvents(),
                accounts: FakeAccounts()))
        let works = parts.build().services
        let order = ConfirmBooking.Order(
            userID: "ada", subject: .reservation(id), payment: .token("tok_visa"),
            key: try #require(IdempotencyKey("k")), fingerprint: "f")
        let confirm = parts.confirm
        #expect(try await confirm.execute(order, .background(within: .seconds(5))).reply.status == 202)

        test.clock.advance(by: .seconds(1))
        let running = Task {
            await withTaskGroup(of: Void.self) { group in
                for work in works { group.addTask { try? await work.run() } }
            }
        }
        try await eventually { try await confirm.execute(order, .background(within: .seconds(5))).reply.status == 201 }
        running.cancel()
        _ = await running.result
        await test.close()
    }

    @Test func `help documents every setting`() throws {
        let help = try ServiceRunner.helpText(BookingMain.self)
        for key in [
            "SAGA_LEASE_SECONDS", "PAYMENT_DEADLINE_SECONDS", "RECOVERY_SECONDS", "RECOVERY_BATCH_MAX",
            "RECOVERY_CONCURRENCY_MAX", "TICKET_KEYS", "REDIS_URL",
        ] {
            #expect(help.contains(key))
        }
    }
}
