import Contracts
import HTTPTypes
import HummingbirdTesting
import NIOCore
import ServiceKit
import TestSupport
import Testing

@testable import auth

@Suite(.onBothDatabases) struct RegisterTests {
    @Test func `an account comes with its first session`() async throws {
        try await AuthHarness.run { auth in
            let reply = try await auth.register()
            #expect(reply.status == .created)
            #expect(reply.headers[.cacheControl] == "no-store")
            let signIn = try reply.signIn()
            #expect(signIn.tokenType == "Bearer")
            #expect(signIn.expiresIn == 3600)
            #expect(signIn.user.email == "ada@example.com")
            #expect(signIn.user.name == "Ada")
            #expect(signIn.user.role == .user)
            #expect(UUIDv7.isWellFormed(signIn.user.id))
            let identity = try auth.test.environment.userTokens.verify(signIn.accessToken)
            #expect(identity.userID == signIn.user.id)
            let me = try WireJSON.decode(UserDocument.self, from: try await auth.me(signIn.accessToken).body)
            #expect(me.createdAt == auth.test.clock.now())
            #expect(me.email == "ada@example.com")
        }
    }

    @Test func `an email is taken in any case, and of many at once one gets it`() async throws {
        try await AuthHarness.run(settings: ["SIGN_IN_ATTEMPTS_PER_MINUTE": "1000"]) { auth in
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<12 {
                    let email = number.isMultiple(of: 2) ? "ada@example.com" : "ADA@Example.COM"
                    group.addTask { try await auth.register(email).status.code }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses.count { $0 == 201 } == 1)
            #expect(statuses.allSatisfy { $0 == 201 || $0 == 409 })
            #expect(try await auth.register("aDa@example.com").code == "email-taken")
            #expect(try await auth.login("Ada@EXAMPLE.com").status == .ok)
        }
    }

    @Test(arguments: [
        ("", "correct horse battery", "email"), ("ada", "correct horse battery", "email"),
        ("ada@example.com", "short", "password"), ("ada@example.com", "password123", "password"),
        ("ada@example.com", "ADA@example.com", "password"),
        ("ada@example.com", String(repeating: "x", count: 257), "password"),
    ])
    func `fields that cannot be are 422 by name`(email: String, password: String, field: String) async throws {
        try await AuthHarness.run { auth in
            let reply = try await auth.register(email, password: password)
            #expect(reply.status.code == 422)
            #expect(reply.problem?.errors?.map(\.field) == [field])
        }
    }

    /// One letter, as people count, may be made of any number of code points.
    @Test func `a name is measured in code points`() async throws {
        try await AuthHarness.run { (auth: AuthHarness) async throws in
            for (count, status) in [(14, 201), (15, 422)] {
                let family = String(repeating: "👨‍👩‍👧‍👦", count: count)
                let body = #"{"email":"a\#(count)@example.com","password":"correct horse battery","name":"\#(family)"}"#
                #expect(try await auth.post("register", body).status.code == status)
            }
        }
    }

    @Test func `role, id and other members a client sends are ignored`() async throws {
        try await AuthHarness.run { auth in
            let body =
                #"{"email":"eve@example.com","password":"correct horse battery","role":"admin","id":"x","name":" "}"#
            let user = try await auth.post("register", body).signIn().user
            #expect(user.role == .user)
            #expect(user.id != "x")
            #expect(user.name == nil)
        }
    }

    @Test func `malformed JSON is 400, missing members 422`() async throws {
        try await AuthHarness.run { (auth: AuthHarness) async throws in
            for route in ["register", "login", "refresh"] {
                #expect(try await auth.post(route, "{").code == "malformed-json")
                #expect(try await auth.post(route, "{}").status.code == 422)
                #expect(try await auth.post(route, #"{"email":5,"password":[],"refreshToken":{}}"#).status.code == 422)
            }
        }
    }

    @Test func `a guest who registers keeps the id, and the guest's session ends`() async throws {
        try await AuthHarness.run { auth in
            let guest = try await auth.guest()
            let account = try await auth.register(token: guest.accessToken).signIn()
            #expect(account.user.id == guest.user.id)
            #expect(account.user.role == .user)
            let old = try #require(guest.refreshToken)
            #expect(try await auth.refresh(old).code == "invalid-refresh-token")
            #expect(try await auth.login().signIn().user.id == guest.user.id)
            let again = try await auth.register("other@example.com", token: guest.accessToken)
            #expect(again.code == "already-registered")
        }
    }

    @Test func `a guest cannot take an email that has an account, and stays a guest`() async throws {
        try await AuthHarness.run { auth in
            _ = try await auth.register()
            let guest = try await auth.guest()
            #expect(try await auth.register(token: guest.accessToken).code == "email-taken")
            let me = try await auth.me(guest.accessToken)
            #expect(String(buffer: me.body).contains(#""role":"guest""#))
        }
    }

    @Test func `a signed-in user who registers makes a second account`() async throws {
        try await AuthHarness.run { auth in
            let first = try await auth.register().signIn()
            let second = try await auth.register("bob@example.com", token: first.accessToken).signIn()
            #expect(second.user.id != first.user.id)
        }
    }

    @Test func `a bad bearer is 401 even where none is needed`() async throws {
        try await AuthHarness.run { (auth: AuthHarness) async throws in
            #expect(try await auth.register(token: "x.y.z").status == .unauthorized)
        }
    }
}
