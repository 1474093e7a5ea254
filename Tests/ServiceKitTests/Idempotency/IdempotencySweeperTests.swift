import Contracts
import DatabaseKit
import Logging
import ServiceKit
import TestSupport
import Testing

@Suite(.onBothDatabases) struct IdempotencySweeperTests {
    @Test func `keys are forgotten after a day and not before`() async throws {
        let directory = try TemporaryDirectory("sweeper")
        let database = try await TestDatabase.open(in: directory)
        try await database.migrate([Migration(number: 1, name: "keys", statements: IdempotencyStore.statements)])
        let clock = ManualClock()
        let now = clock.now()
        let key = try #require(IdempotencyKey("k"))
        _ = try await database.write { session in
            try IdempotencyStore().begin(session, scope: "u", key: key, fingerprint: "f", now: now)
        }
        func count() async throws -> Int? {
            try await database.read { session in
                try session.query("SELECT COUNT(*) FROM idempotency_keys").first?.int(0)
            }
        }
        let sweeper = IdempotencySweeper(database: database, clock: clock, logger: Logger(label: "test"))
        clock.advance(by: .seconds(24 * 3600))
        try await sweeper.sweep()
        #expect(try await count() == 1)
        clock.advance(by: .seconds(1))
        try await sweeper.sweep()
        #expect(try await count() == 0)
        await database.close()
    }
}
