package import Contracts

/// Mints and verifies the access tokens that people carry (`typ` `at+jwt`).
///
/// Verification asks nobody and remembers recent results, because every request of every service pays for it.
package struct UserTokens: Sendable {
    private static let issuer = "holdfast"

    private let codec: TokenCodec
    private let clock: any WallClock
    private let cache: VerifiedTokenCache<Identity>

    /// - Parameter verifiedMax: how many verified tokens are remembered
    package init(keys: KeyRing, clock: any WallClock, verifiedMax: Int = 16_384) {
        codec = TokenCodec(keys: keys, type: "at+jwt")
        self.clock = clock
        cache = VerifiedTokenCache(entriesMax: verifiedMax)
    }

    /// A token that proves `userID` and `role` for `lifetime` from now.
    ///
    /// - Parameter sessionID: the sign-in that signing out with this token shall end
    package func mint(userID: String, role: UserRole, lifetime: Duration, sessionID: String? = nil) -> String {
        let now = clock.now()
        let end = (now + lifetime).seconds
        let identifier = SecureRandom.hexadecimal(bytes: 12)
        let session = sessionID.map { #""sid":\#(JSONText.quoted($0)),"# } ?? ""
        let payload =
            #"{"iss":"\#(Self.issuer)","aud":"\#(Self.issuer)","sub":\#(JSONText.quoted(userID)),"role":"\#(role.rawValue)","#
            + session + #""iat":\#(now.seconds),"exp":\#(end),"jti":"\#(identifier)"}"#
        return codec.seal(payload)
    }

    /// Whom `token` stands for.
    package func verify(_ token: String) throws(TokenError) -> Identity {
        guard TokenCodec.canBeToken(token) else { throw .invalid }
        let now = clock.now()
        if let known = cache.value(for: token) {
            guard now.seconds < known.end else { throw .expired }
            return known.value
        }
        guard let payload = codec.open(token) else { throw .invalid }
        let claims = try TokenClaims.decode(payload)
        guard claims.iss == Self.issuer, claims.aud == Self.issuer, let role = claims.role,
            let userID = claims.sub, !userID.isEmpty
        else { throw .wrongClaims }
        try claims.checkTime(at: now)
        let identity = Identity(userID: userID, role: role, sessionID: claims.sid)
        cache.insert(identity, end: claims.exp, for: token)
        return identity
    }
}
