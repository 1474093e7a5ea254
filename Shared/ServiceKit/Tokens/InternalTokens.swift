package import Contracts
import Synchronization

/// Mints and verifies the short-lived tokens that services show each other (`typ` `internal+jwt`).
///
/// They have keys and a type of their own: a user's token never opens an internal route, nor the other way round.
package final class InternalTokens: CallCredentials {
    /// Longest life of such a token; a longer one is refused even when signed rightly.
    package static let lifetimeMax: Duration = .seconds(60)

    private struct Minted {
        let token: String
        let renewAt: Timestamp
    }

    private let service: ServiceName
    private let codec: TokenCodec
    private let clock: any WallClock
    private let minted = Mutex<[ServiceName: Minted]>([:])
    private let cache = VerifiedTokenCache<ServiceName>(entriesMax: 256)

    /// - Parameter service: who is calling and who is being called here
    package init(keys: KeyRing, service: ServiceName, clock: any WallClock) {
        codec = TokenCodec(keys: keys, type: "internal+jwt")
        self.service = service
        self.clock = clock
    }

    /// A token for calls to `callee`; the same one for half of its life.
    package func bearerToken(for callee: ServiceName) -> String {
        let now = clock.now()
        return minted.withLock { minted in
            if let known = minted[callee], now < known.renewAt { return known.token }
            let token = mint(for: callee, now, Self.lifetimeMax)
            minted[callee] = Minted(token: token, renewAt: now + Self.lifetimeMax / 2)
            return token
        }
    }

    /// A token of a given life, which tests use to make ones that must be refused.
    func mint(for callee: ServiceName, _ now: Timestamp, _ lifetime: Duration) -> String {
        let claims = [
            #""iss":"\#(service.rawValue)""#, #""aud":"\#(callee.rawValue)""#,
            #""iat":\#(now.seconds)"#, #""exp":\#((now + lifetime).seconds)"#,
        ]
        return codec.seal("{\(claims.joined(separator: ","))}")
    }

    /// Which service calls this one with `token`.
    package func verify(_ token: String) throws(TokenError) -> ServiceName {
        guard TokenCodec.canBeToken(token) else { throw .invalid }
        let now = clock.now()
        if let known = cache.value(for: token) {
            guard now.seconds < known.end else { throw .expired }
            return known.value
        }
        guard let payload = codec.open(token) else { throw .invalid }
        let claims = try TokenClaims.decode(payload)
        guard claims.aud == service.rawValue, let caller = ServiceName(rawValue: claims.iss),
            claims.exp - claims.iat <= Self.lifetimeMax.components.seconds
        else { throw .wrongClaims }
        try claims.checkTime(at: now)
        cache.insert(caller, end: claims.exp, for: token)
        return caller
    }
}
