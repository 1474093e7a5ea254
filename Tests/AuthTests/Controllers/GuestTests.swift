import Contracts
import HTTPTypes
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import auth

@Suite(.onBothDatabases) struct GuestTests {
    @Test func `a guest has a session and a day-long token`() async throws {
        try await AuthHarness.run { auth in
            let reply = try await auth.post("guest")
            #expect(reply.status == .created)
            let guest = try reply.signIn()
            #expect(guest.user.role == .guest)
            #expect(guest.user.email == nil)
            #expect(guest.expiresIn == 86_400)
            #expect(try await auth.me(guest.accessToken).status == .ok)
            let renewed = try await auth.refresh(try #require(guest.refreshToken)).signIn()
            #expect(renewed.user.id == guest.user.id)
            #expect(renewed.user.role == .guest)
        }
    }

    @Test func `an address gets so many guests a minute, exactly, and another its own`() async throws {
        try await AuthHarness.run(settings: ["GUEST_MINTS_PER_MINUTE": "20"]) { auth in
            let minted = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<60 {
                    group.addTask { try await auth.post("guest", from: "6.6.6.6, 198.51.100.1").status.code }
                }
                return try await group.reduce(0) { $0 + ($1 == 201 ? 1 : 0) }
            }
            #expect(minted == 20)
            let refused = try await auth.post("guest", from: "7.7.7.7, 198.51.100.1")
            #expect(refused.status == .tooManyRequests)
            #expect(refused.code == "too-many-guests")
            #expect(refused.headers[.retryAfter] == "60")
            #expect(try await auth.post("guest", from: "198.51.100.2").status == .created)
            auth.test.clock.advance(by: .seconds(60))
            #expect(try await auth.post("guest", from: "198.51.100.1").status == .created)
        }
    }

    @Test func `a batch is for admins alone`() async throws {
        try await AuthHarness.run { auth in
            let user = try await auth.register().signIn()
            #expect(try await auth.post("guest/batch", #"{"count":1}"#).status == .unauthorized)
            let refused = try await auth.post("guest/batch", #"{"count":1}"#, token: user.accessToken)
            #expect(refused.status == .forbidden)
        }
    }

    @Test func `a batch makes guests whose tokens are good, up to ten thousand`() async throws {
        try await AuthHarness.run(settings: Self.admin) { auth in
            let admin = try await auth.login("root@example.com", password: "a long admin secret").signIn()
            for count in ["0", "-1", "10001"] {
                let refused = try await auth.post("guest/batch", #"{"count":\#(count)}"#, token: admin.accessToken)
                #expect(refused.status.code == 422)
            }
            let reply = try await auth.post("guest/batch", #"{"count":10000}"#, token: admin.accessToken)
            #expect(reply.status == .created)
            let guests = try WireJSON.decode(GuestBatchReply.self, from: reply.body).guests
            #expect(guests.count == 10_000)
            #expect(Set(guests.map(\.user.id)).count == 10_000)
            let last = try #require(guests.last)
            #expect(try await auth.me(last.accessToken).status == .ok)
            #expect(try auth.test.environment.userTokens.verify(last.accessToken).role == .guest)
            let account = try await auth.register(token: last.accessToken).signIn()
            #expect(account.user.id == last.user.id)
        }
    }

    static let admin = ["ADMIN_EMAIL": "root@example.com", "ADMIN_PASSWORD": "a long admin secret"]
}
