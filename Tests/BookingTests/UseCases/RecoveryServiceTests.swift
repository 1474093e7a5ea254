import Contracts
import Logging
import ServiceKit
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
        let parts = BookingMain.parts(
            try BookingMain.configuration(test.settings), test.environment, database, reservations: inventory,
            charges: payment)
        let service = try #require(parts.services.first as? RecoveryService)
        let order = ConfirmBooking.Order(
            userID: "ada", subject: .reservation(id), payment: .token("tok_visa"),
            key: try #require(IdempotencyKey("k")), fingerprint: "f")
        let confirm = ConfirmBooking(
            store: service.store, reservations: inventory, runner: service.recover.runner, clock: test.clock,
            timing: RecoveryTiming(), process: "p")
        #expect(try await confirm.execute(order, .background(within: .seconds(5))).reply.status == 202)

        test.clock.advance(by: .seconds(1))
        let running = Task { try await service.run() }
        try await eventually { try await confirm.execute(order, .background(within: .seconds(5))).reply.status == 201 }
        running.cancel()
        _ = await running.result
        await test.close()
    }

    @Test func `help documents every setting`() throws {
        let help = try ServiceRunner.helpText(BookingMain.self)
        for key in [
            "SAGA_LEASE_SECONDS", "PAYMENT_DEADLINE_SECONDS", "RECOVERY_SECONDS", "RECOVERY_BATCH_MAX",
            "RECOVERY_CONCURRENCY_MAX",
        ] {
            #expect(help.contains(key))
        }
    }
}
