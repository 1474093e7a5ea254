import Contracts
import HTTPTypes
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import auth

@Suite(.onBothDatabases) struct EnsureAdminTests {
    @Test func `the admin of the settings is there from the start`() async throws {
        try await AuthHarness.run(settings: GuestTests.admin) { auth in
            let reply = try await auth.login("root@example.com", password: "a long admin secret").signIn()
            #expect(reply.user.role == .admin)
        }
    }

    @Test func `a changed password replaces the old one and ends its sessions, the id stays`() async throws {
        let first = try await TestEnvironment.make(.auth, settings: GuestTests.admin)
        let before = Box()
        try await AuthHarness.run(test: first) { auth in
            before.set(try await auth.login("root@example.com", password: "a long admin secret").signIn())
        }
        let changed = GuestTests.admin.merging(
            ["ADMIN_PASSWORD": "another admin secret", "DATABASE_URL": first.databaseURL]) { $1 }
        try await AuthHarness.run(test: try TestEnvironment(.auth, settings: changed)) { auth in
            let old = try #require(before.get())
            #expect(try await auth.login("root@example.com", password: "a long admin secret").status == .unauthorized)
            let new = try await auth.login("root@example.com", password: "another admin secret").signIn()
            #expect(new.user.id == old.user.id)
            #expect(try await auth.refresh(try #require(old.refreshToken)).status == .unauthorized)
        }
        let same = try TestEnvironment(.auth, settings: changed)
        try await AuthHarness.run(test: same) { (auth: AuthHarness) async throws in
            #expect(try await auth.login("root@example.com", password: "another admin secret").status == .ok)
        }
    }

    @Test(arguments: [
        ["ADMIN_EMAIL": "root@example.com"], ["ADMIN_PASSWORD": "a long admin secret"],
        ["ADMIN_EMAIL": "root", "ADMIN_PASSWORD": "a long admin secret"],
        ["ADMIN_EMAIL": "root@example.com", "ADMIN_PASSWORD": "password123"], ["SCRYPT_LOG2N": "12"],
        ["SCRYPT_LOG2N": "18"], ["GUEST_MINTS_PER_MINUTE": "0"],
    ])
    func `settings that cannot be meant are refused`(settings: [String: String]) throws {
        #expect(throws: SettingsError.self) { try AuthMain.configuration(Settings(settings)) }
    }
}
