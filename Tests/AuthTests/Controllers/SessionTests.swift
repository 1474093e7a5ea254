import Contracts
import DatabaseKit
import HTTPTypes
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import auth

@Suite(.onBothDatabases) struct SessionTests {
    @Test func `a refresh gives a new pair for the same person`() async throws {
        try await AuthHarness.run { auth in
            let first = try await auth.register().signIn()
            auth.test.clock.advance(by: .seconds(3600))
            #expect(try await auth.me(first.accessToken).status == .unauthorized)
            let second = try await auth.refresh(try #require(first.refreshToken)).signIn()
            #expect(second.user.id == first.user.id)
            #expect(second.refreshToken != first.refreshToken)
            #expect(try await auth.me(second.accessToken).status == .ok)
        }
    }

    @Test func `a refresh token used twice ends the whole session`() async throws {
        try await AuthHarness.run { auth in
            let first = try #require(try await auth.register().signIn().refreshToken)
            let second = try #require(try await auth.refresh(first).signIn().refreshToken)
            let replay = try await auth.refresh(first)
            #expect(replay.status == .unauthorized)
            #expect(replay.code == "invalid-refresh-token")
            #expect(try await auth.refresh(second).status == .unauthorized)
            #expect(try await auth.login().status == .ok)
        }
    }

    @Test func `of concurrent refreshes with one token one succeeds, and the session ends`() async throws {
        try await AuthHarness.run { auth in
            let token = try #require(try await auth.register().signIn().refreshToken)
            let replies = try await withThrowingTaskGroup(of: TestResponse.self) { group in
                for _ in 0..<10 { group.addTask { try await auth.refresh(token) } }
                return try await group.reduce(into: [TestResponse]()) { $0.append($1) }
            }
            let winners = replies.filter { $0.status == .ok }
            #expect(winners.count == 1)
            let successor = try #require(try winners.first?.signIn().refreshToken)
            #expect(try await auth.refresh(successor).status == .unauthorized)
        }
    }

    @Test func `a session ends thirty days after signing in, however often it was refreshed`() async throws {
        try await AuthHarness.run { auth in
            var token = try #require(try await auth.register().signIn().refreshToken)
            for _ in 0..<29 {
                auth.test.clock.advance(by: .seconds(24 * 3600))
                token = try #require(try await auth.refresh(token).signIn().refreshToken)
            }
            auth.test.clock.advance(by: .seconds(24 * 3600))
            #expect(try await auth.refresh(token).status == .unauthorized)
        }
    }

    @Test func `what is no refresh token is refused, an access token among it`() async throws {
        try await AuthHarness.run { auth in
            let signIn = try await auth.register().signIn()
            let refresh = try #require(signIn.refreshToken)
            let digest = try #require(RefreshToken.digest(of: refresh))
            for token in ["", "x", signIn.accessToken, refresh.uppercased(), refresh + "0", digest] {
                #expect(try await auth.refresh(token).status == .unauthorized, "\(token)")
            }
            #expect(try await auth.me(refresh).status == .unauthorized)
        }
    }

    @Test func `signing out ends that session and no other`() async throws {
        try await AuthHarness.run { auth in
            let one = try await auth.register().signIn()
            let other = try await auth.login().signIn()
            #expect(try await auth.post("logout").status == .unauthorized)
            #expect(try await auth.post("logout", token: one.accessToken).status == .noContent)
            #expect(try await auth.post("logout", token: one.accessToken).status == .noContent)
            #expect(try await auth.refresh(try #require(one.refreshToken)).status == .unauthorized)
            #expect(try await auth.refresh(try #require(other.refreshToken)).status == .ok)
        }
    }

    @Test func `beyond fifty sessions the oldest ends`() async throws {
        try await AuthHarness.run(settings: ["SIGN_IN_ATTEMPTS_PER_MINUTE": "1000"]) { auth in
            let first = try #require(try await auth.register().signIn().refreshToken)
            var tokens: [String] = []
            for _ in 0..<SessionStore.sessionsPerUserMax {
                auth.test.clock.advance(by: .milliseconds(2))
                tokens.append(try #require(try await auth.login().signIn().refreshToken))
            }
            #expect(try await auth.refresh(first).status == .unauthorized)
            #expect(try await auth.refresh(tokens[0]).status == .ok)
        }
    }

    @Test func `the person of a token that has no account is 401`() async throws {
        try await AuthHarness.run { (auth: AuthHarness) async throws in
            let token = auth.test.environment.userTokens.mint(
                userID: UUIDv7.make(at: auth.test.clock.now()), role: .admin, lifetime: .seconds(60))
            #expect(try await auth.me(token).status == .unauthorized)
        }
    }

    @Test func `ended sessions are forgotten with their tokens`() async throws {
        let test = try await TestEnvironment.make(.auth)
        let database = try await test.environment.openDatabase(migrations: AuthMigrations.all)
        let sessions = SessionStore(database)
        let now = test.clock.now()
        for number in 0..<7 {
            let user = User(id: "u\(number)", email: nil, name: nil, role: .guest, createdAt: now)
            try await sessions.begin(
                "s\(number)", of: user, isNewGuest: true, digest: "d\(number)", at: now,
                until: now + .seconds(number))
        }
        #expect(try await sessions.purge(before: now + .seconds(4), limit: 3) == 3)
        #expect(try await sessions.purge(before: now + .seconds(4), limit: 3) == 1)
        let left = try await database.read { session in
            try session.query("SELECT digest FROM refresh_tokens ORDER BY digest").map { try $0.string("digest") }
        }
        #expect(left == ["d4", "d5", "d6"])
        await test.close()
    }
}
