import Contracts
import HTTPTypes
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import auth

@Suite(.onBothDatabases) struct SignInTests {
    @Test func `a wrong password and an unknown user get the same reply`() async throws {
        try await AuthHarness.run { auth in
            _ = try await auth.register()
            let wrong = try await auth.login(password: "wrong horse battery")
            let unknown = try await auth.login("nobody@example.com")
            let noAddress = try await auth.login("not an address")
            for reply in [wrong, unknown, noAddress] {
                #expect(reply.status == .unauthorized)
                #expect(reply.code == "invalid-credentials")
                #expect(reply.problem == wrong.problem)
            }
            let right = try await auth.login()
            #expect(right.status == .ok)
            #expect(try right.signIn().user.email == "ada@example.com")
        }
    }

    /// However many there are, and however long, they take the memory of one.
    @Test func `texts that are no address are counted together`() async throws {
        try await AuthHarness.run { (auth: AuthHarness) async throws in
            for number in 0..<5 { #expect(try await auth.login("no address \(number)").status == .unauthorized) }
            #expect(try await auth.login("another").status == .tooManyRequests)
            #expect(try await auth.login("ada@example.com").status == .unauthorized)
        }
    }

    @Test func `the same characters sign in however they were composed`() async throws {
        try await AuthHarness.run { auth in
            _ = try await auth.register(password: "caf\u{E9} cr\u{E8}me")
            #expect(try await auth.login(password: "cafe\u{301} cre\u{300}me").status == .ok)
        }
    }

    @Test func `no part of a long password is cut off`() async throws {
        try await AuthHarness.run { auth in
            let long = String(repeating: "correct horse ", count: 18)
            _ = try await auth.register(password: long)
            #expect(try await auth.login(password: String(long.dropLast())).status == .unauthorized)
            #expect(try await auth.login(password: long).status == .ok)
        }
    }

    @Test func `five failures close the account for that address, for a minute and then longer`() async throws {
        try await AuthHarness.run { auth in
            _ = try await auth.register()
            for _ in 0..<5 {
                #expect(try await auth.login(password: "wrong guess", from: "198.51.100.1").status == .unauthorized)
            }
            let locked = try await auth.login(from: "198.51.100.1")
            #expect(locked.status == .tooManyRequests)
            #expect(locked.code == "too-many-attempts")
            #expect(locked.headers[.retryAfter] == "60")
            auth.test.clock.advance(by: .seconds(60))
            #expect(try await auth.login(password: "wrong guess", from: "198.51.100.1").status == .unauthorized)
            #expect(try await auth.login(from: "198.51.100.1").headers[.retryAfter] == "120")
            auth.test.clock.advance(by: .seconds(120))
            #expect(try await auth.login(from: "198.51.100.1").status == .ok)
            #expect(try await auth.login(password: "wrong guess", from: "198.51.100.1").status == .unauthorized)
        }
    }

    @Test func `failures from elsewhere do not lock the owner out`() async throws {
        try await AuthHarness.run { auth in
            _ = try await auth.register()
            #expect(try await auth.login(from: "192.0.2.1").status == .ok)
            for host in 1...30 {
                for _ in 0..<6 { _ = try await auth.login(password: "wrong guess", from: "198.51.100.\(host)") }
            }
            let stranger = try await auth.login(from: "203.0.113.5")
            #expect(stranger.status == .tooManyRequests)
            #expect(try await auth.login(from: "192.0.2.1").status == .ok)
        }
    }

    @Test func `a parallel burst gets as many tries as a patient guesser`() async throws {
        try await AuthHarness.run(settings: ["SIGN_IN_ATTEMPTS_PER_MINUTE": "1000"]) { auth in
            _ = try await auth.register()
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<60 {
                    group.addTask { try await auth.login(password: "wrong guess \(number)").status.code }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses.count { $0 == 401 } == 5)
            #expect(statuses.count { $0 == 429 } == 55)
        }
    }

    @Test func `one address gets so many attempts a minute over all accounts, registrations too`() async throws {
        try await AuthHarness.run(settings: ["SIGN_IN_ATTEMPTS_PER_MINUTE": "10"]) { auth in
            for number in 0..<5 { _ = try await auth.login("u\(number)@example.com") }
            for number in 0..<5 {
                #expect(try await auth.register("u\(number)@example.com").status == .created)
            }
            #expect(try await auth.login("other@example.com").code == "too-many-attempts")
            #expect(try await auth.register("other@example.com").code == "too-many-attempts")
            auth.test.clock.advance(by: .seconds(60))
            #expect(try await auth.register("other@example.com").status == .created)
        }
    }

    @Test func `a hash of another cost is renewed at the next sign-in`() async throws {
        let test = try await TestEnvironment.make(.auth)
        try await AuthHarness.run(test: test) { auth in _ = try await auth.register() }
        let dearer = ScryptCost(log2N: 5, blockSize: 8, parallelism: 1)
        let second = try TestEnvironment(
            .auth,
            settings: ["DATABASE_URL": test.databaseURL, "TOKEN_KEYS": "k:" + String(repeating: "a1", count: 32)])
        try await AuthHarness.run(cost: dearer, test: second) { (auth: AuthHarness) async throws in
            #expect(try await auth.login().status == .ok)
        }
        let third = try TestEnvironment(.auth, settings: ["DATABASE_URL": test.databaseURL])
        let users = UserStore(try await third.environment.openDatabase(migrations: AuthMigrations.all))
        let email = try #require(EmailAddress("ada@example.com"))
        let stored = try #require(try await users.credentials(email: email))
        #expect(PasswordHash(parsing: stored.passwordHash)?.cost == dearer)
        await third.close()
    }
}
