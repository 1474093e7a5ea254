import Contracts
import TestSupport
import Testing

@testable import ServiceKit

@Suite struct InternalTokensTests {
    private let keys = KeyRing.random()
    private let clock = ManualClock()

    private func tokens(_ service: ServiceName) -> InternalTokens {
        InternalTokens(keys: keys, service: service, clock: clock)
    }

    @Test func `the callee learns who calls, and only the callee`() throws {
        let token = tokens(.booking).bearerToken(for: .inventory)
        #expect(try tokens(.inventory).verify(token) == .booking)
        #expect(throws: TokenError.wrongClaims) { try tokens(.payment).verify(token) }
    }

    @Test func `a caller uses one token for half its life`() throws {
        let caller = tokens(.booking)
        let first = caller.bearerToken(for: .inventory)
        clock.advance(by: .seconds(29))
        #expect(caller.bearerToken(for: .inventory) == first)
        clock.advance(by: .seconds(2))
        let second = caller.bearerToken(for: .inventory)
        #expect(second != first)
        #expect(try tokens(.inventory).verify(first) == .booking)
        clock.advance(by: .seconds(30))
        #expect(throws: TokenError.expired) { try tokens(.inventory).verify(first) }
    }

    @Test func `a token that lives longer than a minute is refused`() throws {
        let token = tokens(.booking).mint(for: .inventory, clock.now(), .seconds(61))
        #expect(throws: TokenError.wrongClaims) { try tokens(.inventory).verify(token) }
    }

    @Test func `a user's token never passes as internal, not even under the same key`() throws {
        let user = UserTokens(keys: keys, clock: clock).mint(userID: "booking", role: .admin, lifetime: .seconds(9))
        #expect(throws: TokenError.invalid) { try tokens(.inventory).verify(user) }
    }
}
