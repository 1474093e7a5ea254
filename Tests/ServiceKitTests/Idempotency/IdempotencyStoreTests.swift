import Contracts
import DatabaseKit
import ServiceKit
import TestSupport
import Testing

@Suite(.onBothDatabases) struct IdempotencyStoreTests {
    /// A store on a database of its own.
    private final class Fixture: Sendable {
        let directory: TemporaryDirectory
        let database: any Database
        let store = IdempotencyStore()
        let key: IdempotencyKey
        let clock = ManualClock()

        init() async throws {
            directory = try TemporaryDirectory("idempotency")
            database = try await TestDatabase.open(in: directory)
            key = try #require(IdempotencyKey("key-1"))
            try await database.migrate([
                Migration(number: 1, name: "keys", statements: IdempotencyStore.statements)
            ])
        }

        func begin(_ fingerprint: String = "f", scope: String = "u") async throws -> IdempotencyStore.Beginning {
            let now = clock.now()
            return try await database.write { [store, key] session in
                try store.begin(session, scope: scope, key: key, fingerprint: fingerprint, now: now)
            }
        }

        func keep(_ reply: StoredReply, fingerprint: String = "f") async throws {
            let now = clock.now()
            try await database.write { [store, key] session in
                try store.keep(session, scope: "u", key: key, fingerprint: fingerprint, now: now, reply)
            }
        }

        func complete(_ beginning: IdempotencyStore.Beginning, _ reply: StoredReply) async throws -> Bool {
            guard case .started(let claim) = beginning else { return false }
            return try await database.write { [store] session in try store.complete(session, claim, reply) }
        }
    }

    private let reply = StoredReply(status: 201, body: #"{"bookingId":"b"}"#)

    private func withFixture(_ body: (Fixture) async throws -> Void) async throws {
        let fixture = try await Fixture()
        try await body(fixture)
        await fixture.database.close()
    }

    @Test func `the same request again is answered from the store, byte by byte`() async throws {
        try await withFixture { fixture in
            let begun = try await fixture.begin()
            #expect(try await fixture.complete(begun, reply))
            #expect(try await fixture.begin() == .replay(reply))
        }
    }

    @Test func `the same key with another request is a mismatch, in flight or finished`() async throws {
        try await withFixture { fixture in
            let started = try await fixture.begin("f")
            #expect(try await fixture.begin("g") == .mismatch)
            _ = try await fixture.complete(started, reply)
            #expect(try await fixture.begin("g") == .mismatch)
        }
    }

    @Test func `two users' equal keys have nothing to do with each other`() async throws {
        try await withFixture { fixture in
            _ = try await fixture.complete(try await fixture.begin(scope: "u"), reply)
            guard case .started = try await fixture.begin("other", scope: "v") else {
                Issue.record("the other user's key was taken")
                return
            }
        }
    }

    @Test func `in flight is said with the rest of the lease, and a dead owner is succeeded after it`() async throws {
        try await withFixture { fixture in
            let first = try await fixture.begin()
            fixture.clock.advance(by: .seconds(10))
            #expect(try await fixture.begin() == .inFlight(retryAfter: .seconds(20)))
            fixture.clock.advance(by: .seconds(20))
            let second = try await fixture.begin()
            guard case .started = second else {
                Issue.record("the lease did not end")
                return
            }
            #expect(try await fixture.complete(first, StoredReply(status: 500, body: "late")) == false)
            #expect(try await fixture.complete(second, reply))
            #expect(try await fixture.begin() == .replay(reply))
        }
    }

    @Test func `an abandoned key is free at once, and a late owner cannot abandon its successor's`() async throws {
        try await withFixture { fixture in
            guard case .started(let first) = try await fixture.begin() else { return }
            fixture.clock.advance(by: .seconds(31))
            let second = try await fixture.begin()
            try await fixture.database.write { [store = fixture.store] in try store.abandon($0, first) }
            #expect(try await fixture.begin() == .inFlight(retryAfter: .seconds(30)))
            guard case .started(let claim) = second else { return }
            try await fixture.database.write { [store = fixture.store] in try store.abandon($0, claim) }
            guard case .started = try await fixture.begin("another request") else {
                Issue.record("an abandoned key is not free")
                return
            }
        }
    }

    @Test func `after a day a key is new, whether purged or not`() async throws {
        try await withFixture { fixture in
            _ = try await fixture.complete(try await fixture.begin(), reply)
            fixture.clock.advance(by: .seconds(24 * 3600 - 1))
            #expect(try await fixture.begin() == .replay(reply))
            fixture.clock.advance(by: .seconds(1))
            guard case .started = try await fixture.begin("another") else {
                Issue.record("the key outlived its retention")
                return
            }
            fixture.clock.advance(by: .seconds(24 * 3600 + 1))
            let limit = fixture.clock.now() - IdempotencyStore.retention
            let purged = try await fixture.database.write { [store = fixture.store] in
                try store.purge($0, before: limit)
            }
            #expect(purged == 1)
        }
    }

    @Test func `of many at once one starts`() async throws {
        try await withFixture { fixture in
            let started = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<50 {
                    group.addTask { if case .started = try await fixture.begin() { true } else { false } }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(started == 1)
        }
    }

    @Test func `what was begun in a transaction that failed was not begun`() async throws {
        struct Refused: Error {}
        try await withFixture { fixture in
            let now = fixture.clock.now()
            _ = await #expect(throws: Refused.self) {
                try await fixture.database.write { [store = fixture.store, key = fixture.key] session in
                    _ = try store.begin(session, scope: "u", key: key, fingerprint: "f", now: now)
                    throw Refused()
                }
            }
            guard case .started = try await fixture.begin("g") else {
                Issue.record("the key was kept")
                return
            }
        }
    }

    @Test func `keys are 1 to 255 printable characters`() {
        for text in ["", " ", "a b", "a\n", "é", String(repeating: "x", count: 256)] {
            #expect(IdempotencyKey(text) == nil)
        }
        #expect(IdempotencyKey(String(repeating: "x", count: 255)) != nil)
    }

    @Test func `an answer kept without a claim is given to repeats, and never overwritten while it counts`()
        async throws
    {
        try await withFixture { fixture in
            try await fixture.keep(reply)
            #expect(try await fixture.begin() == .replay(reply))
            await #expect(throws: Problem.self) { try await fixture.keep(StoredReply(status: 201, body: "other")) }
            #expect(try await fixture.begin() == .replay(reply))
        }
    }

    @Test func `an answer is kept over one whose day is over`() async throws {
        try await withFixture { fixture in
            try await fixture.keep(reply)
            fixture.clock.advance(by: IdempotencyStore.retention)
            let newer = StoredReply(status: 201, body: "newer")
            try await fixture.keep(newer)
            #expect(try await fixture.begin() == .replay(newer))
        }
    }

    @Test func `an answer is kept over a claim only when its lease is over, and its late owner changes nothing`()
        async throws
    {
        try await withFixture { fixture in
            let claimed = try await fixture.begin()
            await #expect(throws: Problem.self) { try await fixture.keep(reply) }
            fixture.clock.advance(by: .seconds(30))
            try await fixture.keep(reply)
            #expect(try await fixture.complete(claimed, StoredReply(status: 201, body: "late")) == false)
            #expect(try await fixture.begin() == .replay(reply))
        }
    }
}
